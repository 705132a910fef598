//! What Uqudo's statuses mean. No body is declared for errors; the status alone decides.

use crate::adapters::services::operation::Operation;
use crate::adapters::services::plain;
use crate::adapters::services::session::Verdict;
use crate::adapters::services::transport::Answer;
use crate::ports::services::ServiceFault;

/// Statuses of the page: our fault and words.
pub const STATUSES: &[(u16, ServiceFault, &str)] = &[
    (400, ServiceFault::Unfit, "input is missing or malformed"),
    (401, ServiceFault::Unauthorised, "no valid token"),
    (403, ServiceFault::Forbidden, "the token lacks the permission"),
    (404, ServiceFault::NotFound, "the identifier is not known there"),
    (413, ServiceFault::Unfit, "a picture is over 5 MB"),
    (415, ServiceFault::Unfit, "a picture is neither JPEG nor PNG"),
    (500, ServiceFault::ServiceFailed, "it failed unexpectedly"),
];

/// Reads a reply as the page explains it.
#[must_use]
pub fn classify(operation: &Operation, answer: &Answer) -> Option<Verdict> {
    let (_, fault, words) = STATUSES.iter().find(|(status, ..)| *status == answer.status)?;
    // 404 is documented for the removal alone; elsewhere the address is wrong.
    let fault = if answer.status == 404 && operation.number != 5 { ServiceFault::Garbled } else { *fault };
    let told = answer.json().as_ref().and_then(plain::message_in);
    Some(Verdict::new(fault, answer.status.to_string(), told.map_or_else(|| (*words).to_owned(), |t| format!("{words}: {t}"))))
}
