//! The camera's thread and its supervision. The thread opens the source, streams, stamps and publishes; whoever owns a [`CameraWorker`]
//! polls it, and nothing here makes the owner wait: a hanging thread is woken by signal, joined when it has ended, and only then replaced.

use super::SayDone;
use super::camera_wake;
use super::clock::Clock;
use super::mailbox::Mailbox;
use super::messages::{CameraHealth, Waker};
use crate::adapters::barcode::encode_pdf417;
use crate::adapters::camera::CameraChoice;
use crate::advice::Advised as _;
use crate::ports::camera::{CameraError, CameraFormat, CapturedFrame, FrameSource, Origin, Pacer};
use crate::units::Moment;
use crate::workflow::device_health::{DeviceHealth, HealthDelays, HealthEffect, HealthEvent, HealthState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Opens a source, on the thread that calls it.
pub type SourceFactory = Arc<dyn Fn() -> Result<Box<dyn FrameSource>, CameraError> + Send + Sync>;

/// Opens a camera or a stand-in, on the thread that calls it.
///
/// # Errors
/// [`CameraError`] as the camera or the stand-in gives it.
pub fn open_camera(choice: &CameraChoice, pace: Pacer) -> Result<Box<dyn FrameSource>, CameraError> {
    choice.open(pace, |payload| encode_pdf417(payload).ok())
}

/// Undecodable frames in a row after which the stream is given up.
const BAD_FRAMES_LIMIT: u32 = 30;
/// Arrivals remembered between two polls at most.
const ARRIVALS_LIMIT: usize = 1024;

/// Where frames go.
#[derive(Debug, Clone)]
pub struct FrameSlots {
    /// For whoever draws: read with `peek`.
    pub preview: Mailbox<CapturedFrame>,
    /// For the analysis thread: drops are counted here.
    pub analysis: Mailbox<CapturedFrame>,
}

/// What the owner and the thread share.
struct Shared {
    clock: Arc<dyn Clock>,
    slots: FrameSlots,
    waker: Waker,
    /// Goes on over reopenings, so that a number names one frame for the life of the worker.
    frames: AtomicU64,
    arrivals: Mutex<Vec<Moment>>,
    /// Exposure that is commanded, stops; `None` while the camera chooses by itself.
    exposure: Mutex<Option<f32>>,
}

/// What a source says of itself once it is open.
#[derive(Debug, Clone, Copy)]
struct Opened {
    format: CameraFormat,
    origin: Origin,
    takes_exposure: bool,
}

struct CameraThread {
    handle: JoinHandle<Option<CameraError>>,
    opened: Receiver<Opened>,
    stop: Arc<AtomicBool>,
    done: Arc<AtomicBool>,
}

/// Owns the camera's thread.
///
/// # Threads
/// Belongs to one thread, which calls [`Self::poll`] often and at [`Self::next_deadline`].
pub struct CameraWorker {
    shared: Arc<Shared>,
    health: DeviceHealth,
    factory: SourceFactory,
    thread: Option<CameraThread>,
    dropped_before_opening: u64,
    origin: Option<Origin>,
    takes_exposure: bool,
}

impl CameraWorker {
    /// A worker that opens nothing until it is told to.
    #[must_use]
    pub fn new(factory: SourceFactory, delays: HealthDelays, clock: Arc<dyn Clock>, slots: FrameSlots, waker: Waker) -> Self {
        let shared =
            Arc::new(Shared { clock, slots, waker, frames: AtomicU64::new(0), arrivals: Mutex::default(), exposure: Mutex::default() });
        Self {
            shared,
            health: DeviceHealth::new(delays),
            factory,
            thread: None,
            dropped_before_opening: 0,
            origin: None,
            takes_exposure: false,
        }
    }

    /// Asks for frames, or for none.
    pub fn want(&mut self, wanted: bool) {
        self.apply(if wanted { HealthEvent::Wanted } else { HealthEvent::Unwanted });
        if !wanted {
            self.forget_frames();
        }
    }

    /// Uses another source from the next opening on; a stream in progress ends first.
    pub fn use_source(&mut self, factory: SourceFactory) {
        self.factory = factory;
        let wanted = self.is_wanted();
        self.want(false);
        if wanted {
            self.want(true);
        }
    }

    /// Whether frames are wanted.
    #[must_use]
    pub const fn is_wanted(&self) -> bool {
        !matches!(self.health.state(), HealthState::Off | HealthState::Stopping { reopen: false, .. })
    }

    /// Whether the stream's frames may be trusted, as the source itself says; `None` until it was opened.
    #[must_use]
    pub const fn origin(&self) -> Option<Origin> {
        self.origin
    }

    /// Whether the camera in use lets its exposure be commanded; `false` until it was opened.
    #[must_use]
    pub const fn takes_exposure(&self) -> bool {
        self.takes_exposure
    }

    /// Commands the exposure from the next frame on, in stops; `None` gives it back to the camera. A camera that was opened anew is told again.
    pub fn expose(&self, stops: Option<f32>) {
        *self.shared.exposure.lock().unwrap_or_else(PoisonError::into_inner) = stops;
    }

    /// Whether frames arrive.
    #[must_use]
    pub const fn is_streaming(&self) -> bool {
        matches!(self.health.state(), HealthState::Streaming { attempt: 0, .. })
    }

    /// What goes wrong, while it is being mended.
    #[must_use]
    pub const fn trouble(&self) -> Option<&CameraError> {
        self.health.trouble()
    }

    /// Takes note of what the thread did and acts on it; never blocks.
    pub fn poll(&mut self) {
        if let Some(thread) = &self.thread {
            // Looked at before the channel and the arrivals: what the thread did before it ended is then in them.
            let ended = thread.done.load(Ordering::Acquire);
            if let Ok(Opened { format, origin, takes_exposure }) = thread.opened.try_recv() {
                self.origin = Some(origin);
                self.takes_exposure = takes_exposure;
                self.dropped_before_opening = self.shared.slots.analysis.dropped();
                self.apply(HealthEvent::Opened(format));
            }
            let arrivals = std::mem::take(&mut *self.shared.arrivals.lock().unwrap_or_else(PoisonError::into_inner));
            for at in arrivals {
                self.health.handle(HealthEvent::Frame, at);
            }
            if ended && let Some(thread) = self.thread.take() {
                let reason = thread.handle.join().unwrap_or_else(|_| {
                    // The V4L2 binding panics when a stream cannot be stopped; the cause is the device's, not ours.
                    Some(CameraError::Driver { reason: "its thread failed".to_owned() })
                });
                self.apply(HealthEvent::Ended(reason));
            }
        }
        self.apply(HealthEvent::Tick);
        if self.trouble().is_some() {
            self.forget_frames();
        }
    }

    /// When [`Self::poll`] is due at the latest, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        self.health.next_deadline()
    }

    /// How the camera does, in words for people.
    #[must_use]
    pub fn health(&self) -> CameraHealth {
        match self.health.state() {
            HealthState::Off => CameraHealth::Off,
            HealthState::Opening { attempt, .. } => CameraHealth::Opening { attempt: *attempt },
            HealthState::Streaming { format, .. } => CameraHealth::Streaming {
                format: *format,
                delivered_rate: self.health.delivered_rate(self.shared.clock.now()),
                dropped: self.shared.slots.analysis.dropped().saturating_sub(self.dropped_before_opening),
            },
            HealthState::Waking { error, .. } | HealthState::Waiting { error, .. } => {
                CameraHealth::Recovering { what: error.to_string(), code: error.advice().code }
            }
            HealthState::Stopping { reopen: true, .. } => CameraHealth::Opening { attempt: 1 },
            HealthState::Stopping { reopen: false, .. } => CameraHealth::Off,
        }
    }

    /// Ends the thread, waiting for it up to `limit`. A thread that hangs in a driver which cannot be interrupted is left behind: it dies
    /// with the process. Returns whether it ended.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.want(false);
        let Some(thread) = self.thread.take() else { return true };
        thread.stop.store(true, Ordering::Release);
        super::join_within(thread.handle, limit, |handle| {
            camera_wake::interrupt(handle);
        })
        .is_some()
    }

    fn apply(&mut self, event: HealthEvent) {
        let now = self.shared.clock.now();
        let before = std::mem::discriminant(self.health.state());
        let effect = self.health.handle(event, now);
        if std::mem::discriminant(self.health.state()) != before {
            tracing::info!(health = ?self.health.state(), "camera");
        }
        match (effect, &self.thread) {
            (Some(HealthEffect::Open), _) => self.open(),
            (Some(HealthEffect::Stop), Some(thread)) => thread.stop.store(true, Ordering::Release),
            (Some(HealthEffect::Wake), Some(thread)) => {
                thread.stop.store(true, Ordering::Release);
                if !camera_wake::interrupt(&thread.handle) {
                    tracing::warn!("the camera's thread cannot be woken on this system; restart the application if it stays silent");
                }
            }
            (Some(HealthEffect::Stop | HealthEffect::Wake), None) | (None, _) => {}
        }
    }

    fn open(&mut self) {
        // The last thread may have published one more frame after it was told to stop.
        self.forget_frames();
        self.origin = None;
        self.takes_exposure = false;
        let (opened_to_owner, opened) = sync_channel(1);
        let stop = Arc::new(AtomicBool::new(false));
        let done = Arc::new(AtomicBool::new(false));
        let (shared, factory, stop_seen) = (Arc::clone(&self.shared), Arc::clone(&self.factory), Arc::clone(&stop));
        let say_done = SayDone { done: Arc::clone(&done), waker: Arc::clone(&shared.waker) };
        let started = std::thread::Builder::new().name("camera".to_owned()).spawn(move || {
            let _said_last = say_done;
            stream(&shared, &factory, &stop_seen, &opened_to_owner)
        });
        match started {
            Ok(handle) => self.thread = Some(CameraThread { handle, opened, stop, done }),
            Err(error) => {
                let reason = format!("its thread cannot be started: {error}");
                self.apply(HealthEvent::Ended(Some(CameraError::Driver { reason })));
            }
        }
    }

    /// Empties both slots: nobody is shown or judged by a frame from before the loss.
    fn forget_frames(&self) {
        drop(self.shared.slots.preview.take());
        drop(self.shared.slots.analysis.take());
    }
}

