//! Re-enrolment (56-62): prove who you are, then add or replace devices.

use super::super::exchange::{Answer, Call, Refusal, Reply};
use super::super::fields::Fields as _;
use super::super::operation::Operation;
use super::authentication::Authentication;
use super::enrolment::device;
use super::{AwareId, b2c, wrong};
use serde_json::{Value, json};

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(56, "verify face", "POST", "/onboarding/reEnrollment/verifyFace", AwareId::re_verify_face),
    Operation::new(57, "verify voice", "POST", "/onboarding/reEnrollment/verifyVoice", AwareId::re_verify_voice),
    Operation::new(58, "start PIN reset", "POST", "/onboarding/reEnrollment/resetPIN", AwareId::start_pin_reset),
    Operation::new(59, "finish PIN reset", "POST", "/onboarding/reEnrollment/resetPIN/complete", AwareId::finish_pin_reset),
    Operation::new(60, "device risk", "POST", "/onboarding/reEnrollment/checkDeviceSecurity", AwareId::re_device_risk),
    Operation::new(61, "complete re-enrolment", "POST", "/onboarding/reEnrollment/reEnroll", AwareId::complete_re_enrolment),
    Operation::new(62, "cancel re-enrolment", "POST", "/onboarding/reEnrollment/cancel", AwareId::cancel_re_enrolment),
];

impl AwareId {
    /// Opens a re-enrolment of a registered person; what it requires.
    pub(super) fn start_re_enrolment(&mut self, token: &str, code: &str) -> Vec<&'static str> {
        let person = self.people.get(code);
        let mut checks = Vec::new();
        if self.verifies_face("reenrollment") && person.is_some_and(|p| p.face.is_some()) {
            checks.push("verifyFace");
        }
        if person.is_some_and(|p| p.voice.is_some()) {
            checks.push("verifyVoice");
        }
        self.re_enrolments.put(token, Authentication::new(code.to_owned(), checks.clone()));
        checks
    }

    /// The open re-enrolment a call is about: its token and the person's code.
    fn re_enrolment(&self, body: &Value, call: &Call) -> Result<(String, String), Refusal> {
        let token = body.text("reEnrollmentToken")?;
        match self.re_enrolments.get(token) {
            Some(r) if r.open && self.people.get(&r.code).is_some() => Ok((token.to_owned(), r.code.clone())),
            _ => Err(wrong(call, "Invalid reEnrollmentToken").into()),
        }
    }

    fn re_step(&mut self, token: &str, check: &str, passed: bool) -> u8 {
        let most = self.attempts();
        self.re_enrolments.get_mut(token).map_or(0, |r| r.step(check, passed, Some(most)))
    }

    fn re_verify_face(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (token, code) = self.re_enrolment(&body, call)?;
        let compared = self.compare_face(&body, &code, call)?;
        let status = self.re_step(&token, "verifyFace", compared.matched);
        let username = self.username_of(&code);
        let data = json!({ "livenessResult": compared.live, "matchResult": compared.matched, "authStatus": status });
        self.emit("reenrollment.face.check", &username, &token, data, call);
        Ok(compared.reply(status, call, false))
    }

    fn re_verify_voice(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (token, code) = self.re_enrolment(&body, call)?;
        let compared = self.compare_voice(&body, &code)?;
        let status = self.re_step(&token, "verifyVoice", compared.matched);
        let username = self.username_of(&code);
        let data = json!({ "livenessResult": compared.live, "matchResult": compared.matched, "authStatus": status });
        self.emit("reenrollment.voice.check", &username, &token, data, call);
        Ok(compared.reply(status, call, true))
    }

    fn start_pin_reset(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        body.text("deviceId")?;
        body.integer("addOrUpdate", 0..=1)?;
        let (token, code) = self.re_enrolment(&body, call)?;
        let username = self.username_of(&code);
        let mut reply = self.pin_fields(&username, call);
        let status = self.re_enrolments.get_mut(&token).map_or(0, |r| {
            r.pin = reply["mpinId"].as_str().map(str::to_owned);
            if r.passed() { 2 } else { 1 }
        });
        reply["authStatus"] = json!(status);
        Ok(Reply::ok(&reply))
    }

    fn finish_pin_reset(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        body.text("deviceId")?;
        body.integer("addOrUpdate", 0..=1)?;
        let pin = body.text("pinId")?;
        let (token, _) = self.re_enrolment(&body, call)?;
        let started = self.re_enrolments.get_mut(&token).and_then(|r| r.pin.take());
        if started.as_deref() != Some(pin) {
            return Err(wrong(call, "PIN reset was not started").into());
        }
        let status = if self.re_enrolments.get(&token).is_some_and(Authentication::passed) { 2 } else { 1 };
        Ok(Reply::ok(&json!({ "authStatus": status, "message": "PIN was reset" })))
    }

    fn re_device_risk(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        body.text("apSessionId")?;
        let (token, _) = self.re_enrolment(&body, call)?;
        Ok(Reply::ok(&json!({ "authStatus": self.re_step(&token, "checkDeviceSecurity", true), "responseDetail": {} })))
    }

    fn complete_re_enrolment(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let replace = body.integer("addOrUpdate", 0..=1)? == 1;
        let device = device(&body, call)?;
        let (token, code) = self.re_enrolment(&body, call)?;
        if !self.re_enrolments.get(&token).is_some_and(Authentication::passed) {
            return Err(wrong(call, "Required checks are not complete").into());
        }
        let most = self.most_devices();
        let person = self.people.get_mut(&code).ok_or_else(|| wrong(call, "User is not found"))?;
        if replace {
            person.devices.clear();
        }
        person.devices.retain(|d| d.id != device.id);
        if person.devices.len() >= most {
            return Err(wrong(call, "Too many devices").into());
        }
        person.devices.push(device);
        person.acted("reenrollment", "completed", call.now);
        if let Some(re_enrolment) = self.re_enrolments.get_mut(&token) {
            re_enrolment.open = false;
        }
        let username = self.username_of(&code);
        self.emit("reenrollment.completed", &username, &token, json!({ "registrationCode": code }), call);
        self.finish_session(&username, b2c::Kind::Enrolment, call);
        Ok(Reply::ok(&json!({ "registrationCode": code })))
    }

    fn cancel_re_enrolment(&mut self, call: &Call) -> Answer {
        let (token, code) = self.re_enrolment(&call.json()?, call)?;
        if let Some(re_enrolment) = self.re_enrolments.get_mut(&token) {
            re_enrolment.open = false;
        }
        let username = self.username_of(&code);
        self.emit("reenrollment.cancelled", &username, &token, json!({}), call);
        Ok(Reply::empty(if call.shaped(2, 1) { 204 } else { 200 }))
    }
}
