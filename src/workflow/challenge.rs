//! The liveness challenge: a few gestures in an order that nobody could know.
//!
//! ```text
//!             Start              every gesture done            accepted
//!      Idle ────────▶ Running ─────────────────────▶ Assessing ─────────▶ Passed
//!                      ▲ ▲ │ failed, time is up          │ refused, no answer
//!         Recovered /  │ │ ▼                             │
//!         Continue     │ AttemptOver ◀──────────────────┘
//!   Faulted ───────────┘   (last one: Refused)
//!      ▲
//!      └─ Lost (from Running; a fault from Assessing)
//!
//!      Cancel leads from every state to Idle.
//! ```
//!
//! Within Running the [`judge`] leads from the neutral face through the gestures. A new attempt draws a new sequence. What every layer says
//! of an attempt is kept in [`Challenge::layers`], whether it succeeded or not.

#[cfg(test)]
pub(crate) mod actor;
pub mod clip;
pub mod event;
pub mod evidence;
pub mod gesture;
pub mod judge;
pub mod light;
pub mod sequence;

use super::capture::CaptureDelays;
use super::capture::event::{AttemptId, BurstAnswer, Fault, Shot};
use super::timeline::Timeline;
use super::view::{ChallengePhase, ChallengeView};
use crate::biometrics::observation::Observation;
use crate::biometrics::pad::injection::{DeviceFacts, FrameSigns};
use crate::biometrics::pad::look::Look;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pad::scene_light::LightSample;
use crate::biometrics::pad::{PadLayer, exposure};
use crate::config::LivenessConfig;
use crate::geometry::{Rect, Size};
use crate::ports::camera::{CapturedFrame, Origin};
use crate::units::Moment;
use event::{ChallengeEffect, ChallengeEvent};
use evidence::Evidence;
use gesture::Gesture;
use judge::{Failure, Judge, JudgeRules};
use light::LightShow;
use sequence::{Draw, Nonce};
use std::sync::Arc;
use std::time::Duration;

/// Everything a challenge needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengeSetup {
    /// The session's own.
    pub nonce: Nonce,
    /// Gestures that may be drawn.
    pub gestures: Vec<Gesture>,
    /// How they are judged.
    pub judge: JudgeRules,
    /// The PAD preset.
    pub rules: PadRules,
    /// Attempts, at least one.
    pub attempts: u32,
    /// Gestures that may be exchanged, over all attempts.
    pub replacements: u32,
    /// Whether the screen throws light on the face in steps and the face's answer is looked for.
    pub scene_light: bool,
    /// Whether the camera's exposure is commanded in steps, where it takes commands, and the frames' answer is looked for.
    pub commanded_exposure: bool,
    /// Whether pictures of the challenge are kept as evidence.
    pub keep_clip: bool,
    /// What is known about the camera.
    pub device: DeviceFacts,
    /// The camera's horizontal field of view, degrees.
    pub field_of_view_degrees: f32,
    /// The capture's delays: the pause between attempts, the longest assessment.
    pub delays: CaptureDelays,
}

impl ChallengeSetup {
    /// Takes gestures, times and replacements from the configuration.
    #[must_use]
    pub fn configured(mut self, liveness: &LivenessConfig) -> Self {
        self.gestures = liveness.gestures.iter().filter_map(|name| Gesture::from_name(name)).collect();
        self.judge.gesture = Duration::from_secs_f32(liveness.gesture_seconds.clamp(2.0, 20.0));
        self.replacements = liveness.replacements;
        self.scene_light = liveness.scene_light;
        self.commanded_exposure = liveness.commanded_exposure;
        self.keep_clip = liveness.evidence_days > 0;
        self
    }
}

/// Why an attempt ended without success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChallengeEnd {
    /// Another gesture came first.
    WrongGesture,
    /// The gesture came before anybody could have reacted.
    TooEarly,
    /// Its time was up.
    TimedOut,
    /// The face was away.
    FaceLost,
    /// A layer refused.
    Refused,
    /// A layer had no answer.
    NoAnswer,
}

impl ChallengeEnd {
    /// Locale key of the reason in plain words.
    #[must_use]
    pub const fn reason_key(self) -> &'static str {
        match self {
            Self::WrongGesture => "challenge-wrong",
            Self::TooEarly => "challenge-early",
            Self::TimedOut => "challenge-timed-out",
            Self::FaceLost => "challenge-face-lost",
            Self::Refused | Self::NoAnswer => "attempt-presentation-refused",
        }
    }

    /// Support code once no attempt is left.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongGesture => "FLW-40",
            Self::TooEarly => "FLW-41",
            Self::TimedOut => "FLW-42",
            Self::FaceLost => "FLW-43",
            Self::Refused => "FLW-44",
            Self::NoAnswer => "FLW-45",
        }
    }

    /// Whether nobody answered, so that an officer may decide.
    #[must_use]
    pub const fn is_silence(self) -> bool {
        matches!(self, Self::TimedOut | Self::FaceLost | Self::NoAnswer)
    }
}

