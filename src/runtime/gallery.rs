//! The gallery's thread: it alone owns the store and the index. Questions queue, bounded; each is answered on a channel of its own.

use super::messages::Waker;
use crate::ports::gallery::GalleryError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Questions that may wait; a window asks for a page or two at a time.
const QUEUE: usize = 256;

/// Opens what the thread owns, on the thread; `true` asks for the practice gallery.
pub type Opener<R> = Box<dyn FnMut(bool) -> Result<R, GalleryError> + Send>;

type Question<R> = Box<dyn FnOnce(&mut Room<R>) + Send>;

/// What the thread owns: the store and its index, or why there is none.
struct Room<R> {
    opener: Opener<R>,
    owned: Result<R, GalleryError>,
}

/// An answer to come.
#[derive(Debug)]
pub struct Pending<T>(Receiver<Result<T, GalleryError>>);

impl<T> Pending<T> {
    /// The answer if it has come; never blocks. Ask no more after it has.
    #[must_use]
    pub fn try_get(&self) -> Option<Result<T, GalleryError>> {
        match self.0.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(GalleryError::WorkerLost)),
        }
    }

    /// Waits for the answer, for commands that have no window.
    ///
    /// # Errors
    /// As the question's own, or [`GalleryError::WorkerLost`] when the thread is gone or does not answer within `limit`.
    pub fn wait(self, limit: Duration) -> Result<T, GalleryError> {
        match self.0.recv_timeout(limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(GalleryError::WorkerLost),
        }
    }
}

/// The thread's handle. `R` is what it owns: the store with the index.
pub struct GalleryWorker<R> {
    questions: Option<SyncSender<Question<R>>>,
    thread: Option<JoinHandle<()>>,
    waker: Waker,
}

impl<R: 'static> GalleryWorker<R> {
    /// Starts the thread and lets it open the gallery; whether that worked is the answer of the first question.
    ///
    /// # Errors
    /// [`GalleryError::Unopenable`] when no thread can be started.
    pub fn start(opener: Opener<R>, practice: bool, waker: Waker) -> Result<Self, GalleryError> {
        Self::start_named("gallery", opener, practice, waker)
    }

    /// As [`Self::start`], under another name: whoever owns something else in the same file.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_named(name: &str, mut opener: Opener<R>, practice: bool, waker: Waker) -> Result<Self, GalleryError> {
        let (questions, queue) = sync_channel::<Question<R>>(QUEUE);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let owned = opener(practice);
            let mut room = Room { opener, owned };
            while let Ok(question) = queue.recv() {
                question(&mut room);
            }
        });
        let thread = thread.map_err(|e| GalleryError::Unopenable { reason: format!("its thread cannot be started: {e}") })?;
        Ok(Self { questions: Some(questions), thread: Some(thread), waker })
    }

    /// Queues a question. The waker is called when the answer has come, or when it never will.
    #[must_use]
    pub fn ask<T: Send + 'static>(&self, work: impl FnOnce(&mut R) -> Result<T, GalleryError> + Send + 'static) -> Pending<T> {
        self.queue(move |room| match &mut room.owned {
            Ok(owned) => work(owned),
            Err(error) => Err(error.clone()),
        })
    }

    /// Closes what is open and opens the gallery anew: the practice gallery or the real one, or the same again after a failure.
    #[must_use]
    pub fn reopen(&self, practice: bool) -> Pending<()> {
        self.queue(move |room| {
            // Closed first: the same file must not be open twice.
            room.owned = Err(GalleryError::WorkerLost);
            room.owned = (room.opener)(practice);
            room.owned.as_ref().map(|_| ()).map_err(Clone::clone)
        })
    }

    /// Whether the thread is gone without having been told to end.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.thread.as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// Lets the thread finish what is queued and end, and does not wait: the handle is for whoever does.
    pub(in crate::runtime) fn dismiss(mut self) -> Option<JoinHandle<()>> {
        self.questions = None;
        self.thread.take()
    }

    /// Lets the thread finish what is queued and end; waits up to `limit`. Returns whether it ended in order.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.questions = None;
        self.thread.take().is_none_or(|thread| super::join_within(thread, limit, |_| ()).is_some())
    }

    fn queue<T: Send + 'static>(&self, work: impl FnOnce(&mut Room<R>) -> Result<T, GalleryError> + Send + 'static) -> Pending<T> {
        let (answer, pending) = sync_channel(1);
        let reply = Reply { answer, _wake: WakeAtLast(self.waker.clone()) };
        let question: Question<R> = Box::new(move |room| {
            let reply = reply;
            // An owner that no longer waits needs no answer.
            let _ = reply.answer.send(work(room));
        });
        if let Some(Err(refusal)) = self.questions.as_ref().map(|q| q.try_send(question)) {
            let error = match refusal {
                TrySendError::Full(_) => GalleryError::Database { reason: "more questions wait than it can take".to_owned() },
                TrySendError::Disconnected(_) => GalleryError::WorkerLost,
            };
            let (refused, pending) = sync_channel(1);
            let _ = refused.send(Err(error));
            return Pending(pending);
        }
        Pending(pending)
    }
}

