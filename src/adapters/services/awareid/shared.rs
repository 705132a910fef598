//! Objects that several operations share: packages, documents, states.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use super::envelope::Envelope;
use crate::adapters::services::typed::{reply, request};
use crate::adapters::services::wire::{Open, Private, boolean, integer, list, number, object_or_text, text};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// A package in the clear, or encrypted in its place.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Package<T> {
    Sealed(Envelope),
    Plain(T),
}

request! {
    Frame {
        /// Base64 of JPEG or PNG.
        data: Private,
        #[serde(default)]
        tags: Vec<String>,
        /// Milliseconds since 1970, by the wall clock at capture.
        timestamp: Number,
    }
}

request! {
    WorkflowData {
        workflow: String,
        /// Degrees.
        rotation?: i64,
        #[serde(rename = "security_level")]
        security_level?: Number,
        frames: Vec<Frame>,
    }
}

request! {
    Video {
        /// All members are text; `username` may be mandatory.
        #[serde(rename = "meta_data", default)]
        meta_data: BTreeMap<String, Private>,
        #[serde(rename = "workflow_data")]
        workflow_data: WorkflowData,
    }
}

request! {
    /// Frames of a face under a liveness workflow.
    FacePackage {
        video: Video,
    }
}

/// What the liveness server decided. Everything but `LIVE` is not live; an unknown word could not be decided.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
#[serde(default)]
pub struct LivenessResult {
    pub decision: Option<String>,
    #[serde(deserialize_with = "list")]
    pub feedback: Vec<String>,
    #[serde(deserialize_with = "number")]
    pub score: Option<f64>,
    #[serde(deserialize_with = "number")]
    pub score_frr: Option<f64>,
}

impl LivenessResult {
    /// Live, not live, or left open.
    #[must_use]
    pub fn live(&self) -> Option<bool> {
        match self.decision.as_deref()? {
            "LIVE" => Some(true),
            "SPOOF" | "TOO_BLURRY" | "FACE_TOO_LOW_RESOLUTION" | "TOO_LOW_FACIAL_DYNAMIC_RANGE" | "POSE_TOO_HIGH" => Some(false),
            _ => None,
        }
    }
}

/// The picture that the server took from a package.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
#[serde(default)]
pub struct AutocaptureResult {
    pub captured_frame: Option<Private>,
    pub captured_frame_is_constructed: Option<bool>,
    #[serde(deserialize_with = "list")]
    pub feedback: Vec<String>,
}

/// Both results of a face package.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
#[serde(default)]
pub struct FaceVideo {
    pub autocapture_result: Option<AutocaptureResult>,
    pub liveness_result: Option<LivenessResult>,
    pub version: Option<String>,
}

reply! {
    /// Reply to a face package. The version stands inside `video` or beside it.
    FaceReply {
        video: FaceVideo,
        version: Option<String>,
    }
}

request! {
    VoiceSample {
        /// Base64 of mono WAV.
        data: Private,
        voice_sample_type?: String,
    }
}

request! {
    Voice {
        voice_samples: Vec<VoiceSample>,
        workflow?: String,
        /// 0-100.
        security_level?: i64,
        #[serde(rename = "meta_data")]
        meta_data?: BTreeMap<String, Private>,
    }
}

request! {
    /// Samples of a voice under a liveness workflow.
    VoicePackage {
        voice: Voice,
    }
}

reply! {
    VoiceOutcome {
        liveness_result: Option<LivenessResult>,
    }
}

reply! {
    VoiceReply {
        voice: VoiceOutcome,
    }
}

reply! {
    VoiceDuration {
        /// Seconds; the member's name is not published, so all three are looked for.
        #[serde(deserialize_with = "number")]
        length: Option<f64>,
        #[serde(deserialize_with = "number")]
        duration: Option<f64>,
        #[serde(deserialize_with = "number")]
        length_in_seconds: Option<f64>,
    }
}

reply! {
    VoiceLengthReply {
        voice: VoiceDuration,
    }
}

request! {
    DocumentImage {
        /// 6 for ordinary white light.
        lighting_scheme?: i64,
        image: Private,
        /// `.jpeg`, `.jpg` or `.png`.
        format?: String,
    }
}

request! {
    ProcessParam {
        already_cropped?: bool,
    }
}

request! {
    ValidateDocumentType {
        document_image: DocumentImage,
        document_payload?: Open,
        process_param?: ProcessParam,
    }
}

reply! {
    DocumentType {
        valid_document: Option<bool>,
        /// A back side is wanted.
        #[serde(rename = "nextpageExpected")]
        next_page_expected: Option<bool>,
        #[serde(deserialize_with = "integer")]
        rfid_presence: Option<i64>,
        #[serde(deserialize_with = "boolean")]
        mrz_presence: Option<bool>,
        #[serde(deserialize_with = "text")]
        document_name: Option<String>,
        #[serde(rename = "documentID", deserialize_with = "text")]
        document_id: Option<String>,
        #[serde(deserialize_with = "text")]
        fid_type: Option<String>,
        #[serde(deserialize_with = "text")]
        fid_type_id: Option<String>,
        #[serde(deserialize_with = "text")]
        year: Option<String>,
        country_name: Option<String>,
        icaocode: Option<String>,
        rotated180: Option<bool>,
        #[serde(rename = "childDocumentIDs", deserialize_with = "list")]
        child_document_ids: Vec<Value>,
    }
}

