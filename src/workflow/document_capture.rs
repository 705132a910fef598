//! Autocapture of a document: front, then back, each at its best moment.
//!
//! ```text
//!             Start                    compliant                    N compliant in a row
//!      Idle ────────▶ Watching ────────────────────▶ Holding ─────────────────────────────▶ Taken
//!                      ▲    │ ◀── not compliant ───────┘ │                                   │
//!                      │    │ time is up                  │ time is up       one side is asked │ the other side is asked
//!                      │    ▼                             ▼                  for, or the back  ▼ for and this was the first
//!                      │  Refused ◀───────────────────────┘                  is taken      Turning ──▶ Watching (other side)
//!                      │                                                        │            (the document was away, or moved far)
//!                      └── Recovered ── Faulted ◀── Lost                        ▼
//!                                                                            Finished
//!
//!      TakeNow takes the next frame as it is; OneSideOnly ends without the other side; Cancel leads from every state to Idle.
//! ```
//!
//! The states own their data. Time is handed in; a clock that jumps back costs no time. Only frames of one compliant run are taken by
//! themselves, and of these the best; the same side is not taken twice; a fault drops the run, and what was taken of the other side stays.

pub mod gates;
pub mod instruction;
mod view;

pub use view::DocumentCaptureView;

use super::capture::event::Fault;
use super::timeline::Timeline;
use crate::documents::document_type::PageShape;
use crate::documents::picture::{Found, Look, Measures, Quad};
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

/// Which sides are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sides {
    /// One.
    One,
    /// Both.
    Both,
    /// Both of a card, whose portrait and zone are on different sides; one of everything else.
    #[default]
    ByShape,
}

impl Sides {
    /// Whether the other side is wanted after a page of that shape; `None` is a page whose corners were not found.
    const fn wants_other(self, shape: Option<PageShape>) -> bool {
        match self {
            Self::One => false,
            Self::Both => true,
            Self::ByShape => matches!(shape, Some(PageShape::Id1)),
        }
    }
}

/// How a document is to be captured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DocumentProfile {
    /// Sides wanted.
    pub sides: Sides,
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
            sides: Sides::ByShape,
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
    /// Where the document is in it; `None` only in a frame taken by hand.
    pub found: Option<Found>,
    /// How good it is.
    pub measures: Option<Measures>,
    /// Whether somebody took it, not the capture by itself.
    pub by_hand: bool,
}

/// Something happened.
#[derive(Debug, Clone)]
pub enum DocumentEvent {
    /// Begin with the first side.
    Start,
    /// A frame was looked at.
    Observed(Box<DocumentObservation>),
    /// Take the next frame of this side as it is.
    TakeNow,
    /// There is no other side, or it is not wanted.
    OneSideOnly,
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
    Turning { until: Moment, shown: Option<Quad>, gone: bool },
    Finished,
    Refused,
    Faulted { side: Side, fault: Fault },
}

/// The autocapture of one document.
#[derive(Debug, Clone)]
pub struct DocumentCapture {
    profile: DocumentProfile,
    timeline: Timeline,
    guide: Guide,
    seen: Seen,
    /// The first side from afar, once it is taken.
    first: Option<Look>,
    by_hand: bool,
    lost: Option<Fault>,
    last_frame: Option<u64>,
    state: State,
}

/// What the newest frame showed.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    size: Option<crate::geometry::Size>,
    outline: Option<Quad>,
    glare: Option<Quad>,
}

impl DocumentCapture {
    /// A capture that has not begun.
    #[must_use]
    pub fn new(profile: DocumentProfile, now: Moment) -> Self {
        Self {
            profile,
            timeline: Timeline::new(now),
            guide: Guide::new(profile.stay),
            seen: Seen::default(),
            first: None,
            by_hand: false,
            lost: None,
            last_frame: None,
            state: State::Idle,
        }
    }

