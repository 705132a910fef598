//! What the settings page shows: capture profiles with their region of interest, match levels in words.

use crate::biometrics::comparison::MatchLevel;
use crate::geometry::{PixelRect, Size};
use crate::ui::strings::Words;
use crate::workflow::capture_profile::CaptureProfiles;
use crate::workflow::roi;

/// A capture profile's card.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileCard {
    /// Its key in the configuration.
    pub name: String,
    /// For people.
    pub title: String,
    /// What it is for; empty for profiles that only the configuration knows.
    pub line: String,
    /// Region of interest in a frame of the size asked for.
    pub roi_in_frame: Option<PixelRect>,
    /// Whether it is in use.
    pub in_use: bool,
}

/// The built-in profiles, and the one in use where it is another one.
#[must_use]
pub fn profiles(words: &Words, frame: Size, in_use: &str) -> Vec<ProfileCard> {
    let mut cards: Vec<ProfileCard> = CaptureProfiles::builtin()
        .iter()
        .map(|profile| ProfileCard {
            name: profile.name.clone(),
            title: words.t(&format!("profile-{}", profile.name)),
            line: words.t(&format!("profile-{}-line", profile.name)),
            roi_in_frame: roi::roi(&profile.roi, frame).ok(),
            in_use: profile.name == in_use,
        })
        .collect();
    if !cards.iter().any(|c| c.in_use) {
        let (name, title) = (in_use.to_owned(), in_use.to_owned());
        cards.push(ProfileCard { name, title, line: String::new(), roi_in_frame: None, in_use: true });
    }
    cards
}

/// One match level: number, name, rate in words, whether it is in force.
#[must_use]
pub fn levels(words: &Words, in_force: u8) -> Vec<(u8, String, String, bool)> {
    let row = |level: MatchLevel| {
        let number = level.number();
        (number, words.t(&format!("settings-level-{number}")), words.one_in(level.false_match_rate()), number == in_force)
    };
    MatchLevel::ALL.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;

    #[test]
    fn every_built_in_profile_has_words_and_a_region() {
        for language in Language::ALL {
            let words = Words::new(language);
            for card in profiles(&words, Size::new(1280, 720), "liveness") {
                assert!(!card.title.starts_with("profile-") && !card.line.starts_with("profile-"), "{}", card.name);
                assert!(card.roi_in_frame.is_some());
            }
        }
        let own = profiles(&Words::new(Language::English), Size::new(1280, 720), "counter-3");
        assert!(own.last().unwrap().in_use);
    }

    #[test]
    fn thresholds_are_said_in_words() {
        let levels = levels(&Words::new(Language::English), 3);
        assert_eq!(levels[2].2, "1 in 1\u{a0}000");
        assert_eq!(levels.iter().filter(|l| l.3).count(), 1);
    }
}
