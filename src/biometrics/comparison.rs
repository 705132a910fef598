//! 1:1 comparison: score, calibration, decision.

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
