//! 3DiVi BAF: applicants, and one call that registers or authorises them.
//!
//! Which of the three a validation is, the applicant and the body tell: a document image means registration with a document; face only
//! means authorisation for an applicant who is registered, and registration by face for one who has no face yet. Only the registration with
//! a document looks for duplicates, as the page says; no call takes a key that would make a repetition harmless.

use super::TwinOptions;
use super::bounded::Bounded;
use super::credentials::SECRET_KEY;
use super::exchange::{Answer, Call, Flaw, Refusal, Reply};
use super::fields::Fields as _;
use super::ledger::Holding;
use super::mint::Mint;
use super::operation::{Documented, Operation, Service};
use super::pictures::Picture;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Attempts an applicant has to register.
const ATTEMPTS: u32 = 5;
/// `documentType` of a call with a face alone.
const FACE_ONLY: i64 = 10;

/// How an applicant registers; one applicant uses one way only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Document,
    Face,
}

struct Applicant {
    reference: Option<String>,
    way: Option<Way>,
    person: Option<String>,
    registrations: u32,
    attempts_left: u32,
    cancelled: bool,
    callback: Option<String>,
}

/// The service's state.
pub(super) struct Baf {
    mint: Mint,
    applicants: Bounded<Applicant>,
    patterns: Bounded<Value>,
    attempts: u64,
    /// People by face, with the applicant they are first registered as.
    people: HashMap<String, String>,
    max_people: usize,
}

const PRIVATE: &str = "/api/v2/private/Applicants";
const PATTERNS: &str = "/api/v2/private/ActiveLivenessPattern";
const VALIDATION: &str = "/api/v2/public/Validation";

impl Baf {
    pub(super) fn new(options: &TwinOptions) -> Self {
        Self {
            mint: Mint::new(options.seed, 4),
            applicants: Bounded::new(options.max_people),
            patterns: Bounded::new(100),
            attempts: 0,
            people: HashMap::new(),
            max_people: options.max_people,
        }
    }

    fn create_applicant(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        for name in ["firstName", "lastName", "phone", "email", "callbackUrl", "referenceId"] {
            body.optional_text(name)?;
        }
        body.optional_flag("sendSms")?;
        body.optional_object("metadata")?;
        let status = body.optional_integer("status")?.unwrap_or(0);
        let method = body.optional_integer("verificationMethod")?.unwrap_or(1);
        if !(0..=3).contains(&status) || !(0..=1).contains(&method) {
            return Err(Flaw::NotAllowed("status".to_owned()).into());
        }
        if self.applicants.len() >= self.max_people {
            return Err(error(call, 500, "500", "No room for another applicant").into());
        }
        let id = self.mint.uuid();
        let applicant = Applicant {
            reference: body.optional_text("referenceId")?.map(str::to_owned),
            way: None,
            person: None,
            registrations: 0,
            attempts_left: ATTEMPTS,
            cancelled: status == 3,
            callback: body.optional_text("callbackUrl")?.map(str::to_owned),
        };
        self.applicants.put(id.clone(), applicant);
        Ok(Reply::ok(&json!({ "applicantId": id, "validationLink": format!("https://twin.invalid/validation/{id}") })))
    }

    fn list_patterns(&mut self, _call: &Call) -> Answer {
        Ok(Reply::ok(&json!({ "patterns": self.patterns.iter().map(|(_, p)| p).collect::<Vec<_>>() })))
    }

    fn create_pattern(&mut self, call: &Call) -> Answer {
        let moves: Vec<String> = serde_json::from_slice(&call.body).map_err(|_| Flaw::NotJson)?;
        let known = ["up", "right", "left", "closer", "farther"];
        if !(1..=5).contains(&moves.len()) || moves.iter().any(|m| !known.contains(&m.as_str())) {
            return Err(Flaw::NotAllowed("pattern".to_owned()).into());
        }
        let id = self.mint.uuid();
        let at = call.now.to_rfc3339();
        let pattern = json!({ "id": id, "pattern": moves, "externalLink": null, "creationDate": at, "lastModified": at });
        self.patterns.put(id, pattern.clone());
        Ok(Reply::ok(&pattern))
    }

    fn delete_pattern(&mut self, call: &Call) -> Answer {
        let id = call.query("id").ok_or_else(|| Flaw::Missing("id".to_owned()))?;
        self.patterns.remove(id).map(|_| Reply::empty(200)).ok_or_else(|| error(call, 400, "400", "Pattern is not found").into())
    }

