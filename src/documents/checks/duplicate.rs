//! Nobody else is enrolled with the same document. The other record is named by its registration code and nothing else.

use super::{Check, Consequence, DuplicateSearch, Evidence, Outcome};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    let confidence = evidence.first(|d| d.number_confidence);
    let outcome = match evidence.duplicate {
        DuplicateSearch::NotLooked => Outcome::not_checked(Check::DuplicateNumber, "The gallery was not asked."),
        DuplicateSearch::NoAnswer => Outcome::not_checked(Check::DuplicateNumber, "The gallery could not be asked."),
        DuplicateSearch::Unused => Outcome::passed(Check::DuplicateNumber, "Nobody is enrolled with this document.", confidence),
        DuplicateSearch::SamePerson => {
            Outcome::passed(Check::DuplicateNumber, "The document belongs to the enrolled person who stands there.", confidence)
        }
        DuplicateSearch::NotCompared => Outcome::failed(
            Check::DuplicateNumber,
            "Somebody is enrolled with this document; whether it is the person who stands there could not be compared.",
            Consequence::Person,
            confidence,
        ),
        DuplicateSearch::OtherPerson => {
            Outcome::failed(Check::DuplicateNumber, "Somebody else is enrolled with this document.", Consequence::Person, confidence)
        }
    };
    Outcome { record: evidence.duplicate_record.map(str::to_owned), ..outcome }
}
