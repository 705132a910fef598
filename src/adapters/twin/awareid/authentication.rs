//! Authentication (48-55).

use super::super::exchange::{Answer, Call, Refusal, Reply};
use super::super::fields::Fields as _;
use super::super::operation::Operation;
use super::compliance::national_id;
use super::extra_checks::ONE_TIME_CODE;
use super::{AwareId, b2c, package, wrong};
use serde_json::{Value, json};

const CANCEL: &str = "/onboarding/authentication/cancel";

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(48, "start authentication", "POST", "/onboarding/authentication/authenticate", AwareId::authenticate),
    Operation::new(49, "verify device", "POST", "/onboarding/authentication/verifyDevice", AwareId::verify_device),
    Operation::new(50, "verify face", "POST", "/onboarding/authentication/verifyFace", AwareId::verify_face),
    Operation::new(51, "verify voice", "POST", "/onboarding/authentication/verifyVoice", AwareId::verify_voice),
    Operation::new(52, "verify PIN", "POST", "/onboarding/authentication/verifyPIN", AwareId::verify_pin),
    Operation::new(53, "device risk", "POST", "/onboarding/authentication/checkDeviceSecurity", AwareId::device_risk),
    Operation::new(54, "national id check", "POST", "/onboarding/authentication/checkNationalIdNumber", AwareId::check_national_id),
    Operation::new(55, "cancel authentication", "POST", CANCEL, AwareId::cancel_authentication),
    Operation::new(0, "verify face (consumer)", "POST", "/b2c/onboarding/authentication/verifyFace", AwareId::verify_face),
];

/// An authentication or a re-enrolment, under way or over.
pub(super) struct Authentication {
    /// Registration code of whoever is claimed.
    pub(super) code: String,
    pub(super) open: bool,
    left: Vec<&'static str>,
    failures: u32,
    /// A PIN reset that was started.
    pub(super) pin: Option<String>,
}

impl Authentication {
    pub(super) const fn new(code: String, left: Vec<&'static str>) -> Self {
        Self { code, open: true, left, failures: 0, pin: None }
    }

    pub(super) fn passed(&self) -> bool {
        self.left.is_empty()
    }

    /// Notes how a check went: 0 failed for good, 1 pending, 2 complete.
    ///
    /// - `most`: attempts allowed; a failed check that is no attempt passes `None`.
    pub(super) fn step(&mut self, check: &str, passed: bool, most: Option<u32>) -> u8 {
        if passed {
            self.left.retain(|c| *c != check);
        } else if let Some(most) = most {
            self.failures += 1;
            if self.failures >= most {
                self.open = false;
                return 0;
            }
        }
        if self.left.is_empty() { 2 } else { 1 }
    }
}

/// `authStatus` as a number, or as text the way the voice samples have it.
pub(super) fn status_value(status: u8, call: &Call, voice: bool) -> Value {
    let word = match status {
        0 => "Failed",
        1 => "Pending",
        _ => "Complete",
    };
    match call.shape % 3 {
        1 if voice => json!(format!("{status} ({word})")),
        2 if voice => json!(status.to_string()),
        _ => json!(status),
    }
}

/// A face or voice compared with a registration.
pub(super) struct Compared {
    pub(super) live: bool,
    pub(super) matched: bool,
    pub(super) results: Value,
}

impl Compared {
    /// The reply of a face check, or with `voice` of a voice check.
    pub(super) fn reply(&self, status: u8, call: &Call, voice: bool) -> Reply {
        // Raw in the guide, a percentage on the page.
        let score = match (self.matched, call.shaped(2, 1)) {
            (true, false) => 53.15,
            (true, true) => 100.0,
            (false, _) => 0.4,
        };
        let name = if voice { "voiceLivenessResults" } else { "faceLivenessResults" };
        let results = if call.shaped(4, 3) { json!("") } else { self.results.clone() };
        Reply::ok(&json!({
            "livenessResult": self.live,
            "matchResult": self.matched,
            "matchScore": score,
            "authStatus": status_value(status, call, voice),
            name: results,
        }))
    }
}

impl AwareId {
    /// The registration that `registrationCode` or `username` names.
    pub(super) fn named(&self, body: &Value, call: &Call) -> Result<String, Refusal> {
        if let Some(code) = body.optional_text("registrationCode")?.filter(|c| !c.is_empty()) {
            let known = self.people.get(code).map(|p| p.code.clone());
            return known.ok_or_else(|| wrong(call, "Registration is not found").into());
        }
        let known = self.people.code_of(body.text("username")?).map(str::to_owned);
        known.ok_or_else(|| wrong(call, "User is not found").into())
    }

    pub(super) fn username_of(&self, code: &str) -> String {
        self.people.get(code).map_or_else(String::new, |p| p.identity.username.clone())
    }

    /// Compares a face package in `faceLivenessData` with the person.
    pub(super) fn compare_face(&mut self, body: &Value, code: &str, call: &Call) -> Result<Compared, Refusal> {
        let package = self.face_package(body, "faceLivenessData")?;
        let live = package::live(&package.face);
        let own = self.people.get(code).is_some_and(|p| p.face.as_deref() == Some(&package.face.person));
        Ok(Compared { live, matched: live && own, results: package::results(&package, true, call) })
    }

    /// Compares a voice package in `livenessData` with the person.
    pub(super) fn compare_voice(&mut self, body: &Value, code: &str) -> Result<Compared, Refusal> {
        let package = self.voice_package(body, "livenessData")?;
        let own = self.people.get(code).is_some_and(|p| p.voice.as_deref() == Some(&package.voice.person));
        Ok(Compared { live: package.live(), matched: package.live() && own, results: package.results() })
    }

