//! FACEKI: full verifications put people on file, face match finds them again.
//!
//! A verification takes no key that would make a repetition harmless: `record_identifier` is kept as given, and a second verification under
//! it makes a second record.

use super::TwinOptions;
use super::credentials::{CLIENT_ID, CLIENT_SECRET, WORKFLOW};
use super::exchange::{Answer, Call, Flaw, Reply};
use super::forms::{self, Part};
use super::ledger::Holding;
use super::mint::Mint;
use super::operation::{Documented, Operation, Service};
use super::pictures::Picture;
use super::tokens::TokenBook;
use serde_json::{Value, json};
use std::collections::HashMap;

const VERSION: &str = "v3.0.0";
/// Lifetime of a token, seconds.
const TOKEN_SECONDS: u32 = 3600;
/// Documents that a verification takes, besides the selfie.
const DOCUMENTS: [&str; 6] =
    ["document_1_front", "document_1_back", "document_2_front", "document_2_back", "document_3_front", "document_3_back"];

struct Record {
    person: String,
    identifier: String,
    request: String,
    face: String,
    link: String,
    decision: &'static str,
    matched: bool,
    at: String,
    sides: Vec<&'static str>,
}

/// The service's state.
pub(super) struct Faceki {
    mint: Mint,
    tokens: TokenBook,
    records: Vec<Record>,
    by_person: HashMap<String, Vec<usize>>,
    max_people: usize,
}

impl Faceki {
    pub(super) fn new(options: &TwinOptions) -> Self {
        Self {
            mint: Mint::new(options.seed, 3),
            tokens: TokenBook::new(options, TOKEN_SECONDS),
            records: Vec::new(),
            by_person: HashMap::new(),
            max_people: options.max_people,
        }
    }

    fn token(&mut self, call: &Call) -> Answer {
        let body = call.json().ok();
        let value = |name: &str| {
            let header = call.header(&name.to_ascii_lowercase()).map(str::to_owned);
            let in_body = || body.as_ref().and_then(|b| b.get(name)).and_then(Value::as_str).map(str::to_owned);
            call.query(name).map(str::to_owned).or(header).or_else(in_body)
        };
        if value("clientId").as_deref() != Some(CLIENT_ID) || value("clientSecret").as_deref() != Some(CLIENT_SECRET) {
            return Err(Reply::json(401, &json!({ "responseCode": 1, "status": false, "message": "UNAUTHORIZED" })).into());
        }
        let token = self.tokens.issue(&mut self.mint, call.now, CLIENT_ID);
        let data = json!({ "access_token": token, "expires_in": self.tokens.seconds(), "token_type": "Bearer" });
        Ok(Reply::ok(&if call.shaped(2, 1) {
            json!({ "responseCode": 0, "data": data, "status": true, "message": "Success", "statusCode": 200 })
        } else {
            json!({ "responseCode": 0, "data": data })
        }))
    }

    fn search(&mut self, call: &Call) -> Answer {
        let selfie = selfie(&forms::multipart(call)?)?;
        let found = self.by_person.get(&selfie.person).map_or(&[][..], Vec::as_slice);
        let records: Vec<Value> = found.iter().map(|at| record(&self.records[*at])).collect();
        Ok(match (records.is_empty(), call.shape % 3) {
            (true, 1) => coded("8013", "DATA_NOT_FOUND"),
            (true, 2) => accepted(&Value::Null),
            (false, 1) if records.len() == 1 => accepted(&records[0]),
            _ => accepted(&Value::Array(records)),
        })
    }

