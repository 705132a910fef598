//! Delivering other machines' packets: as many at once as the service may be called, with one durable write before and one after each group.

use super::content::Packet;
use super::{PacketError, Progress};
use crate::advice::Advised as _;
use crate::ports::outbox::{Change, DeliveryState, Entry, Operation, Outbox};
use crate::ports::services::{Capabilities, Delivery, Effect, IdentityService, Receipt, ServiceError, ServiceFault, ServiceKind};
use crate::runtime::clock::Clock;
use crate::runtime::sync::engine::subjected;
use crate::runtime::sync::{Chance, Target};
use crate::workflow::sync::lane::{Circuit, Lane};
use crate::workflow::sync::{Promise, Rules, Subjected, SyncEvent, step};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A packet that was opened, and how its delivery stands here.
pub(super) struct Parcelled {
    pub packet: Packet,
    pub entry: Entry,
    /// State before this run touched it.
    pub before: DeliveryState,
}

/// The way to one service during an import.
struct Way {
    clients: Vec<Box<dyn IdentityService>>,
    capabilities: Capabilities,
    lane: Lane,
}

/// Delivers for one import.
pub(super) struct Courier<'a> {
    pub outbox: &'a mut dyn Outbox,
    pub targets: &'a mut [Target],
    pub rules: Rules,
    pub clock: Arc<dyn Clock>,
    pub chance: &'a mut Chance,
    pub practice: bool,
    /// Longest wait for a service that does not answer.
    pub patience: Duration,
    ways: BTreeMap<ServiceKind, Option<Way>>,
}

/// One call of a group.
struct Errand {
    delivery: Subjected,
    sent: Delivery,
}

/// What came of the first call: an end, or a name that must be kept before the person is sent.
enum Said {
    Event(SyncEvent),
    Named(String),
}

impl<'a> Courier<'a> {
    pub fn new(
        outbox: &'a mut dyn Outbox,
        targets: &'a mut [Target],
        (rules, clock, chance): (Rules, Arc<dyn Clock>, &'a mut Chance),
        practice: bool,
        patience: Duration,
    ) -> Self {
        Self { outbox, targets, rules, clock, chance, practice, patience, ways: BTreeMap::new() }
    }

    /// Sends, asks and sends again until every parcel is settled, its service does not answer for too long, or somebody breaks it off.
    pub fn deliver(&mut self, parcels: &mut [Parcelled], progress: &Progress) -> Result<(), PacketError> {
        let mut kinds: Vec<ServiceKind> = parcels.iter().map(|parcel| parcel.packet.parcel.service).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            self.open_way(kind);
            while !progress.is_cancelled() && self.round(kind, parcels, progress)? {}
        }
        Ok(())
    }

    /// One group of calls to one service; `false` when nothing is left that is worth waiting for.
    fn round(&mut self, kind: ServiceKind, parcels: &mut [Parcelled], progress: &Progress) -> Result<bool, PacketError> {
        let Some(Some(way)) = self.ways.get_mut(&kind) else { return Ok(false) };
        let now = self.clock.now();
        let room = way.lane.room(now);
        if room == 0 {
            let pause = match (way.lane.circuit(), way.lane.next_deadline()) {
                (Circuit::Stopped { .. }, _) | (_, None) => return Ok(false),
                (_, Some((at, _))) => at.since(now),
            };
            return Ok(self.wait(pause, progress));
        }
        let room = room.min(way.clients.len());
        let (utc, longest) = (self.clock.utc(), self.rules.longest_delay);
        let pause = |entry: &Entry| {
            let millis = u64::try_from(entry.due_at.0.saturating_sub(utc.0)).unwrap_or(0);
            // A time that lies further ahead than any delay was set by another clock.
            if Duration::from_millis(millis) > longest { Duration::ZERO } else { Duration::from_millis(millis) }
        };
        let can_go = |state| matches!(state, DeliveryState::Queued | DeliveryState::Doubtful);
        let open = parcels.iter_mut().filter(|p| p.packet.parcel.service == kind && can_go(p.entry.progress.state));
        let mut open: Vec<(Duration, &mut Parcelled)> = open.map(|parcel| (pause(&parcel.entry), parcel)).collect();
        let Some(first) = open.iter().map(|(pause, _)| *pause).min() else { return Ok(false) };
        if !first.is_zero() {
            return Ok(self.wait(first, progress));
        }
        open.retain(|(pause, _)| pause.is_zero());
        open.truncate(room);
        let mut group: Vec<&mut Parcelled> = open.into_iter().map(|(_, parcel)| parcel).collect();
        self.send(kind, &mut group)?;
        Ok(true)
    }