    fn register_with_document(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let Subject { id, face } = self.subject(&body, call, Some(Way::Document))?;
        let model = body.object("model")?;
        let document_type = model.integer("documentType", 1..=100)?;
        let document = document(model, "frontImageBase64", call)?;
        let back = model.field("backImageBase64").map(|_| self::document(model, "backImageBase64", call)).transpose()?;
        let duplicate = self.people.get(&face.person).is_some_and(|other| *other != id);
        let expired = document.expired || back.as_ref().is_some_and(|b| b.expired);
        let belongs = document.belongs_to(&face);
        let checks = Checks {
            expired: Some(expired),
            document: Some(belongs && document.faces > 0),
            face: belongs && !duplicate,
            living: !face.spoof,
            quality: !face.poor,
        };
        self.register(&id, &face, document_type, &checks, call)
    }

    fn register_face(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let Subject { id, face } = self.subject(&body, call, Some(Way::Face))?;
        let checks = Checks { expired: None, document: None, face: true, living: !face.spoof, quality: !face.poor };
        self.register(&id, &face, FACE_ONLY, &checks, call)
    }

    fn authorise(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let Subject { id, face } = self.subject(&body, call, None)?;
        let applicant = self.applicants.get(&id).ok_or_else(|| unknown(call, &id))?;
        if applicant.person.is_none() {
            return Err(error(call, 400, "120043", "Applicant doesn't have verified face").into());
        }
        let own = applicant.person.as_deref() == Some(&face.person);
        let left = applicant.attempts_left;
        let checks = Checks { expired: None, document: None, face: own, living: !face.spoof, quality: !face.poor };
        Ok(self.reply(&id, FACE_ONLY, &checks, left))
    }

    /// Who a validation is about, with the checks that all three ways share, in the order of the page's codes.
    fn subject(&mut self, body: &Value, call: &Call, way: Option<Way>) -> Result<Subject, Refusal> {
        let id = body.text("applicantId")?.to_owned();
        if body.field("endeavorId").is_some() {
            // Reflection liveness is off here, so that nothing sent for it can be good.
            return Err(error(call, 400, "120044", "Invalid endeavor info").into());
        }
        let applicant = self.applicants.get_mut(&id).ok_or_else(|| unknown(call, &id))?;
        if applicant.cancelled {
            return Err(error(call, 400, "120040", "Request is closed").into());
        }
        if let Some(way) = way {
            if applicant.person.is_some() || applicant.way.is_some_and(|w| w != way) {
                return Err(error(call, 400, "120036", &format!("Request \"{id}\" was already completed")).into());
            }
            if applicant.attempts_left == 0 {
                return Err(error(call, 400, "120037", &format!("All available attempts were used for requestId \"{id}\"")).into());
            }
        }
        let model = body.object("model")?;
        let face = match model.field("faceImageBase64") {
            None => return Err(error(call, 400, "120042", "Face image is required").into()),
            Some(Value::String(text)) if text.is_empty() => return Err(error(call, 400, "120038", "Face image is empty").into()),
            Some(_) => model.bytes("faceImageBase64")?,
        };
        let face = Picture::read(&face).map_err(|_| error(call, 400, "120038", "No faces found"))?;
        match face.faces {
            0 => Err(error(call, 400, "120038", "No faces found").into()),
            1 => Ok(Subject { id, face }),
            _ => Err(error(call, 400, "120038", "Multiple faces found").into()),
        }
    }

    fn register(&mut self, id: &str, face: &Picture, document_type: i64, checks: &Checks, call: &Call) -> Answer {
        let applicant = self.applicants.get_mut(id).ok_or_else(|| unknown(call, id))?;
        applicant.way = Some(if document_type == FACE_ONLY { Way::Face } else { Way::Document });
        applicant.attempts_left = applicant.attempts_left.saturating_sub(1);
        if checks.status() == 0 {
            applicant.person = Some(face.person.clone());
            applicant.registrations += 1;
            self.people.entry(face.person.clone()).or_insert_with(|| id.to_owned());
        }
        let left = applicant.attempts_left;
        Ok(self.reply(id, document_type, checks, left))
    }

