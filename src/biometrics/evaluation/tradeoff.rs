//! False matches against false non-matches over all thresholds: ROC points, FNMR at a stated FMR, EER.
//!
//! A comparison matches when its score is at or above the threshold. Rates between two measured points are never made up, except for the
//! EER, which is defined by a crossing: there both curves run straight between neighbouring scores.

use super::{EvaluationError, Rate};

/// All scores of one evaluation.
#[derive(Clone, PartialEq)]
pub struct Tradeoff {
    mated: Vec<f32>,
    non_mated: Vec<f32>,
}

/// Both rates at one threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RocPoint {
    /// Scores at or above it match.
    pub threshold: f32,
    /// False matches among non-mated comparisons.
    pub fmr: Rate,
    /// False non-matches among mated comparisons.
    pub fnmr: Rate,
}

/// Where both rates are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EqualErrorRate {
    /// The rate at the crossing, a fraction.
    pub value: f64,
    /// The first threshold at which FNMR is not below FMR.
    pub threshold: f32,
}

impl Tradeoff {
    /// Sorts the scores.
    ///
    /// # Errors
    /// [`EvaluationError::TooFewComparisons`] unless there is one of each kind.
    pub fn new(mut mated: Vec<f32>, mut non_mated: Vec<f32>) -> Result<Self, EvaluationError> {
        if mated.is_empty() || non_mated.is_empty() {
            return Err(EvaluationError::TooFewComparisons { mated: mated.len(), non_mated: non_mated.len() });
        }
        mated.sort_unstable_by(f32::total_cmp);
        non_mated.sort_unstable_by(f32::total_cmp);
        Ok(Self { mated, non_mated })
    }

    /// Number of mated comparisons.
    #[must_use]
    pub const fn mated(&self) -> usize {
        self.mated.len()
    }

    /// Number of non-mated comparisons.
    #[must_use]
    pub const fn non_mated(&self) -> usize {
        self.non_mated.len()
    }

    /// Both rates at a threshold.
    #[must_use]
    pub fn at(&self, threshold: f32) -> RocPoint {
        let below = |scores: &[f32]| scores.partition_point(|s| *s < threshold);
        let false_matches = self.non_mated.len() - below(&self.non_mated);
        RocPoint {
            threshold,
            fmr: Rate { events: false_matches as u64, trials: self.non_mated.len() as u64 },
            fnmr: Rate { events: below(&self.mated) as u64, trials: self.mated.len() as u64 },
        }
    }

    /// The lowest threshold with an FMR of at most `fmr`: midway between the highest non-mated score that it must refuse and the next one.
    ///
    /// `None` where the sample has no such threshold: it allows no false match at all at this rate, or its highest scores are equal.
    #[must_use]
    pub fn threshold_at_fmr(&self, fmr: f64) -> Option<f32> {
        let total = self.non_mated.len();
        let allowed = (fmr * total as f64 * (1.0 + 1e-12)).floor() as usize;
        if allowed == 0 || allowed >= total {
            return None;
        }
        let refused = self.non_mated[total - allowed - 1];
        let accepted = *self.non_mated.get(self.non_mated.partition_point(|s| *s <= refused))?;
        let middle = f32::midpoint(refused, accepted);
        Some(if middle > refused { middle } else { accepted })
    }

    /// The equal error rate. Over the scores in rising order FNMR rises and FMR falls; between the neighbours where they cross both run
    /// straight.
    #[must_use]
    pub fn equal_error_rate(&self) -> EqualErrorRate {
        let mut thresholds: Vec<f32> = self.mated.iter().chain(&self.non_mated).copied().collect();
        thresholds.sort_unstable_by(f32::total_cmp);
        thresholds.dedup();
        thresholds.push(f32::INFINITY);
        let rates = |threshold: f32| {
            let point = self.at(threshold);
            (point.fnmr.value().unwrap_or(0.0), point.fmr.value().unwrap_or(0.0))
        };
        let crossing = thresholds.partition_point(|t| {
            let (fnmr, fmr) = rates(*t);
            fnmr < fmr
        });
        let after = rates(thresholds[crossing]);
        let before = crossing.checked_sub(1).map_or((0.0, 1.0), |i| rates(thresholds[i]));
        let (gap_before, gap_after) = (before.1 - before.0, after.0 - after.1);
        let value = before.0 + (after.0 - before.0) * gap_before / (gap_before + gap_after);
        EqualErrorRate { value, threshold: thresholds[crossing] }
    }

