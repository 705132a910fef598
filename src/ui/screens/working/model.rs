//! What the working screen says.

use crate::ui::strings::Words;

/// Headline and line for a piece of work; work this screen does not know is still called by a friendly name.
#[must_use]
pub fn words(words: &Words, what_key: &str) -> (String, String) {
    let headline = if words.has(what_key) { what_key } else { "working-title" };
    (words.t(headline), words.t("working-wait"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;

    #[test]
    fn unknown_work_shows_no_key() {
        let english = Words::new(Language::English);
        assert_eq!(words(&english, "busy-with-something-new").0, english.t("working-title"));
        assert_ne!(words(&english, "working-searching").0, english.t("working-title"));
    }
}
