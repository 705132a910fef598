//! Face image quality as ISO/IEC 29794-5 names it: one file per component beside this one.

use crate::units::QualityScore;

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
