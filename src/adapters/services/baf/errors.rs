//! What BAF's replies mean: `status` under 200, numeric codes under 400.

use super::wire::{Validation, ValidationState};
use crate::adapters::services::operation::Operation;
use crate::adapters::services::plain;
use crate::adapters::services::session::Verdict;
use crate::adapters::services::transport::Answer;
use crate::adapters::services::wire::Reply as _;
use crate::ports::services::ServiceFault;

/// Codes under 400: the code, a part of the text in lower case that tells meanings of one code apart (empty: any), our fault and words.
/// For one code, the row without text stands last.
pub const CODES: &[(i64, &str, ServiceFault, &str)] = &[
    (120_029, "", ServiceFault::ServiceFailed, "the platform behind it answered with errors"),
    (120_036, "", ServiceFault::Closed, "the request was completed before"),
    (120_037, "", ServiceFault::AttemptsUsed, "all attempts were used"),
    (120_038, "empty", ServiceFault::Unfit, "the face picture is empty"),
    (120_038, "no face", ServiceFault::BadPicture, "no face was found"),
    (120_038, "multiple", ServiceFault::BadPicture, "several faces were found"),
    (120_038, "", ServiceFault::BadPicture, "the face picture cannot be used"),
    (120_039, "", ServiceFault::ServiceFailed, "a calculation or the search failed"),
    (120_040, "", ServiceFault::Closed, "the applicant is closed"),
    (120_041, "", ServiceFault::Misconfigured, "the document type is not supported; \"Save Face Profile\" may be off"),
    (120_042, "", ServiceFault::Unfit, "a face picture is required"),
    (120_043, "profile", ServiceFault::NotFound, "the applicant's profile was not found"),
    (120_043, "", ServiceFault::NotFound, "the applicant has no verified face yet"),
    (120_044, "", ServiceFault::Unfit, "the endeavor information is invalid"),
];

/// Reads a reply as the page explains it.
#[must_use]
pub fn classify(operation: &Operation, answer: &Answer) -> Option<Verdict> {
    if answer.is_success() {
        return if operation.number <= 4 { validation(answer) } else { None };
    }
    let body = answer.json();
    let text = body.as_ref().and_then(plain::message_in).unwrap_or_else(|| String::from_utf8_lossy(&answer.body).into_owned());
    let lower = text.to_lowercase();
    let stated = body.as_ref().and_then(plain::code_in).and_then(|c| c.parse::<i64>().ok());
    // The layout of error bodies is not published: where no field holds the code, the text may.
    let code = stated.or_else(|| CODES.iter().map(|row| row.0).find(|code| lower.contains(&code.to_string())));
    if let Some(code) = code
        && let Some((_, _, fault, words)) = CODES.iter().find(|(c, part, ..)| *c == code && (part.is_empty() || lower.contains(part)))
    {
        return Some(Verdict::new(*fault, code.to_string(), *words));
    }
    if answer.status == 400 && lower.contains("account with id") {
        return Some(Verdict::new(ServiceFault::NotFound, stated.map(|c| c.to_string()), "the account is not known"));
    }
    None
}

/// 200 says nothing by itself: `status` must be 0. Attempts left do not matter.
fn validation(answer: &Answer) -> Option<Verdict> {
    let reply = Validation::read(&answer.body).ok()?;
    let code = reply.status.map(|s| format!("status {s}"));
    match reply.state()? {
        ValidationState::Success => None,
        ValidationState::Fail => Some(Verdict::new(ServiceFault::Rejected, code, "the checks were not passed")),
        ValidationState::InvalidData => Some(Verdict::new(ServiceFault::Unfit, code, "the data is invalid")),
        ValidationState::Error => Some(Verdict::new(ServiceFault::ServiceFailed, code, "it failed while checking")),
        ValidationState::Other(_) => Some(Verdict::new(ServiceFault::Garbled, code, "its status is not understood")),
    }
}
