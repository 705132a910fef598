//! The calibrations that come with the program, and those read beside them.

use super::{Calibration, ComparisonError};
use crate::biometrics::template::TemplateFormat;

/// Measured with `visavis evaluate calibration`; numbers only.
const SHIPPED: [&str; 1] = [include_str!("../../../assets/calibration/mobilefacenet-casia.toml")];

/// Known calibrations, one a recogniser.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calibrations(Vec<Calibration>);

/// Measured with `visavis evaluate calibration --printed`, between simulated portraits of documents and live pictures; numbers only.
const FOR_DOCUMENTS: [&str; 1] = [include_str!("../../../assets/calibration/documents-visavis-recogniser.toml")];

impl Calibrations {
    /// The ones compiled into the program.
    #[must_use]
    pub fn shipped() -> Self {
        Self(SHIPPED.iter().map(|text| Calibration::from_toml(text).expect("shipped calibrations are checked by a test")).collect())
    }

    /// Those for a portrait of a document against a live picture. They were measured on simulated print and scan and say so.
    #[must_use]
    pub fn for_documents() -> Self {
        Self(FOR_DOCUMENTS.iter().map(|text| Calibration::from_toml(text).expect("shipped calibrations are checked by a test")).collect())
    }

    /// Adds one; it replaces another of the same recogniser.
    pub fn add(&mut self, calibration: Calibration) {
        self.0.retain(|known| known.recogniser() != calibration.recogniser());
        self.0.push(calibration);
    }

    /// The one that was measured with exactly this recogniser, weights included.
    ///
    /// # Errors
    /// [`ComparisonError::Uncalibrated`] when there is none: a threshold is never guessed.
    pub fn of(&self, format: &TemplateFormat) -> Result<&Calibration, ComparisonError> {
        let found = self.0.iter().find(|known| known.recogniser() == &*format.recogniser);
        found.ok_or_else(|| ComparisonError::Uncalibrated { recogniser: format.recogniser.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::comparison::OperatingPoint;

    fn made_up(recogniser: &str, threshold: f32) -> Calibration {
        Calibration::new(recogniser, "made up", 1000, vec![OperatingPoint { fmr: 1e-2, threshold, low: 0.0, high: 0.1 }]).unwrap()
    }

    #[test]
    fn every_shipped_calibration_reads() {
        for text in SHIPPED.into_iter().chain(FOR_DOCUMENTS) {
            Calibration::from_toml(text).unwrap();
        }
    }

    #[test]
    fn another_set_of_weights_is_another_recogniser() {
        let mut known = Calibrations::shipped();
        known.add(made_up("net@0123456789abcdef", 0.3));
        known.add(made_up("net@0123456789abcdef", 0.4));
        let format = |recogniser: &str| TemplateFormat { recogniser: recogniser.into(), dimensions: 4 };
        assert_eq!(known.of(&format("net@0123456789abcdef")).unwrap().points()[0].threshold, 0.4);
        assert!(matches!(known.of(&format("net@0000000000000000")), Err(ComparisonError::Uncalibrated { .. })));
    }
}
