//! Sessions that a person finishes on their own phone (63-65). Here, finishing means that an enrolment or authentication of the same user
//! name completes.

use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::{self, Fields as _};
use super::super::operation::Operation;
use super::{AwareId, platform, wrong};
use crate::units::UtcTime;
use serde_json::{Value, json};

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(63, "trigger enrolment", "POST", "/onboarding/b2c/triggerEnroll", AwareId::trigger_enrolment),
    Operation::new(64, "trigger authentication", "POST", "/onboarding/b2c/triggerAuthenticate", AwareId::trigger_authentication),
    Operation::new(65, "operation status", "GET", "/onboarding/b2c/operationStatus/{sessionToken}", AwareId::operation_status),
    Operation::new(0, "validate session (consumer)", "POST", "/tokenVerify/validateSession", AwareId::validate_session).open(),
];

/// Lifetime of a session, milliseconds.
const SESSION_MS: i64 = 15 * 60 * 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Enrolment,
    Authentication,
}

pub(super) struct Session {
    kind: Kind,
    username: String,
    done: bool,
    ends: UtcTime,
}

impl AwareId {
    fn trigger_enrolment(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        body.optional_text("email")?;
        body.optional_text("phoneNumber")?;
        self.trigger(&body, Kind::Enrolment, call)
    }

    fn trigger_authentication(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        if self.people.code_of(body.text("username")?).is_none() {
            return Err(wrong(call, "User is not found").into());
        }
        self.trigger(&body, Kind::Authentication, call)
    }

    fn trigger(&mut self, body: &Value, kind: Kind, call: &Call) -> Answer {
        let username = body.text("username")?.to_owned();
        if let Some(options) = body.optional_object("notifyOptions")? {
            options.optional_flag("notifyByEmail")?;
            options.optional_flag("notifyBySMS")?;
        }
        let token = self.mint.uuid();
        let ends = UtcTime(call.now.0.saturating_add(SESSION_MS));
        self.sessions.put(token.clone(), Session { kind, username: username.clone(), done: false, ends });
        let event = match kind {
            Kind::Enrolment => "enrollment.b2c.started",
            Kind::Authentication => "authentication.b2c.started",
        };
        self.emit(event, &username, &token, json!({}), call);
        let address = format!("https://twin.invalid/b2c/{token}");
        Ok(Reply::ok(&json!({
            "status": "SUCCESS",
            "sessionCallbackURL": address,
            "qrcodeImage": fields::base64(&blank_png()),
            "sessionToken": token,
            "jwtToken": self.mint.hex::<24>(),
        })))
    }

    /// Marks the pending sessions of a user as done.
    pub(super) fn finish_session(&mut self, username: &str, kind: Kind, call: &Call) {
        let due = |s: &Session| s.kind == kind && s.username == username && !s.done && call.now < s.ends;
        let tokens: Vec<String> = self.sessions.iter().filter(|(_, s)| due(s)).map(|(t, _)| t.clone()).collect();
        for token in tokens {
            if let Some(session) = self.sessions.get_mut(&token) {
                session.done = true;
            }
            let event = match kind {
                Kind::Enrolment => "enrollment.b2c.completed",
                Kind::Authentication => "authentication.b2c.completed",
            };
            self.emit(event, username, &token, json!({}), call);
        }
    }

    fn operation_status(&mut self, call: &Call) -> Answer {
        let session = self.sessions.get(call.parameter("sessionToken"));
        let session = session.ok_or_else(|| platform(Some(call), 404, "INPUT_VALUES_ERROR", "Session is not found"))?;
        let status = match session {
            Session { done: true, .. } => "Completed",
            Session { ends, .. } if call.now >= *ends => "Expired",
            Session { .. } => "Pending",
        };
        Ok(Reply::ok(&json!({ "completionStatus": status })))
    }

    fn validate_session(&mut self, call: &Call) -> Answer {
        if call.header("apikey") != Some(super::API_KEY) {
            return Err(Reply::text(401, "Unauthorized").into());
        }
        let body = call.json()?;
        let session = self.sessions.get(body.text("sessionToken")?).filter(|s| !s.done && call.now < s.ends);
        let username = session.map(|s| s.username.clone()).ok_or_else(|| Flaw::NotAllowed("sessionToken".to_owned()))?;
        let token = self.tokens.issue(&mut self.mint, call.now, &username);
        Ok(Reply::ok(&json!({ "accessToken": token })))
    }
}

/// A picture where the service draws a QR code; it leads nowhere here, so there is none to scan.
fn blank_png() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    let drawn = image::GrayImage::from_pixel(32, 32, image::Luma([255])).write_to(&mut png, image::ImageFormat::Png);
    if drawn.is_ok() { png.into_inner() } else { Vec::new() }
}
