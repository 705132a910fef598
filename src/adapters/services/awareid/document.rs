//! Documents, Knomi Web and compliance: operations 18-29.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use super::AwareId;
use super::envelope::Envelope;
use super::shared::{
    BiometricsInfo, ComplianceReply, DocumentType, DocumentsInfo, FaceReply, Frame, NationalId, ProcessingInstructions,
    ValidateDocumentType,
};
use crate::adapters::services::typed::{calls, reply, request};
use crate::adapters::services::wire::{Line, Open, Private, boolean, integer, list, number, object_or_text, text};
use serde_json::{Number, Value};

request! {
    VerifyDocuments {
        documents_info: DocumentsInfo,
        biometrics_info: BiometricsInfo,
        processing_instructions?: ProcessingInstructions,
        metadata?: Open,
    }
}

reply! {
    DocumentAuthentication {
        #[serde(deserialize_with = "text")]
        document_type: Option<String>,
        country_name: Option<String>,
        icao_code: Option<String>,
        #[serde(deserialize_with = "text")]
        year: Option<String>,
        overall_result: Option<String>,
        #[serde(deserialize_with = "number")]
        overall_result_score: Option<f64>,
        #[serde(deserialize_with = "boolean")]
        mrz_presence: Option<bool>,
        #[serde(deserialize_with = "integer")]
        rfid_presence: Option<i64>,
        portrait_image: Option<Private>,
        signature_image: Option<Private>,
        #[serde(deserialize_with = "list")]
        field_type: Vec<Open>,
    }
}

reply! {
    BiometricsAuthentication {
        match_result: Option<String>,
        #[serde(deserialize_with = "number")]
        match_score: Option<f64>,
        modality: Option<String>,
        portrait_image: Option<Private>,
    }
}

reply! {
    DocumentVerdict {
        /// `OK`, `FAILED` or `UNDEFINED`.
        overall_authentication_result: Option<String>,
        document_authentication_result: Option<DocumentAuthentication>,
        biometrics_authentication_result: Option<BiometricsAuthentication>,
        retry_document_capture: Option<bool>,
        icao_chip_available: Option<bool>,
        #[serde(deserialize_with = "boolean")]
        icao_verification_result: Option<bool>,
        #[serde(deserialize_with = "object_or_text")]
        icao_chip_validation_results: Option<Open>,
        front_img: Option<Private>,
        rear_img: Option<Private>,
    }
}

request! {
    /// A capture profile, passed through.
    Profile {
        xml: String,
    }
}

request! {
    /// Pixels.
    Resolution {
        width: u32,
        height: u32,
    }
}

request! {
    CalculateRoi {
        profile: Profile,
        resolution: Resolution,
    }
}

reply! {
    /// Pixels inside the resolution asked about.
    Roi {
        height: Option<i64>,
        width: Option<i64>,
        x: Option<i64>,
        y: Option<i64>,
    }
}

request! {
    ImageInput {
        image_data: Private,
        rotation?: i64,
        face_sensitivity?: Number,
        face_granularity?: Number,
        face_minimum_size?: Number,
        face_maximum_size?: Number,
        face_detection_mode?: String,
    }
}

request! {
    ImageOutput {
        id?: String,
        profile_xml?: String,
        perform_construction?: bool,
        metrics?: Vec<String>,
    }
}

request! {
    ImageToAnalyze {
        id?: String,
        input: ImageInput,
        output?: Vec<ImageOutput>,
    }
}

request! {
    AnalyzeImages {
        images: Vec<ImageToAnalyze>,
    }
}

reply! {
    Metric {
        name: Option<String>,
        value: Option<Value>,
    }
}

reply! {
    FaceOutput {
        id: Option<String>,
        is_compliant: Option<bool>,
        #[serde(deserialize_with = "list")]
        metrics: Vec<Metric>,
        #[serde(deserialize_with = "list")]
        feedback: Vec<String>,
    }
}

reply! {
    AnalyzedFace {
        #[serde(deserialize_with = "list")]
        output: Vec<FaceOutput>,
    }
}

reply! {
    AnalyzedImage {
        id: Option<String>,
        /// Empty when no face is found.
        #[serde(deserialize_with = "list")]
        faces: Vec<AnalyzedFace>,
    }
}

reply! {
    AnalyzedImages {
        #[serde(deserialize_with = "list")]
        images: Vec<AnalyzedImage>,
    }
}

request! {
    Autocapture {
        profile: Profile,
        /// Text `"0"` or a number.
        rotation?: Value,
        frames: Vec<Frame>,
        resolution_preview: Resolution,
        resolution_capture: Resolution,
        face_minimum_size?: Number,
        face_maximum_size?: Number,
        face_sensitivity?: Number,
        face_granularity?: Number,
        face_detection_mode?: String,
        autocapture_minimum_frame_count?: Number,
    }
}

reply! {
    FrameResult {
        compliant: Option<bool>,
        /// An open set of words; an unknown one is a neutral hint.
        #[serde(deserialize_with = "list")]
        feedback: Vec<String>,
    }
}

reply! {
    AutocaptureOutcome {
        captured: Option<bool>,
        #[serde(deserialize_with = "integer")]
        captured_frame_index: Option<i64>,
    }
}

reply! {
    AutocaptureReply {
        /// One entry a frame.
        #[serde(deserialize_with = "list")]
        frame_results: Vec<FrameResult>,
        results: AutocaptureOutcome,
    }
}

request! {
    /// Degrees, and names of geofences.
    GeofenceQuery {
        lat: Number,
        lon: Number,
        names?: Vec<String>,
    }
}

reply! {
    GeofenceAnswer {
        allowed: Option<bool>,
        location: Option<Value>,
    }
}

calls! {
    AwareId;
    /// What kind of document a picture shows.
    18 document_validate_type(ValidateDocumentType) -> DocumentType;
    /// Verifies documents, and a face against them.
    19 document_verify(VerifyDocuments) -> DocumentVerdict;
    /// Version of the analyser.
    20 preface_version() -> Line;
    /// Box of the oval for a camera's size.
    21 preface_roi(CalculateRoi) -> Roi;
    /// Metrics and compliance of pictures.
    22 preface_analyze_image(AnalyzeImages) -> AnalyzedImages;
    /// Which of the frames is good enough.
    23 preface_autocapture(Autocapture) -> AutocaptureReply;
    /// As 23, encrypted.
    24 preface_autocapture_encrypted(Envelope) -> AutocaptureReply;
    /// As 2, encrypted, as plain text.
    25 sdk_face_analyze_encrypted(Envelope) -> FaceReply;
    /// As 18.
    26 sdk_document_validate_type(ValidateDocumentType) -> DocumentType;
    /// As 19.
    27 sdk_document_verify(VerifyDocuments) -> DocumentVerdict;
    /// Checks a national identity number and watch lists.
    28 compliance_national_id(NationalId) -> ComplianceReply;
    /// Whether a place is inside geofences.
    29 compliance_geofence(GeofenceQuery) -> GeofenceAnswer;
}
