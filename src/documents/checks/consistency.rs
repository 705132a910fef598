//! Dates that exist and fit each other: birth before issue before expiry, no birth in the future, nobody 130 years old.

use super::{Check, Consequence, Contradiction, Evidence, Outcome, Reason, Source};
use crate::documents::dates::{IMPOSSIBLE_AGE, PartialDate, age_on, is_anniversary};
use time::Date;

pub(super) fn check(evidence: &Evidence<'_>, today: Date) -> Outcome {
    let sources = evidence.document();
    let birth = evidence.birth().map(|b| b.date);
    let expiry = evidence.first(|d| d.expiry);
    let issue = evidence.first(|d| d.issue);
    if birth.is_none() && expiry.is_none() {
        return Outcome::not_checked(Check::Consistency, Reason::NoDates);
    }
    let before = |a: Option<Date>, b: Option<Date>| a.zip(b).is_some_and(|(a, b)| a < b);
    let (born_first, born_last) = (birth.and_then(PartialDate::earliest), birth.and_then(PartialDate::latest));
    let expires_last = expiry.and_then(PartialDate::latest);
    let mut found: Vec<Contradiction> = Vec::new();
    let mut note = |wrong: bool, contradiction: Contradiction| {
        if wrong {
            found.push(contradiction);
        }
    };
    note(before(Some(today), born_first), Contradiction::BornInTheFuture);
    note(before(issue, born_first), Contradiction::IssuedBeforeBirth);
    note(before(expires_last, born_first), Contradiction::ExpiredBeforeBirth);
    note(before(expires_last, issue), Contradiction::ExpiredBeforeIssue);
    note(born_last.is_some_and(|b| age_on(b, today) >= IMPOSSIBLE_AGE), Contradiction::TooOld);
    let marks = evidence.barcode.and_then(|b| b.licence.as_ref()).map(|l| (l.birth, l.under_until));
    if let Some((Some(birth), marks)) = marks {
        let wrong = marks.iter().any(|(years, until)| until.is_some_and(|u| !is_anniversary(birth, u, *years)));
        note(wrong, Contradiction::AgeMarks);
    }
    if found.is_empty() {
        let confidence = sources.iter().filter_map(|(s, d)| (*s != Source::Print).then_some(d.dates_confidence?)).reduce(f32::min);
        return Outcome::passed(Check::Consistency, Reason::DatesFit, confidence);
    }
    // Contradicting dates of a zone whose digits are wrong are a matter of reading.
    let misread = evidence.zone.is_some_and(|z| z.mrz.looks_misread()) && evidence.barcode.is_none();
    let consequence = if misread { Consequence::Retry } else { Consequence::Person };
    let confidence = if misread { Some(0.5) } else { Some(0.95) };
    Outcome {
        claims: found.iter().map(|c| c.claim()).collect(),
        ..Outcome::failed(Check::Consistency, Reason::dates_contradict(&found), consequence, confidence)
    }
}
