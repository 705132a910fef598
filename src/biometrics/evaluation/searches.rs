//! Error rates of 1:N: false positives among probes of strangers, false negatives among probes of the enrolled.

use super::Rate;
use crate::biometrics::identification::Candidate;
use crate::units::SubjectId;

/// One search of an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledSearch {
    /// Who the probe shows, where they are enrolled; `None` for a stranger.
    pub mate: Option<SubjectId>,
    /// What the search returned, best first; `None` when the probe gave no template.
    pub candidates: Option<Vec<Candidate>>,
}

/// Rates at one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchRates {
    /// Searches for strangers that returned anybody.
    pub fpir: Rate,
    /// Searches for enrolled people that did not return them.
    pub fnir: Rate,
    /// Searches for enrolled people that put them first, whatever the score.
    pub rank_one: Rate,
}

/// Counts errors at a threshold within the first `list_size` candidates. A probe without a template returns nobody.
#[must_use]
pub fn rates(searches: &[LabelledSearch], threshold: f32, list_size: usize) -> SearchRates {
    let mut rates = SearchRates { fpir: Rate::default(), fnir: Rate::default(), rank_one: Rate::default() };
    for search in searches {
        let candidates = search.candidates.as_deref().unwrap_or_default();
        let mut returned = candidates.iter().take(list_size).take_while(|c| c.score.0 >= threshold);
        match search.mate {
            None => {
                rates.fpir.trials += 1;
                rates.fpir.events += u64::from(returned.next().is_some());
            }
            Some(mate) => {
                rates.fnir.trials += 1;
                rates.fnir.events += u64::from(!returned.any(|c| c.subject == mate));
                rates.rank_one.trials += 1;
                rates.rank_one.events += u64::from(candidates.first().is_some_and(|c| c.subject == mate));
            }
        }
    }
    rates
}

/// The lowest threshold with an FPIR of at most `fpir`, midway between neighbouring best scores of strangers' probes; `None` where the
/// sample allows no false positive at all at this rate.
#[must_use]
pub fn threshold_at_fpir(searches: &[LabelledSearch], fpir: f64) -> Option<f32> {
    let strangers = searches.iter().filter(|s| s.mate.is_none());
    let best = |s: &LabelledSearch| s.candidates.as_deref().and_then(|c| c.first()).map_or(-1.0, |c| c.score.0);
    super::tradeoff::Tradeoff::new(vec![1.0], strangers.map(best).collect()).ok()?.threshold_at_fmr(fpir)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::comparison::SimilarityScore;
    use uuid::Uuid;

    fn subject(n: u128) -> SubjectId {
        SubjectId(Uuid::from_u128(n))
    }

    fn search(mate: Option<u128>, found: &[(u128, f32)]) -> LabelledSearch {
        let candidates = found.iter().map(|(n, s)| Candidate { subject: subject(*n), score: SimilarityScore(*s) }).collect();
        LabelledSearch { mate: mate.map(subject), candidates: Some(candidates) }
    }

    #[test]
    fn hand_counted() {
        let searches = [
            search(Some(1), &[(1, 0.9), (2, 0.6)]),
            search(Some(2), &[(1, 0.7), (2, 0.6)]),
            search(Some(3), &[(3, 0.3)]),
            LabelledSearch { mate: Some(subject(4)), candidates: None },
            search(None, &[(1, 0.55)]),
            search(None, &[(1, 0.2)]),
            LabelledSearch { mate: None, candidates: None },
        ];
        for (threshold, size, false_positives, misses) in [(0.5, 10, 1, 2), (0.5, 1, 1, 3), (0.25, 10, 1, 1), (0.95, 10, 0, 4)] {
            let found = rates(&searches, threshold, size);
            assert_eq!(found.fpir, Rate { events: false_positives, trials: 3 }, "{threshold}");
            assert_eq!(found.fnir, Rate { events: misses, trials: 4 }, "{threshold}");
            assert_eq!(found.rank_one, Rate { events: 2, trials: 4 });
        }
        let threshold = threshold_at_fpir(&searches, 0.34).unwrap();
        assert!(threshold > 0.2 && threshold <= 0.55);
        assert_eq!(threshold_at_fpir(&searches, 0.3), None);
    }
}
