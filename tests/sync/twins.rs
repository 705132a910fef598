//! The fault run with the real clients of all five services and their twins, over HTTP: people enrol, enrol again and are erased while the
//! process that delivers is killed at random points, replies are lost, cut, repeated, delayed and refused, calls are half applied, tokens
//! end, the services' clocks are off, the disk fills up once and the machine's clock jumps by years. The twins' own ledgers judge.
//!
//! At the end: everything reported as saved is there; no service holds any record twice; every delivery is delivered or, at services without
//! reconciliation only, listed as `outcome unknown` (what waits behind one of the same person waits for the same word); nobody erased is left
//! in the outbox, and at every service an erased person is gone or listed as an erasure that is owed.
//!
//! In the normal test run 24 people and 6 kills. The full run, 2 000 people and 500 kills, is `tests/sync/fault-run [SEED]`: it prints one JSON
//! document that proves the run, and takes some minutes.

use crate::child::{Rounds, Scene, Size, is_erased, times};
use crate::local_twins::{picture, start, targets};
use crate::people::{check_whole_as, enrolment, open, subject};
use crate::stage::entries;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use visavis::adapters::twin::{FaultRates, Ledger};
use visavis::ports::gallery::{GalleryStore as _, NewEnrolment, NewPicture, PictureKind};
use visavis::ports::outbox::{DeliveryState, Entry, Operation};
use visavis::ports::services::{Guarantee, ServiceKind};
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::units::SensitiveText;

/// People, kills and seed of a run of another size.
const SIZE: &str = "VISAVIS_FAULT_RUN";

pub const SERVICES: [ServiceKind; 5] = ServiceKind::ALL;

/// What goes wrong with calls, as rates. Replies of another documented shape are left out at the onboarding service: one of them asks for the
/// vendor's own encryption, which stops delivery for a person to look at.
const FAULTS: &str = "reset=0.03,lost=0.05,truncated=0.03,failed=0.03,repeated=0.03,slow=0.03,slow_ms=20,busy=0.02,unavailable=0.02,\
                      retry_after=0,expired=0.01,skewed=0.02,skew_seconds=-7200";
const SHAPES: &str = ",shape=0.1";

/// Enrolment `again` of person `n`, with a document.
pub fn person(n: u64, again: u64) -> NewEnrolment {
    let shown = |kind, what: &str| NewPicture { kind, encoded: picture(&format!("person=p{n};take={again};{what}"), 0) };
    let mut shots = vec![shown(PictureKind::Frame, "side=face"), shown(PictureKind::DocumentFront, "side=front")];
    if n.is_multiple_of(2) {
        shots.push(shown(PictureKind::DocumentBack, "side=back"));
    }
    NewEnrolment {
        pictures: shots,
        details: vec![("full_name".into(), SensitiveText(format!("Ada Person {n}")))],
        deliver_to: SERVICES.to_vec(),
        ..enrolment(n, again)
    }
}

/// What one service shows at the end.
#[derive(Debug, Default, Serialize)]
struct Findings {
    service: &'static str,
    guarantee: Option<Guarantee>,
    /// Deliveries of enrolments by their end.
    delivered: u64,
    outcome_unknown: u64,
    waiting_behind_unknown: u64,
    /// Deletions of people who were erased here.
    deleted: u64,
    erasures_owed: u64,
    /// Registrations the twin holds, and how many records it holds twice.
    held: u64,
    held_twice: u64,
    /// Delivered records it does not hold.
    lacking: u64,
    calls: u64,
    calls_per_record: f64,
    calls_by_operation: BTreeMap<u16, u64>,
    faults: BTreeMap<&'static str, u64>,
}

/// The proof of a run.
#[derive(Debug, Serialize)]
struct Proof {
    schema: &'static str,
    size: Size,
    kills: u64,
    kills_before_the_gallery_was_open: u64,
    clock_jumps: u64,
    disk_full: u64,
    locked: u64,
    people_enrolled: u64,
    records: u64,
    people_erased: u64,
    local_records_lost: u64,
    services: Vec<Findings>,
    seconds: f64,
}

/// How often the twin holds each record, by what names a record there: our key where the service takes one, else the person.
fn held(kind: ServiceKind, ledger: &Ledger) -> BTreeMap<String, u64> {
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    for holding in ledger.holdings.iter().filter(|holding| !(holding.deleted && kind != ServiceKind::Uqudo)) {
        let name = match kind {
            // One person is one applicant, one entry of the index, however often they enrol.
            ServiceKind::Baf | ServiceKind::Uqudo => holding.person.clone(),
            ServiceKind::AwareId | ServiceKind::Faceki | ServiceKind::Onboarding => holding.key.clone().expect("a name of ours"),
        };
        *times.entry(name).or_default() += u64::from(holding.registrations);
    }
    times
}

fn record_name(entry: &Entry, n: u64) -> String {
    match entry.service {
        ServiceKind::AwareId => {
            let again = u64::from(entry.record != Some(enrolment(n, 0).record));
            enrolment(n, again).registration_code
        }
        ServiceKind::Baf | ServiceKind::Uqudo => format!("p{n}"),
        ServiceKind::Faceki | ServiceKind::Onboarding => entry.key.to_string(),
    }
}

