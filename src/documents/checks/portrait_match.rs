//! The portrait of the document shows the person who stands there.

use super::{Check, Comparison, Consequence, Evidence, Outcome, Reason};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.comparison {
        Comparison::NotMade => Outcome::not_checked(Check::PortraitMatch, Reason::NoLivingFace),
        Comparison::NotComparable => Outcome::failed(Check::PortraitMatch, Reason::FacesNotComparable, Consequence::Retry, None),
        Comparison::Made { matches: true, confidence, for_documents } => {
            let reason = if for_documents { Reason::FacesMatchForDocuments } else { Reason::FacesMatchForLive };
            Outcome::passed(Check::PortraitMatch, reason, Some(confidence))
        }
        Comparison::Made { matches: false, confidence, .. } => {
            Outcome::failed(Check::PortraitMatch, Reason::FacesDiffer, Consequence::Refuse, Some(1.0 - confidence))
        }
    }
}
