//! A fault run's two processes: the one that enrols, erases and delivers until it is killed, and the one that starts it, kills it and listens.

use crate::network::Remote;
use crate::people::{open, subject};
use crate::stage::{NO_STOPS, RULES, chance, intended, limits};
use crate::{local_twins, twins};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::config::Schedule;
use visavis::ports::gallery::{GalleryError, GalleryStore as _, NewEnrolment};
use visavis::ports::outbox::{DeliveryState, EntryQuery, Outbox};
use visavis::ports::services::{Guarantee, IdentityService, ServiceError, ServiceKind};
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::{SyncParts, SyncWorker, Target};
use visavis::units::{Moment, UtcTime};
use visavis::workflow::sync::Rules;

/// What the child is told.
const FOLDER: &str = "VISAVIS_FAULT_SYNC_FOLDER";
const PLAN: &str = "VISAVIS_FAULT_SYNC_PLAN";

/// Where things are delivered to.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum Scene {
    /// Services of a script, each with its promise.
    Scripted(Vec<(ServiceKind, Guarantee, SocketAddr)>),
    /// Twins, by the real clients; the folder holds their configuration.
    Twins(PathBuf),
}

impl Scene {
    pub fn enrolment(&self, n: u64, times: u64) -> NewEnrolment {
        match self {
            Self::Scripted(services) => intended(n, times, &services.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>()),
            Self::Twins(_) => twins::person(n, times),
        }
    }

    fn targets(&self, clock: &Arc<dyn Clock>) -> Vec<Target> {
        let scripted = |(kind, guarantee, address): &(ServiceKind, Guarantee, SocketAddr)| {
            let (kind, guarantee, address) = (*kind, *guarantee, *address);
            let connect = move || -> Result<Box<dyn IdentityService>, ServiceError> { Ok(Box::new(Remote::new(kind, guarantee, address))) };
            Target { kind, practice: false, loopback: true, limits: limits(2), evidence: false, guarantee, connect: Box::new(connect) }
        };
        match self {
            Self::Scripted(services) => services.iter().map(scripted).collect(),
            Self::Twins(folder) => local_twins::targets(folder, &twins::SERVICES, 2, clock),
        }
    }
}

/// One round of the child.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Plan {
    pub scene: Scene,
    /// First person to enrol, and the one after the last.
    pub from: u64,
    pub until: u64,
    pub seed: u64,
    /// Wall clock less the machine's, milliseconds; jumps to the second value half-way.
    pub clock: [i64; 2],
    /// The file may not grow.
    pub full: bool,
    /// Ends by itself when everything is settled.
    pub last: bool,
}

/// How often somebody enrols.
pub const fn times(n: u64) -> u64 {
    if n.is_multiple_of(7) { 2 } else { 1 }
}

/// Who is erased, and after how many others were enrolled: some before anything of them was delivered, some long after.
pub const fn erased_after(n: u64) -> Option<u64> {
    match (n % 11, n % 13) {
        (3, _) => Some(2),
        (_, 5) => Some(40),
        _ => None,
    }
}

/// Whether somebody is erased in a run of so many people.
pub fn is_erased(n: u64, people: u64) -> bool {
    erased_after(n).is_some_and(|lag| n + lag <= people)
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
    fn ahead_of_utc(&self, at: UtcTime) -> i32 {
        self.machine.ahead_of_utc(at)
    }
    fn sleep(&self, duration: Duration) {
        self.machine.sleep(duration);
    }
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
        for again in 0..times(n) {
            insist(|| gallery.enrol(&plan.scene.enrolment(n, again)));
            println!("saved {n} {}", again + 1);
        }
        for lag in [2, 40] {
            if n > lag && erased_after(n - lag) == Some(lag) {
                insist(|| gallery.erase(subject(n - lag), "asked", UtcTime(1)).map(drop));
                println!("erased {}", n - lag);
            }
        }
        worker.wake();
    }
    let mut looked = 0u32;
    while !(plan.last && is_settled(&gallery)) {
        std::thread::sleep(Duration::from_millis(20));
        looked += 1;
        // Two refused credentials one after the other stop a service until a person says go on.
        if plan.last && looked.is_multiple_of(100) {
            worker.run_now();
        }
    }
    assert!(worker.shut_down(Duration::from_secs(20)));
    println!("settled");
}

/// Nothing goes on any more. What is queued behind an unknown outcome of the same person waits for the same person's word.
fn is_settled(gallery: &SqliteGallery) -> bool {
    let waiting = DeliveryState::ALL.into_iter().filter(|state| state.is_waiting()).collect();
    let waiting = gallery.entries(&EntryQuery { states: waiting, limit: 1000, ..EntryQuery::default() }).unwrap();
    waiting.entries.iter().all(|entry| {
        let states = vec![DeliveryState::OutcomeUnknown];
        let query = EntryQuery { service: Some(entry.service), states, subject: entry.subject, limit: 1, ..EntryQuery::default() };
        entry.subject.is_some() && entry.progress.state == DeliveryState::Queued && gallery.entries(&query).unwrap().total > 0
    })
}

