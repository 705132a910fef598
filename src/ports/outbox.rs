//! The outbox: what is owed to identity services, kept in the gallery's own database so that an intent is saved with its record or not at all.
//!
//! A delivery copies nothing of a person. Details and pictures are read from the record when they are sent; when somebody is erased their
//! deliveries go with them, and what stays is a deletion that knows the name a service gave them and nothing else.

use super::gallery::{GalleryError, Page, RecordId, SubjectId};
use super::services::{Delivery, Guarantee, Receipt, ServiceError, ServiceKind};
use crate::units::UtcTime;
use std::time::Duration;
use uuid::Uuid;

/// What is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// An enrolment or re-enrolment.
    Enrol,
    /// A deletion that an erasure asks for.
    Delete,
}

impl Operation {
    /// The word used in storage and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Delete => "delete",
        }
    }

    /// Reads [`Self::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Enrol, Self::Delete].into_iter().find(|operation| operation.name() == name)
    }
}

/// Where a delivery stands.
///
/// ```text
///            ┌───────────── certainly not done, try again ──────────────┐
///            ▼                                                          │
/// queued ──▶ sending ──▶ delivered | refused | set aside | erasure owed │
///   │ ▲        │ nobody knows                                           │
///   │ │        ├─ service takes our key ────────────────────────────────┤
///   │ │        ├─ service can be asked ──▶ doubtful ──▶ delivered ──────┘ (absent)
///   │ │        └─ neither ──▶ outcome unknown ──▶ a person decides
///   ▼ └── a person takes it back
/// exported ──▶ whatever the receipt says
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits to be sent.
    Queued,
    /// Handed to a worker; found at a start, it was interrupted.
    Sending,
    /// A try may have arrived: the service is asked before anything is sent again.
    Doubtful,
    /// Written to a sealed packet and carried by hand; waits for its receipt.
    Exported,
    /// The service has it.
    Delivered,
    /// The service, or its limits, said no for good.
    Refused,
    /// It may or may not have arrived, and nothing can tell. Never sent again without a person's word.
    OutcomeUnknown,
    /// It failed too often, or cannot be read; the others go on without it.
    SetAside,
    /// The deletion was done as far as the service goes, but the person can still be matched there.
    ErasureOwed,
}

impl DeliveryState {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Sending,
        Self::Doubtful,
        Self::Exported,
        Self::Delivered,
        Self::Refused,
        Self::OutcomeUnknown,
        Self::SetAside,
        Self::ErasureOwed,
    ];

    /// The word used in storage, JSON and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Doubtful => "doubtful",
            Self::Exported => "exported",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::SetAside => "set_aside",
            Self::ErasureOwed => "erasure_owed",
        }
    }

    /// Reads [`Self::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether it goes on by itself.
    #[must_use]
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::Doubtful | Self::Exported)
    }

    /// Whether a person has to decide or act.
    #[must_use]
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Refused | Self::OutcomeUnknown | Self::SetAside | Self::ErasureOwed)
    }
}

/// How far a delivery got: its state and what its next step depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub state: DeliveryState,
    /// Failed tries that count against it; a network that is down does not.
    pub tries: u32,
    /// Tries that may have had an effect nobody has ruled out.
    pub doubts: u32,
    /// Weakest promise under which it was ever sent.
    pub guarantee: Option<Guarantee>,
}

impl Progress {
    /// Of a delivery that was never sent.
    #[must_use]
    pub const fn fresh() -> Self {
        Self { state: DeliveryState::Queued, tries: 0, doubts: 0, guarantee: None }
    }

    /// The promise to act by: the weaker of the one it was sent under and `today`'s.
    #[must_use]
    pub fn weaker(&self, today: Guarantee) -> Guarantee {
        let strength = |guarantee: Guarantee| match guarantee {
            Guarantee::AtMostOnce => 0,
            Guarantee::ExactlyOnceByLookUp => 1,
            Guarantee::ExactlyOnceByKey => 2,
        };
        match self.guarantee {
            Some(then) if strength(then) < strength(today) => then,
            _ => today,
        }
    }
}

