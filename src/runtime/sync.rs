//! Delivery to identity services in the background: one thread owns the outbox, each service has its worker threads.
//!
//! ```text
//! gallery ──intent, in the same write──▶ [outbox] ◀─answers and claims, one write─ sync ──jobs──▶ sync-baf-1, sync-baf-2, sync-uqudo-1, …
//!                                                                                   ▲──────────────answers─────────────┘
//! ```
//!
//! Only one process delivers from a gallery at a time: whoever holds the lock beside the file. The others enrol, list and wait.

pub mod engine;
pub mod packets;
pub mod setup;
pub mod summary;
mod workers;

use super::clock::Clock;
use super::messages::Waker;
use crate::advice::{Advice, Advised};
use crate::config::Schedule;
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{DeliveryState, Outbox};
use crate::ports::services::{Guarantee, IdentityService, ServiceError, ServiceFault, ServiceKind};
use crate::units::UtcTime;
use crate::workflow::sync::lane::LaneLimits;
use crate::workflow::sync::stops::StopLimits;
use crate::workflow::sync::{NotNow, Promise, Rules, SyncEvent, step};
use engine::Engine;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use summary::SyncSummary;
use uuid::Uuid;

/// Makes a client of one service; called once for every worker.
pub type Connector = Box<dyn FnMut() -> Result<Box<dyn IdentityService>, ServiceError> + Send>;
/// Opens the outbox on the thread that will own it.
pub type OutboxOpener = Box<dyn FnMut() -> Result<Box<dyn Outbox>, GalleryError> + Send>;
/// Free space beside the gallery, bytes, where the system tells.
pub type FreeSpace = Arc<dyn Fn() -> Option<u64> + Send + Sync>;
/// Random numbers for delays.
pub type Chance = Box<dyn FnMut() -> u64 + Send>;

/// A configured service.
pub struct Target {
    /// Which.
    pub kind: ServiceKind,
    /// Whether it is marked as one for practice records.
    pub practice: bool,
    /// Whether its address is on this machine.
    pub loopback: bool,
    /// How fast.
    pub limits: LaneLimits,
    /// Whether it gets pictures of the liveness challenge.
    pub evidence: bool,
    /// What delivery of enrolments promises there.
    pub guarantee: Guarantee,
    /// Makes its clients.
    pub connect: Connector,
}

impl Target {
    /// Whether records of the practice gallery (`practice`) or of the real one may go there. Practice records go to services marked for
    /// them and on this machine; real ones never go there.
    #[must_use]
    pub const fn takes(&self, practice: bool) -> bool {
        if practice { self.practice && self.loopback } else { !self.practice }
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({}, practice {}, loopback {})", self.kind.name(), self.practice, self.loopback)
    }
}

/// What delivery is built from.
pub struct SyncParts {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Whether the practice gallery's outbox is delivered.
    pub practice: bool,
    /// Configured services. Those that may not take this gallery's records are left out.
    pub targets: Vec<Target>,
    /// Opens the outbox.
    pub open_outbox: OutboxOpener,
    /// The file whose lock says who delivers.
    pub turn: PathBuf,
    /// Delays and limits of deliveries.
    pub rules: Rules,
    /// When to say that nobody more should be enrolled.
    pub stop_limits: StopLimits,
    /// Pause between rounds; zero delivers whenever something waits.
    pub every: Duration,
    /// Times of day at which it delivers by itself.
    pub schedule: Schedule,
    /// Free space.
    pub free_space: FreeSpace,
    /// For delays.
    pub chance: Chance,
}

impl std::fmt::Debug for SyncParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SyncParts({:?}, practice {})", self.targets, self.practice)
    }
}

