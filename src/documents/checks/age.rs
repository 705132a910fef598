//! Minimum and maximum age; never decided while the century or an unknown part of the birth date could turn the answer.

use super::{Check, Consequence, Evidence, Outcome, Rules};
use time::Date;

pub(super) fn minimum(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Outcome {
    check(Check::MinimumAge, rules.minimum_age, evidence, today, |age, limit| age >= limit, ["old enough", "too young"])
}

pub(super) fn maximum(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Outcome {
    check(Check::MaximumAge, rules.maximum_age, evidence, today, |age, limit| age <= limit, ["young enough", "too old"])
}

fn check(check: Check, limit: Option<i32>, evidence: &Evidence<'_>, today: Date, fits: fn(i32, i32) -> bool, words: [&str; 2]) -> Outcome {
    let Some(limit) = limit else { return Outcome::not_checked(check, "The rules set no such limit.") };
    let Some(birth) = evidence.birth() else { return Outcome::not_checked(check, "No birth date was read.") };
    let Some((youngest, oldest)) = birth.ages_on(today) else {
        return Outcome::failed(check, "The birth date has no year; a person decides about the age.", Consequence::Person, Some(0.5));
    };
    let confidence = evidence.first(|d| d.dates_confidence);
    // With two centuries the ages between them are not possible, so both ends are asked, not the range.
    match (fits(youngest, limit), fits(oldest, limit)) {
        (true, true) => Outcome::passed(check, &format!("The holder is {}.", words[0]), confidence),
        (false, false) => Outcome::failed(check, format!("The holder is {}.", words[1]), Consequence::Refuse, confidence),
        _ => {
            let reason = if birth.alternative.is_some() {
                "The century of the birth is uncertain; the year with four digits decides."
            } else {
                "The unknown part of the birth date decides about the age."
            };
            Outcome::failed(check, reason, Consequence::Person, Some(0.5))
        }
    }
}
