//! What the chip said; without one this is not checked, and not checked is not passed.

use super::{Check, ChipAnswer, Consequence, Evidence, Outcome, Reason, Status};
use crate::documents::chip::{ChipCheck, ChipFindings, Verdict};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.chip {
        ChipAnswer::NotRead => Outcome::not_checked(Check::Chip, Reason::ChipNotRead),
        ChipAnswer::Genuine => Outcome::passed(Check::Chip, Reason::ChipGenuine, Some(1.0)),
        ChipAnswer::GenuineAlone => Outcome::not_checked(Check::Chip, Reason::ChipGenuineAlone),
        ChipAnswer::Undecided => Outcome::failed(Check::Chip, Reason::ChipIssuerUnknown, Consequence::Hint, None),
        ChipAnswer::Doubtful => Outcome::failed(Check::Chip, Reason::ChipDoubtful, Consequence::Person, None),
        ChipAnswer::Refused => Outcome::failed(Check::Chip, Reason::ChipRefused, Consequence::Refuse, Some(1.0)),
    }
}

/// What follows from the findings about a chip for the document it is in.
impl From<&ChipFindings> for ChipAnswer {
    fn from(chip: &ChipFindings) -> Self {
        let agrees = chip.outcome(ChipCheck::ZoneAgainstPrint).status == Status::Passed;
        match chip.verdict {
            Verdict::Refused => Self::Refused,
            Verdict::Authentic if agrees => Self::Genuine,
            Verdict::Authentic => Self::GenuineAlone,
            // What refuses has another verdict: what failed here is for a person.
            Verdict::Undecided if chip.outcomes.iter().any(|o| o.status == Status::Failed) => Self::Doubtful,
            Verdict::Undecided => Self::Undecided,
        }
    }
}
