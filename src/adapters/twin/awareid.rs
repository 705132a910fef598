//! AwareID: 95 operations in groups, one file a group.
//!
//! What the page leaves open and the twin decides: user names are unique over `enroll` and `registerUser`; an enrolment, authentication or
//! re-enrolment that ended takes no further call; a face that fails counts as an attempt, a bad device signature does not.

mod admin;
mod authentication;
mod b2c;
mod compliance;
mod device;
mod documents;
mod enrolment;
mod envelope;
mod extra_checks;
mod gallery;
mod geofence;
mod knomi;
mod package;
mod people;
mod preface;
mod re_enrolment;
mod settings;
mod voice;
mod webhooks;

use super::TwinOptions;
use super::bounded::Bounded;
use super::credentials::API_KEY;
use super::exchange::{Call, Flaw, Reply};
use super::ledger::Holding;
use super::mint::Mint;
use super::operation::{Documented, Operation, Posting, Service};
use super::tokens::TokenBook;
use people::People;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Lifetime of a token, seconds.
const TOKEN_SECONDS: u32 = 300;
/// Open enrolments, authentications and so on remembered at once.
const TRANSACTIONS: usize = 5000;

/// The service's state.
pub(super) struct AwareId {
    mint: Mint,
    tokens: TokenBook,
    envelope: envelope::KeyPair,
    people: People,
    enrolments: Bounded<enrolment::Enrolment>,
    authentications: Bounded<authentication::Authentication>,
    re_enrolments: Bounded<authentication::Authentication>,
    sessions: Bounded<b2c::Session>,
    geofences: BTreeMap<String, geofence::Geofence>,
    settings: Value,
    hooks: webhooks::Hooks,
}

impl AwareId {
    pub(super) fn new(options: &TwinOptions) -> Self {
        let mut mint = Mint::new(options.seed, 1);
        Self {
            envelope: envelope::KeyPair::from(mint.generator()),
            mint,
            tokens: TokenBook::new(options, TOKEN_SECONDS),
            people: People::new(options.max_people),
            enrolments: Bounded::new(TRANSACTIONS),
            authentications: Bounded::new(TRANSACTIONS),
            re_enrolments: Bounded::new(TRANSACTIONS),
            sessions: Bounded::new(TRANSACTIONS),
            geofences: BTreeMap::new(),
            settings: settings::initial(),
            hooks: webhooks::Hooks::new(),
        }
    }
}

/// Which of the two error shapes an operation speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Liveness, matchers, preface.
    Knomi,
    /// Everything else; document verification with a word of its own.
    Platform { document: bool },
}

fn dialect(number: u16) -> Dialect {
    match number {
        1..=17 | 20..=25 => Dialect::Knomi,
        18 | 19 | 26 | 27 => Dialect::Platform { document: true },
        _ => Dialect::Platform { document: false },
    }
}

/// The platform's error shape.
fn platform(call: Option<&Call>, status: u16, code: &str, message: &str) -> Reply {
    let timestamp = call.map_or_else(|| crate::units::UtcTime(0).to_rfc3339(), |c| c.now.to_rfc3339());
    Reply::json(status, &json!({ "errorCode": code, "errorMsg": message, "status": status, "timestamp": timestamp }))
}

/// A wrong value: usually 400, sometimes 500, as the vendor's own tests saw.
fn wrong(call: &Call, message: &str) -> Reply {
    let status = if call.shaped(2, 1) { 500 } else { 400 };
    platform(Some(call), status, "INPUT_VALUES_ERROR", message)
}

/// The error shape of liveness, matchers and preface.
fn knomi(status: u16, code: i32, description: &str) -> Reply {
    Reply::json(status, &json!({ "error": { "code": code, "description": description } }))
}

fn knomi_flaw(flaw: &Flaw) -> Reply {
    let (code, text) = match flaw {
        Flaw::NotJson => (-2, "Request is not valid JSON.".to_owned()),
        Flaw::Missing(name) => (-3, format!("Required field \"{name}\" is missing.")),
        Flaw::WrongType(name) => (-4, format!("Field \"{name}\" has the wrong type.")),
        Flaw::BadBase64(name) => (-5, format!("Field \"{name}\" is not valid base64.")),
        Flaw::NotAllowed(name) => (-6, format!("Value of field \"{name}\" is not allowed.")),
        Flaw::NotAPicture(name) | Flaw::Unreadable(name) => (-7, format!("Image data of field \"{name}\" cannot be read.")),
        Flaw::Sizes(name) | Flaw::TooLarge(name) => (-8, format!("Image size of field \"{name}\" is not allowed.")),
    };
    knomi(400, code, &text)
}

const fn documented(name: &'static str, status: u16, code: &'static str, message: &'static str) -> Documented {
    Documented { name, status, code, message }
}

