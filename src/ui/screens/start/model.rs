//! What the first page of a flow at the desk says.

use crate::runtime::messages::Command;
use crate::ui::screens::desk::model::Page;
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
    Some(Start { title_key, line_key, button_key, command, offers_gallery: matches!(page, Page::Verify) })
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
}
