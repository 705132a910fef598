//! The gallery of enrolled people, as the flows need it. Kept honest for a shared server: ids are made by the caller, lists are paged,
//! every write is one call and durable on return.

pub mod clip;
mod portable;

use super::camera::Origin;
use super::events::NewEvent;
use super::keys::KeyStoreError;
use super::opinions::OpinionSet;
use super::services::ServiceKind;
use crate::advice::{Advice, Advised};
use crate::biometrics::pad::PadOutcome;
use crate::biometrics::pad::assurance::{AssuranceLabel, AssuranceLevel};
use crate::biometrics::template::{Template, TemplateFormat};
pub use crate::units::SubjectId;
use crate::units::{SensitiveBytes, SensitiveText, UtcTime};
pub use portable::{ImportReport, Interrupted, PortableRecord, PortableSubject, PortableTemplate};
use uuid::Uuid;

/// Identifies a completed enrolment or re-enrolment; UUID v7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

/// The gallery every enrolled person belongs to.
pub const DEFAULT_GALLERY: &str = "default";

/// Which picture of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureKind {
    /// The captured frame, whole.
    Frame,
    /// Head-and-shoulders crop for lists and cards.
    Portrait,
    /// The identity document's front, or the passport's page, as it is sent to services that want it.
    DocumentFront,
    /// The identity document's back.
    DocumentBack,
    /// Pictures of the liveness challenge with their times, see [`clip`]; kept for a while.
    Clip,
}

impl PictureKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Frame, Self::Portrait, Self::DocumentFront, Self::DocumentBack, Self::Clip];
}

/// How presentation attack detection went, for good in the record.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "pad", rename_all = "snake_case")]
pub enum PadRecord {
    /// It was assessed.
    Assessed {
        /// `bona_fide`, `attack` or `non_response`.
        outcome: PadOutcomeText,
        /// Name of each layer, its value and its limit.
        layers: Vec<(String, Option<f32>, f32)>,
        /// Model or method of each layer with its version, in the order of `layers`; empty in records of older versions.
        #[serde(default)]
        methods: Vec<String>,
        /// What the decision is worth; `None` in records of older versions.
        #[serde(default)]
        assurance: Option<AssuranceText>,
    },
    /// It was not: a picture file or an officer's override.
    NotAssessed {
        /// Why, in the officer's or the flow's words.
        reason: String,
    },
}

/// What stands behind a bona fide decision, in storage and JSON.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct AssuranceText {
    /// Which gates were passed.
    pub level: AssuranceLevel,
    /// Attack species this set of gates was measured on: name, presentations, upper end of the 95 % interval of the error rate. Empty where
    /// it was not measured.
    pub species: Vec<(String, u64, f64)>,
    /// Species known and not tried.
    pub untested: Vec<String>,
}

impl From<AssuranceLabel> for AssuranceText {
    fn from(label: AssuranceLabel) -> Self {
        let (species, untested) = label.measured.map_or_else(Default::default, |m| (m.species, m.untested));
        Self { level: label.level, species: species.into_iter().map(|s| (s.name, s.presentations, s.upper)).collect(), untested }
    }
}

/// [`PadOutcome`] in storage and JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the same variants as PadOutcome")]
pub enum PadOutcomeText {
    BonaFide,
    Attack,
    NonResponse,
}

impl From<PadOutcome> for PadOutcomeText {
    fn from(outcome: PadOutcome) -> Self {
        match outcome {
            PadOutcome::BonaFide => Self::BonaFide,
            PadOutcome::Attack => Self::Attack,
            PadOutcome::NonResponse => Self::NonResponse,
        }
    }
}

/// A picture to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPicture {
    /// Which picture.
    pub kind: PictureKind,
    /// Encoded bytes: JPEG or PNG, or a clip.
    pub encoded: SensitiveBytes,
}

/// Everything one enrolment saves, in one durable call.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEnrolment {
    /// The person; a new id enrols, a known one re-enrols: the old templates are retired and history is kept.
    pub subject: SubjectId,
    /// This enrolment.
    pub record: RecordId,
    /// Eight characters of Crockford base 32, the last a check character.
    pub registration_code: String,
    /// Name of the field (configuration's key) and what was entered.
    pub details: Vec<(String, SensitiveText)>,
    /// One or more templates, each with the capture score of its picture.
    pub templates: Vec<(Template, f32)>,
    /// Pictures to keep, sealed with the person's key.
    pub pictures: Vec<NewPicture>,
    /// Named galleries to join beside [`DEFAULT_GALLERY`].
    pub galleries: Vec<String>,
    /// Where the pictures came from.
    pub origin: Origin,
    /// How presentation attack detection went.
    pub pad: PadRecord,
    /// Name of the flow that led here.
    pub flow: String,
    /// Wall-clock time of the decision.
    pub enrolled_at: UtcTime,
    /// Held for an officer: duplicates were found at an unattended kiosk.
    pub held: bool,
    /// Services it is to be delivered to: the intents are saved with the record. Not sent while it is held.
    pub deliver_to: Vec<ServiceKind>,
    /// What registered receivers are told, saved in the same write; the registration code is filled in there.
    pub announce: Option<NewEvent>,
}