/// One line of a delivery's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When, by the machine's clock.
    pub at: UtcTime,
    /// What happened, one word or two: `failed`, `delivered`, `looked_up`, …
    pub what: String,
    /// In words, without secrets and without anything about the person.
    pub text: String,
}

/// A change of one delivery, to be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which.
    pub key: Uuid,
    /// State it was in; a change of a delivery that is in another state by now is left out.
    pub from: DeliveryState,
    /// How far it is after this.
    pub to: Progress,
    /// Not to be tried before, by the machine's clock; a time that lies further ahead than any delay counts as past.
    pub due_at: UtcTime,
    /// What the service said, to be kept.
    pub receipt: Option<Receipt>,
    /// The last failure, to be kept; a success clears it.
    pub fault: Option<ServiceError>,
    /// For the history.
    pub note: Note,
    /// Key that replaces [`Self::key`]: a person sends a refused delivery again, and the service must not repeat its old answer.
    pub new_key: Option<Uuid>,
    /// Whether the service's name for this delivery is used no more: what it stands for is closed there. It is kept for an erasure.
    pub forget_name: bool,
}

/// A wish for deliveries to work on.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRequest {
    /// For this service.
    pub service: ServiceKind,
    /// [`DeliveryState::Queued`] claims for sending and marks them; [`DeliveryState::Doubtful`] only hands out, for look-ups.
    pub state: DeliveryState,
    /// At most so many.
    pub count: usize,
    /// Promise for enrolments, kept with what is claimed.
    pub enrol_guarantee: Guarantee,
    /// Promise for deletions, kept with what is claimed.
    pub delete_guarantee: Guarantee,
    /// Longest delay ever asked for: what is due later than this from now was put off by a clock that has been set since.
    pub longest_delay: Duration,
    /// Whether what is handed out comes with pictures of the liveness challenge.
    pub evidence: bool,
    /// Left out: what workers have in hand.
    pub except: Vec<Uuid>,
}

/// A delivery to work on.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// What kind.
    pub operation: Operation,
    /// How far it is; [`DeliveryState::Sending`] by now where it was claimed for sending.
    pub progress: Progress,
    /// For which service.
    pub service: ServiceKind,
    /// Identifies it.
    pub key: Uuid,
    /// What to send, or why it cannot be read.
    pub delivery: Result<Delivery, GalleryError>,
}

/// One delivery as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Identifies it.
    pub key: Uuid,
    /// Place in the queue.
    pub number: u64,
    /// For which service.
    pub service: ServiceKind,
    /// What kind.
    pub operation: Operation,
    /// How far it is.
    pub progress: Progress,
    /// The person; `None` once erased, and for packets of other machines.
    pub subject: Option<SubjectId>,
    /// The completed enrolment.
    pub record: Option<RecordId>,
    /// When it was queued.
    pub queued_at: UtcTime,
    /// Latest change.
    pub changed_at: UtcTime,
    /// Not tried before.
    pub due_at: UtcTime,
    /// Last failure.
    pub fault: Option<ServiceError>,
    /// What the service said.
    pub receipt: Option<Receipt>,
    /// What happened, oldest first; long histories keep their beginning and their end.
    pub history: Vec<Note>,
    /// Fingerprint of the machine whose packet it is; `None` for this machine's own.
    pub packet_of: Option<String>,
}

/// Which deliveries to list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EntryQuery {
    /// Of this service only.
    pub service: Option<ServiceKind>,
    /// In these states only; empty for all.
    pub states: Vec<DeliveryState>,
    /// Of this person only.
    pub subject: Option<SubjectId>,
    /// Entries to skip.
    pub offset: u64,
    /// Entries wanted, at most 1000.
    pub limit: u32,
}

