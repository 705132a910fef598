//! Telling receivers: what is due is posted, what fails is tried again later, what fails too often is set aside. One thread owns it; a
//! message is settled after its answer, so a process that ends in between tells it once more, under the same identifier.

use super::clock::Clock;
use super::messages::Waker;
use super::sync::Turn;
use super::sync::setup::Places;
use crate::adapters::services::post::Poster;
use crate::advice::Advised as _;
use crate::config::{Config, EventsConfig};
use crate::ports::events::{EventStore, Post, PostChange, PostState};
use crate::ports::gallery::GalleryError;
use crate::ports::services::{ServiceError, ServiceFault};
use crate::units::UtcTime;
use crate::workflow::sync::{Rules, delay};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use uuid::Uuid;

/// Messages posted in one round.
const ROUND: u32 = 64;
/// How often the thread looks although nobody asks.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
const DAY: i64 = 86_400_000;

/// Opens the store of the practice gallery (`true`) or the real one.
pub type EventPlace = Arc<dyn Fn(bool) -> Result<Box<dyn EventStore>, GalleryError> + Send + Sync>;

/// Delays and limits from the configuration.
#[must_use]
pub fn rules(config: &EventsConfig) -> Rules {
    Rules {
        max_tries: config.max_tries,
        max_doubts: config.max_tries,
        first_delay: Duration::from_secs(config.first_delay_seconds.into()),
        longest_delay: Duration::from_secs(u64::from(config.longest_delay_minutes) * 60),
        look_up_after: Duration::ZERO,
    }
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct EventTally {
    /// Taken by their receivers.
    pub delivered: u64,
    /// Tried and put off.
    pub failed_tries: u64,
    /// Set aside.
    pub set_aside: u64,
}

/// Posts what is due.
pub struct Teller {
    /// The store.
    pub store: Box<dyn EventStore>,
    /// Posts.
    pub poster: Poster,
    /// Delays and limits.
    pub rules: Rules,
    /// Days after which a message is given up.
    pub keep_days: u32,
    /// For delays.
    pub chance: Box<dyn FnMut() -> u64 + Send>,
    /// How often each receiver could not be reached in a row.
    silences: HashMap<Uuid, u32>,
}

impl std::fmt::Debug for Teller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Teller({} silent)", self.silences.len())
    }
}

impl Teller {
    /// Over a store.
    #[must_use]
    pub fn new(store: Box<dyn EventStore>, poster: Poster, config: &EventsConfig) -> Self {
        let (rules, keep_days) = (rules(config), config.keep_days);
        Self { store, poster, rules, keep_days, chance: Box::new(rand::random), silences: HashMap::new() }
    }

    /// One round: everything that is due, oldest first.
    ///
    /// # Errors
    /// [`GalleryError`] when the store cannot be read or written.
    pub fn round(&mut self, now: UtcTime) -> Result<EventTally, GalleryError> {
        self.round_while(now, &|| true)
    }

    /// As [`Self::round`], asking before each message whether to go on; what is left is told by the next.
    fn round_while(&mut self, now: UtcTime, goes_on: &dyn Fn() -> bool) -> Result<EventTally, GalleryError> {
        let mut tally = EventTally::default();
        let mut silent: Vec<Uuid> = Vec::new();
        for post in self.store.due(now, ROUND)?.into_iter().take_while(|_| goes_on()) {
            if !silent.contains(&post.webhook) && !self.tell(&post, now, &mut tally)? {
                silent.push(post.webhook);
            }
        }
        self.store.forget_before(UtcTime(now.0.saturating_sub(i64::from(self.keep_days) * DAY)))?;
        Ok(tally)
    }

    /// Posts one message and keeps what became of it; `false` where the receiver cannot be reached at all.
    fn tell(&mut self, post: &Post, now: UtcTime, tally: &mut EventTally) -> Result<bool, GalleryError> {
        let (webhook, secrets) = self.store.webhook(post.webhook, now)?;
        let too_old = now.0.saturating_sub(post.event.event.at.0) > i64::from(self.keep_days) * DAY;
        let change = |state, tries, due_at, last: String| PostChange { number: post.number, state, tries, due_at, last };
        if too_old {
            tally.set_aside += 1;
            self.store.settle(&change(PostState::SetAside, post.tries, UtcTime(0), "it grew too old".to_owned()), now)?;
            return Ok(true);
        }
        let (last, asked) = match self.poster.post(&webhook, &secrets, &post.event.message()) {
            Ok(answer) if answer.is_success() => {
                tally.delivered += 1;
                self.silences.remove(&post.webhook);
                self.store.settle(&change(PostState::Delivered, post.tries, UtcTime(0), format!("status {}", answer.status)), now)?;
                return Ok(true);
            }
            Ok(answer) => (format!("status {}", answer.status), answer.retry_after),
            Err(error) if error.fault == ServiceFault::Unreachable => {
                tally.failed_tries += 1;
                let silences = self.silences.entry(post.webhook).or_insert(0);
                *silences = silences.saturating_add(1);
                // A network that is down counts against nobody.
                let pause = delay(&self.rules, *silences, (self.chance)());
                self.store.settle(&change(PostState::Queued, post.tries, later(now, pause), words(&error)), now)?;
                self.store.put_off(post.webhook, later(now, pause))?;
                return Ok(false);
            }
            Err(error) => (words(&error), error.retry_after),
        };
        self.silences.remove(&post.webhook);
        let tries = post.tries.saturating_add(1);
        let worn_out = tries >= self.rules.max_tries;
        let state = if worn_out { PostState::SetAside } else { PostState::Queued };
        let pause = delay(&self.rules, tries, (self.chance)()).max(asked.unwrap_or_default().min(self.rules.longest_delay));
        if worn_out {
            tally.set_aside += 1;
        } else {
            tally.failed_tries += 1;
        }
        tracing::info!(webhook = %post.webhook, tries, %last, "a receiver was not told");
        self.store.settle(&change(state, tries, later(now, pause), last), now)?;
        Ok(true)
    }