    fn wait(&self, pause: Duration, progress: &Progress) -> bool {
        let worth_it = pause <= self.patience;
        if worth_it {
            progress.pause(&*self.clock, pause.max(Duration::from_millis(1)));
        }
        worth_it
    }

    /// The calls of one group, with their durable writes before, between where the service names people first, and after.
    fn send(&mut self, kind: ServiceKind, group: &mut [&mut Parcelled]) -> Result<(), PacketError> {
        let Some(Some(way)) = self.ways.get_mut(&kind) else { return Ok(()) };
        let (rules, utc, chance) = (&self.rules, self.clock.utc(), (self.chance)());
        let promise = |operation| Promise::of(&way.capabilities, operation);
        let mut errands: Vec<Errand> = group.iter().map(|parcel| errand(parcel)).collect();
        let mut begun = Vec::new();
        for errand in errands.iter_mut().filter(|errand| errand.delivery.progress.state == DeliveryState::Queued) {
            if let Ok(change) = step(&errand.delivery, SyncEvent::Begun, promise(errand.delivery.operation), rules, utc, chance) {
                errand.delivery.progress = change.to;
                begun.push(change);
            }
        }
        keep(self.outbox, &begun, &*self.clock)?;
        way.lane.begun(errands.len());
        way.clients.iter_mut().for_each(|client| client.now_is(utc));
        let deletes = way.capabilities.delete;
        let said = at_once(kind, &mut way.clients, &errands, &|client, errand| first_call(client, errand, deletes));
        let mut events: Vec<Option<SyncEvent>> = Vec::new();
        let mut prepared = Vec::new();
        for (said, errand) in said.into_iter().zip(&mut errands) {
            events.push(match said {
                Said::Event(event) => Some(event),
                Said::Named(remote_reference) => {
                    errand.sent.remote_reference = Some(remote_reference.clone());
                    let event = SyncEvent::Prepared { remote_reference };
                    prepared.extend(step(&errand.delivery, event, promise(errand.delivery.operation), rules, utc, chance));
                    None
                }
            });
        }
        if events.iter().any(Option::is_none) {
            keep(self.outbox, &prepared, &*self.clock)?;
            let (named, settled): (Vec<_>, Vec<_>) = errands.into_iter().zip(events).partition(|(_, event)| event.is_none());
            let going: Vec<Errand> = named.into_iter().map(|(errand, _)| errand).collect();
            let answered = |client: &mut dyn IdentityService, errand: &Errand| Said::Event(SyncEvent::Answered(client.enrol(&errand.sent)));
            let ends = at_once(kind, &mut way.clients, &going, &answered);
            let ends = ends.into_iter().map(|said| match said {
                Said::Event(event) => Some(event),
                Said::Named(_) => None,
            });
            (errands, events) = going.into_iter().zip(ends).chain(settled).unzip();
        }
        let mut changes = Vec::new();
        let now = self.clock.now();
        for (errand, event) in errands.iter().zip(events) {
            let Some(event) = event else { continue };
            let error = match &event {
                SyncEvent::LookedUp(Err(error)) | SyncEvent::Answered(Err(error)) => Some(error.clone()),
                _ => None,
            };
            way.lane.ended(error.as_ref(), rules, now, chance);
            changes.extend(step(&errand.delivery, event, promise(errand.delivery.operation), rules, self.clock.utc(), chance));
        }
        keep(self.outbox, &changes, &*self.clock)?;
        for parcel in group.iter_mut() {
            parcel.entry = self.outbox.entry(parcel.entry.key)?;
        }
        Ok(())
    }