impl std::fmt::Debug for CameraWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CameraWorker({:?})", self.health.state())
    }
}

/// The thread: opens, then publishes frames until told to stop (`None`) or until the source fails.
fn stream(shared: &Shared, factory: &SourceFactory, stop: &AtomicBool, opened: &SyncSender<Opened>) -> Option<CameraError> {
    let mut source = match factory() {
        Ok(source) => source,
        Err(error) => return Some(error),
    };
    let origin = source.origin();
    // The owner takes this at its next poll; the channel has room for it, and an owner that is gone needs no answer.
    let _ = opened.try_send(Opened { format: source.format(), origin, takes_exposure: source.takes_exposure() });
    let mut bad_in_a_row = 0;
    let mut commanded = None;
    while !stop.load(Ordering::Acquire) {
        let wanted = *shared.exposure.lock().unwrap_or_else(PoisonError::into_inner);
        if wanted != commanded {
            commanded = wanted;
            // Frames that do not follow are judged as such.
            if let Err(error) = source.expose(wanted) {
                tracing::warn!(code = error.advice().code, %error, "the exposure was not set");
            }
        }
        match source.next_frame() {
            Ok(frame) => {
                bad_in_a_row = 0;
                let captured_at = shared.clock.now();
                let number = shared.frames.fetch_add(1, Ordering::Relaxed) + 1;
                let captured = CapturedFrame { frame: Arc::new(frame), number, captured_at, origin };
                {
                    let mut arrivals = shared.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
                    if arrivals.len() < ARRIVALS_LIMIT {
                        arrivals.push(captured_at);
                    }
                }
                if stop.load(Ordering::Acquire) {
                    return None;
                }
                shared.slots.preview.post(captured.clone());
                shared.slots.analysis.post(captured);
                (shared.waker)();
            }
            Err(CameraError::BadFrame { reason }) => {
                bad_in_a_row += 1;
                if bad_in_a_row >= BAD_FRAMES_LIMIT {
                    return Some(CameraError::BadFrame { reason });
                }
            }
            Err(error) => return Some(error),
        }
    }
    None
}

#[cfg(test)]
mod tests;
