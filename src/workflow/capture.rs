//! Autocapture: from positioning to one good picture.
//!
//! ```text
//!             Start                     compliant               N compliant in a row
//!      Idle ────────▶ Positioning ─────────────────▶ Holding ────────────────────────▶ Capturing
//!                      ▲ ▲ ▲   │ ◀── not compliant ──┘  │  ◀── face lost or another ──┘   │
//!      Recovered /     │ │ │   │ time is up             │ time is up         burst full or its time is up
//!      Continue        │ │ │   ▼                        ▼                                 ▼
//!   Faulted ───────────┘ │ │  AttemptOver ◀───────────────────── refused, unusable ── Assessing
//!      ▲                 │ └── after a pause, or Continue        (last one: Refused)     │ accepted
//!      └─ Lost           └─ Start                                                        ▼
//!         (from Positioning, Holding, Capturing; a fault from Assessing)              Captured
//!
//!      Cancel leads from every state to Idle.
//! ```
//!
//! The states own their data; nothing beside them says where the capture stands. A fault fails closed: the preview is blanked, and the
//! attempt begins afresh once frames arrive again. Only frames that [`Guidance`] found compliant enter a burst, so that what is not a face
//! is never captured.

pub mod event;

use super::capture_profile::CaptureProfile;
use super::guidance::moves::Optics;
use super::guidance::{Guidance, GuidanceDelays, Verdict};
use super::timeline::Timeline;
use super::view::{CapturePhase, CaptureView, Feedback, Instruction};
use crate::biometrics::observation::Observation;
use crate::geometry::Rect;
use crate::ports::camera::CapturedFrame;
use crate::units::Moment;
use event::{AttemptId, BurstAnswer, CaptureEffect, CaptureEvent, Fault, Shot};
use std::sync::Arc;
use std::time::Duration;

/// Least overlap of the face boxes of two compliant frames that show the same presentation. Picked by hand: at 5 frames/s a walking
/// person's box still overlaps by more; another face at another place does not.
const SAME_FACE_IOU: f32 = 0.3;

/// All delays of the capture that are not the profile's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaptureDelays {
    /// Between two attempts, so that the reason can be read.
    pub pause: Duration,
    /// Longest time the assessment of a burst may take before the worker counts as lost.
    pub assessment: Duration,
    /// The guidance's.
    pub guidance: GuidanceDelays,
}

impl Default for CaptureDelays {
    fn default() -> Self {
        Self { pause: Duration::from_millis(2500), assessment: Duration::from_secs(20), guidance: GuidanceDelays::default() }
    }
}

/// Why an attempt ended without a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptEnd {
    /// Its time was up.
    TimedOut,
    /// The presentation was refused.
    PresentationRefused,
    /// No template could be made of the picture.
    NotUsable,
    /// Presentation attack detection could not answer.
    NoAnswer,
}

impl AttemptEnd {
    /// Locale key of the reason in plain words.
    #[must_use]
    pub const fn reason_key(self) -> &'static str {
        match self {
            Self::TimedOut => "attempt-timed-out",
            Self::PresentationRefused => "attempt-presentation-refused",
            Self::NotUsable => "attempt-not-usable",
            Self::NoAnswer => "attempt-no-answer",
        }
    }

    /// Locale key of what is said once no attempt is left.
    #[must_use]
    pub const fn refusal_key(self) -> &'static str {
        match self {
            Self::TimedOut => "refused-time",
            Self::PresentationRefused | Self::NoAnswer => "refused-pad",
            Self::NotUsable => "refused-quality",
        }
    }

    /// Support code once no attempt is left.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TimedOut => "FLW-20",
            Self::PresentationRefused => "FLW-21",
            Self::NotUsable => "FLW-22",
            Self::NoAnswer => "FLW-23",
        }
    }
}

/// One attempt in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Attempt {
    id: AttemptId,
    /// 1 for the first.
    number: u32,
    deadline: Moment,
}

#[derive(Debug, Clone)]
enum State {
    Idle,
    Positioning { attempt: Attempt },
    Holding { attempt: Attempt, count: u32, last_face: Rect },
    Capturing { attempt: Attempt, since: Moment, burst: Vec<Shot>, last_face: Rect },
    Assessing { attempt: Attempt, since: Moment },
    Captured { number: u32 },
    AttemptOver { number: u32, reason: AttemptEnd, until: Moment },
    Refused { reason: AttemptEnd },
    Faulted { number: u32, fault: Fault },
}

/// The frame that was judged last, for overlays.
#[derive(Debug, Clone)]
struct Judged {
    frame_number: u64,
    frame_size: crate::geometry::Size,
    verdict: Verdict,
}

