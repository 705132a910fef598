//! One pass of a window: which face it shows (kiosk or desk), which screen, and what lies over it.

use super::flight::Flight;
use super::guide;
use super::look::Look;
use super::pictures::{Pictures, Shown};
use super::screens;
use super::screens::desk::model::{DeskModel, Page};
use super::screens::details::model::DetailsModel;
use super::screens::document::stated::StatedModel;
use super::screens::verify_id::model::VerifyIdModel;
use super::strings::{Language, Words};
use super::theme::{self, Scale, Theme};
use super::toast::{self, Toast};
use super::widgets::ribbon;
use crate::runtime::messages::{Command, Notice, Seat, Snapshot};
use crate::workflow::view::{FlowKind, FlowView, Outcome, Step, StepView};
use egui::{Rect, Ui};

/// How a window starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Who stands at the screen.
    pub seat: Seat,
    /// Light or dark.
    pub theme: Theme,
    /// Language of the words.
    pub language: Language,
    /// Whether transitions are skipped.
    pub reduced_motion: bool,
    /// Whether the on-screen keyboard is shown at first.
    pub keyboard: bool,
    /// Full screen, without a frame.
    pub full_screen: bool,
}

impl Options {
    /// The usual options of a seat: a kiosk fills the screen and has no physical keyboard.
    #[must_use]
    pub const fn of(seat: Seat) -> Self {
        let kiosk = matches!(seat, Seat::Kiosk);
        Self { seat, theme: Theme::Light, language: Language::English, reduced_motion: false, keyboard: kiosk, full_screen: kiosk }
    }
}

/// The state of a window that is not the application's: everything here may be lost without harm.
pub struct Window {
    options: Options,
    words: Words,
    pictures: Pictures,
    details: DetailsModel,
    step: Option<(FlowKind, Step)>,
    desk: DeskModel,
    toast: Option<Toast>,
    waiting: Vec<Command>,
    override_reason: String,
    decision: VerifyIdModel,
    stated: StatedModel,
    flight: Flight,
}

