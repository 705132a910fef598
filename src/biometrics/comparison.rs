//! 1:1 comparison: score, calibration, decision.

use super::template::{Template, TemplateError};
use crate::advice::{Advice, Advised};

pub mod calibration;
pub mod calibration_text;
pub mod shipped;

pub use calibration::{Calibration, MatchLevel, OperatingPoint};

/// Similarity of two templates: cosine in [-1, 1], higher is more alike.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct SimilarityScore(pub f32);

/// The answer of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerificationDecision {
    /// The score reached the threshold.
    Match,
    /// It did not.
    NonMatch,
}

/// One comparison with everything needed to read it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Cosine similarity.
    pub score: SimilarityScore,
    /// 0-100 through the calibration: 50 at FMR 1e-2, 75 at 1e-3, 90 at 1e-4, 100 at 1.
    pub score_percent: f32,
    /// The threshold in force, cosine.
    pub threshold: SimilarityScore,
    /// The false match rate the threshold stands for, as a fraction.
    pub false_match_rate: f64,
    /// Highest match level 1-5 the score reaches; `None` below level 1.
    pub match_level: Option<u8>,
    /// The answer at the threshold.
    pub decision: VerificationDecision,
}

/// Why no decision could be given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ComparisonError {
    /// The templates cannot be compared.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// No calibration is known for the recogniser that made the templates.
    #[error("no calibration is known for the recogniser {recogniser}; a score without one decides nothing")]
    Uncalibrated {
        /// Full identifier with the hash of its weights.
        recogniser: String,
    },
    /// The calibration belongs to another recogniser than the templates.
    #[error("the calibration of {calibrated} cannot judge templates of {recogniser}")]
    WrongCalibration {
        /// Recogniser of the calibration.
        calibrated: String,
        /// Recogniser of the templates.
        recogniser: String,
    },
    /// The calibration's sample is too small for the false match rate asked for.
    #[error("a false match rate of {fmr} is not supported by the {comparisons} non-mated comparisons of the calibration")]
    UnsupportedRate {
        /// The rate asked for, a fraction.
        fmr: f64,
        /// Comparisons the calibration rests on.
        comparisons: u64,
    },
    /// No such match level.
    #[error("{level} is not a match level")]
    NoSuchLevel {
        /// The number asked for.
        level: u8,
    },
    /// The calibration text cannot be used.
    #[error("the calibration cannot be used: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
}

impl Advised for ComparisonError {
    fn advice(&self) -> Advice {
        match self {
            Self::Template(error) => error.advice(),
            Self::Uncalibrated { .. } => Advice {
                retry: false,
                ..Advice::environment(
                    "BIO-20",
                    "Measure one: `visavis evaluate calibration --root DIR --output FILE` on many people, then `visavis models calibrate FILE`.",
                )
            },
            Self::WrongCalibration { .. } => Advice {
                retry: false,
                ..Advice::environment("BIO-21", "Use the calibration that was measured with the recogniser in use.")
            },
            Self::UnsupportedRate { .. } => {
                Advice::input("BIO-22", "Choose a lower match level, or measure the calibration on more people.")
            }
            Self::NoSuchLevel { .. } => Advice::input("BIO-23", "Choose a match level from 1 to 5."),
            Self::Unreadable { .. } => {
                Advice::input("BIO-24", "Measure the calibration again with `visavis evaluate calibration` on more people.")
            }
        }
    }
}

/// Cosine of the angle between two templates of one format.
///
/// Symmetric; a template compared with itself gives exactly 1.
///
/// # Errors
/// [`TemplateError::UnlikeFormats`] when different recognisers made them.
pub fn compare(a: &Template, b: &Template) -> Result<SimilarityScore, TemplateError> {
    if a.format() != b.format() {
        return Err(TemplateError::UnlikeFormats { left: a.format().recogniser.to_string(), right: b.format().recogniser.to_string() });
    }
    Ok(cosine(a.values().chunks(COSINE_CHUNK), b.values().chunks(COSINE_CHUNK)))
}

