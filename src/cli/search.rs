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
    /// Templates among which somebody could be named, at most, where there is no decision for their number.
    supported_templates: Option<usize>,
    /// What the rate of false answers would be at the strictest threshold measured, where that is not strict enough.
    strictest_false_positive_identification_rate: Option<f64>,
    /// Lead of the best over the second, points of score percent.
    margin_percent: Option<f32>,
}

impl From<&SearchBasis> for BasisRow {
    fn from(basis: &SearchBasis) -> Self {
        let reason = match basis.decision {
            IdentificationDecision::Identified(_) => None,
            IdentificationDecision::Ambiguous => Some("too_much_alike"),
            IdentificationDecision::Unknown(UnknownReason::NobodySearched) => Some("nobody_searched"),
            IdentificationDecision::Unknown(UnknownReason::BelowThreshold) => Some("below_threshold"),
            IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize { .. }) => Some("gallery_too_large"),
        };
        let too_large = match basis.decision {
            IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize {
                needed_false_match_rate,
                supported,
                strictest_rate,
            }) => Some((needed_false_match_rate, supported, strictest_rate)),
            _ => None,
        };
        Self {
            reason,
            searched: basis.searched,
            threshold: basis.threshold.map(|t| t.0),
            false_match_rate: basis.false_match_rate,
            false_positive_identification_rate: basis.false_positive_identification_rate,
            needed_false_match_rate: too_large.map(|(needed, ..)| needed),
            supported_templates: too_large.map(|(_, supported, _)| supported),
            strictest_false_positive_identification_rate: too_large.map(|(.., rate)| rate),
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
    let searched = if basis.searched == 1 { "one template".to_owned() } else { format!("{} templates", basis.searched) };
    let lead = basis.margin_percent.map_or_else(String::new, |m| format!(", {m:.1} points ahead of the next"));
    match basis.decision {
        IdentificationDecision::Identified(_) => format!("identified among {searched}{lead}"),
        IdentificationDecision::Ambiguous => format!("undecided: several people among {searched} are alike; compare the faces"),
        IdentificationDecision::Unknown(UnknownReason::NobodySearched) => "unknown: there was nobody to compare with".to_owned(),
        IdentificationDecision::Unknown(UnknownReason::BelowThreshold) => {
            format!("unknown: nobody among {searched} is alike enough")
        }
        IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize { supported, strictest_rate, .. }) => format!(
            "unknown: among {searched} nobody can be named, the measured thresholds bear out a name among {supported} at most (at the \
             strictest, a stranger would be given a name in {:.1} % of such searches); the list is for comparing the faces. Search fewer people \
             with --gallery or --among, or measure further: `visavis gallery calibrate`",
            strictest_rate * 100.0
        ),
    }
}
