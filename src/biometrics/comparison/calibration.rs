//! What a similarity score means for one recogniser: thresholds measured at stated false match rates.

use super::{Comparison, ComparisonError, SimilarityScore, VerificationDecision};
use crate::biometrics::template::TemplateFormat;

/// A threshold and the false match rate it was measured at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OperatingPoint {
    /// The false match rate asked for, a fraction.
    pub fmr: f64,
    /// Scores at or above it match, cosine.
    pub threshold: f32,
    /// Lower end of the 95 % interval of the false match rate at this threshold, a fraction.
    pub low: f64,
    /// Upper end of that interval.
    pub high: f64,
}

/// How sure a match has to be; each level is a false match rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum MatchLevel {
    /// FMR 1e-2.
    One,
    /// FMR 3e-3.
    Two,
    /// FMR 1e-3, the default.
    #[default]
    Three,
    /// FMR 1e-4.
    Four,
    /// FMR 1e-5.
    Five,
}

impl MatchLevel {
    /// From the laxest to the strictest.
    pub const ALL: [Self; 5] = [Self::One, Self::Two, Self::Three, Self::Four, Self::Five];

    /// The false match rate the level stands for, a fraction.
    #[must_use]
    pub const fn false_match_rate(self) -> f64 {
        match self {
            Self::One => 1e-2,
            Self::Two => 3e-3,
            Self::Three => 1e-3,
            Self::Four => 1e-4,
            Self::Five => 1e-5,
        }
    }

    /// The level's number, 1-5.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
            Self::Five => 5,
        }
    }
}

impl TryFrom<u8> for MatchLevel {
    type Error = ComparisonError;
    fn try_from(level: u8) -> Result<Self, ComparisonError> {
        Self::ALL.into_iter().find(|l| l.number() == level).ok_or(ComparisonError::NoSuchLevel { level })
    }
}

/// False match rates a calibration measures where its sample supports them: the five match levels, and stricter and in-between ones
/// that searches of large galleries need.
pub const CALIBRATED_RATES: [f64; 11] = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7];

/// A rate of `f` is supported by at least this many divided by `f` non-mated comparisons ("rule of three": with fewer, not even a sample
/// without a single false match would show with 95 % confidence that the rate is below `f`).
pub const COMPARISONS_PER_RATE: f64 = 3.0;

/// Score percent at the anchoring rates; 0 at a score of -1 and 100 at 1.
const PERCENT_ANCHORS: [(f64, f32); 3] = [(1e-2, 50.0), (1e-3, 75.0), (1e-4, 90.0)];

/// Thresholds of one recogniser with the sample they were measured on.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    recogniser: String,
    data: String,
    non_mated: u64,
    points: Vec<OperatingPoint>,
    anchors: Vec<(f32, f32)>,
}

impl Calibration {
    /// Checks and keeps measured points.
    ///
    /// - `recogniser`: full identifier, as in [`TemplateFormat`].
    /// - `data`: where the comparisons came from, in words.
    /// - `non_mated`: comparisons of different people they rest on.
    ///
    /// # Errors
    /// [`ComparisonError::Unreadable`] when the points contradict each other, a point has no support in the sample, or FMR 1e-2 is missing.
    pub fn new(recogniser: &str, data: &str, non_mated: u64, mut points: Vec<OperatingPoint>) -> Result<Self, ComparisonError> {
        let refuse = |reason: String| Err(ComparisonError::Unreadable { reason });
        points.sort_by(|a, b| b.fmr.total_cmp(&a.fmr));
        for point in &points {
            let in_range = point.fmr > 0.0 && point.fmr < 1.0 && point.threshold > -1.0 && point.threshold <= 1.0;
            if !in_range {
                return refuse(format!("FMR {} at threshold {} is out of range", point.fmr, point.threshold));
            }
            if !(0.0 <= point.low && point.low <= point.high && point.high <= 1.0) {
                return refuse(format!("the interval [{}, {}] at FMR {} is not one", point.low, point.high, point.fmr));
            }
            if !supports(non_mated, point.fmr) {
                return refuse(format!("{non_mated} comparisons cannot support FMR {}", point.fmr));
            }
        }
        if let Some(pair) = points.windows(2).find(|p| same_rate(p[0].fmr, p[1].fmr) || p[1].threshold < p[0].threshold) {
            return refuse(format!("thresholds must rise while FMR falls, at {} and {}", pair[0].fmr, pair[1].fmr));
        }
        let mut anchors = vec![(-1.0, 0.0)];
        anchors.extend(
            PERCENT_ANCHORS
                .iter()
                .filter_map(|(fmr, percent)| points.iter().find(|p| same_rate(p.fmr, *fmr)).map(|p| (p.threshold, *percent))),
        );
        anchors.push((1.0, 100.0));
        if anchors[1].1 != PERCENT_ANCHORS[0].1 {
            return refuse(format!("there is no threshold at FMR 1e-2, which needs {} comparisons", COMPARISONS_PER_RATE / 1e-2));
        }
        Ok(Self { recogniser: recogniser.to_owned(), data: data.to_owned(), non_mated, points, anchors })
    }