impl<R> std::fmt::Debug for GalleryWorker<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GalleryWorker(ended: {})", self.thread.as_ref().is_none_or(JoinHandle::is_finished))
    }
}

/// Where an answer goes. Dropped, also with a question that is never reached, it closes the channel first and wakes then: whoever wakes
/// finds either the answer or that there is none.
struct Reply<T> {
    answer: SyncSender<Result<T, GalleryError>>,
    _wake: WakeAtLast,
}

struct WakeAtLast(Waker);

impl Drop for WakeAtLast {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const LONG: Duration = Duration::from_secs(20);

    fn counter(opener: Opener<u32>) -> (GalleryWorker<u32>, Receiver<()>) {
        let (wake, woken) = sync_channel(1000);
        (GalleryWorker::start(opener, false, Arc::new(move || _ = wake.try_send(()))).unwrap(), woken)
    }

    #[test]
    fn questions_are_answered_in_order_each_on_its_own_channel() {
        let (mut worker, woken) = counter(Box::new(|_| Ok(0)));
        let pending: Vec<_> = (0..100)
            .map(|_| {
                worker.ask(|n| {
                    *n += 1;
                    Ok(*n)
                })
            })
            .collect();
        assert_eq!(pending.into_iter().map(|p| p.wait(LONG).unwrap()).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
        assert!(worker.shut_down(LONG));
        assert_eq!(woken.try_iter().count(), 100);
        assert_eq!(worker.ask(|n| Ok(*n)).wait(LONG), Err(GalleryError::WorkerLost));
    }

    #[test]
    fn what_was_asked_before_the_end_is_still_done() {
        let (mut worker, _woken) = counter(Box::new(|_| Ok(0)));
        let pending = worker.ask(|n| Ok(*n + 41)).0;
        let (slow, release) = sync_channel::<()>(0);
        let _held = worker.ask(move |_| {
            let _ = slow.send(());
            Ok(())
        });
        let last = worker.ask(|n| Ok(*n + 1));
        release.recv_timeout(LONG).expect("the thread reaches the second question");
        assert!(worker.shut_down(LONG));
        assert_eq!(pending.try_recv(), Ok(Ok(41)));
        assert_eq!(last.wait(LONG), Ok(1));
    }

    #[test]
    fn a_panic_is_a_lost_worker_for_every_question() {
        let (mut worker, woken) = counter(Box::new(|_| Ok(0)));
        let first = worker.ask(|_| -> Result<(), _> { panic!("a bug") });
        let second = worker.ask(|n| Ok(*n));
        assert_eq!(first.wait(LONG), Err(GalleryError::WorkerLost));
        assert_eq!(second.wait(LONG), Err(GalleryError::WorkerLost));
        woken.recv_timeout(LONG).expect("the window is woken to see it");
        assert!(!worker.shut_down(LONG), "it did not end in order");
    }

    #[test]
    fn a_gallery_that_cannot_be_opened_says_why_and_can_be_opened_again() {
        let mut tries = 0;
        let (worker, _woken) = counter(Box::new(move |practice| {
            tries += 1;
            if tries == 1 { Err(GalleryError::Locked) } else { Ok(if practice { 100 } else { 1 }) }
        }));
        assert_eq!(worker.ask(|n| Ok(*n)).wait(LONG), Err(GalleryError::Locked));
        assert_eq!(worker.reopen(false).wait(LONG), Ok(()));
        assert_eq!(worker.ask(|n| Ok(*n)).wait(LONG), Ok(1));
        assert_eq!(worker.reopen(true).wait(LONG), Ok(()));
        assert_eq!(worker.ask(|n| Ok(*n)).wait(LONG), Ok(100));
    }
}