    /// Applies one event and returns what is to be done, in order.
    pub fn handle(&mut self, event: DocumentEvent, now: Moment) -> Vec<DocumentEffect> {
        let own = self.timeline.advance(now);
        let mut effects = Vec::new();
        self.expire(own, &mut effects);
        match event {
            DocumentEvent::Start => {
                effects.push(DocumentEffect::ShowPreview(true));
                self.first = None;
                self.watch(Side::First, own, &mut effects);
            }
            DocumentEvent::Observed(observation) => self.observed(*observation, own, &mut effects),
            DocumentEvent::TakeNow => self.by_hand = self.side().is_some(),
            DocumentEvent::OneSideOnly => {
                if self.side() == Some(Side::Second) || matches!(self.state, State::Faulted { side: Side::Second, .. }) {
                    self.finish(&mut effects);
                }
            }
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
                self.rest(State::Idle);
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

    /// Whether frames are looked at, or would be if the camera gave any.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        !matches!(self.state, State::Idle | State::Finished | State::Refused)
    }

    /// The side that is being captured; `None` before the start, after the end and during a fault.
    const fn side(&self) -> Option<Side> {
        match &self.state {
            State::Watching { side, .. } | State::Holding { side, .. } => Some(*side),
            State::Turning { .. } => Some(Side::Second),
            State::Idle | State::Finished | State::Refused | State::Faulted { .. } => None,
        }
    }

    fn watch(&mut self, side: Side, own: Moment, effects: &mut Vec<DocumentEffect>) {
        self.seen = Seen::default();
        self.by_hand = false;
        self.guide = Guide::new(self.profile.stay);
        match self.lost {
            Some(fault) => self.fail(side, fault, effects),
            None => self.state = State::Watching { side, until: own + self.profile.limit },
        }
    }

    /// A state in which no frames are looked at.
    fn rest(&mut self, state: State) {
        self.seen = Seen::default();
        self.by_hand = false;
        self.state = state;
    }

    fn fail(&mut self, side: Side, fault: Fault, effects: &mut Vec<DocumentEffect>) {
        self.rest(State::Faulted { side, fault });
        effects.push(DocumentEffect::ShowPreview(false));
    }

    fn finish(&mut self, effects: &mut Vec<DocumentEffect>) {
        self.rest(State::Finished);
        effects.push(DocumentEffect::ShowPreview(false));
        effects.push(DocumentEffect::Finished);
    }

    fn expire(&mut self, own: Moment, effects: &mut Vec<DocumentEffect>) {
        match self.state {
            State::Watching { until, .. } | State::Holding { until, .. } | State::Turning { until, .. } if own >= until => {
                self.rest(State::Refused);
                effects.push(DocumentEffect::ShowPreview(false));
            }
            _ => {}
        }
    }

    fn observed(&mut self, seen: DocumentObservation, own: Moment, effects: &mut Vec<DocumentEffect>) {
        let Some(side) = self.side() else { return };
        if self.last_frame == Some(seen.frame.number) {
            return;
        }
        self.last_frame = Some(seen.frame.number);
        let before = self.seen.outline;
        self.seen = Seen::of(&seen);
        if std::mem::take(&mut self.by_hand) {
            let shot = DocumentShot { side, found: seen.found.first().copied(), measures: seen.measures, frame: seen.frame, by_hand: true };
            return self.take(Box::new(shot), own, effects);
        }
        if let State::Turning { shown, gone, .. } = &mut self.state {
            // Turned over: the document was away, or lies quite differently, and is back.
            let moved = self.seen.outline.zip(*shown).is_some_and(|(now, then)| now.largest_move(&then) > 0.3 * then.diagonal());
            let other = seen.measures.zip(self.first).is_some_and(|(now, first)| !now.look.is_same_side(&first));
            if self.seen.outline.is_some() && (*gone || other) {
                self.watch(Side::Second, own, effects);
            } else {
                *gone |= self.seen.outline.is_none() || moved;
                self.guide.show(Instruction::TurnOver, own);
            }
            return;
        }
        let mut unmet = findings(&self.profile.gates, &seen, before);
        if let (Side::Second, Some(first), Some(now)) = (side, self.first, seen.measures)
            && unmet.is_empty()
            && first.is_same_side(&now.look)
        {
            unmet.push(Instruction::TurnOver);
        }
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
        let shot = Box::new(DocumentShot { side, frame, found: Some(found), measures: Some(measures), by_hand: false });
        let best = match best {
            Some(best) if gates::merit(&best) >= gates::merit(&shot) => best,
            _ => shot,
        };
        if count < self.profile.compliant_frames {
            self.state = State::Holding { side, until, count, last, best };
        } else {
            self.take(best, own, effects);
        }
    }

    /// A side is there: the other one follows, or that was all.
    fn take(&mut self, shot: Box<DocumentShot>, own: Moment, effects: &mut Vec<DocumentEffect>) {
        let (side, corners) = (shot.side, shot.found.map(|f| f.corners));
        let other = self.profile.sides.wants_other(shot.found.map(|f| f.form.shape));
        if side == Side::First {
            self.first = shot.measures.map(|m| m.look);
        }
        effects.push(DocumentEffect::Taken(shot));
        if side == Side::First && other {
            self.guide = Guide::new(self.profile.stay);
            self.guide.show(Instruction::TurnOver, own);
            self.state = State::Turning { until: own + self.profile.limit, shown: corners, gone: false };
        } else {
            self.finish(effects);
        }
    }
}

#[cfg(test)]
mod tests;