    fn verify(&mut self, call: &Call) -> Answer {
        let parts = forms::multipart(call)?;
        let workflow = text(&parts, "workflowId").ok_or_else(|| Flaw::Missing("workflowId".to_owned()))?;
        if workflow != WORKFLOW {
            return Err(coded("5001", "WORKFLOW_RULES_MISSING").into());
        }
        let selfie = selfie(&parts)?;
        let present: Vec<&'static str> = DOCUMENTS.into_iter().filter(|n| parts.iter().any(|p| p.name == *n)).collect();
        if !present.contains(&"document_1_front") {
            return Err(coded("5006", "REQUIRED_DOCUMENT_MISSING").into());
        }
        let mut declined = selfie.declined;
        let mut matched = true;
        for name in &present {
            let document = part(&parts, name).map(Picture::read);
            let Some(Ok(document)) = document else { return Err(coded("8002", "DOCUMENT_VERIFY_FAILED").into()) };
            declined |= document.expired;
            matched &= document.belongs_to(&selfie);
        }
        if selfie.spoof {
            return Err(coded("5004", "SELFIE_LIVENESS_FAILED").into());
        }
        if !matched {
            return Err(coded("5005", "DOCUMENT_FACE_MATCH_FAILED").into());
        }
        if self.records.len() >= self.max_people {
            return Err(coded("500", "INTERNAL_SYSTEM_ERROR").into());
        }
        let kept = Record {
            person: selfie.person.clone(),
            identifier: text(&parts, "record_identifier").unwrap_or_default(),
            request: self.mint.uuid(),
            face: self.mint.uuid(),
            link: self.mint.hex::<8>(),
            decision: if declined { "DECLINED" } else { "ACCEPTED" },
            matched,
            at: call.now.to_rfc3339(),
            sides: present.into_iter().map(|n| if n.ends_with("front") { "front" } else { "back" }).collect(),
        };
        let shown = record(&kept);
        self.by_person.entry(selfie.person).or_default().push(self.records.len());
        self.records.push(kept);
        Ok(accepted(&if call.shaped(2, 1) { json!([shown]) } else { shown }))
    }

    fn analyse(&mut self, call: &Call) -> Answer {
        let selfie = selfie(&forms::multipart(call)?)?;
        let liveness = if selfie.spoof { 0.04 } else { 0.98 };
        // No age and no gender can be read here: the widest range, and the word for neither.
        Ok(accepted(&if call.shaped(2, 1) {
            json!({ "minAge": "0", "maxAge": "120", "gender": "unknown", "livenessScore": liveness.to_string() })
        } else {
            json!({ "minAge": 0, "maxAge": 120, "gender": "unknown", "livenessScore": liveness })
        }))
    }

    fn rules(&mut self, call: &Call) -> Answer {
        match call.query("workflowId") {
            None => Err(Flaw::Missing("workflowId".to_owned()).into()),
            Some(WORKFLOW) => Ok(accepted(&json!({
                "workflowId": WORKFLOW,
                "documents": ["ID_Card"],
                "document_optional": false,
                "selfie": true,
            }))),
            Some(_) => Err(coded("7001", "NO_RULES_FOR_COMPANY").into()),
        }
    }
}

fn part<'a>(parts: &'a [Part], name: &str) -> Option<&'a [u8]> {
    parts.iter().find(|p| p.name == name).map(|p| p.bytes.as_slice())
}

fn text(parts: &[Part], name: &str) -> Option<String> {
    part(parts, name).and_then(|b| std::str::from_utf8(b).ok()).map(str::to_owned)
}

/// The selfie, judged as the page's codes 8004-8019 do.
fn selfie(parts: &[Part]) -> Result<Picture, Reply> {
    let bytes = part(parts, "selfie").filter(|b| !b.is_empty()).ok_or_else(|| coded("8001", "NEED_REQUIRED_IMAGES"))?;
    let picture = Picture::read(bytes).map_err(|_| coded("8003", "PLEASE_TRY_AGAIN"))?;
    match picture.faces {
        0 => Err(coded("8006", "FACE_NOT_FOUND")),
        1 if picture.poor => Err(coded("8019", "FACE_BLURR")),
        1 => Ok(picture),
        _ => Err(coded("8018", "SELFIE_MULTIPLE_FACES")),
    }
}