    /// The recogniser the thresholds hold for.
    #[must_use]
    pub fn recogniser(&self) -> &str {
        &self.recogniser
    }

    /// Where the comparisons came from.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Non-mated comparisons the thresholds rest on.
    #[must_use]
    pub const fn non_mated(&self) -> u64 {
        self.non_mated
    }

    /// Every supported point, from the highest false match rate to the lowest.
    #[must_use]
    pub fn points(&self) -> &[OperatingPoint] {
        &self.points
    }

    /// Refuses templates of another recogniser.
    ///
    /// # Errors
    /// [`ComparisonError::WrongCalibration`].
    pub fn check_recogniser(&self, format: &TemplateFormat) -> Result<(), ComparisonError> {
        if *format.recogniser == *self.recogniser {
            return Ok(());
        }
        Err(ComparisonError::WrongCalibration { calibrated: self.recogniser.clone(), recogniser: format.recogniser.to_string() })
    }

    /// The point of a false match rate, never interpolated.
    ///
    /// # Errors
    /// [`ComparisonError::UnsupportedRate`] when it was not measured.
    pub fn at_rate(&self, fmr: f64) -> Result<&OperatingPoint, ComparisonError> {
        let found = self.points.iter().find(|p| same_rate(p.fmr, fmr));
        found.ok_or(ComparisonError::UnsupportedRate { fmr, comparisons: self.non_mated })
    }

    /// The laxest measured point whose rate is at most `fmr`: what a caller gets who asks for a rate between two points.
    ///
    /// # Errors
    /// [`ComparisonError::UnsupportedRate`] when every measured rate is higher.
    pub fn at_most(&self, fmr: f64) -> Result<&OperatingPoint, ComparisonError> {
        let found = self.points.iter().find(|p| p.fmr <= fmr * (1.0 + 1e-9));
        found.ok_or(ComparisonError::UnsupportedRate { fmr, comparisons: self.non_mated })
    }

    /// The point of a match level.
    ///
    /// # Errors
    /// [`ComparisonError::UnsupportedRate`] when the sample was too small for it.
    pub fn at_level(&self, level: MatchLevel) -> Result<&OperatingPoint, ComparisonError> {
        self.at_rate(level.false_match_rate())
    }

    /// Score percent, 0-100: straight lines between 0 at -1, 50 at FMR 1e-2, 75 at 1e-3, 90 at 1e-4 and 100 at 1.
    ///
    /// Rises with the score. Where the sample supports no threshold at 1e-4 or 1e-3, the last line runs from the last measured one to 100
    /// at 1; only the measured anchors carry a meaning.
    #[must_use]
    pub fn score_percent(&self, score: SimilarityScore) -> f32 {
        let score = score.0.clamp(-1.0, 1.0);
        // The last anchor at or below the score: of anchors at one threshold, the strictest counts.
        let above = self.anchors.iter().position(|(at, _)| *at > score).unwrap_or(self.anchors.len());
        let Some(((x0, y0), (x1, y1))) = above.checked_sub(1).map(|i| self.anchors[i]).zip(self.anchors.get(above).copied()) else {
            return if above == 0 { 0.0 } else { 100.0 };
        };
        let part = (f64::from(score) - f64::from(x0)) / (f64::from(x1) - f64::from(x0));
        ((f64::from(y0) + part * (f64::from(y1) - f64::from(y0))) as f32).clamp(y0, y1)
    }

    /// The highest supported match level the score reaches.
    #[must_use]
    pub fn match_level(&self, score: SimilarityScore) -> Option<MatchLevel> {
        MatchLevel::ALL.into_iter().rev().find(|level| self.at_level(*level).is_ok_and(|p| score.0 >= p.threshold))
    }

    /// Decides a score at a match level.
    ///
    /// # Errors
    /// [`ComparisonError::UnsupportedRate`] when the sample was too small for the level.
    pub fn judge(&self, score: SimilarityScore, level: MatchLevel) -> Result<Comparison, ComparisonError> {
        let point = self.at_level(level)?;
        Ok(Comparison {
            score,
            score_percent: self.score_percent(score),
            threshold: SimilarityScore(point.threshold),
            false_match_rate: point.fmr,
            match_level: self.match_level(score).map(MatchLevel::number),
            decision: if score.0 >= point.threshold { VerificationDecision::Match } else { VerificationDecision::NonMatch },
        })
    }
}

/// Whether `non_mated` comparisons can say anything about a false match rate of `fmr`.
#[must_use]
pub fn supports(non_mated: u64, fmr: f64) -> bool {
    non_mated as f64 * fmr >= COMPARISONS_PER_RATE * (1.0 - 1e-9)
}

