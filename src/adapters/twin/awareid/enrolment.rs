//! Enrolment: start, device, face, voice, document, cancel (30-33, 35, 47).
//!
//! ```text
//! started ─ every required step passed → complete (a registration)
//!    ├──── too many failed faces or voices → failed
//!    └──── cancelled
//! ```

use super::super::exchange::{Answer, Call, Refusal, Reply};
use super::super::fields::Fields as _;
use super::super::operation::Operation;
use super::device::DeviceKey;
use super::documents::Document;
use super::people::{Device, Identity, Person};
use super::{AwareId, package, platform, wrong};
use crate::units::UtcTime;
use serde_json::{Value, json};

const CANCEL: &str = "/onboarding/enrollment/cancel";

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(30, "start enrolment", "POST", "/onboarding/enrollment/enroll", AwareId::enroll),
    Operation::new(31, "add device", "POST", "/onboarding/enrollment/addDevice", AwareId::add_device),
    Operation::new(32, "add face", "POST", "/onboarding/enrollment/addFace", AwareId::add_face),
    Operation::new(33, "add voice", "POST", "/onboarding/enrollment/addVoice", AwareId::add_voice),
    Operation::new(35, "add document", "POST", "/onboarding/enrollment/addDocumentOCR", AwareId::add_document),
    Operation::new(47, "cancel enrolment", "POST", CANCEL, AwareId::cancel_enrolment),
    // The consumer variant of the same calls.
    Operation::new(0, "add face (consumer)", "POST", "/b2c/onboarding/enrollment/addFace", AwareId::add_face),
    Operation::new(0, "add document (consumer)", "POST", "/b2c/onboarding/enrollment/addDocumentOCR", AwareId::add_document),
];

/// An enrolment under way or over.
pub(super) struct Enrolment {
    pub(super) identity: Identity,
    open: bool,
    left: Vec<&'static str>,
    failures: u32,
    face: Option<(super::super::pictures::Picture, Vec<u8>)>,
    voice: Option<String>,
    device: Option<Device>,
    /// A one-time code that was sent and not used.
    pub(super) sent_code: bool,
}

/// How far an enrolment is after a step.
pub(super) struct Progress {
    pub(super) status: u8,
    pub(super) code: String,
}

impl Progress {
    /// `reply` with the two fields that every enrolment step answers.
    pub(super) fn with(&self, mut reply: Value) -> Reply {
        reply["enrollmentStatus"] = json!(self.status);
        reply["registrationCode"] = json!(self.code);
        Reply::ok(&reply)
    }
}

/// Reads the fields that start an enrolment.
pub(super) fn identity(body: &Value) -> Result<Identity, super::super::exchange::Flaw> {
    let optional = |name| body.optional_text(name).map(|t| t.unwrap_or_default().to_owned());
    Ok(Identity {
        username: body.text("username")?.to_owned(),
        email: body.text("email")?.to_owned(),
        first_name: optional("firstName")?,
        last_name: optional("lastName")?,
        phone_number: optional("phoneNumber")?,
    })
}

impl AwareId {
    fn enroll(&mut self, call: &Call) -> Answer {
        let identity = identity(&call.json()?)?;
        let token = self.mint.uuid();
        let username = identity.username.clone();
        if let Some(code) = self.people.code_of(&username).map(str::to_owned) {
            let checks = self.start_re_enrolment(&token, &code);
            self.emit("reenrollment.started", &username, &token, json!({}), call);
            return Ok(Reply::ok(&json!({ "reEnrollmentToken": token, "userExistsAlready": true, "requiredChecks": checks })));
        }
        let left = self.enrolment_steps();
        let reply = json!({ "enrollmentToken": token, "userExistsAlready": false, "requiredChecks": left });
        let enrolment = Enrolment { identity, open: true, left, failures: 0, face: None, voice: None, device: None, sent_code: false };
        self.enrolments.put(token.clone(), enrolment);
        self.emit("enrollment.started", &username, &token, json!({}), call);
        Ok(Reply::ok(&reply))
    }

    /// The open enrolment a call is about, with its token.
    pub(super) fn enrolment(&mut self, body: &Value, call: &Call) -> Result<(&mut Enrolment, String), Refusal> {
        let token = body.text("enrollmentToken")?.to_owned();
        match self.enrolments.get_mut(&token) {
            Some(enrolment) if enrolment.open => Ok((enrolment, token)),
            _ => Err(wrong(call, "Invalid enrollmentToken").into()),
        }
    }

    /// Notes how a step went and completes or fails the enrolment where that decides it.
    ///
    /// - `attempt`: whether a failure counts as one.
    pub(super) fn enrolment_step(
        &mut self,
        token: &str,
        step: &str,
        passed: bool,
        attempt: bool,
        call: &Call,
    ) -> Result<Progress, Refusal> {
        let most = self.attempts();
        let enrolment = self.enrolments.get_mut(token).ok_or_else(|| wrong(call, "Invalid enrollmentToken"))?;
        if passed {
            enrolment.left.retain(|s| *s != step);
        } else if attempt {
            enrolment.failures += 1;
        }
        if enrolment.failures >= most {
            enrolment.open = false;
            return Ok(Progress { status: 0, code: String::new() });
        }
        if !enrolment.left.is_empty() {
            return Ok(Progress { status: 1, code: String::new() });
        }
        enrolment.open = false;
        let username = enrolment.identity.username.clone();
        let face = enrolment.face.take();
        // Somebody else finished under this name meanwhile, or the tenant wants nobody twice.
        let duplicate = self.refuses_duplicates() && face.as_ref().is_some_and(|(f, _)| self.people.face_known(&f.person));
        if self.people.code_of(&username).is_some() || duplicate {
            return Ok(Progress { status: 0, code: String::new() });
        }
        let Some(enrolment) = self.enrolments.get_mut(token) else { return Ok(Progress { status: 0, code: String::new() }) };
        let (identity, voice, device) = (enrolment.identity.clone(), enrolment.voice.take(), enrolment.device.take());
        let (face, image) = face.map_or((None, Vec::new()), |(f, image)| (Some(f.person), image));
        let code = self.register(identity, face, voice, image, device.into_iter().collect(), call)?;
        self.emit("enrollment.completed", &username, token, json!({ "registrationCode": code, "enrollmentStatus": 2 }), call);
        self.finish_session(&username, super::b2c::Kind::Enrolment, call);
        Ok(Progress { status: 2, code })
    }

