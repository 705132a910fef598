//! Already valid: not issued in the future. Zones of passports and cards give no day of issue.

use super::{Check, Consequence, Evidence, Outcome, Reason};
use time::Date;

pub(super) fn check(evidence: &Evidence<'_>, today: Date) -> Outcome {
    match evidence.first(|d| Some((d.issue?, d.dates_confidence))) {
        None => Outcome::not_checked(Check::NotYetValid, Reason::NoIssueDate),
        Some((issue, confidence)) if issue > today => {
            Outcome::failed(Check::NotYetValid, Reason::NotYetValid, Consequence::Refuse, confidence)
        }
        Some((_, confidence)) => Outcome::passed(Check::NotYetValid, Reason::ValidAlready, confidence),
    }
}
