//! The numbers of a capture profile that the page offers, in the units people think in.

use crate::ui::strings::Words;
use crate::workflow::capture_profile::{CaptureProfile, Limit};

/// How a number is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Degrees.
    Degrees,
    /// A share, shown in percent.
    Percent,
    /// A share, shown in tenths of a percent.
    FinePercent,
    /// Pixels.
    Pixels,
    /// No unit, two decimals.
    Plain,
    /// A count.
    Count,
    /// Milliseconds, shown in seconds.
    Seconds,
}

impl Unit {
    /// A value in words.
    #[must_use]
    pub fn words(self, words: &Words, value: f64) -> String {
        let (key, number) = match self {
            Self::Degrees => ("unit-degrees", format!("{value:.0}")),
            Self::Percent => ("unit-percent", format!("{:.0}", value * 100.0)),
            Self::FinePercent => ("unit-percent", format!("{:.1}", value * 100.0)),
            Self::Pixels => ("unit-pixels", format!("{value:.0}")),
            Self::Seconds => ("unit-seconds", format!("{:.1}", value / 1000.0).trim_end_matches(".0").to_owned()),
            Self::Plain => return words.decimal(&format!("{value:.2}")),
            Self::Count => return format!("{value:.0}"),
        };
        words.with(key, &[("value", &words.decimal(&number))])
    }

    const fn whole(self) -> bool {
        matches!(self, Self::Count | Self::Seconds)
    }
}

/// Which side of a gate a stepper changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// What is asked for.
    Hint,
    /// What stops capture.
    Block,
    /// A number that has no sides.
    Whole,
}

/// One number of a profile.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    /// Dotted key below the profile, without `hint` and `block`.
    pub key: &'static str,
    /// Locale key of its name.
    pub label: &'static str,
    /// How it is said.
    pub unit: Unit,
    /// One step of a stepper.
    pub step: f64,
    /// Least and largest value offered.
    pub range: (f64, f64),
    /// Whether values above it are at fault; else those below it.
    at_most: bool,
    read: fn(&CaptureProfile) -> Read,
}

/// What a number stands at.
#[derive(Debug, Clone, Copy)]
enum Read {
    /// A gate; `None` is not looked at.
    Gate(Option<Limit>),
    /// A count or a time.
    Whole(f64),
}

impl Number {
    /// Its value on a side; `None` where the profile has none there.
    #[must_use]
    pub fn value(&self, profile: &CaptureProfile, side: Side) -> Option<f64> {
        match ((self.read)(profile), side) {
            (Read::Gate(limit), Side::Hint) => limit.map(|l| f64::from(l.hint)),
            (Read::Gate(limit), Side::Block) => limit.and_then(|l| l.block).map(f64::from),
            (Read::Whole(value), Side::Whole) => Some(value),
            _ => None,
        }
    }

    /// The sides it has.
    #[must_use]
    pub fn sides(&self, profile: &CaptureProfile) -> &'static [Side] {
        match (self.read)(profile) {
            Read::Gate(_) => &[Side::Hint, Side::Block],
            Read::Whole(_) => &[Side::Whole],
        }
    }

    /// Least and largest value a side may have, so that limits do not contradict each other: what stops capture is never stricter than what
    /// is asked for, and the smallest face stays smaller than the largest.
    #[must_use]
    pub fn bounds(&self, profile: &CaptureProfile, side: Side) -> (f64, f64) {
        let (mut least, mut most) = self.range;
        let other = match side {
            Side::Hint => self.value(profile, Side::Block),
            Side::Block => self.value(profile, Side::Hint),
            Side::Whole => None,
        };
        match (other, self.at_most == (side == Side::Hint)) {
            (Some(other), true) => most = most.min(other),
            (Some(other), false) => least = least.max(other),
            (None, _) => {}
        }
        match (self.key, side) {
            ("face.height.min", Side::Hint) => most = most.min(f64::from(profile.face.height.max.hint) - self.step),
            ("face.height.max", Side::Hint) => least = least.max(f64::from(profile.face.height.min.hint) + self.step),
            _ => {}
        }
        (least, most)
    }

    /// Key and value, `steps` away from `value`, within the range and on the grid of the steps.
    #[must_use]
    pub fn stepped(&self, value: f64, steps: i32, side: Side) -> (String, toml::Value) {
        let wanted = ((value / self.step).round() + f64::from(steps)) * self.step;
        let wanted = wanted.clamp(self.range.0, self.range.1);
        let key = match side {
            Side::Hint => format!("{}.hint", self.key),
            Side::Block => format!("{}.block", self.key),
            Side::Whole => self.key.to_owned(),
        };
        // A thousandth is finer than any step; more digits would only be what binary fractions leave behind.
        let rounded = (wanted * 1000.0).round() / 1000.0;
        (key, if self.unit.whole() { toml::Value::from(rounded as i64) } else { toml::Value::from(rounded) })
    }
}

macro_rules! gate {
    ($kind:ident $key:literal, $label:literal, $unit:ident, $step:literal, $range:expr, $profile:ident => $limit:expr) => {
        Number {
            key: $key,
            label: $label,
            unit: Unit::$unit,
            step: $step,
            range: $range,
            at_most: gate!($kind),
            read: |$profile| Read::Gate($limit),
        }
    };
    (most) => {
        true
    };
    (least) => {
        false
    };
}

macro_rules! whole {
    ($key:literal, $label:literal, $unit:ident, $step:literal, $range:expr, $profile:ident => $value:expr) => {
        Number {
            key: $key,
            label: $label,
            unit: Unit::$unit,
            step: $step,
            range: $range,
            at_most: false,
            read: |$profile| Read::Whole($value),
        }
    };
}

