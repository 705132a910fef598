//! Delivery to identity services as a pure state machine: one step per delivery and event, with time and chance handed in.
//!
//! The diagram stands at [`DeliveryState`]. What keeps the promise of each [`Guarantee`]:
//!
//! - a delivery is marked as sending, durably, before anything is sent; found so at a start, it is treated like a lost reply;
//! - with a key, a doubt is resolved by sending again under the same key;
//! - with a look-up, a doubt is resolved by asking, after a pause in which the service can finish what it began, and only an *absent* sends again;
//! - with neither, a doubt is final: `outcome unknown`, which no event but a person's word leaves;
//! - the weaker promise counts when the configuration has changed between a try and its doubt.

pub mod lane;
pub mod stops;

#[cfg(test)]
mod tests;

use crate::advice::Advised as _;
use crate::ports::outbox::{Change, DeliveryState, Note, Operation, Progress};
use crate::ports::services::{Capabilities, Effect, Guarantee, Known, Receipt, ServiceError, ServiceFault};
use crate::units::UtcTime;
use std::time::Duration;
use uuid::Uuid;

/// Delays and limits of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Failed tries after which a delivery is set aside.
    pub max_tries: u32,
    /// Tries whose outcome stayed open, after which a delivery is set aside: sending it may be what ends the process.
    pub max_doubts: u32,
    /// Pause after the first failed try; doubles with each.
    pub first_delay: Duration,
    /// Longest pause between tries.
    pub longest_delay: Duration,
    /// Pause between a lost reply and the look-up: a service may still be at work on what it was sent.
    pub look_up_after: Duration,
}

impl Rules {
    /// When a call that nobody waits for any more has arrived or never will.
    #[must_use]
    pub fn settled_at(&self, now: UtcTime) -> UtcTime {
        after(now, self.look_up_after)
    }
}

/// `now` and `pause` later; the end of time rather than an overflow.
fn after(now: UtcTime, pause: Duration) -> UtcTime {
    UtcTime(now.0.saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)))
}

/// What the service of a delivery promises, from its capabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// For this kind of delivery.
    pub guarantee: Guarantee,
    /// Whether a person deleted there can no longer be matched.
    pub delete_erases: bool,
}

impl Promise {
    /// Of `operation` at a service.
    #[must_use]
    pub const fn of(capabilities: &Capabilities, operation: Operation) -> Self {
        let guarantee = match operation {
            Operation::Enrol => capabilities.enrol_guarantee,
            Operation::Delete => capabilities.delete_guarantee,
        };
        Self { guarantee, delete_erases: capabilities.delete && capabilities.delete_erases }
    }
}

/// Something happened to a delivery.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncEvent {
    /// It was found in sending at a start: the process that sent it is gone.
    Orphaned,
    /// It is about to be sent, on its own; what workers send is claimed in groups by the outbox itself.
    Begun,
    /// The service named the person before anything about them was sent; the name must be kept before it is.
    Prepared {
        /// The service's name for the person.
        remote_reference: String,
    },
    /// It was claimed and not sent after all.
    Unsent,
    /// What to send cannot be read.
    Unreadable {
        /// Why, without anything about the person.
        reason: String,
    },
    /// The service answered, or failed to.
    Answered(Result<Receipt, ServiceError>),
    /// The service was asked about a doubt.
    LookedUp(Result<Known, ServiceError>),
    /// A person wants it sent again.
    Retry {
        /// Key that is used from now on where nothing can have arrived under the old one.
        fresh_key: Uuid,
        /// Whether the service closed what it named at the last try, so that it has to name it anew.
        closed: bool,
    },
    /// A person found out that it arrived, or did what was owed.
    ResolvedArrived {
        /// The service's name for it, where known.
        remote_reference: Option<String>,
    },
    /// A person found out that it did not arrive, or takes it back from a packet that is lost.
    ResolvedAbsent,
    /// A person sets it aside, so that others go on without it.
    PutAside,
    /// It was written to a packet.
    Exported,
    /// It was marked for a packet, and the export was broken off before the packet was written.
    NotWritten,
    /// The receipt of its packet came back.
    Returned {
        /// How it ended there.
        state: DeliveryState,
        /// What the service said.
        receipt: Option<Receipt>,
        /// Why it failed there.
        fault: Option<ServiceError>,
    },
}

/// Why an event changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a delivery that is {} cannot be changed like this", .state.name())]
pub struct NotNow {
    /// State it is in.
    pub state: DeliveryState,
}

/// A delivery as the machine sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subjected {
    /// Identifies it.
    pub key: Uuid,
    /// What kind.
    pub operation: Operation,
    /// How far it is.
    pub progress: Progress,
}

