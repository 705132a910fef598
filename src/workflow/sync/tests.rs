//! The machine against a service that keeps its promise and no more: whatever happens in whatever order, nothing is lost or doubled.

use super::*;
use crate::ports::services::ServiceKind;
use proptest::prelude::*;
use std::collections::BTreeMap;

const RULES: Rules = Rules {
    max_tries: 4,
    max_doubts: 9,
    first_delay: Duration::from_secs(2),
    longest_delay: Duration::from_secs(600),
    look_up_after: Duration::from_secs(5),
};

const GUARANTEES: [Guarantee; 3] = [Guarantee::ExactlyOnceByKey, Guarantee::ExactlyOnceByLookUp, Guarantee::AtMostOnce];

fn promise(guarantee: Guarantee) -> Promise {
    Promise { guarantee, delete_erases: true }
}

fn subject(state: DeliveryState) -> Subjected {
    Subjected { key: Uuid::from_u128(1), operation: Operation::Enrol, progress: Progress { state, ..Progress::fresh() } }
}

fn error(fault: ServiceFault, effect: Effect) -> ServiceError {
    ServiceError { effect, ..ServiceError::unsent(ServiceKind::Baf, fault, "said so") }
}

fn receipt(reference: &str) -> Receipt {
    Receipt { remote_reference: Some(reference.to_owned()), identifiers: Vec::new(), repeated: false }
}

fn after(delivery: &Subjected, event: SyncEvent, guarantee: Guarantee) -> Change {
    step(delivery, event, promise(guarantee), &RULES, UtcTime(1_000), 0).expect("it fits the state")
}

#[test]
fn the_configuration_knows_the_same_services() {
    assert_eq!(ServiceKind::ALL.map(ServiceKind::name), crate::config::SERVICE_NAMES);
}

#[test]
fn a_lost_reply_ends_as_the_guarantee_allows() {
    let cases = [
        (Guarantee::ExactlyOnceByKey, DeliveryState::Queued),
        (Guarantee::ExactlyOnceByLookUp, DeliveryState::Doubtful),
        (Guarantee::AtMostOnce, DeliveryState::OutcomeUnknown),
    ];
    for (guarantee, expected) in cases {
        for event in [SyncEvent::Orphaned, SyncEvent::Answered(Err(error(ServiceFault::Interrupted, Effect::Unknown)))] {
            let change = after(&subject(DeliveryState::Sending), event, guarantee);
            assert_eq!((change.to.state, change.to.doubts), (expected, 1), "{guarantee:?}");
        }
    }
}

#[test]
fn the_weaker_promise_counts_when_the_configuration_changed_in_between() {
    let mut sent = subject(DeliveryState::Sending);
    sent.progress.guarantee = Some(Guarantee::AtMostOnce);
    assert_eq!(after(&sent, SyncEvent::Orphaned, Guarantee::ExactlyOnceByKey).to.state, DeliveryState::OutcomeUnknown);
    sent.progress.guarantee = Some(Guarantee::ExactlyOnceByKey);
    assert_eq!(after(&sent, SyncEvent::Orphaned, Guarantee::AtMostOnce).to.state, DeliveryState::OutcomeUnknown);
}

#[test]
fn certain_failures_are_sorted_by_whom_they_are_about() {
    use DeliveryState::{Queued, Refused};
    let cases = [
        (ServiceFault::Unreachable, Queued, 0),
        (ServiceFault::Busy, Queued, 0),
        (ServiceFault::Unauthorised, Queued, 0),
        (ServiceFault::Misconfigured, Queued, 0),
        (ServiceFault::ServiceFailed, Queued, 1),
        (ServiceFault::Garbled, Queued, 1),
        (ServiceFault::Interrupted, Queued, 1),
        (ServiceFault::BadPicture, Refused, 0),
        (ServiceFault::Rejected, Refused, 0),
        (ServiceFault::Duplicate, Refused, 0),
        (ServiceFault::NotFound, Refused, 0),
        (ServiceFault::NotOffered, Refused, 0),
    ];
    for (fault, state, tries) in cases {
        let event = SyncEvent::Answered(Err(error(fault, Effect::None)));
        let change = after(&subject(DeliveryState::Sending), event, Guarantee::ExactlyOnceByKey);
        assert_eq!((change.to.state, change.to.tries, change.to.doubts), (state, tries, 0), "{fault:?}");
        assert!(change.note.text.starts_with("SVC-"), "the code goes into the history: {}", change.note.text);
    }
}

