//! Events: what happens in the flows, told to receivers that were registered, at least once each, in the taxonomy of AwareID's webhooks.
//!
//! What is owed to receivers is kept in the gallery's own database; a completed enrolment and its event are one write. A receiver tells
//! repetitions apart by the event's `id`.

use super::gallery::{GalleryError, Page, SubjectId};
use crate::units::{SensitiveBytes, SensitiveText, UtcTime};
use uuid::Uuid;

/// Names of events. The flows here send those of enrolment, authentication and re-enrolment that they have steps for: started, cancelled,
/// face check, completed. The others can be asked for and never come.
pub const EVENT_KINDS: [&str; 24] = [
    "enrollment.started",
    "enrollment.cancelled",
    "enrollment.device.added",
    "enrollment.face.check",
    "enrollment.voice.check",
    "enrollment.ocr.check",
    "enrollment.icao.check",
    "enrollment.b2c.started",
    "enrollment.b2c.completed",
    "enrollment.completed",
    "authentication.started",
    "authentication.cancelled",
    "authentication.face.check",
    "authentication.voice.check",
    "authentication.b2c.started",
    "authentication.b2c.completed",
    "authentication.completed",
    "reenrollment.started",
    "reenrollment.cancelled",
    "reenrollment.face.check",
    "reenrollment.voice.check",
    "reenrollment.b2c.started",
    "reenrollment.b2c.completed",
    "reenrollment.completed",
];

/// The family of a flow's events; `None` for flows without any.
#[must_use]
pub fn family_of(flow: &str) -> Option<&'static str> {
    match flow {
        "enrol" => Some("enrollment"),
        "authenticate" => Some("authentication"),
        "re-enrol" => Some("reenrollment"),
        _ => None,
    }
}

/// What a receiver is registered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Where events are posted.
    pub url: String,
    /// Header sent along, for the receiver to check: its name, and its value by reference (`env:`, `file:`, `keyring:`).
    pub auth: Option<(String, String)>,
    /// Whether bodies are encrypted.
    pub encrypt: bool,
    /// Whether bodies are signed.
    pub sign: bool,
    /// Names of events wanted.
    pub events: Vec<String>,
}

/// A registered receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Identifies it.
    pub id: Uuid,
    /// What it was registered with.
    pub registration: Registration,
    /// When.
    pub created_at: UtcTime,
    /// Until when the secret before the current one is valid as well.
    pub overlap_until: Option<UtcTime>,
}

/// Secrets of a receiver, 32 bytes each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookSecrets {
    /// The one handed out last.
    pub current: SensitiveBytes,
    /// The one before, while the overlap lasts.
    pub previous: Option<SensitiveBytes>,
}

impl WebhookSecrets {
    /// Both, the current one first.
    pub fn all(&self) -> impl Iterator<Item = &SensitiveBytes> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    /// The one that bodies are encrypted with: while two are valid the older one, which every receiver has by then.
    #[must_use]
    pub fn for_bodies(&self) -> &SensitiveBytes {
        self.previous.as_ref().unwrap_or(&self.current)
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// One of [`EVENT_KINDS`].
    pub kind: String,
    /// The flow it belongs to.
    pub session: Uuid,
    /// The person, once one is decided on; the event goes with them when they are erased.
    pub subject: Option<SubjectId>,
    /// Registration code, where there is one.
    pub username: SensitiveText,
    /// What the checks said; no picture, no template, nothing that was entered.
    pub data: serde_json::Value,
    /// When.
    pub at: UtcTime,
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptEvent {
    /// Its place in the order of events; one of the names it is asked for by.
    pub number: u64,
    /// Identifies it; receivers tell repetitions apart by it.
    pub id: Uuid,
    /// What happened.
    pub event: NewEvent,
}

impl KeptEvent {
    /// The message as it is posted.
    #[must_use]
    pub fn message(&self) -> serde_json::Value {
        let created = self.event.at.to_rfc3339().replace('Z', "+0000");
        serde_json::json!({
            "id": self.id, "created": created, "type": self.event.kind, "operationToken": self.event.session,
            "username": self.event.username.0, "data": self.event.data,
        })
    }
}

/// Where a message to one receiver stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// Waits.
    Queued,
    /// The receiver took it.
    Delivered,
    /// It failed too often, or grew too old; others go on without it.
    SetAside,
}

impl PostState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Queued, Self::Delivered, Self::SetAside];

    /// The word used in storage and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Delivered => "delivered",
            Self::SetAside => "set_aside",
        }
    }

    /// Reads [`Self::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A message to one receiver.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Identifies it.
    pub number: u64,
    /// The receiver.
    pub webhook: Uuid,
    /// What is told.
    pub event: KeptEvent,
    /// Where it stands.
    pub state: PostState,
    /// Failed tries.
    pub tries: u32,
    /// Not tried before.
    pub due_at: UtcTime,
    /// Latest change.
    pub changed_at: UtcTime,
    /// What came of the last try.
    pub last: String,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostChange {
    /// Which.
    pub number: u64,
    /// Where it stands.
    pub state: PostState,
    /// Failed tries.
    pub tries: u32,
    /// Not to be tried before.
    pub due_at: UtcTime,
    /// In words.
    pub last: String,
}