/// Rates are decimal texts in files and literals in code; nothing closer than a millionth is two rates.
fn same_rate(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(fmr: f64, threshold: f32) -> OperatingPoint {
        OperatingPoint { fmr, threshold, low: fmr * 0.9, high: fmr * 1.1 }
    }

    fn full() -> Calibration {
        let points = vec![point(1e-2, 0.3), point(3e-3, 0.35), point(1e-3, 0.4), point(1e-4, 0.5), point(1e-5, 0.6)];
        Calibration::new("r@1", "made up", 1_000_000, points).unwrap()
    }

    #[test]
    fn percent_anchors() {
        for (score, expected) in
            [(-1.0, 0.0), (0.3, 50.0), (0.4, 75.0), (0.5, 90.0), (1.0, 100.0), (-0.35, 25.0), (0.75, 95.0), (7.0, 100.0)]
        {
            let percent = full().score_percent(SimilarityScore(score));
            assert!((percent - expected).abs() < 1e-4, "{score}: {percent}");
        }
    }

    #[test]
    fn percent_without_upper_points() {
        let short = Calibration::new("r@1", "made up", 300, vec![point(1e-2, 0.2)]).unwrap();
        for (score, expected) in [(-1.0, 0.0), (0.2, 50.0), (0.6, 75.0), (1.0, 100.0)] {
            assert!((short.score_percent(SimilarityScore(score)) - expected).abs() < 1e-4, "{score}");
        }
        let joined = Calibration::new("r@1", "made up", 30_000, vec![point(1e-2, 1.0), point(1e-3, 1.0), point(1e-4, 1.0)]).unwrap();
        assert_eq!(joined.score_percent(SimilarityScore(1.0)), 100.0);
        assert!(joined.score_percent(SimilarityScore(0.999)) < 50.0);
    }

    #[test]
    fn levels_without_support_are_refused() {
        let short = Calibration::new("r@1", "made up", 3_000, vec![point(1e-2, 0.2), point(1e-3, 0.4)]).unwrap();
        assert!(short.judge(SimilarityScore(0.9), MatchLevel::Three).is_ok());
        let refused = short.judge(SimilarityScore(0.9), MatchLevel::Four);
        assert_eq!(refused, Err(ComparisonError::UnsupportedRate { fmr: 1e-4, comparisons: 3_000 }));
        assert_eq!(short.match_level(SimilarityScore(0.9)), Some(MatchLevel::Three));
        assert_eq!(short.at_most(5e-3).unwrap().fmr, 1e-3);
        assert!(short.at_most(9e-4).is_err());
    }

    #[test]
    fn contradictions_are_refused() {
        for (comparisons, points) in [
            (1_000_000, vec![]),
            (1_000_000, vec![point(1e-3, 0.4)]),
            (299, vec![point(1e-2, 0.4)]),
            (1_000_000, vec![point(1e-2, 0.4), point(1e-3, 0.3)]),
            (1_000_000, vec![point(1e-2, 0.4), point(1e-2, 0.4)]),
            (1_000_000, vec![point(1e-2, f32::NAN)]),
            (1_000_000, vec![point(1e-2, 1.5)]),
            (1_000_000, vec![point(f64::NAN, 0.5)]),
            (1_000_000, vec![OperatingPoint { fmr: 1e-2, threshold: 0.4, low: 0.5, high: 0.1 }]),
        ] {
            assert!(
                matches!(Calibration::new("r@1", "", comparisons, points.clone()), Err(ComparisonError::Unreadable { .. })),
                "{points:?}"
            );
        }
    }

    #[test]
    fn decisions_at_the_threshold_itself() {
        let at = full().judge(SimilarityScore(0.4), MatchLevel::default()).unwrap();
        assert_eq!((at.decision, at.match_level, at.false_match_rate), (VerificationDecision::Match, Some(3), 1e-3));
        let below = full().judge(SimilarityScore(0.4_f32.next_down()), MatchLevel::default()).unwrap();
        assert_eq!((below.decision, below.match_level), (VerificationDecision::NonMatch, Some(2)));
        assert_eq!(full().judge(SimilarityScore(0.0), MatchLevel::One).unwrap().match_level, None);
    }

    #[test]
    fn level_numbers() {
        for level in MatchLevel::ALL {
            assert_eq!(MatchLevel::try_from(level.number()).unwrap(), level);
        }
        assert_eq!(MatchLevel::try_from(0), Err(ComparisonError::NoSuchLevel { level: 0 }));
        assert!(MatchLevel::try_from(6).is_err());
    }

    proptest! {
        #[test]
        fn percent_never_falls(a in -1.0_f32..=1.0, b in -1.0_f32..=1.0) {
            let (low, high) = if a <= b { (a, b) } else { (b, a) };
            let (p, q) = (full().score_percent(SimilarityScore(low)), full().score_percent(SimilarityScore(high)));
            prop_assert!(p <= q && (0.0..=100.0).contains(&p) && (0.0..=100.0).contains(&q), "{low}: {p}, {high}: {q}");
        }
    }
}
