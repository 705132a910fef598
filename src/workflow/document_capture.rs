//! Autocapture of a document: front, then back, each at its best moment.
//!
//! ```text
//!             Start                    compliant                    N compliant in a row
//!      Idle ────────▶ Watching ────────────────────▶ Holding ─────────────────────────────▶ Taken
//!                      ▲    │ ◀── not compliant ───────┘ │                                   │
//!                      │    │ time is up                  │ time is up       one side is asked │ both sides are asked for
//!                      │    ▼                             ▼                  for, or the back  ▼ and this was the front
//!                      │  Refused ◀───────────────────────┘                  is taken      Turning ──▶ Watching (back)
//!                      │                                                        │            (the document was away, or moved far)
//!                      └── Recovered ── Faulted ◀── Lost                        ▼
//!                                                                            Finished
//!
//!      Cancel leads from every state to Idle.
//! ```
//!
//! The states own their data. Time is handed in; a clock that jumps back costs no time. Only frames of one compliant run can be taken, and of
//! these the best; a fault drops the run, and what was taken of the other side stays.

pub mod gates;
pub mod instruction;

use super::capture::event::Fault;
use super::timeline::Timeline;
use crate::documents::picture::{Found, Measures, Quad};
use crate::ports::camera::CapturedFrame;
use crate::units::Moment;
use gates::{DocumentGates, findings};
use instruction::{Guide, Instruction};
use std::time::Duration;

/// Which side of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that is shown first.
    First,
    /// The other.
    Second,
}

/// How a document is to be captured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DocumentProfile {
    /// Sides: 1 or 2.
    pub sides: u8,
    /// Compliant frames in a row, at least 1.
    pub compliant_frames: u32,
    /// Time for one side.
    pub limit: Duration,
    /// An instruction stays at least so long.
    pub stay: Duration,
    /// Limits of what is compliant.
    pub gates: DocumentGates,
}

impl Default for DocumentProfile {
    /// Four frames are an eighth of a second at 30 frames/s and a quarter at 15: shorter than a hand holds still, longer than it stops by chance.
    fn default() -> Self {
        Self {
            sides: 1,
            compliant_frames: 4,
            limit: Duration::from_secs(60),
            stay: Duration::from_millis(400),
            gates: DocumentGates::default(),
        }
    }
}

/// What was seen in one frame: the documents, the likeliest first, and the measures of the first one.
#[derive(Debug, Clone)]
pub struct DocumentObservation {
    /// The frame.
    pub frame: CapturedFrame,
    /// Documents in it.
    pub found: Vec<Found>,
    /// Measures of the first.
    pub measures: Option<Measures>,
}

/// One side, taken.
#[derive(Debug, Clone)]
pub struct DocumentShot {
    /// Which side.
    pub side: Side,
    /// The frame.
    pub frame: CapturedFrame,
    /// Where the document is in it.
    pub found: Found,
    /// How good it is.
    pub measures: Measures,
}

/// Something happened.
#[derive(Debug, Clone)]
pub enum DocumentEvent {
    /// Begin with the first side.
    Start,
    /// A frame was looked at.
    Observed(DocumentObservation),
    /// Frames stopped.
    Lost(Fault),
    /// Frames come again.
    Recovered,
    /// Time passed.
    Tick,
    /// Give up.
    Cancel,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub enum DocumentEffect {
    /// Show or blank the preview.
    ShowPreview(bool),
    /// One side is there.
    Taken(Box<DocumentShot>),
    /// Every side is there.
    Finished,
}

/// Where the capture stands.
#[derive(Debug, Clone)]
enum State {
    Idle,
    Watching { side: Side, until: Moment },
    Holding { side: Side, until: Moment, count: u32, last: Quad, best: Box<DocumentShot> },
    Turning { until: Moment, shown: Quad, gone: bool },
    Finished,
    Refused,
    Faulted { side: Side, fault: Fault },
}

/// What a screen may show.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentView {
    /// The instruction.
    pub instruction: Instruction,
    /// 0-1: how much of the run of compliant frames is there.
    pub progress: f32,
    /// The document's outline in frame pixels.
    pub outline: Option<Quad>,
    /// The side that is looked for.
    pub side: Option<Side>,
    /// Time left for it.
    pub time_left: Option<Duration>,
    /// Whether all is done.
    pub finished: bool,
    /// Support code when it came to no picture.
    pub code: Option<&'static str>,
}