/// Receivers, events and what is owed. Every write is durable on return.
#[allow(clippy::missing_errors_doc, reason = "every call returns GalleryError as its variants describe")]
pub trait EventStore: Send {
    /// Registers a receiver under a new identifier.
    fn register(&mut self, registration: &Registration, secret: &SensitiveBytes, at: UtcTime) -> Result<Webhook, GalleryError>;
    /// Every receiver, oldest first.
    fn webhooks(&self) -> Result<Vec<Webhook>, GalleryError>;
    /// A receiver and its secrets as of `now`.
    fn webhook(&self, id: Uuid, now: UtcTime) -> Result<(Webhook, WebhookSecrets), GalleryError>;
    /// Replaces what a receiver was registered with.
    fn update(&mut self, id: Uuid, registration: &Registration) -> Result<(), GalleryError>;
    /// Gives a receiver a new secret; the one before stays valid until `overlap_until`. One before that ends now.
    fn rotate(&mut self, id: Uuid, secret: &SensitiveBytes, overlap_until: UtcTime, now: UtcTime) -> Result<(), GalleryError>;
    /// Removes a receiver and what it had to be told.
    fn remove(&mut self, id: Uuid) -> Result<(), GalleryError>;
    /// Keeps an event for every receiver that wants it; nothing where none does. Returns how many.
    fn announce(&mut self, event: &NewEvent) -> Result<u64, GalleryError>;
    /// Messages that may be posted now, oldest first.
    fn due(&self, now: UtcTime, limit: u32) -> Result<Vec<Post>, GalleryError>;
    /// When the next message that waits for a time after `now` is due.
    fn next_due(&self, now: UtcTime) -> Result<Option<UtcTime>, GalleryError>;
    /// Saves what became of a message.
    fn settle(&mut self, change: &PostChange, at: UtcTime) -> Result<(), GalleryError>;
    /// Puts off everything that waits for a receiver.
    fn put_off(&mut self, webhook: Uuid, until: UtcTime) -> Result<(), GalleryError>;
    /// A page of messages, newest first.
    fn posts(&self, webhook: Option<Uuid>, state: Option<PostState>, offset: u64, limit: u32) -> Result<Page<Post>, GalleryError>;
    /// Has messages that were set aside wait again; returns how many.
    fn retry(&mut self, webhook: Option<Uuid>, at: UtcTime) -> Result<u64, GalleryError>;
    /// Events a receiver was to be told, by their number, identifier or operation token; oldest first.
    fn events(&self, webhook: Uuid, transactions: &[String]) -> Result<Vec<KeptEvent>, GalleryError>;
    /// Forgets events older than `before` that nobody waits for.
    fn forget_before(&mut self, before: UtcTime) -> Result<u64, GalleryError>;
}