impl Service for AwareId {
    const TABLE: &'static [&'static [Operation<Self>]] = &[
        knomi::ROWS,
        voice::ROWS,
        documents::ROWS,
        preface::ROWS,
        compliance::ROWS,
        enrolment::ROWS,
        extra_checks::ROWS,
        authentication::ROWS,
        re_enrolment::ROWS,
        b2c::ROWS,
        gallery::ROWS,
        geofence::ROWS,
        admin::ROWS,
        webhooks::ROWS,
    ];
    const ERRORS: &'static [Documented] = &[
        documented("input-format", 400, "INPUT_FORMAT_ERROR", "Field is missing"),
        documented("input-values", 400, "INPUT_VALUES_ERROR", "Value is not allowed"),
        documented("internal", 500, "INTERNAL_SERVER_ERROR", "Internal server error"),
        documented("invalid-input", 400, "INVALID_INPUT", "Invalid input"),
        documented("ocr-processing", 500, "OCR_PROCESSING_ERROR", "The document cannot be processed"),
        documented("knomi-1", 500, "-1", "Unknown error."),
        documented("knomi-2", 400, "-2", "Request is not valid JSON."),
        documented("knomi-3", 400, "-3", "Required field \"video\" is missing."),
        documented("knomi-4", 400, "-4", "Field \"video\" has the wrong type."),
        documented("knomi-5", 400, "-5", "Field \"data\" is not valid base64."),
        documented("knomi-6", 400, "-6", "Value of field \"workflow\" is not allowed."),
        documented("knomi-7", 400, "-7", "Image data of field \"data\" cannot be read."),
        documented("knomi-8", 400, "-8", "Image size of field \"data\" is not allowed."),
        documented("knomi-113", 500, "113", "The match algorithm is not enabled."),
        documented("jwt-expired", 401, "", "Jwt is expired"),
        documented("not-found", 404, "INPUT_VALUES_ERROR", "Not found"),
        documented("empty-500", 500, "", ""),
        documented("knomi-in-200", 200, "-1", "Unknown error."),
    ];

    fn admit(&self, _operation: &Operation<Self>, call: &Call) -> Result<(), Reply> {
        if self.tokens.client(call).is_none() {
            let text = if self.tokens.expired(call) { "Jwt is expired" } else { "Jwt is missing" };
            return Err(Reply::text(401, text));
        }
        if call.header("apikey") == Some(API_KEY) { Ok(()) } else { Err(Reply::text(401, "Unauthorized")) }
    }

    fn word(&self, number: u16, flaw: &Flaw) -> Reply {
        match (dialect(number), flaw) {
            (Dialect::Knomi, flaw) => knomi_flaw(flaw),
            (Dialect::Platform { document: true }, flaw) => {
                let text = match flaw {
                    Flaw::Missing(name) => format!("{name} is missing"),
                    flaw => format!("Invalid input: {flaw:?}"),
                };
                platform(None, 400, "INVALID_INPUT", &text)
            }
            (_, Flaw::NotJson) => platform(None, 400, "INPUT_FORMAT_ERROR", "Request is not valid JSON"),
            (_, Flaw::Missing(name)) => platform(None, 400, "INPUT_FORMAT_ERROR", &format!("Field is missing: {name}")),
            (_, Flaw::WrongType(name)) => platform(None, 400, "INPUT_FORMAT_ERROR", &format!("Field has the wrong type: {name}")),
            (_, Flaw::BadBase64(name)) => platform(None, 400, "INPUT_FORMAT_ERROR", &format!("Field is not base64: {name}")),
            (_, Flaw::NotAllowed(name) | Flaw::Sizes(name) | Flaw::TooLarge(name)) => {
                platform(None, 400, "INPUT_VALUES_ERROR", &format!("Value is not allowed: {name}"))
            }
            (_, Flaw::NotAPicture(name) | Flaw::Unreadable(name)) => {
                platform(None, 400, "INPUT_VALUES_ERROR", &format!("Image cannot be read: {name}"))
            }
        }
    }

    fn documented(&self, e: &Documented, call: &Call) -> Reply {
        match (e.code, e.code.parse::<i32>()) {
            ("", _) if e.message.is_empty() => Reply::empty(e.status),
            ("", _) => Reply::text(e.status, e.message),
            // Liveness answers with JSON under the name of plain text at times.
            (_, Ok(code)) if call.shaped(2, 1) => knomi(e.status, code, e.message).with_type("text/plain"),
            (_, Ok(code)) => knomi(e.status, code, e.message),
            (code, Err(_)) => platform(Some(call), e.status, code, e.message),
        }
    }

    fn unknown_path(&self) -> Reply {
        Reply::text(404, "404 page not found")
    }

    fn trouble(&self, status: u16) -> Reply {
        platform(None, status, "INTERNAL_SERVER_ERROR", "The service cannot answer now")
    }

    fn expire_tokens(&mut self) {
        self.tokens.expire_all();
    }

    fn holdings(&self) -> Vec<Holding> {
        self.people.holdings()
    }

    fn postings(&mut self) -> Vec<Posting> {
        self.hooks.due()
    }
}