/// The autocapture of one document.
#[derive(Debug, Clone)]
pub struct DocumentCapture {
    profile: DocumentProfile,
    timeline: Timeline,
    guide: Guide,
    outline: Option<Quad>,
    lost: Option<Fault>,
    last_frame: Option<u64>,
    state: State,
}

impl DocumentCapture {
    /// A capture that has not begun.
    #[must_use]
    pub fn new(profile: DocumentProfile, now: Moment) -> Self {
        let timeline = Timeline::new(now);
        Self { profile, timeline, guide: Guide::new(profile.stay), outline: None, lost: None, last_frame: None, state: State::Idle }
    }

    /// Applies one event and returns what is to be done, in order.
    pub fn handle(&mut self, event: DocumentEvent, now: Moment) -> Vec<DocumentEffect> {
        let own = self.timeline.advance(now);
        let mut effects = Vec::new();
        self.expire(own, &mut effects);
        match event {
            DocumentEvent::Start => {
                effects.push(DocumentEffect::ShowPreview(true));
                self.watch(Side::First, own, &mut effects);
            }
            DocumentEvent::Observed(observation) => self.observed(observation, own, &mut effects),
            DocumentEvent::Lost(fault) => {
                self.lost = Some(fault);
                if let Some(side) = self.side() {
                    self.fail(side, fault, &mut effects);
                }
            }
            DocumentEvent::Recovered => {
                if let (Some(_), State::Faulted { side, .. }) = (self.lost.take(), &self.state) {
                    effects.push(DocumentEffect::ShowPreview(true));
                    self.watch(*side, own, &mut effects);
                }
            }
            DocumentEvent::Tick => {}
            DocumentEvent::Cancel => {
                if self.side().is_some() {
                    effects.push(DocumentEffect::ShowPreview(false));
                }
                self.state = State::Idle;
                self.outline = None;
            }
        }
        effects
    }

