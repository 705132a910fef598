//! What the chip said; without one this is not checked, and not checked is not passed.

use super::{Check, ChipAnswer, Consequence, Evidence, Outcome};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.chip {
        ChipAnswer::NotRead => Outcome::not_checked(Check::Chip, "The chip was not read."),
        ChipAnswer::Genuine => Outcome::passed(Check::Chip, "The chip is genuine and agrees with the print.", Some(1.0)),
        ChipAnswer::Undecided => {
            Outcome::failed(Check::Chip, "The chip was read, but its issuer is not known here.", Consequence::Hint, None)
        }
        ChipAnswer::Refused => {
            Outcome::failed(Check::Chip, "The chip is not genuine or contradicts the print.", Consequence::Refuse, Some(1.0))
        }
    }
}
