//! What the first page of a flow at the desk says.

use crate::ports::gallery::GallerySummary;
use crate::runtime::messages::Command;
use crate::ui::screens::desk::model::Page;
use crate::ui::strings::Words;
use crate::workflow::view::FlowKind;
use lucide_icons::Icon;

/// The words and actions of a start page.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// Locale key of the title.
    pub title_key: &'static str,
    /// Locale key of what happens.
    pub line_key: &'static str,
    /// Locale key of the button.
    pub button_key: &'static str,
    /// What the button does.
    pub command: Command,
    /// Whether the person can be chosen in the gallery instead.
    pub offers_gallery: bool,
    /// Whether a gallery can be chosen that is searched.
    pub searches: bool,
}

/// The start page of a desk page; `None` for pages that are not flows.
#[must_use]
pub const fn start(page: Page) -> Option<Start> {
    let (flow, title_key, line_key, button_key) = match page {
        Page::Verify => (FlowKind::Authenticate, "verify-title", "verify-line", "verify-start"),
        Page::Enrol => (FlowKind::Enrol, "enrol-title", "enrol-line", "enrol-start"),
        Page::Identify => (FlowKind::Identify, "identify-title", "identify-line", "identify-start"),
        Page::Documents => (FlowKind::VerifyId, "documents-title", "documents-line", "documents-start"),
        _ => return None,
    };
    let command = Command::StartFlow { flow, claim: None };
    let (offers_gallery, searches) = (matches!(page, Page::Verify), matches!(page, Page::Identify));
    Some(Start { title_key, line_key, button_key, command, offers_gallery, searches })
}

/// What begins the flow, `gallery` being the one chosen for a search.
#[must_use]
pub fn begin(start: Start, gallery: Option<&str>) -> Command {
    match gallery.filter(|_| start.searches) {
        Some(gallery) => Command::SearchGallery(gallery.to_owned()),
        None => start.command,
    }
}

/// A gallery with the number of its members.
#[must_use]
pub fn gallery_line(words: &Words, gallery: &GallerySummary) -> String {
    format!("{} · {}", gallery.name, words.n("gallery-count", gallery.members))
}

/// The icon of a start page.
#[must_use]
pub const fn icon(page: Page) -> Icon {
    page.words().1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_verification_offers_the_gallery() {
        let offering: Vec<Page> = Page::ALL.into_iter().filter(|p| start(*p).is_some_and(|s| s.offers_gallery)).collect();
        assert_eq!(offering, [Page::Verify]);
        assert_eq!(start(Page::Gallery), None);
    }

    #[test]
    fn only_an_identification_searches_a_gallery() {
        let begun = |page| begin(start(page).unwrap(), Some("Visitors"));
        assert_eq!(begun(Page::Identify), Command::SearchGallery("Visitors".into()));
        assert_eq!(begun(Page::Enrol), Command::StartFlow { flow: FlowKind::Enrol, claim: None });
        let everybody = begin(start(Page::Identify).unwrap(), None);
        assert_eq!(everybody, Command::StartFlow { flow: FlowKind::Identify, claim: None });
    }
}
