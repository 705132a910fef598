//! Not expired: a document is valid on its last day, in the time zone of the desk, and accepted for as long after it as the rules say.

use super::{Check, Consequence, Evidence, Outcome, Reason, Rules};
use crate::documents::mrz::{CheckResult, Finding};
use time::{Date, Duration};

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Outcome {
    if !rules.refuse_expired {
        return Outcome::not_checked(Check::Expiry, Reason::ExpiryAccepted);
    }
    if evidence.zone.is_some_and(|z| z.mrz.findings.contains(&Finding::NoExpiry)) {
        return Outcome::failed(Check::Expiry, Reason::NoEnd, Consequence::Person, Some(0.5));
    }
    let Some((expiry, confidence)) = evidence.first(|d| Some((d.expiry?, d.dates_confidence))) else {
        return Outcome::not_checked(Check::Expiry, Reason::NoExpiryDate);
    };
    let (Some(first), Some(last)) = (expiry.earliest(), expiry.latest()) else {
        return Outcome::not_checked(Check::Expiry, Reason::ExpiryWithoutYear);
    };
    let accepted_from = today.checked_sub(Duration::days(rules.expired_days.into())).unwrap_or(Date::MIN);
    if last < accepted_from {
        // A misread year must not refuse anybody.
        let digit = evidence.zone.map(|z| z.mrz.checks.expiry);
        let unsure = evidence.barcode.is_none() && matches!(digit, Some(CheckResult::Wrong | CheckResult::Absent));
        let consequence = if unsure { Consequence::Retry } else { Consequence::Refuse };
        return Outcome::failed(Check::Expiry, Reason::Expired, consequence, confidence);
    }
    if first < accepted_from {
        return Outcome::failed(Check::Expiry, Reason::ExpiryPartlyUnknown, Consequence::Person, Some(0.5));
    }
    let reason = match (first < today, last < today) {
        (_, true) => Reason::ExpiredLately,
        (true, false) => Reason::ExpiryPartlyUnknown,
        (false, false) => Reason::NotExpired,
    };
    Outcome::passed(Check::Expiry, reason, confidence)
}