/// Values per slice that [`cosine`] is handed, but for the last.
pub(in crate::biometrics) const COSINE_CHUNK: usize = 16;

/// Cosine of two rows, handed over in slices of [`COSINE_CHUNK`] values, summed in f64 and rounded once. A slice may be longer than its
/// partner by padding, which is passed over.
///
/// Every score a decision rests on comes from here, whatever kernel found the candidate: 1:1 and 1:N answer alike to the last bit.
pub(in crate::biometrics) fn cosine<'a>(a: impl Iterator<Item = &'a [f32]>, b: impl Iterator<Item = &'a [f32]>) -> SimilarityScore {
    // Four sums of each kind: they need not wait for each other.
    let (mut dot, mut aa, mut bb) = ([0.0_f64; 4], [0.0_f64; 4], [0.0_f64; 4]);
    for (x, y) in a.zip(b) {
        for (i, (x, y)) in x.iter().zip(y).enumerate() {
            let (x, y) = (f64::from(*x), f64::from(*y));
            dot[i % 4] += x * y;
            aa[i % 4] += x * x;
            bb[i % 4] += y * y;
        }
    }
    let total = |lanes: [f64; 4]| (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    SimilarityScore((total(dot) / (total(aa) * total(bb)).sqrt()).clamp(-1.0, 1.0) as f32)
}

/// Compares two templates and decides at a match level.
///
/// # Errors
/// [`ComparisonError::Template`] for unlike formats, [`ComparisonError::WrongCalibration`] for a calibration of another recogniser and
/// [`ComparisonError::UnsupportedRate`] for a level the calibration's sample is too small for.
pub fn verify(reference: &Template, probe: &Template, calibration: &Calibration, level: MatchLevel) -> Result<Comparison, ComparisonError> {
    calibration.check_recogniser(probe.format())?;
    let score = compare(reference, probe)?;
    calibration.judge(score, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::template::TemplateFormat;
    use proptest::prelude::*;

    fn template(recogniser: &str, values: Vec<f32>) -> Template {
        Template::new(TemplateFormat { recogniser: recogniser.into(), dimensions: values.len() }, values).unwrap()
    }

    fn direction(dimensions: usize) -> impl Strategy<Value = Vec<f32>> {
        proptest::collection::vec(-1.0_f32..1.0, dimensions).prop_filter("a direction", |v| v.iter().any(|x| x.abs() > 1e-3))
    }

    #[test]
    fn unlike_formats_never_compare() {
        let (a, b) = (template("a@1", vec![1.0, 0.0]), template("b@1", vec![1.0, 0.0]));
        assert!(matches!(compare(&a, &b), Err(TemplateError::UnlikeFormats { .. })));
        let longer = template("a@1", vec![1.0, 0.0, 0.0]);
        assert!(compare(&a, &longer).is_err());
    }

    #[test]
    fn known_angles() {
        for (a, b, expected) in [
            ([1.0, 0.0], [1.0, 0.0], 1.0),
            ([1.0, 0.0], [-3.0, 0.0], -1.0),
            ([1.0, 0.0], [0.0, 2.0], 0.0),
            ([1.0, 0.0], [1.0, 1.0], std::f32::consts::FRAC_1_SQRT_2),
        ] {
            let score = compare(&template("a@1", a.to_vec()), &template("a@1", b.to_vec())).unwrap().0;
            assert!((score - expected).abs() < 1e-7, "{a:?} {b:?}: {score}");
        }
    }

    proptest! {
        #[test]
        fn symmetric_bounded_and_self_is_one((a, b) in (1_usize..70).prop_flat_map(|d| (direction(d), direction(d)))) {
            let (a, b) = (template("a@1", a), template("a@1", b));
            let ab = compare(&a, &b).unwrap();
            prop_assert_eq!(ab, compare(&b, &a).unwrap());
            prop_assert!((-1.0..=1.0).contains(&ab.0));
            prop_assert_eq!(compare(&a, &a).unwrap().0, 1.0);
        }
    }
}