/// Why delivery could not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Another process delivers.
    #[error("another program is delivering from this gallery")]
    AlreadyRunning,
    /// The lock's file cannot be used, or a thread cannot be started.
    #[error("delivery cannot be started")]
    Unstartable(#[source] std::io::Error),
    /// The outbox could not.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// The delivery is in no state for it.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// No such service in the configuration.
    #[error("{} is not configured for this gallery", .service.name())]
    NotConfigured {
        /// Which.
        service: ServiceKind,
    },
    /// The worker is gone.
    #[error("the delivery's thread has stopped")]
    WorkerLost,
}

impl Advised for SyncError {
    fn advice(&self) -> Advice {
        match self {
            Self::AlreadyRunning => Advice::environment("SYN-01", "Let it finish, or close it; records wait safely meanwhile."),
            Self::Unstartable(_) => Advice::environment("SYN-02", "Check that the data folder can be written, then start again."),
            Self::Gallery(GalleryError::NotFound { what: "delivery", .. }) => {
                Advice::input("SYN-03", "List what there is with `visavis sync status --list`.")
            }
            Self::Gallery(error) => error.advice(),
            Self::NotNow(NotNow { state: DeliveryState::OutcomeUnknown }) => Advice::input(
                "SYN-04",
                "Find out at the service whether it arrived, then `visavis sync resolve` it as arrived or as not arrived.",
            ),
            Self::NotNow(_) => Advice::input("SYN-05", "Look at its history with `visavis sync status --list`."),
            Self::NotConfigured { .. } => {
                Advice::input("SYN-06", "Add the service to the configuration; practice records need one marked so.")
            }
            Self::WorkerLost => Advice::environment("SYN-07", "Restart the application; what was queued is safe."),
        }
    }
}

/// The right to deliver from one gallery; given back when dropped, also by a process that ends in any way.
#[derive(Debug)]
pub struct Turn(#[allow(dead_code, reason = "its lock is what counts")] File);

impl Turn {
    /// Takes it.
    ///
    /// # Errors
    /// [`SyncError::AlreadyRunning`] when another has it; [`SyncError::Unstartable`] when the file cannot be made.
    pub fn take(path: &Path) -> Result<Self, SyncError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(SyncError::Unstartable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(std::fs::TryLockError::WouldBlock) => Err(SyncError::AlreadyRunning),
            Err(std::fs::TryLockError::Error(error)) => Err(SyncError::Unstartable(error)),
        }
    }
}

/// What the thread is asked.
enum Request {
    /// Something was queued.
    Wake,
    /// Deliver now, whatever the schedule and the pauses say.
    RunNow,
    /// Act on one delivery.
    Act(Uuid, Action, SyncSender<Result<(), SyncError>>),
}

/// What a person may do to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send a refused one, or one set aside, again.
    Retry,
    /// It arrived after all, or what was owed was done; with the service's name for it, where known.
    Arrived(Option<String>),
    /// It did not arrive, or its packet is lost: send it again.
    NotArrived,
    /// Let the others go on without it until somebody sends it again.
    SetAside,
}

/// Carries out what a person decided about one delivery; durable on return. Needs no turn: what a person decides about, no worker has in hand.
///
/// # Errors
/// [`SyncError`]: there is no such delivery, or it is in no state for it.
pub fn act(outbox: &mut dyn Outbox, key: Uuid, action: Action, rules: &Rules, now: UtcTime) -> Result<(), SyncError> {
    act_because(outbox, key, action, "", rules, now)
}

/// As [`act`], with the person's reason for the history; it must say nothing about the subject.
///
/// # Errors
/// As [`act`].
pub fn act_because(outbox: &mut dyn Outbox, key: Uuid, action: Action, reason: &str, rules: &Rules, now: UtcTime) -> Result<(), SyncError> {
    let entry = outbox.entry(key)?;
    let event = match action {
        Action::Retry => SyncEvent::Retry {
            fresh_key: uuid::Builder::from_unix_timestamp_millis(u64::try_from(now.0).unwrap_or(0), &rand::random()).into_uuid(),
            closed: entry.fault.as_ref().is_some_and(|error| matches!(error.fault, ServiceFault::AttemptsUsed | ServiceFault::Closed)),
        },
        Action::Arrived(remote_reference) => SyncEvent::ResolvedArrived { remote_reference },
        Action::NotArrived => SyncEvent::ResolvedAbsent,
        Action::SetAside => SyncEvent::PutAside,
    };
    // The promise it was sent under counts; what was never sent has nothing to be repeated.
    let guarantee = entry.progress.guarantee.unwrap_or(Guarantee::ExactlyOnceByKey);
    let mut change = step(&engine::subjected(&entry), event, Promise { guarantee, delete_erases: true }, rules, now, 0)?;
    if !reason.is_empty() {
        change.note.text = format!("{}: {reason}", change.note.text);
    }
    outbox.exchange(&[change], &[], now)?;
    Ok(())
}