/// One person as lists show them.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectSummary {
    /// The person.
    pub subject: SubjectId,
    /// Latest registration code.
    pub registration_code: String,
    /// First detail field, for display; empty when none was entered.
    pub display_name: SensitiveText,
    /// First enrolment.
    pub enrolled_at: UtcTime,
    /// Latest change.
    pub updated_at: UtcTime,
    /// Active templates.
    pub templates: u32,
    /// Where the pictures came from.
    pub origin: Origin,
    /// Held for an officer.
    pub held: bool,
}

/// One person in full.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectDetails {
    /// As in lists.
    pub summary: SubjectSummary,
    /// Entered fields.
    pub details: Vec<(String, SensitiveText)>,
    /// Named galleries, the default one included, sorted.
    pub galleries: Vec<String>,
    /// Completed enrolments, newest first.
    pub records: Vec<RecordSummary>,
    /// Formats of the active templates.
    pub formats: Vec<TemplateFormat>,
}

/// One completed enrolment.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordSummary {
    /// The enrolment.
    pub record: RecordId,
    /// The person.
    pub subject: SubjectId,
    /// Code handed out.
    pub registration_code: String,
    /// Flow that led here.
    pub flow: String,
    /// When.
    pub enrolled_at: UtcTime,
    /// Where the pictures came from.
    pub origin: Origin,
    /// How presentation attack detection went.
    pub pad: PadRecord,
    /// Whether its templates are the active ones.
    pub active: bool,
}

/// A named gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GallerySummary {
    /// Its name.
    pub name: String,
    /// People in it.
    pub members: u64,
    /// When it was created.
    pub created_at: UtcTime,
}

/// How lists are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SubjectOrder {
    /// Latest change first.
    #[default]
    Newest,
    /// Earliest change first.
    Oldest,
    /// By display name, then code.
    Name,
}

/// A list question.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SubjectQuery {
    /// Text that a detail or the registration code must contain, any case; empty for everybody.
    pub text: String,
    /// Members of this gallery only.
    pub gallery: Option<String>,
    /// Order.
    pub order: SubjectOrder,
    /// Entries to skip.
    pub offset: u64,
    /// Entries wanted, at most 1000.
    pub limit: u32,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The entries.
    pub entries: Vec<T>,
    /// Entries of all pages together.
    pub total: u64,
}

/// What an erasure destroyed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ErasureReceipt {
    /// The person.
    pub subject: SubjectId,
    /// Templates destroyed, retired ones included.
    pub templates: u64,
    /// Pictures destroyed.
    pub pictures: u64,
    /// Completed enrolments destroyed.
    pub records: u64,
}

/// A template as the index wants it.
#[derive(Debug, Clone)]
pub struct IndexedTemplate {
    /// The person.
    pub subject: SubjectId,
    /// The template.
    pub template: Template,
}

