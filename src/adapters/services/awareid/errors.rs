//! What AwareID's replies mean: two shapes of errors, the body before the status.

use crate::adapters::services::operation::Operation;
use crate::adapters::services::plain;
use crate::adapters::services::session::Verdict;
use crate::adapters::services::transport::Answer;
use crate::ports::services::ServiceFault;
use serde_json::Value;

/// Codes of the Knomi servers, inside `error.code`.
pub const KNOMI_CODES: &[(i64, ServiceFault, &str)] = &[
    (-1, ServiceFault::ServiceFailed, "an unknown error"),
    (-2, ServiceFault::Unfit, "the request is no valid JSON"),
    (-3, ServiceFault::Unfit, "a mandatory field is missing"),
    (-4, ServiceFault::Unfit, "a field has the wrong type"),
    (-5, ServiceFault::Unfit, "the base64 is damaged"),
    (-6, ServiceFault::Unfit, "a value is not allowed"),
    (-7, ServiceFault::BadPicture, "the picture cannot be read"),
    (-8, ServiceFault::Unfit, "the picture's size is not allowed"),
    (113, ServiceFault::Misconfigured, "the match algorithm is not enabled on this server"),
    (1015, ServiceFault::Busy, "the template cache is full"),
];

/// Codes of the platform, inside `errorCode`.
pub const PLATFORM_CODES: &[(&str, ServiceFault, &str)] = &[
    ("INPUT_FORMAT_ERROR", ServiceFault::Unfit, "the request is malformed"),
    ("INPUT_VALUES_ERROR", ServiceFault::Unfit, "a value of the request is wrong"),
    ("INVALID_INPUT", ServiceFault::Unfit, "the document's picture is not taken"),
    ("OCR_PROCESSING_ERROR", ServiceFault::BadPicture, "the document could not be read"),
    ("INTERNAL_SERVER_ERROR", ServiceFault::ServiceFailed, "it failed by itself"),
];

/// Reads a reply as the page explains it.
#[must_use]
pub fn classify(_: &Operation, answer: &Answer) -> Option<Verdict> {
    let body = answer.json()?;
    if answer.status == 401 || answer.status == 403 || answer.status == 404 {
        return None;
    }
    knomi(&body).or_else(|| platform(&body, answer))
}

fn told(words: &str, body: &Value) -> String {
    plain::message_in(body).map_or_else(|| words.to_owned(), |text| format!("{words}: {text}"))
}

/// `{"error": {"code", "description"}}`; through the vendor's proxy it may come with 200 and without a code.
fn knomi(body: &Value) -> Option<Verdict> {
    let error = body.get("error").filter(|e| e.is_object())?;
    let code = error.get("code").and_then(Value::as_i64);
    let known = KNOMI_CODES.iter().find(|row| Some(row.0) == code);
    let (fault, words) = known.map_or((ServiceFault::ServiceFailed, "it reports an error"), |row| (row.1, row.2));
    Some(Verdict::new(fault, code.map(|c| c.to_string()), told(words, body)))
}

/// `{"errorCode", "errorMsg"}`: text is the platform's own error; a number other than 0 is a check that failed.
fn platform(body: &Value, answer: &Answer) -> Option<Verdict> {
    match body.get("errorCode")? {
        Value::String(code) if code.is_empty() || code == "0" => None,
        Value::String(code) if code.parse::<i64>().is_err() => {
            let known = PLATFORM_CODES.iter().find(|row| row.0 == code);
            let by_status = if answer.status < 500 && !answer.is_success() { ServiceFault::Unfit } else { ServiceFault::ServiceFailed };
            let (fault, words) = known.map_or((by_status, "it reports an error"), |row| (row.1, row.2));
            // The one code stands for wrong values and for people and things that are not there.
            let missing = plain::message_in(body).is_some_and(|t| t.to_lowercase().contains("not found"));
            let (fault, words) = if missing { (ServiceFault::NotFound, "it is not known there") } else { (fault, words) };
            Some(Verdict::new(fault, plain::plain(code), told(words, body)))
        }
        Value::String(code) if answer.is_success() => {
            Some(Verdict::new(ServiceFault::Rejected, code.clone(), told("a check failed", body)))
        }
        Value::Number(code) if answer.is_success() && code.as_i64() != Some(0) => {
            Some(Verdict::new(ServiceFault::Rejected, code.to_string(), told("a check failed", body)))
        }
        _ => None,
    }
}
