//! Taking answers: what a worker says becomes a change to keep.

use super::Engine;
use crate::advice::Advised as _;
use crate::ports::outbox::Claimed;
use crate::ports::services::ServiceFault;
use crate::runtime::sync::workers::{Done, Outcome};
use crate::workflow::sync::{Subjected, SyncEvent, step};
use std::time::Duration;

/// Answers that come within this share one durable write; it also leaves the file to others in between.
const GATHER: Duration = Duration::from_millis(4);
/// How long a step waits for the first answer.
const WAIT: Duration = Duration::from_millis(50);

impl Engine {
    pub(super) fn take_answers(&mut self) {
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
