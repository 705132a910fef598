//! Calibrations as TOML text, `visavis.calibration/1`.

use super::{Calibration, ComparisonError, OperatingPoint};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "visavis.calibration/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CalibrationText {
    schema: String,
    recogniser: String,
    data: String,
    non_mated_comparisons: u64,
    #[serde(default)]
    thresholds: Vec<ThresholdText>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThresholdText {
    fmr: f64,
    threshold: f64,
    low: f64,
    high: f64,
}

impl Calibration {
    /// Reads the text that [`Self::to_toml`] writes.
    ///
    /// # Errors
    /// [`ComparisonError::Unreadable`] when it is not TOML, of another schema, has unknown keys or contradicts itself.
    pub fn from_toml(text: &str) -> Result<Self, ComparisonError> {
        let read: CalibrationText =
            toml::from_str(text).map_err(|error| ComparisonError::Unreadable { reason: error.message().to_owned() })?;
        if read.schema != SCHEMA {
            return Err(ComparisonError::Unreadable { reason: format!("its schema is {:?}, not {SCHEMA:?}", read.schema) });
        }
        let points = read.thresholds.iter().map(|t| OperatingPoint { fmr: t.fmr, threshold: t.threshold as f32, low: t.low, high: t.high });
        Self::new(&read.recogniser, &read.data, read.non_mated_comparisons, points.collect())
    }

    /// The calibration as text; reading it gives the same calibration.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let thresholds = self.points().iter().map(|p| ThresholdText {
            fmr: p.fmr,
            // The shortest decimal that reads back as the same f32.
            threshold: p.threshold.to_string().parse().expect("a float prints as a float"),
            low: p.low,
            high: p.high,
        });
        toml::to_string(&CalibrationText {
            schema: SCHEMA.to_owned(),
            recogniser: self.recogniser().to_owned(),
            data: self.data().to_owned(),
            non_mated_comparisons: self.non_mated(),
            thresholds: thresholds.collect(),
        })
        .expect("the text has no map keys that are not strings")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
schema = "visavis.calibration/1"
recogniser = "net@0123456789abcdef"
data = "a \"quoted\" set"
non_mated_comparisons = 4000

[[thresholds]]
fmr = 0.001
threshold = 0.41
low = 0.0004
high = 0.003

[[thresholds]]
fmr = 0.01
threshold = 0.3
low = 0.008
high = 0.013
"#;

    #[test]
    fn text_survives_the_round_trip() {
        let calibration = Calibration::from_toml(GOOD).unwrap();
        assert_eq!(calibration.points()[1].threshold, 0.41);
        assert_eq!(Calibration::from_toml(&calibration.to_toml()), Ok(calibration));
    }

    #[test]
    fn bad_texts_are_refused() {
        for (from, to) in [
            ("calibration/1", "calibration/2"),
            ("data =", "date ="),
            ("4000", "\"many\""),
            ("4000", "100"),
            ("threshold = 0.41", "threshold = 0.1"),
            ("threshold = 0.41", "threshold = nan"),
            ("[[thresholds]]", "[[thresholds"),
        ] {
            assert!(GOOD.contains(from));
            let refused = Calibration::from_toml(&GOOD.replacen(from, to, 1));
            assert!(matches!(refused, Err(ComparisonError::Unreadable { .. })), "{from} -> {to}: {refused:?}");
        }
    }
}
