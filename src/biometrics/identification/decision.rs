//! From a candidate list to an answer: identified, ambiguous or an honest unknown.
//!
//! A search compares the probe with every template of the gallery, so that even a strict false match rate adds up: among N templates of
//! strangers at least one false match is returned with a probability (FPIR) of `1 - (1 - FMR)^N`, were they independent. The threshold of
//! a search is therefore taken at the FMR that keeps the FPIR asked for at the size of the gallery searched; where the calibration's
//! sample supports no FMR that low, nobody is identified, and the list is for an officer to look at.

use super::ranking::Candidate;
use crate::biometrics::comparison::{Calibration, SimilarityScore};
use crate::units::SubjectId;

/// What a search returns and when it identifies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IdentificationPolicy {
    /// Entries of the candidate list, at most.
    pub list_size: usize,
    /// Candidates are listed whose score percent is strictly above this, 0-100.
    pub cut_off_percent: f32,
    /// Probability, as a fraction, that a search for a stranger may identify somebody.
    pub false_positive_identification_rate: f64,
    /// How far the best candidate must be ahead of the second to be the answer, in points of score percent.
    pub least_margin_percent: f32,
    /// False match rate, a fraction, above which nobody is named however few are searched: a search of one person asks no less of them than a
    /// comparison with that person.
    pub highest_false_match_rate: f64,
}

/// List size and cut-off as AwareID has them; FPIR and margin picked by hand, not measured; the false match rate as low as the FPIR asks for.
impl Default for IdentificationPolicy {
    fn default() -> Self {
        Self {
            list_size: 100,
            cut_off_percent: 50.0,
            false_positive_identification_rate: 1e-2,
            least_margin_percent: 3.0,
            highest_false_match_rate: 1.0,
        }
    }
}

/// A candidate as lists show it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ListedCandidate {
    /// The subject.
    pub subject: SubjectId,
    /// Best score of their templates.
    pub score: SimilarityScore,
    /// The score through the calibration, 0-100.
    pub score_percent: f32,
}

/// Why nobody was identified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UnknownReason {
    /// Nothing was there to compare with.
    NobodySearched,
    /// The best score does not reach the threshold.
    BelowThreshold,
    /// The calibration cannot support a decision among so many.
    UnsupportedGallerySize {
        /// FMR that the gallery's size asks for, a fraction.
        needed_false_match_rate: f64,
        /// Templates among which it could, at most.
        supported: usize,
        /// FPIR, a fraction, that this search would have at the strictest threshold there is; above the one asked for.
        strictest_rate: f64,
    },
}

/// The answer of a search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum IdentificationDecision {
    /// One subject reaches the threshold and is clear of all others.
    Identified(SubjectId),
    /// The best reaches the threshold, and so does another, or another is too close behind: an officer decides.
    Ambiguous,
    /// Nobody.
    Unknown(UnknownReason),
}

/// A search with everything needed to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Identification {
    /// Best first, after cut-off and size.
    pub candidates: Vec<ListedCandidate>,
    /// Templates that the probe was compared with.
    pub searched: usize,
    /// The threshold in force; `None` where the calibration supports none at this size.
    pub threshold: Option<SimilarityScore>,
    /// The FMR that the threshold stands for, a fraction.
    pub false_match_rate: Option<f64>,
    /// Probability, as a fraction, that a stranger is returned at this threshold and size.
    pub false_positive_identification_rate: Option<f64>,
    /// Lead of the best candidate over the second, in points of score percent; `None` without a second.
    pub margin_percent: Option<f32>,
    /// The answer.
    pub decision: IdentificationDecision,
}

/// FPIR of a search among `searched` templates: `1 - (1 - FMR)^searched`.
#[must_use]
pub fn false_positive_identification_rate(fmr: f64, searched: usize) -> f64 {
    -(searched as f64 * (-fmr).ln_1p()).exp_m1()
}

/// The FMR that keeps the FPIR at `fpir` in a search among `searched` templates.
#[must_use]
pub fn needed_false_match_rate(fpir: f64, searched: usize) -> f64 {
    -((-fpir).ln_1p() / searched.max(1) as f64).exp_m1()
}

impl IdentificationPolicy {
    /// Candidates that a search has to find for [`Self::decide`]: the list, and a second one for the margin.
    #[must_use]
    pub fn search_size(&self) -> usize {
        self.list_size.max(2)
    }

    /// The false match rate that a search among `searched` templates asks for, at most.
    #[must_use]
    pub fn needed_rate(&self, searched: usize) -> f64 {
        needed_false_match_rate(self.false_positive_identification_rate, searched).min(self.highest_false_match_rate)
    }

