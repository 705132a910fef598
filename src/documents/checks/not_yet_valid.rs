//! Already valid: not issued in the future. Zones of passports and cards give no day of issue.

use super::{Check, Consequence, Evidence, Outcome};
use time::Date;

pub(super) fn check(evidence: &Evidence<'_>, today: Date) -> Outcome {
    match evidence.first(|d| Some((d.issue?, d.dates_confidence))) {
        None => Outcome::not_checked(Check::NotYetValid, "No date of issue was read."),
        Some((issue, confidence)) if issue > today => Outcome::failed(
            Check::NotYetValid,
            "The document is dated in the future: it is not valid yet.",
            Consequence::Refuse,
            confidence,
        ),
        Some((_, confidence)) => Outcome::passed(Check::NotYetValid, "The document is valid already.", confidence),
    }
}