/// Tries whatever stands in the way for a while. What a killed call had done already is there, or gone.
fn insist(mut work: impl FnMut() -> Result<(), GalleryError>) {
    loop {
        match work() {
            Ok(()) | Err(GalleryError::Conflict { .. } | GalleryError::NotFound { .. }) => return,
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
    SyncParts {
        targets: plan.scene.targets(&clock),
        clock,
        practice: false,
        open_outbox: Box::new(open_outbox),
        turn: folder.join("outbox.turn"),
        // No record is set aside here: with so many kills every one of them is interrupted again and again.
        // A killed process may have sent something that the busy service has not looked at yet.
        rules: Rules { max_tries: 10_000, max_doubts: 100_000, look_up_after: Duration::from_millis(400), ..RULES },
        stop_limits: NO_STOPS,
        every: Duration::ZERO,
        schedule: Schedule::default(),
        free_space: Arc::new(|| None),
        chance: chance(plan.seed),
    }
}

fn spawn(folder: &Path, plan: &Plan) -> (Child, Receiver<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child::delivers_until_killed", "--nocapture"])
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

/// Size of a run.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Size {
    pub people: u64,
    pub kills: u64,
    pub seed: u64,
}

impl Size {
    /// From a variable that holds three numbers, or as given.
    pub fn of(variable: &str, otherwise: [u64; 3]) -> Self {
        let text = std::env::var(variable).unwrap_or_else(|_| otherwise.map(|n| n.to_string()).join(","));
        let numbers: Vec<u64> = text.split(',').map(|part| part.trim().parse().expect("three numbers: people, kills, seed")).collect();
        let [people, kills, seed] = numbers[..] else { panic!("three numbers: people, kills, seed") };
        println!("{people} people, {kills} kills, seed {seed}; {variable}=people,kills,seed runs another size");
        Self { people, kills, seed }
    }
}

/// What the process that lives on knows.
pub struct Rounds {
    folder: PathBuf,
    scene: Scene,
    size: Size,
    clock: SystemClock,
    /// Person to the number of enrolments reported.
    reported: BTreeMap<u64, u64>,
    pub kills: u64,
    /// Kills before the gallery was open.
    pub early_kills: u64,
    pub full: u64,
    pub locked: u64,
    pub clock_jumps: u64,
}

impl Rounds {
    pub fn new(folder: &Path, scene: Scene, size: Size) -> Self {
        Self {
            folder: folder.to_owned(),
            scene,
            size,
            clock: SystemClock::start(),
            reported: BTreeMap::new(),
            kills: 0,
            early_kills: 0,
            full: 0,
            locked: 0,
            clock_jumps: 0,
        }
    }

    /// Every round, the last one to the end.
    ///
    /// - `longest`: of a killed round, from the moment the gallery is open.
    pub fn run(&mut self, longest: Duration) {
        let Size { people, kills, seed } = self.size;
        let mut random = chance(seed ^ 0x5eed);
        let each = people.div_ceil(kills.max(1)) + 1;
        for kill in 0..kills {
            let from = self.next_person().min(people + 1);
            let full = kill == kills / 2;
            let years = 86_400_000 * 365;
            let jump = |draw: u64| (draw % (10 * years)) as i64 - 5 * years as i64;
            // While the disk is full nobody gets far, so everybody may try.
            let until = if full { people + 1 } else { (from + each).min(people + 1) };
            let (own, clock) = (random(), [jump(random()), jump(random())]);
            let plan = Plan { scene: self.scene.clone(), from, until, seed: own, clock, full, last: false };
            let draw = random() % u64::try_from(longest.as_millis()).unwrap();
            self.round(&plan, Duration::from_millis(if full { 400 } else { draw }), kill % 16 == 7);
            if kill % 25 == 24 {
                println!("{} kills, {} people, {:?}", kill + 1, self.reported.len(), self.clock.now().0);
            }
        }
        let from = self.next_person();
        self.finish(&Plan { scene: self.scene.clone(), from, until: people + 1, seed, clock: [0, 0], full: false, last: true });
    }

    pub fn seconds(&self) -> f64 {
        self.clock.now().0.as_secs_f64()
    }

    pub fn reported(&self, n: u64) -> Option<u64> {
        self.reported.get(&n).copied()
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

    /// One round that ends with SIGKILL, `pause` after the gallery was opened, or after the start where `early`.
    fn round(&mut self, plan: &Plan, pause: Duration, early: bool) {
        let (mut child, lines) = spawn(&self.folder, plan);
        let started = self.clock.now();
        let mut opened: Option<Moment> = None;
        loop {
            let until = if early { Some(started + pause) } else { opened.map(|at| at + pause) };
            if until.is_some_and(|until| self.clock.now() >= until) {
                break;
            }
            match lines.recv_timeout(until.map_or(Duration::from_secs(60), |until| until.since(self.clock.now()))) {
                Ok(line) => {
                    if line.ends_with("opened") {
                        opened = Some(self.clock.now());
                    }
                    self.note(&line);
                }
                Err(_) => break,
            }
        }
        assert!(early || opened.is_some(), "the child opens its gallery");
        child.kill().unwrap();
        child.wait().unwrap();
        self.kills += 1;
        self.early_kills += u64::from(opened.is_none());
        self.clock_jumps += u64::from(plan.clock[0] != plan.clock[1]);
        lines.iter().for_each(|line| self.note(&line));
    }

    /// The last round: to the end.
    fn finish(&mut self, plan: &Plan) {
        let (mut child, lines) = spawn(&self.folder, plan);
        let mut settled = false;
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(900)) {
            settled |= line.ends_with("settled");
            self.note(&line);
        }
        let _ = child.kill();
        assert!(child.wait().unwrap().success() && settled, "everything comes to an end");
    }
}
