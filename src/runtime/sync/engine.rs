//! The engine: claims what may go, hands it to workers, keeps their answers. Owned by one thread and driven by [`Engine::step`].

mod hand_out;

use super::summary::{LaneState, LaneView, SyncSummary, compose};
use super::workers::{Done, Outcome, Worker};
use super::{Action, Chance, FreeSpace, SyncError, SyncParts, Target, Turn};
use crate::advice::Advised as _;
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{Change, ClaimRequest, Claimed, DeliveryState, Entry, Outbox, ServiceCounts};
use crate::ports::services::{Capabilities, Guarantee, ServiceFault};
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

/// Deliveries claimed before a worker is free for them, where a crash costs no more than a repetition. With a service that promises neither
/// key nor look-up nothing is claimed ahead: what is claimed there and not sent would be unknown after a crash.
const AHEAD: usize = 24;
/// Answers that come within this share one durable write; it also leaves the file to others in between.
const GATHER: Duration = Duration::from_millis(4);
/// How long a step waits for the first answer.
const WAIT: Duration = Duration::from_millis(50);
/// How often the counts are read again while much happens.
const COUNT_AGAIN: Duration = Duration::from_millis(500);
/// How often contact with a service is noted in the file.
const NOTE_CONTACT: Duration = Duration::from_secs(60);
/// Pauses while the file cannot be written.
const FIRST_TROUBLE: Duration = Duration::from_millis(100);
const LONGEST_TROUBLE: Duration = Duration::from_secs(5);
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
    pub fn start(parts: SyncParts, turn: Turn) -> Result<Self, SyncError> {
        let outbox = (parts.open_outbox)()?;
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
        engine.settle_interrupted()?;
        Ok(engine)
    }

    /// What an earlier process left under way is a doubt, resolved as the guarantee allows.
    fn settle_interrupted(&mut self) -> Result<(), SyncError> {
        let now = self.clock.utc();
        let entries = self.outbox.interrupted(self.rules.settled_at(now))?;
        let promises: Vec<Promise> = entries.iter().map(|entry| self.promise(&subjected(entry), self.lane_of(entry.service))).collect();
        self.changes.extend(orphaned(&entries, &promises, &self.rules, now));
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
        let claims = if claiming && self.trouble.is_none() { self.claims(now) } else { Vec::new() };
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
                self.clock.sleep(FIRST_TROUBLE);
            }
            self.take_answers();
        }
        let workers = self.lanes.into_iter().flat_map(|lane| lane.workers).flatten();
        let threads: Vec<_> = workers.filter_map(Worker::finish).collect();
        for thread in threads {
            let _ = crate::runtime::join_within(thread, Duration::from_secs(1), |_| ());
        }
    }

    fn take_answers(&mut self) {
        let under_way: usize = self.lanes.iter().map(|lane| lane.lane.under_way()).sum();
        if under_way == 0 {
            return;
        }
        let Ok(first) = self.done.recv_timeout(WAIT) else { return };
        self.take(first);
        if under_way > 1 {
            std::thread::sleep(GATHER);
        }
        while let Ok(done) = self.done.try_recv() {
            self.take(done);
        }
    }

    fn take(&mut self, done: Done) {
        let (now, utc) = (self.clock.now(), self.clock.utc());
        let chance = (self.chance)();
        let lane = &mut self.lanes[done.lane];
        if done.lost {
            lane.workers[done.worker] = None;
        } else {
            lane.idle.push(done.worker);
        }
        let error = done.outcome.error();
        if error.is_none_or(|error| reached(error.fault)) {
            lane.contact = Some(utc);
        }
        lane.clock_offset = done.clock_offset.or(lane.clock_offset);
        lane.lane.ended(error, &self.rules, now, chance);
        lane.drained = false;
        if let Some(error) = error {
            tracing::info!(service = lane.target.kind.name(), code = error.advice().code, delivery = %done.key, "a try failed");
        }
        let Some(delivery) = self.in_hand.remove(&done.key) else { return };
        let promise = self.promise(&delivery, Some(done.lane));
        let event = match done.outcome {
            Outcome::Answered(result) => SyncEvent::Answered(result),
            Outcome::LookedUp(result) => {
                self.tally.look_ups += 1;
                SyncEvent::LookedUp(result)
            }
            Outcome::Prepared(remote_reference, mut payload) => {
                payload.remote_reference = Some(remote_reference.clone());
                let Subjected { key, operation, progress } = delivery;
                let service = self.lanes[done.lane].target.kind;
                self.prepared.push((done.lane, Claimed { operation, progress, service, key, delivery: Ok(*payload) }));
                SyncEvent::Prepared { remote_reference }
            }
        };
        match step(&delivery, event, promise, &self.rules, utc, chance) {
            Ok(change) => self.changes.push(change),
            Err(error) => tracing::error!(%error, delivery = %done.key, "an answer came for nothing that was asked"),
        }
    }

    /// What to claim now.
    fn claims(&mut self, now: Moment) -> Vec<ClaimRequest> {
        let mut claims = Vec::new();
        for index in 0..self.lanes.len() {
            let room = self.lanes[index].lane.room(now);
            if room > 0 && self.lanes[index].workers.iter().flatten().count() == 0 {
                self.connect(index, now);
            }
            if self.lanes[index].lane.room(now) == 0 && !is_open(&self.lanes[index].lane) {
                self.give_back(index);
            }
            let in_hand: Vec<Uuid> = self.in_hand.keys().copied().chain(self.lanes[index].ahead.iter().map(|c| c.key)).collect();
            let lane = &mut self.lanes[index];
            let (Some(capabilities), false) = (lane.capabilities, lane.drained) else { continue };
            let room = lane.lane.room(now);
            let careful = [capabilities.enrol_guarantee, capabilities.delete_guarantee].contains(&Guarantee::AtMostOnce);
            let ahead = if careful || !is_open(&lane.lane) || lane.target.limits.per_second.is_some() { 0 } else { AHEAD };
            let count = (room + ahead).saturating_sub(lane.ahead.len());
            if count == 0 {
                continue;
            }
            let request = |state, count, except| ClaimRequest {
                service: lane.target.kind,
                state,
                count,
                enrol_guarantee: capabilities.enrol_guarantee,
                delete_guarantee: capabilities.delete_guarantee,
                longest_delay: if lane.hurry { Duration::ZERO } else { self.rules.longest_delay.max(self.rules.look_up_after) },
                except,
            };
            if capabilities.status {
                // Doubts first: they are the oldest, and others of the same person wait for them.
                claims.push(request(DeliveryState::Doubtful, count.div_ceil(2), in_hand));
            }
            claims.push(request(DeliveryState::Queued, count, Vec::new()));
        }
        claims
    }

    /// Keeps the changes and claims, in one durable write. What cannot be kept now is kept later; nothing is claimed meanwhile.
    fn exchange(&mut self, claims: Vec<ClaimRequest>) {
        let now = self.clock.now();
        let wanted = !self.changes.is_empty() || !claims.is_empty();
        if !wanted {
            return;
        }
        let utc = self.clock.utc();
        match self.outbox.exchange(&self.changes, &claims, utc) {
            Ok(claimed) => {
                if !self.changes.is_empty() || claimed.iter().any(|c| c.progress.state == DeliveryState::Sending) {
                    self.tally.durable_writes += 1;
                }
                self.count_changes();
                self.trouble = None;
                for (lane, claimed) in self.prepared.drain(..) {
                    self.lanes[lane].ahead.push_front(claimed);
                }
                self.keep(claimed, &claims, utc);
                self.note_contacts(now);
            }
            Err(GalleryError::Damaged { what }) if !self.changes.is_empty() => self.exchange_singly(&what),
            Err(error) => self.fail(error, now),
        }
    }

    /// One change that meets damaged data must not hold up the others.
    fn exchange_singly(&mut self, what: &str) {
        tracing::error!(what, "the outbox holds damaged data");
        let (now, utc) = (self.clock.now(), self.clock.utc());
        for change in std::mem::take(&mut self.changes) {
            match self.outbox.exchange(std::slice::from_ref(&change), &[], utc) {
                Ok(_) => self.tally.durable_writes += 1,
                Err(GalleryError::Damaged { .. }) => tracing::error!(delivery = %change.key, "its entry is damaged; it stays as it is"),
                Err(error) => {
                    self.changes.push(change);
                    self.fail(error, now);
                }
            }
        }
    }

    fn fail(&mut self, error: GalleryError, now: Moment) {
        tracing::warn!(code = error.advice().code, %error, "sync");
        let pause = self.trouble.as_ref().map_or(FIRST_TROUBLE, |trouble| (trouble.pause * 2).min(LONGEST_TROUBLE));
        self.trouble = Some(Trouble { error, until: now + pause, pause });
    }

    fn count_changes(&mut self) {
        for change in self.changes.drain(..) {
            let counter = match change.to.state {
                DeliveryState::Delivered => &mut self.tally.delivered,
                DeliveryState::Refused => &mut self.tally.refused,
                DeliveryState::OutcomeUnknown => &mut self.tally.outcome_unknown,
                DeliveryState::SetAside | DeliveryState::ErasureOwed => &mut self.tally.set_aside,
                DeliveryState::Queued | DeliveryState::Doubtful if change.fault.is_some() => &mut self.tally.failed_tries,
                _ => continue,
            };
            *counter += 1;
        }
    }

    fn keep(&mut self, claimed: Vec<Claimed>, claims: &[ClaimRequest], utc: UtcTime) {
        for lane in &mut self.lanes {
            let asked = |state| claims.iter().find(|claim| claim.service == lane.target.kind && claim.state == state);
            let got = |state| claimed.iter().filter(|c| c.service == lane.target.kind && c.progress.state == state).count();
            let short = |asked_state, got_state| asked(asked_state).is_some_and(|claim| got(got_state) < claim.count);
            if short(DeliveryState::Queued, DeliveryState::Sending) {
                let no_doubts = asked(DeliveryState::Doubtful).is_none() || short(DeliveryState::Doubtful, DeliveryState::Doubtful);
                (lane.drained, lane.drained_at) = (no_doubts, utc);
                lane.hurry = false;
            }
        }
        for claimed in claimed {
            let Some(lane) = self.lane_of(claimed.service) else { continue };
            if claimed.progress.state == DeliveryState::Doubtful {
                self.lanes[lane].ahead.push_front(claimed);
            } else {
                self.lanes[lane].ahead.push_back(claimed);
            }
        }
    }

    fn note_contacts(&mut self, now: Moment) {
        for lane in &mut self.lanes {
            if let Some(contact) = lane.contact
                && lane.noted.is_none_or(|then| now.since(then) >= NOTE_CONTACT)
            {
                lane.noted = Some(now);
                if let Err(error) = self.outbox.note_contact(lane.target.kind, contact) {
                    tracing::warn!(code = error.advice().code, %error, "sync");
                }
            }
        }
    }

    /// When something may be claimed again by itself. The times are those from before the claim: what became due since is not overlooked.
    fn next(&self, now: Moment, utc: UtcTime) -> Option<Moment> {
        let lane_next = |lane: &ServiceLane| {
            if let Some((at, _)) = lane.lane.next_deadline() {
                return Some(at);
            }
            if matches!(lane.lane.circuit(), Circuit::Stopped { .. }) {
                return None;
            }
            let due = self.outbox.next_due(lane.target.kind, if lane.drained { lane.drained_at } else { utc }).ok().flatten()?;
            let ahead = u64::try_from(due.0.saturating_sub(utc.0)).unwrap_or(0);
            let longest = u64::try_from(self.rules.longest_delay.as_millis()).unwrap_or(u64::MAX);
            Some(now + Duration::from_millis(ahead.min(longest)))
        };
        let trouble = self.trouble.as_ref().map(|trouble| trouble.until);
        self.lanes.iter().filter_map(lane_next).chain(trouble).min()
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
        guarantee: lane.capabilities.map(|c| c.enrol_guarantee),
        clock_offset: lane.clock_offset,
    }
}

/// Whether a failure shows that the service was there.
const fn reached(fault: ServiceFault) -> bool {
    !matches!(
        fault,
        ServiceFault::Unreachable
            | ServiceFault::Interrupted
            | ServiceFault::Untrusted
            | ServiceFault::NotAllowed
            | ServiceFault::Misconfigured
            | ServiceFault::Garbled
    )
}
