//! What the chip said; without one this is not checked, and not checked is not passed.

use super::{Check, ChipAnswer, Consequence, Evidence, Outcome, Reason};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.chip {
        ChipAnswer::NotRead => Outcome::not_checked(Check::Chip, Reason::ChipNotRead),
        ChipAnswer::Genuine => Outcome::passed(Check::Chip, Reason::ChipGenuine, Some(1.0)),
        ChipAnswer::Undecided => Outcome::failed(Check::Chip, Reason::ChipIssuerUnknown, Consequence::Hint, None),
        ChipAnswer::Refused => Outcome::failed(Check::Chip, Reason::ChipRefused, Consequence::Refuse, Some(1.0)),
    }
}
