//! The camera's thread under scripted sources.

use super::*;
use crate::geometry::Size;
use crate::imaging::Frame;
use crate::ports::camera::{Origin, PixelFormat};
use crate::runtime::clock::ManualClock;
use std::collections::VecDeque;

const FORMAT: CameraFormat = CameraFormat { pixels: PixelFormat::Rgb, width: 2, height: 2, rate: 30.0 };

/// One answer of the scripted source.
enum Act {
    Deliver,
    Fail(CameraError),
    Panic,
    /// Waits in a system call that only a signal ends, as a stalled webcam does.
    Hang,
}

struct Scripted(VecDeque<Act>);

impl FrameSource for Scripted {
    fn format(&self) -> CameraFormat {
        FORMAT
    }
    fn origin(&self) -> Origin {
        Origin::Practice
    }
    fn next_frame(&mut self) -> Result<Frame, CameraError> {
        match self.0.pop_front() {
            Some(Act::Deliver) => Ok(Frame::filled(Size::new(2, 2), [7; 3])),
            Some(Act::Fail(error)) => Err(error),
            Some(Act::Panic) => panic!("as the V4L2 binding does when a stream cannot be stopped"),
            Some(Act::Hang) | None => hang(),
        }
    }
}

#[cfg(unix)]
fn hang() -> Result<Frame, CameraError> {
    use std::io::Read as _;
    let (mut read_end, _write_end) = std::os::unix::net::UnixStream::pair().expect("a socket pair");
    let interrupted = read_end.read(&mut [0]).expect_err("nobody writes");
    Err(CameraError::Driver { reason: interrupted.to_string() })
}

#[cfg(not(unix))]
fn hang() -> Result<Frame, CameraError> {
    Err(CameraError::Driver { reason: "interrupted".into() })
}

struct Bench {
    worker: CameraWorker,
    clock: Arc<ManualClock>,
    slots: FrameSlots,
    woken: Receiver<()>,
}

/// A worker whose every opening plays the next of `plays`; an opening beyond them finds no camera.
fn bench(plays: Vec<Vec<Act>>) -> Bench {
    let plays = Mutex::new(VecDeque::from(plays));
    let factory: SourceFactory = Arc::new(move || match plays.lock().expect("no panic while held").pop_front() {
        Some(acts) => Ok(Box::new(Scripted(acts.into())) as Box<dyn FrameSource>),
        None => Err(CameraError::NotFound { id: "scripted".into() }),
    });
    let (wake, woken) = sync_channel(1);
    let waker: Waker = Arc::new(move || _ = wake.try_send(()));
    let clock = Arc::new(ManualClock::default());
    let slots = FrameSlots { preview: Mailbox::default(), analysis: Mailbox::default() };
    let worker = CameraWorker::new(factory, HealthDelays::default(), clock.clone(), slots.clone(), waker);
    Bench { worker, clock, slots, woken }
}

impl Bench {
    #[track_caller]
    fn until(&mut self, what: &str, mut reached: impl FnMut(&mut CameraWorker, &FrameSlots) -> bool) {
        loop {
            self.worker.poll();
            if reached(&mut self.worker, &self.slots) {
                return;
            }
            self.woken.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| panic!("{what}: {:?}", self.worker));
        }
    }
}

#[test]
fn an_unplugged_camera_comes_back_and_frame_numbers_go_on() {
    let mut b = bench(vec![vec![Act::Deliver, Act::Deliver, Act::Fail(CameraError::Unplugged)], vec![Act::Deliver, Act::Hang]]);
    assert_eq!(b.worker.health(), CameraHealth::Off);
    b.worker.want(true);
    assert_eq!(b.worker.health(), CameraHealth::Opening { attempt: 1 });
    b.until("the loss", |w, _| w.trouble() == Some(&CameraError::Unplugged));
    assert!(matches!(b.worker.health(), CameraHealth::Recovering { code: "CAM-04", .. }));
    assert!(b.slots.preview.peek().is_none(), "the preview is blank while the camera is lost");
    b.clock.advance(Duration::from_millis(250));
    let mut seen = None;
    b.until("the recovery", |_, slots| {
        seen = slots.preview.peek();
        seen.is_some()
    });
    let frame = seen.expect("just seen");
    assert_eq!((frame.number, frame.origin, frame.captured_at), (3, Origin::Practice, Moment::from_millis(250)));
    assert!(b.worker.shut_down(Duration::from_secs(20)), "a hanging thread is interrupted and ends");
    assert_eq!(b.worker.health(), CameraHealth::Off);
}

