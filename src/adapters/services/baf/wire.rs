//! Requests and replies of BAF.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use crate::adapters::services::typed::{reply, request};
use crate::adapters::services::wire::{Open, Private, integer, list};
use serde_json::Value;

request! {
    /// What is shown.
    Model {
        face_image_base64: Private,
        front_image_base64?: Private,
        back_image_base64?: Private,
        document_type: i64,
    }
}

request! {
    /// Registration or authorisation.
    ValidationRequest {
        model: Model,
        applicant_id: String,
        /// Only with the vendor's own web component.
        endeavor_id?: String,
    }
}

/// `status` of a validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValidationState {
    Success,
    Fail,
    InvalidData,
    Error,
    /// A value the description does not list.
    Other(i64),
}

reply! {
    /// What was checked; nothing where a check was left out.
    ValidationStatus {
        expired: Option<bool>,
        document_is_valid: Option<bool>,
        face_is_valid: Option<bool>,
        anti_spoofing_is_valid: Option<bool>,
        quality_is_valid: Option<bool>,
    }
}

reply! {
    /// One check of the document.
    DocumentTest {
        display_name: Option<String>,
        name: Option<String>,
        #[serde(deserialize_with = "integer")]
        status: Option<i64>,
        status_string: Option<String>,
        reason: Option<String>,
    }
}

reply! {
    /// Reply to a registration or an authorisation.
    Validation {
        applicant_id: Option<String>,
        #[serde(deserialize_with = "integer")]
        attempt_id: Option<i64>,
        document_type: Option<i64>,
        /// Members are text or null; they are about the person.
        document: Option<Open>,
        attempts_count: Option<i64>,
        attempts_left: Option<i64>,
        status: Option<i64>,
        validation_status: Option<ValidationStatus>,
        #[serde(deserialize_with = "list")]
        invalid_data_errors: Vec<Value>,
        face_success: Option<bool>,
        document_success: Option<bool>,
        document_has_not_expired: Option<bool>,
        #[serde(deserialize_with = "list")]
        document_validation_tests: Vec<DocumentTest>,
        call_back_url: Option<String>,
    }
}

impl Validation {
    /// What `status` says; nothing when it is missing.
    #[must_use]
    pub fn state(&self) -> Option<ValidationState> {
        Some(match self.status? {
            0 => ValidationState::Success,
            1 => ValidationState::Fail,
            2 => ValidationState::InvalidData,
            3 => ValidationState::Error,
            other => ValidationState::Other(other),
        })
    }
}

request! {
    /// Name and value.
    Case {
        name: String,
        value: Private,
    }
}

request! {
    /// A new applicant; everything may be left out.
    CreateApplicant {
        first_name?: Private,
        last_name?: Private,
        phone?: Private,
        email?: Private,
        metadata?: Open,
        callback_url?: String,
        send_sms?: bool,
        /// 0 not verified, 1 verified, 2 failed, 3 cancelled.
        status?: i64,
        /// 0 SMS, 1 manual.
        verification_method?: i64,
        reference_id?: String,
        case?: Vec<Case>,
    }
}

impl CreateApplicant {
    /// An applicant of whom nothing is known but our reference.
    #[must_use]
    pub fn with_reference(reference: &str) -> Self {
        Self {
            first_name: None,
            last_name: None,
            phone: None,
            email: None,
            metadata: None,
            callback_url: None,
            send_sms: None,
            status: None,
            verification_method: None,
            reference_id: Some(reference.to_owned()),
            case: None,
        }
    }
}

reply! {
    /// A created applicant.
    Applicant {
        applicant_id: Option<String>,
        validation_link: Option<String>,
    }
}

reply! {
    /// One motion pattern.
    MotionPattern {
        id: Option<String>,
        #[serde(deserialize_with = "list")]
        pattern: Vec<String>,
        external_link: Option<String>,
        creation_date: Option<String>,
        last_modified: Option<String>,
    }
}

reply! {
    /// All motion patterns.
    MotionPatterns {
        #[serde(deserialize_with = "list")]
        patterns: Vec<MotionPattern>,
    }
}

/// A plain array of movements.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct NewMotionPattern(pub Vec<String>);