/// Applies one event.
///
/// - `chance`: any number, for spreading delays.
/// - returns: the change to save.
///
/// # Errors
/// [`NotNow`] when the event does not fit the state, as a late or repeated message; nothing changes then.
pub fn step(delivery: &Subjected, event: SyncEvent, promise: Promise, rules: &Rules, now: UtcTime, chance: u64) -> Result<Change, NotNow> {
    let scene = Scene { delivery, promise, rules, now, chance };
    let state = delivery.progress.state;
    match (state, event) {
        (DeliveryState::Sending, SyncEvent::Orphaned) => Ok(scene.doubt(None)),
        (DeliveryState::Queued, SyncEvent::Begun) => Ok(scene.begun()),
        (DeliveryState::Sending, SyncEvent::Prepared { remote_reference }) => {
            let receipt = Receipt { remote_reference: Some(remote_reference), identifiers: Vec::new(), repeated: false };
            Ok(Change { receipt: Some(receipt), ..scene.change(DeliveryState::Sending, "prepared", "") })
        }
        (DeliveryState::Sending, SyncEvent::Unsent) => Ok(scene.change(DeliveryState::Queued, "unsent", "not sent; waits again")),
        (DeliveryState::Sending, SyncEvent::Unreadable { reason }) => Ok(scene.change(DeliveryState::SetAside, "unreadable", &reason)),
        (DeliveryState::Sending, SyncEvent::Answered(Ok(receipt))) => Ok(scene.arrived(receipt)),
        (DeliveryState::Sending, SyncEvent::Answered(Err(error))) => Ok(match error.effect {
            Effect::Unknown => scene.doubt(Some(error)),
            Effect::None => scene.failed(error),
        }),
        (DeliveryState::Doubtful, SyncEvent::LookedUp(answer)) => Ok(scene.looked_up(answer)),
        (DeliveryState::Refused | DeliveryState::SetAside, SyncEvent::Retry { fresh_key, closed }) => Ok(scene.again(fresh_key, closed)),
        (DeliveryState::Queued | DeliveryState::Doubtful, SyncEvent::PutAside) => {
            Ok(scene.change(DeliveryState::SetAside, "set_aside", "by a person's word"))
        }
        (DeliveryState::ErasureOwed, SyncEvent::ResolvedArrived { .. }) => {
            Ok(scene.change(DeliveryState::Delivered, "resolved", "erased there, by a person's word"))
        }
        (DeliveryState::OutcomeUnknown | DeliveryState::Exported, SyncEvent::ResolvedArrived { remote_reference }) => {
            let mut change = scene.change(DeliveryState::Delivered, "resolved", "arrived, by a person's word");
            change.receipt = Some(Receipt { remote_reference, identifiers: Vec::new(), repeated: true });
            Ok(change)
        }
        (DeliveryState::OutcomeUnknown | DeliveryState::Exported, SyncEvent::ResolvedAbsent) => {
            let mut change = scene.change(DeliveryState::Queued, "resolved", "did not arrive, by a person's word; waits again");
            // The word rules the doubts out.
            (change.to.tries, change.to.doubts) = (0, 0);
            Ok(change)
        }
        (DeliveryState::Exported, SyncEvent::NotWritten) => {
            Ok(scene.change(DeliveryState::Queued, "unsent", "the export was broken off before its packet; waits again"))
        }
        (DeliveryState::Queued, SyncEvent::Exported) => Ok(scene.change(DeliveryState::Exported, "exported", "written to a sealed packet")),
        (
            DeliveryState::Exported | DeliveryState::OutcomeUnknown | DeliveryState::Refused | DeliveryState::SetAside,
            SyncEvent::Returned { state: ended, receipt, fault },
        ) if !ended.is_waiting() && ended != state => Ok(scene.returned(ended, receipt, fault)),
        _ => Err(NotNow { state }),
    }
}

/// How long to wait before try number `tries` + 1: doubling from the first delay, spread over its second half by `chance`.
#[must_use]
pub fn delay(rules: &Rules, tries: u32, chance: u64) -> Duration {
    let doubled = rules.first_delay.saturating_mul(1u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX));
    spread(doubled.min(rules.longest_delay), chance)
}

/// Between half of `whole` and all of it.
pub(in crate::workflow::sync) fn spread(whole: Duration, chance: u64) -> Duration {
    let half = whole / 2;
    let steps = u64::try_from(half.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
    half + Duration::from_millis(chance % steps)
}

struct Scene<'a> {
    delivery: &'a Subjected,
    promise: Promise,
    rules: &'a Rules,
    now: UtcTime,
    chance: u64,
}

