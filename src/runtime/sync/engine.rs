//! The engine: claims what may go, hands it to workers, keeps their answers. Owned by one thread and driven by [`Engine::step`].

mod answers;
mod claiming;
mod hand_out;
mod keeping;

use super::summary::{LaneState, LaneView, SyncSummary, compose};
use super::workers::{Done, Worker};
use super::{Action, Chance, FreeSpace, SyncError, SyncParts, Target, Turn};
use crate::advice::Advised as _;
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{Change, Claimed, Entry, Outbox, ServiceCounts};
use crate::ports::services::{Capabilities, Guarantee};
use crate::runtime::clock::Clock;
use crate::units::{Moment, UtcTime};
use crate::workflow::sync::lane::{Circuit, Lane};
use crate::workflow::sync::stops::StopLimits;
use crate::workflow::sync::{Promise, Rules, Subjected, SyncEvent, step};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use uuid::Uuid;

/// How often the counts are read again while much happens.
const COUNT_AGAIN: Duration = Duration::from_millis(500);
/// How long an ending waits for what is under way.
const LAST_ANSWERS: Duration = Duration::from_secs(90);

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Nothing is under way and nothing could be claimed.
    pub idle: bool,
    /// When something may be claimed again without anybody having to act.
    pub next: Option<Moment>,
}

/// What happened since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Tally {
    /// Delivered.
    pub delivered: u64,
    /// Refused by a service.
    pub refused: u64,
    /// Ended with an outcome nobody knows.
    pub outcome_unknown: u64,
    /// Set aside, or an erasure that stays owed.
    pub set_aside: u64,
    /// Tries that failed and are repeated.
    pub failed_tries: u64,
    /// Look-ups made.
    pub look_ups: u64,
    /// Durable writes of the outbox.
    pub durable_writes: u64,
}

struct ServiceLane {
    target: Target,
    lane: Lane,
    capabilities: Option<Capabilities>,
    workers: Vec<Option<Worker>>,
    idle: Vec<usize>,
    ahead: VecDeque<Claimed>,
    /// Nothing more could be claimed at the last look.
    drained: bool,
    /// When it was found drained: what falls due after that is next, however long the other lanes have been busy since.
    drained_at: UtcTime,
    /// What waits for its time goes now.
    hurry: bool,
    clock_offset: Option<i64>,
    contact: Option<UtcTime>,
    noted: Option<Moment>,
}

struct Trouble {
    error: GalleryError,
    until: Moment,
    pause: Duration,
}

/// The engine.
pub struct Engine {
    clock: Arc<dyn Clock>,
    practice: bool,
    rules: Rules,
    stop_limits: StopLimits,
    free_space: FreeSpace,
    chance: Chance,
    outbox: Box<dyn Outbox>,
    _turn: Turn,
    lanes: Vec<ServiceLane>,
    done: Receiver<Done>,
    answer: SyncSender<Done>,
    /// What an earlier process left under way is not settled yet; nothing is claimed before it is.
    unsettled: bool,
    in_hand: HashMap<Uuid, Subjected>,
    changes: Vec<Change>,
    /// To be sent once the changes are kept: the service has named the person.
    prepared: Vec<(usize, Claimed)>,
    trouble: Option<Trouble>,
    counts: Vec<ServiceCounts>,
    counted_at: Option<Moment>,
    tally: Tally,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({} services, {} in hand)", self.lanes.len(), self.in_hand.len())
    }
}

impl Engine {
    /// Opens the outbox and settles what an earlier process left under way. `turn` is held as long as the engine lives.
    ///
    /// # Errors
    /// [`SyncError::Gallery`].
    pub fn start(mut parts: SyncParts, turn: Turn) -> Result<Self, SyncError> {
        let outbox = (parts.open_outbox)()?;
        Self::over(parts, outbox, turn)
    }

