//! The further checks of an enrolment: chip, PIN, phone, knowledge, device risk, watchlist, national id (36-46).
//!
//! Behind them stand other vendors, of whom the twin keeps the outer manners only: a one-time code is `123456`, every question's right
//! answer is its first choice, and a surname or number that ends in `0` is on a list.

use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::{self, Fields as _};
use super::super::operation::Operation;
use super::compliance::national_id;
use super::enrolment::expiry;
use super::{AwareId, wrong};
use serde_json::{Value, json};

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(36, "chip challenge (deprecated)", "POST", "/onboarding/enrollment/getICAOChallenge", AwareId::chip_challenge),
    Operation::new(37, "add chip data groups (deprecated)", "POST", "/onboarding/enrollment/addDocumentICAO", AwareId::add_chip),
    Operation::new(38, "start PIN creation", "POST", "/onboarding/enrollment/addPIN", AwareId::start_pin),
    Operation::new(39, "finish PIN creation", "POST", "/onboarding/enrollment/addPIN/complete", AwareId::finish_pin),
    Operation::new(40, "match personal data to phone", "POST", "/onboarding/enrollment/mobileMatch/verifyPII", AwareId::match_phone),
    Operation::new(41, "verify one-time code", "POST", "/onboarding/enrollment/mobileMatch/verifyPIN", AwareId::verify_code),
    Operation::new(42, "get knowledge questions", "POST", "/onboarding/enrollment/KBA/questions", AwareId::questions),
    Operation::new(43, "answer knowledge questions", "POST", "/onboarding/enrollment/KBA/answers", AwareId::answers),
    Operation::new(44, "device risk", "POST", "/onboarding/enrollment/checkDeviceSecurity", AwareId::enrolment_device_risk),
    Operation::new(45, "watchlist check", "POST", "/onboarding/enrollment/checkWatchlist", AwareId::watchlist),
    Operation::new(46, "national id check", "POST", "/onboarding/enrollment/checkNationalIdNumber", AwareId::enrolment_national_id),
];

/// The one-time code that a phone gets here.
pub(super) const ONE_TIME_CODE: &str = "123456";
const QUESTIONS: [&str; 3] = ["street", "vehicle", "employer"];

impl AwareId {
    fn chip_challenge(&mut self, call: &Call) -> Answer {
        self.enrolment(&call.json()?, call)?;
        let challenge = self.mint.bytes::<8>();
        Ok(Reply::ok(&json!({ "challenge": fields::base64(&challenge) })))
    }

    fn add_chip(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        let username = enrolment.identity.username.clone();
        let groups = body.object("icaoDataGroups")?;
        for name in groups.as_object().into_iter().flat_map(serde_json::Map::keys) {
            groups.bytes(name)?;
        }
        let complete = ["dg1", "sod"].iter().all(|n| groups.field(n).is_some());
        let progress = self.enrolment_step(&token, "addDocument", complete, false, call)?;
        self.emit("enrollment.icao.check", &username, &token, json!({ "icaoVerificationResult": complete }), call);
        let results = if call.shaped(2, 1) { json!("") } else { json!({}) };
        Ok(progress.with(json!({ "icaoVerificationResult": complete, "icaoChipValidationResults": results })))
    }

    /// The fields that start a PIN, its creation and its reset alike.
    pub(super) fn pin_fields(&mut self, username: &str, call: &Call) -> Value {
        json!({
            "mpinId": self.mint.uuid(),
            "activationToken": self.mint.hex::<16>(),
            "expireTime": expiry(call.now, 600),
            "redirectURI": "https://twin.invalid/pin",
            "pinUser": username,
            "pinDevice": self.mint.hex::<8>(),
        })
    }

    fn start_pin(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (enrolment, _) = self.enrolment(&body, call)?;
        enrolment.sent_code = true;
        let username = enrolment.identity.username.clone();
        let mut reply = self.pin_fields(&username, call);
        reply["enrollmentStatus"] = json!(1);
        reply["registrationCode"] = json!("");
        Ok(Reply::ok(&reply))
    }

    fn finish_pin(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        if !enrolment.sent_code {
            return Err(wrong(call, "PIN creation was not started").into());
        }
        enrolment.sent_code = false;
        Ok(self.enrolment_step(&token, "addPIN", true, false, call)?.with(json!({})))
    }

    fn match_phone(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let pii = body.object("pii")?;
        pii.text("phoneNumber")?;
        let (enrolment, _) = self.enrolment(&body, call)?;
        enrolment.sent_code = true;
        Ok(Reply::ok(&json!({ "enrollmentStatus": 1, "responseDetail": {} })))
    }

    fn verify_code(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let code = body.text("pinCode")?;
        let (enrolment, token) = self.enrolment(&body, call)?;
        let good = std::mem::take(&mut enrolment.sent_code) && code == ONE_TIME_CODE;
        let progress = self.enrolment_step(&token, "mobileMatch", good, true, call)?;
        Ok(progress.with(json!({ "policyDecision": decision(good, call), "responseDetail": {} })))
    }

    fn questions(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        body.object("pii")?;
        self.enrolment(&body, call)?;
        let choice = |q: &str, n: u32| json!({ "choiceId": format!("{q}-{n}"), "text": format!("Choice {n}") });
        let question =
            |q: &str| json!({ "questionId": q, "text": format!("Which {q}?"), "choices": [choice(q, 1), choice(q, 2), choice(q, 3)] });
        let questions: Vec<Value> = QUESTIONS.iter().map(|q| question(q)).collect();
        Ok(Reply::ok(&json!({ "enrollmentStatus": 1, "questions": questions, "errorCode": 0, "errorMsg": "" })))
    }

    fn answers(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let mut right = 0;
        for answer in body.array("answers")? {
            let (question, choice) = (answer.text("questionId")?, answer.text("choiceId")?);
            if !QUESTIONS.contains(&question) {
                return Err(Flaw::NotAllowed("questionId".to_owned()).into());
            }
            right += usize::from(choice == format!("{question}-1"));
        }
        let (_, token) = self.enrolment(&body, call)?;
        let good = right == QUESTIONS.len();
        let progress = self.enrolment_step(&token, "KBA", good, true, call)?;
        Ok(progress.with(json!({ "policyDecision": decision(good, call), "errorCode": 0, "errorMsg": "" })))
    }

    fn enrolment_device_risk(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        body.text("apSessionId")?;
        let (_, token) = self.enrolment(&body, call)?;
        let progress = self.enrolment_step(&token, "checkDeviceSecurity", true, false, call)?;
        Ok(Reply::ok(&json!({ "enrollmentStatus": progress.status, "responseDetail": {} })))
    }

    fn watchlist(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let listed = body.object("pii")?.text("lastName")?.ends_with('0');
        let (_, token) = self.enrolment(&body, call)?;
        let progress = self.enrolment_step(&token, "checkWatchlist", !listed, false, call)?;
        let text = if listed { "Person is on a watchlist" } else { "" };
        Ok(Reply::ok(&json!({
            "enrollmentStatus": progress.status, "errorCode": i32::from(listed), "errorMsg": text, "responseDetail": {},
        })))
    }

    fn enrolment_national_id(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (clear, mut reply) = national_id(&body)?;
        let (_, token) = self.enrolment(&body, call)?;
        reply["enrollmentStatus"] = json!(self.enrolment_step(&token, "checkNationalId", clear, false, call)?.status);
        Ok(Reply::ok(&reply))
    }
}

fn decision(good: bool, call: &Call) -> &'static str {
    if good {
        "approve"
    } else if call.shaped(2, 1) {
        "review"
    } else {
        "deny"
    }
}
