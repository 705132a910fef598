//! What one live frame told us.

use super::detection::FaceDetection;
use super::landmarks::FaceShape;
use super::pose::HeadPose;
use super::quality::QualityReport;
use crate::geometry::Size;

/// The face that the which-face rule chose, measured.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedFace {
    /// The detection chosen.
    pub detection: FaceDetection,
    /// Dense landmarks; `None` when the pack has no such model or its presence score is too low.
    pub shape: Option<FaceShape>,
    /// Head pose; `None` when it could not be assessed.
    pub pose: Option<HeadPose>,
    /// Quality components of the tiers asked for.
    pub quality: QualityReport,
}

/// Milliseconds spent per stage of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(missing_docs, reason = "the names are the stages")]
pub struct StageTimes {
    pub detect: f32,
    pub landmarks: f32,
    pub pose: f32,
    pub quality: f32,
}

/// What one frame told us: all faces, and the chosen one measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Number of the frame it belongs to; overlays are never drawn on another frame.
    pub frame_number: u64,
    /// Size of that frame.
    pub frame_size: Size,
    /// Every face above the detector's threshold, best first by the which-face rule.
    pub faces: Vec<FaceDetection>,
    /// The chosen face; `None` when there is none.
    pub face: Option<ObservedFace>,
    /// Time spent.
    pub times: StageTimes,
}
