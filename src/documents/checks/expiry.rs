//! Not expired: a document is valid on its last day, in the time zone of the desk.

use super::{Check, Consequence, Evidence, Outcome, Rules};
use crate::documents::mrz::{CheckResult, Finding};
use time::Date;

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Outcome {
    if !rules.refuse_expired {
        return Outcome::not_checked(Check::Expiry, "The rules accept expired documents.");
    }
    if evidence.zone.is_some_and(|z| z.mrz.findings.contains(&Finding::NoExpiry)) {
        return Outcome::failed(Check::Expiry, "The document states no end of validity; a person decides.", Consequence::Person, Some(0.5));
    }
    let Some((expiry, confidence)) = evidence.first(|d| Some((d.expiry?, d.dates_confidence))) else {
        return Outcome::not_checked(Check::Expiry, "No expiry date was read.");
    };
    let (Some(first), Some(last)) = (expiry.earliest(), expiry.latest()) else {
        return Outcome::not_checked(Check::Expiry, "The expiry date has no year.");
    };
    if last < today {
        // A misread year must not refuse anybody.
        let digit = evidence.zone.map(|z| z.mrz.checks.expiry);
        let unsure = evidence.barcode.is_none() && matches!(digit, Some(CheckResult::Wrong | CheckResult::Absent));
        let consequence = if unsure { Consequence::Retry } else { Consequence::Refuse };
        return Outcome::failed(Check::Expiry, "The document has expired.", consequence, confidence);
    }
    if first < today && expiry.whole().is_none() {
        return Outcome::failed(
            Check::Expiry,
            "Whether the document has expired depends on the unknown part of its date.",
            Consequence::Person,
            Some(0.5),
        );
    }
    Outcome::passed(Check::Expiry, "The document has not expired.", confidence)
}