    /// Rounds until nothing is due within `patience`.
    ///
    /// # Errors
    /// [`GalleryError`].
    pub fn run_until_rest(&mut self, clock: &dyn Clock, patience: Duration) -> Result<EventTally, GalleryError> {
        let mut sum = EventTally::default();
        loop {
            let now = clock.utc();
            let done = self.round(now)?;
            sum.delivered += done.delivered;
            sum.failed_tries += done.failed_tries;
            sum.set_aside += done.set_aside;
            let posted = done != EventTally::default();
            let next = self.store.next_due(now)?.map(|due| Duration::from_millis(u64::try_from(due.0.saturating_sub(now.0)).unwrap_or(0)));
            match next {
                _ if posted && !self.store.due(now, 1)?.is_empty() => {}
                Some(pause) if pause <= patience => clock.sleep(pause.max(Duration::from_millis(1))),
                _ => return Ok(sum),
            }
        }
    }
}

fn later(now: UtcTime, pause: Duration) -> UtcTime {
    UtcTime(now.0.saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)))
}

/// A failure in one line; the transport's message names the taxonomy's service, which is nobody here.
fn words(error: &ServiceError) -> String {
    format!("{}: {}", error.advice().code, error.message)
}

/// The thread that tells. What it tells is in the store already: nothing is lost with it.
pub struct EventsWorker {
    calls: Option<SyncSender<()>>,
    /// Set when it should end after the message in hand.
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread is built from.
pub struct EventParts {
    /// Where things are.
    pub places: Places,
    /// Opens the store.
    pub open: EventPlace,
    /// Whether the practice gallery's events are told.
    pub practice: bool,
    /// Configuration.
    pub config: Config,
}

impl std::fmt::Debug for EventParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EventParts({:?}, practice {})", self.places, self.practice)
    }
}

impl EventsWorker {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system's error when there is no thread.
    pub fn start(parts: EventParts, waker: Waker) -> std::io::Result<Self> {
        let (calls, queue) = sync_channel(1);
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let thread = std::thread::Builder::new().name("events".to_owned()).spawn(move || {
            if let Err(error) = run(&parts, &queue, &ends) {
                tracing::warn!(code = error.advice().code, %error, "events");
            }
            waker();
        })?;
        Ok(Self { calls: Some(calls), over, thread: Some(thread) })
    }

    /// Says that an event was kept; never blocks.
    pub fn wake(&self) {
        // A call that waits already is enough.
        let _ = self.calls.as_ref().is_some_and(|calls| calls.try_send(()).is_ok());
    }

    /// Lets the thread end after the message in hand, and does not wait: the handle is for whoever does.
    pub(in crate::runtime) fn dismiss(mut self) -> Option<JoinHandle<()>> {
        self.over.store(true, Ordering::Release);
        self.calls = None;
        self.thread.take()
    }

    /// Ends after telling what was kept so far, or, where receivers take longer than half of `limit`, after the message in hand; waits up to
    /// `limit`. Returns whether it ended in order.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.calls = None;
        let Some(thread) = self.thread.take() else { return true };
        let (mut nudges, over) = (0, Arc::clone(&self.over));
        let told = super::join_within(thread, limit, |_| {
            nudges += 1;
            if super::JOIN_PAUSE * nudges >= limit / 2 {
                over.store(true, Ordering::Release);
            }
        });
        told.is_some()
    }
}

impl std::fmt::Debug for EventsWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EventsWorker(ended: {})", self.thread.as_ref().is_none_or(JoinHandle::is_finished))
    }
}

/// The file whose lock says who tells.
#[must_use]
pub fn turn(places: &Places, practice: bool) -> PathBuf {
    places.folder.join(if practice { "practice.events" } else { "gallery.events" })
}

fn run(parts: &EventParts, calls: &Receiver<()>, over: &AtomicBool) -> Result<(), GalleryError> {
    let EventParts { places, open, practice, config } = parts;
    let mut teller: Option<(Turn, Teller)> = None;
    let store = open(*practice)?;
    loop {
        match calls.recv_timeout(LOOK_AGAIN) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if teller.is_none() && !store.webhooks()?.is_empty() {
            teller = begin(parts, config)?;
        }
        let told = teller.as_mut().map(|(_, teller)| teller.round_while(places.clock.utc(), &|| !over.load(Ordering::Acquire)));
        if let Some(Err(error)) = told {
            tracing::warn!(code = error.advice().code, %error, "events");
        }
    }
}

/// Takes the turn to tell, where no other program has it.
fn begin(parts: &EventParts, config: &Config) -> Result<Option<(Turn, Teller)>, GalleryError> {
    let Ok(turn) = Turn::take(&turn(&parts.places, parts.practice)) else { return Ok(None) };
    let poster = parts
        .places
        .surroundings(&config.services)
        .map_err(|error| error.to_string())
        .and_then(|around| Poster::new(&config.events, &config.services.http, around).map_err(|error| error.to_string()));
    match poster {
        Ok(poster) => Ok(Some((turn, Teller::new((parts.open)(parts.practice)?, poster, &config.events)))),
        Err(error) => {
            tracing::warn!(%error, "receivers cannot be told");
            Ok(None)
        }
    }
}