/// The autocapture of one flow.
#[derive(Debug, Clone)]
pub struct Capture {
    profile: Arc<CaptureProfile>,
    optics: Optics,
    delays: CaptureDelays,
    timeline: Timeline,
    guidance: Guidance,
    /// Why no frames come; `None` while they may.
    lost: Option<Fault>,
    judged: Option<Judged>,
    next_id: u64,
    state: State,
}

impl Capture {
    /// A capture that has not begun.
    ///
    /// - `first_id`: number of the first attempt; no two captures of a process may use the same numbers.
    #[must_use]
    pub fn new(profile: Arc<CaptureProfile>, optics: Optics, delays: CaptureDelays, first_id: u64, now: Moment) -> Self {
        let guidance = Guidance::new(Arc::clone(&profile), optics, delays.guidance, Moment::default());
        let timeline = Timeline::new(now);
        Self { profile, optics, delays, timeline, guidance, lost: None, judged: None, next_id: first_id, state: State::Idle }
    }

    /// Applies one event and returns what is to be done, in order.
    pub fn handle(&mut self, event: CaptureEvent, now: Moment) -> Vec<CaptureEffect> {
        let own = self.timeline.advance(now);
        let mut effects = self.expire(own);
        match event {
            CaptureEvent::Start => {
                effects.push(CaptureEffect::ShowPreview(true));
                self.begin(1, own, &mut effects);
            }
            CaptureEvent::Observed { frame, observation } => self.observed(frame, observation, own, &mut effects),
            CaptureEvent::Assessed { attempt, answer } => self.assessed(attempt, answer, own, &mut effects),
            CaptureEvent::Lost(fault) => self.lose(fault, &mut effects),
            CaptureEvent::Recovered => self.recovered(own, &mut effects),
            CaptureEvent::Continue => match self.state {
                State::AttemptOver { number, .. } => self.begin(number + 1, own, &mut effects),
                State::Faulted { number, .. } if self.lost.is_none() => {
                    effects.push(CaptureEffect::ShowPreview(true));
                    self.begin(number, own, &mut effects);
                }
                _ => {}
            },
            CaptureEvent::Cancel => {
                if !matches!(self.state, State::Idle | State::Captured { .. } | State::Refused { .. } | State::Faulted { .. }) {
                    effects.push(CaptureEffect::ShowPreview(false));
                }
                self.state = State::Idle;
                self.judged = None;
            }
            CaptureEvent::Tick => {}
        }
        effects
    }