    fn reply(&mut self, id: &str, document_type: i64, checks: &Checks, left: u32) -> Reply {
        self.attempts += 1;
        let with_document = checks.document.is_some();
        let test = |name: &str, display: &str, passed: bool| json!({ "displayName": display, "name": name, "status": i32::from(!passed), "statusString": if passed { "Passed" } else { "Failed" }, "reason": null });
        let skipped = json!({ "displayName": "Barcode", "name": "barcode", "status": 2, "statusString": "Skipped", "reason": null });
        let tests = match (checks.document, checks.expired) {
            (Some(document), Some(expired)) => {
                vec![test("authenticity", "Document authenticity", document), test("expiration", "Expiration date", !expired), skipped]
            }
            _ => Vec::new(),
        };
        Reply::ok(&json!({
            "applicantId": id,
            "attemptId": self.attempts,
            "documentType": document_type,
            "document": if with_document { document_fields(document_type) } else { Value::Null },
            "attemptsCount": ATTEMPTS,
            "attemptsLeft": left,
            "status": checks.status(),
            "validationStatus": {
                "expired": checks.expired,
                "documentIsValid": checks.document,
                "faceIsValid": checks.face,
                "antiSpoofingIsValid": checks.living,
                "qualityIsValid": checks.quality,
            },
            "invalidDataErrors": if checks.quality { json!([]) } else { json!(["Face image quality is too low"]) },
            "faceSuccess": checks.face && checks.living && checks.quality,
            "documentSuccess": checks.document,
            "documentHasNotExpired": checks.expired.map(|e| !e),
            "documentValidationTests": tests,
            "callBackUrl": self.applicants.get(id).and_then(|a| a.callback.clone()),
        }))
    }
}

struct Subject {
    id: String,
    face: Picture,
}

/// The outcome of every check; `None` is not checked.
struct Checks {
    expired: Option<bool>,
    document: Option<bool>,
    face: bool,
    living: bool,
    quality: bool,
}

impl Checks {
    /// 0 success, 1 fail, 2 invalid data.
    fn status(&self) -> u8 {
        if !self.quality {
            2
        } else if self.face && self.living && self.document != Some(false) && self.expired != Some(true) {
            0
        } else {
            1
        }
    }
}

fn document(model: &Value, name: &str, call: &Call) -> Result<Picture, Refusal> {
    let bytes = model.bytes(name)?;
    Picture::read(&bytes).map_err(|_| error(call, 400, "120029", "Graphql error: \"the document image cannot be read\"").into())
}

/// The twin reads no text off documents: every member is there and null but the kind of document.
fn document_fields(document_type: i64) -> Value {
    let names = [
        "privateName",
        "abbr3Country",
        "abbrCountry",
        "address",
        "city",
        "class",
        "country",
        "dob",
        "expires",
        "eyes",
        "familyName",
        "firstName",
        "fullName",
        "gender",
        "hair",
        "height",
        "id",
        "idType",
        "issued",
        "middleName",
        "postalBox",
        "state",
        "issuedBy",
        "template",
        "weight",
        "zip",
    ];
    let mut fields: serde_json::Map<String, Value> = names.iter().map(|n| ((*n).to_owned(), Value::Null)).collect();
    let kind = match document_type {
        1 => json!("DL"),
        2 => json!("ID"),
        3 => json!("P"),
        _ => Value::Null,
    };
    fields.insert("idType".to_owned(), kind);
    Value::Object(fields)
}

fn unknown(call: &Call, id: &str) -> Reply {
    error(call, 400, "120029", &format!("Graphql error: \"Applicant with id {id} not found\""))
}

/// The page publishes no layout; these are the ones a client must cope with.
fn error(call: &Call, status: u16, code: &str, message: &str) -> Reply {
    let number: u64 = code.parse().unwrap_or(0);
    if call.shaped(4, 1) {
        Reply::json(status, &json!({ "errorCode": code, "description": message }))
    } else if call.shaped(4, 2) {
        Reply::json(status, &json!({ "errors": [{ "code": number, "message": message }] }))
    } else if call.shaped(4, 3) {
        Reply::text(status, format!("{number}: {message}"))
    } else {
        Reply::json(status, &json!({ "code": number, "message": message }))
    }
}

const fn documented(name: &'static str, status: u16, code: &'static str, message: &'static str) -> Documented {
    Documented { name, status, code, message }
}

