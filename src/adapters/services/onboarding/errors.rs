//! What Onboarding's replies mean.

use super::wire::{ApproveReply, UploadReply};
use crate::adapters::services::operation::Operation;
use crate::adapters::services::plain;
use crate::adapters::services::session::Verdict;
use crate::adapters::services::transport::Answer;
use crate::adapters::services::wire::Reply as _;
use crate::ports::services::ServiceFault;

/// Reads a reply as the page explains it.
#[must_use]
pub fn classify(operation: &Operation, answer: &Answer) -> Option<Verdict> {
    if wants_encryption(answer) {
        return Some(Verdict::new(ServiceFault::Misconfigured, None, "this server requires the vendor's own encryption"));
    }
    if answer.status == 401 {
        return Some(Verdict::new(ServiceFault::Unauthorised, None, "the session has expired; the onboarding may have to start anew"));
    }
    if !answer.is_success() {
        return None;
    }
    match operation.number {
        1 | 103..=107 => {
            let reply = UploadReply::read(&answer.body).ok()?;
            let what = if operation.number == 1 { "the test was not passed" } else { "the document step was not passed" };
            (reply.is_success == Some(false))
                .then(|| Verdict::new(ServiceFault::Rejected, reply.error_code.clone(), told(what, reply.message.as_deref())))
        }
        2 | 108 => {
            let reply = ApproveReply::read(&answer.body).ok()?;
            let status = reply.status.filter(|s| *s != 0)?;
            let what = if operation.number == 2 { "the test was not approved" } else { "the passport was not approved" };
            Some(Verdict::new(ServiceFault::Rejected, format!("status {status}"), what))
        }
        _ => None,
    }
}

fn told(what: &str, words: Option<&str>) -> String {
    match words.map(plain::plain).filter(|t| !t.is_empty()) {
        Some(text) => format!("{what}: {text}"),
        None => what.to_owned(),
    }
}

/// Newer installations wrap every body as an object that holds `Data` alone, sometimes as JSON inside a JSON text.
fn wants_encryption(answer: &Answer) -> bool {
    let Some(mut body) = answer.json() else { return false };
    if let Some(inner) = body.as_str().and_then(|t| serde_json::from_str(t).ok()) {
        body = inner;
    }
    body.as_object().is_some_and(|o| o.len() == 1 && o.get("Data").is_some_and(serde_json::Value::is_string))
}