impl From<Failure> for ChallengeEnd {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::WrongGesture => Self::WrongGesture,
            Failure::TooEarly => Self::TooEarly,
            Failure::TimedOut => Self::TimedOut,
            Failure::FaceLost => Self::FaceLost,
        }
    }
}

#[derive(Debug, Clone)]
struct Attempt {
    id: AttemptId,
    /// 1 for the first.
    number: u32,
    draw: Draw,
    judge: Judge,
    light: Option<LightShow>,
    /// Exposures commanded, drawn like the light.
    exposures: Option<LightShow>,
    evidence: Evidence,
    origin: Option<Origin>,
}

#[derive(Debug, Clone)]
enum State {
    Idle,
    Running(Box<Attempt>),
    Assessing { attempt: AttemptId, number: u32, steps: usize, since: Moment },
    Passed { number: u32 },
    AttemptOver { number: u32, reason: ChallengeEnd, until: Moment },
    Refused { reason: ChallengeEnd },
    Faulted { number: u32, fault: Fault },
}

/// The challenge of one flow.
#[derive(Debug, Clone)]
pub struct Challenge {
    setup: ChallengeSetup,
    timeline: Timeline,
    lost: Option<Fault>,
    last_frame: Option<u64>,
    seen: Option<(Size, Option<Rect>)>,
    layers: Vec<PadLayer>,
    /// Exposure that the camera was told last.
    exposure: Option<f32>,
    replacements_left: u32,
    next_id: u64,
    state: State,
}

impl Challenge {
    /// A challenge that has not begun.
    ///
    /// - `first_id`: number of the first attempt; no two captures or challenges of a process may use the same numbers.
    #[must_use]
    pub fn new(setup: ChallengeSetup, first_id: u64, now: Moment) -> Self {
        Self {
            replacements_left: setup.replacements,
            setup,
            timeline: Timeline::new(now),
            lost: None,
            last_frame: None,
            seen: None,
            layers: Vec::new(),
            exposure: None,
            next_id: first_id,
            state: State::Idle,
        }
    }

    /// Judges frames by what is now known about the camera.
    pub const fn use_device(&mut self, device: DeviceFacts) {
        self.setup.device = device;
    }

    /// Applies one event and returns what is to be done, in order.
    pub fn handle(&mut self, event: ChallengeEvent, now: Moment) -> Vec<ChallengeEffect> {
        let own = self.timeline.advance(now);
        let mut effects = self.expire(own);
        match event {
            ChallengeEvent::Start => {
                effects.push(ChallengeEffect::ShowPreview(true));
                self.begin(1, own, &mut effects);
            }
            ChallengeEvent::Observed { frame, observation } => self.observed(frame, &observation, own, &mut effects),
            ChallengeEvent::Assessed { attempt, answer } => self.assessed(attempt, answer, own, &mut effects),
            ChallengeEvent::Another => self.another(own, &mut effects),
            ChallengeEvent::Lost(fault) => self.lose(fault, &mut effects),
            ChallengeEvent::Recovered => self.recovered(own, &mut effects),
            ChallengeEvent::Continue => match self.state {
                State::AttemptOver { number, .. } => self.begin(number + 1, own, &mut effects),
                State::Faulted { number, .. } if self.lost.is_none() => {
                    effects.push(ChallengeEffect::ShowPreview(true));
                    self.begin(number, own, &mut effects);
                }
                _ => {}
            },
            ChallengeEvent::Cancel => {
                if !matches!(self.state, State::Idle | State::Passed { .. } | State::Refused { .. } | State::Faulted { .. }) {
                    effects.push(ChallengeEffect::ShowPreview(false));
                }
                self.state = State::Idle;
                self.seen = None;
            }
            ChallengeEvent::Tick => {}
        }
        self.expose(own, &mut effects);
        effects
    }

    /// Tells the camera what the moment asks for, and gives it back once no attempt is under way.
    fn expose(&mut self, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        let wanted = match &self.state {
            State::Running(attempt) => attempt.exposures.as_ref().map(|show| (2.0 * show.level(own) - 1.0) * exposure::STOPS),
            _ => None,
        };
        if wanted != self.exposure {
            self.exposure = wanted;
            effects.push(ChallengeEffect::Expose(wanted));
        }
    }

