//! Nobody else is enrolled with the same document. The other record is named by its registration code and nothing else.

use super::{Check, Consequence, DuplicateSearch, Evidence, Outcome, Reason};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    let confidence = evidence.first(|d| d.number_confidence);
    let outcome = match evidence.duplicate {
        DuplicateSearch::NotLooked => Outcome::not_checked(Check::DuplicateNumber, Reason::GalleryNotAsked),
        // Whoever holds the number may be somebody else: that nobody said so is no answer.
        DuplicateSearch::NoAnswer => Outcome::failed(Check::DuplicateNumber, Reason::GalleryNoAnswer, Consequence::Person, None),
        DuplicateSearch::Unused => Outcome::passed(Check::DuplicateNumber, Reason::DocumentUnused, confidence),
        DuplicateSearch::SamePerson => Outcome::passed(Check::DuplicateNumber, Reason::DocumentOfSamePerson, confidence),
        DuplicateSearch::NotCompared => {
            Outcome::failed(Check::DuplicateNumber, Reason::DocumentNotCompared, Consequence::Person, confidence)
        }
        DuplicateSearch::OtherPerson => Outcome::failed(Check::DuplicateNumber, Reason::DocumentOfOther, Consequence::Person, confidence),
    };
    Outcome { record: evidence.duplicate_record.map(str::to_owned), ..outcome }
}
