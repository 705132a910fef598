//! What the challenge is told and what it asks for.

use super::gesture::Gesture;
use crate::biometrics::observation::Observation;
use crate::ports::camera::CapturedFrame;
use crate::units::SensitiveBytes;
use crate::workflow::capture::event::{AttemptId, BurstAnswer, Fault, Shot};
use std::sync::Arc;

/// Something happened.
#[derive(Debug, Clone)]
pub enum ChallengeEvent {
    /// Begin, with all attempts.
    Start,
    /// A frame and what was observed in it.
    Observed {
        /// The frame.
        frame: CapturedFrame,
        /// Made from that frame.
        observation: Arc<Observation>,
    },
    /// The pictures kept are assessed and every layer was heard.
    Assessed {
        /// As in [`ChallengeEffect::Assess`].
        attempt: AttemptId,
        /// The answer.
        answer: BurstAnswer,
    },
    /// The subject cannot do the gesture on screen.
    Another,
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

/// What the runtime must do.
#[derive(Debug, Clone)]
pub enum ChallengeEffect {
    /// Show live frames (`true`), or blank them at once.
    ShowPreview(bool),
    /// Command the camera's exposure, in stops from its own choice; `None` gives it back.
    Expose(Option<f32>),
    /// Every gesture was done: look at pictures of it, and compare the face with the one of the burst.
    Assess {
        /// To be handed back with the answer.
        attempt: AttemptId,
        /// In the order they were taken; never empty.
        shots: Vec<Shot>,
        /// Pictures to keep as evidence once the attempt is accepted, where they are kept.
        clip: Option<SensitiveBytes>,
    },
    /// A sequence was drawn; for the record.
    Issued {
        /// Digest of the nonce it was drawn from.
        nonce: String,
        /// Its gestures.
        gestures: Vec<Gesture>,
    },
    /// A gesture was exchanged for another one; for the record.
    Replaced {
        /// Which the subject could not do.
        gesture: Gesture,
        /// Which is asked for instead.
        by: Gesture,
    },
    /// An attempt is over without success; its layers are there to be read.
    Failed,
}