    /// When [`ChallengeEvent::Tick`] is due next, on the caller's clock, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        let (own, why) = self.own_deadline()?;
        Some((self.timeline.clock(own), why))
    }

    fn own_deadline(&self) -> Option<(Moment, &'static str)> {
        match &self.state {
            State::Running(attempt) => attempt.judge.deadline().map(|at| (at, "the gesture's time is up")),
            State::Assessing { since, .. } => Some((*since + self.setup.delays.assessment, "the assessment takes too long")),
            State::AttemptOver { until, .. } => Some((*until, "the next attempt begins")),
            State::Idle | State::Passed { .. } | State::Refused { .. } | State::Faulted { .. } => None,
        }
    }

    /// What a screen may show.
    #[must_use]
    pub fn view(&self, now: Moment) -> ChallengeView {
        let own = self.timeline.at(now);
        let (phase, number, code) = match &self.state {
            State::Idle => (ChallengePhase::Settling, 1, None),
            State::Running(a) if a.judge.shown().is_none() => (ChallengePhase::Settling, a.number, None),
            State::Running(a) if a.judge.is_acknowledged() => (ChallengePhase::Acknowledged, a.number, None),
            State::Running(a) => (ChallengePhase::Asking, a.number, None),
            State::Assessing { number, .. } => (ChallengePhase::Assessing, *number, None),
            State::Passed { number } => (ChallengePhase::Passed, *number, None),
            State::AttemptOver { number, .. } => (ChallengePhase::AttemptOver, number + 1, None),
            State::Refused { reason } => (ChallengePhase::Refused, self.setup.attempts + 1, Some(reason.code())),
            State::Faulted { number, fault } => (ChallengePhase::Faulted, *number, Some(fault.code)),
        };
        let judge = match &self.state {
            State::Running(attempt) => Some(&attempt.judge),
            _ => None,
        };
        let steps = match &self.state {
            State::Assessing { steps, .. } => *steps,
            _ => judge.map_or(self.setup.rules.values.gestures as usize, |j| j.gestures().len()),
        };
        let done = matches!(phase, ChallengePhase::Assessing | ChallengePhase::Passed);
        let seen = self.seen.filter(|_| phase != ChallengePhase::Faulted);
        ChallengeView {
            phase,
            gesture: judge.and_then(Judge::shown),
            step: if done { steps } else { judge.map_or(0, Judge::position) },
            steps,
            progress: if done { 1.0 } else { judge.map_or(0.0, Judge::progress) },
            time_left: judge.map_or(0.0, |j| j.time_left(own)),
            can_replace: phase == ChallengePhase::Asking && self.replacements_left > 0,
            frame_size: seen.map(|(size, _)| size),
            face_in_frame: seen.and_then(|(_, face)| face),
            light: self.light(own),
            attempts_left: (self.setup.attempts + 1).saturating_sub(number),
            reason_key: self.attempt_end().map(ChallengeEnd::reason_key),
            code,
        }
    }

    /// Level of the screen's light while an attempt is under way, where the screen throws light.
    fn light(&self, own: Moment) -> Option<f32> {
        match &self.state {
            State::Running(attempt) => attempt.light.as_ref().map(|show| show.level(own)),
            _ => None,
        }
    }

    /// Why the attempt before ended, while the next one has not begun, or why none is left.
    #[must_use]
    pub const fn attempt_end(&self) -> Option<ChallengeEnd> {
        match &self.state {
            State::AttemptOver { reason, .. } | State::Refused { reason } => Some(*reason),
            _ => None,
        }
    }

    /// Why no attempt is left.
    #[must_use]
    pub const fn refusal(&self) -> Option<ChallengeEnd> {
        match &self.state {
            State::Refused { reason } => Some(*reason),
            _ => None,
        }
    }

    /// Whether everything was done and every layer was heard.
    #[must_use]
    pub const fn is_passed(&self) -> bool {
        matches!(self.state, State::Passed { .. })
    }

    /// Whether the pictures of that attempt are being assessed.
    #[must_use]
    pub fn is_assessing(&self, of: AttemptId) -> bool {
        matches!(self.state, State::Assessing { attempt, .. } if attempt == of)
    }

    /// What does not work, while that stops the challenge.
    #[must_use]
    pub const fn fault(&self) -> Option<Fault> {
        match &self.state {
            State::Faulted { fault, .. } => Some(*fault),
            _ => None,
        }
    }

    /// What the layers over time said of the latest attempt that came to an end; empty before.
    #[must_use]
    pub fn layers(&self) -> &[PadLayer] {
        &self.layers
    }

    /// Number that the next attempt will have; hand it to what follows this challenge.
    #[must_use]
    pub const fn next_id(&self) -> u64 {
        self.next_id
    }

    fn begin(&mut self, number: u32, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        self.layers.clear();
        self.seen = None;
        if number > self.setup.attempts {
            return self.over(number, ChallengeEnd::FaceLost, own, effects);
        }
        if let Some(fault) = self.lost {
            effects.push(ChallengeEffect::ShowPreview(false));
            self.state = State::Faulted { number, fault };
            return;
        }
        // The identifier goes in as well: an attempt that a fault broke off must not be asked the same again.
        let mut draw = Draw::new(self.setup.nonce, self.next_id as u32);
        let gestures = draw.sequence(&self.setup.gestures, self.setup.rules.values.gestures as usize);
        effects.push(ChallengeEffect::Issued { nonce: self.setup.nonce.digest(), gestures: gestures.clone() });
        let pauses = draw.pauses(gestures.len());
        let judge = Judge::new(self.setup.judge, gestures, own).with_pauses(pauses);
        let light = self.setup.scene_light.then(|| LightShow::draw(&mut draw, own));
        let commands = self.setup.commanded_exposure && self.setup.device.takes_exposure;
        let exposures = commands.then(|| LightShow::draw(&mut draw, own));
        let id = AttemptId(self.next_id);
        self.next_id += 1;
        let attempt = Attempt { id, number, draw, judge, light, exposures, evidence: Evidence::default(), origin: None };
        self.state = State::Running(Box::new(attempt));
    }

    fn observed(&mut self, frame: CapturedFrame, observation: &Arc<Observation>, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        let State::Running(attempt) = &mut self.state else { return };
        let repeated = self.last_frame.is_some_and(|last| last == frame.number);
        if repeated || frame.number != observation.frame_number || frame.frame.size() != observation.frame_size {
            return;
        }
        self.last_frame = Some(frame.number);
        let face = observation.face.as_ref();
        self.seen = Some((observation.frame_size, face.map(|f| f.detection.bounds)));
        let Some((face, look)) = face.and_then(|f| Some((f, Look::of(f, frame.number, frame.captured_at)?))) else { return };
        // Frames of two origins are two presentations.
        if *attempt.origin.get_or_insert(frame.origin) != frame.origin {
            return self.fail(ChallengeEnd::FaceLost, own, effects);
        }
        let signs = FrameSigns::of(&frame.frame, frame.number, frame.captured_at, face.detection.bounds);
        // The frame shows what the screen showed and the camera was told when it was taken, not when it was looked at.
        let late = self.timeline.clock(own).since(signs.taken());
        let taken = Moment(own.0.saturating_sub(late));
        let sample = |show: &LightShow| {
            let background = signs.background_brightness();
            Some(LightSample { at: signs.taken(), level: show.level(taken), face: signs.face_brightness()?, background })
        };
        if let Some(sample) = attempt.light.as_ref().and_then(sample) {
            attempt.evidence.lit(sample);
        }
        if let Some(sample) = attempt.exposures.as_ref().and_then(sample) {
            attempt.evidence.exposed(sample);
        }
        attempt.judge.look(&look, own);
        if self.setup.keep_clip {
            attempt.evidence.film(&frame.frame, &look, frame.captured_at);
        }
        attempt.evidence.add(look, signs);
        if attempt.judge.is_neutral() {
            attempt.evidence.keep(attempt.judge.position(), Shot { frame, observation: Arc::clone(observation) });
        }
        self.follow(own, effects);
    }

    /// Goes where the judge leads.
    fn follow(&mut self, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        let State::Running(attempt) = &self.state else { return };
        if let Some(failure) = attempt.judge.failure() {
            return self.fail(failure.into(), own, effects);
        }
        if !attempt.judge.is_finished() {
            return;
        }
        let (id, number, steps, shots) = (attempt.id, attempt.number, attempt.judge.gestures().len(), attempt.evidence.shots());
        let clip = attempt.evidence.clip(&attempt.judge);
        self.layers = self.heard(attempt);
        if shots.is_empty() {
            return self.over(number, ChallengeEnd::NoAnswer, own, effects);
        }
        effects.push(ChallengeEffect::Assess { attempt: id, shots, clip });
        self.state = State::Assessing { attempt: id, number, steps, since: own };
    }

    fn heard(&self, attempt: &Attempt) -> Vec<PadLayer> {
        let width = self.seen.map_or(0, |(size, _)| size.width) as f32;
        let focal = width / 2.0 / (self.setup.field_of_view_degrees.clamp(10.0, 150.0).to_radians() / 2.0).tan();
        let mut layers = attempt.evidence.layers(&attempt.judge, &self.setup.rules, &self.setup.device, focal);
        layers.extend(attempt.light.is_some().then(|| attempt.evidence.scene_light()));
        layers.extend(attempt.exposures.is_some().then(|| attempt.evidence.commanded_exposure()));
        layers
    }

    fn fail(&mut self, reason: ChallengeEnd, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        let State::Running(attempt) = &self.state else { return };
        let number = attempt.number;
        self.layers = self.heard(attempt);
        self.over(number, reason, own, effects);
    }

    fn over(&mut self, number: u32, reason: ChallengeEnd, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        effects.push(ChallengeEffect::Failed);
        if number >= self.setup.attempts {
            self.state = State::Refused { reason };
            self.seen = None;
            effects.push(ChallengeEffect::ShowPreview(false));
        } else {
            self.state = State::AttemptOver { number, reason, until: own + self.setup.delays.pause };
        }
    }

    fn assessed(&mut self, of: AttemptId, answer: BurstAnswer, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        let number = match &self.state {
            State::Assessing { attempt, number, .. } if *attempt == of => *number,
            _ => return,
        };
        match answer {
            BurstAnswer::Accepted => {
                self.state = State::Passed { number };
                effects.push(ChallengeEffect::ShowPreview(false));
            }
            BurstAnswer::Refused => self.over(number, ChallengeEnd::Refused, own, effects),
            BurstAnswer::NotUsable | BurstAnswer::NoAnswer => self.over(number, ChallengeEnd::NoAnswer, own, effects),
            BurstAnswer::Fault(fault) => self.break_down(number, fault, effects),
        }
    }

    fn another(&mut self, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        let State::Running(attempt) = &mut self.state else { return };
        let Some(gesture) = attempt.judge.shown().filter(|_| self.replacements_left > 0) else { return };
        let Some(by) = attempt.draw.replacement(&self.setup.gestures, attempt.judge.gestures(), gesture) else { return };
        if attempt.judge.replace(by, own) {
            self.replacements_left -= 1;
            effects.push(ChallengeEffect::Replaced { gesture, by });
        }
    }

    fn break_down(&mut self, number: u32, fault: Fault, effects: &mut Vec<ChallengeEffect>) {
        self.state = State::Faulted { number, fault };
        self.seen = None;
        effects.push(ChallengeEffect::ShowPreview(false));
    }

    fn lose(&mut self, fault: Fault, effects: &mut Vec<ChallengeEffect>) {
        self.lost = Some(fault);
        match &self.state {
            State::Running(attempt) => {
                // Who has seen a gesture has used an attempt: pulling the plug must not buy a sequence that suits better.
                let number = attempt.number + u32::from(attempt.judge.shown().is_some());
                self.break_down(number, fault, effects);
            }
            State::Faulted { number, .. } => self.state = State::Faulted { number: *number, fault },
            State::Assessing { .. } | State::AttemptOver { .. } => effects.push(ChallengeEffect::ShowPreview(false)),
            State::Idle | State::Passed { .. } | State::Refused { .. } => {}
        }
    }

    fn recovered(&mut self, own: Moment, effects: &mut Vec<ChallengeEffect>) {
        if self.lost.take().is_none() {
            return;
        }
        match self.state {
            State::Faulted { number, .. } => {
                effects.push(ChallengeEffect::ShowPreview(true));
                self.begin(number, own, effects);
            }
            State::Assessing { .. } | State::AttemptOver { .. } => effects.push(ChallengeEffect::ShowPreview(true)),
            _ => {}
        }
    }

    fn expire(&mut self, own: Moment) -> Vec<ChallengeEffect> {
        let mut effects = Vec::new();
        if self.own_deadline().is_none_or(|(deadline, _)| own < deadline) {
            return effects;
        }
        match &mut self.state {
            State::Running(attempt) => {
                attempt.judge.tick(own);
                self.follow(own, &mut effects);
            }
            State::Assessing { number, .. } => {
                let number = *number;
                self.break_down(number, Fault::worker("FLW-30"), &mut effects);
            }
            State::AttemptOver { number, .. } => {
                let number = *number + 1;
                self.begin(number, own, &mut effects);
            }
            State::Idle | State::Passed { .. } | State::Refused { .. } | State::Faulted { .. } => {}
        }
        effects
    }
}

#[cfg(test)]
mod tests;
