//! What one attempt of a challenge gathered, and what the layers over time make of it.

use super::clip::ClipMaker;
use super::judge::{Failure, Judge};
use crate::biometrics::pad::dynamics::{self, DynamicsLimits};
use crate::biometrics::pad::injection::{self, DeviceFacts, FrameSigns};
use crate::biometrics::pad::look::Look;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pad::scene_light::{self, LightSample};
use crate::biometrics::pad::{CHALLENGE, PadLayer, PadOutcome, exposure, parallax};
use crate::imaging::Frame;
use crate::units::{Moment, SensitiveBytes};
use crate::workflow::capture::event::Shot;

/// Name and version of the judgement.
pub const METHOD: &str = "gesture-sequence/1";
/// Frames whose looks and signs are kept: two minutes at 30 frames/s, more than any sequence may take.
const MOST_FRAMES: usize = 3600;
/// Pictures kept for the networks, spread over the attempt.
const MOST_SHOTS: usize = 4;

/// Looks, signs and pictures of one attempt, in the order of the frames.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    looks: Vec<Look>,
    signs: Vec<FrameSigns>,
    shots: Vec<(usize, Shot)>,
    light: Vec<LightSample>,
    exposures: Vec<LightSample>,
    clip: ClipMaker,
}

impl Evidence {
    /// Takes note of a frame that shows the face.
    pub fn add(&mut self, look: Look, signs: FrameSigns) {
        if self.looks.len() < MOST_FRAMES {
            self.looks.push(look);
            self.signs.push(signs);
        }
    }

    /// Takes note of the light in a frame while the screen throws light.
    pub fn lit(&mut self, sample: LightSample) {
        if self.light.len() < MOST_FRAMES {
            self.light.push(sample);
        }
    }

    /// Takes note of the light in a frame while the camera's exposure is commanded.
    pub fn exposed(&mut self, sample: LightSample) {
        if self.exposures.len() < MOST_FRAMES {
            self.exposures.push(sample);
        }
    }

    /// Keeps a picture as evidence, if it is time for one.
    pub fn film(&mut self, frame: &Frame, look: &Look, at: Moment) {
        self.clip.see(frame, look, at);
    }

    /// The pictures kept as evidence, each with what the face shows.
    #[must_use]
    pub fn clip(&self, judge: &Judge) -> Option<SensitiveBytes> {
        self.clip.finish(|look| judge.smile(look))
    }

    /// Keeps a picture of the neutral face: the best one before every gesture.
    ///
    /// - `position`: number of gestures done.
    pub fn keep(&mut self, position: usize, shot: Shot) {
        match self.shots.iter().position(|(at, _)| *at == position) {
            Some(at) if shot.capture_score() > self.shots[at].1.capture_score() => self.shots[at].1 = shot,
            Some(_) => {}
            None if self.shots.len() < MOST_SHOTS => self.shots.push((position, shot)),
            None => {}
        }
    }

    /// Pictures kept.
    #[must_use]
    pub fn shots(&self) -> Vec<Shot> {
        self.shots.iter().map(|(_, shot)| shot.clone()).collect()
    }

    /// What the layers over time say that every challenge has, the judgement of the sequence first.
    #[must_use]
    pub fn layers(&self, judge: &Judge, rules: &PadRules, device: &DeviceFacts, focal: f32) -> Vec<PadLayer> {
        let limits = DynamicsLimits::default().scaled(rules.values.dynamics);
        vec![
            judged(judge),
            dynamics::assess(&self.looks, &limits),
            parallax::assess(judge.neutral(), &self.looks, focal, rules.values.parallax),
            injection::assess(&self.signs, device),
        ]
    }

    /// What the light of the screen shows: one more layer to be passed where the screen threw light.
    #[must_use]
    pub fn scene_light(&self) -> PadLayer {
        scene_light::assess(&self.light)
    }

    /// What commanded exposures show: one more layer to be passed where the camera was told any.
    #[must_use]
    pub fn commanded_exposure(&self) -> PadLayer {
        exposure::assess(&self.exposures)
    }
}

/// The layer of the sequence itself: gestures done over gestures asked for. Only all of them are enough; wrong or foreseen ones are an attack,
/// missing ones are no answer.
fn judged(judge: &Judge) -> PadLayer {
    let asked = judge.gestures().len();
    let value = (asked > 0).then(|| judge.position() as f32 / asked as f32);
    let outcome = match judge.failure() {
        _ if judge.is_finished() && asked > 0 => PadOutcome::BonaFide,
        Some(Failure::WrongGesture | Failure::TooEarly) => PadOutcome::Attack,
        Some(Failure::TimedOut | Failure::FaceLost) | None => PadOutcome::NonResponse,
    };
    let value = if outcome == PadOutcome::NonResponse && judge.position() == 0 { None } else { value };
    PadLayer { name: CHALLENGE, method: METHOD.to_owned(), value, limit: 1.0, outcome }
}
