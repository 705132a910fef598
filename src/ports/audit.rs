//! The audit trail: what was decided when, without any biometrics and without names.

use super::camera::Origin;
use crate::advice::{Advice, Advised};
use crate::units::{SubjectId, UtcTime};

/// One thing worth keeping. Holds identifiers and codes only: no picture, template, score of a person, name or entered text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AuditEvent {
    /// The application started.
    Started {
        /// Its version.
        version: String,
        /// Whether a stand-in camera serves.
        practice: bool,
    },
    /// A flow began.
    FlowStarted {
        /// Name of the flow.
        flow: String,
        /// Who was claimed, for 1:1.
        claim: Option<SubjectId>,
    },
    /// A flow ended.
    FlowEnded {
        /// Name of the flow.
        flow: String,
        /// `enrolled`, `held`, `match`, `no_match`, `identified`, `unknown`, `accepted`, `undecided`, `refused`, `failed` or `cancelled`.
        outcome: String,
        /// The person, where one was decided on.
        subject: Option<SubjectId>,
        /// Support code of a refusal or a failure.
        code: Option<String>,
        /// Where the pictures came from.
        origin: Option<Origin>,
    },
    /// Presentation attack detection refused an attempt.
    PresentationRefused {
        /// Name of the flow.
        flow: String,
    },
    /// A liveness challenge was put to somebody.
    ChallengeIssued {
        /// Name of the flow.
        flow: String,
        /// Digest of the nonce that the sequence was drawn from.
        nonce: String,
        /// Names of the gestures in order.
        gestures: Vec<String>,
    },
    /// A gesture was exchanged for another one at the subject's wish.
    GestureReplaced {
        /// Name of the flow.
        flow: String,
        /// Which could not be done.
        gesture: String,
        /// Which was asked for instead.
        by: String,
    },
    /// An officer went on although presentation attack detection could not answer.
    Overridden {
        /// Name of the flow.
        flow: String,
        /// The officer's reason, as typed.
        reason: String,
    },
    /// A person was erased.
    Erased {
        /// The person.
        subject: SubjectId,
        /// The officer's reason, as typed.
        reason: String,
        /// Templates destroyed.
        templates: u64,
        /// Pictures destroyed.
        pictures: u64,
        /// Completed enrolments destroyed.
        records: u64,
    },
    /// A held record was released by an officer.
    Released {
        /// The person.
        subject: SubjectId,
    },
    /// A gallery was created or deleted, its members changed, or people left or entered in a sealed file.
    GalleryChanged {
        /// `create`, `delete`, `add` or `remove`; `export` or `import` with how many people.
        change: String,
        /// Name of the gallery.
        gallery: String,
        /// Who was added or removed.
        subject: Option<SubjectId>,
    },
    /// The report about a document was written to a file.
    ReportExported {
        /// Whether pictures of people are in it.
        pictures: bool,
    },
    /// Another camera serves.
    CameraChanged {
        /// As `--camera` spells it.
        camera: String,
    },
    /// Settings were changed at the desk.
    SettingsChanged {
        /// Dotted keys; what they were set to is in the configuration file.
        keys: Vec<String>,
    },
    /// Somebody decided about a delivery to an identity service.
    DeliveryDecided {
        /// The delivery.
        delivery: uuid::Uuid,
        /// The service.
        service: String,
        /// `retry`, `arrived`, `not_arrived` or `set_aside`.
        decision: String,
        /// The officer's reason, as typed.
        reason: String,
    },
    /// Somebody let delivery rest, or go on.
    DeliveryPaused {
        /// Whether it rests.
        paused: bool,
    },
    /// Sealed packets left or entered.
    PacketsMoved {
        /// `export` or `import`.
        direction: String,
        /// How many.
        packets: u64,
    },
    /// A part of the machine was lost or came back.
    Trouble {
        /// `camera`, `analysis`, `gallery` or `delivery`.
        part: String,
        /// Support code; empty when it came back.
        code: String,
    },
    /// The end of the trail was torn by a loss of power and cut off.
    TornEnd {
        /// Bytes removed.
        bytes: u64,
    },
}

/// Why the audit trail could not be kept or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// The trail cannot be written.
    #[error("the audit trail cannot be written: {reason}")]
    Unwritable {
        /// The system's words.
        reason: String,
    },
    /// The trail cannot be read.
    #[error("the audit trail cannot be read: {reason}")]
    Unreadable {
        /// The system's words.
        reason: String,
    },
    /// An entry does not follow from the one before it.
    #[error("the audit trail was altered at line {line}")]
    Altered {
        /// First line that does not fit, from 1.
        line: u64,
    },
}

impl Advised for AuditError {
    fn advice(&self) -> Advice {
        match self {
            Self::Unwritable { .. } => Advice::environment("SYS-01", "Check that the data folder can be written and the disk is not full."),
            Self::Unreadable { .. } => Advice::environment("SYS-02", "Check that the audit file in the data folder can be read."),
            Self::Altered { .. } => Advice {
                retry: false,
                ..Advice::no("SYS-03", "Keep the file as it is and report it; the entries before that line are sound.")
            },
        }
    }
}

/// Keeps the audit trail. One caller at a time.
pub trait AuditSink: Send {
    /// Appends an event; durable when the call returns.
    ///
    /// # Errors
    /// [`AuditError`].
    fn append(&mut self, at: UtcTime, event: &AuditEvent) -> Result<(), AuditError>;
}