/// The delivery's thread.
pub struct SyncWorker {
    requests: Option<SyncSender<Request>>,
    thread: Option<JoinHandle<()>>,
    /// Set when its work is over, before the owner is woken.
    done: Arc<AtomicBool>,
    summary: Arc<Mutex<SyncSummary>>,
}

/// Requests that may wait.
const QUEUE: usize = 64;
/// How often the thread looks for what other processes queued.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How often it tries to take its turn while another process has it.
const TURN_AGAIN: Duration = Duration::from_secs(5);

impl SyncWorker {
    /// Starts the thread. Where another process delivers, it waits for its turn.
    ///
    /// # Errors
    /// [`SyncError::Unstartable`] when no thread can be started.
    pub fn start(parts: SyncParts, waker: Waker) -> Result<Self, SyncError> {
        let (requests, queue) = sync_channel(QUEUE);
        let summary = Arc::new(Mutex::new(SyncSummary::default()));
        let shown = Arc::clone(&summary);
        let done = Arc::new(AtomicBool::new(false));
        // Whoever waits for the end sees it then, also that of a thread that died of a bug.
        let say_done = super::SayDone { done: Arc::clone(&done), waker: Arc::clone(&waker) };
        let thread = std::thread::Builder::new()
            .name("sync".to_owned())
            .spawn(move || {
                let _said_last = say_done;
                run(parts, &queue, &shown, &waker);
            })
            .map_err(SyncError::Unstartable)?;
        Ok(Self { requests: Some(requests), thread: Some(thread), done, summary })
    }

    /// How delivery stands; never blocks for long.
    #[must_use]
    pub fn summary(&self) -> SyncSummary {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that something was queued.
    pub fn wake(&self) {
        self.ask(Request::Wake);
    }

    /// Delivers now, whatever the schedule and the pauses say; lanes that were stopped try once more.
    pub fn run_now(&self) {
        self.ask(Request::RunNow);
    }

    /// Acts on a delivery; the answer comes on the channel.
    #[must_use]
    pub fn act(&self, key: Uuid, action: Action) -> Receiver<Result<(), SyncError>> {
        let (answer, answered) = sync_channel(1);
        self.ask(Request::Act(key, action, answer));
        answered
    }

    /// Whether the thread's work is over: it was told to end, cannot go on, or died of a bug.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// The handle of a thread whose work is over, for whoever joins it.
    pub(in crate::runtime) fn dismiss(mut self) -> Option<JoinHandle<()>> {
        self.requests = None;
        self.thread.take()
    }

    /// Tells the thread to end and does not wait; [`Self::is_over`] says when it has.
    pub fn stop(&mut self) {
        self.requests = None;
    }

    /// Lets what is under way end, gives back what was claimed and not sent, and ends; waits up to `limit`. Returns whether it ended in order.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.requests = None;
        self.thread.take().is_none_or(|thread| super::join_within(thread, limit, |_| ()).is_some())
    }

    fn ask(&self, request: Request) {
        // A full queue has a request to wake in it already.
        let _ = self.requests.as_ref().map(|requests| requests.try_send(request));
    }
}

impl std::fmt::Debug for SyncWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SyncWorker(over: {})", self.is_over())
    }
}