impl Scene<'_> {
    fn change(&self, state: DeliveryState, what: &str, text: &str) -> Change {
        let progress = self.delivery.progress;
        Change {
            key: self.delivery.key,
            from: progress.state,
            to: Progress { state, ..progress },
            due_at: UtcTime(0),
            receipt: None,
            fault: None,
            note: Note { at: self.now, what: what.to_owned(), text: text.to_owned() },
            new_key: None,
            forget_name: false,
        }
    }

    fn later(&self, pause: Duration) -> UtcTime {
        after(self.now, pause)
    }

    fn begun(&self) -> Change {
        let mut change = self.change(DeliveryState::Sending, "sending", "");
        change.to.guarantee = Some(self.delivery.progress.weaker(self.promise.guarantee));
        change
    }

    fn arrived(&self, receipt: Receipt) -> Change {
        let owed = self.delivery.operation == Operation::Delete && !self.promise.delete_erases;
        let (state, what, text) = match (owed, receipt.repeated) {
            (true, _) => (DeliveryState::ErasureOwed, "owed", "deleted there as far as the service goes; the person can still be matched"),
            (false, true) => (DeliveryState::Delivered, "delivered", "the service had it already"),
            (false, false) => (DeliveryState::Delivered, "delivered", ""),
        };
        Change { receipt: Some(receipt), ..self.change(state, what, text) }
    }

    /// Nobody knows whether it arrived.
    fn doubt(&self, error: Option<ServiceError>) -> Change {
        let text = error.as_ref().map_or_else(|| "interrupted while it was being sent".to_owned(), words);
        let doubts = self.delivery.progress.doubts.saturating_add(1);
        let guarantee = self.delivery.progress.weaker(self.promise.guarantee);
        let tries = self.delivery.progress.tries.saturating_add(u32::from(error.is_some()));
        let worn_out = tries >= self.rules.max_tries || doubts >= self.rules.max_doubts;
        let (state, what, due_at) = match guarantee {
            Guarantee::AtMostOnce => (DeliveryState::OutcomeUnknown, "unknown", UtcTime(0)),
            // Asking costs nothing, so a doubt that can be resolved by it always is.
            Guarantee::ExactlyOnceByLookUp => {
                let pause = self.rules.look_up_after.max(error.as_ref().and_then(|e| e.retry_after).unwrap_or_default());
                (DeliveryState::Doubtful, "doubtful", self.later(pause))
            }
            Guarantee::ExactlyOnceByKey if worn_out => (DeliveryState::SetAside, "set_aside", UtcTime(0)),
            // After a start there is nothing to wait for.
            Guarantee::ExactlyOnceByKey if error.is_none() => (DeliveryState::Queued, "again", UtcTime(0)),
            Guarantee::ExactlyOnceByKey => (DeliveryState::Queued, "again", self.after_failure(tries, error.as_ref())),
        };
        let mut change = self.change(state, what, &text);
        change.to = Progress { state, tries, doubts, guarantee: Some(guarantee) };
        Change { due_at, fault: error, ..change }
    }

    /// It certainly did not arrive.
    fn failed(&self, error: ServiceError) -> Change {
        let text = words(&error);
        let delete = self.delivery.operation == Operation::Delete;
        match error.fault {
            ServiceFault::NotFound if delete && self.promise.delete_erases => {
                self.change(DeliveryState::Delivered, "delivered", "nobody of that name is there")
            }
            // What a deletion there leaves behind, an unknown name may have left as well.
            ServiceFault::NotFound if delete => self.change(DeliveryState::ErasureOwed, "owed", "nobody of that name is there"),
            ServiceFault::Duplicate if !delete && self.delivery.progress.doubts > 0 => self.known_there(error),
            // Nothing about this delivery: the lane waits or stops.
            ServiceFault::Unreachable
            | ServiceFault::Busy
            | ServiceFault::Untrusted
            | ServiceFault::NotAllowed
            | ServiceFault::Unauthorised
            | ServiceFault::Forbidden
            | ServiceFault::Misconfigured => {
                let due_at = error.retry_after.map_or(UtcTime(0), |pause| self.later(pause.min(self.rules.longest_delay)));
                Change { due_at, fault: Some(error), ..self.change(DeliveryState::Queued, "waits", &text) }
            }
            ServiceFault::Interrupted | ServiceFault::ServiceFailed | ServiceFault::Garbled => self.counted(error),
            ServiceFault::Unfit
            | ServiceFault::Incomplete
            | ServiceFault::BadPicture
            | ServiceFault::Rejected
            | ServiceFault::NotFound
            | ServiceFault::Duplicate
            | ServiceFault::AttemptsUsed
            | ServiceFault::Closed
            | ServiceFault::NotOffered => Change { fault: Some(error), ..self.change(DeliveryState::Refused, "refused", &text) },
        }
    }

    /// The service says it has it, and an earlier try of ours may be why.
    fn known_there(&self, error: ServiceError) -> Change {
        let guarantee = self.delivery.progress.weaker(self.promise.guarantee);
        if guarantee == Guarantee::ExactlyOnceByLookUp && self.delivery.progress.tries < self.rules.max_tries {
            // Asked once more, for the receipt.
            let mut change = self.change(DeliveryState::Doubtful, "doubtful", &words(&error));
            change.to.tries += 1;
            return Change { due_at: self.later(self.rules.look_up_after), fault: Some(error), ..change };
        }
        let receipt = Receipt { remote_reference: None, identifiers: Vec::new(), repeated: true };
        Change { receipt: Some(receipt), ..self.change(DeliveryState::Delivered, "delivered", "the service had it from an earlier try") }
    }

    /// A failure that counts against the delivery.
    fn counted(&self, error: ServiceError) -> Change {
        let tries = self.delivery.progress.tries.saturating_add(1);
        let worn_out = tries >= self.rules.max_tries;
        let state = if worn_out { DeliveryState::SetAside } else { DeliveryState::Queued };
        let mut change = self.change(state, if worn_out { "set_aside" } else { "failed" }, &words(&error));
        change.to.tries = tries;
        Change { due_at: self.after_failure(tries, Some(&error)), fault: Some(error), ..change }
    }

    fn after_failure(&self, tries: u32, error: Option<&ServiceError>) -> UtcTime {
        let asked = error.and_then(|e| e.retry_after).unwrap_or_default().min(self.rules.longest_delay);
        self.later(delay(self.rules, tries, self.chance).max(asked))
    }

    fn looked_up(&self, answer: Result<Known, ServiceError>) -> Change {
        let tries = self.delivery.progress.tries.saturating_add(1);
        let give_up = tries >= self.rules.max_tries;
        let unresolved = |error: Option<ServiceError>, text: &str, counts: bool| {
            let state = if counts && give_up { DeliveryState::OutcomeUnknown } else { DeliveryState::Doubtful };
            let mut change = self.change(state, if state == DeliveryState::Doubtful { "doubtful" } else { "unknown" }, text);
            if counts {
                change.to.tries = tries;
            }
            Change { due_at: self.after_failure(tries, error.as_ref()), fault: error, ..change }
        };
        let absent = || {
            let state = if give_up { DeliveryState::SetAside } else { DeliveryState::Queued };
            let mut change = self.change(state, "absent", "the service does not have it; nothing was lost");
            change.to.tries = tries;
            change.to.doubts = 0;
            change
        };
        match answer {
            Ok(Known::Arrived(receipt)) => self.arrived(Receipt { repeated: true, ..receipt }),
            Ok(Known::Absent) => absent(),
            Ok(Known::Pending) => unresolved(None, "the service is still at work on it", true),
            Err(error) => {
                let text = words(&error);
                match error.fault {
                    ServiceFault::NotFound => absent(),
                    ServiceFault::NotOffered => {
                        Change { fault: Some(error), ..self.change(DeliveryState::OutcomeUnknown, "unknown", &text) }
                    }
                    ServiceFault::Unreachable
                    | ServiceFault::Busy
                    | ServiceFault::Untrusted
                    | ServiceFault::NotAllowed
                    | ServiceFault::Unauthorised
                    | ServiceFault::Forbidden
                    | ServiceFault::Misconfigured => unresolved(Some(error), &text, false),
                    _ => unresolved(Some(error), &text, true),
                }
            }
        }
    }

    /// A person sends it again.
    fn again(&self, fresh_key: Uuid, closed: bool) -> Change {
        let progress = self.delivery.progress;
        let state = match progress.weaker(self.promise.guarantee) {
            Guarantee::ExactlyOnceByLookUp if progress.doubts > 0 => DeliveryState::Doubtful,
            // What may have arrived is decided, not repeated.
            Guarantee::AtMostOnce if progress.doubts > 0 => DeliveryState::OutcomeUnknown,
            _ => DeliveryState::Queued,
        };
        let mut change = self.change(state, "retried", "sent again by a person's word");
        change.to.tries = 0;
        // The old key would only bring the old refusal back.
        change.new_key = (progress.doubts == 0).then_some(fresh_key);
        change.forget_name = closed && progress.doubts == 0;
        change
    }

    fn returned(&self, state: DeliveryState, receipt: Option<Receipt>, fault: Option<ServiceError>) -> Change {
        let text = fault.as_ref().map_or_else(|| "the receipt of its packet came back".to_owned(), words);
        Change { receipt, fault, ..self.change(state, "returned", &text) }
    }
}

/// A failure in one line for the history.
fn words(error: &ServiceError) -> String {
    let code = error.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    format!("{}: {error}{code}", error.advice().code)
}
