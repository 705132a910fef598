//! The fault run with services of a script, which make every kind of promise: people enrol, enrol again and are erased while the process that
//! delivers is killed at random points, replies are lost, cut, repeated and delayed, the disk fills up once and the clock jumps by years.
//!
//! At the end: everything reported as saved is there; no service holds any enrolment twice; every delivery is delivered or, at services that
//! promise neither key nor look-up only, listed as `outcome unknown`; nobody erased is left in the outbox or, but for such unknowns, at a
//! service. The run with the real clients, which proves the same of them, is `twins`.
//!
//! In the normal test run 100 people and 30 kills; another size, with its log:
//! `VISAVIS_FAULT_RUN_SCRIPTED=<people>,<kills>,<seed> cargo test --release --test sync fault_run -- --nocapture`.

use crate::book::Book;
use crate::child::{Rounds, Scene, Size, is_erased, times};
use crate::network::{Mischief, serve};
use crate::people::{check_whole, enrolment, open, subject};
use crate::stage::entries;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use visavis::ports::outbox::{DeliveryState, Operation};
use visavis::ports::services::{Guarantee, ServiceKind};

/// People, kills and seed of a run of another size.
const SIZE: &str = "VISAVIS_FAULT_RUN_SCRIPTED";

/// Every kind of promise.
const SERVICES: [(ServiceKind, Guarantee); 5] = [
    (ServiceKind::AwareId, Guarantee::ExactlyOnceByLookUp),
    (ServiceKind::Uqudo, Guarantee::AtMostOnce),
    (ServiceKind::Faceki, Guarantee::ExactlyOnceByKey),
    (ServiceKind::Baf, Guarantee::ExactlyOnceByLookUp),
    (ServiceKind::Onboarding, Guarantee::AtMostOnce),
];

/// The services, and what is delivered to them.
struct Run {
    folder: tempfile::TempDir,
    books: BTreeMap<ServiceKind, Arc<Mutex<Book>>>,
    mischief: Arc<Mischief>,
    rounds: Rounds,
}

impl Run {
    fn new(size: Size) -> Self {
        let mischief = Arc::new(Mischief::default());
        let mut books = BTreeMap::new();
        let mut services = Vec::new();
        for (position, (kind, guarantee)) in SERVICES.into_iter().enumerate() {
            let book = Arc::new(Mutex::new(Book::without_pictures()));
            services.push((kind, guarantee, serve(guarantee, size.seed + position as u64, Arc::clone(&book), Arc::clone(&mischief))));
            books.insert(kind, book);
        }
        let folder = tempfile::tempdir().unwrap();
        let rounds = Rounds::new(folder.path(), Scene::Scripted(services), size);
        Self { folder, books, mischief, rounds }
    }

    fn check(&self, people: u64) -> String {
        let gallery = open(self.folder.path()).unwrap();
        gallery.verify().unwrap();
        let erased: BTreeSet<u64> = (1..=people).filter(|n| is_erased(*n, people)).collect();
        for n in 1..=people {
            let expected = if erased.contains(&n) { None } else { Some(times(n)) };
            assert_eq!(check_whole(&gallery, n), expected, "person {n}: reported {:?}", self.rounds.reported(n));
        }
        let mut counts: BTreeMap<(ServiceKind, DeliveryState), u64> = BTreeMap::new();
        let mut unknown: BTreeSet<(ServiceKind, u64)> = BTreeSet::new();
        let (mut open_enrolments, mut deletions) = (0, 0);
        let numbers: BTreeMap<_, u64> = (1..=people).map(|n| (subject(n), n)).collect();
        for entry in entries(&gallery) {
            *counts.entry((entry.service, entry.progress.state)).or_default() += 1;
            match entry.operation {
                Operation::Delete => {
                    deletions += 1;
                    assert_eq!(entry.progress.state, DeliveryState::Delivered, "{entry:?}");
                    assert!(entry.receipt.is_none() && entry.subject.is_none(), "a deletion that is done holds no name: {entry:?}");
                }
                Operation::Enrol => {
                    let n = numbers[&entry.subject.expect("nobody erased is left in the outbox")];
                    assert!(!erased.contains(&n));
                    let guarantee = SERVICES.iter().find(|(kind, _)| *kind == entry.service).unwrap().1;
                    match entry.progress.state {
                        DeliveryState::Delivered => {}
                        // What waits behind an unknown outcome of the same person waits for the same word.
                        DeliveryState::OutcomeUnknown if guarantee == Guarantee::AtMostOnce => {
                            unknown.insert((entry.service, n));
                        }
                        DeliveryState::Queued if unknown.contains(&(entry.service, n)) => {}
                        _ => panic!("{entry:?}"),
                    }
                    open_enrolments += 1;
                }
            }
        }
        let expected: u64 = (1..=people).filter(|n| !erased.contains(n)).map(times).sum::<u64>() * SERVICES.len() as u64;
        assert_eq!(open_enrolments, expected, "no local record is lost");
        for (kind, guarantee) in SERVICES {
            let book = self.books[&kind].lock().unwrap();
            for n in 1..=people {
                for again in 0..times(n) {
                    let code = enrolment(n, again).registration_code;
                    let held = book.times(&code);
                    assert!(held <= 1, "{} holds enrolment {again} of person {n} {held} times", kind.name());
                    if erased.contains(&n) {
                        assert!(!book.holds(&code), "{} still holds erased person {n}", kind.name());
                    } else if !unknown.contains(&(kind, n)) {
                        assert_eq!(held, 1, "{} lacks person {n}", kind.name());
                    }
                }
            }
            assert!(guarantee == Guarantee::AtMostOnce || !unknown.iter().any(|(service, _)| *service == kind));
        }
        let mut log = format!("{open_enrolments} enrolments and {deletions} deletions settled, {} unknown\n", unknown.len());
        for ((kind, state), count) in counts {
            log += &format!("  {:10} {:16} {count}\n", kind.name(), state.name());
        }
        log
    }
}

#[test]
fn no_record_is_lost_or_doubled_whatever_happens() {
    let size = Size::of(SIZE, [100, 30, 24_301]);
    let mut run = Run::new(size);
    run.rounds.run(Duration::from_millis(240));
    println!("{}", run.check(size.people));
    let Rounds { full, locked, early_kills, .. } = &run.rounds;
    println!("{:?}\nfull {full} times, locked {locked} times, {early_kills} early kills, {} s", run.mischief, run.rounds.seconds());
    assert!(*full > 0, "the disk was full once");
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    assert!([&run.mischief.dropped, &run.mischief.reply_lost, &run.mischief.cut, &run.mischief.repeated].iter().all(|c| count(c) > 0));
}
