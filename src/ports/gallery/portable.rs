//! People as they travel between galleries: whole, unsealed in memory, one at a time.

use super::{NewPicture, PadRecord, RecordId, SubjectId};
use crate::biometrics::template::Template;
use crate::ports::camera::Origin;
use crate::units::{SensitiveText, UtcTime};

/// One person with all history.
#[derive(Debug, Clone, PartialEq)]
pub struct PortableSubject {
    /// The person.
    pub subject: SubjectId,
    /// Entered fields.
    pub details: Vec<(String, SensitiveText)>,
    /// Held for an officer.
    pub held: bool,
    /// Latest change.
    pub updated_at: UtcTime,
    /// Named galleries, without the default one.
    pub galleries: Vec<String>,
    /// Completed enrolments, oldest first; exactly one is active.
    pub records: Vec<PortableRecord>,
}

/// One completed enrolment with what it saved.
#[derive(Debug, Clone, PartialEq)]
pub struct PortableRecord {
    /// The enrolment.
    pub record: RecordId,
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
    /// Templates, of whatever recogniser.
    pub templates: Vec<PortableTemplate>,
    /// Pictures.
    pub pictures: Vec<NewPicture>,
}

/// A template with its history.
#[derive(Debug, Clone, PartialEq)]
pub struct PortableTemplate {
    /// The template.
    pub template: Template,
    /// Capture score of its picture.
    pub capture_score: f32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was retired; `None` while it is active.
    pub retired_at: Option<UtcTime>,
}

/// The source of an import broke off: nothing of it may be kept. The source knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted;

/// What an import did. Importing the same again adds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct ImportReport {
    /// People that were not known.
    pub people_added: u64,
    /// Known people of whom something was new.
    pub people_updated: u64,
    /// Known people of whom nothing was new.
    pub people_unchanged: u64,
    /// People left out because they were erased here since.
    pub people_erased_before: u64,
    /// People left out because a record or registration code of theirs belongs to somebody else here.
    pub conflicts: Vec<SubjectId>,
    /// Completed enrolments added.
    pub records_added: u64,
    /// Templates added.
    pub templates_added: u64,
    /// Pictures added.
    pub pictures_added: u64,
}
