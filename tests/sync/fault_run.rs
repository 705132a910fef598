//! The fault run: people enrol, enrol again and are erased while the process that delivers is killed at random points, replies are lost, cut,
//! repeated and delayed, the disk fills up once and the clock jumps by years.
//!
//! At the end: everything reported as saved is there; no service holds any enrolment twice; every delivery is delivered or, at services that
//! promise neither key nor look-up only, listed as `outcome unknown`; nobody erased is left in the outbox or, but for such unknowns, at a
//! service.
//!
//! In the normal test run 100 people and 30 kills. The full run, 2 000 people and 500 kills, prints its log and takes some minutes:
//! `VISAVIS_FAULT_RUN=2000,500,<seed> cargo test --release --test sync fault_run -- --nocapture`.

use crate::book::Book;
use crate::network::{Mischief, Remote, serve};
use crate::people::{check_whole, enrolment, open, subject};
use crate::stage::{NO_STOPS, RULES, chance, entries, intended, limits};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use visavis::ports::gallery::{GalleryError, GalleryStore as _, NewEnrolment};
use visavis::ports::outbox::{DeliveryState, EntryQuery, Operation, Outbox};
use visavis::ports::services::{Guarantee, IdentityService, ServiceError, ServiceKind};
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::{SyncParts, SyncWorker, Target};
use visavis::units::{Moment, UtcTime};
use visavis::workflow::sync::Rules;

/// What the child is told.
const FOLDER: &str = "VISAVIS_FAULT_SYNC_FOLDER";
const PLAN: &str = "VISAVIS_FAULT_SYNC_PLAN";
/// People, kills and seed of a run of another size.
const SIZE: &str = "VISAVIS_FAULT_RUN";

/// Every kind of promise.
const SERVICES: [(ServiceKind, Guarantee); 5] = [
    (ServiceKind::AwareId, Guarantee::ExactlyOnceByLookUp),
    (ServiceKind::Uqudo, Guarantee::AtMostOnce),
    (ServiceKind::Faceki, Guarantee::ExactlyOnceByKey),
    (ServiceKind::Baf, Guarantee::ExactlyOnceByLookUp),
    (ServiceKind::Onboarding, Guarantee::AtMostOnce),
];

/// One round of the child.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Plan {
    ports: Vec<SocketAddr>,
    /// First person to enrol, and the one after the last.
    from: u64,
    until: u64,
    seed: u64,
    /// Wall clock less the machine's, milliseconds; jumps to the second value half-way.
    clock: [i64; 2],
    /// The file may not grow.
    full: bool,
    /// Ends by itself when everything is settled.
    last: bool,
}

/// A wall clock that is set while it runs.
struct JumpingClock {
    machine: SystemClock,
    offset: AtomicI64,
}

impl Clock for JumpingClock {
    fn now(&self) -> Moment {
        self.machine.now()
    }
    fn utc(&self) -> UtcTime {
        UtcTime(self.machine.utc().0 + self.offset.load(Ordering::Relaxed))
    }
    fn sleep(&self, duration: Duration) {
        self.machine.sleep(duration);
    }
}

/// Who enrols again, and who is erased a little later.
const fn enrols_again(n: u64) -> bool {
    n.is_multiple_of(7)
}
const fn is_erased(n: u64) -> bool {
    n % 11 == 3
}

