//! Floor 6: named threads, channels, effect dispatch, supervision and the clock. Knows no window: it is handed a [`messages::Waker`].

pub mod analysis;
pub mod application;
pub mod assessment;
pub mod audit;
pub mod benchmark;
pub mod camera;
pub mod camera_wake;
pub mod clock;
pub mod document;
pub mod document_scenes;
pub mod drill;
pub mod enrolled;
pub mod evaluation;
pub mod events;
pub mod gallery;
pub mod log;
pub mod mailbox;
pub mod messages;
pub mod opinions;
pub mod progress;
pub mod search;
pub mod services;
pub mod settings;
pub mod sync;
pub mod transfer;

use messages::Waker;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Kept by a thread while it works: says, when its work is over or has panicked, that joining it takes no time, and wakes the owner to do so.
pub(crate) struct SayDone {
    /// What the owner looks at.
    pub done: Arc<AtomicBool>,
    /// Wakes the owner.
    pub waker: Waker,
}

impl Drop for SayDone {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        (self.waker)();
    }
}

/// How often a thread that was told to end is looked at.
pub(crate) const JOIN_PAUSE: Duration = Duration::from_millis(5);

/// Joins a thread that was told to end, waiting up to `limit` and calling `nudge` every few milliseconds. `None` when it did not end in time
/// (it is then left behind and dies with the process) or had panicked.
pub(crate) fn join_within<T>(thread: JoinHandle<T>, limit: Duration, mut nudge: impl FnMut(&JoinHandle<T>)) -> Option<T> {
    let mut waited = Duration::ZERO;
    while !thread.is_finished() {
        if waited >= limit {
            return None;
        }
        nudge(&thread);
        std::thread::sleep(JOIN_PAUSE);
        waited += JOIN_PAUSE;
    }
    thread.join().ok()
}