impl Service for Baf {
    const PREFIXES: &'static [&'static str] = &["", "/publicapi"];
    const TABLE: &'static [&'static [Operation<Self>]] = &[&[
        Operation::new(1, "registration by selfie and document", "POST", VALIDATION, Self::register_with_document).open(),
        Operation::new(2, "registration by selfie", "POST", VALIDATION, Self::register_face).open(),
        Operation::new(3, "authorisation by face", "POST", VALIDATION, Self::authorise).open(),
        Operation::new(4, "authorisation or registration by applicant (no path published)", "", "", |_, call| {
            Err(error(call, 404, "404", "Not found").into())
        }),
        Operation::new(5, "create applicant", "POST", PRIVATE, Self::create_applicant),
        Operation::new(6, "list motion patterns", "GET", PATTERNS, Self::list_patterns),
        Operation::new(61, "create motion pattern", "POST", PATTERNS, Self::create_pattern),
        Operation::new(62, "delete motion pattern", "DELETE", PATTERNS, Self::delete_pattern),
    ]];
    const ERRORS: &'static [Documented] = &[
        documented("120029", 400, "120029", "Graphql error: \"the platform did not answer\""),
        documented("120036", 400, "120036", "Request \"00000000\" was already completed"),
        documented("120037", 400, "120037", "All available attempts were used for requestId \"00000000\""),
        documented("120038-empty", 400, "120038", "Face image is empty"),
        documented("120038-none", 400, "120038", "No faces found"),
        documented("120038-several", 400, "120038", "Multiple faces found"),
        documented("120039-search", 400, "120039", "Profile search is missing"),
        documented("120039-quality", 400, "120039", "Quality calculation failed"),
        documented("120039-liveness", 400, "120039", "Liveness calculation failed"),
        documented("120040", 400, "120040", "Request is closed"),
        documented("120041", 400, "120041", "This document type is not supported"),
        documented("120042", 400, "120042", "Face image is required"),
        documented("120043-face", 400, "120043", "Applicant doesn't have verified face"),
        documented("120043-profile", 400, "120043", "Applicant profile not found"),
        documented("120044", 400, "120044", "Invalid endeavor info"),
        documented("account", 400, "400", "Account with id 00000000 not found"),
        documented("401", 401, "401", "Unauthorized"),
        documented("500", 500, "500", "Internal error"),
    ];

    fn choose(&self, candidates: &[usize], call: &Call) -> usize {
        let Ok(body) = call.json() else { return candidates[0] };
        let with_document = body.get("model").is_some_and(|m| m.field("frontImageBase64").is_some());
        let applicant = body.field("applicantId").and_then(Value::as_str).and_then(|id| self.applicants.get(id));
        match applicant {
            _ if with_document => candidates[0],
            // Who registered, or began to with a document, cannot register by face any more: such a call asks for authorisation.
            Some(a) if a.person.is_some() || a.way == Some(Way::Document) => candidates[2],
            _ => candidates[1],
        }
    }

    fn admit(&self, _operation: &Operation<Self>, call: &Call) -> Result<(), Reply> {
        if call.bearer() == Some(SECRET_KEY) { Ok(()) } else { Err(error(call, 401, "401", "Unauthorized")) }
    }

    fn word(&self, _number: u16, flaw: &Flaw) -> Reply {
        let message = match flaw {
            Flaw::NotJson => "The body is not valid JSON".to_owned(),
            Flaw::Missing(name) => format!("The {name} field is required"),
            Flaw::BadBase64(name) => format!("The {name} field is not valid base 64"),
            Flaw::WrongType(name) | Flaw::NotAllowed(name) => format!("The {name} field is invalid"),
            Flaw::NotAPicture(name) | Flaw::Unreadable(name) | Flaw::Sizes(name) | Flaw::TooLarge(name) => {
                format!("The {name} image is invalid")
            }
        };
        Reply::json(400, &json!({ "code": 400, "message": message }))
    }

    fn documented(&self, e: &Documented, call: &Call) -> Reply {
        error(call, e.status, e.code, e.message)
    }

    fn unknown_path(&self) -> Reply {
        Reply::empty(404)
    }

    fn trouble(&self, status: u16) -> Reply {
        Reply::json(status, &json!({ "code": status, "message": "The service cannot answer now" }))
    }

    /// The secret key of a back end does not expire.
    fn expire_tokens(&mut self) {}

    fn holdings(&self) -> Vec<Holding> {
        let holding = |(id, a): (&String, &Applicant)| {
            Some(Holding {
                person: a.person.clone()?,
                key: a.reference.clone(),
                reference: id.clone(),
                registrations: a.registrations,
                deleted: false,
            })
        };
        self.applicants.iter().filter_map(holding).collect()
    }
}
