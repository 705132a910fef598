//! The desk: its pages and its commands.

use crate::runtime::messages::{Command, Notice};
use crate::ui::dialogs::Dialogs;
use crate::ui::screens::devices::model::DevicesModel;
use crate::ui::screens::gallery::model::GalleryModel;
use crate::ui::screens::services::model::ServicesModel;
use crate::ui::screens::settings::draft::Draft;
use crate::ui::screens::sync::model::SyncModel;
use crate::ui::screens::today::model::TodayModel;
use crate::ui::strings::{Language, Words};
use crate::workflow::view::FlowKind;
use lucide_icons::Icon;

/// A page of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "the names are the pages")]
pub enum Page {
    #[default]
    Today,
    Verify,
    Enrol,
    Identify,
    Documents,
    Gallery,
    Sync,
    Services,
    Devices,
    Settings,
}

impl Page {
    /// All of them, in the order of the rail.
    pub const ALL: [Self; 10] = [
        Self::Today,
        Self::Verify,
        Self::Enrol,
        Self::Identify,
        Self::Documents,
        Self::Gallery,
        Self::Sync,
        Self::Services,
        Self::Devices,
        Self::Settings,
    ];

    /// Locale key and icon.
    #[must_use]
    pub const fn words(self) -> (&'static str, Icon) {
        match self {
            Self::Today => ("page-today", Icon::LayoutDashboard),
            Self::Verify => ("page-verify", Icon::UserRoundCheck),
            Self::Enrol => ("page-enrol", Icon::UserRoundPlus),
            Self::Identify => ("page-identify", Icon::UserRoundSearch),
            Self::Documents => ("page-documents", Icon::IdCard),
            Self::Gallery => ("page-gallery", Icon::Images),
            Self::Sync => ("page-sync", Icon::CloudUpload),
            Self::Services => ("page-services", Icon::Server),
            Self::Devices => ("page-devices", Icon::Camera),
            Self::Settings => ("page-settings", Icon::Settings),
        }
    }

    /// The page a flow belongs to.
    #[must_use]
    pub const fn of_flow(flow: FlowKind) -> Self {
        match flow {
            FlowKind::Authenticate => Self::Verify,
            FlowKind::Enrol | FlowKind::ReEnrol => Self::Enrol,
            FlowKind::Identify => Self::Identify,
            FlowKind::VerifyId => Self::Documents,
        }
    }
}

/// The desk's state.
#[derive(Debug, Clone, Default)]
pub struct DeskModel {
    /// The page shown.
    pub page: Page,
    /// The command palette while it is open.
    pub palette: Option<Palette>,
    /// The gallery browser.
    pub gallery: GalleryModel,
    /// The gallery that an identification searches; `None` for everybody.
    pub search_in: Option<String>,
    /// The first page.
    pub today: TodayModel,
    /// The queue of deliveries.
    pub sync: SyncModel,
    /// Identity services.
    pub services: ServicesModel,
    /// The devices page.
    pub devices: DevicesModel,
    /// Settings changed and not saved yet.
    pub settings: Draft,
    /// Whether the live picture was asked for outside a flow.
    pub previewing: bool,
    /// The flow seen in the last pass.
    pub flow: Option<FlowKind>,
    /// File dialogs that are open.
    pub dialogs: Dialogs,
}

impl DeskModel {
    /// Goes to a page; the live picture of the one before is switched off.
    pub fn go(&mut self, page: Page) -> Vec<Command> {
        let mut commands = Vec::new();
        if page != self.page && std::mem::take(&mut self.previewing) {
            commands.push(Command::Preview(false));
        }
        self.page = page;
        commands
    }

    /// Notes the flow in progress. When one begins its page is shown; when it ends, lists are asked for again.
    pub fn note_flow(&mut self, flow: Option<FlowKind>) {
        if self.flow == flow {
            return;
        }
        match flow {
            Some(begun) => {
                self.page = Page::of_flow(begun);
                // A flow has its own live picture.
                self.previewing = false;
            }
            None => {
                self.today.stale();
                self.gallery.forget_pages();
            }
        }
        self.flow = flow;
    }