    /// As [`Self::start`], over an outbox that is open already.
    ///
    /// # Errors
    /// [`SyncError::Gallery`] when what an earlier process left cannot be read; a file that cannot be written for a while is no error.
    pub fn over(parts: SyncParts, outbox: Box<dyn Outbox>, turn: Turn) -> Result<Self, SyncError> {
        let now = parts.clock.now();
        let at_once: usize = parts.targets.iter().map(|target| target.limits.at_once).sum();
        // Every worker can answer without waiting for the engine.
        let (answer, done) = sync_channel(at_once.max(1));
        let lanes = parts
            .targets
            .into_iter()
            .filter(|target| target.takes(parts.practice))
            .map(|target| ServiceLane {
                lane: Lane::new(target.limits, now),
                target,
                capabilities: None,
                workers: Vec::new(),
                idle: Vec::new(),
                ahead: VecDeque::new(),
                drained: false,
                drained_at: UtcTime(0),
                hurry: false,
                clock_offset: None,
                contact: None,
                noted: None,
            })
            .collect();
        let mut engine = Self {
            clock: parts.clock,
            practice: parts.practice,
            rules: parts.rules,
            stop_limits: parts.stop_limits,
            free_space: parts.free_space,
            chance: parts.chance,
            outbox,
            _turn: turn,
            lanes,
            done,
            answer,
            unsettled: true,
            in_hand: HashMap::new(),
            changes: Vec::new(),
            prepared: Vec::new(),
            trouble: None,
            counts: Vec::new(),
            counted_at: None,
            tally: Tally::default(),
        };
        for lane in 0..engine.lanes.len() {
            engine.connect(lane, now);
        }
        match engine.settle_interrupted() {
            Err(error) if super::may_pass(&error) => engine.fail(error, now),
            settled => settled?,
        }
        Ok(engine)
    }

    /// What an earlier process left under way is a doubt, resolved as the guarantee allows.
    fn settle_interrupted(&mut self) -> Result<(), GalleryError> {
        let now = self.clock.utc();
        let entries = self.outbox.interrupted(self.rules.settled_at(now))?;
        let promises: Vec<Promise> = entries.iter().map(|entry| self.promise(&subjected(entry), self.lane_of(entry.service))).collect();
        self.changes.extend(orphaned(&entries, &promises, &self.rules, now));
        self.unsettled = false;
        self.exchange(Vec::new());
        Ok(())
    }