/// Counts of one service.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceCounts {
    /// The service.
    pub service: ServiceKind,
    /// Deliveries in each state that has any.
    pub counts: Vec<(DeliveryState, u64)>,
    /// When the oldest one that waits was queued.
    pub oldest_waiting: Option<UtcTime>,
    /// When the service last answered.
    pub last_contact: Option<UtcTime>,
}

/// A wish to queue people who were enrolled before a service was configured.
#[derive(Clone, Copy)]
pub struct BackfillRequest<'a> {
    /// For this service.
    pub service: ServiceKind,
    /// Whether a record of this flow, and from a picture file or not, is delivered at all.
    pub delivers: &'a dyn Fn(&str, bool) -> bool,
    /// Where the last request stopped.
    pub after: Option<u64>,
    /// At most so many people are looked at, in one durable write.
    pub most: usize,
    /// Nothing is queued.
    pub only_count: bool,
    /// When.
    pub at: UtcTime,
}

/// What a [`BackfillRequest`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backfill {
    /// People queued, or to be queued.
    pub queued: u64,
    /// People whose records the configuration does not deliver.
    pub left_out: u64,
    /// Where the next request goes on; `None` at the end.
    pub next: Option<u64>,
}

/// A delivery as a sealed packet carries it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    /// For which service.
    pub service: ServiceKind,
    /// What kind.
    pub operation: Operation,
    /// Place in the queue of the machine that made it.
    pub number: u64,
    /// Key of the delivery that must have arrived before this one: the person's own earlier one, where it waits too.
    pub after: Option<Uuid>,
    /// What to send.
    pub delivery: Delivery,
}

/// The outbox of one gallery. Every write is durable on return and none changes the gallery's revision.
#[allow(clippy::missing_errors_doc, reason = "every call returns GalleryError as its variants describe")]
pub trait Outbox: Send {
    /// Saves changes and claims work, all in one durable write; with neither, nothing is written.
    ///
    /// Claims keep the order of each person: an enrolment waits until every earlier delivery of the same person to the same service is
    /// delivered or refused; a deletion waits for the one that was under way when the person was erased. Records held for an officer wait.
    fn exchange(&mut self, changes: &[Change], claims: &[ClaimRequest], at: UtcTime) -> Result<Vec<Claimed>, GalleryError>;
    /// Everything found in [`DeliveryState::Sending`], and lets go deletions that waited for a process that is gone. For a start only.
    ///
    /// - `deletions_due`: not before then, so that what that process sent last has arrived or never will.
    fn interrupted(&mut self, deletions_due: UtcTime) -> Result<Vec<Entry>, GalleryError>;
    /// A page of deliveries, newest first.
    fn entries(&self, query: &EntryQuery) -> Result<Page<Entry>, GalleryError>;
    /// One delivery.
    fn entry(&self, key: Uuid) -> Result<Entry, GalleryError>;
    /// Counts of every service that has any.
    fn counts(&self) -> Result<Vec<ServiceCounts>, GalleryError>;
    /// Notes that a service answered.
    fn note_contact(&mut self, service: ServiceKind, at: UtcTime) -> Result<(), GalleryError>;
    /// When the next delivery that waits for a time after `now` is due.
    fn next_due(&self, service: ServiceKind, now: UtcTime) -> Result<Option<UtcTime>, GalleryError>;
    /// Queues the active enrolment of people whom a service was never owed. Asked again it finds whoever is still missing.
    fn backfill(&mut self, request: &BackfillRequest<'_>) -> Result<Backfill, GalleryError>;
    /// Keys of what may be carried by hand: queued or exported already and without receipt, in order.
    fn exportable(&self, service: Option<ServiceKind>) -> Result<Vec<Uuid>, GalleryError>;
    /// A delivery as a packet carries it.
    fn parcel(&self, key: Uuid) -> Result<Parcel, GalleryError>;
    /// Enters other machines' packets, each once: a known key changes nothing. With each goes its machine's fingerprint; the entries come
    /// in the same order.
    fn take_in(&mut self, parcels: &[(&Parcel, &str)], at: UtcTime) -> Result<Vec<Entry>, GalleryError>;
}
