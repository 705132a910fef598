//! Error rates with exact intervals: what `visavis evaluate` computes. Words and rules as ISO/IEC 19795-1 has them.

pub mod accuracy;
pub mod calibrate;
pub mod discard;
pub mod interval;
pub mod report;
pub mod searches;
pub mod tradeoff;

pub use interval::{Interval, Rate};

use crate::advice::{Advice, Advised};

/// Why nothing could be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvaluationError {
    /// There has to be at least one comparison of each kind.
    #[error("{mated} mated and {non_mated} non-mated comparisons are too few")]
    TooFewComparisons {
        /// Comparisons of one person with themselves.
        mated: usize,
        /// Comparisons of different people.
        non_mated: usize,
    },
    /// Thresholds for a fold come from the others.
    #[error("cross-validation needs pairs in two folds or more")]
    TooFewFolds,
}

impl Advised for EvaluationError {
    fn advice(&self) -> Advice {
        match self {
            Self::TooFewComparisons { .. } => Advice::input("BIO-30", "Give pairs of the same person and pairs of different people."),
            Self::TooFewFolds => Advice::input("BIO-31", "Leave the fold column out, or put the pairs into at least two folds."),
        }
    }
}
