//! What FACEKI's codes mean. A failing code may come under 200, so the body is read first.

use crate::adapters::services::operation::Operation;
use crate::adapters::services::plain;
use crate::adapters::services::session::Verdict;
use crate::adapters::services::transport::Answer;
use crate::ports::services::ServiceFault;

/// Codes: our fault and words. 0 and 200 are success.
pub const CODES: &[(i64, ServiceFault, &str)] = &[
    (1, ServiceFault::Unauthorised, "the credentials are not accepted, or the address is wrong"),
    (400, ServiceFault::Unfit, "the request was refused"),
    (500, ServiceFault::ServiceFailed, "it failed by itself"),
    (1000, ServiceFault::ServiceFailed, "it failed by itself"),
    (5001, ServiceFault::Misconfigured, "the workflow has no rules"),
    (5002, ServiceFault::Unfit, "fields of the request are missing or invalid"),
    (5003, ServiceFault::Forbidden, "the account's credit is used up"),
    (5004, ServiceFault::BadPicture, "the selfie did not pass the liveness test"),
    (5005, ServiceFault::Rejected, "the face does not match the document"),
    (5006, ServiceFault::Unfit, "a required document is missing"),
    (5007, ServiceFault::Rejected, "the workflow's rules are not met"),
    (5008, ServiceFault::Rejected, "the verification failed"),
    (5009, ServiceFault::AttemptsUsed, "the link's limit is reached"),
    (7001, ServiceFault::Misconfigured, "the account has no rules"),
    (8001, ServiceFault::Unfit, "required pictures are missing"),
    (8002, ServiceFault::Rejected, "the document could not be verified"),
    (8003, ServiceFault::BadPicture, "it asks to try again"),
    (8004, ServiceFault::BadPicture, "the face is cropped"),
    (8005, ServiceFault::BadPicture, "the face is too close"),
    (8006, ServiceFault::BadPicture, "no face was found"),
    (8007, ServiceFault::BadPicture, "the face is too near the edge"),
    (8008, ServiceFault::BadPicture, "the face is too small"),
    (8009, ServiceFault::BadPicture, "the light is poor"),
    (8010, ServiceFault::Rejected, "the identity card could not be verified"),
    (8011, ServiceFault::Rejected, "the driving licence could not be verified"),
    (8012, ServiceFault::Rejected, "the passport could not be verified"),
    (8013, ServiceFault::NotFound, "nobody was found"),
    (8014, ServiceFault::NotFound, "the link is invalid"),
    (8015, ServiceFault::Closed, "the link has expired"),
    (8016, ServiceFault::ServiceFailed, "the link could not be made"),
    (8017, ServiceFault::AttemptsUsed, "the account's limit of verifications is reached"),
    (8018, ServiceFault::BadPicture, "several faces were found"),
    (8019, ServiceFault::BadPicture, "the face is blurred"),
    (8020, ServiceFault::Unfit, "the identity card the rules want is missing"),
];

/// Reads a reply as the page explains it.
#[must_use]
pub fn classify(_: &Operation, answer: &Answer) -> Option<Verdict> {
    let body = answer.json()?;
    let number = |name: &str| match body.get(name)? {
        serde_json::Value::Number(n) => n.as_i64(),
        serde_json::Value::String(s) => s.trim().parse().ok(),
        _ => None,
    };
    // Older replies name it `responseCode`. Not every `statusCode` is one of these codes, so that name is not read.
    let code = number("code").or_else(|| number("responseCode"));
    match code {
        Some(0 | 200) => (!answer.is_success()).then(|| super::super::session::by_status(answer)),
        Some(code) => match CODES.iter().find(|row| row.0 == code) {
            Some((_, fault, words)) => Some(Verdict::new(*fault, code.to_string(), *words)),
            None if answer.is_success() => {
                let told = plain::message_in(&body).unwrap_or_else(|| "its code is not understood".to_owned());
                Some(Verdict::new(ServiceFault::Garbled, code.to_string(), told))
            }
            None => None,
        },
        // Success may be stated without a code, failure too.
        None if answer.is_success() && body.get("status") == Some(&serde_json::Value::Bool(false)) => {
            let told = plain::message_in(&body).unwrap_or_else(|| "it says the call failed".to_owned());
            Some(Verdict::new(ServiceFault::Garbled, None, told))
        }
        None => None,
    }
}
