//! A document captured without a window: the camera, the thread that looks for documents, and the capture between them.

use super::watch::DocumentWatcher;
use crate::advice::{Advice, Advised as _};
use crate::ports::camera::{CameraError, CapturedFrame, Origin};
use crate::runtime::camera::{CameraWorker, FrameSlots, SourceFactory};
use crate::runtime::clock::Clock;
use crate::runtime::mailbox::Mailbox;
use crate::runtime::messages::Waker;
use crate::units::Moment;
use crate::workflow::capture::event::Fault;
use crate::workflow::device_health::HealthDelays;
use crate::workflow::document_capture::{
    DocumentCapture, DocumentCaptureView, DocumentEffect, DocumentEvent, DocumentProfile, DocumentShot,
};
use std::sync::Arc;
use std::time::Duration;

/// A camera that gives no frames for so long has ended the capture; until then it may come back. Picked by hand: a cable is plugged in again
/// within seconds.
pub const PATIENCE: Duration = Duration::from_secs(8);
/// Support code of the thread that looks for documents.
pub const WATCHER_LOST: &str = "SYS-19";

/// How a capture came to no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptureFailure {
    /// The time for a side is up.
    #[error("no picture of the document came about in time")]
    TimedOut,
    /// The camera was lost and did not come back.
    #[error("the capture was broken off: {0}")]
    CameraLost(CameraError),
    /// The thread that looks for documents is gone.
    #[error("the part that looks for documents has stopped")]
    WatcherLost,
    /// It was given up.
    #[error("the capture was given up")]
    Cancelled,
}

impl crate::advice::Advised for CaptureFailure {
    fn advice(&self) -> Advice {
        match self {
            Self::TimedOut => {
                Advice::no("DOC-62", "Begin again: lay the document flat, close and without glare, and leave it until it is taken.")
            }
            Self::CameraLost(error) => error.advice(),
            Self::WatcherLost => Advice::environment(WATCHER_LOST, "Restart the program; a support bundle says what happened."),
            Self::Cancelled => Advice::no("DOC-61", "Begin again when the document is at hand."),
        }
    }
}

/// A capture in progress.
///
/// # Threads
/// Belongs to one thread, which calls [`Self::poll`] often; owns `camera` and `documents`.
pub struct CaptureSession {
    clock: Arc<dyn Clock>,
    camera: CameraWorker,
    slots: FrameSlots,
    watcher: DocumentWatcher,
    capture: DocumentCapture,
    shots: Vec<DocumentShot>,
    /// Since when the camera gives nothing, and why.
    lost: Option<(Moment, CameraError)>,
    last_frame: u64,
    over: Option<Result<(), CaptureFailure>>,
}

impl CaptureSession {
    /// Opens the camera and begins.
    ///
    /// # Errors
    /// The system's error when no thread can be started.
    pub fn start(
        factory: SourceFactory,
        profile: DocumentProfile,
        delays: HealthDelays,
        clock: Arc<dyn Clock>,
        waker: Waker,
    ) -> std::io::Result<Self> {
        let watcher = DocumentWatcher::start(Arc::clone(&waker))?;
        let slots = FrameSlots { preview: Mailbox::default(), analysis: Mailbox::default() };
        let mut camera = CameraWorker::new(factory, delays, Arc::clone(&clock), slots.clone(), waker);
        let now = clock.now();
        let mut capture = DocumentCapture::new(profile, now);
        capture.handle(DocumentEvent::Start, now);
        camera.want(true);
        Ok(Self { clock, camera, slots, watcher, capture, shots: Vec::new(), lost: None, last_frame: 0, over: None })
    }

    /// Takes note of what happened. `Some` once the capture is over: with the sides taken, the first side first, or with the reason why not.
    pub fn poll(&mut self) -> Option<Result<&[DocumentShot], CaptureFailure>> {
        if self.over.is_none() {
            self.camera.poll();
            self.mind_the_camera();
            if let Some(frame) = self.slots.analysis.take() {
                self.last_frame = frame.number;
                self.watcher.look(frame);
            }
            if let Some(seen) = self.watcher.take_seen() {
                self.tell(DocumentEvent::Observed(Box::new(seen)));
            }
            if self.watcher.is_lost() {
                self.end(Err(CaptureFailure::WatcherLost));
            }
            self.tell(DocumentEvent::Tick);
            if self.view().code == Some("DOC-62") {
                self.end(Err(CaptureFailure::TimedOut));
            }
        }
        self.over.clone().map(|over| over.map(|()| self.shots.as_slice()))
    }

    /// Gives up: the camera rests, nothing is taken any more.
    pub fn cancel(&mut self) {
        self.tell(DocumentEvent::Cancel);
        self.end(Err(CaptureFailure::Cancelled));
    }

    /// What is asked of the person, and how far it is.
    #[must_use]
    pub fn view(&self) -> DocumentCaptureView {
        self.capture.view(self.clock.now())
    }

    /// Sides taken so far.
    #[must_use]
    pub fn shots(&self) -> &[DocumentShot] {
        &self.shots
    }

    /// The newest frame, for whoever shows it.
    #[must_use]
    pub fn preview(&self) -> Option<CapturedFrame> {
        self.slots.preview.peek()
    }

