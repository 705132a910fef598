//! The picture holds one document: of two it is not known whose number belongs to whose portrait.

use super::{Check, Consequence, Evidence, Outcome, Reason};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.several_documents {
        None => Outcome::not_checked(Check::OneDocument, Reason::NotLooked),
        Some(false) => Outcome::passed(Check::OneDocument, Reason::OneDocument, None),
        Some(true) => Outcome::failed(Check::OneDocument, Reason::SeveralDocuments, Consequence::Retry, None),
    }
}
