//! The thread that looks for documents in live frames: the newest frame wins, what was seen before a new beginning is dropped.

use crate::documents::picture::{find, measure};
use crate::ports::camera::CapturedFrame;
use crate::runtime::SayDone;
use crate::runtime::mailbox::{Mailbox, Taken};
use crate::runtime::messages::Waker;
use crate::workflow::document_capture::DocumentObservation;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Wait between two looks at whether the owner is still there; frames arrive at once.
const CHECK: Duration = Duration::from_secs(1);

/// Looks for documents in one frame and measures the likeliest.
#[must_use]
pub fn observe(frame: CapturedFrame) -> DocumentObservation {
    let found = find(&frame.frame);
    let measures = found.first().and_then(|first| measure(&frame.frame, first));
    DocumentObservation { frame, found, measures }
}

struct Shared {
    frames: Mailbox<(u64, CapturedFrame)>,
    seen: Mailbox<(u64, DocumentObservation)>,
    /// Counts beginnings: what belongs to an earlier one is nobody's business any more.
    beginning: AtomicU64,
    done: Arc<AtomicBool>,
    waker: Waker,
}

/// The thread's handle.
///
/// # Threads
/// Belongs to one thread; nothing here blocks but [`Self::shut_down`].
pub struct DocumentWatcher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl DocumentWatcher {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system's error when no thread can be started.
    pub fn start(waker: Waker) -> std::io::Result<Self> {
        Self::watching(waker, observe)
    }

    fn watching(waker: Waker, observe: fn(CapturedFrame) -> DocumentObservation) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            frames: Mailbox::default(),
            seen: Mailbox::default(),
            beginning: AtomicU64::new(0),
            done: Arc::default(),
            waker,
        });
        let say_done = SayDone { done: Arc::clone(&shared.done), waker: Arc::clone(&shared.waker) };
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("documents".to_owned()).spawn(move || {
            let _say_done = say_done;
            loop {
                match own.frames.wait(CHECK) {
                    Taken::Value((beginning, frame)) if beginning == own.beginning.load(Ordering::Acquire) => {
                        own.seen.post((beginning, observe(frame)));
                        (own.waker)();
                    }
                    Taken::Value(_) | Taken::Nothing => {}
                    Taken::Closed => return,
                }
            }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Begins anew: nothing seen so far, or in frames handed in so far, comes out any more.
    pub fn begin(&self) {
        self.shared.beginning.fetch_add(1, Ordering::AcqRel);
        drop(self.shared.frames.take());
        drop(self.shared.seen.take());
    }

    /// Hands in a frame; one that was not looked at yet is dropped for it.
    pub fn look(&self, frame: CapturedFrame) {
        self.shared.frames.post((self.shared.beginning.load(Ordering::Acquire), frame));
    }

    /// What was seen in the newest frame looked at since the last call.
    #[must_use]
    pub fn take_seen(&self) -> Option<DocumentObservation> {
        let (beginning, seen) = self.shared.seen.take()?;
        (beginning == self.shared.beginning.load(Ordering::Acquire)).then_some(seen)
    }

    /// Frames that were dropped because newer ones came.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.shared.frames.dropped()
    }

    /// Whether the thread is gone without having been told to end.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.thread.is_some() && self.shared.done.load(Ordering::Acquire)
    }

    /// Lets the thread end after its current frame; waits up to `limit`. Returns whether it ended in order.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.shared.frames.close();
        self.thread.take().is_none_or(|thread| crate::runtime::join_within(thread, limit, |_| ()).is_some())
    }
}

impl Drop for DocumentWatcher {
    fn drop(&mut self) {
        self.shared.frames.close();
    }
}

impl std::fmt::Debug for DocumentWatcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentWatcher(lost: {})", self.is_lost())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::imaging::Frame;
    use crate::ports::camera::Origin;
    use crate::units::Moment;
    use std::sync::mpsc::{Receiver, sync_channel};

    const LONG: Duration = Duration::from_secs(20);

    fn frame(number: u64) -> CapturedFrame {
        let frame = Arc::new(Frame::filled(Size::new(64, 48), [90; 3]));
        CapturedFrame { frame, number, captured_at: Moment::default(), origin: Origin::Practice }
    }

    /// Panics on frame 99.
    fn seen(frame: CapturedFrame) -> DocumentObservation {
        assert_ne!(frame.number, 99, "a bug");
        observe(frame)
    }

    fn started() -> (DocumentWatcher, Receiver<()>) {
        let (wake, woken) = sync_channel(8);
        (DocumentWatcher::watching(Arc::new(move || _ = wake.try_send(())), seen).expect("a thread"), woken)
    }

    #[test]
    fn a_frame_is_looked_at_and_what_belongs_to_an_earlier_beginning_is_dropped() {
        let (mut watcher, woken) = started();
        watcher.look(frame(1));
        woken.recv_timeout(LONG).expect("it wakes its owner");
        let first = watcher.take_seen().expect("an observation");
        assert_eq!((first.frame.number, first.found.len(), first.measures), (1, 0, None));
        watcher.look(frame(2));
        woken.recv_timeout(LONG).expect("it wakes its owner");
        watcher.begin();
        assert!(watcher.take_seen().is_none(), "seen before the new beginning");
        watcher.look(frame(3));
        woken.recv_timeout(LONG).expect("it wakes its owner");
        assert_eq!(watcher.take_seen().map(|s| s.frame.number), Some(3));
        assert!(watcher.shut_down(LONG) && !watcher.is_lost(), "told to end is not lost");
    }

    #[test]
    fn a_panic_is_seen_by_the_owner() {
        let (mut watcher, woken) = started();
        watcher.look(frame(99));
        woken.recv_timeout(LONG).expect("it wakes its owner");
        assert!(watcher.is_lost() && watcher.take_seen().is_none());
        assert!(!watcher.shut_down(LONG));
    }
}