#[test]
fn a_poison_record_is_set_aside_and_a_person_can_send_it_again() {
    let mut delivery = subject(DeliveryState::Sending);
    for tries in 1..=RULES.max_tries {
        let event = SyncEvent::Answered(Err(error(ServiceFault::ServiceFailed, Effect::None)));
        let change = after(&delivery, event, Guarantee::AtMostOnce);
        let expected = if tries == RULES.max_tries { DeliveryState::SetAside } else { DeliveryState::Queued };
        assert_eq!(change.to.state, expected);
        delivery.progress = Progress { state: DeliveryState::Sending, ..change.to };
    }
    delivery.progress.state = DeliveryState::SetAside;
    let again = after(&delivery, SyncEvent::Retry { fresh_key: Uuid::from_u128(2), closed: false }, Guarantee::AtMostOnce);
    assert_eq!((again.to.state, again.to.tries, again.new_key), (DeliveryState::Queued, 0, Some(Uuid::from_u128(2))));
    let closed = after(&delivery, SyncEvent::Retry { fresh_key: Uuid::from_u128(2), closed: true }, Guarantee::AtMostOnce);
    assert_eq!((again.forget_name, closed.forget_name), (false, true));
}

#[test]
fn a_key_that_may_have_arrived_is_never_replaced() {
    let mut delivery = subject(DeliveryState::SetAside);
    delivery.progress.doubts = 1;
    let fresh_key = Uuid::from_u128(2);
    let by_key = after(&delivery, SyncEvent::Retry { fresh_key, closed: true }, Guarantee::ExactlyOnceByKey);
    assert_eq!(
        (by_key.to.state, by_key.new_key, by_key.forget_name),
        (DeliveryState::Queued, None, false),
        "what may have arrived keeps its name"
    );
    let neither = after(&delivery, SyncEvent::Retry { fresh_key, closed: true }, Guarantee::AtMostOnce);
    assert_eq!((neither.to.state, neither.new_key), (DeliveryState::OutcomeUnknown, None));
    let by_look_up = after(&delivery, SyncEvent::Retry { fresh_key, closed: true }, Guarantee::ExactlyOnceByLookUp);
    assert_eq!((by_look_up.to.state, by_look_up.new_key), (DeliveryState::Doubtful, None));
}

#[test]
fn an_unknown_outcome_is_left_by_a_persons_word_only() {
    let unknown = subject(DeliveryState::OutcomeUnknown);
    let refused = [
        SyncEvent::Begun,
        SyncEvent::Orphaned,
        SyncEvent::Answered(Ok(receipt("r"))),
        SyncEvent::LookedUp(Ok(Known::Absent)),
        SyncEvent::Retry { fresh_key: Uuid::from_u128(2), closed: false },
        SyncEvent::Exported,
    ];
    for event in refused {
        let answer = step(&unknown, event.clone(), promise(Guarantee::AtMostOnce), &RULES, UtcTime(0), 0);
        assert_eq!(answer, Err(NotNow { state: DeliveryState::OutcomeUnknown }), "{event:?}");
    }
    let arrived = SyncEvent::ResolvedArrived { remote_reference: Some("r".to_owned()) };
    assert_eq!(after(&unknown, arrived, Guarantee::AtMostOnce).to.state, DeliveryState::Delivered);
    assert_eq!(after(&unknown, SyncEvent::ResolvedAbsent, Guarantee::AtMostOnce).to.state, DeliveryState::Queued);
}

#[test]
fn a_deletion_that_does_not_erase_stays_owed() {
    let mut deletion = subject(DeliveryState::Sending);
    deletion.operation = Operation::Delete;
    let answered = || SyncEvent::Answered(Ok(receipt("r")));
    let owed = Promise { guarantee: Guarantee::ExactlyOnceByKey, delete_erases: false };
    let change = step(&deletion, answered(), owed, &RULES, UtcTime(0), 0).expect("an answer");
    assert_eq!(change.to.state, DeliveryState::ErasureOwed);
    assert_eq!(after(&deletion, answered(), Guarantee::ExactlyOnceByKey).to.state, DeliveryState::Delivered);
    let gone = || SyncEvent::Answered(Err(error(ServiceFault::NotFound, Effect::None)));
    assert_eq!(after(&deletion, gone(), Guarantee::ExactlyOnceByKey).to.state, DeliveryState::Delivered, "nobody is there to delete");
    let unnamed = step(&deletion, gone(), owed, &RULES, UtcTime(0), 0).expect("an answer");
    assert_eq!(unnamed.to.state, DeliveryState::ErasureOwed, "a name it does not know may hide somebody whom it still matches");
}

