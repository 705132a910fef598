//! Face liveness, voice liveness and the 1:1 matchers: operations 1-17.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use super::AwareId;
use super::envelope::Envelope;
use super::shared::{FacePackage, FaceReply, VoiceLengthReply, VoicePackage, VoiceReply, VoiceSample};
use crate::adapters::services::typed::{calls, reply, request};
use crate::adapters::services::wire::{Line, Open, Private, number};

request! {
    /// A picture or a template.
    FaceSide {
        #[serde(rename = "VISIBLE_FRONTAL")]
        visible_frontal?: Private,
        import?: Private,
    }
}

request! {
    FaceComparator {
        /// `F200` or `F500`.
        algorithm: String,
        face_types: Vec<String>,
    }
}

request! {
    FaceWorkflow {
        comparator: FaceComparator,
    }
}

request! {
    /// Two sides and how to compare them.
    CompareFaces {
        metadata?: Open,
        probe: FaceSide,
        gallery: FaceSide,
        workflow: FaceWorkflow,
    }
}

reply! {
    CompareReply {
        /// Open-ended.
        #[serde(deserialize_with = "number")]
        score: Option<f64>,
        /// 0-100.
        #[serde(deserialize_with = "number")]
        score_percent: Option<f64>,
    }
}

request! {
    FaceEncounter {
        #[serde(rename = "VISIBLE_FRONTAL")]
        visible_frontal: Private,
        id?: String,
    }
}

request! {
    /// A picture to make a template of.
    ExportFace {
        encounter: FaceEncounter,
    }
}

reply! {
    ExportReply {
        export: Option<Private>,
    }
}

request! {
    VoiceSide {
        voice_samples: Vec<VoiceSample>,
    }
}

request! {
    VoiceComparator {
        algorithm: String,
        voice_types: Vec<String>,
    }
}

request! {
    VoiceWorkflow {
        comparator: VoiceComparator,
    }
}

request! {
    CompareVoices {
        probe: VoiceSide,
        gallery: VoiceSide,
        workflow: VoiceWorkflow,
    }
}

request! {
    VoiceEncounter {
        data: Private,
        voice_sample_type: String,
        id?: String,
    }
}

request! {
    WrappedVoice {
        encounter: VoiceEncounter,
    }
}

/// A voice to make a template of: wrapped, or flat where the server wants it so.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum ExportVoice {
    Wrapped(WrappedVoice),
    Flat(VoiceEncounter),
}

calls! {
    AwareId;
    /// Version of the face liveness server.
    1 face_version() -> Line;
    /// Liveness and the picture taken.
    2 face_analyze(FacePackage) -> FaceReply;
    /// Liveness alone.
    3 face_check_liveness(FacePackage) -> FaceReply;
    /// As 2, encrypted.
    4 face_analyze_encrypted(Envelope) -> FaceReply;
    /// As 3, encrypted.
    5 face_check_liveness_encrypted(Envelope) -> FaceReply;
    /// Active liveness; its content is made elsewhere and passed through.
    6 face_check_active_liveness_encrypted(Envelope) -> FaceReply;
    /// Version of the voice liveness server.
    7 voice_version() -> Line;
    /// Liveness of a voice.
    8 voice_analyze(VoicePackage) -> VoiceReply;
    /// As 8, encrypted.
    9 voice_analyze_encrypted(Envelope) -> VoiceReply;
    /// Length of a sample.
    10 voice_length(VoicePackage) -> VoiceLengthReply;
    /// As 10, encrypted.
    11 voice_length_encrypted(Envelope) -> VoiceLengthReply;
    /// Version of the face matcher.
    12 face_matcher_version() -> Line;
    /// Compares two faces.
    13 face_compare(CompareFaces) -> CompareReply;
    /// Makes a template.
    14 face_export(ExportFace) -> ExportReply;
    /// Version of the voice matcher.
    15 voice_matcher_version() -> Line;
    /// Compares two voices.
    16 voice_compare(CompareVoices) -> CompareReply;
    /// Makes a template of a voice.
    17 voice_export(ExportVoice) -> ExportReply;
}
