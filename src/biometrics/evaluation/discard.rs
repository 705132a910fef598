//! Error versus discard: whether leaving out the pictures that a quality measure likes least leaves out the errors (ISO/IEC 29794-1).

use super::report::RateReport;
use super::{EvaluationError, Rate};
use serde::Serialize;

/// Fractions of the pictures that are left out.
pub const DISCARDED: [f64; 5] = [0.0, 0.05, 0.1, 0.2, 0.3];
/// Errors that the threshold is set for before anything is left out, a fraction of the mated pairs.
pub const FIRST_FNMR: f64 = 0.1;

/// A comparison of two pictures of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatedScore {
    /// The two pictures, as indices.
    pub pictures: [usize; 2],
    /// Their score.
    pub score: f32,
}

/// What is left after one share was left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DiscardPoint {
    /// Share of the pictures left out, a fraction.
    pub discarded: f64,
    /// False non-matches among the pairs that are left.
    pub fnmr: RateReport,
}

/// One measure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DiscardCurve {
    /// Its name.
    pub measure: String,
    /// Pictures it could not judge; they are left out first.
    pub not_assessed: usize,
    /// From nothing left out on.
    pub points: Vec<DiscardPoint>,
}

/// Scores below it are the false non-matches that are followed: as many as [`FIRST_FNMR`] of the mated pairs.
///
/// # Errors
/// [`EvaluationError::TooFewComparisons`] when that is not even one.
pub fn threshold(pairs: &[MatedScore]) -> Result<f32, EvaluationError> {
    let mut scores: Vec<f32> = pairs.iter().map(|pair| pair.score).collect();
    scores.sort_unstable_by(f32::total_cmp);
    let errors = (scores.len() as f64 * FIRST_FNMR).floor() as usize;
    match scores.get(errors) {
        Some(threshold) if errors > 0 => Ok(*threshold),
        _ => Err(EvaluationError::TooFewComparisons { mated: scores.len(), non_mated: 0 }),
    }
}

/// Follows the errors while the worst pictures are left out. Pictures of one value are left out in the order in which they are listed.
///
/// - `values`: one a picture, higher is better; `None` was not assessed.
#[must_use]
pub fn curve(measure: &str, values: &[Option<f64>], pairs: &[MatedScore], threshold: f32) -> DiscardCurve {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let value = |index: &usize| values[*index].unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let mut rank = vec![0; values.len()];
    order.iter().enumerate().for_each(|(place, index)| rank[*index] = place);
    let at = |discarded: f64| {
        let first_kept = (values.len() as f64 * discarded).round() as usize;
        let kept = pairs.iter().filter(|pair| pair.pictures.iter().all(|picture| rank[*picture] >= first_kept));
        let (mut events, mut trials) = (0, 0);
        for pair in kept {
            trials += 1;
            events += u64::from(pair.score < threshold);
        }
        DiscardPoint { discarded, fnmr: Rate { events, trials }.into() }
    };
    let not_assessed = values.iter().filter(|v| v.is_none()).count();
    DiscardCurve { measure: measure.to_owned(), not_assessed, points: DISCARDED.map(at).to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten people with two pictures each; the first pair does not match, because picture 1 is bad.
    fn pairs() -> Vec<MatedScore> {
        (0..10).map(|i| MatedScore { pictures: [2 * i, 2 * i + 1], score: if i == 0 { 0.1 } else { 0.5 + i as f32 / 100.0 } }).collect()
    }

    #[test]
    fn a_measure_that_knows_the_bad_picture_takes_the_error_away() {
        let limit = threshold(&pairs()).unwrap();
        assert_eq!(limit, 0.51, "one of ten is below it");
        let of = |values: &[Option<f64>]| {
            let curve = curve("m", values, &pairs(), limit);
            (curve.not_assessed, curve.points.iter().map(|p| (p.fnmr.events, p.fnmr.trials)).collect::<Vec<_>>())
        };
        let mut values: Vec<Option<f64>> = (0..20).map(|i| Some(f64::from(i) + 10.0)).collect();
        values[1] = Some(1.0);
        assert_eq!(of(&values), (0, vec![(1, 10), (0, 9), (0, 9), (0, 8), (0, 7)]));
        let blind: Vec<Option<f64>> = (0..20).map(|i| Some(-f64::from(i))).collect();
        assert_eq!(of(&blind), (0, vec![(1, 10), (1, 9), (1, 9), (1, 8), (1, 7)]));
        values[1] = None;
        assert_eq!(of(&values).0, 1);
        assert_eq!(of(&values).1[1], (0, 9), "what could not be judged goes first");
    }

    #[test]
    fn too_few_pairs_have_no_threshold() {
        assert!(matches!(threshold(&pairs()[..9]), Err(EvaluationError::TooFewComparisons { mated: 9, .. })));
    }
}
