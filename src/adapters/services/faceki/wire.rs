//! Requests and replies of FACEKI. Members of a record that the kiosk does not need are not read.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use crate::adapters::services::typed::reply;
use crate::adapters::services::wire::{JsonReply, Private, boolean, integer, list, number, text};
use crate::units::SensitiveBytes;
use serde_json::Value;

/// What a full verification is given.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a> {
    pub selfie: &'a SensitiveBytes,
    pub workflow_id: &'a str,
    /// Front and back of up to three documents.
    pub documents: [Option<&'a SensitiveBytes>; 6],
    /// Our name for the record.
    pub record_identifier: Option<&'a str>,
}

/// Flags of a record; a record whose decision is `DECLINED` may have every one of them true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub struct Summary {
    pub face_verified: Option<bool>,
    pub selfie_liveness_verified: Option<bool>,
    pub document_verified: Option<bool>,
    pub verification_rules_passed: Option<bool>,
    pub document_liveness_verified: Option<bool>,
    pub image_quality: Option<bool>,
}

/// What is kept of a person's record.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
#[serde(default)]
pub struct Record {
    pub record_identifier: Option<String>,
    #[serde(rename = "requestId")]
    pub request_id: Option<String>,
    pub face_id: Option<String>,
    pub decision: Option<String>,
    pub selfie_data: Option<SelfieFlags>,
    pub verification_summary: Option<Summary>,
    #[serde(deserialize_with = "list")]
    pub warnings: Vec<Value>,
    #[serde(rename = "errorCodes", deserialize_with = "list")]
    pub error_codes: Vec<Value>,
    #[serde(rename = "createdAt")]
    pub created_at: Option<String>,
}

/// The flag of the selfie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub struct SelfieFlags {
    pub liveness_pass: Option<bool>,
}

/// Reply to a face match or a full verification: records come as an array, one object, or null.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
#[serde(default)]
pub struct Records {
    #[serde(deserialize_with = "boolean")]
    pub status: Option<bool>,
    #[serde(deserialize_with = "integer")]
    pub code: Option<i64>,
    pub message: Option<String>,
    #[serde(rename = "appVersion")]
    pub app_version: Option<String>,
    #[serde(deserialize_with = "list")]
    pub result: Vec<Record>,
}

impl JsonReply for Records {}

reply! {
    /// Members may be numbers or text.
    FaceAnalysisResult {
        #[serde(deserialize_with = "number")]
        min_age: Option<f64>,
        #[serde(deserialize_with = "number")]
        max_age: Option<f64>,
        #[serde(deserialize_with = "text")]
        gender: Option<String>,
        #[serde(deserialize_with = "number")]
        liveness_score: Option<f64>,
    }
}

reply! {
    /// Reply to a face analysis.
    FaceAnalysis {
        #[serde(deserialize_with = "integer")]
        code: Option<i64>,
        result: Option<FaceAnalysisResult>,
    }
}

/// A token as the service gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub struct TokenData {
    pub access_token: Private,
    #[serde(deserialize_with = "integer")]
    pub expires_in: Option<i64>,
    pub token_type: Option<String>,
}

reply! {
    /// Reply to the request for a token.
    TokenReply {
        #[serde(deserialize_with = "integer")]
        response_code: Option<i64>,
        data: TokenData,
    }
}
