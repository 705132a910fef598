//! A gallery with its outbox, services in this process, and an engine to drive by hand.

use crate::book::{Book, Script, Scripted, Turn as Fate, capabilities};
use crate::people::{enrolment, open};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::config::Schedule;
use visavis::ports::gallery::{GalleryError, GalleryStore as _, NewEnrolment, Page};
use visavis::ports::outbox::{
    Backfill, BackfillRequest, Change, ClaimRequest, Claimed, DeliveryState, Entry, EntryQuery, Outbox, Parcel, ServiceCounts,
};
use visavis::ports::services::{Capabilities, Guarantee, IdentityService, ServiceError, ServiceKind};
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::engine::Engine;
use visavis::runtime::sync::{SyncError, SyncParts, Target, Turn};
use visavis::units::UtcTime;
use visavis::workflow::sync::Rules;
use visavis::workflow::sync::lane::LaneLimits;
use visavis::workflow::sync::stops::StopLimits;

/// Delays of tests: the same machine, a thousand times as fast.
pub const RULES: Rules = Rules {
    max_tries: 6,
    max_doubts: 24,
    first_delay: Duration::from_millis(4),
    longest_delay: Duration::from_millis(200),
    look_up_after: Duration::from_millis(10),
};

pub const NO_STOPS: StopLimits = StopLimits { max_waiting: 0, max_days_offline: 0, min_free_bytes: 0 };

/// The services of one test.
#[derive(Default, Clone)]
pub struct Services {
    pub books: BTreeMap<ServiceKind, Arc<Mutex<Book>>>,
    pub scripts: BTreeMap<ServiceKind, Script>,
    capabilities: BTreeMap<ServiceKind, Capabilities>,
}

impl Services {
    pub fn with(mut self, kind: ServiceKind, guarantee: Guarantee) -> Self {
        self.books.insert(kind, Arc::default());
        self.scripts.insert(kind, Script::default());
        self.capabilities.insert(kind, capabilities(guarantee));
        self
    }

    pub fn change(&mut self, kind: ServiceKind, change: impl FnOnce(&mut Capabilities)) {
        change(self.capabilities.get_mut(&kind).unwrap());
    }

    pub fn book(&self, kind: ServiceKind) -> std::sync::MutexGuard<'_, Book> {
        self.books[&kind].lock().unwrap()
    }

    /// How often a call was made.
    pub fn calls(&self, kind: ServiceKind, what: &str) -> u64 {
        self.book(kind).calls(what)
    }

    /// How many enrolments stand there, deleted ones included.
    pub fn registered(&self, kind: ServiceKind) -> usize {
        self.book(kind).entries.len()
    }

    pub fn script(&self, kind: ServiceKind, fates: impl IntoIterator<Item = Fate>) {
        self.scripts[&kind].lock().unwrap().extend(fates);
    }

    fn client(&self, kind: ServiceKind) -> Scripted {
        Scripted {
            kind,
            capabilities: self.capabilities[&kind],
            book: Arc::clone(&self.books[&kind]),
            script: Arc::clone(&self.scripts[&kind]),
        }
    }

    pub fn targets(&self) -> Vec<Target> {
        let target = |kind: &ServiceKind| {
            let (services, kind) = (self.clone(), *kind);
            let connect = move || -> Result<Box<dyn IdentityService>, ServiceError> { Ok(Box::new(services.client(kind))) };
            let guarantee = self.capabilities[&kind].enrol_guarantee;
            Target { kind, practice: false, loopback: true, limits: limits(2), evidence: false, guarantee, connect: Box::new(connect) }
        };
        self.books.keys().map(target).collect()
    }
}

pub fn limits(at_once: usize) -> LaneLimits {
    LaneLimits { at_once, per_second: None, longest_request: Duration::from_millis(400) }
}

/// Numbers that look random.
pub fn chance(mut seed: u64) -> Box<dyn FnMut() -> u64 + Send> {
    Box::new(move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    })
}

