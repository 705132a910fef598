//! Who looks at the frames of a drill: the networks, or the renderer's own truth, which tells errors of the judgement from those of landmarks.

use super::performer::Sight;
use crate::biometrics::observation::{Observation, ObservedFace, StageTimes};
use crate::biometrics::pad::{CONTINUITY, PASSIVE_DURING, PASSIVE_GATES, PadDecision, PadLayer, PadOutcome};
use crate::biometrics::quality::{QualityInput, Tier, assess};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::geometry::Size;
use crate::imaging::Frame;
use crate::ports::camera::CapturedFrame;
use crate::runtime::assessment::Observer;
use crate::workflow::capture::event::{AssessmentFailure, Fault, Shot};
use crate::workflow::capture_profile::CaptureProfile;
use crate::workflow::flow::event::BurstAssessment;
use std::sync::Arc;

/// What layers that were not asked say of their method.
const NOT_ASKED: &str = "not-asked";

/// One worker's eyes.
pub enum Eyes {
    /// The networks of a pack.
    Networks(Box<dyn Observer>),
    /// The renderer's truth: exact landmarks, box and pose. The layers that are networks are not asked and count as bona fide, so that what is
    /// measured is the judgement over time alone.
    Truth,
}

impl Eyes {
    pub(super) fn observe(&mut self, frame: &CapturedFrame, sight: &Sight, profile: &CaptureProfile) -> Result<Observation, Fault> {
        match self {
            Self::Networks(observer) => observer.observe(frame, profile),
            Self::Truth => Ok(true_observation(frame, sight)),
        }
    }

    pub(super) fn assess(&mut self, shots: &[Shot]) -> Result<BurstAssessment, AssessmentFailure> {
        match self {
            Self::Networks(observer) => observer.assess(shots),
            Self::Truth => Ok(BurstAssessment {
                pad: PadDecision::fuse(PASSIVE_GATES.map(not_asked).to_vec()),
                templates: vec![(anybody().ok_or(AssessmentFailure::NotUsable)?, 0.0)],
                portrait: Arc::new(Frame::filled(Size::new(1, 1), [0; 3])),
                pictures: Vec::new(),
            }),
        }
    }

    pub(super) fn assess_challenge(&mut self, shots: &[Shot], templates: &[Template]) -> Result<Vec<PadLayer>, AssessmentFailure> {
        match self {
            Self::Networks(observer) => observer.assess_challenge(shots, templates),
            Self::Truth => Ok([CONTINUITY, PASSIVE_DURING].map(not_asked).to_vec()),
        }
    }
}

fn not_asked(name: &'static str) -> PadLayer {
    PadLayer { name, method: NOT_ASKED.to_owned(), value: None, limit: 0.0, outcome: PadOutcome::BonaFide }
}

/// A template that stands for no face: nobody compares it.
fn anybody() -> Option<Template> {
    Template::new(TemplateFormat { recogniser: NOT_ASKED.into(), dimensions: 1 }, vec![1.0]).ok()
}

fn true_observation(frame: &CapturedFrame, sight: &Sight) -> Observation {
    let face = sight.truth.as_ref().map(|truth| {
        let (detection, pose) = (truth.detection, Some(truth.pose));
        let input = QualityInput {
            frame: &frame.frame,
            faces: &[detection],
            face: &detection,
            shape: Some(&truth.shape),
            pose,
            pose_is_estimate: false,
        };
        let quality = assess(&input, Tier::Standard);
        ObservedFace { detection, shape: Some(truth.shape.clone()), pose, quality }
    });
    Observation {
        frame_number: frame.number,
        frame_size: frame.frame.size(),
        faces: face.iter().map(|f| f.detection).collect(),
        face,
        times: StageTimes::default(),
    }
}
