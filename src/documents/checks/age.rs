//! Minimum and maximum age; never decided while the century or an unknown part of the birth date could turn the answer.

use super::{Check, Consequence, Evidence, Outcome, Reason, Rules};
use time::Date;

pub(super) fn minimum(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Outcome {
    check(Check::MinimumAge, rules.minimum_age, evidence, today, |age, limit| age >= limit, [Reason::OldEnough, Reason::TooYoung])
}

pub(super) fn maximum(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Outcome {
    check(Check::MaximumAge, rules.maximum_age, evidence, today, |age, limit| age <= limit, [Reason::YoungEnough, Reason::TooOld])
}

fn check(
    check: Check,
    limit: Option<i32>,
    evidence: &Evidence<'_>,
    today: Date,
    fits: fn(i32, i32) -> bool,
    reasons: [Reason; 2],
) -> Outcome {
    let [fits_reason, other_reason] = reasons;
    let Some(limit) = limit else { return Outcome::not_checked(check, Reason::NoAgeLimit) };
    let Some(birth) = evidence.birth() else { return Outcome::not_checked(check, Reason::NoBirthDate) };
    let Some((youngest, oldest)) = birth.ages_on(today) else {
        return Outcome::failed(check, Reason::BirthWithoutYear, Consequence::Person, Some(0.5));
    };
    let confidence = evidence.first(|d| d.dates_confidence);
    // With two centuries the ages between them are not possible, so both ends are asked, not the range.
    match (fits(youngest, limit), fits(oldest, limit)) {
        (true, true) => Outcome::passed(check, fits_reason, confidence),
        (false, false) => Outcome::failed(check, other_reason, Consequence::Refuse, confidence),
        _ => {
            let reason = if birth.alternative.is_some() { Reason::CenturyUncertain } else { Reason::BirthPartlyUnknown };
            Outcome::failed(check, reason, Consequence::Person, Some(0.5))
        }
    }
}
