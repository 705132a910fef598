//! Enrolment: operations 30-47.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use super::AwareId;
use super::shared::{
    BiometricsInfo, DocumentType, DocumentsInfo, EnrolmentState, FacePackage, Package, ProcessingInstructions, ValidateDocumentType,
    VoicePackage,
};
use crate::adapters::services::typed::{calls, reply, request};
use crate::adapters::services::wire::{Done, Open, Private, boolean, integer, list, number, object_or_text, text};
use serde_json::Value;

request! {
    StartEnrolment {
        username: Private,
        email: Private,
        first_name?: Private,
        last_name?: Private,
        phone_number?: Private,
    }
}

reply! {
    EnrolmentStarted {
        enrollment_token: Private,
        /// For a known user, who is enrolled again.
        re_enrollment_token: Private,
        user_exists_already: Option<bool>,
        #[serde(deserialize_with = "list")]
        required_checks: Vec<String>,
    }
}

request! {
    AddDevice {
        enrollment_token: Private,
        device_id: String,
        public_key?: String,
        push_id?: String,
    }
}

request! {
    AddFace {
        enrollment_token: Private,
        face_liveness_data: Package<FacePackage>,
    }
}

request! {
    AddVoice {
        enrollment_token: Private,
        liveness_data: Package<VoicePackage>,
    }
}

request! {
    AddDocument {
        enrollment_token: Private,
        documents_info: DocumentsInfo,
        biometrics_info?: BiometricsInfo,
        processing_instructions?: ProcessingInstructions,
    }
}

reply! {
    DocumentAdded {
        #[serde(deserialize_with = "integer")]
        enrollment_status: Option<i64>,
        #[serde(deserialize_with = "text")]
        registration_code: Option<String>,
        #[serde(deserialize_with = "boolean")]
        document_verification_result: Option<bool>,
        #[serde(deserialize_with = "boolean")]
        icao_verification_result: Option<bool>,
        #[serde(deserialize_with = "boolean")]
        match_result: Option<bool>,
        #[serde(deserialize_with = "number")]
        match_score: Option<f64>,
        retry_document_capture: Option<bool>,
        /// Fields as read; about the person.
        #[serde(deserialize_with = "object_or_text")]
        ocr_results: Option<Open>,
        #[serde(deserialize_with = "object_or_text")]
        icao_chip_validation_results: Option<Open>,
    }
}

request! {
    /// The token alone.
    EnrolmentToken {
        enrollment_token: Private,
    }
}

reply! {
    ChipChallenge {
        challenge: Option<Private>,
    }
}

request! {
    AddChip {
        enrollment_token: Private,
        /// Base64 by data group.
        icao_data_groups: std::collections::BTreeMap<String, Private>,
    }
}

reply! {
    PinStarted {
        #[serde(deserialize_with = "integer")]
        enrollment_status: Option<i64>,
        #[serde(deserialize_with = "integer")]
        auth_status: Option<i64>,
        #[serde(deserialize_with = "text")]
        registration_code: Option<String>,
        mpin_id: Private,
        activation_token: Private,
        /// Seconds since 1970.
        #[serde(deserialize_with = "integer")]
        expire_time: Option<i64>,
        #[serde(rename = "redirectURI")]
        redirect_uri: Option<String>,
        pin_user: Private,
        pin_device: Private,
    }
}

request! {
    VerifyPii {
        enrollment_token: Private,
        pii: Open,
    }
}

request! {
    VerifyCode {
        enrollment_token: Private,
        pin_code: Private,
    }
}

reply! {
    Questions {
        #[serde(deserialize_with = "integer")]
        enrollment_status: Option<i64>,
        #[serde(deserialize_with = "list")]
        questions: Vec<Open>,
        #[serde(deserialize_with = "text")]
        error_code: Option<String>,
        error_msg: Option<String>,
    }
}

request! {
    KbaAnswer {
        question_id: Value,
        choice_id: Value,
    }
}

request! {
    Answers {
        enrollment_token: Private,
        answers: Vec<KbaAnswer>,
    }
}

request! {
    DeviceRisk {
        enrollment_token: Private,
        /// Made by the vendor's script on the device.
        ap_session_id: String,
    }
}

request! {
    EnrolmentNationalId {
        enrollment_token: Private,
        national_id_type: String,
        national_id_number: Private,
        fields?: Open,
    }
}

calls! {
    AwareId;
    /// Starts an enrolment; for a known user the reply leads to a re-enrolment.
    30 enrolment_start(StartEnrolment) -> EnrolmentStarted;
    /// Registers this machine's public key.
    31 enrolment_add_device(AddDevice) -> EnrolmentState;
    /// Adds a living face. Each try counts against the person.
    32 enrolment_add_face(AddFace) -> EnrolmentState;
    /// Adds a living voice.
    33 enrolment_add_voice(AddVoice) -> EnrolmentState;
    /// What kind of document a picture shows.
    34 enrolment_validate_document_type(ValidateDocumentType) -> DocumentType;
    /// Adds a document, read and compared with the face.
    35 enrolment_add_document(AddDocument) -> DocumentAdded;
    /// Challenge for a document's chip; deprecated by the service.
    36 enrolment_chip_challenge(EnrolmentToken) -> ChipChallenge;
    /// Adds what a document's chip holds; deprecated by the service.
    37 enrolment_add_chip(AddChip) -> EnrolmentState;
    /// Starts the making of a PIN.
    38 enrolment_add_pin(EnrolmentToken) -> PinStarted;
    /// Ends it.
    39 enrolment_complete_pin(EnrolmentToken) -> EnrolmentState;
    /// Compares personal data with a phone number's.
    40 enrolment_verify_pii(VerifyPii) -> EnrolmentState;
    /// Checks the code sent to the phone.
    41 enrolment_verify_code(VerifyCode) -> EnrolmentState;
    /// Questions only the person can answer.
    42 enrolment_questions(VerifyPii) -> Questions;
    /// Answers to them.
    43 enrolment_answers(Answers) -> EnrolmentState;
    /// Risk of the device.
    44 enrolment_device_risk(DeviceRisk) -> EnrolmentState;
    /// Watch lists.
    45 enrolment_watchlist(VerifyPii) -> EnrolmentState;
    /// A national identity number.
    46 enrolment_national_id(EnrolmentNationalId) -> EnrolmentState;
    /// Gives an enrolment up.
    47 enrolment_cancel(EnrolmentToken) -> Done;
}
