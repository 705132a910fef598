//! There is a portrait large enough to be compared. A ghost portrait does not count.

use super::{Check, Consequence, Evidence, Outcome, Portrait, Rules};

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules) -> Outcome {
    let consequence = if rules.portrait_required { Consequence::Retry } else { Consequence::Hint };
    match evidence.portrait {
        Portrait::NotLooked => Outcome::not_checked(Check::PortraitPresent, "Nobody looked for a portrait."),
        Portrait::Missing => Outcome::failed(Check::PortraitPresent, "No portrait was found on the document.", consequence, Some(0.9)),
        Portrait::GhostOnly => {
            Outcome::failed(Check::PortraitPresent, "Only the small second portrait was found; it is not compared.", consequence, Some(0.7))
        }
        Portrait::Found { height_px } if height_px < rules.smallest_portrait_px => Outcome::failed(
            Check::PortraitPresent,
            "The portrait is too small to be compared; hold the document closer.",
            consequence,
            Some(0.9),
        ),
        Portrait::Found { .. } => Outcome::passed(Check::PortraitPresent, "There is a portrait that can be compared.", Some(0.9)),
    }
}
