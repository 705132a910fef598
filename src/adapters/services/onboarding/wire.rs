//! Requests and replies of Onboarding BiometricTest.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use crate::adapters::services::typed::{reply, request};
use crate::adapters::services::wire::{Private, Reply, integer, number, text};
use serde_json::Value;

request! {
    /// A selfie, and where wanted a recording.
    UploadSelfie {
        image: Private,
        /// 0-100.
        natural_image_score?: f64,
        /// 0-100.
        smile_image_score?: f64,
        record?: Private,
    }
}

request! {
    /// An empty object.
    Empty {}
}

reply! {
    /// What the vendor's own client reads besides; may be missing altogether.
    UploadData {
        #[serde(deserialize_with = "text")]
        customer_id: Option<String>,
        photo_matched: Option<bool>,
        #[serde(deserialize_with = "number")]
        photo_match_percentage: Option<f64>,
        #[serde(deserialize_with = "text")]
        detected_age: Option<String>,
        detected_gender: Option<String>,
    }
}

reply! {
    /// Outcome of an upload: 200 with `is_success` false is a failed test.
    UploadReply {
        is_success: Option<bool>,
        message: Option<String>,
        #[serde(deserialize_with = "text")]
        error_code: Option<String>,
        data: Option<UploadData>,
    }
}

reply! {
    /// Outcome of an approval: 0 success, 1 failed.
    ApproveReply {
        #[serde(deserialize_with = "integer")]
        status: Option<i64>,
        message: Option<String>,
    }
}

/// A picture in one of the forms the service may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPicture(pub crate::units::SensitiveBytes);

impl Reply for StoredPicture {
    fn read(body: &[u8]) -> Result<Self, String> {
        let none = || "the reply holds no picture".to_owned();
        if crate::adapters::services::limits::kind_of(body).is_some() {
            return Ok(Self(crate::units::SensitiveBytes(body.to_vec())));
        }
        let text = match serde_json::from_slice(body).map_err(|_| none())? {
            Value::String(text) => text,
            Value::Object(object) => {
                let named = ["image", "photo", "data", "base64"].iter().find_map(|n| object.get(*n)?.as_str());
                named.ok_or_else(none)?.to_owned()
            }
            _ => return Err(none()),
        };
        let bytes = Private(text).decode().filter(|b| !b.is_empty()).ok_or_else(none)?;
        Ok(Self(crate::units::SensitiveBytes(bytes)))
    }
}