    /// Takes an answer. Returns commands that follow from it.
    pub fn receive(&mut self, notice: &Notice) -> Vec<Command> {
        self.today.receive(notice);
        self.devices.receive(notice);
        self.settings.receive(notice);
        self.sync.receive(notice);
        self.services.receive(notice);
        self.gallery.receive(notice)
    }
}

/// Something the command palette can do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Goes to a page.
    Go(Page),
    /// Asks the application for something.
    Send(Command),
    /// Switches between light and dark.
    ToggleTheme,
    /// Switches movement on or off.
    ToggleMotion,
    /// Switches the language.
    Speak(Language),
    /// Searches the gallery.
    Find(String),
}

/// One line of the palette.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its icon.
    pub icon: Icon,
    /// Its words.
    pub words: String,
    /// What it does.
    pub action: Action,
}

/// The palette while it is open.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Palette {
    /// What was typed.
    pub text: String,
    /// The line Enter takes.
    pub chosen: usize,
}

/// Lines that fit what was typed; every word of it must occur. A search of the gallery is always the last one.
#[must_use]
pub fn entries(words: &Words, text: &str) -> Vec<Entry> {
    let mut all: Vec<Entry> = Page::ALL
        .into_iter()
        .map(|page| {
            let (key, icon) = page.words();
            Entry { icon, words: words.t(key), action: Action::Go(page) }
        })
        .collect();
    let start = |flow| Action::Send(Command::StartFlow { flow, claim: None });
    let more = [
        (Icon::UserRoundPlus, words.t("enrol-start"), start(FlowKind::Enrol)),
        (Icon::UserRoundSearch, words.t("identify-start"), start(FlowKind::Identify)),
        (Icon::IdCard, words.t("documents-start"), start(FlowKind::VerifyId)),
        (Icon::UserRoundCheck, words.t("verify-start"), start(FlowKind::Authenticate)),
        (Icon::CloudUpload, words.t("sync-now"), Action::Send(Command::DeliverNow)),
        (Icon::RefreshCw, words.t("palette-cameras"), Action::Send(Command::ListCameras)),
        (Icon::Moon, words.t("palette-theme"), Action::ToggleTheme),
        (Icon::Activity, words.t("palette-motion"), Action::ToggleMotion),
    ];
    all.extend(more.into_iter().map(|(icon, words, action)| Entry { icon, words, action }));
    all.extend(Language::ALL.into_iter().map(|language| Entry {
        icon: Icon::Languages,
        words: words.with("palette-language", &[("language", language.own_name())]),
        action: Action::Speak(language),
    }));
    let wanted: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    all.retain(|entry| wanted.iter().all(|w| entry.words.to_lowercase().contains(w)));
    if !text.trim().is_empty() {
        let words = words.with("palette-person", &[("text", text.trim())]);
        all.push(Entry { icon: Icon::Search, words, action: Action::Find(text.trim().to_owned()) });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_a_page_switches_its_live_picture_off() {
        let mut desk = DeskModel { page: Page::Devices, previewing: true, ..DeskModel::default() };
        assert_eq!(desk.go(Page::Gallery), vec![Command::Preview(false)]);
        assert_eq!(desk.go(Page::Today), vec![]);
        desk.note_flow(Some(FlowKind::Identify));
        assert_eq!(desk.page, Page::Identify);
    }

    #[test]
    fn the_palette_finds_pages_and_offers_a_search() {
        let words = Words::new(Language::English);
        assert_eq!(entries(&words, "GALL")[0].action, Action::Go(Page::Gallery));
        assert_eq!(entries(&words, "start enr")[0].action, Action::Send(Command::StartFlow { flow: FlowKind::Enrol, claim: None }));
        let last = entries(&words, " Okonkwo ").pop().unwrap();
        assert_eq!(last.action, Action::Find("Okonkwo".into()));
        assert!(entries(&words, "").len() > 12);
    }
}
