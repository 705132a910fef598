//! What the consent screen says.

use lucide_icons::Icon;

/// The four answers: icon, locale keys of heading and line.
pub const ANSWERS: [(Icon, &str, &str); 4] = [
    (Icon::ScanFace, "consent-what", "consent-what-line"),
    (Icon::ShieldCheck, "consent-why", "consent-why-line"),
    (Icon::Timer, "consent-long", "consent-long-line"),
    (Icon::Lock, "consent-who", "consent-who-line"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::{Language, Words};

    #[test]
    fn what_why_how_long_and_by_whom_are_answered_in_every_language() {
        for language in Language::ALL {
            let words = Words::new(language);
            for (_, heading, line) in ANSWERS {
                assert!(words.has(heading) && words.has(line), "{heading} in {}", language.tag());
            }
        }
    }
}