    /// Templates among which a calibration supports naming somebody at the FPIR asked for, at most.
    #[must_use]
    pub fn largest_search(&self, calibration: &Calibration) -> usize {
        let strictest = calibration.points().last().map_or(1.0, |p| p.fmr);
        if strictest > self.highest_false_match_rate * (1.0 + 1e-9) {
            return 0;
        }
        // The strictest point may stand in for a rate that is lower by as little as the calibration's own tolerance.
        ((-self.false_positive_identification_rate).ln_1p() / (-strictest).ln_1p() * (1.0 + 1e-9)).floor() as usize
    }

    /// Reads a search's answer.
    ///
    /// - `candidates`: best first, one a subject, at least the best [`Self::search_size`].
    /// - `searched`: templates that the probe was compared with ([`super::Index::searched`]).
    /// - `calibration`: of the recogniser that made the templates.
    #[must_use]
    pub fn decide(&self, candidates: &[Candidate], searched: usize, calibration: &Calibration) -> Identification {
        let listed = candidates
            .iter()
            .take(self.list_size)
            .map(|c| ListedCandidate { subject: c.subject, score: c.score, score_percent: calibration.score_percent(c.score) })
            .filter(|c| c.score_percent > self.cut_off_percent);
        let needed = self.needed_rate(searched);
        let point = calibration.at_most(needed).ok();
        let percent = |candidate: &Candidate| calibration.score_percent(candidate.score);
        let margin_percent = candidates.first().zip(candidates.get(1)).map(|(best, second)| percent(best) - percent(second));
        let reaches = |c: &&Candidate| point.is_some_and(|p| c.score.0 >= p.threshold);
        let decision = match (candidates.first(), point) {
            (None, _) => IdentificationDecision::Unknown(UnknownReason::NobodySearched),
            (Some(_), None) => IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize {
                needed_false_match_rate: needed,
                supported: self.largest_search(calibration),
                strictest_rate: calibration.points().last().map_or(1.0, |p| false_positive_identification_rate(p.fmr, searched)),
            }),
            (Some(best), Some(_)) if !reaches(&best) => IdentificationDecision::Unknown(UnknownReason::BelowThreshold),
            _ if candidates.get(1).is_some_and(|second| reaches(&second)) => IdentificationDecision::Ambiguous,
            _ if margin_percent.is_some_and(|m| m < self.least_margin_percent) => IdentificationDecision::Ambiguous,
            (Some(best), Some(_)) => IdentificationDecision::Identified(best.subject),
        };
        Identification {
            candidates: listed.collect(),
            searched,
            threshold: point.map(|p| SimilarityScore(p.threshold)),
            false_match_rate: point.map(|p| p.fmr),
            false_positive_identification_rate: point.map(|p| false_positive_identification_rate(p.fmr, searched)),
            margin_percent,
            decision,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::comparison::OperatingPoint;
    use IdentificationDecision::{Ambiguous, Identified, Unknown};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn subject(n: usize) -> SubjectId {
        SubjectId(Uuid::from_u128(n as u128))
    }

    fn found(scores: &[f32]) -> Vec<Candidate> {
        scores.iter().enumerate().map(|(n, s)| Candidate { subject: subject(n), score: SimilarityScore(*s) }).collect()
    }

    fn calibration() -> Calibration {
        let points = [(1e-2, 0.3), (1e-3, 0.4), (1e-4, 0.5), (1e-5, 0.6)];
        let points = points.map(|(fmr, threshold)| OperatingPoint { fmr, threshold, low: fmr, high: fmr }).to_vec();
        Calibration::new("r@1", "made up", 1_000_000, points).unwrap()
    }

    #[test]
    fn decisions() {
        let below = Unknown(UnknownReason::BelowThreshold);
        for (scores, searched, expected) in [
            (&[][..], 0, Unknown(UnknownReason::NobodySearched)),
            (&[0.31], 1, Identified(subject(0))),
            (&[0.29], 1, below),
            // Ten templates ask for FMR 1e-3, a hundred for 1e-4, a thousand for 1e-5.
            (&[0.45, 0.1], 10, Identified(subject(0))),
            (&[0.45, 0.1], 100, below),
            (&[0.55, 0.1], 100, Identified(subject(0))),
            (&[0.55, 0.1], 1000, below),
            (&[0.65, 0.1], 1000, Identified(subject(0))),
            (&[0.65, 0.62], 1000, Ambiguous),
            (&[0.61, 0.59], 1000, Ambiguous),
            (&[0.75, 0.59], 1000, Identified(subject(0))),
        ] {
            let answer = IdentificationPolicy::default().decide(&found(scores), searched, &calibration());
            assert_eq!(answer.decision, expected, "{scores:?} among {searched}");
        }
    }

    #[test]
    fn galleries_too_large_for_the_calibration_identify_nobody() {
        let answer = IdentificationPolicy::default().decide(&found(&[0.99, 0.1]), 10_000, &calibration());
        let Unknown(UnknownReason::UnsupportedGallerySize { needed_false_match_rate, supported, strictest_rate }) = answer.decision else {
            panic!("{answer:?}")
        };
        assert!((needed_false_match_rate / 1e-6 - 1.005).abs() < 1e-3, "{needed_false_match_rate}");
        assert_eq!(supported, 1005, "FMR 1e-5 adds up to 1 % over a thousand");
        assert!((strictest_rate - 0.0952).abs() < 1e-4, "{strictest_rate}");
        assert_eq!((answer.threshold, answer.candidates.len()), (None, 1), "the officer still sees the list");
        let lax = IdentificationPolicy { false_positive_identification_rate: 0.1, ..Default::default() };
        let answer = lax.decide(&found(&[0.99, 0.1]), 10_000, &calibration());
        assert_eq!(answer.decision, Identified(subject(0)));
        assert!((answer.false_positive_identification_rate.unwrap() - 0.0952).abs() < 1e-4);
    }

    #[test]
    fn a_search_of_few_asks_no_less_than_a_comparison() {
        let policy = IdentificationPolicy { highest_false_match_rate: 1e-3, ..Default::default() };
        let answer = |score, searched| policy.decide(&found(&[score]), searched, &calibration());
        assert_eq!(
            answer(0.31, 1).decision,
            Unknown(UnknownReason::BelowThreshold),
            "enough for one in a hundred, not for one in a thousand"
        );
        assert_eq!((answer(0.41, 1).decision, answer(0.41, 1).false_match_rate), (Identified(subject(0)), Some(1e-3)));
        assert_eq!(answer(0.55, 1000).threshold, Some(SimilarityScore(0.6)), "the size asks for more");
        let strict = IdentificationPolicy { highest_false_match_rate: 1e-6, ..Default::default() };
        assert_eq!(strict.largest_search(&calibration()), 0);
    }

    #[test]
    fn lists_are_cut_strictly_above_the_percent_and_to_the_size() {
        let policy = IdentificationPolicy { list_size: 2, ..Default::default() };
        let listed = |scores: &[f32]| policy.decide(&found(scores), 10, &calibration()).candidates.len();
        assert_eq!(listed(&[0.9, 0.8, 0.7]), 2);
        assert_eq!(listed(&[0.9, 0.3, 0.2]), 1, "50 % is not above 50 %");
        assert_eq!(listed(&[0.1]), 0);
    }

    proptest! {
        #[test]
        fn rates_invert_each_other(fpir in 1e-6_f64..0.9, searched in 1_usize..10_000_000) {
            let back = false_positive_identification_rate(needed_false_match_rate(fpir, searched), searched);
            prop_assert!((back - fpir).abs() <= 1e-9 * fpir, "{} {}", back, fpir);
        }

        #[test]
        fn the_largest_search_is_the_last_that_has_a_threshold(fpir in 1e-4_f64..0.5) {
            let policy = IdentificationPolicy { false_positive_identification_rate: fpir, ..Default::default() };
            let largest = policy.largest_search(&calibration());
            let threshold = |searched| policy.decide(&found(&[0.9]), searched, &calibration()).threshold;
            prop_assert!(largest == 0 || threshold(largest).is_some(), "{}", largest);
            prop_assert!(threshold(largest + 1).is_none(), "{}", largest);
        }

        #[test]
        fn a_larger_gallery_never_makes_an_identification(scores in proptest::collection::vec(-1.0_f32..=1.0, 1..6), n in 1_usize..5000, more in 0_usize..5000) {
            let mut scores = scores;
            scores.sort_by(|a, b| b.total_cmp(a));
            let policy = IdentificationPolicy::default();
            let decide = |searched| policy.decide(&found(&scores), searched, &calibration());
            if let Identified(subject) = decide(n + more).decision {
                let small = decide(n);
                prop_assert!(matches!(small.decision, Identified(s) if s == subject) || small.decision == Ambiguous);
            }
            prop_assert!(decide(n).candidates.windows(2).all(|w| w[0].score.0 >= w[1].score.0));
        }
    }
}
