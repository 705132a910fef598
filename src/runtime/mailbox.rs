//! A slot for one value: the newest wins, what it overwrites is counted. Nothing queues behind a slow reader.

use super::messages::Waker;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

struct State<T> {
    value: Option<T>,
    posted: u64,
    dropped: u64,
    closed: bool,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    waker: Option<Waker>,
}

/// What a wait for the next value came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// The newest value.
    Value(T),
    /// Nothing came in time.
    Nothing,
    /// The slot is empty and closed: nothing will come.
    Closed,
}

/// A handle on the slot; clones share it.
///
/// # Threads
/// Any number of threads may post and take; a value is taken by one of them.
pub struct Mailbox<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Clone for Mailbox<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> std::fmt::Debug for Mailbox<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.lock();
        write!(f, "Mailbox(posted {}, dropped {}, closed {})", state.posted, state.dropped, state.closed)
    }
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self::new(None)
    }
}

impl<T> Mailbox<T> {
    /// An empty slot; `waker` is called, outside the lock, after every post.
    #[must_use]
    pub fn new(waker: Option<Waker>) -> Self {
        let state = Mutex::new(State { value: None, posted: 0, dropped: 0, closed: false });
        Self { shared: Arc::new(Shared { state, filled: Condvar::new(), waker }) }
    }

    // Every critical section below leaves the state whole, so a poisoned lock holds nothing broken.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a value in; an older one that nobody took is dropped and counted. Ignored after [`Self::close`].
    pub fn post(&self, value: T) {
        let overwritten = {
            let mut state = self.lock();
            if state.closed {
                return;
            }
            state.posted += 1;
            let overwritten = state.value.replace(value);
            state.dropped += u64::from(overwritten.is_some());
            overwritten
        };
        self.shared.filled.notify_one();
        // Freed after the lock is given back: a frame of megabytes takes its time.
        drop(overwritten);
        if let Some(wake) = &self.shared.waker {
            wake();
        }
    }

    /// Takes the newest value, if there is one; never blocks for long.
    #[must_use]
    pub fn take(&self) -> Option<T> {
        self.lock().value.take()
    }

    /// Waits up to `limit` for a value and takes it.
    #[must_use]
    pub fn wait(&self, limit: Duration) -> Taken<T> {
        let empty = |state: &mut State<T>| state.value.is_none() && !state.closed;
        let (mut state, _) = self.shared.filled.wait_timeout_while(self.lock(), limit, empty).unwrap_or_else(PoisonError::into_inner);
        match state.value.take() {
            Some(value) => Taken::Value(value),
            None if state.closed => Taken::Closed,
            None => Taken::Nothing,
        }
    }

    /// Lets every waiting reader go; a value in the slot can still be taken.
    pub fn close(&self) {
        self.lock().closed = true;
        self.shared.filled.notify_all();
    }

    /// Values put in so far.
    #[must_use]
    pub fn posted(&self) -> u64 {
        self.lock().posted
    }

    /// Values overwritten before anybody took them.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.lock().dropped
    }
}

impl<T: Clone> Mailbox<T> {
    /// A copy of the newest value, left in the slot.
    #[must_use]
    pub fn peek(&self) -> Option<T> {
        self.lock().value.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn a_closed_slot_lets_readers_go_and_keeps_its_value() {
        let slot = Mailbox::default();
        assert_eq!(slot.wait(Duration::ZERO), Taken::Nothing);
        slot.post(1);
        slot.close();
        slot.post(2);
        assert_eq!(slot.peek(), Some(1));
        assert_eq!(slot.wait(Duration::MAX), Taken::Value(1));
        assert_eq!(slot.wait(Duration::MAX), Taken::Closed);
    }

    #[test]
    fn every_post_wakes() {
        let count = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&count);
        let slot = Mailbox::new(Some(Arc::new(move || _ = counted.fetch_add(1, Ordering::SeqCst))));
        (0..5).for_each(|i| slot.post(i));
        assert_eq!(count.load(Ordering::SeqCst), 5);
        assert_eq!((slot.take(), slot.take()), (Some(4), None));
        assert_eq!((slot.posted(), slot.dropped()), (5, 4));
    }

    #[test]
    fn readers_on_other_threads_see_order_and_lose_nothing_uncounted() {
        const POSTS: u64 = 20_000;
        let slot = Mailbox::<u64>::default();
        let taken = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| {
                        let mut seen = Vec::new();
                        loop {
                            match slot.wait(Duration::MAX) {
                                Taken::Value(v) => seen.push(v),
                                Taken::Nothing => {}
                                Taken::Closed => return seen,
                            }
                        }
                    })
                })
                .collect();
            (0..POSTS).for_each(|i| slot.post(i));
            slot.close();
            readers.into_iter().map(|r| r.join().expect("a reader does not panic")).collect::<Vec<_>>()
        });
        for seen in &taken {
            assert!(seen.is_sorted(), "a reader never sees an older value after a newer one");
        }
        let total: u64 = taken.iter().map(|s| s.len() as u64).sum();
        assert_eq!(total + slot.dropped(), POSTS);
        assert!(taken.iter().flatten().any(|v| *v == POSTS - 1), "the last value is never lost");
    }

    proptest::proptest! {
        #[test]
        fn it_behaves_as_an_option_with_a_count(steps in proptest::collection::vec(proptest::option::of(0u8..), 0..60)) {
            let (slot, mut model, mut dropped) = (Mailbox::default(), None, 0);
            for step in steps {
                match step {
                    Some(v) => { slot.post(v); dropped += u64::from(model.replace(v).is_some()); }
                    None => proptest::prop_assert_eq!(slot.take(), model.take()),
                }
                proptest::prop_assert_eq!(slot.peek(), model);
                proptest::prop_assert_eq!(slot.dropped(), dropped);
            }
        }
    }
}
