//! What the autocapture is told and what it asks for.

use crate::advice::{Advice, FaultKind};
use crate::biometrics::observation::Observation;
use crate::ports::camera::CapturedFrame;
use std::sync::Arc;

/// Numbers the attempts of a process; results of an attempt that is over are recognised by it and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttemptId(pub u64);

/// Something in the machine does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Locale key of one sentence, for instance `trouble-camera`.
    pub message_key: &'static str,
    /// Support code, for instance `CAM-04`.
    pub code: &'static str,
    /// Whether it mends itself, so that waiting helps.
    pub recovering: bool,
}

impl Fault {
    /// A camera's fault; the runtime keeps opening it.
    #[must_use]
    pub const fn camera(code: &'static str) -> Self {
        Self { message_key: "trouble-camera", code, recovering: true }
    }

    /// A camera's fault by what is advised: one that lies in what was asked for, a recording that cannot be played or a format that is not
    /// offered, does not mend itself.
    #[must_use]
    pub fn of_camera(advice: &Advice) -> Self {
        Self { recovering: advice.kind != FaultKind::Input, ..Self::camera(advice.code) }
    }

    /// Whether it is the camera's, which says nothing about pictures from elsewhere.
    #[must_use]
    pub fn is_camera(&self) -> bool {
        self.code.starts_with("CAM-")
    }

    /// A gallery's fault.
    #[must_use]
    pub const fn gallery(code: &'static str) -> Self {
        Self { message_key: "trouble-gallery", code, recovering: false }
    }

    /// A model's fault.
    #[must_use]
    pub const fn model(code: &'static str) -> Self {
        Self { message_key: "trouble-model", code, recovering: false }
    }

    /// A worker thread is gone.
    #[must_use]
    pub const fn worker(code: &'static str) -> Self {
        Self { message_key: "trouble-worker", code, recovering: false }
    }
}

/// One compliant frame of a burst.
#[derive(Debug, Clone)]
pub struct Shot {
    /// The frame.
    pub frame: CapturedFrame,
    /// What was observed in it.
    pub observation: Arc<Observation>,
}

impl Shot {
    /// The score that ranks shots, 0-100; 0 if it is not a number.
    #[must_use]
    pub fn capture_score(&self) -> f32 {
        let score = self.observation.face.as_ref().map_or(0.0, |face| face.quality.capture_score);
        if score.is_finite() { score } else { 0.0 }
    }
}

/// Why a burst gave no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessmentFailure {
    /// The picture is at fault (failure to acquire): another attempt may do.
    NotUsable,
    /// The machine is at fault.
    Fault(Fault),
}

/// Something happened.
#[derive(Debug, Clone)]
pub enum CaptureEvent {
    /// Begin, with all attempts.
    Start,
    /// A frame and what was observed in it. Frames may be skipped; a pair whose numbers differ is dropped.
    Observed {
        /// The frame.
        frame: CapturedFrame,
        /// Made from that frame.
        observation: Arc<Observation>,
    },
    /// The burst's assessment is done: whether its picture is accepted, and by what.
    Assessed {
        /// As in [`CaptureEffect::AssessBurst`].
        attempt: AttemptId,
        /// The answer.
        answer: BurstAnswer,
    },
    /// The camera is gone or the analysis of frames has stopped.
    Lost(Fault),
    /// Frames arrive again.
    Recovered,
    /// Time has passed.
    Tick,
    /// Begin the next attempt at once instead of waiting for it.
    Continue,
    /// Stop and forget everything.
    Cancel,
}

/// What the assessment of a burst means for the capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BurstAnswer {
    /// The picture is taken.
    Accepted,
    /// The presentation was refused; uses the attempt up.
    Refused,
    /// The picture gives no template; uses the attempt up.
    NotUsable,
    /// Presentation attack detection could not answer; uses the attempt up.
    NoAnswer,
    /// The machine could not assess it.
    Fault(Fault),
}

/// What the runtime must do.
#[derive(Debug, Clone)]
pub enum CaptureEffect {
    /// Show live frames (`true`), or blank them at once. Blanking does not mean that no frames are wanted: after a loss they are awaited.
    ShowPreview(bool),
    /// Run presentation attack detection over the burst and make a template from its best shot.
    AssessBurst {
        /// To be handed back with the answer.
        attempt: AttemptId,
        /// Best first by capture score; never empty; every one was compliant.
        shots: Vec<Shot>,
    },
}
