//! Loss and recovery of the camera as states. Decides when a stream counts as stalled and when it is opened again; the runtime does it.
//!
//! ```text
//!        want            opened            silent too long
//!  Off ───────▶ Opening ────────▶ Streaming ──────────────▶ Waking ─┐ wake again
//!   ▲              │ ended           │ ended                  │ ▲────┘
//!   │ ended        ▼                 ▼                        │ ended
//!  Stopping     Waiting ◀────────────┴────────────────────────┘
//!   ▲              │ retry time
//!   └ unwant       └──────▶ Opening (next attempt)
//! ```
//!
//! A second stream is never opened while the thread of the first one lives: only its end leads on from `Waking` and `Stopping`.

use crate::advice::Advised as _;
use crate::ports::camera::{CameraError, CameraFormat};
use crate::units::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// All delays of the camera's supervision. Picked by hand from what webcams were seen to do, not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthDelays {
    /// A stream that delivers nothing for so long has stalled.
    pub stalled_after: Duration,
    /// Opening may take so long: USB cameras take seconds to settle.
    pub opening_limit: Duration,
    /// Time between two attempts to wake a stalled thread.
    pub wake_again_after: Duration,
    /// Wait before the first reopening; doubles with every failed one.
    pub first_retry: Duration,
    /// Longest wait between reopenings.
    pub longest_retry: Duration,
}

impl Default for HealthDelays {
    fn default() -> Self {
        Self {
            stalled_after: Duration::from_secs(2),
            opening_limit: Duration::from_secs(10),
            wake_again_after: Duration::from_millis(500),
            first_retry: Duration::from_millis(250),
            longest_retry: Duration::from_secs(4),
        }
    }
}

/// What happened to the camera.
#[derive(Debug, Clone, PartialEq)]
pub enum HealthEvent {
    /// Frames are wanted.
    Wanted,
    /// Frames are wanted no longer.
    Unwanted,
    /// The thread has opened the stream, in this format.
    Opened(CameraFormat),
    /// A frame arrived.
    Frame,
    /// The camera's thread is gone: with an error, or `None` when it was asked to end.
    Ended(Option<CameraError>),
    /// Time has passed.
    Tick,
}

/// What the runtime must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthEffect {
    /// Start a camera thread that opens the source.
    Open,
    /// Ask the camera thread to end after its current frame.
    Stop,
    /// Interrupt the camera thread's wait for the device and ask it to end.
    Wake,
}

/// How the camera does.
#[derive(Debug, Clone, PartialEq)]
pub enum HealthState {
    /// No frames are wanted.
    Off,
    /// The thread is opening the source.
    Opening {
        /// 1 for the first.
        attempt: u32,
        /// Since when.
        since: Moment,
    },
    /// Frames arrive.
    Streaming {
        /// Format in force.
        format: CameraFormat,
        /// Last frame, or the opening.
        heard: Moment,
        /// Attempt that opened it; forgotten with the first frame.
        attempt: u32,
    },
    /// The thread hangs in the device; it is being woken.
    Waking {
        /// What went wrong.
        error: CameraError,
        /// When it is woken again.
        again_at: Moment,
        /// Attempts to open so far.
        attempt: u32,
    },
    /// Lost; opened again at a set time.
    Waiting {
        /// What went wrong.
        error: CameraError,
        /// When; `None` where opening again by itself would be wrong: a recording played once has ended.
        retry_at: Option<Moment>,
        /// Attempts to open so far.
        attempt: u32,
    },
    /// The thread was asked to end.
    Stopping {
        /// Whether frames are wanted again once it has.
        reopen: bool,
        /// When it is woken from its wait for the device.
        again_at: Moment,
    },
}

/// The state machine.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceHealth {
    delays: HealthDelays,
    state: HealthState,
    arrivals: VecDeque<Moment>,
}

/// Time over which the delivered rate is taken.
const RATE_WINDOW: Duration = Duration::from_secs(2);
/// Arrivals remembered at most; above any webcam's rate times the window.
const MAX_ARRIVALS: usize = 1024;

