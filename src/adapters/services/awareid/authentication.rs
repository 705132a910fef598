//! Authentication and re-enrolment: operations 48-62.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use super::AwareId;
use super::enrolment::PinStarted;
use super::shared::{AuthenticationState, EnrolmentState, FacePackage, Package, VoicePackage};
use crate::adapters::services::typed::{calls, reply, request};
use crate::adapters::services::wire::{Done, Open, Private, list};

request! {
    /// One of code and user name.
    StartAuthentication {
        registration_code?: String,
        username?: Private,
        device_id?: String,
    }
}

reply! {
    AuthenticationStarted {
        auth_token: Private,
        #[serde(deserialize_with = "list")]
        required_checks: Vec<String>,
        record_video: Option<bool>,
    }
}

request! {
    VerifyDevice {
        auth_token: Private,
        device_id: String,
        /// Base64 of a DER signature.
        signature: String,
        /// Names of geofences, joined by commas.
        geosites?: String,
    }
}

request! {
    VerifyFace {
        auth_token: Private,
        face_liveness_data: Package<FacePackage>,
    }
}

request! {
    VerifyVoice {
        auth_token: Private,
        liveness_data: Package<VoicePackage>,
    }
}

request! {
    VerifyPin {
        auth_token: Private,
        authorization_code: Private,
    }
}

request! {
    AuthenticationDeviceRisk {
        auth_token: Private,
        ap_session_id: String,
    }
}

request! {
    AuthenticationNationalId {
        auth_token: Private,
        national_id_type: String,
        national_id_number: Private,
        fields?: Open,
    }
}

request! {
    /// The token alone.
    AuthenticationToken {
        auth_token: Private,
    }
}

request! {
    ReVerifyFace {
        re_enrollment_token: Private,
        face_liveness_data: Package<FacePackage>,
    }
}

request! {
    ReVerifyVoice {
        re_enrollment_token: Private,
        liveness_data: Package<VoicePackage>,
    }
}

request! {
    ResetPin {
        re_enrollment_token: Private,
        device_id: String,
        /// 0 adds this device, 1 replaces all others.
        add_or_update: i64,
    }
}

request! {
    CompletePinReset {
        re_enrollment_token: Private,
        device_id: String,
        add_or_update: i64,
        pin_id: Private,
    }
}

request! {
    ReDeviceRisk {
        re_enrollment_token: Private,
        ap_session_id: String,
    }
}

request! {
    CompleteReEnrolment {
        re_enrollment_token: Private,
        device_id: String,
        public_key?: String,
        /// 0 adds this device, 1 replaces all others with it.
        add_or_update: i64,
    }
}

request! {
    /// The token alone.
    ReEnrolmentToken {
        re_enrollment_token: Private,
    }
}

calls! {
    AwareId;
    /// Starts an authentication.
    48 authentication_start(StartAuthentication) -> AuthenticationStarted;
    /// Proves this machine by its signature; a bad one is reported in `message` with state 1.
    49 authentication_verify_device(VerifyDevice) -> AuthenticationState;
    /// Compares a living face. Each try counts against the person.
    50 authentication_verify_face(VerifyFace) -> AuthenticationState;
    /// Compares a living voice.
    51 authentication_verify_voice(VerifyVoice) -> AuthenticationState;
    /// Checks a PIN.
    52 authentication_verify_pin(VerifyPin) -> AuthenticationState;
    /// Risk of the device.
    53 authentication_device_risk(AuthenticationDeviceRisk) -> AuthenticationState;
    /// A national identity number.
    54 authentication_national_id(AuthenticationNationalId) -> AuthenticationState;
    /// Gives an authentication up.
    55 authentication_cancel(AuthenticationToken) -> Done;
    /// As 50.
    56 re_enrolment_verify_face(ReVerifyFace) -> AuthenticationState;
    /// As 51.
    57 re_enrolment_verify_voice(ReVerifyVoice) -> AuthenticationState;
    /// Starts the reset of a PIN.
    58 re_enrolment_reset_pin(ResetPin) -> PinStarted;
    /// Ends it.
    59 re_enrolment_complete_pin(CompletePinReset) -> AuthenticationState;
    /// Risk of the device.
    60 re_enrolment_device_risk(ReDeviceRisk) -> AuthenticationState;
    /// Adds this device or replaces the others, and gives a new registration code.
    61 re_enrolment_complete(CompleteReEnrolment) -> EnrolmentState;
    /// Gives a re-enrolment up.
    62 re_enrolment_cancel(ReEnrolmentToken) -> Done;
}
