//! The picture given as a file: looked at while the flow may still ask for consent or details, used once it comes to the face.

use super::*;
use crate::workflow::capture::event::AssessmentFailure;
use crate::workflow::view::Feedback;

/// The picture and what was observed in it; the same for every capture of the flow.
pub(super) type Given = (CapturedFrame, Arc<Observation>);

impl Flow {
    /// How often the time of an assessment a picture may take to be looked at: a program just started also loads its networks.
    pub(super) const LOOKS: u32 = 3;

    /// The picture was looked at. It may come before the flow does.
    pub(super) fn picture_given(&mut self, frame: CapturedFrame, observation: Arc<Observation>, step: &mut Stepping) {
        if self.setup.start.source == PictureSource::Camera || matches!(self.state, State::Over) {
            return;
        }
        self.given = Some((frame, observation));
        if matches!(self.state, State::File { assessing: None }) {
            self.use_picture(step);
        }
    }

    /// Waits for the picture, or goes on with it.
    pub(super) fn file(&mut self, step: &mut Stepping) {
        self.state = State::File { assessing: None };
        match self.lost {
            _ if self.given.is_some() => self.use_picture(step),
            Some(fault) => self.picture_not_looked_at(fault, step),
            None => {}
        }
    }

    /// Nobody will look at the picture any more. What befalls a camera does not matter to it.
    pub(super) fn picture_not_looked_at(&mut self, fault: Fault, step: &mut Stepping) {
        if matches!(self.state, State::File { assessing: None }) && !fault.is_camera() {
            self.refuse("refused-not-assessed", fault.code, "failed", step);
        }
    }

    fn use_picture(&mut self, step: &mut Stepping) {
        let Some((frame, observation)) = self.given.clone() else { return };
        let findings = guidance::file_findings(&self.setup.profile, &observation);
        if let Some(first) = findings.first() {
            let (reason_key, code) = unusable(first.instruction.feedback);
            return self.refuse(reason_key, code, "refused", step);
        }
        if frame.number != observation.frame_number {
            return self.refuse("refused-picture-quality", "FLW-25", "refused", step);
        }
        let attempt = AttemptId(self.number());
        self.last_input = step.own;
        step.effects.push(FlowEffect::AssessBurst { attempt, shots: vec![Shot { frame, observation }] });
        self.state = State::File { assessing: Some(attempt) };
    }

    pub(super) fn file_assessed(&mut self, result: Result<BurstAssessment, AssessmentFailure>, step: &mut Stepping) {
        match (result, &self.setup.start.source) {
            (Ok(assessment), PictureSource::File { reason }) => {
                self.gathered.taken = Some(Taken::new(Admission::of_file(reason), assessment));
                self.enter(self.at + 1, step);
            }
            (Err(AssessmentFailure::Fault(fault)), _) => self.refuse("refused-not-assessed", fault.code, "failed", step),
            _ => self.refuse("refused-picture-quality", "FLW-25", "refused", step),
        }
    }
}

/// What is wrong with a picture, in words about a picture: what a person before a camera is asked to do helps nobody here.
const fn unusable(feedback: Feedback) -> (&'static str, &'static str) {
    match feedback {
        Feedback::NoFaceDetected => ("picture-no-face", "BIO-01"),
        Feedback::MultipleFacesDetected => ("picture-several-faces", "BIO-02"),
        Feedback::FaceTooFar => ("picture-face-small", "FLW-25"),
        Feedback::InvalidPose
        | Feedback::TurnLeft
        | Feedback::TurnRight
        | Feedback::ChinUp
        | Feedback::ChinDown
        | Feedback::TiltLeft
        | Feedback::TiltRight => ("picture-face-turned", "FLW-25"),
        _ => ("refused-picture-quality", "FLW-25"),
    }
}