/// The thread.
fn run(mut parts: SyncParts, requests: &Receiver<Request>, shown: &Mutex<SyncSummary>, waker: &Waker) {
    let publish = |summary: SyncSummary| {
        let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown != summary {
            *shown = summary;
            drop(shown);
            waker();
        }
    };
    let turn_path = parts.turn.clone();
    let turn = loop {
        match Turn::take(&turn_path) {
            Ok(turn) => break turn,
            Err(error) => {
                publish(SyncSummary::with_trouble(&error));
                if !wait_for_turn(requests) {
                    return;
                }
            }
        }
    };
    let (every, schedule) = (parts.every, parts.schedule.clone());
    let clock = Arc::clone(&parts.clock);
    // Others may be writing for a while, or the disk be full: delivery begins when that is over.
    let outbox = loop {
        match (parts.open_outbox)() {
            Ok(outbox) => break outbox,
            Err(error) if may_pass(&error) => {
                tracing::warn!(code = error.advice().code, %error, "sync");
                publish(SyncSummary::with_trouble(&SyncError::Gallery(error)));
                if !wait_for_turn(requests) {
                    return;
                }
            }
            Err(error) => {
                tracing::error!(code = error.advice().code, %error, "sync");
                publish(SyncSummary::with_trouble(&SyncError::Gallery(error)));
                return;
            }
        }
    };
    let mut engine = match Engine::over(parts, outbox, turn) {
        Ok(engine) => engine,
        Err(error) => {
            tracing::error!(code = error.advice().code, %error, "sync");
            publish(SyncSummary::with_trouble(&error));
            return;
        }
    };
    let mut next_round = clock.now();
    // A person's word counts until there is nothing left to do.
    let mut asked_for = false;
    loop {
        match requests.try_recv() {
            Ok(Request::Wake) => engine.look_again(),
            Ok(Request::RunNow) => {
                engine.resume();
                (next_round, asked_for) = (clock.now(), true);
            }
            Ok(Request::Act(key, action, answer)) => {
                let _ = answer.try_send(engine.act(key, action));
            }
            Err(TryRecvError::Disconnected) => break,
            Err(TryRecvError::Empty) => {}
        }
        let open = schedule.is_open(clock.utc());
        let due = (open || asked_for) && (every.is_zero() || clock.now() >= next_round);
        let step = engine.step(due);
        asked_for &= !(step.idle && due);
        publish(SyncSummary { opens_at: schedule.opens_at(clock.utc()), ..engine.summary() });
        if step.idle && due && !every.is_zero() {
            next_round = clock.now() + every;
        }
        if step.idle {
            let pause = step.next.map_or(LOOK_AGAIN, |next| next.since(clock.now())).min(LOOK_AGAIN);
            match requests.recv_timeout(pause.max(Duration::from_millis(10))) {
                Ok(Request::Wake) | Err(std::sync::mpsc::RecvTimeoutError::Timeout) => engine.look_again(),
                Ok(Request::RunNow) => {
                    engine.resume();
                    (next_round, asked_for) = (clock.now(), true);
                }
                Ok(Request::Act(key, action, answer)) => {
                    let _ = answer.try_send(engine.act(key, action));
                }
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
    }
    engine.finish();
}

/// Whether the file may be usable in a while without anybody having to act on it.
pub(super) const fn may_pass(error: &GalleryError) -> bool {
    matches!(error, GalleryError::Locked | GalleryError::DiskFull | GalleryError::Database { .. })
}

/// Waits a while for the turn, answering what cannot be done meanwhile; `false` when the thread should end.
fn wait_for_turn(requests: &Receiver<Request>) -> bool {
    match requests.recv_timeout(TURN_AGAIN) {
        Ok(Request::Act(.., answer)) => {
            let _ = answer.try_send(Err(SyncError::AlreadyRunning));
            true
        }
        Ok(_) | Err(std::sync::mpsc::RecvTimeoutError::Timeout) => true,
        Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => false,
    }
}