impl DeviceHealth {
    /// A camera that nobody wants yet.
    #[must_use]
    pub const fn new(delays: HealthDelays) -> Self {
        Self { delays, state: HealthState::Off, arrivals: VecDeque::new() }
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> &HealthState {
        &self.state
    }

    /// What went wrong, while it is being mended.
    #[must_use]
    pub const fn trouble(&self) -> Option<&CameraError> {
        match &self.state {
            HealthState::Waking { error, .. } | HealthState::Waiting { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Frames a second delivered over the last two seconds; 0 before two frames came.
    #[must_use]
    pub fn delivered_rate(&self, now: Moment) -> f32 {
        let recent = self.arrivals.iter().filter(|at| now.since(**at) <= RATE_WINDOW);
        let (mut count, mut first) = (0_u32, None);
        for at in recent {
            first.get_or_insert(*at);
            count += 1;
        }
        // Counting intervals up to now, not up to the last frame, lets the rate fall when frames stop.
        let span = first.map_or(Duration::ZERO, |f| now.since(f)).as_secs_f32();
        if count >= 2 && span > 0.0 { (count - 1) as f32 / span } else { 0.0 }
    }

    /// When [`HealthEvent::Tick`] is due next, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        match &self.state {
            HealthState::Off => None,
            HealthState::Opening { since, .. } => Some((*since + self.delays.opening_limit, "opening takes too long")),
            HealthState::Streaming { heard, .. } => Some((*heard + self.delays.stalled_after, "no frame for too long")),
            HealthState::Waking { again_at, .. } => Some((*again_at, "wake the camera's thread again")),
            HealthState::Waiting { retry_at, .. } => retry_at.map(|at| (at, "open the camera again")),
            HealthState::Stopping { again_at, .. } => Some((*again_at, "wake the camera's thread so that it ends")),
        }
    }

    /// Applies one event. An event that does not belong to the state changes nothing.
    pub fn handle(&mut self, event: HealthEvent, now: Moment) -> Option<HealthEffect> {
        use HealthState as S;
        let delays = self.delays;
        let (next, effect) = match (self.state.clone(), event) {
            (S::Off, HealthEvent::Wanted) => (S::Opening { attempt: 1, since: now }, Some(HealthEffect::Open)),

            (S::Opening { attempt, .. }, HealthEvent::Opened(format)) => (S::Streaming { format, heard: now, attempt }, None),
            (S::Opening { attempt, since }, HealthEvent::Tick) if now.since(since) >= delays.opening_limit => {
                self.wake(attempt, since, now)
            }
            (S::Opening { attempt, .. }, HealthEvent::Ended(error)) => (self.wait(error, attempt, now), None),

            (S::Streaming { format, .. }, HealthEvent::Frame) => {
                self.note_arrival(now);
                (S::Streaming { format, heard: now, attempt: 0 }, None)
            }
            (S::Streaming { heard, attempt, .. }, HealthEvent::Tick) if now.since(heard) >= delays.stalled_after => {
                self.wake(attempt, heard, now)
            }
            (S::Streaming { attempt, .. }, HealthEvent::Ended(error)) => (self.wait(error, attempt, now), None),

            (S::Opening { .. } | S::Streaming { .. }, HealthEvent::Unwanted) => {
                (S::Stopping { reopen: false, again_at: now + delays.wake_again_after }, Some(HealthEffect::Stop))
            }

            // The thread's own words are "interrupted"; what made us interrupt it is what people should read.
            (S::Waking { error, attempt, .. }, HealthEvent::Ended(_)) => (self.wait(Some(error), attempt, now), None),
            (S::Waking { error, again_at, attempt }, HealthEvent::Tick) if now >= again_at => {
                (S::Waking { error, again_at: now + delays.wake_again_after, attempt }, Some(HealthEffect::Wake))
            }
            (S::Waking { again_at, .. }, HealthEvent::Unwanted) => (S::Stopping { reopen: false, again_at }, None),

            (S::Waiting { retry_at: Some(at), attempt, .. }, HealthEvent::Tick) if now >= at => {
                (S::Opening { attempt: attempt.saturating_add(1), since: now }, Some(HealthEffect::Open))
            }
            (S::Waiting { .. }, HealthEvent::Unwanted) => (S::Off, None),

            (S::Stopping { again_at, .. }, HealthEvent::Wanted) => (S::Stopping { reopen: true, again_at }, None),
            (S::Stopping { again_at, .. }, HealthEvent::Unwanted) => (S::Stopping { reopen: false, again_at }, None),
            (S::Stopping { reopen, again_at }, HealthEvent::Tick) if now >= again_at => {
                (S::Stopping { reopen, again_at: now + delays.wake_again_after }, Some(HealthEffect::Wake))
            }
            (S::Stopping { reopen: true, .. }, HealthEvent::Ended(_)) => (S::Opening { attempt: 1, since: now }, Some(HealthEffect::Open)),
            (S::Stopping { reopen: false, .. }, HealthEvent::Ended(_)) => (S::Off, None),

            (unchanged, _) => (unchanged, None),
        };
        if !matches!(next, S::Streaming { .. }) {
            self.arrivals.clear();
        }
        self.state = next;
        effect
    }

    fn wake(&self, attempt: u32, heard: Moment, now: Moment) -> (HealthState, Option<HealthEffect>) {
        let error = CameraError::Stalled { silent_for: now.since(heard) };
        (HealthState::Waking { error, again_at: now + self.delays.wake_again_after, attempt }, Some(HealthEffect::Wake))
    }

    fn wait(&self, error: Option<CameraError>, attempt: u32, now: Moment) -> HealthState {
        let error = error.unwrap_or_else(|| CameraError::Driver { reason: "the camera's thread ended without a reason".to_owned() });
        let doublings = attempt.saturating_sub(1).min(16);
        let delay = self.delays.first_retry.saturating_mul(1 << doublings).min(self.delays.longest_retry);
        // Input errors do not mend themselves, but a file can appear and a name be plugged in: those are tried at the slowest pace.
        let delay = if error.advice().retry { delay } else { self.delays.longest_retry };
        let retry_at = (error != CameraError::Ended).then_some(now + delay);
        HealthState::Waiting { error, retry_at, attempt }
    }

    fn note_arrival(&mut self, now: Moment) {
        while self.arrivals.len() >= MAX_ARRIVALS || self.arrivals.front().is_some_and(|at| now.since(*at) > RATE_WINDOW) {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::camera::PixelFormat;
    use proptest::prelude::*;

    const FORMAT: CameraFormat = CameraFormat { pixels: PixelFormat::Yuyv, width: 640, height: 480, rate: 30.0 };

    fn at(millis: u64) -> Moment {
        Moment::from_millis(millis)
    }

    fn streaming() -> DeviceHealth {
        let mut health = DeviceHealth::new(HealthDelays::default());
        assert_eq!(health.handle(HealthEvent::Wanted, at(0)), Some(HealthEffect::Open));
        assert_eq!(health.handle(HealthEvent::Opened(FORMAT), at(0)), None);
        assert_eq!(health.handle(HealthEvent::Frame, at(0)), None);
        health
    }

    #[test]
    fn an_unplugged_camera_is_opened_again_with_growing_pauses() {
        let mut health = streaming();
        health.handle(HealthEvent::Ended(Some(CameraError::Unplugged)), at(100));
        assert_eq!(health.trouble(), Some(&CameraError::Unplugged));
        let (mut pauses, mut now) = (Vec::new(), at(100));
        for _ in 0..7 {
            let (due, _) = health.next_deadline().expect("a retry is due");
            pauses.push(due.since(now).as_millis());
            assert_eq!(health.handle(HealthEvent::Tick, due), Some(HealthEffect::Open));
            now = due;
            health.handle(HealthEvent::Ended(Some(CameraError::NotFound { id: "x".into() })), now);
        }
        assert_eq!(pauses, [250, 250, 500, 1000, 2000, 4000, 4000]);
        health.handle(HealthEvent::Tick, health.next_deadline().expect("due").0);
        health.handle(HealthEvent::Opened(FORMAT), at(60_000));
        assert!(matches!(health.state(), HealthState::Streaming { .. }));
    }

    #[test]
    fn a_stalled_camera_is_woken_and_never_opened_twice() {
        let mut health = streaming();
        assert_eq!(health.handle(HealthEvent::Tick, at(1999)), None);
        assert_eq!(health.handle(HealthEvent::Tick, at(2000)), Some(HealthEffect::Wake));
        assert_eq!(health.trouble().map(|e| e.advice().code), Some("CAM-05"));
        assert_eq!(health.handle(HealthEvent::Tick, at(2100)), None);
        assert_eq!(health.handle(HealthEvent::Tick, at(2500)), Some(HealthEffect::Wake), "the thread still hangs");
        let interrupted = CameraError::Driver { reason: "interrupted".into() };
        assert_eq!(health.handle(HealthEvent::Ended(Some(interrupted)), at(2510)), None);
        assert_eq!(health.trouble().map(|e| e.advice().code), Some("CAM-05"), "the cause is kept, not the interruption");
        assert_eq!(health.handle(HealthEvent::Tick, at(2760)), Some(HealthEffect::Open));
    }

    #[test]
    fn switching_waits_for_the_old_thread() {
        let mut health = streaming();
        assert_eq!(health.handle(HealthEvent::Unwanted, at(10)), Some(HealthEffect::Stop));
        assert_eq!(health.handle(HealthEvent::Wanted, at(11)), None);
        assert_eq!(health.handle(HealthEvent::Ended(None), at(12)), Some(HealthEffect::Open));
    }

    #[test]
    fn a_recording_played_once_stays_ended() {
        let mut health = streaming();
        health.handle(HealthEvent::Ended(Some(CameraError::Ended)), at(5));
        assert_eq!(health.next_deadline(), None);
        assert_eq!(health.handle(HealthEvent::Tick, at(1_000_000)), None);
        assert_eq!(health.handle(HealthEvent::Unwanted, at(1_000_001)), None);
        assert_eq!(health.state(), &HealthState::Off);
    }

    #[test]
    fn the_rate_is_that_of_the_last_two_seconds() {
        let mut health = streaming();
        (1..=100).for_each(|i| _ = health.handle(HealthEvent::Frame, at(i * 40)));
        assert!((health.delivered_rate(at(4000)) - 25.0).abs() < 0.5, "{}", health.delivered_rate(at(4000)));
        assert!(health.delivered_rate(at(5000)) < 14.0, "falls when frames stop");
        assert_eq!(health.delivered_rate(at(9000)), 0.0);
    }

    fn any_event() -> impl Strategy<Value = HealthEvent> {
        prop_oneof![
            Just(HealthEvent::Wanted),
            Just(HealthEvent::Unwanted),
            Just(HealthEvent::Opened(FORMAT)),
            Just(HealthEvent::Frame),
            Just(HealthEvent::Ended(None)),
            Just(HealthEvent::Ended(Some(CameraError::Unplugged))),
            Just(HealthEvent::Ended(Some(CameraError::Ended))),
            Just(HealthEvent::Ended(Some(CameraError::Unplayable { what: "x".into(), reason: "y".into() }))),
            Just(HealthEvent::Tick),
        ]
    }

    proptest! {
        /// Any order of events, at any times, backwards ones included, keeps one thread at most and can always be ended and begun again.
        #[test]
        fn any_order_of_events_ends_in_a_named_state(script in proptest::collection::vec((any_event(), 0u64..20_000), 0..80)) {
            let mut health = DeviceHealth::new(HealthDelays::default());
            let mut thread_lives = false;
            for (event, millis) in script {
                // The runtime tells of a thread's life only while there is one.
                let about_thread = matches!(event, HealthEvent::Opened(_) | HealthEvent::Frame | HealthEvent::Ended(_));
                if about_thread && !thread_lives { continue; }
                if matches!(event, HealthEvent::Ended(_)) { thread_lives = false; }
                if health.handle(event, at(millis)) == Some(HealthEffect::Open) {
                    prop_assert!(!thread_lives, "a second stream beside a living thread");
                    thread_lives = true;
                }
                let supposed = !matches!(health.state(), HealthState::Off | HealthState::Waiting { .. });
                prop_assert_eq!(supposed, thread_lives, "{:?}", health.state());
                prop_assert!(health.delivered_rate(at(millis)).is_finite());
            }
            health.handle(HealthEvent::Unwanted, at(30_000));
            if thread_lives { health.handle(HealthEvent::Ended(None), at(30_001)); }
            prop_assert_eq!(health.state(), &HealthState::Off);
            prop_assert_eq!(health.handle(HealthEvent::Wanted, at(30_002)), Some(HealthEffect::Open));
        }
    }
}
