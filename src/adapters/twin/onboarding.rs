//! Onboarding BiometricTest (eNROLL): a session in the token, a document step, a selfie test, an approval.
//!
//! ```text
//! token → initialise → (choose document) → document picture → selfie → approve → applicant
//! ```

use super::TwinOptions;
use super::bounded::Bounded;
use super::credentials::{CLIENT_ID, CLIENT_SECRET};
use super::exchange::{Answer, Call, Flaw, Reply};
use super::fields::{self, Fields as _};
use super::ledger::Holding;
use super::mint::Mint;
use super::operation::{Documented, Operation, Service};
use super::pictures::Picture;
use super::tokens::TokenBook;
use crate::units::UtcTime;
use serde_json::{Value, json};

/// Lifetime of a session token, seconds.
const TOKEN_SECONDS: u32 = 900;
/// Pictures kept to be given back.
const PICTURES: usize = 64;

#[derive(Default)]
struct Session {
    /// The caller's name for the person, or else for the request.
    user: Option<String>,
    initialised: bool,
    national: Option<bool>,
    document: Option<Picture>,
    selfie: Option<Picture>,
    passed: bool,
    applicant: Option<String>,
}

/// The service's state.
pub(super) struct Onboarding {
    mint: Mint,
    tokens: TokenBook,
    /// Sessions by request, which a token may resume.
    sessions: Bounded<Session>,
    /// The latest pictures by request and kind, for the deprecated calls that give them back.
    pictures: Bounded<Vec<u8>>,
    /// Applicant, user and face of everybody approved.
    approved: Vec<(String, Option<String>, String)>,
    max_people: usize,
}

impl Onboarding {
    pub(super) fn new(options: &TwinOptions) -> Self {
        Self {
            mint: Mint::new(options.seed, 5),
            tokens: TokenBook::new(options, TOKEN_SECONDS),
            sessions: Bounded::new(2000),
            pictures: Bounded::new(PICTURES),
            approved: Vec::new(),
            max_people: options.max_people,
        }
    }

    fn token(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        if body.text("tenantId")? != CLIENT_ID || body.text("tenantSecret")? != CLIENT_SECRET {
            return Err(message(401, "Unauthorized").into());
        }
        for name in ["deviceId", "correlationId", "kycRequestTypeId", "userName"] {
            body.optional_text(name)?;
        }
        if body.optional_text("kycRequestTypeId")?.is_some_and(|t| !["1", "2", "3"].contains(&t)) {
            return Err(Flaw::NotAllowed("kycRequestTypeId".to_owned()).into());
        }
        let request = match body.optional_text("requestId")? {
            Some(known) if self.sessions.get(known).is_some() => known.to_owned(),
            Some(_) => return Err(message(404, "Request is not found").into()),
            None => {
                let request = self.mint.uuid();
                let user = body.optional_text("userId")?.or(body.optional_text("correlationId")?).map(str::to_owned);
                self.sessions.put(request.clone(), Session { user, ..Session::default() });
                request
            }
        };
        let token = self.tokens.issue(&mut self.mint, call.now, &request);
        let ends = UtcTime(call.now.0.saturating_add(i64::from(self.tokens.seconds()) * 1000));
        Ok(Reply::ok(&json!({ "token": token, "expirationDate": ends.to_rfc3339() })))
    }

    fn session(&mut self, call: &Call) -> Result<&mut Session, Reply> {
        let request = self.tokens.client(call).map(str::to_owned).ok_or_else(|| message(401, "Unauthorized"))?;
        self.sessions.get_mut(&request).ok_or_else(|| message(401, "Unauthorized"))
    }

    fn steps(&mut self, _call: &Call) -> Answer {
        let step = |order: u32, name: &str| json!({ "order": order, "registrationStepName": name });
        let steps = json!([step(1, "PersonalConfirmation"), step(2, "SmileLiveness")]);
        Ok(Reply::ok(&json!({ "isSuccess": true, "message": null, "data": steps })))
    }

    fn initialise(&mut self, call: &Call) -> Answer {
        let request = self.tokens.client(call).unwrap_or_default().to_owned();
        self.session(call)?.initialised = true;
        Ok(Reply::ok(&json!({ "isSuccess": true, "message": null, "data": { "requestId": request } })))
    }

    fn choose_document(&mut self, call: &Call) -> Answer {
        let national = call.parameter("isNationalID").parse().map_err(|_| Flaw::NotAllowed("isNationalID".to_owned()))?;
        let session = self.started(call)?;
        session.national = Some(national);
        Ok(succeeded(&Value::Null))
    }

    fn started(&mut self, call: &Call) -> Result<&mut Session, Reply> {
        let session = self.session(call)?;
        if session.initialised { Ok(session) } else { Err(message(400, "The request is not initialized")) }
    }

