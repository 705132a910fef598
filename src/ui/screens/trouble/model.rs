//! What the trouble screen says.

use crate::ui::strings::Words;
use crate::workflow::view::TroubleView;
use lucide_icons::Icon;

/// Everything on the screen.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// A picture of what is wrong.
    pub icon: Icon,
    /// What is wrong.
    pub sentence: String,
    /// What happens next.
    pub next: String,
    /// Small.
    pub code: String,
}

/// Words for a fault.
#[must_use]
pub fn trouble(words: &Words, view: &TroubleView) -> Trouble {
    let icon = match view.message_key {
        key if key.starts_with("trouble-camera") => Icon::CameraOff,
        key if key.starts_with("trouble-gallery") => Icon::Database,
        key if key.starts_with("trouble-model") => Icon::Cpu,
        _ => Icon::LifeBuoy,
    };
    let recovering_key = format!("{}-recovering", view.message_key);
    let sentence = if view.recovering && words.has(&recovering_key) { words.t(&recovering_key) } else { words.label(view.message_key) };
    let next = words.t(if view.recovering { "trouble-recovering" } else { "trouble-help" });
    Trouble { icon, sentence, next, code: words.with("result-support", &[("code", view.code)]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;

    #[test]
    fn a_fault_that_mends_itself_says_so() {
        let words = Words::new(Language::English);
        let mut view = TroubleView { message_key: "trouble-camera", code: "CAM-04", recovering: true };
        assert_eq!(trouble(&words, &view).sentence, words.t("trouble-camera-recovering"));
        view.recovering = false;
        assert_eq!(trouble(&words, &view).sentence, words.t("trouble-camera"));
        assert!(trouble(&words, &view).code.contains("CAM-04"));
    }
}