#[test]
fn delivers_until_killed() {
    let Ok(folder) = std::env::var(FOLDER).map(PathBuf::from) else { return };
    let plan: Plan = serde_json::from_str(&std::env::var(PLAN).unwrap()).unwrap();
    let clock = Arc::new(JumpingClock { machine: SystemClock::start(), offset: AtomicI64::new(plan.clock[0]) });
    let mut gallery = open(&folder).unwrap();
    let size = std::fs::metadata(folder.join("gallery.db")).unwrap().len();
    if plan.full {
        gallery.limit_size(size).unwrap();
    }
    let mut worker = SyncWorker::start(sync_parts(&folder, &plan, size, Arc::clone(&clock) as Arc<dyn Clock>), Arc::new(|| ())).unwrap();
    println!("opened");
    for n in plan.from..plan.until {
        if n == plan.from.midpoint(plan.until) {
            clock.offset.store(plan.clock[1], Ordering::Relaxed);
        }
        save(&mut gallery, &intended(n, 0, &SERVICES.map(|(kind, _)| kind)));
        println!("saved {n} 1");
        if enrols_again(n) {
            save(&mut gallery, &intended(n, 1, &SERVICES.map(|(kind, _)| kind)));
            println!("saved {n} 2");
        }
        if n > 2 && is_erased(n - 2) {
            erase(&mut gallery, n - 2);
            println!("saved {} 0", n - 2);
        }
        worker.wake();
    }
    loop {
        if plan.last && is_settled(&gallery) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(worker.shut_down(Duration::from_secs(20)));
    println!("settled");
}

/// Nothing goes on any more. What is queued behind an unknown outcome of the same person waits for the same person's word.
fn is_settled(gallery: &visavis::adapters::gallery::sqlite::SqliteGallery) -> bool {
    let waiting = DeliveryState::ALL.into_iter().filter(|state| state.is_waiting()).collect();
    let waiting = gallery.entries(&EntryQuery { states: waiting, limit: 1000, ..EntryQuery::default() }).unwrap();
    waiting.entries.iter().all(|entry| {
        let states = vec![DeliveryState::OutcomeUnknown];
        let query = EntryQuery { service: Some(entry.service), states, subject: entry.subject, limit: 1, ..EntryQuery::default() };
        entry.subject.is_some() && entry.progress.state == DeliveryState::Queued && gallery.entries(&query).unwrap().total > 0
    })
}

/// Saves, whatever stands in the way for a while. What a killed call had saved already is there.
fn save(gallery: &mut visavis::adapters::gallery::sqlite::SqliteGallery, enrolment: &NewEnrolment) {
    loop {
        match gallery.enrol(enrolment) {
            Ok(()) | Err(GalleryError::Conflict { .. }) => return,
            Err(GalleryError::DiskFull) => println!("full"),
            Err(GalleryError::Locked) => println!("locked"),
            Err(error) => panic!("{error}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn erase(gallery: &mut visavis::adapters::gallery::sqlite::SqliteGallery, n: u64) {
    loop {
        match gallery.erase(subject(n), "asked", UtcTime(1)) {
            Ok(_) | Err(GalleryError::NotFound { .. }) => return,
            Err(GalleryError::DiskFull) => println!("full"),
            Err(GalleryError::Locked) => println!("locked"),
            Err(error) => panic!("{error}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn sync_parts(folder: &Path, plan: &Plan, size: u64, clock: Arc<dyn Clock>) -> SyncParts {
    let (here, full) = (folder.to_owned(), plan.full);
    let open_outbox = move || -> Result<Box<dyn Outbox>, GalleryError> {
        let gallery = open(&here)?;
        if full {
            gallery.limit_size(size)?;
        }
        Ok(Box::new(gallery))
    };
    let targets = SERVICES.iter().zip(&plan.ports).map(|((kind, guarantee), port)| {
        let (kind, guarantee, port) = (*kind, *guarantee, *port);
        let connect = move || -> Result<Box<dyn IdentityService>, ServiceError> { Ok(Box::new(Remote::new(kind, guarantee, port))) };
        Target { kind, practice: false, loopback: true, limits: limits(2), connect: Box::new(connect) }
    });
    SyncParts {
        clock,
        practice: false,
        targets: targets.collect(),
        open_outbox: Box::new(open_outbox),
        turn: folder.join("outbox.turn"),
        // No record is set aside here: with so many kills every one of them is interrupted again and again.
        // A killed process may have sent something that the busy service has not looked at yet.
        rules: Rules { max_tries: 10_000, max_doubts: 100_000, look_up_after: Duration::from_millis(400), ..RULES },
        stop_limits: NO_STOPS,
        every: Duration::ZERO,
        free_space: Arc::new(|| None),
        chance: chance(plan.seed),
    }
}

fn spawn(folder: &Path, plan: &Plan) -> (Child, Receiver<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "fault_run::delivers_until_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(PLAN, serde_json::to_string(plan).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (send, lines) = sync_channel(100_000);
    let errors = BufReader::new(child.stderr.take().unwrap());
    let complaints = send.clone();
    let forward = move || errors.lines().map_while(Result::ok).for_each(|line| drop(complaints.send(format!("stderr {line}"))));
    std::thread::Builder::new().name("child-errors".into()).spawn(forward).unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let forward = move || output.lines().map_while(Result::ok).for_each(|line| drop(send.send(line)));
    std::thread::Builder::new().name("child-output".into()).spawn(forward).unwrap();
    (child, lines)
}

/// What the run knows of its own.
struct Run {
    folder: tempfile::TempDir,
    books: BTreeMap<ServiceKind, Arc<Mutex<Book>>>,
    mischief: Arc<Mischief>,
    ports: Vec<SocketAddr>,
    /// Person to the number of enrolments reported; 0 after an erasure.
    reported: BTreeMap<u64, u64>,
    full: u64,
    locked: u64,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mischief = Arc::new(Mischief::default());
        let mut books = BTreeMap::new();
        let mut ports = Vec::new();
        for (position, (kind, guarantee)) in SERVICES.into_iter().enumerate() {
            let book = Arc::new(Mutex::new(Book::without_pictures()));
            ports.push(serve(guarantee, seed + position as u64, Arc::clone(&book), Arc::clone(&mischief)));
            books.insert(kind, book);
        }
        let folder = tempfile::tempdir().unwrap();
        Self { folder, books, mischief, ports, reported: BTreeMap::new(), full: 0, locked: 0 }
    }

    fn next_person(&self) -> u64 {
        // The last one once more: whatever the kill cut off is done again, whatever it did not is known.
        self.reported.keys().next_back().map_or(1, |last| *last)
    }

    fn note(&mut self, line: &str) {
        assert!(!line.contains("panicked"), "{line}");
        // The test harness writes the beginning of a line of its own first.
        if let Some((n, times)) = line.split("saved ").nth(1).and_then(|rest| rest.split_once(' ')) {
            self.reported.insert(n.parse().unwrap(), times.parse().unwrap());
        }
        self.full += u64::from(line.ends_with("full"));
        self.locked += u64::from(line.ends_with("locked"));
    }

    /// One round that ends with SIGKILL, `pause` after the gallery was opened.
    fn round(&mut self, plan: &Plan, pause: Duration) {
        let (mut child, lines) = spawn(self.folder.path(), plan);
        let clock = SystemClock::start();
        let mut opened: Option<Moment> = None;
        loop {
            let wait = opened.map_or(Duration::from_secs(60), |at| (at + pause).since(clock.now()));
            match lines.recv_timeout(wait) {
                Ok(line) => {
                    if line.ends_with("opened") {
                        opened = Some(clock.now());
                    }
                    self.note(&line);
                }
                Err(_) => break,
            }
            if opened.is_some_and(|at| clock.now() >= at + pause) {
                break;
            }
        }
        assert!(opened.is_some(), "the child opens its gallery");
        child.kill().unwrap();
        child.wait().unwrap();
        lines.iter().for_each(|line| self.note(&line));
    }

    /// The last round: to the end.
    fn finish(&mut self, plan: &Plan) {
        let (mut child, lines) = spawn(self.folder.path(), plan);
        let mut settled = false;
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(240)) {
            settled |= line.ends_with("settled");
            self.note(&line);
        }
        let _ = child.kill();
        assert!(child.wait().unwrap().success() && settled, "everything comes to an end");
    }

    fn check(&self, people: u64) -> String {
        let gallery = open(self.folder.path()).unwrap();
        gallery.verify().unwrap();
        let erased: BTreeSet<u64> = (1..=people).filter(|n| is_erased(*n) && n + 2 <= people).collect();
        let times = |n: u64| if enrols_again(n) { 2 } else { 1 };
        for n in 1..=people {
            let expected = if erased.contains(&n) { None } else { Some(times(n)) };
            assert_eq!(check_whole(&gallery, n), expected, "person {n}: reported {:?}", self.reported.get(&n));
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
    let size = std::env::var(SIZE).unwrap_or_else(|_| "100,30,24301".to_owned());
    let numbers: Vec<u64> = size.split(',').map(|part| part.trim().parse().expect("three numbers: people, kills, seed")).collect();
    let [people, kills, seed] = numbers[..] else { panic!("three numbers: people, kills, seed") };
    println!("{people} people, {kills} kills, seed {seed}");
    let mut run = Run::new(seed);
    let mut random = chance(seed ^ 0x5eed);
    let each = people.div_ceil(kills.max(1)) + 1;
    let clock = SystemClock::start();
    for kill in 0..kills {
        let from = run.next_person().min(people + 1);
        let full = kill == kills / 2;
        let years = 86_400_000 * 365;
        let jump = |draw: u64| (draw % (10 * years)) as i64 - 5 * years as i64;
        let plan = Plan {
            ports: run.ports.clone(),
            from,
            // While the disk is full nobody gets far, so everybody may try.
            until: if full { people + 1 } else { (from + each).min(people + 1) },
            seed: random(),
            clock: [jump(random()), jump(random())],
            full,
            last: false,
        };
        let pause = Duration::from_millis(if full { 400 } else { random() % 240 });
        run.round(&plan, pause);
        if kill % 25 == 24 {
            println!("{} kills, {} people, {:?}", kill + 1, run.reported.len(), clock.now().0);
        }
    }
    let ports = run.ports.clone();
    let from = run.next_person();
    run.finish(&Plan { ports, from, until: people + 1, seed, clock: [0, 0], full: false, last: true });
    println!("{}", run.check(people));
    println!("{:?}\nfull {} times, locked {} times, {:?}", run.mischief, run.full, run.locked, clock.now().0);
    assert!(run.full > 0, "the disk was full once");
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    assert!([&run.mischief.dropped, &run.mischief.reply_lost, &run.mischief.cut, &run.mischief.repeated].iter().all(|c| count(c) > 0));
}