    fn front(&mut self, call: &Call) -> Answer {
        self.document(call)
    }

    fn back(&mut self, call: &Call) -> Answer {
        let bytes = call.json()?.bytes("image")?;
        fields::picture("image", &bytes)?;
        match self.started(call)?.document {
            Some(_) => Ok(succeeded(&Value::Null)),
            None => Err(message(400, "The front image is missing").into()),
        }
    }

    fn passport(&mut self, call: &Call) -> Answer {
        self.document(call)
    }

    fn document(&mut self, call: &Call) -> Answer {
        let bytes = call.json()?.bytes("image")?;
        let picture = fields::picture("image", &bytes)?;
        let session = self.started(call)?;
        if picture.expired || picture.poor {
            return Ok(failed("The document cannot be accepted"));
        }
        session.document = Some(picture);
        self.keep("document", bytes, call);
        Ok(succeeded(&Value::Null))
    }

    fn approve_passport(&mut self, call: &Call) -> Answer {
        let done = self.started(call)?.document.is_some();
        Ok(Reply::ok(&json!({ "status": i32::from(!done) })))
    }

    fn upload_selfie(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let bytes = body.bytes("image")?;
        for name in ["naturalImageScore", "smileImageScore"] {
            if body.optional_number(name)?.is_some_and(|v| !(0.0..=100.0).contains(&v)) {
                return Err(Flaw::NotAllowed(name.to_owned()).into());
            }
        }
        if body.field("record").is_some() {
            body.bytes("record")?;
        }
        let face = fields::picture("image", &bytes)?;
        let session = self.started(call)?;
        let Some(document) = &session.document else { return Ok(failed("The document step is not finished")) };
        if session.applicant.is_some() {
            return Ok(failed("The biometric test is finished"));
        }
        let own = document.belongs_to(&face);
        let trouble = match face.faces {
            0 => Some("No face was found"),
            1 if face.poor => Some("The picture is not clear enough"),
            1 if face.spoof => Some("Liveness was not confirmed"),
            1 if !own => Some("The face does not match the document"),
            1 => None,
            _ => Some("More than one face was found"),
        };
        session.selfie = Some(face);
        session.passed = trouble.is_none();
        self.keep("selfie", bytes, call);
        if let Some(trouble) = trouble {
            return Ok(failed(trouble));
        }
        let data = json!({ "photoMatched": true, "photoMatchPercentage": 98, "detectedAge": "", "detectedGender": "" });
        Ok(match call.shape % 3 {
            1 => succeeded(&data),
            2 => vendor_encrypted(),
            _ => Reply::ok(&json!({ "isSuccess": true, "message": null })),
        })
    }

    fn keep(&mut self, kind: &str, bytes: Vec<u8>, call: &Call) {
        let request = self.tokens.client(call).unwrap_or_default();
        self.pictures.put(format!("{kind} {request}"), bytes);
    }

    fn kept(&self, kind: &str, call: &Call) -> Option<&Vec<u8>> {
        let request = self.tokens.client(call).unwrap_or_default();
        self.pictures.get(&format!("{kind} {request}"))
    }

    fn approve(&mut self, call: &Call) -> Answer {
        let full = self.approved.len() >= self.max_people;
        let applicant = self.mint.uuid();
        let session = self.started(call)?;
        let person = session.selfie.as_ref().map(|s| s.person.clone()).filter(|_| session.passed && session.applicant.is_none());
        let Some(person) = person.filter(|_| !full) else { return Ok(Reply::ok(&json!({ "status": 1 }))) };
        session.applicant = Some(applicant.clone());
        let user = session.user.clone();
        self.approved.push((applicant, user, person));
        Ok(Reply::ok(&json!({ "status": 0 })))
    }

    fn selfie_image(&mut self, call: &Call) -> Answer {
        given_back(call, self.kept("selfie", call))
    }

    fn portrait_image(&mut self, call: &Call) -> Answer {
        given_back(call, self.kept("document", call))
    }

    fn applicant(&mut self, call: &Call) -> Answer {
        match &self.session(call)?.applicant {
            Some(id) => Ok(succeeded(&json!({ "applicantId": id }))),
            None => Err(message(404, "There is no applicant yet").into()),
        }
    }
}

fn message(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({ "message": text, "errorCode": status.to_string() }))
}

fn succeeded(data: &Value) -> Reply {
    Reply::ok(&json!({ "isSuccess": true, "message": null, "errorCode": null, "data": data }))
}

fn failed(text: &str) -> Reply {
    Reply::ok(&json!({ "isSuccess": false, "message": text }))
}

/// What a server answers that wants the vendor's own encryption.
fn vendor_encrypted() -> Reply {
    Reply::ok(&json!({ "Data": "dHdpbg==" }))
}

