//! Token, public key and administration (84-89).

use super::super::credentials::{CLIENT_ID, CLIENT_SECRET, REALM};
use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::Fields as _;
use super::super::forms;
use super::super::operation::Operation;
use super::gallery::page;
use super::people::{Device, Person};
use super::{AwareId, platform, wrong};
use serde_json::{Value, json};

const LIST: &str = "/onboarding/admin/registration";
const ONE: &str = "/onboarding/admin/registration/{registrationCode}";
const SETTINGS: &str = "/onboarding/admin/customerConfig";

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(0, "access token", "POST", "/auth/realms/{realm}/protocol/openid-connect/token", AwareId::token).open(),
    Operation::new(101, "public key for encryption", "GET", "/onboarding/admin/getPublicKey", AwareId::public_key),
    Operation::new(84, "list completed enrolments", "POST", LIST, AwareId::list_registrations),
    Operation::new(85, "enrolment details", "GET", ONE, AwareId::registration),
    Operation::new(86, "delete enrolment", "DELETE", ONE, AwareId::delete_registration),
    Operation::new(87, "read customer configuration", "GET", SETTINGS, AwareId::read_settings),
    Operation::new(88, "update customer configuration", "POST", SETTINGS, AwareId::write_settings),
    Operation::new(89, "recording location", "POST", "/onboarding/admin/recording", AwareId::recording),
];

impl AwareId {
    fn token(&mut self, call: &Call) -> Answer {
        let refused = |status, error: &str| Reply::json(status, &json!({ "error": error, "error_description": "The twin refuses this." }));
        let value = |name| forms::form_value(call, name).unwrap_or_default();
        if call.parameter("realm") != REALM {
            return Err(Reply::json(404, &json!({ "error": "Realm does not exist" })).into());
        }
        if value("grant_type") != "client_credentials" {
            return Err(refused(400, "unsupported_grant_type").into());
        }
        if value("client_id") != CLIENT_ID || value("client_secret") != CLIENT_SECRET {
            return Err(refused(401, "unauthorized_client").into());
        }
        let token = self.tokens.issue(&mut self.mint, call.now, CLIENT_ID);
        Ok(Reply::ok(&json!({
            "access_token": token,
            "expires_in": self.tokens.seconds(),
            "refresh_expires_in": 0,
            "token_type": "Bearer",
            "id_token": self.mint.hex::<16>(),
            "not-before-policy": 0,
            "scope": "openid",
        })))
    }

    fn public_key(&mut self, call: &Call) -> Answer {
        let pem = self.envelope.public_pem();
        pem.map(|pem| Reply::text(200, pem)).ok_or_else(|| platform(Some(call), 500, "INTERNAL_SERVER_ERROR", "No key").into())
    }

    fn list_registrations(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let item = |p: &Person| {
            json!({
                "registrationCode": p.code, "username": p.identity.username, "name": p.name(), "email": p.identity.email,
                "phoneNumber": p.identity.phone_number, "startDate": p.start.to_rfc3339(),
            })
        };
        let items: Vec<Value> = self.people.iter().map(item).collect();
        Ok(Reply::ok(&page(&body, &items, true)?))
    }

    fn registration(&mut self, call: &Call) -> Answer {
        let person = self.people.get(call.parameter("registrationCode"));
        let person = person.ok_or_else(|| platform(Some(call), 404, "INPUT_VALUES_ERROR", "Registration is not found"))?;
        let device = |d: &Device| json!({ "deviceId": d.id, "registeredDate": d.registered.to_rfc3339() });
        Ok(Reply::ok(&json!({
            "name": person.name(),
            "email": person.identity.email,
            "phoneNumber": person.identity.phone_number,
            "startDate": person.start.to_rfc3339(),
            "registrationCode": person.code,
            "registeredDevices": person.devices.iter().map(device).collect::<Vec<_>>(),
            "activities": person.activities,
        })))
    }

    fn delete_registration(&mut self, call: &Call) -> Answer {
        let code = call.parameter("registrationCode");
        self.people.remove(code).ok_or_else(|| platform(Some(call), 404, "INPUT_VALUES_ERROR", "Registration is not found"))?;
        Ok(Reply::empty(if call.shaped(2, 1) { 204 } else { 200 }))
    }

    fn recording(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (kind, token) = (body.text("type")?, body.text("token")?);
        let known = match kind {
            "enrollment" => self.enrolments.get(token).is_some(),
            "authentication" => self.authentications.get(token).is_some(),
            "re-enrollment" => self.re_enrolments.get(token).is_some(),
            _ => return Err(Flaw::NotAllowed("type".to_owned()).into()),
        };
        if !known {
            return Err(wrong(call, "Recording is not found").into());
        }
        let later = crate::units::UtcTime(call.now.0.saturating_add(3_600_000)).to_rfc3339();
        let key = format!("{kind}/{token}.mp4");
        let mut reply = json!({
            "vendor": "AWS", "bucketName": "twin", "objectKey": key,
            "credential": { "accessKeyId": "twin", "secretAccessKey": "twin", "sessionToken": "twin", "expiration": later },
        });
        if body.optional_flag("presignedURL")?.unwrap_or(false) {
            reply["presignedURL"] = json!(format!("https://twin.invalid/{key}"));
        }
        Ok(Reply::ok(&reply))
    }
}