/// Why the gallery could not do as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GalleryError {
    /// The database cannot be opened or read.
    #[error("the gallery cannot be opened: {reason}")]
    Unopenable {
        /// Why, without any subject data.
        reason: String,
    },
    /// The key is missing or wrong.
    #[error("the gallery's key is missing or wrong, or the file is damaged")]
    WrongKey,
    /// Another process holds it.
    #[error("another program is using the gallery")]
    Locked,
    /// The disk is full; nothing was saved.
    #[error("the disk is full; nothing was saved")]
    DiskFull,
    /// Written by a newer version.
    #[error("the gallery was written by a newer version (schema {found}, this program knows {known})")]
    TooNew {
        /// Schema version found.
        found: u32,
        /// Newest schema version known.
        known: u32,
    },
    /// No such person, record, gallery or picture.
    #[error("there is no {what} {name}")]
    NotFound {
        /// `person`, `record`, `gallery` or `picture`.
        what: &'static str,
        /// Identifier or name asked for.
        name: String,
    },
    /// It exists already.
    #[error("the {what} {name} exists already")]
    Conflict {
        /// `person`, `record` or `gallery`.
        what: &'static str,
        /// Identifier or name.
        name: String,
    },
    /// A gallery cannot have that name.
    #[error("a gallery cannot be called {name:?}")]
    BadName {
        /// The name.
        name: String,
    },
    /// It stays as long as the person is enrolled.
    #[error("nothing was removed: {reason}")]
    Stays {
        /// Why, without any subject data.
        reason: &'static str,
    },
    /// Stored data fails its check.
    #[error("stored data of the gallery is damaged: {what}")]
    Damaged {
        /// Which part.
        what: String,
    },
    /// Practice records belong into the practice gallery, and nothing else does.
    #[error("a record of origin {} does not belong into {}", .origin.text(), if *.practice_gallery { "the practice gallery" } else { "the real gallery" })]
    ForeignOrigin {
        /// Where the pictures came from.
        origin: Origin,
        /// Whether this is the practice gallery.
        practice_gallery: bool,
    },
    /// The key store has no key to offer.
    #[error("the gallery's key cannot be had")]
    Key(#[from] KeyStoreError),
    /// What was handed in cannot be saved.
    #[error("this cannot be saved: {reason}")]
    Unfit {
        /// Why, without any subject data.
        reason: &'static str,
    },
    /// The worker that owns the database is gone.
    #[error("the gallery's worker has stopped")]
    WorkerLost,
    /// Anything else the database said.
    #[error("the gallery failed: {reason}")]
    Database {
        /// The database's words, without subject data.
        reason: String,
    },
}

impl Advised for GalleryError {
    fn advice(&self) -> Advice {
        match self {
            Self::Unopenable { .. } => Advice::environment("GAL-01", "Check that the data folder exists and can be written."),
            Self::WrongKey => Advice::environment(
                "GAL-02",
                "Unlock the key store, or restore the key or the file from its backup; the data cannot be read without its own key.",
            ),
            Self::Locked => Advice::environment("GAL-03", "Close the other window or command that uses this gallery, then try again."),
            Self::DiskFull => Advice::environment("GAL-04", "Free some space, then try again; what was saved before is safe."),
            Self::TooNew { .. } => Advice::environment("GAL-05", "Install the newer version again; this one leaves the gallery untouched."),
            Self::NotFound { what: "person", .. } => Advice::input("GAL-20", "List who is enrolled with `visavis gallery people`."),
            Self::NotFound { what: "record", .. } => Advice::input("GAL-25", "List completed enrolments with `visavis record list`."),
            Self::NotFound { .. } => Advice::input("GAL-06", "List what there is with `visavis gallery list`."),
            Self::Conflict { .. } => Advice::input("GAL-07", "Choose another name."),
            Self::BadName { .. } => Advice::input(
                "GAL-26",
                "Use 1 to 64 characters without blanks at the ends and line breaks; `default` is the gallery of everybody.",
            ),
            Self::Stays { .. } => Advice::input("GAL-27", "Erase the person with `visavis gallery erase` if all about them shall go."),
            Self::Damaged { .. } => Advice::environment("GAL-08", "Restore the gallery from a backup; run `visavis doctor` for details."),
            Self::ForeignOrigin { .. } => {
                Advice::input("GAL-11", "Use a physical camera for real records; practise with the practice gallery only.")
            }
            Self::Key(error) => error.advice(),
            Self::Unfit { .. } => Advice::input("GAL-12", "Capture the person again, or ask support with this code."),
            Self::WorkerLost => Advice::environment("GAL-09", "Restart the application; everything reported as saved is safe."),
            Self::Database { .. } => Advice::environment("GAL-10", "Try again; run `visavis doctor` if it goes on."),
        }
    }
}