/// A picture in one of the shapes that the page leaves open.
fn given_back(call: &Call, bytes: Option<&Vec<u8>>) -> Answer {
    let bytes = bytes.ok_or_else(|| message(404, "There is no image"))?;
    let text = fields::base64(bytes);
    Ok(match call.shape % 6 {
        1 => Reply::ok(&json!({ "photo": text })),
        2 => Reply::ok(&json!({ "data": text })),
        3 => Reply::ok(&json!({ "base64": text })),
        4 => Reply::ok(&json!(text)),
        5 => Reply { status: 200, content_type: Some("image/jpeg"), body: bytes.clone(), retry_after: None },
        _ => Reply::ok(&json!({ "image": text })),
    })
}

const fn status(name: &'static str, status: u16, message: &'static str) -> Documented {
    Documented { name, status, code: "", message }
}

impl Service for Onboarding {
    const PREFIXES: &'static [&'static str] = &["/Onboarding", ""];
    const TABLE: &'static [&'static [Operation<Self>]] = &[&[
        Operation::new(101, "session token", "POST", "/api/v1/Auth/GenerateOnboardingSessionToken", Self::token).open(),
        Operation::new(102, "steps configuration", "GET", "/api/v1/Configuration/GetStepsConfiguration", Self::steps),
        Operation::new(103, "initialise request", "POST", "/api/v1/onboarding/Request/InitializeRequest", Self::initialise),
        Operation::new(
            104,
            "choose national id or passport",
            "POST",
            "/api/v1/onboarding/Request/SelectNationalIdStep/{isNationalID}",
            Self::choose_document,
        ),
        Operation::new(105, "national id, front", "POST", "/api/v1/onboarding/NationalId/UploadFrontImage", Self::front),
        Operation::new(106, "national id, back", "POST", "/api/v1/onboarding/NationalId/UploadBackImage", Self::back),
        Operation::new(107, "passport", "POST", "/api/v1/onboarding/Passport/UploadPassportImage", Self::passport),
        Operation::new(108, "approve passport", "POST", "/api/v1/onboarding/Passport/Approve", Self::approve_passport),
        Operation::new(109, "applicant id", "GET", "/api/v1/Applicant/GetApplicantId", Self::applicant),
        Operation::new(1, "upload selfie", "POST", "/api/v1/onboarding/BiometricTest/UploadSelfieImage", Self::upload_selfie),
        Operation::new(2, "approve", "POST", "/api/v1/onboarding/BiometricTest/Approve", Self::approve),
        Operation::new(3, "get selfie (deprecated)", "GET", "/api/v1/onboarding/BiometricTest/GetSelfieImage", Self::selfie_image),
        Operation::new(
            4,
            "get document portrait (deprecated)",
            "GET",
            "/api/v1/onboarding/BiometricTest/GetDocumetPortraitImage",
            Self::portrait_image,
        ),
    ]];
    const ERRORS: &'static [Documented] = &[
        status("400", 400, "Bad Request"),
        status("401", 401, "Unauthorized"),
        status("404", 404, "Not Found"),
        status("failed", 200, "The test failed"),
        status("vendor-encryption", 200, ""),
    ];

    fn admit(&self, _operation: &Operation<Self>, call: &Call) -> Result<(), Reply> {
        if self.tokens.client(call).is_some() { Ok(()) } else { Err(message(401, "Unauthorized")) }
    }

    fn word(&self, _number: u16, flaw: &Flaw) -> Reply {
        let text = match flaw {
            Flaw::NotJson => "The body is not valid JSON".to_owned(),
            Flaw::Missing(name) => format!("The {name} field is required"),
            Flaw::WrongType(name)
            | Flaw::BadBase64(name)
            | Flaw::NotAllowed(name)
            | Flaw::NotAPicture(name)
            | Flaw::Unreadable(name)
            | Flaw::Sizes(name)
            | Flaw::TooLarge(name) => format!("The {name} field is invalid"),
        };
        message(400, &text)
    }

    fn documented(&self, e: &Documented, _call: &Call) -> Reply {
        match e.name {
            "failed" => failed(e.message),
            "vendor-encryption" => vendor_encrypted(),
            _ => message(e.status, e.message),
        }
    }

    fn unknown_path(&self) -> Reply {
        Reply::empty(404)
    }

    fn trouble(&self, status: u16) -> Reply {
        message(status, "The service cannot answer now")
    }

    fn expire_tokens(&mut self) {
        self.tokens.expire_all();
    }

    fn holdings(&self) -> Vec<Holding> {
        let holding = |(applicant, user, person): &(String, Option<String>, String)| Holding {
            person: person.clone(),
            key: user.clone(),
            reference: applicant.clone(),
            registrations: 1,
            deleted: false,
        };
        self.approved.iter().map(holding).collect()
    }
}
