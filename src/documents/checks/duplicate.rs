//! Nobody else is enrolled with the same document.

use super::{Check, Consequence, DuplicateSearch, Evidence, Outcome};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    let confidence = evidence.first(|d| d.number_confidence);
    match evidence.duplicate {
        DuplicateSearch::NotLooked => Outcome::not_checked(Check::DuplicateNumber, "The gallery was not asked."),
        DuplicateSearch::Unused => Outcome::passed(Check::DuplicateNumber, "Nobody is enrolled with this document.", confidence),
        DuplicateSearch::SamePerson => Outcome::passed(Check::DuplicateNumber, "The document belongs to the same enrolment.", confidence),
        DuplicateSearch::OtherPerson => {
            Outcome::failed(Check::DuplicateNumber, "Somebody else is enrolled with this document.", Consequence::Person, confidence)
        }
    }
}