    fn lane_of(&self, service: crate::ports::services::ServiceKind) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.target.kind == service)
    }

    /// What the service promises, or, where it cannot be asked, what was promised when the delivery was sent.
    fn promise(&self, delivery: &Subjected, lane: Option<usize>) -> Promise {
        match lane.and_then(|lane| self.lanes[lane].capabilities.as_ref()) {
            Some(capabilities) => Promise::of(capabilities, delivery.operation),
            None => Promise { guarantee: delivery.progress.guarantee.unwrap_or(Guarantee::AtMostOnce), delete_erases: false },
        }
    }

    /// Looks again for work that others may have queued.
    pub fn look_again(&mut self) {
        self.lanes.iter_mut().for_each(|lane| lane.drained = false);
    }

    /// Goes on at once with what was stopped or put off.
    pub fn resume(&mut self) {
        for lane in &mut self.lanes {
            lane.lane.resume();
            (lane.hurry, lane.drained) = (true, false);
        }
        self.trouble = None;
    }

    /// One round: takes answers, keeps them, claims more where `claiming`, hands it out. Blocks only while something is under way, and shortly.
    pub fn step(&mut self, claiming: bool) -> Step {
        self.take_answers();
        let (now, utc) = (self.clock.now(), self.clock.utc());
        if self.changes.is_empty() && self.trouble.as_ref().is_some_and(|trouble| now >= trouble.until) {
            self.trouble = None;
        }
        if self.unsettled && self.trouble.as_ref().is_none_or(|trouble| now >= trouble.until) {
            match self.settle_interrupted() {
                Ok(()) if self.changes.is_empty() => self.trouble = None,
                Ok(()) => {}
                Err(error) => self.fail(error, now),
            }
        }
        let claims = if claiming && !self.unsettled && self.trouble.is_none() { self.claims(now) } else { Vec::new() };
        let asked = !claims.is_empty();
        if self.trouble.as_ref().is_none_or(|trouble| now >= trouble.until) {
            self.exchange(claims);
        }
        self.hand_out(now);
        let under_way = !self.prepared.is_empty() || self.lanes.iter().any(|lane| lane.lane.under_way() > 0 || !lane.ahead.is_empty());
        let idle = !under_way && (!asked || self.lanes.iter().all(|lane| lane.drained || !is_open(&lane.lane)));
        let next = if idle { self.next(now, utc) } else { None };
        Step { idle: idle && (self.changes.is_empty() || self.trouble.is_some()), next }
    }

    /// Delivers until nothing can go on without waiting longer than `patience` at a time, for commands that have no window. `progress` is
    /// told what happened so far after every round.
    pub fn run_until_rest(&mut self, patience: Duration, progress: &mut dyn FnMut(&Tally)) {
        loop {
            let round = self.step(true);
            progress(&self.tally);
            if !round.idle {
                continue;
            }
            let Some(pause) = round.next.map(|next| next.since(self.clock.now())).filter(|pause| *pause <= patience) else { break };
            self.clock.sleep(pause.max(Duration::from_millis(1)));
            self.look_again();
        }
    }

    /// What happened since the start.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// How delivery stands.
    pub fn summary(&mut self) -> SyncSummary {
        let now = self.clock.now();
        if self.counted_at.is_none_or(|then| now.since(then) >= COUNT_AGAIN) {
            self.counted_at = Some(now);
            match self.outbox.counts() {
                Ok(counts) => self.counts = counts,
                Err(error) => tracing::warn!(code = error.advice().code, %error, "sync"),
            }
        }
        let lanes: Vec<LaneView> = self.lanes.iter().map(view).collect();
        let mut counts = self.counts.clone();
        for counted in &mut counts {
            // What was noted in the file may be a minute old.
            let heard = self.lanes.iter().find(|lane| lane.target.kind == counted.service).and_then(|lane| lane.contact);
            counted.last_contact = counted.last_contact.max(heard);
        }
        let mut summary = compose(counts, &lanes, &self.stop_limits, (self.free_space)(), self.clock.utc());
        summary.trouble = self.trouble.as_ref().map(|trouble| (trouble.error.to_string(), trouble.error.advice()));
        summary
    }

    /// As [`Self::summary`], with counts read now.
    pub fn fresh_summary(&mut self) -> SyncSummary {
        self.counted_at = None;
        self.summary()
    }

    /// Carries out what a person decided about one delivery; durable on return.
    ///
    /// # Errors
    /// [`SyncError`]: there is no such delivery, or it is in no state for it.
    pub fn act(&mut self, key: Uuid, action: Action) -> Result<(), SyncError> {
        super::act(&mut *self.outbox, key, action, &self.rules, self.clock.utc())?;
        self.tally.durable_writes += 1;
        self.counted_at = None;
        self.look_again();
        Ok(())
    }

    /// Waits for what is under way, keeps the answers, gives back what was claimed and not sent.
    pub fn finish(mut self) {
        let deadline = self.clock.now() + LAST_ANSWERS;
        loop {
            for lane in 0..self.lanes.len() {
                self.give_back(lane);
            }
            self.exchange(Vec::new());
            let rest = self.lanes.iter().all(|lane| lane.lane.under_way() == 0 && lane.ahead.is_empty());
            if rest && self.changes.is_empty() && self.prepared.is_empty() || self.clock.now() >= deadline {
                break;
            }
            if self.trouble.is_some() {
                self.clock.sleep(keeping::FIRST_TROUBLE);
            }
            self.take_answers();
        }
        let workers = self.lanes.into_iter().flat_map(|lane| lane.workers).flatten();
        let threads: Vec<_> = workers.filter_map(Worker::finish).collect();
        for thread in threads {
            let _ = crate::runtime::join_within(thread, Duration::from_secs(1), |_| ());
        }
    }

    /// Whether the practice gallery is delivered.
    #[must_use]
    pub const fn is_practice(&self) -> bool {
        self.practice
    }
}

/// A delivery of a list as the machine sees it.
pub(super) const fn subjected(entry: &Entry) -> Subjected {
    Subjected { key: entry.key, operation: entry.operation, progress: entry.progress }
}

/// What becomes of deliveries whose process is gone.
pub(super) fn orphaned(entries: &[Entry], promises: &[Promise], rules: &Rules, now: UtcTime) -> Vec<Change> {
    let settle = |(entry, promise): (&Entry, &Promise)| step(&subjected(entry), SyncEvent::Orphaned, *promise, rules, now, 0).ok();
    entries.iter().zip(promises).filter_map(settle).collect()
}

fn is_open(lane: &Lane) -> bool {
    matches!(lane.circuit(), Circuit::Open)
}

fn view(lane: &ServiceLane) -> LaneView {
    let state = match lane.lane.circuit() {
        Circuit::Open => LaneState::Open,
        Circuit::Waiting { error, .. } | Circuit::Trying { error } => LaneState::Waiting { error: error.clone() },
        Circuit::Stopped { error } => LaneState::Stopped { error: error.clone() },
    };
    LaneView {
        service: Some(lane.target.kind),
        lane: state,
        guarantee: Some(lane.capabilities.map_or(lane.target.guarantee, |capabilities| capabilities.enrol_guarantee)),
        clock_offset: lane.clock_offset,
    }
}