#[test]
fn delays_double_up_to_the_longest_and_honour_the_service() {
    let delays: Vec<u64> = (1..=12).map(|tries| delay(&RULES, tries, 0).as_secs()).collect();
    assert_eq!(delays, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    for chance in [0, 1, 999, u64::MAX] {
        let pause = delay(&RULES, 3, chance);
        assert!((Duration::from_secs(4)..=Duration::from_secs(8)).contains(&pause), "{pause:?}");
    }
    let mut asked = error(ServiceFault::ServiceFailed, Effect::None);
    asked.retry_after = Some(Duration::from_secs(90));
    let change = after(&subject(DeliveryState::Sending), SyncEvent::Answered(Err(asked)), Guarantee::ExactlyOnceByKey);
    assert_eq!(change.due_at, UtcTime(91_000));
}

/// A service that holds what it was sent, and what it promises about repetitions.
#[derive(Debug, Clone)]
struct Service {
    guarantee: Guarantee,
    /// How many people stand there under each key.
    held: BTreeMap<Uuid, u32>,
}

impl Service {
    fn total(&self) -> u32 {
        self.held.values().sum()
    }

    /// Takes a delivery; whether it was there already.
    fn take(&mut self, key: Uuid) -> bool {
        let held = self.held.entry(key).or_default();
        let repeated = *held > 0 && self.guarantee == Guarantee::ExactlyOnceByKey;
        if !repeated {
            *held += 1;
        }
        repeated
    }

    fn knows(&self, key: Uuid) -> Known {
        if self.held.get(&key).is_some_and(|held| *held > 0) { Known::Arrived(receipt("r")) } else { Known::Absent }
    }
}

/// What happens next. Whatever does not fit the state at hand is tried all the same.
#[derive(Debug, Clone, Copy)]
enum Act {
    Claim,
    /// The service takes it; the reply arrives, is lost, or comes twice.
    Served {
        replies: u8,
    },
    /// The service does not take it; the reply says so, or is lost.
    Failed {
        fault: u8,
        lost: bool,
    },
    /// The process dies; what it had sent may have arrived.
    Crash {
        arrived: bool,
    },
    LookUp {
        fails: bool,
        pending: bool,
    },
    Late,
    Person(u8),
    Export,
    ReceiptComesBack,
    SetClock(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => Just(Act::Claim),
        3 => (0u8..3).prop_map(|replies| Act::Served { replies }),
        3 => (0u8..18, any::<bool>()).prop_map(|(fault, lost)| Act::Failed { fault, lost }),
        2 => any::<bool>().prop_map(|arrived| Act::Crash { arrived }),
        3 => (any::<bool>(), any::<bool>()).prop_map(|(fails, pending)| Act::LookUp { fails, pending }),
        1 => Just(Act::Late),
        1 => (0u8..3).prop_map(Act::Person),
        1 => Just(Act::Export),
        1 => Just(Act::ReceiptComesBack),
        1 => any::<i64>().prop_map(Act::SetClock),
    ];
    proptest::collection::vec(act, 0..60)
}

struct World {
    service: Service,
    delivery: Subjected,
    now: UtcTime,
    keys: u128,
}

impl World {
    fn tell(&mut self, event: SyncEvent) -> bool {
        let before = self.delivery.progress.state;
        let absent = event == SyncEvent::ResolvedAbsent;
        let answer = step(&self.delivery, event, promise(self.service.guarantee), &RULES, self.now, self.now.0.unsigned_abs());
        let Ok(change) = answer else { return false };
        assert_eq!((change.key, change.from), (self.delivery.key, before), "a change is about what it was made from");
        if before == DeliveryState::OutcomeUnknown && matches!(change.to.state, DeliveryState::Queued | DeliveryState::Sending) {
            assert!(absent, "an unknown outcome is never retried by itself");
        }
        self.delivery.progress = change.to;
        self.delivery.key = change.new_key.unwrap_or(self.delivery.key);
        true
    }

    fn act(&mut self, act: Act) {
        let sending = self.delivery.progress.state == DeliveryState::Sending;
        let doubtful = self.delivery.progress.state == DeliveryState::Doubtful;
        match act {
            Act::Claim => _ = self.tell(SyncEvent::Begun),
            Act::Served { replies } if sending => {
                let repeated = self.service.take(self.delivery.key);
                match replies {
                    0 => _ = self.tell(SyncEvent::Answered(Err(error(ServiceFault::Interrupted, Effect::Unknown)))),
                    _ => {
                        for _ in 0..replies {
                            self.tell(SyncEvent::Answered(Ok(Receipt { repeated, ..receipt("r") })));
                        }
                    }
                }
            }
            Act::Failed { fault, lost } if sending => {
                let (fault, effect) = match (ServiceFault::ALL[usize::from(fault)], lost) {
                    (_, true) => (ServiceFault::Interrupted, Effect::Unknown),
                    // A service says that it has something only when it does.
                    (ServiceFault::Duplicate, false) if self.service.total() == 0 => (ServiceFault::Rejected, Effect::None),
                    (fault, false) => (fault, Effect::None),
                };
                self.tell(SyncEvent::Answered(Err(error(fault, effect))));
            }
            Act::Crash { arrived } if sending => {
                if arrived {
                    self.service.take(self.delivery.key);
                }
                self.tell(SyncEvent::Orphaned);
            }
            Act::LookUp { fails, pending } if doubtful => {
                let answer = match (fails, pending) {
                    (true, true) => Err(error(ServiceFault::Garbled, Effect::None)),
                    (true, false) => Err(error(ServiceFault::Unreachable, Effect::None)),
                    (false, true) => Ok(Known::Pending),
                    (false, false) => Ok(self.service.knows(self.delivery.key)),
                };
                self.tell(SyncEvent::LookedUp(answer));
            }
            Act::Late if !sending => {
                for event in [SyncEvent::Answered(Ok(receipt("late"))), SyncEvent::Orphaned, SyncEvent::Unsent] {
                    assert!(!self.tell(event), "an answer that comes late changes nothing");
                }
                assert!(doubtful || !self.tell(SyncEvent::LookedUp(Ok(Known::Absent))));
            }
            Act::Person(0) => {
                self.keys += 1;
                self.tell(SyncEvent::Retry { fresh_key: Uuid::from_u128(self.keys), closed: false });
            }
            // People find out the truth before they say anything.
            Act::Person(1) if self.service.total() == 0 => _ = self.tell(SyncEvent::ResolvedAbsent),
            Act::Person(_) if self.service.total() == 1 => _ = self.tell(SyncEvent::ResolvedArrived { remote_reference: None }),
            Act::Export => _ = self.tell(SyncEvent::Exported),
            // The connected machine delivered it, once.
            Act::ReceiptComesBack if self.delivery.progress.state == DeliveryState::Exported => {
                if self.service.total() == 0 {
                    self.service.take(self.delivery.key);
                }
                let event = SyncEvent::Returned { state: DeliveryState::Delivered, receipt: Some(receipt("r")), fault: None };
                self.tell(event.clone());
                assert!(!self.tell(event), "the same receipt again changes nothing");
            }
            Act::SetClock(to) => self.now = UtcTime(to),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    /// No sequence of lost, repeated and late replies, crashes, clock settings and decisions makes a service hold anybody twice, or calls
    /// delivered what is not there; once all is well again everything ends, and ends right.
    #[test]
    fn nothing_is_lost_or_doubled(which in 0usize..3, acts in acts()) {
        let guarantee = GUARANTEES[which];
        let service = Service { guarantee, held: BTreeMap::new() };
        let mut world = World { service, delivery: subject(DeliveryState::Queued), now: UtcTime(0), keys: 1 };
        for act in acts {
            world.act(act);
            prop_assert!(world.service.total() <= 1, "{:?} held twice after {act:?}", world.service);
            if world.delivery.progress.state == DeliveryState::Delivered {
                prop_assert_eq!(world.service.total(), 1, "delivered means that it is there");
            }
        }
        for _ in 0..4 * RULES.max_tries {
            match world.delivery.progress.state {
                DeliveryState::Queued => world.act(Act::Claim),
                DeliveryState::Sending => world.act(Act::Served { replies: 1 }),
                DeliveryState::Doubtful => world.act(Act::LookUp { fails: false, pending: false }),
                DeliveryState::Exported => world.act(Act::ReceiptComesBack),
                _ => break,
            }
        }
        let end = world.delivery.progress.state;
        prop_assert!(!end.is_waiting(), "it ends: {end:?}");
        prop_assert!(world.service.total() <= 1);
        if end == DeliveryState::Delivered {
            prop_assert_eq!(world.service.total(), 1);
        }
        if end == DeliveryState::OutcomeUnknown && guarantee == Guarantee::ExactlyOnceByKey {
            prop_assert!(false, "a key leaves nothing unknown");
        }
    }
}
