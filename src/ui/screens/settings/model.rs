//! What the settings page shows: capture profiles with their region of interest, match levels in words.

use crate::biometrics::comparison::OperatingPoint;
use crate::geometry::{PixelRect, Size};
use crate::runtime::settings::{LevelView, SettingsView};
use crate::ui::strings::Words;
use crate::workflow::capture_profile::{CaptureProfile, CaptureProfiles};
use crate::workflow::roi;
use std::sync::Arc;

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

/// Every profile; `chosen` is the one that is, or would be, in use.
#[must_use]
pub fn profiles(words: &Words, known: &CaptureProfiles, frame: Size, chosen: &str) -> Vec<ProfileCard> {
    let card = |profile: &Arc<CaptureProfile>| {
        let (title, line) = (format!("profile-{}", profile.name), format!("profile-{}-line", profile.name));
        ProfileCard {
            name: profile.name.clone(),
            title: if words.has(&title) { words.t(&title) } else { profile.name.clone() },
            line: if words.has(&line) { words.t(&line) } else { words.t("settings-profile-own") },
            roi_in_frame: roi::roi(&profile.roi, frame).ok(),
            in_use: profile.name == chosen,
        }
    };
    known.iter().map(card).collect()
}

/// A match level's row.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelRow {
    /// 1-5.
    pub number: u8,
    /// `Level 3 · Usual`.
    pub name: String,
    /// `1 in 1 000`.
    pub rate: String,
    /// What was measured at its threshold, or that nothing was.
    pub measured: String,
    /// Whether the calibration carries it.
    pub supported: bool,
    /// Whether it is, or would be, in force.
    pub chosen: bool,
}

/// Every match level.
#[must_use]
pub fn levels(words: &Words, settings: &SettingsView, chosen: u8) -> Vec<LevelRow> {
    let row = |view: &LevelView| {
        let number = view.level.number();
        let name = words.with("settings-level", &[("level", &number.to_string())]);
        LevelRow {
            number,
            name: format!("{name} · {}", words.t(&format!("settings-level-{number}"))),
            rate: words.one_in(view.level.false_match_rate()),
            measured: view.measured.map_or_else(|| words.t("settings-level-unsupported"), |point| measured(words, &point)),
            supported: view.measured.is_some(),
            chosen: number == chosen,
        }
    };
    settings.levels.iter().map(row).collect()
}

/// The interval in words: the more frequent end first.
fn measured(words: &Words, point: &OperatingPoint) -> String {
    let (often, seldom) = (words.one_in(point.high), words.one_in(point.low));
    if point.low > 0.0 {
        words.with("settings-measured", &[("often", &often), ("seldom", &seldom)])
    } else {
        words.with("settings-measured-most", &[("often", &often)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;
    use crate::ui::strings::Language;

    #[test]
    fn every_built_in_profile_has_words_and_a_region() {
        for language in Language::ALL {
            let words = Words::new(language);
            for card in profiles(&words, &CaptureProfiles::builtin(), Size::new(1280, 720), "liveness") {
                assert!(!card.title.starts_with("profile-") && !card.line.starts_with("profile-"), "{}", card.name);
                assert!(card.roi_in_frame.is_some());
            }
        }
        let own = CaptureProfiles::with_overrides(&toml::from_str("[counter-3]\nbase = 'knomi'").unwrap()).unwrap();
        let cards = profiles(&Words::new(Language::English), &own, Size::new(1280, 720), "counter-3");
        assert!(cards.last().is_some_and(|c| c.in_use && c.title == "counter-3" && c.roi_in_frame.is_some()));
    }

    #[test]
    fn thresholds_are_said_in_words_with_what_was_measured() {
        let rows = levels(&Words::new(Language::English), &fixtures::settings(), 3);
        assert_eq!(rows[2].rate, "1 in 1\u{a0}000");
        assert_eq!(rows[2].measured, "measured: 1 in 870 to 1 in 1\u{a0}163");
        assert_eq!(rows.iter().filter(|l| l.chosen).count(), 1);
        assert!(rows[3].supported && !rows[4].supported, "a level without a measurement is not offered");
        let none = OperatingPoint { fmr: 1e-3, threshold: 0.4, low: 0.0, high: 2e-3 };
        assert_eq!(measured(&Words::new(Language::English), &none), "measured: at most 1 in 500");
    }
}