    /// Frames so far, and those of them that were not looked at because newer ones came.
    #[must_use]
    pub fn frames(&self) -> (u64, u64) {
        (self.last_frame, self.slots.analysis.dropped() + self.watcher.dropped())
    }

    /// Whether the frames may be trusted; `None` before the camera was opened.
    #[must_use]
    pub const fn origin(&self) -> Option<Origin> {
        self.camera.origin()
    }

    /// Ends the threads, waiting for each up to `limit`. Returns whether they ended in order.
    pub fn shut_down(mut self, limit: Duration) -> bool {
        let camera = self.camera.shut_down(limit);
        self.watcher.shut_down(limit) && camera
    }

    fn mind_the_camera(&mut self) {
        let now = self.clock.now();
        let trouble = self.camera.trouble().cloned();
        match (trouble, self.lost.clone()) {
            (Some(error), None) => {
                self.lost = Some((now, error.clone()));
                self.watcher.begin();
                self.tell(DocumentEvent::Lost(Fault::camera(error.advice().code)));
            }
            (_, Some((since, error))) if self.camera.is_streaming() => {
                tracing::info!(code = error.advice().code, millis = now.since(since).as_millis(), "the camera is back");
                self.lost = None;
                self.tell(DocumentEvent::Recovered);
            }
            (_, Some((since, error))) if now.since(since) >= PATIENCE || matches!(error, CameraError::Ended) => {
                self.end(Err(CaptureFailure::CameraLost(error)));
            }
            _ => {}
        }
    }

    fn tell(&mut self, event: DocumentEvent) {
        for effect in self.capture.handle(event, self.clock.now()) {
            match effect {
                DocumentEffect::Taken(shot) => self.shots.push(*shot),
                DocumentEffect::Finished => self.end(Ok(())),
                // There is no window.
                DocumentEffect::ShowPreview(_) => {}
            }
        }
    }

    fn end(&mut self, how: Result<(), CaptureFailure>) {
        if self.over.is_none() {
            self.over = Some(how);
            self.camera.want(false);
        }
    }
}

impl std::fmt::Debug for CaptureSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CaptureSession({} sides, over {:?})", self.shots.len(), self.over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::imaging::Frame;
    use crate::ports::camera::{CameraFormat, FrameSource, PixelFormat};
    use crate::runtime::clock::ManualClock;
    use crate::units::UtcTime;
    use std::sync::atomic::{AtomicU32, Ordering};

    const SIZE: Size = Size::new(64, 48);

    /// Gives so many frames, then is unplugged; never opens again.
    struct Cable(u32);

    impl FrameSource for Cable {
        fn format(&self) -> CameraFormat {
            CameraFormat { pixels: PixelFormat::Rgb, width: SIZE.width, height: SIZE.height, rate: 30.0 }
        }
        fn origin(&self) -> Origin {
            Origin::Camera
        }
        fn next_frame(&mut self) -> Result<Frame, CameraError> {
            self.0 = self.0.checked_sub(1).ok_or(CameraError::Unplugged)?;
            Ok(Frame::filled(SIZE, [80; 3]))
        }
    }

    fn session(frames: u32, clock: &Arc<ManualClock>) -> CaptureSession {
        let opened = AtomicU32::new(0);
        let factory: SourceFactory = Arc::new(move || match opened.fetch_add(1, Ordering::Relaxed) {
            0 => Ok(Box::new(Cable(frames)) as Box<dyn FrameSource>),
            _ => Err(CameraError::NotFound { id: "cable".to_owned() }),
        });
        let shared: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
        CaptureSession::start(factory, DocumentProfile::default(), HealthDelays::default(), shared, Arc::new(|| ())).expect("threads")
    }

    fn end(session: &mut CaptureSession, clock: &ManualClock) -> CaptureFailure {
        for _ in 0..1_000_000 {
            if let Some(end) = session.poll() {
                return end.expect_err("nothing lies there");
            }
            clock.advance(Duration::from_millis(5));
            std::thread::yield_now();
        }
        panic!("it never ends: {session:?}");
    }

    #[test]
    fn a_camera_that_goes_away_and_stays_away_ends_the_capture_by_its_name() {
        let clock = Arc::new(ManualClock::at(UtcTime(0)));
        let mut session = session(3, &clock);
        // The clock stands still until the loss is seen, so that nothing else takes too long.
        while session.view().code.is_none() {
            assert!(session.poll().is_none());
            std::thread::yield_now();
        }
        assert_eq!(session.view().code, Some("CAM-04"));
        let failure = end(&mut session, &clock);
        assert_eq!(failure, CaptureFailure::CameraLost(CameraError::Unplugged));
        assert_eq!((failure.advice().code, session.shots().len()), ("CAM-04", 0));
        assert!(session.poll().is_some_and(|again| again.is_err()), "it stays so");
        assert!(session.shut_down(Duration::from_secs(20)));
    }

    #[test]
    fn a_capture_that_is_given_up_takes_nothing_any_more() {
        let clock = Arc::new(ManualClock::at(UtcTime(0)));
        let mut session = session(1_000_000, &clock);
        session.cancel();
        assert_eq!(end(&mut session, &clock), CaptureFailure::Cancelled);
        assert!(session.view().side.is_none() && session.shut_down(Duration::from_secs(20)));
    }
}