/// The gallery. One thread owns an implementation; every write is durable when the call returns.
#[allow(clippy::missing_errors_doc, reason = "every call returns GalleryError as its variants describe")]
pub trait GalleryStore: Send {
    /// Counts up with every change, whoever makes it: when it differs from the last one seen, another process may have enrolled or erased
    /// somebody, and an index in memory must be loaded again before it decides anything.
    fn revision(&self) -> Result<u64, GalleryError>;
    /// Saves an enrolment whole or not at all; durable on return.
    fn enrol(&mut self, enrolment: &NewEnrolment) -> Result<(), GalleryError>;
    /// One person in full.
    fn subject(&self, subject: SubjectId) -> Result<SubjectDetails, GalleryError>;
    /// The person a registration code was handed to, in any case and with or without spaces and hyphens.
    fn subject_by_code(&self, registration_code: &str) -> Result<Option<SubjectId>, GalleryError>;
    /// The people who gave this document number among their details (`document_number`), compared by letters and digits alone, in any case.
    fn holders_of_document(&self, number: &str) -> Result<Vec<SubjectId>, GalleryError>;
    /// A page of people.
    fn subjects(&self, query: &SubjectQuery) -> Result<Page<SubjectSummary>, GalleryError>;
    /// The newest picture of a kind, decrypted.
    fn picture(&self, subject: SubjectId, kind: PictureKind) -> Result<Option<SensitiveBytes>, GalleryError>;
    /// Active templates of one person.
    fn templates_of(&self, subject: SubjectId) -> Result<Vec<Template>, GalleryError>;
    /// Hands every active template of a format to `each`, for loading the index.
    fn for_each_template(&self, format: &TemplateFormat, each: &mut dyn FnMut(IndexedTemplate)) -> Result<(), GalleryError>;
    /// Replaces a person's active templates by ones of another recogniser, history kept.
    fn replace_templates(&mut self, subject: SubjectId, templates: &[(Template, f32)], at: UtcTime) -> Result<(), GalleryError>;
    /// Releases a held record, or keeps it held.
    fn set_held(&mut self, subject: SubjectId, held: bool, at: UtcTime) -> Result<(), GalleryError>;
    /// Destroys everything about a person, the key first. Their deliveries go too; where a service may know them, a deletion is queued in
    /// the same write.
    fn erase(&mut self, subject: SubjectId, reason: &str, at: UtcTime) -> Result<ErasureReceipt, GalleryError>;

    /// Creates a named gallery.
    fn create_gallery(&mut self, name: &str, at: UtcTime) -> Result<(), GalleryError>;
    /// Deletes a named gallery; its members stay enrolled. The default one cannot be deleted.
    fn delete_gallery(&mut self, name: &str) -> Result<(), GalleryError>;
    /// All galleries by name, the default one first.
    fn galleries(&self) -> Result<Vec<GallerySummary>, GalleryError>;
    /// Adds a person to a gallery; no error if they are in it.
    fn add_member(&mut self, gallery: &str, subject: SubjectId, at: UtcTime) -> Result<(), GalleryError>;
    /// Removes a person from a named gallery; the default one cannot be left.
    fn remove_member(&mut self, gallery: &str, subject: SubjectId) -> Result<(), GalleryError>;
    /// Whether a person is in a gallery.
    fn contains(&self, gallery: &str, subject: SubjectId) -> Result<bool, GalleryError>;
    /// All members of a gallery, for restricting a search.
    fn member_ids(&self, gallery: &str) -> Result<Vec<SubjectId>, GalleryError>;

    /// A page of completed enrolments, newest first.
    fn records(&self, offset: u64, limit: u32) -> Result<Page<RecordSummary>, GalleryError>;
    /// One completed enrolment.
    fn record(&self, record: RecordId) -> Result<RecordSummary, GalleryError>;
    /// Adds pictures of the person's document to a completed enrolment, replacing those of the same kind.
    fn add_document(&mut self, record: RecordId, pictures: &[NewPicture]) -> Result<(), GalleryError>;
    /// Deletes the entry of a completed enrolment that is not the active one.
    fn delete_record(&mut self, record: RecordId) -> Result<(), GalleryError>;
    /// Deletes the evidence clips of enrolments before a time; returns how many.
    fn forget_clips(&mut self, before: UtcTime) -> Result<u64, GalleryError>;

    /// Keeps an event of a flow for every receiver that wants it; returns how many do. About somebody who was erased meanwhile nothing is kept.
    fn keep_event(&mut self, event: &NewEvent) -> Result<u64, GalleryError>;
    /// Keeps what services said about a flow, sealed. Somebody who was erased meanwhile leaves nothing.
    fn keep_opinions(&mut self, set: &OpinionSet) -> Result<(), GalleryError>;
    /// What services said about a person, or about people nobody was decided on (`None`); newest first, at most 100.
    fn opinions(&self, subject: Option<SubjectId>) -> Result<Vec<OpinionSet>, GalleryError>;
    /// Hands everybody of a gallery (`None`: everybody) to `each`, whole, one at a time, in one consistent view. With a gallery named,
    /// people carry that one only. Ends early, without error, when `each` answers [`Interrupted`].
    fn export(&self, gallery: Option<&str>, each: &mut dyn FnMut(PortableSubject) -> Result<(), Interrupted>) -> Result<(), GalleryError>;
    /// Takes people in, all of them or, when the source answers [`Interrupted`] or anything fails, none; durable on return. What is
    /// there already is kept: known records are not doubled, a newer enrolment of a known person becomes the active one, templates of
    /// other recognisers stay beside each other, missing galleries are created, and nobody erased here comes back.
    fn import(&mut self, people: &mut dyn Iterator<Item = Result<PortableSubject, Interrupted>>) -> Result<ImportReport, GalleryError>;
}