fn accepted(result: &Value) -> Reply {
    Reply::ok(&json!({ "status": true, "code": 200, "message": "Success", "appVersion": VERSION, "result": result }))
}

/// A failing code inside HTTP 200, which the page leads one to expect.
fn coded(code: &str, name: &str) -> Reply {
    let code: u16 = code.parse().unwrap_or(500);
    Reply::ok(&json!({ "status": false, "code": code, "message": name, "appVersion": VERSION, "result": null }))
}

/// The record as face match returns it. The twin reads no documents: their data is there and empty, which stands for unknown.
fn record(r: &Record) -> Value {
    let names = [
        "reference",
        "full_name",
        "first_name",
        "local_name",
        "last_name",
        "middle_name",
        "nationality",
        "nationality_iso",
        "nationality_iso2",
        "issuer",
        "issuer_iso",
        "issuer_iso2",
        "gender",
        "dob",
        "age",
        "expiry",
        "expiryDay",
        "expiryMonth",
        "expiryYear",
        "issued",
        "issuedDay",
        "issuedMonth",
        "issuedYear",
        "documentAdditionalNumber",
        "document_number",
        "document_type",
        "document_type_full",
        "mrz",
        "date_of_birth",
        "date_of_birth_day",
        "date_of_birth_month",
        "date_of_birth_year",
    ];
    let mut document: serde_json::Map<String, Value> = names.iter().map(|n| ((*n).to_owned(), json!(""))).collect();
    let similarity = if r.matched { 99.1 } else { 3.2 };
    document.insert("document_face_match".to_owned(), json!({ "similarity": similarity, "confidence": 99.9 }));
    document.insert("passed".to_owned(), json!(r.matched));
    let mut images: Vec<Value> = vec![json!({ "documentName": "Selfie", "side": "Selfie", "key": picture_key(r, "selfie") })];
    images.extend(r.sides.iter().map(|side| json!({ "documentName": "ID_Card", "side": side, "key": picture_key(r, side) })));
    json!({
        "link": r.link,
        "record_identifier": r.identifier,
        "requestId": r.request,
        "face_id": r.face,
        "updateBy": "",
        "decision": r.decision,
        "document_data": [document],
        "document_data_confidence": [{ "reference": "", "full_name": 0, "document_number": 0, "placeOfBirth": 0, "personal_number": 0 }],
        "selfie_data": { "liveness_pass": true },
        // As in the page's sample, a declined record can have every flag set.
        "verification_summary": {
            "face_verified": r.matched,
            "selfie_liveness_verified": true,
            "document_verified": true,
            "verification_rules_passed": true,
            "document_liveness_verified": true,
            "image_quality": true,
        },
        "warnings": [],
        "notes": [],
        "aml": [],
        "errorCodes": [],
        "deviceDetails": { "useragent": "", "detectResult": { "client": {}, "device": {} } },
        "createdAt": r.at,
        "updatedAt": r.at,
        "__v": 0,
        "images": images,
    })
}

fn picture_key(r: &Record, side: &str) -> String {
    format!("https://twin.invalid/{}/{side}.jpg", r.request)
}

const fn code(code: &'static str, name: &'static str) -> Documented {
    Documented { name: code, status: 200, code, message: name }
}

