//! What an identification answered: the word, the reason, and the numbers behind both.

use crate::biometrics::identification::decision::{IdentificationDecision, UnknownReason};
use crate::workflow::view::SearchBasis;
use serde::Serialize;

/// The numbers of a search as JSON shows them.
#[derive(Serialize)]
pub(super) struct BasisRow {
    /// Why nobody was named: `nobody_searched`, `below_threshold`, `gallery_too_large`, `too_much_alike`; null where somebody was.
    reason: Option<&'static str>,
    /// Templates compared with.
    searched: usize,
    /// Null where the calibration supports no threshold among so many.
    threshold: Option<f32>,
    false_match_rate: Option<f64>,
    false_positive_identification_rate: Option<f64>,
    /// The false match rate that a decision among so many would need, where there is none.
    needed_false_match_rate: Option<f64>,
    /// Lead of the best over the second, points of score percent.
    margin_percent: Option<f32>,
}

impl From<&SearchBasis> for BasisRow {
    fn from(basis: &SearchBasis) -> Self {
        let (reason, needed_false_match_rate) = match basis.decision {
            IdentificationDecision::Identified(_) => (None, None),
            IdentificationDecision::Ambiguous => (Some("too_much_alike"), None),
            IdentificationDecision::Unknown(UnknownReason::NobodySearched) => (Some("nobody_searched"), None),
            IdentificationDecision::Unknown(UnknownReason::BelowThreshold) => (Some("below_threshold"), None),
            IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize { needed_false_match_rate }) => {
                (Some("gallery_too_large"), Some(needed_false_match_rate))
            }
        };
        Self {
            reason,
            searched: basis.searched,
            threshold: basis.threshold.map(|t| t.0),
            false_match_rate: basis.false_match_rate,
            false_positive_identification_rate: basis.false_positive_identification_rate,
            needed_false_match_rate,
            margin_percent: basis.margin_percent,
        }
    }
}

/// The answer in a word.
pub(super) const fn word(basis: &SearchBasis) -> &'static str {
    match basis.decision {
        IdentificationDecision::Identified(_) => "identified",
        IdentificationDecision::Ambiguous => "undecided",
        IdentificationDecision::Unknown(_) => "unknown",
    }
}

/// The answer in a sentence for people.
pub(super) fn sentence(basis: &SearchBasis) -> String {
    let searched = basis.searched;
    let lead = basis.margin_percent.map_or_else(String::new, |m| format!(", {m:.1} points ahead of the next"));
    match basis.decision {
        IdentificationDecision::Identified(_) => format!("identified among {searched} templates{lead}"),
        IdentificationDecision::Ambiguous => format!("undecided: several people among {searched} templates are alike; compare the faces"),
        IdentificationDecision::Unknown(UnknownReason::NobodySearched) => "unknown: there was nobody to compare with".to_owned(),
        IdentificationDecision::Unknown(UnknownReason::BelowThreshold) => {
            format!("unknown: nobody among {searched} templates is alike enough")
        }
        IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize { needed_false_match_rate }) => format!(
            "unknown: among {searched} templates a false match rate of {needed_false_match_rate:.1e} is needed to name anyone, and the \
             recogniser's calibration does not reach that far; the list is for comparing the faces"
        ),
    }
}
