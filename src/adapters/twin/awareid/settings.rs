//! The tenant's settings (87, 88) and what they ask of enrolments and authentications.

use super::super::exchange::{Answer, Call, Reply};
use super::{AwareId, platform, wrong};
use serde_json::{Value, json};

/// `onboardingConfig` as a new tenant has it.
pub(super) fn initial() -> Value {
    json!({
        "maxDeviceIds": 5,
        "maxAuthenticationAttempts": 3,
        "saveToSubjectManager": true,
        "recordEnrollmentVideo": false,
        "recordAuthenticationVideo": false,
        "recordRenrollmentVideo": false,
        "onboardingOptions": {
            "enrollment": {
                "addDevice": true, "addFace": true, "addDocument": false, "addVoice": false, "addPIN": false,
                "checkDeviceSecurity": false, "icaoVerification": "DISABLED",
                "ageEstimation": { "enabled": false, "minAge": 18, "maxAge": 120, "minTolerance": 0, "maxTolerance": 0 },
                "checkDuplicateEnrollment": { "enabled": false, "matchThreshold": 3.0 },
            },
            "authentication": { "verifyFace": true },
            "reenrollment": { "verifyFace": true },
        },
        "documentVerificationConfig": { "ocrPortraitSelfieMatchThreshold": 2.0, "rfidPortraitSelfieMatchThreshold": 2.5 },
    })
}

/// Steps an enrolment may require, in their order.
const STEPS: [&str; 6] = ["addDevice", "addFace", "addVoice", "addDocument", "addPIN", "checkDeviceSecurity"];

impl AwareId {
    fn option(&self, group: &str, name: &str) -> bool {
        self.settings["onboardingOptions"][group][name].as_bool().unwrap_or(false)
    }

    pub(super) fn enrolment_steps(&self) -> Vec<&'static str> {
        STEPS.into_iter().filter(|step| self.option("enrollment", step)).collect()
    }

    pub(super) fn refuses_duplicates(&self) -> bool {
        self.settings["onboardingOptions"]["enrollment"]["checkDuplicateEnrollment"]["enabled"].as_bool().unwrap_or(false)
    }

    pub(super) fn age_settings(&self) -> Option<&Value> {
        let settings = &self.settings["onboardingOptions"]["enrollment"]["ageEstimation"];
        (settings["enabled"] == true).then_some(settings)
    }

    /// - `group`: `authentication` or `reenrollment`.
    pub(super) fn verifies_face(&self, group: &str) -> bool {
        self.option(group, "verifyFace")
    }

    pub(super) fn attempts(&self) -> u32 {
        self.settings["maxAuthenticationAttempts"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(3).max(1)
    }

    pub(super) fn records_video(&self) -> bool {
        self.settings["recordAuthenticationVideo"].as_bool().unwrap_or(false)
    }

    pub(super) fn most_devices(&self) -> usize {
        self.settings["maxDeviceIds"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(5).max(1)
    }

    pub(super) fn read_settings(&mut self, call: &Call) -> Answer {
        // Not an ISO time, as on the page; a day from now.
        let later = crate::units::UtcTime(call.now.0.saturating_add(86_400_000)).to_rfc3339();
        let expiration = format!("{} {} +0000 UTC", &later[..10], &later[11..19]);
        Ok(Reply::ok(&json!({ "onboardingConfig": self.settings, "serviceVersion": "12.1.0", "expirationTime": expiration })))
    }

    pub(super) fn write_settings(&mut self, call: &Call) -> Answer {
        if call.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Reply::empty(200));
        }
        let body = call.json()?;
        let Some(new) = body.get("onboardingConfig").filter(|c| c.is_object()) else { return Ok(Reply::empty(200)) };
        let options = &new["onboardingOptions"];
        let complete = ["enrollment", "authentication", "reenrollment"].iter().all(|group| options[group].is_object());
        if !complete {
            return Err(platform(Some(call), 500, "INTERNAL_SERVER_ERROR", "Internal server error").into());
        }
        if new["maxDeviceIds"].as_i64().is_none_or(|n| n < 1) || new["maxAuthenticationAttempts"].as_i64().is_none_or(|n| n < 1) {
            return Err(wrong(call, "maxDeviceIds and maxAuthenticationAttempts must be positive").into());
        }
        let verifies = options["authentication"]["verifyFace"] == true || options["reenrollment"]["verifyFace"] == true;
        if options["enrollment"]["addFace"] == false && verifies {
            return Err(wrong(call, "verifyFace needs addFace").into());
        }
        if options["enrollment"]["addDocument"] == false && options["enrollment"]["icaoVerification"] != "DISABLED" {
            return Err(wrong(call, "icaoVerification needs addDocument").into());
        }
        self.settings = new.clone();
        Ok(Reply::empty(200))
    }
}