impl Service for Faceki {
    const TABLE: &'static [&'static [Operation<Self>]] = &[&[
        Operation::new(1, "face match", "POST", "/api/v3/kyc_verification/search-by-face", Self::search),
        Operation::new(2, "access token", "GET", "/auth/api/access-token", Self::token).open(),
        Operation::new(2, "access token", "POST", "/auth/api/access-token", Self::token).open(),
        Operation::new(3, "full verification", "POST", "/api/v3/kyc_verification", Self::verify),
        Operation::new(4, "face analysis", "POST", "/api/v3/kyc_verification/analyzeFace", Self::analyse),
        Operation::new(5, "workflow rules", "GET", "/api/v3/workflows/rules", Self::rules),
    ]];
    const ERRORS: &'static [Documented] = &[
        code("1", "UNAUTHORIZED"),
        code("400", "BAD_REQUEST"),
        code("500", "INTERNAL_SYSTEM_ERROR"),
        code("1000", "INTERNAL_SYSTEM_ERROR"),
        code("5001", "WORKFLOW_RULES_MISSING"),
        code("5002", "INVALID_MISSING_REQUEST_FIELDS"),
        code("5003", "NOT_ENOUGH_WALLET_CREDIT"),
        code("5004", "SELFIE_LIVENESS_FAILED"),
        code("5005", "DOCUMENT_FACE_MATCH_FAILED"),
        code("5006", "REQUIRED_DOCUMENT_MISSING"),
        code("5007", "MISMATCH_AS_PER_RULES"),
        code("5008", "KYC_FAILED"),
        code("5009", "LINK_LIMIT_REACH"),
        code("7001", "NO_RULES_FOR_COMPANY"),
        code("8001", "NEED_REQUIRED_IMAGES"),
        code("8002", "DOCUMENT_VERIFY_FAILED"),
        code("8003", "PLEASE_TRY_AGAIN"),
        code("8004", "FACE_CROPPED"),
        code("8005", "FACE_TOO_CLOSED"),
        code("8006", "FACE_NOT_FOUND"),
        code("8007", "FACE_CLOSED_TO_BORDER"),
        code("8008", "FACE_TOO_SMALL"),
        code("8009", "POOR_LIGHT"),
        code("8010", "ID_VERIFICATION_FAILED"),
        code("8011", "DRIVING_LICENCE_VERIFICATION_FAILED"),
        code("8012", "PASSPORT_VERIFICATION_FAILED"),
        code("8013", "DATA_NOT_FOUND"),
        code("8014", "LINK_INVALID"),
        code("8015", "LINK_EXPIRED"),
        code("8016", "LINK_NOT_MADE"),
        code("8017", "KYC_VERIFICATION_LIMIT_REACHED"),
        code("8018", "SELFIE_MULTIPLE_FACES"),
        code("8019", "FACE_BLURR"),
        code("8020", "MISSING_ID_CARD_DOCUMENT_WITH_RULES"),
    ];

    fn admit(&self, _operation: &Operation<Self>, call: &Call) -> Result<(), Reply> {
        if self.tokens.client(call).is_some() {
            return Ok(());
        }
        Err(Reply { status: 401, ..coded("1", "UNAUTHORIZED") })
    }

    fn word(&self, _number: u16, flaw: &Flaw) -> Reply {
        match flaw {
            Flaw::Missing(_) | Flaw::NotJson => Reply { status: 400, ..coded("5002", "INVALID_MISSING_REQUEST_FIELDS") },
            _ => Reply { status: 400, ..coded("400", "BAD_REQUEST") },
        }
    }

    fn documented(&self, e: &Documented, call: &Call) -> Reply {
        let plain = coded(e.code, e.message);
        match call.shape % 3 {
            // The older generation's name for the code.
            1 => Reply::ok(&json!({ "responseCode": e.code.parse::<u32>().unwrap_or(0), "message": e.message })),
            2 => Reply { status: 400, ..plain },
            _ => plain,
        }
    }

    fn unknown_path(&self) -> Reply {
        Reply { status: 404, ..coded("1", "invalid URL") }
    }

    fn trouble(&self, status: u16) -> Reply {
        Reply { status, ..coded("500", "INTERNAL_SYSTEM_ERROR") }
    }

    fn expire_tokens(&mut self) {
        self.tokens.expire_all();
    }

    fn holdings(&self) -> Vec<Holding> {
        let holding = |r: &Record| Holding {
            person: r.person.clone(),
            key: (!r.identifier.is_empty()).then(|| r.identifier.clone()),
            reference: r.request.clone(),
            registrations: 1,
            deleted: false,
        };
        self.records.iter().map(holding).collect()
    }
}