    /// When [`DocumentEvent::Tick`] is due next, on the caller's clock, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        let (own, why) = match &self.state {
            State::Watching { until, .. } | State::Holding { until, .. } => (*until, "the side's time is up"),
            State::Turning { until, .. } => (*until, "the document was not turned over"),
            State::Idle | State::Finished | State::Refused | State::Faulted { .. } => return None,
        };
        Some((self.timeline.clock(own), why))
    }

    /// What a screen may show.
    #[must_use]
    pub fn view(&self, now: Moment) -> DocumentView {
        let own = self.timeline.at(now);
        let (progress, until) = match &self.state {
            State::Watching { until, .. } => (0.0, Some(*until)),
            State::Holding { until, count, .. } => (*count as f32 / self.profile.compliant_frames.max(1) as f32, Some(*until)),
            State::Finished => (1.0, None),
            _ => (0.0, None),
        };
        let code = match &self.state {
            State::Refused => Some("DOC-60"),
            State::Faulted { fault, .. } => Some(fault.code),
            _ => None,
        };
        DocumentView {
            instruction: self.guide.instruction(),
            progress: progress.min(1.0),
            outline: self.outline.filter(|_| self.side().is_some()),
            side: self.side(),
            time_left: until.map(|u| u.since(own)),
            finished: matches!(self.state, State::Finished),
            code,
        }
    }

    /// The side that is being captured; `None` before the start, after the end and during a fault.
    fn side(&self) -> Option<Side> {
        match &self.state {
            State::Watching { side, .. } | State::Holding { side, .. } => Some(*side),
            State::Turning { .. } => Some(Side::Second),
            State::Idle | State::Finished | State::Refused | State::Faulted { .. } => None,
        }
    }

    fn watch(&mut self, side: Side, own: Moment, effects: &mut Vec<DocumentEffect>) {
        self.outline = None;
        self.guide = Guide::new(self.profile.stay);
        match self.lost {
            Some(fault) => self.fail(side, fault, effects),
            None => self.state = State::Watching { side, until: own + self.profile.limit },
        }
    }

    fn fail(&mut self, side: Side, fault: Fault, effects: &mut Vec<DocumentEffect>) {
        self.outline = None;
        self.state = State::Faulted { side, fault };
        effects.push(DocumentEffect::ShowPreview(false));
    }

    fn expire(&mut self, own: Moment, effects: &mut Vec<DocumentEffect>) {
        match self.state {
            State::Watching { until, .. } | State::Holding { until, .. } | State::Turning { until, .. } if own >= until => {
                self.refuse(effects)
            }
            _ => {}
        }
    }

    fn refuse(&mut self, effects: &mut Vec<DocumentEffect>) {
        self.state = State::Refused;
        self.outline = None;
        effects.push(DocumentEffect::ShowPreview(false));
    }

    fn observed(&mut self, seen: DocumentObservation, own: Moment, effects: &mut Vec<DocumentEffect>) {
        if self.side().is_none() || self.last_frame == Some(seen.frame.number) {
            return;
        }
        self.last_frame = Some(seen.frame.number);
        let before = self.outline;
        self.outline = seen.found.first().map(|f| f.corners);
        if let State::Turning { shown, gone, .. } = &mut self.state {
            // Turned over: the document was away, or lies quite differently, and is back.
            let moved = self.outline.is_some_and(|q| q.largest_move(shown) > 0.3 * shown.diagonal());
            if *gone && self.outline.is_some() {
                self.watch(Side::Second, own, effects);
            } else {
                *gone |= self.outline.is_none() || moved;
                self.guide.show(Instruction::TurnOver, own);
            }
            return;
        }
        let unmet = findings(&self.profile.gates, &seen, before);
        self.guide.show(unmet.first().copied().unwrap_or(Instruction::HoldStill), own);
        let (Some(found), Some(measures), true) = (seen.found.first().copied(), seen.measures, unmet.is_empty()) else {
            if let State::Holding { side, until, .. } = self.state {
                self.state = State::Watching { side, until };
            }
            return;
        };
        self.hold(seen.frame, found, measures, own, effects);
    }

    /// One more compliant frame.
    fn hold(&mut self, frame: CapturedFrame, found: Found, measures: Measures, own: Moment, effects: &mut Vec<DocumentEffect>) {
        let (side, until, count, best) = match std::mem::replace(&mut self.state, State::Idle) {
            State::Holding { side, until, count, last, best } if best.frame.origin == frame.origin => {
                let same = last.largest_move(&found.corners) < self.profile.gates.same_place * last.diagonal();
                if same { (side, until, count + 1, Some(best)) } else { (side, until, 1, None) }
            }
            State::Holding { side, until, .. } | State::Watching { side, until } => (side, until, 1, None),
            other => {
                self.state = other;
                return;
            }
        };
        let last = found.corners;
        let shot = Box::new(DocumentShot { side, frame, found, measures });
        let best = match best {
            Some(best) if gates::merit(&best) >= gates::merit(&shot) => best,
            _ => shot,
        };
        if count < self.profile.compliant_frames {
            self.state = State::Holding { side, until, count, last, best };
            return;
        }
        effects.push(DocumentEffect::Taken(best));
        if side == Side::First && self.profile.sides > 1 {
            self.guide.show(Instruction::TurnOver, own);
            self.state = State::Turning { until: own + self.profile.limit, shown: last, gone: false };
        } else {
            self.state = State::Finished;
            effects.push(DocumentEffect::ShowPreview(false));
            effects.push(DocumentEffect::Finished);
        }
    }
}

#[cfg(test)]
mod tests;