    /// The curve at every distinct score, from the lowest threshold to the highest, at most about `most` points.
    #[must_use]
    pub fn curve(&self, most: usize) -> Vec<RocPoint> {
        let mut thresholds: Vec<f32> = self.mated.iter().chain(&self.non_mated).copied().collect();
        thresholds.sort_unstable_by(f32::total_cmp);
        thresholds.dedup();
        let step = thresholds.len().div_ceil(most.max(1)).max(1);
        thresholds.into_iter().step_by(step).map(|t| self.at(t)).collect()
    }
}

/// Prints counts only.
impl std::fmt::Debug for Tradeoff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tradeoff({} mated, {} non-mated)", self.mated.len(), self.non_mated.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tradeoff(mated: &[f32], non_mated: &[f32]) -> Tradeoff {
        Tradeoff::new(mated.to_vec(), non_mated.to_vec()).unwrap()
    }

    #[test]
    fn hand_counted() {
        let t = tradeoff(&[0.9, 0.8, 0.3, 0.7], &[0.1, 0.2, 0.75, 0.0, 0.05]);
        assert_eq!(t.at(0.75).fmr, Rate { events: 1, trials: 5 });
        assert_eq!(t.at(0.76).fmr.events, 0);
        assert_eq!(t.at(0.7).fnmr, Rate { events: 1, trials: 4 });
        let threshold = t.threshold_at_fmr(0.2).unwrap();
        assert!(threshold > 0.2 && threshold <= 0.75, "{threshold}");
        assert_eq!(t.threshold_at_fmr(0.19), None, "not one false match is allowed");
        assert_eq!(tradeoff(&[0.5], &[0.1, 0.4, 0.4]).threshold_at_fmr(0.4), None, "equal scores cannot be told apart");
        assert!(Tradeoff::new(vec![], vec![0.1]).is_err());
    }

    #[test]
    fn equal_error_rates() {
        for (mated, non_mated, expected) in [
            (&[0.8_f32, 0.9][..], &[0.1_f32, 0.2][..], 0.0),
            (&[0.1, 0.2], &[0.8, 0.9], 1.0),
            (&[0.5], &[0.5], 0.5),
            (&[0.2, 0.8], &[0.3, 0.1], 0.5),
            (&[0.9, 0.8, 0.7, 0.3], &[0.1, 0.2, 0.0, 0.75], 0.25),
        ] {
            let found = tradeoff(mated, non_mated).equal_error_rate().value;
            assert!((found - expected).abs() < 1e-12, "{mated:?} {non_mated:?}: {found}");
        }
    }

    fn scores() -> impl Strategy<Value = Vec<f32>> {
        proptest::collection::vec((-20_i8..=20).prop_map(|s| f32::from(s) / 20.0), 1..60)
    }

    proptest! {
        #[test]
        fn counts_agree_with_counting(mated in scores(), non_mated in scores(), threshold in -1.0_f32..=1.0) {
            let point = tradeoff(&mated, &non_mated).at(threshold);
            prop_assert_eq!(point.fmr.events, non_mated.iter().filter(|s| **s >= threshold).count() as u64);
            prop_assert_eq!(point.fnmr.events, mated.iter().filter(|s| **s < threshold).count() as u64);
        }

        #[test]
        fn stated_rates_are_kept_and_tight(mated in scores(), non_mated in scores(), fmr in 0.01_f64..0.9) {
            let t = tradeoff(&mated, &non_mated);
            if let Some(threshold) = t.threshold_at_fmr(fmr) {
                prop_assert!(t.at(threshold).fmr.value().unwrap() <= fmr + 1e-9);
                let lower = non_mated.iter().copied().filter(|s| *s < threshold).fold(f32::NEG_INFINITY, f32::max);
                prop_assert!(t.at(lower).fmr.value().unwrap() > fmr, "a lower threshold would do");
            }
        }

        #[test]
        fn the_curve_is_monotone_and_the_crossing_lies_on_it(mated in scores(), non_mated in scores()) {
            let t = tradeoff(&mated, &non_mated);
            let curve = t.curve(usize::MAX);
            prop_assert!(curve.windows(2).all(|w| w[0].fmr.events >= w[1].fmr.events && w[0].fnmr.events <= w[1].fnmr.events));
            let crossing = t.equal_error_rate();
            prop_assert!((0.0..=1.0).contains(&crossing.value));
            let after = t.at(crossing.threshold);
            prop_assert!(after.fnmr.value().unwrap() + 1e-12 >= crossing.value && after.fmr.value().unwrap() <= crossing.value + 1e-12);
        }
    }
}