    fn open_way(&mut self, kind: ServiceKind) {
        let (targets, practice, now) = (&mut *self.targets, self.practice, self.clock.now());
        self.ways.entry(kind).or_insert_with(|| {
            let target = targets.iter_mut().find(|target| target.kind == kind && target.takes(practice))?;
            let clients: Result<Vec<_>, ServiceError> = (0..target.limits.at_once.max(1)).map(|_| (target.connect)()).collect();
            match clients {
                Ok(clients) => Some(Way { capabilities: clients.first()?.capabilities(), clients, lane: Lane::new(target.limits, now) }),
                Err(error) => {
                    tracing::warn!(code = error.advice().code, %error, "sync");
                    None
                }
            }
        });
    }
}

fn keep(outbox: &mut dyn Outbox, changes: &[Change], clock: &dyn Clock) -> Result<(), PacketError> {
    if !changes.is_empty() {
        outbox.exchange(changes, &[], clock.utc())?;
    }
    Ok(())
}

fn errand(parcel: &Parcelled) -> Errand {
    let mut sent = parcel.packet.parcel.delivery.clone();
    // A name that an earlier try was given counts before the packet's own.
    let kept = parcel.entry.receipt.as_ref().and_then(|receipt| receipt.remote_reference.clone());
    sent.remote_reference = kept.or(sent.remote_reference);
    Errand { delivery: subjected(&parcel.entry), sent }
}

fn first_call(client: &mut dyn IdentityService, errand: &Errand, deletes: bool) -> Said {
    let Errand { delivery, sent } = errand;
    Said::Event(match (delivery.progress.state, delivery.operation) {
        (DeliveryState::Doubtful, _) => SyncEvent::LookedUp(client.status(sent)),
        (_, Operation::Enrol) => match client.prepare(sent) {
            Err(error) => SyncEvent::Answered(Err(ServiceError { effect: Effect::None, ..error })),
            Ok(Some(name)) => return Said::Named(name),
            Ok(None) => SyncEvent::Answered(client.enrol(sent)),
        },
        (_, Operation::Delete) if !deletes => {
            SyncEvent::Answered(Ok(Receipt { remote_reference: None, identifiers: Vec::new(), repeated: false }))
        }
        (_, Operation::Delete) => SyncEvent::Answered(client.delete(sent)),
    })
}

/// Every errand on a thread and with a client of its own; whatever becomes of it, there is an answer.
fn at_once(
    kind: ServiceKind,
    clients: &mut [Box<dyn IdentityService>],
    errands: &[Errand],
    call: &(dyn Fn(&mut dyn IdentityService, &Errand) -> Said + Sync),
) -> Vec<Said> {
    let lost = |errand: &Errand| {
        let error = ServiceError::unsent(kind, ServiceFault::Interrupted, "the worker stopped while it was at it");
        let error = ServiceError { effect: Effect::Unknown, ..error };
        Said::Event(match errand.delivery.progress.state {
            DeliveryState::Doubtful => SyncEvent::LookedUp(Err(error)),
            _ => SyncEvent::Answered(Err(error)),
        })
    };
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for (client, errand) in clients.iter_mut().zip(errands) {
            let thread = std::thread::Builder::new().name(format!("import-{}", kind.name()));
            running.push((errand, thread.spawn_scoped(scope, move || call(&mut **client, errand))));
        }
        let answers = running.into_iter().map(|(errand, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|_| lost(errand)),
            // Without a thread nothing was sent; treated as a lost reply it is asked about, or sent again under its key.
            Err(_) => lost(errand),
        });
        answers.collect()
    })
}
