//! Handing out: what was claimed goes to the workers, and back where a lane does not go on.

use super::Engine;
use crate::advice::Advised as _;
use crate::ports::gallery::GalleryError;
use crate::ports::services::{ServiceError, ServiceFault};
use crate::runtime::sync::workers::{Job, Worker};
use crate::units::Moment;
use crate::workflow::sync::{Subjected, SyncEvent, step};

impl Engine {
    pub(super) fn hand_out(&mut self, now: Moment) {
        if self.trouble.is_some() {
            return;
        }
        let utc = self.clock.utc();
        for index in 0..self.lanes.len() {
            while self.lanes[index].lane.room(now) > 0 && !self.lanes[index].idle.is_empty() {
                let Some(claimed) = self.lanes[index].ahead.pop_front() else { break };
                let delivery = Subjected { key: claimed.key, operation: claimed.operation, progress: claimed.progress };
                let payload = match claimed.delivery {
                    Ok(payload) => payload,
                    Err(error) => {
                        self.refuse_unreadable(&delivery, index, &error);
                        continue;
                    }
                };
                let lane = &mut self.lanes[index];
                let Some(worker) = lane.idle.pop() else { break };
                let job = Job { operation: claimed.operation, state: claimed.progress.state, delivery: payload, now: utc };
                if lane.workers[worker].as_ref().is_some_and(|there| there.hand(job)) {
                    lane.lane.begun(1);
                    self.in_hand.insert(claimed.key, delivery);
                } else {
                    // The thread is gone; nothing was sent.
                    lane.workers[worker] = None;
                    self.unsend(&delivery, index);
                }
            }
        }
    }

    fn refuse_unreadable(&mut self, delivery: &Subjected, lane: usize, error: &GalleryError) {
        let event = SyncEvent::Unreadable { reason: format!("{}: {error}", error.advice().code) };
        let promise = self.promise(delivery, Some(lane));
        if let Ok(change) = step(delivery, event, promise, &self.rules, self.clock.utc(), 0) {
            self.changes.push(change);
        }
    }

    fn unsend(&mut self, delivery: &Subjected, lane: usize) {
        let promise = self.promise(delivery, Some(lane));
        if let Ok(change) = step(delivery, SyncEvent::Unsent, promise, &self.rules, self.clock.utc(), 0) {
            self.changes.push(change);
        }
    }

    /// What was claimed for a lane that does not go on waits again.
    pub(super) fn give_back(&mut self, lane: usize) {
        for claimed in std::mem::take(&mut self.lanes[lane].ahead) {
            let delivery = Subjected { key: claimed.key, operation: claimed.operation, progress: claimed.progress };
            self.unsend(&delivery, lane);
        }
    }

    /// Makes the clients and threads of a lane that has none.
    pub(super) fn connect(&mut self, index: usize, now: Moment) {
        let chance = (self.chance)();
        let lane = &mut self.lanes[index];
        let mut workers = Vec::new();
        for number in 0..lane.target.limits.at_once.max(1) {
            let started = (lane.target.connect)().and_then(|service| {
                lane.capabilities = Some(service.capabilities());
                Worker::start(service, index, number, self.answer.clone())
                    .map_err(|error| ServiceError::unsent(lane.target.kind, ServiceFault::Unreachable, error.to_string()))
            });
            match started {
                Ok(worker) => workers.push(Some(worker)),
                Err(error) => {
                    lane.lane.begun(1);
                    lane.lane.ended(Some(&error), &self.rules, now, chance);
                    return;
                }
            }
        }
        lane.idle = (0..workers.len()).collect();
        lane.workers = workers;
    }
}
