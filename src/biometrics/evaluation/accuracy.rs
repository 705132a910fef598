//! Cross-validated accuracy: the threshold for a fold is chosen on the other folds, as the LFW protocol has it.

use super::{EvaluationError, Rate};
use std::collections::BTreeMap;

/// One labelled comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelledScore {
    /// Whether both pictures show one person.
    pub mated: bool,
    /// The score; `None` when a picture gave no template.
    pub score: Option<f32>,
    /// The fold it belongs to.
    pub fold: u32,
}

/// How one fold went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldAccuracy {
    /// Its name.
    pub fold: u32,
    /// Threshold chosen on the other folds.
    pub threshold: f32,
    /// Right answers.
    pub correct: Rate,
}

/// All folds.
#[derive(Debug, Clone, PartialEq)]
pub struct Accuracy {
    /// Right answers over all folds.
    pub correct: Rate,
    /// Each fold, by its name.
    pub folds: Vec<FoldAccuracy>,
}

/// Folds given to pairs that have none.
pub const DEFAULT_FOLDS: u32 = 10;

/// Deals folds to pairs that name none: ten equal ones, the mated pairs dealt in turn and the non-mated ones too.
pub fn deal_folds(pairs: &mut [LabelledScore]) {
    let mut dealt = [0_u32; 2];
    for pair in pairs {
        let turn = &mut dealt[usize::from(pair.mated)];
        pair.fold = *turn % DEFAULT_FOLDS + 1;
        *turn += 1;
    }
}

/// Right answers when every fold is decided with the threshold that is best on the other folds.
///
/// A pair without a score counts as a wrong answer, whatever it is, and takes no part in choosing thresholds.
///
/// # Errors
/// [`EvaluationError::TooFewFolds`] with less than two folds, [`EvaluationError::TooFewComparisons`] when the other folds of one hold no
/// score.
pub fn cross_validated(pairs: &[LabelledScore]) -> Result<Accuracy, EvaluationError> {
    let mut by_fold: BTreeMap<u32, Vec<&LabelledScore>> = BTreeMap::new();
    for pair in pairs {
        by_fold.entry(pair.fold).or_default().push(pair);
    }
    if by_fold.len() < 2 {
        return Err(EvaluationError::TooFewFolds);
    }
    let mut sorted: Vec<(f32, bool, u32)> = pairs.iter().filter_map(|p| p.score.map(|score| (score, p.mated, p.fold))).collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut folds = Vec::new();
    for (fold, members) in &by_fold {
        let others: Vec<(f32, bool)> = sorted.iter().filter(|s| s.2 != *fold).map(|s| (s.0, s.1)).collect();
        let threshold = best_threshold(&others).ok_or_else(|| {
            let mated = others.iter().filter(|o| o.1).count();
            EvaluationError::TooFewComparisons { mated, non_mated: others.len() - mated }
        })?;
        let right = members.iter().filter(|p| p.score.is_some_and(|score| (score >= threshold) == p.mated)).count();
        folds.push(FoldAccuracy { fold: *fold, threshold, correct: Rate { events: right as u64, trials: members.len() as u64 } });
    }
    let correct =
        folds.iter().fold(Rate::default(), |sum, f| Rate { events: sum.events + f.correct.events, trials: sum.trials + f.correct.trials });
    Ok(Accuracy { correct, folds })
}

/// The threshold with the most right answers, midway between two neighbouring scores; of several equally good ones the middle one.
fn best_threshold(sorted: &[(f32, bool)]) -> Option<f32> {
    let (lowest, highest) = (sorted.first()?.0, sorted.last()?.0);
    // Before the first score everything matches: right are the mated ones.
    let mut right = sorted.iter().filter(|s| s.1).count();
    let mut best = (right, vec![lowest]);
    for (i, (score, mated)) in sorted.iter().enumerate() {
        right = if *mated { right - 1 } else { right + 1 };
        let next = sorted.get(i + 1).map_or_else(|| highest.next_up(), |n| n.0);
        if next == *score {
            continue;
        }
        let middle = f32::midpoint(*score, next);
        let between = if middle > *score { middle } else { next };
        match right.cmp(&best.0) {
            std::cmp::Ordering::Greater => best = (right, vec![between]),
            std::cmp::Ordering::Equal => best.1.push(between),
            std::cmp::Ordering::Less => {}
        }
    }
    Some(best.1[best.1.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(mated: bool, score: f32, fold: u32) -> LabelledScore {
        LabelledScore { mated, score: Some(score), fold }
    }

    #[test]
    fn a_fold_never_sees_its_own_threshold() {
        // In fold 2 the two kinds are the other way round: a threshold that saw it could not get fold 1 right and fold 2 wrong.
        let pairs = [pair(true, 0.9, 1), pair(false, 0.1, 1), pair(true, 0.2, 2), pair(false, 0.8, 2)];
        let accuracy = cross_validated(&pairs).unwrap();
        assert_eq!(accuracy.folds[1].correct, Rate { events: 0, trials: 2 });
        assert!(accuracy.folds[1].threshold > 0.1 && accuracy.folds[1].threshold <= 0.9);
    }

    #[test]
    fn failures_to_acquire_are_wrong_answers() {
        let mut pairs = vec![pair(true, 0.9, 1), pair(false, 0.1, 1), pair(true, 0.9, 2), pair(false, 0.1, 2)];
        assert_eq!(cross_validated(&pairs).unwrap().correct, Rate { events: 4, trials: 4 });
        pairs.push(LabelledScore { mated: false, score: None, fold: 2 });
        assert_eq!(cross_validated(&pairs).unwrap().correct, Rate { events: 4, trials: 5 });
    }

    #[test]
    fn one_fold_is_refused() {
        assert_eq!(cross_validated(&[pair(true, 0.9, 1), pair(false, 0.1, 1)]), Err(EvaluationError::TooFewFolds));
        let empty = [pair(true, 0.9, 1), LabelledScore { mated: true, score: None, fold: 2 }];
        assert!(matches!(cross_validated(&empty), Err(EvaluationError::TooFewComparisons { .. })));
    }

    #[test]
    fn dealt_folds_are_equal_and_mixed() {
        let mut pairs: Vec<_> = (0..60).map(|i| pair(i < 30, 0.0, 0)).collect();
        deal_folds(&mut pairs);
        for fold in 1..=DEFAULT_FOLDS {
            let members: Vec<_> = pairs.iter().filter(|p| p.fold == fold).collect();
            assert_eq!((members.len(), members.iter().filter(|p| p.mated).count()), (6, 3));
        }
    }

    proptest! {
        #[test]
        fn no_threshold_does_better(scores in proptest::collection::vec(((-10_i8..=10).prop_map(|s| f32::from(s) / 10.0), any::<bool>()), 1..50)) {
            let mut scores = scores;
            scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let right = |threshold: f32| scores.iter().filter(|(s, mated)| (*s >= threshold) == *mated).count();
            let chosen = right(best_threshold(&scores).unwrap());
            let tried = (-12_i8..=12).map(|t| right(f32::from(t) / 10.0 + 0.05)).max().unwrap();
            prop_assert!(chosen >= tried, "{} < {}", chosen, tried);
        }
    }
}