    fn authenticate(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let code = self.named(&body, call)?;
        let device = body.optional_text("deviceId")?;
        let person = self.people.get(&code).ok_or_else(|| wrong(call, "User is not found"))?;
        let mut left = Vec::new();
        if device.is_some() || person.devices.iter().any(|d| d.key.is_some()) {
            left.push("verifyDevice");
        }
        if self.verifies_face("authentication") && person.face.is_some() {
            left.push("verifyFace");
        }
        if person.voice.is_some() {
            left.push("verifyVoice");
        }
        let (token, username) = (self.mint.uuid(), person.identity.username.clone());
        let mut reply = json!({ "authToken": token, "requiredChecks": left });
        if self.records_video() || call.shaped(2, 1) {
            reply["recordVideo"] = json!(self.records_video());
        }
        self.authentications.put(token.clone(), Authentication::new(code, left));
        self.emit("authentication.started", &username, &token, json!({}), call);
        Ok(Reply::ok(&reply))
    }

    /// The open authentication a call is about: its token and the person's code.
    fn authentication(&self, body: &Value, call: &Call) -> Result<(String, String), Refusal> {
        let token = body.text("authToken")?;
        match self.authentications.get(token) {
            Some(a) if a.open && self.people.get(&a.code).is_some() => Ok((token.to_owned(), a.code.clone())),
            _ => Err(wrong(call, "Invalid authToken").into()),
        }
    }

    fn step(&mut self, token: &str, check: &str, passed: bool, attempt: bool, call: &Call) -> u8 {
        let most = attempt.then(|| self.attempts());
        let Some(authentication) = self.authentications.get_mut(token) else { return 0 };
        let status = authentication.step(check, passed, most);
        if status == 2 {
            authentication.open = false;
            let code = authentication.code.clone();
            if let Some(person) = self.people.get_mut(&code) {
                person.acted("authentication", "completed", call.now);
            }
            let username = self.username_of(&code);
            self.emit("authentication.completed", &username, token, json!({ "authStatus": 2 }), call);
            self.finish_session(&username, b2c::Kind::Authentication, call);
        }
        status
    }

    fn verify_device(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (id, signature) = (body.text("deviceId")?, body.bytes("signature")?);
        for site in body.optional_text("geosites")?.unwrap_or_default().split(',').filter(|s| !s.is_empty()) {
            if !self.geofences.contains_key(site.trim()) {
                return Err(wrong(call, &format!("Geofence '{site}' does not exist")).into());
            }
        }
        let (token, code) = self.authentication(&body, call)?;
        let device = self.people.get(&code).and_then(|p| p.devices.iter().find(|d| d.id == id));
        let signed = device.and_then(|d| d.key.as_ref()).is_some_and(|key| key.signed(token.as_bytes(), &signature));
        // A bad signature is told in words only, and does not count as an attempt.
        let status = self.step(&token, "verifyDevice", signed, false, call);
        let message = if signed { "Device verified." } else { "Device signature is invalid" };
        Ok(Reply::ok(&json!({ "message": message, "authStatus": status })))
    }

    fn verify_face(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (token, code) = self.authentication(&body, call)?;
        let compared = self.compare_face(&body, &code, call)?;
        let username = self.username_of(&code);
        let status = self.step(&token, "verifyFace", compared.matched, true, call);
        let data = json!({ "livenessResult": compared.live, "matchResult": compared.matched, "authStatus": status });
        self.emit("authentication.face.check", &username, &token, data, call);
        Ok(compared.reply(status, call, false))
    }

    fn verify_voice(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (token, code) = self.authentication(&body, call)?;
        let compared = self.compare_voice(&body, &code)?;
        let username = self.username_of(&code);
        let status = self.step(&token, "verifyVoice", compared.matched, true, call);
        let data = json!({ "livenessResult": compared.live, "matchResult": compared.matched, "authStatus": status });
        self.emit("authentication.voice.check", &username, &token, data, call);
        Ok(compared.reply(status, call, true))
    }

    fn verify_pin(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let good = body.text("authorizationCode")? == ONE_TIME_CODE;
        let (token, _) = self.authentication(&body, call)?;
        Ok(Reply::ok(&json!({ "authStatus": self.step(&token, "verifyPIN", good, true, call) })))
    }

    fn device_risk(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        body.text("apSessionId")?;
        let (token, _) = self.authentication(&body, call)?;
        let status = self.step(&token, "checkDeviceSecurity", true, false, call);
        Ok(Reply::ok(&json!({ "authStatus": status, "errorCode": 0, "errorMsg": "", "responseDetail": {} })))
    }

    fn check_national_id(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (clear, mut reply) = national_id(&body)?;
        let (token, _) = self.authentication(&body, call)?;
        reply["authStatus"] = json!(self.step(&token, "checkNationalId", clear, false, call));
        Ok(Reply::ok(&reply))
    }

    fn cancel_authentication(&mut self, call: &Call) -> Answer {
        let (token, code) = self.authentication(&call.json()?, call)?;
        if let Some(authentication) = self.authentications.get_mut(&token) {
            authentication.open = false;
        }
        let username = self.username_of(&code);
        self.emit("authentication.cancelled", &username, &token, json!({}), call);
        Ok(Reply::empty(if call.shaped(2, 1) { 204 } else { 200 }))
    }
}
