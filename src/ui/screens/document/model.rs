//! What the document screen says.

use crate::ui::strings::Words;
use crate::workflow::view::DocumentView;

/// Words of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentWords {
    /// The one instruction.
    pub instruction: String,
    /// What the last picture lacked, and its code.
    pub refusal: Option<(String, String)>,
    /// Whether a frame can be taken now.
    pub can_take: bool,
    /// Whether a scan can be opened now.
    pub can_open: bool,
}

/// Words for a view; `has_picture`: live frames are shown.
#[must_use]
pub fn words(words: &Words, view: &DocumentView, has_picture: bool) -> DocumentWords {
    let key = if view.reading {
        "document-reading"
    } else if view.live {
        "document-lay"
    } else {
        "document-no-camera"
    };
    let refusal = view.refusal.as_ref().map(|r| (words.advice(r.advice), words.with("result-support", &[("code", r.advice.code)])));
    let can_take = view.live && has_picture && !view.reading;
    DocumentWords { instruction: words.t(key), refusal: refusal.filter(|_| !view.reading), can_take, can_open: !view.reading }
}

/// Hints beside the picture.
pub const HINTS: [&str; 4] = ["document-hint-side", "document-hint-flat", "document-hint-close", "document-hint-still"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::Advice;
    use crate::ui::strings::Language;
    use crate::workflow::document::DocumentRefusal;

    #[test]
    fn a_frame_is_taken_only_from_a_live_picture_and_one_at_a_time() {
        let english = Words::new(Language::English);
        let view = |reading, live| DocumentView { reading, live, refusal: None };
        let can = |reading, live, picture| {
            let said = words(&english, &view(reading, live), picture);
            (said.can_take, said.can_open)
        };
        assert_eq!(can(false, true, true), (true, true));
        assert_eq!(can(false, true, false), (false, true));
        assert_eq!(can(false, false, true), (false, true));
        assert_eq!(can(true, true, true), (false, false));
    }

    #[test]
    fn a_refusal_says_the_next_step_and_its_code() {
        let english = Words::new(Language::English);
        let refusal = DocumentRefusal { message: "x".to_owned(), advice: Advice::input("DOC-58", "Lay it flat.") };
        let said = words(&english, &DocumentView { refusal: Some(refusal), live: true, reading: false }, true);
        let (step, code) = said.refusal.unwrap();
        assert_eq!(step, "Lay it flat.");
        assert!(code.contains("DOC-58"));
    }
}
