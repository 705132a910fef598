//! Face image quality as ISO/IEC 29794-5 names it: one file per component beside this one.
//!
//! Formulas and constants follow the reference implementation of ISO/IEC 29794-5:2025 (OFIQ 1.0.3). A component whose inputs
//! differ from the standard's (another mask, another network's landmarks standing in, a proxy) is marked an estimate.

mod aligned_face;
mod background_uniformity;
mod capture_score;
mod compression_artifacts;
mod crop_and_margin;
mod dark_glasses;
mod dynamic_range;
mod eyes_open;
mod face_exposure;
mod face_measures;
mod head_pose;
mod head_size;
mod illumination_uniformity;
mod inter_eye_distance;
mod luminance_mean;
mod luminance_variance;
mod mapping;
mod mouth_closed;
mod natural_colour;
mod over_exposure_prevention;
mod sharpness;
mod single_face_present;
#[cfg(test)]
mod test_faces;
mod under_exposure_prevention;

pub use face_exposure::{FACE_EXPOSURE_LIMIT, FaceExposureMeasure};

use super::detection::FaceDetection;
use super::landmarks::FaceShape;
use super::pose::HeadPose;
use crate::imaging::Frame;
use crate::units::QualityScore;
use aligned_face::AlignedFace;
use face_measures::FaceMeasures;

/// The components that can be measured here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the standard's own")]
pub enum Component {
    BackgroundUniformity,
    IlluminationUniformity,
    LuminanceMean,
    LuminanceVariance,
    UnderExposurePrevention,
    OverExposurePrevention,
    DynamicRange,
    Sharpness,
    CompressionArtifacts,
    NaturalColour,
    SingleFacePresent,
    EyesOpen,
    MouthClosed,
    InterEyeDistance,
    HeadSize,
    LeftwardCrop,
    RightwardCrop,
    MarginAbove,
    MarginBelow,
    HeadPoseYaw,
    HeadPosePitch,
    HeadPoseRoll,
    /// Not of the standard: exposure judged relative to the face itself, independent of skin tone.
    FaceExposure,
    /// Not of the standard: light around the eyes over light on the cheeks; dark lenses make it small.
    DarkGlasses,
}

/// One component, measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Which component.
    pub component: Component,
    /// The native measure in the component's own unit; `None` is a failure to assess.
    pub native: Option<f64>,
    /// Mapped to 0-100; `None` is a failure to assess.
    pub score: Option<QualityScore>,
    /// Name and version of the method.
    pub algorithm: &'static str,
    /// Whether the method is not the standard's own.
    pub estimate: bool,
}

impl Assessment {
    /// Maps `native` with `score`; a native value that is missing or not finite is a failure to assess.
    fn new(component: Component, algorithm: &'static str, estimate: bool, native: Option<f64>, score: impl FnOnce(f64) -> f64) -> Self {
        let native = native.filter(|v| v.is_finite());
        let score = native.map(|v| QualityScore::from_f64(score(v)));
        Self { component, native, score, algorithm, estimate }
    }
}

/// All that was measured on one face, and the score that ranks shots of one person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QualityReport {
    /// In a fixed order; components of a tier that was not asked for are absent.
    pub assessments: Vec<Assessment>,
    /// Our unified score for choosing the best shot, 0-100; never a gate by itself.
    pub capture_score: f32,
}

impl QualityReport {
    /// The native value of a component, if it was assessed.
    #[must_use]
    pub fn native(&self, component: Component) -> Option<f64> {
        self.assessments.iter().find(|a| a.component == component)?.native
    }

    /// The score of a component, if it was assessed.
    #[must_use]
    pub fn score(&self, component: Component) -> Option<QualityScore> {
        self.assessments.iter().find(|a| a.component == component)?.score
    }
}

/// What is known about a face when its quality is assessed. All coordinates are pixels of `frame`.
#[derive(Debug, Clone, Copy)]
pub struct QualityInput<'a> {
    /// The upright, unmirrored picture.
    pub frame: &'a Frame,
    /// Every face found in it, the assessed one included.
    pub faces: &'a [FaceDetection],
    /// The face to assess.
    pub face: &'a FaceDetection,
    /// Dense landmarks of that face; without them eyes and mouth cannot be assessed and some measures become estimates.
    pub shape: Option<&'a FaceShape>,
    /// Head pose of that face; without it yaw and pitch cannot be assessed.
    pub pose: Option<HeadPose>,
    /// Whether the pose is derived from landmarks instead of a network made for it.
    pub pose_is_estimate: bool,
}

/// How much is measured. Each tier includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tier {
    /// For every frame: faces, sizes, margins, pose, eyes, mouth, sharpness.
    #[default]
    Live,
    /// Adds light and colour of the face: for every few frames and for candidates.
    Standard,
    /// Adds background and compression: for the chosen still.
    Full,
}

/// Measures the quality of one face.
///
/// The capture score of a tier compares only with capture scores of the same tier.
#[must_use]
pub fn assess(input: &QualityInput<'_>, tier: Tier) -> QualityReport {
    let measures = FaceMeasures::new(input);
    let mut assessments = vec![
        single_face_present::assess(input),
        inter_eye_distance::assess(&measures),
        head_size::assess(&measures),
        crop_and_margin::leftward_crop(&measures),
        crop_and_margin::rightward_crop(&measures),
        crop_and_margin::margin_above(&measures),
        crop_and_margin::margin_below(&measures),
        head_pose::yaw(&measures),
        head_pose::pitch(&measures),
        head_pose::roll(&measures),
        eyes_open::assess(input.shape, &measures),
        mouth_closed::assess(input.shape, &measures),
        sharpness::assess(input, &measures),
    ];
    if tier >= Tier::Standard {
        let aligned = AlignedFace::new(input, &measures);
        let aligned = aligned.as_ref();
        assessments.extend([
            illumination_uniformity::assess(aligned),
            luminance_mean::assess(aligned),
            luminance_variance::assess(aligned),
            under_exposure_prevention::assess(aligned),
            over_exposure_prevention::assess(aligned),
            dynamic_range::assess(aligned),
            natural_colour::assess(aligned),
            face_exposure::assess(aligned),
            dark_glasses::assess(aligned),
        ]);
    }
    if tier >= Tier::Full {
        assessments.push(background_uniformity::assess(input.frame, &measures));
        assessments.push(compression_artifacts::assess(input));
    }
    let mut report = QualityReport { assessments, capture_score: 0.0 };
    report.capture_score = capture_score::capture_score(&report, input.shape.map(|s| s.presence));
    report
}

#[cfg(test)]
mod tests;