fn judge(kind: ServiceKind, guarantee: Guarantee, entries: &[Entry], ledger: &Ledger, people: u64) -> Findings {
    let held = held(kind, ledger);
    let numbers: BTreeMap<_, u64> = (1..=people).map(|n| (subject(n), n)).collect();
    let calls = ledger.calls.values().sum();
    let mut found = Findings {
        service: kind.name(),
        guarantee: Some(guarantee),
        held: held.values().sum(),
        held_twice: held.values().filter(|times| **times > 1).count() as u64,
        calls,
        calls_by_operation: ledger.calls.clone(),
        faults: ledger.faults.clone(),
        ..Findings::default()
    };
    let mine: Vec<&Entry> = entries.iter().filter(|entry| entry.service == kind).collect();
    let unknown: Vec<_> = mine.iter().filter(|e| e.progress.state == DeliveryState::OutcomeUnknown).map(|e| e.subject).collect();
    for entry in &mine {
        match (entry.operation, entry.progress.state) {
            (Operation::Delete, DeliveryState::Delivered) => found.deleted += 1,
            (Operation::Delete, DeliveryState::ErasureOwed) => found.erasures_owed += 1,
            (Operation::Enrol, DeliveryState::Delivered) => {
                let n = numbers[&entry.subject.expect("nobody erased is left in the outbox")];
                found.delivered += 1;
                found.lacking += u64::from(!held.contains_key(&record_name(entry, n)));
            }
            (Operation::Enrol, DeliveryState::OutcomeUnknown) if guarantee == Guarantee::AtMostOnce => found.outcome_unknown += 1,
            (Operation::Enrol, DeliveryState::Queued) if unknown.contains(&entry.subject) => found.waiting_behind_unknown += 1,
            _ => panic!("{}: {entry:?}", kind.name()),
        }
    }
    // Erased people are gone where a deletion erases.
    if kind == ServiceKind::AwareId {
        for n in (1..=people).filter(|n| is_erased(*n, people)) {
            assert_eq!(ledger.registrations_of_person(&format!("p{n}")), 0, "erased person {n} is still at {}", kind.name());
        }
    }
    found.calls_per_record = calls as f64 / (mine.len() as f64).max(1.0);
    found
}

#[test]
fn the_real_clients_lose_and_double_nobody_at_their_twins() {
    let size = Size::of(SIZE, [24, 6, 4711]);
    let folder = tempfile::tempdir().unwrap();
    let rates = |kind| {
        let shapes = if kind == ServiceKind::Onboarding { "" } else { SHAPES };
        FaultRates::parse(&format!("{FAULTS}{shapes}")).unwrap()
    };
    let twins = start(folder.path(), &SERVICES, size.seed, rates);
    let mut rounds = Rounds::new(folder.path(), Scene::Twins(folder.path().to_owned()), size);
    rounds.run(Duration::from_millis(600));

    let gallery = open(folder.path()).unwrap();
    gallery.verify().unwrap();
    let people = size.people;
    let stay = (1..=people).filter(|n| !is_erased(*n, people));
    let whole = |n: u64| check_whole_as(&gallery, n, &person) == Some(times(n));
    let lost = stay.clone().filter(|n| !whole(*n)).count() as u64;
    let remaining = (1..=people).filter(|n| is_erased(*n, people)).filter(|n| gallery.subject(subject(*n)).is_ok());
    assert_eq!(remaining.count(), 0, "erased people are gone here");
    let entries = entries(&gallery);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let promises: Vec<Guarantee> = targets(folder.path(), &SERVICES, 1, &clock)
        .iter_mut()
        .map(|target| (target.connect)().unwrap().capabilities().enrol_guarantee)
        .collect();
    let findings = twins.iter().zip(promises).map(|(twin, promise)| judge(twin.service(), promise, &entries, &twin.ledger(), people));
    let proof = Proof {
        schema: "visavis.fault_run/1",
        size,
        kills: rounds.kills,
        kills_before_the_gallery_was_open: rounds.early_kills,
        clock_jumps: rounds.clock_jumps,
        disk_full: rounds.full,
        locked: rounds.locked,
        people_enrolled: people,
        records: (1..=people).map(times).sum(),
        people_erased: (1..=people).filter(|n| is_erased(*n, people)).count() as u64,
        local_records_lost: lost,
        services: findings.collect(),
        seconds: rounds.seconds(),
    };
    println!("{}", serde_json::to_string_pretty(&proof).unwrap());
    assert_eq!((proof.local_records_lost, proof.kills), (0, size.kills));
    let records: u64 = stay.map(times).sum();
    for found in &proof.services {
        assert_eq!((found.held_twice, found.lacking), (0, 0), "{}", found.service);
        assert_eq!(found.delivered + found.outcome_unknown + found.waiting_behind_unknown, records, "{}", found.service);
    }
    assert!(proof.disk_full > 0 && proof.clock_jumps > 0);
}
