//! The portrait of the document shows the person who stands there.

use super::{Check, Comparison, Consequence, Evidence, Outcome};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.comparison {
        Comparison::NotMade => Outcome::not_checked(Check::PortraitMatch, "No living face was compared."),
        Comparison::NotComparable => Outcome::failed(
            Check::PortraitMatch,
            "The portrait or the living face cannot be compared; capture it again.",
            Consequence::Retry,
            None,
        ),
        Comparison::Made { matches: true, confidence, for_documents } => {
            let reason = if for_documents {
                "The portrait shows the person; the threshold is the one for portraits of documents."
            } else {
                "The portrait shows the person; the threshold is the one for live pictures."
            };
            Outcome::passed(Check::PortraitMatch, reason, Some(confidence))
        }
        Comparison::Made { matches: false, confidence, .. } => {
            Outcome::failed(Check::PortraitMatch, "The portrait shows somebody else.", Consequence::Refuse, Some(1.0 - confidence))
        }
    }
}
