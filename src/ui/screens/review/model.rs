//! What the review screen shows.

use crate::ui::strings::Words;
use crate::workflow::view::{CandidateView, ReviewView};

/// Label and text of everything entered; what was left empty is left out.
#[must_use]
pub fn rows(words: &Words, view: &ReviewView) -> Vec<(String, String)> {
    view.details.iter().filter(|(_, text)| !text.0.trim().is_empty()).map(|(key, text)| (words.label(key), text.0.clone())).collect()
}

/// Duplicates found: never shown to the subject.
#[must_use]
pub fn duplicates(view: &ReviewView, officer: bool) -> &[CandidateView] {
    if officer { &view.duplicates } else { &[] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;
    use crate::ui::strings::Language;
    use crate::units::SensitiveText;

    #[test]
    fn the_subject_never_sees_duplicates() {
        let view = ReviewView { portrait: None, details: Vec::new(), duplicates: fixtures::candidates(&[0.7]) };
        assert!(duplicates(&view, false).is_empty());
        assert_eq!(duplicates(&view, true).len(), 1);
    }

    #[test]
    fn empty_details_are_left_out() {
        let words = Words::new(Language::English);
        let entered = |key: &str, text: &str| (key.to_owned(), SensitiveText(text.to_owned()));
        let details = vec![entered("field-full-name", "Ada"), entered("field-email", " ")];
        let view = ReviewView { portrait: None, details, duplicates: Vec::new() };
        assert_eq!(rows(&words, &view), vec![("Full name".to_owned(), "Ada".to_owned())]);
    }
}
