//! Writing rows: the only place that inserts people, records, templates and pictures, numbering and sealing them on the way.

use super::payload::{Profile, RecordText, encode_template};
use super::seal::{GalleryKeys, Sealed, SubjectKey, WRAPPED};
use super::translate;
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::camera::Origin;
use crate::ports::gallery::{GalleryError, NewPicture, PictureKind, RecordId, SubjectId};
use crate::units::UtcTime;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

/// Where templates and pictures belong.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    pub subject: i64,
    pub record: i64,
}

pub(super) struct SubjectRow<'a> {
    pub id: SubjectId,
    pub enrolled_at: UtcTime,
    pub updated_at: UtcTime,
    pub origin: Origin,
    pub held: bool,
    pub profile: &'a Profile,
}

pub(super) struct RecordRow<'a> {
    pub id: RecordId,
    pub subject: i64,
    pub enrolled_at: UtcTime,
    pub origin: Origin,
    pub active: bool,
    pub code_digest: [u8; 16],
    pub text: &'a RecordText,
}

pub(super) struct TemplateRow<'a> {
    pub template: &'a Template,
    pub capture_score: f32,
    pub created_at: UtcTime,
    pub retired_at: Option<UtcTime>,
}

/// Inserts a person with a new key.
pub(super) fn insert_subject(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    row: &SubjectRow<'_>,
    revision: i64,
) -> Result<(i64, SubjectKey), GalleryError> {
    let number = next_number(transaction, "SELECT max(number) FROM subject_keys")?;
    let (key, wrapped) = keys.new_subject_key(row.id.0, number);
    debug_assert_eq!(wrapped.len(), WRAPPED);
    transaction
        .prepare_cached("INSERT INTO subject_keys (number, wrapped) VALUES (?1, ?2)")
        .and_then(|mut statement| statement.execute(params![number, wrapped]))
        .map_err(translate)?;
    transaction
        .prepare_cached(
            "INSERT INTO subjects (number, id, enrolled_at, updated_at, origin, held, revision, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                number,
                &row.id.0.as_bytes()[..],
                row.enrolled_at.0,
                row.updated_at.0,
                row.origin.text(),
                row.held,
                revision,
                key.seal(Sealed::Profile, number, &row.profile.encode().0),
            ])
        })
        .map_err(translate)?;
    Ok((number, key))
}

/// Inserts a completed enrolment; returns its number.
pub(super) fn insert_record(transaction: &Transaction<'_>, key: &SubjectKey, row: &RecordRow<'_>) -> Result<i64, GalleryError> {
    let number = next_number(transaction, "SELECT max(number) FROM records")?;
    transaction
        .prepare_cached(
            "INSERT INTO records (number, id, subject, enrolled_at, origin, active, code_digest, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                number,
                &row.id.0.as_bytes()[..],
                row.subject,
                row.enrolled_at.0,
                row.origin.text(),
                row.active,
                &row.code_digest[..],
                key.seal(Sealed::Record, number, &row.text.encode().0),
            ])
        })
        .map_err(translate)?;
    Ok(number)
}

pub(super) fn insert_template(
    transaction: &Transaction<'_>,
    key: &SubjectKey,
    owner: Owner,
    row: &TemplateRow<'_>,
) -> Result<(), GalleryError> {
    let format = format_number(transaction, row.template.format())?;
    let number = next_number(transaction, "SELECT max(number) FROM templates")?;
    let sealed = key.seal(Sealed::Template, number, &encode_template(row.template, row.capture_score).0);
    let retired_at = row.retired_at.map(|at| at.0);
    transaction
        .prepare_cached(
            "INSERT INTO templates (number, subject, record, format, created_at, retired_at, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .and_then(|mut statement| {
            statement.execute(params![number, owner.subject, owner.record, format, row.created_at.0, retired_at, sealed])
        })
        .map(drop)
        .map_err(translate)
}

pub(super) fn insert_picture(
    transaction: &Transaction<'_>,
    key: &SubjectKey,
    owner: Owner,
    picture: &NewPicture,
) -> Result<(), GalleryError> {
    let number = next_number(transaction, "SELECT max(number) FROM pictures")?;
    let sealed = key.seal(Sealed::Picture, number, &picture.encoded.0);
    transaction
        .prepare_cached("INSERT INTO pictures (number, subject, record, kind, sealed) VALUES (?1, ?2, ?3, ?4, ?5)")
        .and_then(|mut statement| statement.execute(params![number, owner.subject, owner.record, picture_kind_text(picture.kind), sealed]))
        .map(drop)
        .map_err(translate)
}

/// The number after the highest one; rows are numbered here because their number is part of what seals them.
pub(super) fn next_number(connection: &Connection, highest: &str) -> Result<i64, GalleryError> {
    let highest: Option<i64> =
        connection.prepare_cached(highest).and_then(|mut statement| statement.query_row([], |row| row.get(0))).map_err(translate)?;
    Ok(highest.unwrap_or(0) + 1)
}

/// The number of a template format, adding it where it is new.
fn format_number(connection: &Connection, format: &TemplateFormat) -> Result<i64, GalleryError> {
    let dimensions = i64::try_from(format.dimensions).map_err(|_| GalleryError::Unfit { reason: "the template is too long" })?;
    let found: Option<i64> = connection
        .prepare_cached("SELECT number FROM formats WHERE recogniser = ?1 AND dimensions = ?2")
        .and_then(|mut statement| statement.query_row(params![&*format.recogniser, dimensions], |row| row.get(0)).optional())
        .map_err(translate)?;
    if let Some(number) = found {
        return Ok(number);
    }
    connection
        .query_row(
            "INSERT INTO formats (recogniser, dimensions) VALUES (?1, ?2) RETURNING number",
            params![&*format.recogniser, dimensions],
            |row| row.get(0),
        )
        .map_err(translate)
}

pub(super) const fn picture_kind_text(kind: PictureKind) -> &'static str {
    match kind {
        PictureKind::Frame => "frame",
        PictureKind::Portrait => "portrait",
        PictureKind::DocumentFront => "document_front",
        PictureKind::DocumentBack => "document_back",
        PictureKind::Clip => "clip",
    }
}

pub(super) fn picture_kind(text: &str) -> Result<PictureKind, GalleryError> {
    PictureKind::ALL
        .into_iter()
        .find(|kind| picture_kind_text(*kind) == text)
        .ok_or_else(|| GalleryError::Damaged { what: "the kind of a picture".into() })
}