#[test]
fn a_stalled_camera_is_interrupted_and_opened_again() {
    let mut b = bench(vec![vec![Act::Deliver, Act::Hang], vec![Act::Deliver, Act::Hang]]);
    b.worker.want(true);
    b.until("the first frame", |_, slots| slots.analysis.take().is_some());
    b.clock.advance(Duration::from_secs(3));
    b.worker.poll();
    assert!(matches!(b.worker.health(), CameraHealth::Recovering { code: "CAM-05", .. }));
    // Time passes only while the worker waits for it: a signal that comes between two waits is lost and sent again, and an opening is not
    // hurried, however slow the machine is.
    while b.slots.analysis.take().is_none() {
        if matches!(b.worker.health(), CameraHealth::Recovering { .. }) {
            b.clock.advance(Duration::from_millis(100));
        }
        b.worker.poll();
        std::thread::yield_now();
    }
    assert!(b.worker.shut_down(Duration::from_secs(20)));
}

#[test]
fn a_panic_of_the_driver_is_a_named_state() {
    let mut b = bench(vec![vec![Act::Deliver, Act::Panic]]);
    b.worker.want(true);
    b.until("the loss", |w, _| w.trouble().is_some());
    assert!(matches!(b.worker.health(), CameraHealth::Recovering { code: "CAM-10", .. }));
    b.clock.advance(Duration::from_secs(1));
    b.until("no camera", |w, _| matches!(w.trouble(), Some(CameraError::NotFound { .. })));
}

#[test]
fn single_bad_frames_are_passed_over_and_many_end_the_stream() {
    let bad = || Act::Fail(CameraError::BadFrame { reason: "torn".into() });
    let mut acts: Vec<Act> = (0..BAD_FRAMES_LIMIT - 1).map(|_| bad()).collect();
    acts.push(Act::Deliver);
    acts.extend((0..BAD_FRAMES_LIMIT).map(|_| bad()));
    let mut b = bench(vec![acts]);
    b.worker.want(true);
    b.until("the loss", |w, _| w.trouble().is_some());
    assert!(matches!(b.worker.health(), CameraHealth::Recovering { code: "CAM-07", .. }));
    assert_eq!(b.slots.analysis.posted(), 1);
}

#[test]
fn the_source_is_told_the_exposure_before_its_next_frame() {
    struct Told(Arc<Mutex<Vec<Option<f32>>>>);
    impl FrameSource for Told {
        fn format(&self) -> CameraFormat {
            FORMAT
        }
        fn origin(&self) -> Origin {
            Origin::Practice
        }
        fn takes_exposure(&self) -> bool {
            true
        }
        fn expose(&mut self, stops: Option<f32>) -> Result<(), CameraError> {
            self.0.lock().expect("no panic while held").push(stops);
            Err(CameraError::Driver { reason: "a refusal ends nothing".into() })
        }
        fn next_frame(&mut self) -> Result<Frame, CameraError> {
            std::thread::yield_now();
            Ok(Frame::filled(Size::new(2, 2), [7; 3]))
        }
    }
    let mut b = bench(vec![]);
    assert!(!b.worker.takes_exposure());
    let told = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&told);
    b.worker.use_source(Arc::new(move || Ok(Box::new(Told(Arc::clone(&seen))))));
    b.worker.want(true);
    b.until("the opening", |w, _| w.takes_exposure());
    for (count, stops) in [(1, Some(0.15)), (2, Some(-0.15)), (3, None)] {
        b.worker.expose(stops);
        b.until("the command", |_, _| told.lock().expect("no panic while held").len() >= count);
    }
    assert_eq!(*told.lock().expect("no panic while held"), [Some(0.15), Some(-0.15), None]);
    assert!(b.worker.shut_down(Duration::from_secs(20)));
}

#[test]
fn another_source_replaces_the_first_one() {
    let mut b = bench(vec![vec![Act::Deliver, Act::Hang]]);
    b.worker.want(true);
    b.until("the first frame", |_, slots| slots.analysis.take().is_some());
    b.worker.use_source(Arc::new(|| Ok(Box::new(Scripted([Act::Deliver, Act::Fail(CameraError::Ended)].into())))));
    b.clock.advance(Duration::from_secs(1));
    while b.worker.trouble() != Some(&CameraError::Ended) {
        b.clock.advance(Duration::from_millis(100));
        b.worker.poll();
        std::thread::yield_now();
    }
    assert_eq!(b.worker.next_deadline(), None, "a recording played once is not opened again");
}
