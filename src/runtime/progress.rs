//! How far an export or import is, and the word that breaks it off.

use crate::runtime::clock::Clock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Called with what is done and what there is in all.
type Told = Box<dyn Fn(u64, u64) + Send + Sync>;

/// Longest stretch of a pause that nobody can break off.
const SLICE: Duration = Duration::from_millis(100);

/// Shared between whoever moves people or packets and whoever shows it.
#[derive(Default)]
pub struct Progress {
    done: AtomicU64,
    of: AtomicU64,
    cancelled: AtomicBool,
    told: Option<Told>,
}

impl Progress {
    /// One that calls `told` at every step.
    #[must_use]
    pub fn telling(told: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        Self { told: Some(Box::new(told)), ..Self::default() }
    }

    /// People or packets done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// People or packets in all; 0 until it is known.
    #[must_use]
    pub fn of(&self) -> u64 {
        self.of.load(Ordering::Relaxed)
    }

    /// Breaks it off before the next person or packet, or group of packets; calls under way are waited for.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Whether it was told to break off.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// One more is done; the answer is whether to go on.
    pub(super) fn step(&self) -> bool {
        self.done.fetch_add(1, Ordering::Relaxed);
        !self.is_cancelled()
    }

    pub(super) fn at(&self, done: u64, of: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
        if let Some(told) = &self.told {
            told(done, of);
        }
    }

    /// Pauses; returns early once it is broken off.
    pub(super) fn pause(&self, clock: &dyn Clock, pause: Duration) {
        let mut left = pause;
        while !left.is_zero() && !self.is_cancelled() {
            let slice = left.min(SLICE);
            clock.sleep(slice);
            left -= slice;
        }
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Progress({} of {}, cancelled: {})", self.done(), self.of(), self.is_cancelled())
    }
}