request! {
    /// Front first, then back.
    DocumentsInfo {
        document_image: Vec<DocumentImage>,
        document_payload?: Open,
        process_param?: ProcessParam,
    }
}

request! {
    FacialImage {
        image: Private,
    }
}

request! {
    BiometricsInfo {
        facial_image: FacialImage,
    }
}

request! {
    DocumentRules {
        minimum_age?: i64,
        maximum_age?: i64,
        validate_minimum_age?: bool,
        validate_maximum_age?: bool,
        validate_document_not_expired?: bool,
    }
}

request! {
    FieldsToValidate {
        fields: Vec<String>,
        doc_type_keyword?: String,
    }
}

request! {
    ProcessingInstructions {
        check_liveness?: bool,
        document_validation_rules?: DocumentRules,
        fields_to_validate?: Vec<FieldsToValidate>,
    }
}

reply! {
    /// State of an enrolment: 0 failed, 1 more to do, 2 complete with a code.
    EnrolmentState {
        #[serde(deserialize_with = "integer")]
        enrollment_status: Option<i64>,
        #[serde(deserialize_with = "text")]
        registration_code: Option<String>,
        message: Option<String>,
        /// `approve`, `deny`, `review`; open text.
        policy_decision: Option<String>,
        #[serde(deserialize_with = "text")]
        error_code: Option<String>,
        error_msg: Option<String>,
        response_detail: Option<Value>,
        checks: Option<Value>,
        #[serde(deserialize_with = "boolean")]
        liveness_result: Option<bool>,
        #[serde(deserialize_with = "object_or_text")]
        face_liveness_results: Option<FaceReply>,
        #[serde(deserialize_with = "object_or_text")]
        voice_liveness_results: Option<VoiceReply>,
        age_estimation_check: Option<Value>,
        #[serde(deserialize_with = "boolean")]
        icao_verification_result: Option<bool>,
        #[serde(deserialize_with = "object_or_text")]
        icao_chip_validation_results: Option<Open>,
        transaction_id: Option<String>,
    }
}

impl EnrolmentState {
    /// The registration code, once there is one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.registration_code.as_deref().filter(|c| !c.is_empty())
    }
}

reply! {
    /// State of an authentication: 0 failed or attempts used up, 1 more to do, 2 complete. 1 with a message is no success by itself.
    AuthenticationState {
        #[serde(deserialize_with = "integer")]
        auth_status: Option<i64>,
        message: Option<String>,
        #[serde(deserialize_with = "boolean")]
        liveness_result: Option<bool>,
        #[serde(deserialize_with = "boolean")]
        match_result: Option<bool>,
        /// Raw or a percentage: shown, never compared.
        #[serde(deserialize_with = "number")]
        match_score: Option<f64>,
        #[serde(deserialize_with = "object_or_text")]
        face_liveness_results: Option<FaceReply>,
        #[serde(deserialize_with = "object_or_text")]
        voice_liveness_results: Option<VoiceReply>,
        #[serde(deserialize_with = "text")]
        error_code: Option<String>,
        error_msg: Option<String>,
        response_detail: Option<Value>,
        checks: Option<Value>,
        transaction_id: Option<String>,
    }
}

request! {
    /// A national identity number and what it should belong to.
    NationalId {
        national_id_type: String,
        national_id_number: Private,
        fields?: Open,
        options?: Open,
    }
}

reply! {
    /// Outcome of a compliance check.
    ComplianceReply {
        #[serde(deserialize_with = "text")]
        error_code: Option<String>,
        error_msg: Option<String>,
        response_detail: Option<Value>,
        checks: Option<Value>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::services::wire::Reply as _;

    #[test]
    fn states_and_liveness_come_in_several_shapes() {
        for (json, status, live) in [
            (r#"{"authStatus":2,"faceLivenessResults":{"video":{"liveness_result":{"decision":"LIVE"}}}}"#, Some(2), Some(true)),
            (r#"{"authStatus":"2 (Complete)","faceLivenessResults":""}"#, Some(2), None),
            (r#"{"authStatus":"1","faceLivenessResults":null}"#, Some(1), None),
            (r#"{"faceLivenessResults":{"video":{"liveness_result":{"decision":"SPOOF","feedback":null}}}}"#, None, Some(false)),
            (r#"{"faceLivenessResults":{"video":{"liveness_result":{"decision":"NEW_WORD"}}}}"#, None, None),
        ] {
            let state = AuthenticationState::read(json.as_bytes()).expect(json);
            assert_eq!(state.auth_status, status, "{json}");
            let decided = state.face_liveness_results.and_then(|r| r.video.liveness_result).and_then(|l| l.live());
            assert_eq!(decided, live, "{json}");
        }
    }

    #[test]
    fn codes_of_any_kind_are_text_and_an_empty_one_is_none() {
        let code = |json: &str| EnrolmentState::read(json.as_bytes()).expect(json).code().map(str::to_owned);
        assert_eq!(code(r#"{"registrationCode":123456}"#).as_deref(), Some("123456"));
        assert_eq!(code(r#"{"registrationCode":"A1B2C3","enrollmentStatus":2}"#).as_deref(), Some("A1B2C3"));
        assert_eq!(code(r#"{"registrationCode":"","enrollmentStatus":1}"#), None);
    }
}
