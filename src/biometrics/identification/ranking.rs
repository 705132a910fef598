//! The best subjects so far, one entry each.

use crate::biometrics::comparison::SimilarityScore;
use crate::units::SubjectId;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// A subject with the best score of their templates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The subject.
    pub subject: SubjectId,
    /// Best score of the subject's templates.
    pub score: SimilarityScore,
}

impl Candidate {
    /// Higher scores first; equal ones by subject identifier.
    #[must_use]
    pub fn rank(&self, other: &Self) -> Ordering {
        other.score.0.total_cmp(&self.score.0).then(self.subject.cmp(&other.subject))
    }
}

#[derive(Clone, Copy)]
struct Ranked(Candidate);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.rank(&other.0)
    }
}
impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Ranked {}

/// Keeps the best `size` of the subjects offered.
pub struct Ranking {
    size: usize,
    ranked: BTreeSet<Ranked>,
    scores: HashMap<SubjectId, SimilarityScore>,
}

impl Ranking {
    /// An empty ranking of at most `size` subjects.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { size, ranked: BTreeSet::new(), scores: HashMap::new() }
    }

    /// Offers a score of a subject; the best of one subject's scores counts.
    pub fn offer(&mut self, candidate: Candidate) {
        if self.size == 0 || (self.ranked.len() == self.size && self.ranked.last().is_some_and(|worst| *worst <= Ranked(candidate))) {
            return;
        }
        if let Some(known) = self.scores.get(&candidate.subject).copied() {
            if known.0 >= candidate.score.0 {
                return;
            }
            self.ranked.remove(&Ranked(Candidate { score: known, ..candidate }));
        }
        self.ranked.insert(Ranked(candidate));
        self.scores.insert(candidate.subject, candidate.score);
        if self.ranked.len() > self.size
            && let Some(dropped) = self.ranked.pop_last()
        {
            self.scores.remove(&dropped.0.subject);
        }
    }

    /// A lower score cannot change the ranking; `-inf` while it is not full. An equal one can, by its identifier.
    #[must_use]
    pub fn floor(&self) -> f32 {
        if self.size == 0 {
            return f32::INFINITY;
        }
        if self.ranked.len() < self.size {
            f32::NEG_INFINITY
        } else {
            self.ranked.last().map_or(f32::NEG_INFINITY, |worst| worst.0.score.0)
        }
    }

    /// The candidates, best first.
    #[must_use]
    pub fn into_candidates(self) -> Vec<Candidate> {
        self.ranked.into_iter().map(|ranked| ranked.0).collect()
    }
}

/// The best `size` of several rankings over parts of one gallery.
#[must_use]
pub fn merge(parts: impl IntoIterator<Item = Vec<Candidate>>, size: usize) -> Vec<Candidate> {
    let mut whole = Ranking::new(size);
    parts.into_iter().flatten().for_each(|candidate| whole.offer(candidate));
    whole.into_candidates()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn candidate(subject: u8, score: i8) -> Candidate {
        Candidate { subject: SubjectId(Uuid::from_u128(subject.into())), score: SimilarityScore(f32::from(score) / 10.0) }
    }

    fn by_sorting(offers: &[Candidate], size: usize) -> Vec<Candidate> {
        let mut all = offers.to_vec();
        all.sort_by(Candidate::rank);
        let mut seen = std::collections::HashSet::new();
        all.retain(|c| seen.insert(c.subject));
        all.truncate(size);
        all
    }

    proptest! {
        #[test]
        fn equals_sorting_everything(offers in proptest::collection::vec((0_u8..20, -10_i8..=10), 0..80), size in 0_usize..25, split in 0_usize..80) {
            let offers: Vec<Candidate> = offers.into_iter().map(|(subject, score)| candidate(subject, score)).collect();
            let expected = by_sorting(&offers, size);
            let rank = |part: &[Candidate]| {
                let mut ranking = Ranking::new(size);
                part.iter().for_each(|c| ranking.offer(*c));
                ranking
            };
            let whole = rank(&offers);
            prop_assert!(offers.iter().filter(|c| c.score.0 < whole.floor()).all(|c| !expected.contains(c)));
            prop_assert_eq!(whole.into_candidates(), expected.clone());
            let (left, right) = offers.split_at(split.min(offers.len()));
            prop_assert_eq!(merge([rank(left).into_candidates(), rank(right).into_candidates()], size), expected);
        }
    }
}