/// Everything offered, in the order of the capture.
pub const NUMBERS: [Number; 19] = [
    gate!(least "face.height.min", "gate-smallest", Percent, 0.01, (0.2, 0.9), p => Some(p.face.height.min)),
    gate!(most "face.height.max", "gate-largest", Percent, 0.01, (0.3, 1.2), p => Some(p.face.height.max)),
    gate!(least "face.inter_eye_px", "gate-eye-distance", Pixels, 5.0, (30.0, 300.0), p => Some(p.face.inter_eye_px)),
    gate!(most "face.offset_x", "gate-aside", Percent, 0.01, (0.02, 0.5), p => Some(p.face.offset_x)),
    gate!(most "face.offset_y", "gate-height", Percent, 0.01, (0.02, 0.5), p => Some(p.face.offset_y)),
    gate!(most "face.second_face", "gate-second-face", Percent, 0.05, (0.0, 1.0), p => Some(p.face.second_face)),
    gate!(most "pose.yaw", "gate-yaw", Degrees, 1.0, (2.0, 45.0), p => Some(p.pose.yaw)),
    gate!(most "pose.pitch", "gate-pitch", Degrees, 1.0, (2.0, 45.0), p => Some(p.pose.pitch)),
    gate!(most "pose.roll", "gate-roll", Degrees, 1.0, (2.0, 45.0), p => Some(p.pose.roll)),
    gate!(least "quality.dark_glasses", "gate-dark-glasses", Percent, 0.02, (0.0, 0.6), p => p.quality.dark_glasses),
    gate!(least "quality.eyes_open", "gate-eyes", FinePercent, 0.005, (0.0, 0.08), p => p.quality.eyes_open),
    gate!(most "quality.mouth_open", "gate-mouth", Percent, 0.01, (0.02, 0.4), p => p.quality.mouth_open),
    gate!(least "quality.sharpness", "gate-sharpness", Plain, 0.01, (0.1, 0.8), p => p.quality.sharpness),
    gate!(most "quality.over_exposed", "gate-clipped", Percent, 0.01, (0.0, 0.3), p => p.quality.over_exposed),
    whole!("compliant_frames", "gate-frames", Count, 1.0, (1.0, 60.0), p => f64::from(p.compliant_frames)),
    whole!("burst", "gate-burst", Count, 1.0, (1.0, 30.0), p => f64::from(p.burst)),
    whole!("attempts", "gate-attempts", Count, 1.0, (1.0, 10.0), p => f64::from(p.attempts)),
    whole!("attempt_ms", "gate-attempt-time", Seconds, 5_000.0, (5_000.0, 180_000.0), p => p.attempt_ms as f64),
    whole!("patience_ms", "gate-patience", Seconds, 500.0, (0.0, 20_000.0), p => p.patience_ms as f64),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;
    use crate::workflow::capture_profile::CaptureProfiles;
    use std::collections::BTreeSet;

    /// Every key offered exists in the configuration, and a step either way is accepted there and read back.
    #[test]
    fn every_step_is_a_valid_override() {
        let builtin = CaptureProfiles::builtin();
        for name in ["quick", "liveness", "portrait", "knomi"] {
            let profile = builtin.get(name).unwrap();
            for number in NUMBERS {
                for side in number.sides(&profile) {
                    let Some(value) = number.value(&profile, *side) else { continue };
                    assert!((number.range.0..=number.range.1).contains(&value), "{name} {} {value}", number.key);
                    let (least, most) = number.bounds(&profile, *side);
                    assert!(least - 1e-6 <= value && value <= most + 1e-6, "{name} {}: {value} in {least} to {most}", number.key);
                    // To the next step, and as far as it goes either way.
                    for wanted in [value, least, most] {
                        let (key, stepped) = number.stepped(wanted, 0, *side);
                        let mut overrides = toml::Table::new();
                        crate::config::put(&mut overrides, &format!("{name}.{key}"), stepped.clone());
                        let changed =
                            CaptureProfiles::with_overrides(&overrides).unwrap_or_else(|e| panic!("{name}.{key} = {stepped}: {e}"));
                        let read = number.value(&changed.get(name).unwrap(), *side).unwrap();
                        let expected = stepped.as_float().or(stepped.as_integer().map(|v| v as f64)).unwrap();
                        assert!((read - expected).abs() < 1e-4, "{name}.{key}: {read} {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_number_has_words() {
        let labels: BTreeSet<&str> = NUMBERS.iter().map(|n| n.label).collect();
        assert_eq!(labels.len(), NUMBERS.len());
        for language in Language::ALL {
            let words = Words::new(language);
            assert!(labels.iter().all(|label| words.has(label)), "{}", language.tag());
        }
        let words = Words::new(Language::English);
        assert_eq!(Unit::Degrees.words(&words, 8.0), "8°");
        assert_eq!(Unit::FinePercent.words(&words, 0.035), "3.5 %");
        assert_eq!(Unit::Seconds.words(&words, 20_000.0), "20 s");
        assert_eq!(Unit::FinePercent.words(&Words::new(Language::German), 0.035), "3,5 %");
    }

    #[test]
    fn steps_end_at_the_range() {
        let attempts = NUMBERS.iter().find(|n| n.key == "attempts").unwrap();
        assert_eq!(attempts.stepped(10.0, 1, Side::Whole), ("attempts".to_owned(), toml::Value::from(10)));
        let yaw = NUMBERS.iter().find(|n| n.key == "pose.yaw").unwrap();
        assert_eq!(yaw.stepped(8.0, 1, Side::Hint), ("pose.yaw.hint".to_owned(), toml::Value::from(9.0)));
    }
}
