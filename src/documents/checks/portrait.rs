//! There is a portrait large enough to be compared. A ghost portrait does not count.

use super::{Check, Consequence, Evidence, Outcome, Portrait, Reason, Rules};

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules) -> Outcome {
    let consequence = if rules.portrait_required { Consequence::Retry } else { Consequence::Hint };
    match evidence.portrait {
        Portrait::NotLooked => Outcome::not_checked(Check::PortraitPresent, Reason::PortraitNotLooked),
        Portrait::Missing => Outcome::failed(Check::PortraitPresent, Reason::NoPortrait, consequence, Some(0.9)),
        Portrait::GhostOnly => Outcome::failed(Check::PortraitPresent, Reason::GhostOnly, consequence, Some(0.7)),
        Portrait::Found { height_px } if height_px < rules.smallest_portrait_px => {
            Outcome::failed(Check::PortraitPresent, Reason::PortraitSmall, consequence, Some(0.9))
        }
        Portrait::Found { .. } => Outcome::passed(Check::PortraitPresent, Reason::PortraitThere, Some(0.9)),
    }
}