    /// When [`CaptureEvent::Tick`] is due next, on the caller's clock, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        let (own, why) = self.own_deadline()?;
        Some((self.timeline.clock(own), why))
    }

    fn own_deadline(&self) -> Option<(Moment, &'static str)> {
        match &self.state {
            State::Positioning { attempt } | State::Holding { attempt, .. } => Some((attempt.deadline, "the attempt's time is up")),
            State::Capturing { since, .. } => Some((*since + self.profile.burst_limit(), "the burst's time is up")),
            State::Assessing { since, .. } => Some((*since + self.delays.assessment, "the assessment takes too long")),
            State::AttemptOver { until, .. } => Some((*until, "the next attempt begins")),
            State::Idle | State::Captured { .. } | State::Refused { .. } | State::Faulted { .. } => None,
        }
    }

    /// What a screen may show.
    #[must_use]
    pub fn view(&self, now: Moment) -> CaptureView {
        let own = self.timeline.at(now);
        let compliant = Instruction { feedback: Feedback::Compliant, amount: None };
        let needed = self.profile.compliant_frames.max(1) as f32;
        let (phase, progress, number, code) = match &self.state {
            State::Idle => (CapturePhase::Positioning, 0.0, 1, None),
            State::Positioning { attempt } => (CapturePhase::Positioning, 0.0, attempt.number, None),
            State::Holding { attempt, count, .. } => (CapturePhase::Holding, *count as f32 / needed, attempt.number, None),
            State::Capturing { attempt, .. } => (CapturePhase::Capturing, 1.0, attempt.number, None),
            State::Assessing { attempt, .. } => (CapturePhase::Assessing, 1.0, attempt.number, None),
            State::Captured { number } => (CapturePhase::Captured, 1.0, *number, None),
            State::AttemptOver { number, .. } => (CapturePhase::AttemptOver, 0.0, number + 1, None),
            State::Refused { reason } => (CapturePhase::Refused, 0.0, self.profile.attempts + 1, Some(reason.code())),
            State::Faulted { number, fault } => (CapturePhase::Faulted, 0.0, *number, Some(fault.code)),
        };
        let time_left = match &self.state {
            State::Positioning { attempt } | State::Holding { attempt, .. } => Some(attempt.deadline.since(own)),
            _ => None,
        };
        let instruction = match phase {
            CapturePhase::Capturing | CapturePhase::Assessing | CapturePhase::Captured => compliant,
            _ => self.guidance.instruction(),
        };
        let judged = self.judged.as_ref().filter(|_| phase != CapturePhase::Faulted);
        CaptureView {
            phase,
            instruction,
            progress: progress.min(1.0),
            frame_size: judged.map(|j| j.frame_size),
            roi_in_frame: judged.map(|j| j.verdict.roi_in_frame),
            face_in_frame: judged.and_then(|j| j.verdict.face_in_frame),
            attempts_left: (self.profile.attempts + 1).saturating_sub(number),
            time_left,
            quality: judged.map_or_else(Vec::new, |j| j.verdict.quality.clone()),
            reason_key: self.attempt_end().map(AttemptEnd::reason_key),
            code,
        }
    }

    /// Why the attempt before ended, while the next one has not begun, or why none is left.
    #[must_use]
    pub const fn attempt_end(&self) -> Option<AttemptEnd> {
        match &self.state {
            State::AttemptOver { reason, .. } | State::Refused { reason } => Some(*reason),
            _ => None,
        }
    }

    /// Why no attempt is left.
    #[must_use]
    pub const fn refusal(&self) -> Option<AttemptEnd> {
        match &self.state {
            State::Refused { reason } => Some(*reason),
            _ => None,
        }
    }

    /// Whether the picture is taken.
    #[must_use]
    pub const fn is_captured(&self) -> bool {
        matches!(self.state, State::Captured { .. })
    }

    /// Whether the burst of that attempt is being assessed.
    #[must_use]
    pub fn is_assessing(&self, of: AttemptId) -> bool {
        matches!(self.state, State::Assessing { attempt, .. } if attempt.id == of)
    }

    /// What does not work, while that stops the capture.
    #[must_use]
    pub const fn fault(&self) -> Option<Fault> {
        match &self.state {
            State::Faulted { fault, .. } => Some(*fault),
            _ => None,
        }
    }

    /// Number that the next attempt will have; hand it to the capture that follows this one.
    #[must_use]
    pub const fn next_id(&self) -> u64 {
        self.next_id
    }

    fn begin(&mut self, number: u32, own: Moment, effects: &mut Vec<CaptureEffect>) {
        self.guidance = Guidance::new(Arc::clone(&self.profile), self.optics, self.delays.guidance, own);
        self.judged = None;
        self.state = match self.lost {
            Some(fault) => {
                effects.push(CaptureEffect::ShowPreview(false));
                State::Faulted { number, fault }
            }
            None => {
                let attempt = Attempt { id: AttemptId(self.next_id), number, deadline: own + self.profile.attempt_limit() };
                self.next_id += 1;
                State::Positioning { attempt }
            }
        };
    }

    fn observed(&mut self, frame: CapturedFrame, observation: Arc<Observation>, own: Moment, effects: &mut Vec<CaptureEffect>) {
        let watching = matches!(self.state, State::Positioning { .. } | State::Holding { .. } | State::Capturing { .. });
        let repeated = self.judged.as_ref().is_some_and(|j| j.frame_number == frame.number);
        if !watching || repeated || frame.number != observation.frame_number || frame.frame.size() != observation.frame_size {
            return;
        }
        let verdict = self.guidance.assess(&observation, own);
        let face = verdict.face_in_frame.filter(|_| verdict.compliant);
        let face_is_there =
            verdict.face_in_frame.is_some() && !verdict.unmet.iter().any(|f| f.gate == super::guidance::gates::Gate::OneFace);
        self.judged = Some(Judged { frame_number: frame.number, frame_size: observation.frame_size, verdict });
        let shot = Shot { frame, observation };
        self.state = match (std::mem::replace(&mut self.state, State::Idle), face) {
            (State::Positioning { attempt }, Some(face)) => self.hold(attempt, 1, face, shot, own),
            (State::Holding { attempt, count, last_face }, Some(face)) => {
                let count = if face.iou(last_face) >= SAME_FACE_IOU { count + 1 } else { 1 };
                self.hold(attempt, count, face, shot, own)
            }
            (State::Holding { attempt, .. }, None) => State::Positioning { attempt },
            (State::Capturing { attempt, since, mut burst, last_face }, Some(face)) => {
                let same = face.iou(last_face) >= SAME_FACE_IOU && burst.iter().all(|s| s.frame.origin == shot.frame.origin);
                if same {
                    burst.push(shot);
                    State::Capturing { attempt, since, burst, last_face: face }
                } else {
                    State::Positioning { attempt }
                }
            }
            // A blink in the burst costs its frame; a face that goes away costs the burst.
            (state @ State::Capturing { .. }, None) if face_is_there => state,
            (State::Capturing { attempt, .. }, None) => State::Positioning { attempt },
            (other, _) => other,
        };
        let full = matches!(&self.state, State::Capturing { burst, .. } if burst.len() >= self.profile.burst as usize);
        if full {
            self.assess(own, effects);
        }
    }

    fn hold(&self, attempt: Attempt, count: u32, face: Rect, shot: Shot, own: Moment) -> State {
        if count >= self.profile.compliant_frames {
            State::Capturing { attempt, since: own, burst: vec![shot], last_face: face }
        } else {
            State::Holding { attempt, count, last_face: face }
        }
    }

    /// Hands the burst on, best shot first; of equal ones the earlier.
    fn assess(&mut self, own: Moment, effects: &mut Vec<CaptureEffect>) {
        if let State::Capturing { attempt, mut burst, .. } = std::mem::replace(&mut self.state, State::Idle) {
            burst.sort_by(|a, b| b.capture_score().total_cmp(&a.capture_score()));
            effects.push(CaptureEffect::AssessBurst { attempt: attempt.id, shots: burst });
            self.state = State::Assessing { attempt, since: own };
        }
    }

    fn assessed(&mut self, of: AttemptId, answer: BurstAnswer, own: Moment, effects: &mut Vec<CaptureEffect>) {
        let number = match &self.state {
            State::Assessing { attempt, .. } if attempt.id == of => attempt.number,
            _ => return,
        };
        match answer {
            BurstAnswer::Accepted => {
                self.state = State::Captured { number };
                effects.push(CaptureEffect::ShowPreview(false));
            }
            BurstAnswer::Refused => self.attempt_over(number, AttemptEnd::PresentationRefused, own, effects),
            BurstAnswer::NotUsable => self.attempt_over(number, AttemptEnd::NotUsable, own, effects),
            BurstAnswer::NoAnswer => self.attempt_over(number, AttemptEnd::NoAnswer, own, effects),
            BurstAnswer::Fault(fault) => self.fail(number, fault, effects),
        }
    }

    fn attempt_over(&mut self, number: u32, reason: AttemptEnd, own: Moment, effects: &mut Vec<CaptureEffect>) {
        if number >= self.profile.attempts {
            self.state = State::Refused { reason };
            self.judged = None;
            effects.push(CaptureEffect::ShowPreview(false));
        } else {
            self.state = State::AttemptOver { number, reason, until: own + self.delays.pause };
        }
    }

    fn fail(&mut self, number: u32, fault: Fault, effects: &mut Vec<CaptureEffect>) {
        self.state = State::Faulted { number, fault };
        self.judged = None;
        effects.push(CaptureEffect::ShowPreview(false));
    }

    fn lose(&mut self, fault: Fault, effects: &mut Vec<CaptureEffect>) {
        self.lost = Some(fault);
        if matches!(self.state, State::Assessing { .. } | State::AttemptOver { .. }) {
            effects.push(CaptureEffect::ShowPreview(false));
        }
        match self.state {
            State::Positioning { attempt } | State::Holding { attempt, .. } | State::Capturing { attempt, .. } => {
                self.fail(attempt.number, fault, effects);
            }
            State::Faulted { number, .. } => self.state = State::Faulted { number, fault },
            // The burst is at hand already; an attempt that is over fails when the next one begins.
            State::Assessing { .. } | State::AttemptOver { .. } => {}
            State::Idle | State::Captured { .. } | State::Refused { .. } => {}
        }
    }

    fn recovered(&mut self, own: Moment, effects: &mut Vec<CaptureEffect>) {
        if self.lost.take().is_none() {
            return;
        }
        match self.state {
            State::Faulted { number, .. } => {
                effects.push(CaptureEffect::ShowPreview(true));
                self.begin(number, own, effects);
            }
            State::Assessing { .. } | State::AttemptOver { .. } => effects.push(CaptureEffect::ShowPreview(true)),
            _ => {}
        }
    }

    fn expire(&mut self, own: Moment) -> Vec<CaptureEffect> {
        let mut effects = Vec::new();
        if self.own_deadline().is_none_or(|(deadline, _)| own < deadline) {
            return effects;
        }
        match self.state {
            State::Positioning { attempt } | State::Holding { attempt, .. } => {
                self.attempt_over(attempt.number, AttemptEnd::TimedOut, own, &mut effects);
            }
            State::Capturing { .. } => self.assess(own, &mut effects),
            State::Assessing { attempt, .. } => self.fail(attempt.number, Fault::worker("FLW-30"), &mut effects),
            State::AttemptOver { number, .. } => self.begin(number + 1, own, &mut effects),
            State::Idle | State::Captured { .. } | State::Refused { .. } | State::Faulted { .. } => {}
        }
        effects
    }
}

#[cfg(test)]
mod tests;