pub fn parts(folder: &Path, targets: Vec<Target>, clock: Arc<dyn Clock>) -> SyncParts {
    let here = folder.to_owned();
    SyncParts {
        clock,
        practice: false,
        targets,
        open_outbox: Box::new(move || Ok(Box::new(open(&here)?))),
        turn: folder.join("outbox.turn"),
        rules: RULES,
        stop_limits: NO_STOPS,
        every: Duration::ZERO,
        schedule: Schedule::default(),
        free_space: Arc::new(|| None),
        chance: chance(7),
    }
}

pub fn engine(folder: &Path, services: &Services) -> Result<Engine, SyncError> {
    let parts = parts(folder, services.targets(), Arc::new(SystemClock::start()));
    let turn = Turn::take(&parts.turn)?;
    Engine::start(parts, turn)
}

/// Delivers what can be delivered and ends in order.
pub fn deliver(folder: &Path, services: &Services) {
    let mut engine = engine(folder, services).unwrap();
    engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
    engine.finish();
}

pub fn entries(gallery: &SqliteGallery) -> Vec<Entry> {
    let mut found = Vec::new();
    loop {
        let query = EntryQuery { offset: found.len() as u64, limit: 1000, ..EntryQuery::default() };
        let page = gallery.entries(&query).unwrap();
        if page.entries.is_empty() {
            break;
        }
        found.extend(page.entries);
    }
    found.reverse();
    found
}

pub fn states(gallery: &SqliteGallery) -> Vec<DeliveryState> {
    entries(gallery).iter().map(|entry| entry.progress.state).collect()
}

/// Enrolment `times` of person `n`, to be delivered.
pub fn intended(n: u64, times: u64, to: &[ServiceKind]) -> NewEnrolment {
    NewEnrolment { deliver_to: to.to_vec(), ..enrolment(n, times) }
}

pub fn enrol(gallery: &mut SqliteGallery, n: u64, to: &[ServiceKind]) {
    gallery.enrol(&intended(n, 0, to)).unwrap();
}

/// An outbox whose disk is full while told so.
pub struct Filling {
    pub inner: SqliteGallery,
    pub full: Arc<std::sync::atomic::AtomicBool>,
}

impl Outbox for Filling {
    fn exchange(&mut self, changes: &[Change], claims: &[ClaimRequest], at: UtcTime) -> Result<Vec<Claimed>, GalleryError> {
        if self.full.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(GalleryError::DiskFull);
        }
        self.inner.exchange(changes, claims, at)
    }
    fn interrupted(&mut self, deletions_due: UtcTime) -> Result<Vec<Entry>, GalleryError> {
        if self.full.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(GalleryError::DiskFull);
        }
        self.inner.interrupted(deletions_due)
    }
    fn entries(&self, query: &EntryQuery) -> Result<Page<Entry>, GalleryError> {
        self.inner.entries(query)
    }
    fn entry(&self, key: Uuid) -> Result<Entry, GalleryError> {
        self.inner.entry(key)
    }
    fn counts(&self) -> Result<Vec<ServiceCounts>, GalleryError> {
        self.inner.counts()
    }
    fn note_contact(&mut self, service: ServiceKind, at: UtcTime) -> Result<(), GalleryError> {
        self.inner.note_contact(service, at)
    }
    fn next_due(&self, service: ServiceKind, now: UtcTime) -> Result<Option<UtcTime>, GalleryError> {
        self.inner.next_due(service, now)
    }
    fn exportable(&self, service: Option<ServiceKind>) -> Result<Vec<Uuid>, GalleryError> {
        self.inner.exportable(service)
    }
    fn parcel(&self, key: Uuid) -> Result<Parcel, GalleryError> {
        self.inner.parcel(key)
    }
    fn backfill(&mut self, request: &BackfillRequest<'_>) -> Result<Backfill, GalleryError> {
        self.inner.backfill(request)
    }
    fn take_in(&mut self, parcels: &[(&Parcel, &str)], at: UtcTime) -> Result<Vec<Entry>, GalleryError> {
        self.inner.take_in(parcels, at)
    }
}