impl Window {
    /// A window that was never drawn.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            words: Words::new(options.language),
            pictures: Pictures::default(),
            details: DetailsModel::default(),
            step: None,
            desk: DeskModel::default(),
            toast: None,
            waiting: Vec::new(),
            override_reason: String::new(),
            decision: VerifyIdModel::default(),
            stated: StatedModel::default(),
            flight: Flight::default(),
        }
    }

    /// Options in force.
    #[must_use]
    pub const fn options(&self) -> Options {
        self.options
    }

    /// Changes the options from the next pass on.
    pub fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    /// Takes an answer of the application.
    pub fn receive(&mut self, notice: Notice) {
        if let Notice::Picture(subject, _, frame) = notice {
            self.pictures.arrived(subject, frame);
            return;
        }
        match &notice {
            Notice::Erased(receipt) => self.pictures.forget(receipt.subject),
            Notice::Subject(details) if self.desk.gallery.opening == Some(details.summary.subject) => {
                self.pictures.forget(details.summary.subject);
            }
            _ => {}
        }
        if let Some(toast) = Toast::of(&self.words, &notice) {
            self.toast = Some(toast);
        }
        self.waiting.extend(self.desk.receive(&notice));
    }

    /// The desk's state, for tests and storyboards.
    pub const fn desk_mut(&mut self) -> &mut DeskModel {
        &mut self.desk
    }

    /// Draws one pass.
    pub fn show(&mut self, ui: &mut Ui, snapshot: &Snapshot, send: &mut dyn FnMut(Command)) {
        if self.words.language() != self.options.language {
            self.words = Words::new(self.options.language);
        }
        std::mem::take(&mut self.waiting).into_iter().for_each(&mut *send);
        let screen = ui.ctx().content_rect();
        let scale_of = |size| match self.options.seat {
            Seat::Kiosk => Scale::kiosk(size),
            Seat::Desk => Scale::desk(size),
        };
        let scale = scale_of(screen.size());
        let look = Look {
            theme: self.options.theme,
            palette: self.options.theme.palette(),
            scale,
            words: self.words.clone(),
            seat: self.options.seat,
            reduced_motion: self.options.reduced_motion,
        };
        theme::apply(ui.ctx(), look.theme, &scale, look.reduced_motion);
        ui.painter().rect_filled(screen, 0.0, look.palette.surface);
        if snapshot.flow.is_none() {
            self.step = None;
            self.details = DetailsModel::default();
            self.stated.wipe(ui.ctx());
            self.flight = Flight::default();
        }
        let (whole, mut screen, mut look) = (screen, screen, look);
        if let Some(guide) = &snapshot.guide {
            // The screens get what the bar leaves, at the size that looks right there.
            let bar = Rect::from_min_max(egui::pos2(screen.left(), screen.bottom() - guide::height(&look)), screen.max);
            guide::show(ui, &look, bar, guide, send);
            screen.max.y = bar.top();
            look.scale = Scale { portrait: look.scale.portrait, ..scale_of(screen.size()) };
        }
        match self.options.seat {
            Seat::Kiosk => self.kiosk(ui, &look, screen, snapshot, send),
            Seat::Desk => self.desk(ui, &look, screen, snapshot, send),
        }
        if toast::show(ui, &look, screen, &mut self.toast) {
            self.toast = None;
        }
        if snapshot.status.practice {
            ribbon::practice(ui, &look, whole);
        }
    }

    fn kiosk(&mut self, ui: &mut Ui, look: &Look, screen: Rect, snapshot: &Snapshot, send: &mut dyn FnMut(Command)) {
        if let Some(flow) = &snapshot.flow {
            self.flow(ui, look, screen, flow, snapshot, send);
        } else {
            self.pictures.forget_live();
            screens::attract::view::attract_ui(ui, look, screen, &mut self.options.language, send);
        }
    }

    fn desk(&mut self, ui: &mut Ui, look: &Look, screen: Rect, snapshot: &Snapshot, send: &mut dyn FnMut(Command)) {
        self.desk.note_flow(snapshot.flow.as_ref().map(|f| f.flow));
        let area = screens::desk::view::chrome_ui(ui, look, screen, snapshot, &mut self.desk, send);
        let page_of_flow = snapshot.flow.as_ref().filter(|f| Page::of_flow(f.flow) == self.desk.page);
        if let Some(flow) = page_of_flow {
            // A flow's screens are drawn as at the kiosk, to the scale of the room that is left, but never too small to read.
            let kiosk = Scale::kiosk(area.size());
            let scale = Scale { factor: kiosk.factor.clamp(0.85, 2.0), ..kiosk };
            self.flow(ui, &Look { scale, ..look.clone() }, area, flow, snapshot, send);
        } else {
            if !self.desk.previewing && snapshot.flow.is_none() {
                self.pictures.forget_live();
            }
            let (desk, options, pictures) = (&mut self.desk, &mut self.options, &mut self.pictures);
            screens::desk::view::page_ui(ui, look, area, snapshot, desk, options, pictures, send);
        }
        screens::desk::view::palette_ui(ui, look, screen, &mut self.desk, &mut self.options, send);
    }

    fn flow(&mut self, ui: &mut Ui, look: &Look, area: Rect, flow: &FlowView, snapshot: &Snapshot, send: &mut dyn FnMut(Command)) {
        let live: Option<Shown> = snapshot.preview.as_ref().map(|captured| self.pictures.live(ui.ctx(), captured));
        let step = Some((flow.flow, flow.current));
        if self.step != step {
            // Nothing of the step before is kept: typed text least of all.
            self.step = step;
            self.details = DetailsModel::fresh();
            self.override_reason.clear();
            self.decision = VerifyIdModel::default();
            self.stated.wipe(ui.ctx());
        }
        let pictures = &mut self.pictures;
        match &flow.view {
            StepView::Consent => screens::consent::view::consent_ui(ui, look, area, flow, send),
            StepView::Details(view) => {
                let keyboard = &mut self.options.keyboard;
                screens::details::view::details_ui(ui, look, area, flow, view, &mut self.details, keyboard, send);
            }
            StepView::Document(view) => {
                let dialogs = &mut self.desk.dialogs;
                let stated = &mut self.stated;
                screens::document::view::document_ui(ui, look, area, flow, view, live, pictures, dialogs, stated, send);
            }
            StepView::Outcome { outcome: Outcome::Document(decision), .. } => {
                // Dense, like the pages of the desk.
                let look = Look { scale: Scale::desk(area.size()), ..look.clone() };
                let (model, dialogs) = (&mut self.decision, &mut self.desk.dialogs);
                screens::verify_id::view::verify_id_ui(ui, &look, area, decision, model, dialogs, pictures, send);
            }
            StepView::Face(view) => {
                let oval = screens::face::view::face_ui(ui, look, area, view, flow.practice, live, send);
                self.flight.stand(oval);
            }
            StepView::Liveness(view) => screens::challenge::view::challenge_ui(ui, look, area, view, flow.practice, live, send),
            StepView::Working { what_key } => screens::working::view::working_ui(ui, look, area, flow, what_key),
            StepView::Review(view) => screens::review::view::review_ui(ui, look, area, flow, view, pictures, &mut self.flight, send),
            StepView::Outcome { outcome, returns_in } => {
                let (reason, opinions) = (&mut self.override_reason, snapshot.opinions.as_ref());
                screens::result::view::result_ui(ui, look, area, flow, outcome, *returns_in, reason, opinions, pictures, send);
            }
            StepView::Trouble(view) => screens::trouble::view::trouble_ui(ui, look, area, view, send),
        }
    }
}