    /// A new registration; its code.
    pub(super) fn register(
        &mut self,
        identity: Identity,
        face: Option<String>,
        voice: Option<String>,
        image: Vec<u8>,
        devices: Vec<Device>,
        call: &Call,
    ) -> Result<String, Reply> {
        if self.people.full() {
            return Err(platform(Some(call), 500, "INTERNAL_SERVER_ERROR", "No room for another registration"));
        }
        let code = self.mint.uuid();
        let mut person = Person { code: code.clone(), identity, face, voice, image, devices, start: call.now, activities: Vec::new() };
        person.acted("enrollment", "completed", call.now);
        self.people.add(person);
        Ok(code)
    }

    fn add_device(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let device = device(&body, call)?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        let username = enrolment.identity.username.clone();
        enrolment.device = Some(device);
        self.emit("enrollment.device.added", &username, &token, json!({}), call);
        Ok(self.enrolment_step(&token, "addDevice", true, false, call)?.with(json!({})))
    }

    fn add_face(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        let username = enrolment.identity.username.clone();
        let package = self.face_package(&body, "faceLivenessData")?;
        let live = package::live(&package.face);
        let results = package::results(&package, true, call);
        if live && let Some(enrolment) = self.enrolments.get_mut(&token) {
            enrolment.face = Some((package.face, package.image));
        }
        let progress = self.enrolment_step(&token, "addFace", live, true, call)?;
        let data = json!({ "livenessResult": live, "enrollmentStatus": progress.status });
        self.emit("enrollment.face.check", &username, &token, data, call);
        let results = if call.shaped(3, 1) { json!("") } else { results };
        let mut reply = json!({ "livenessResult": live, "faceLivenessResults": results });
        if let Some(settings) = self.age_settings() {
            // No age can be told here: the middle of what is allowed, which passes.
            let middle = (settings["minAge"].as_f64().unwrap_or(18.0) + settings["maxAge"].as_f64().unwrap_or(120.0)) / 2.0;
            reply["ageEstimationCheck"] = json!({ "ageFromFaceLivenessServer": middle, "ageEstimation": settings, "result": "PASS" });
        }
        Ok(progress.with(reply))
    }

    fn add_voice(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        let username = enrolment.identity.username.clone();
        let package = self.voice_package(&body, "livenessData")?;
        let live = package.live();
        if live && let Some(enrolment) = self.enrolments.get_mut(&token) {
            enrolment.voice = Some(package.voice.person.clone());
        }
        let progress = self.enrolment_step(&token, "addVoice", live, true, call)?;
        let data = json!({ "livenessResult": live, "enrollmentStatus": progress.status });
        self.emit("enrollment.voice.check", &username, &token, data, call);
        let results = if call.shaped(2, 1) { json!("") } else { package.results() };
        Ok(progress.with(json!({ "livenessResult": live, "voiceLivenessResults": results })))
    }

    fn add_document(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        let username = enrolment.identity.username.clone();
        let face = enrolment.face.as_ref().map(|(face, _)| face.clone());
        let document = Document::read(&body)?;
        if !document.readable() {
            return Err(platform(Some(call), 500, "OCR_PROCESSING_ERROR", "The document cannot be processed").into());
        }
        // The portrait is compared with the selfie that was added before.
        let matched = face.is_some_and(|f| document.belongs_to(&f));
        let verified = document.valid();
        let progress = self.enrolment_step(&token, "addDocument", verified && matched, true, call)?;
        let data = json!({ "documentVerificationResult": verified, "matchResult": matched, "enrollmentStatus": progress.status });
        self.emit("enrollment.ocr.check", &username, &token, data, call);
        Ok(progress.with(json!({
            "documentVerificationResult": verified,
            "icaoVerificationResult": false,
            "matchResult": matched,
            "matchScore": if matched { 4.1 } else { 0.4 },
            "retryDocumentCapture": false,
            "ocrResults": document.ocr(call),
            "icaoChipValidationResults": if call.shaped(2, 1) { json!("") } else { json!({}) },
        })))
    }

    fn cancel_enrolment(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        enrolment.open = false;
        let username = enrolment.identity.username.clone();
        self.emit("enrollment.cancelled", &username, &token, json!({}), call);
        Ok(Reply::empty(if call.shaped(2, 1) { 204 } else { 200 }))
    }
}

/// Reads `deviceId` and `publicKey`, which may be left out.
pub(super) fn device(body: &Value, call: &Call) -> Result<Device, Refusal> {
    let id = body.text("deviceId")?.to_owned();
    let key = match body.field("publicKey") {
        None => None,
        Some(_) => Some(DeviceKey::read(&body.bytes("publicKey")?).ok_or_else(|| wrong(call, "publicKey is not an ECDSA key"))?),
    };
    Ok(Device { id, key, registered: call.now })
}

/// Seconds since 1970, `seconds` from now.
pub(super) const fn expiry(now: UtcTime, seconds: i64) -> i64 {
    now.0.div_euclid(1000) + seconds
}
