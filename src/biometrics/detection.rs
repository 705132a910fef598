//! Face detection: values here; decoding, suppression and selection in the files beside.

pub mod settings;
pub mod suppression;
pub mod yunet;

pub use settings::{DetectorSettings, FaceSelection};

use crate::geometry::{Point, Rect};

/// Five landmarks of one face in frame pixels. Left and right are the subject's.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FiveLandmarks {
    /// Centre of the subject's right eye (left in the picture).
    pub right_eye: Point,
    /// Centre of the subject's left eye.
    pub left_eye: Point,
    /// Tip of the nose.
    pub nose: Point,
    /// The subject's right corner of the mouth.
    pub mouth_right: Point,
    /// The subject's left corner of the mouth.
    pub mouth_left: Point,
}

impl FiveLandmarks {
    /// In the order detectors and aligners use: right eye, left eye, nose, right and left mouth corner.
    #[must_use]
    pub const fn to_array(self) -> [Point; 5] {
        [self.right_eye, self.left_eye, self.nose, self.mouth_right, self.mouth_left]
    }

    /// The inverse of [`Self::to_array`].
    #[must_use]
    pub const fn from_array(p: [Point; 5]) -> Self {
        Self { right_eye: p[0], left_eye: p[1], nose: p[2], mouth_right: p[3], mouth_left: p[4] }
    }

    /// Distance of the eye centres, frame pixels.
    #[must_use]
    pub fn inter_eye_distance(self) -> f32 {
        self.right_eye.distance(self.left_eye)
    }
}

/// One detected face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceDetection {
    /// Bounds in frame pixels; may reach outside the frame.
    pub bounds: Rect,
    /// Detector confidence in [0, 1]; higher is surer.
    pub score: f32,
    /// Five landmarks in frame pixels.
    pub landmarks: FiveLandmarks,
}
