//! What the chip said; without one this is not checked, and not checked is not passed.

use super::{Check, ChipAnswer, Consequence, Evidence, Outcome, Reason, Status};
use crate::documents::chip::{ChipCheck, ChipFindings, Verdict};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.chip {
        ChipAnswer::NotRead => Outcome::not_checked(Check::Chip, Reason::ChipNotRead),
        ChipAnswer::Genuine => Outcome::passed(Check::Chip, Reason::ChipGenuine, Some(1.0)),
        ChipAnswer::NotCompared => Outcome::failed(Check::Chip, Reason::ChipNotCompared, Consequence::Person, None),
        ChipAnswer::Undecided => Outcome::failed(Check::Chip, Reason::ChipIssuerUnknown, Consequence::Hint, None),
        ChipAnswer::ForAPerson => Outcome::failed(Check::Chip, Reason::ChipForAPerson, Consequence::Person, None),
        ChipAnswer::Refused => Outcome::failed(Check::Chip, Reason::ChipRefused, Consequence::Refuse, Some(1.0)),
    }
}

/// What passive authentication found, in a word.
impl From<&ChipFindings> for ChipAnswer {
    fn from(findings: &ChipFindings) -> Self {
        match findings.verdict {
            Verdict::Refused => Self::Refused,
            Verdict::Authentic if findings.outcome(ChipCheck::ZoneAgainstPrint).status == Status::Passed => Self::Genuine,
            Verdict::Authentic => Self::NotCompared,
            Verdict::Undecided if findings.outcomes.iter().any(|o| o.status == Status::Failed) => Self::ForAPerson,
            Verdict::Undecided => Self::Undecided,
        }
    }
}
