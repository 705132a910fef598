//! Saving: enrolments, re-enrolments, templates of another recogniser, and whether a record is held.

use super::payload::{Profile, RecordText, canonical_code, encode_template};
use super::seal::{Sealed, SubjectKey, WRAPPED};
use super::{SqliteGallery, find_number, galleries, next_revision, not_found, number_of, subject_key, translate};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::camera::Origin;
use crate::ports::gallery::{GalleryError, NewEnrolment, NewPicture, PadRecord, PictureKind, SubjectId};
use crate::units::UtcTime;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

/// Where rows of one enrolment belong.
#[derive(Clone, Copy)]
struct Owner {
    subject: i64,
    record: i64,
}

impl SqliteGallery {
    pub(super) fn save_enrolment(&mut self, enrolment: &NewEnrolment) -> Result<(), GalleryError> {
        check(enrolment, self.practice)?;
        let transaction = Self::begin(&mut self.connection)?;
        self.keys.save(&transaction, enrolment)?;
        transaction.commit().map_err(translate)?;
        self.finish_scrub();
        Ok(())
    }

    pub(super) fn save_templates(&mut self, subject: SubjectId, templates: &[(Template, f32)], at: UtcTime) -> Result<(), GalleryError> {
        if templates.is_empty() {
            return Err(GalleryError::Unfit { reason: "there is no template" });
        }
        let transaction = Self::begin(&mut self.connection)?;
        let number = number_of(&transaction, subject)?;
        let key = subject_key(&transaction, &self.keys, subject, number)?;
        let record = transaction
            .query_row("SELECT number FROM records WHERE subject = ?1 AND active = 1", [number], |row| row.get(0))
            .map_err(translate)?;
        retire_templates(&transaction, number, at)?;
        insert_templates(&transaction, &key, Owner { subject: number, record }, templates, at)?;
        touch(&transaction, number, at)?;
        transaction.commit().map_err(translate)
    }

    pub(super) fn save_held(&mut self, subject: SubjectId, held: bool, at: UtcTime) -> Result<(), GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let number = number_of(&transaction, subject)?;
        transaction.execute("UPDATE subjects SET held = ?2 WHERE number = ?1", params![number, held]).map_err(translate)?;
        touch(&transaction, number, at)?;
        transaction.commit().map_err(translate)
    }
}

impl super::GalleryKeys {
    /// Writes an enrolment into a transaction that the caller commits.
    pub(super) fn save(&self, transaction: &Transaction<'_>, enrolment: &NewEnrolment) -> Result<(), GalleryError> {
        let (subject, at) = (enrolment.subject, enrolment.enrolled_at);
        if was_erased(transaction, &self.subject_digest(subject.0))? {
            return Err(GalleryError::Conflict { what: "person", name: subject.0.to_string() });
        }
        if exists(transaction, "SELECT 1 FROM records WHERE id = ?1", &enrolment.record.0.as_bytes()[..])? {
            return Err(GalleryError::Conflict { what: "record", name: enrolment.record.0.to_string() });
        }
        let code_digest = self.code_digest(&canonical_code(&enrolment.registration_code));
        let known = find_number(transaction, subject)?;
        let holder: Option<i64> = transaction
            .prepare_cached("SELECT subject FROM records WHERE code_digest = ?1 LIMIT 1")
            .and_then(|mut statement| statement.query_row([&code_digest[..]], |row| row.get(0)).optional())
            .map_err(translate)?;
        if holder.is_some() && holder != known {
            // The code itself stays out of the message: it leads to a person.
            return Err(GalleryError::Conflict { what: "registration code of record", name: enrolment.record.0.to_string() });
        }
        let revision = next_revision(transaction)?;
        let (number, key) = match known {
            Some(number) => (number, self.update_subject(transaction, number, enrolment, revision)?),
            None => self.insert_subject(transaction, enrolment, revision)?,
        };
        retire_templates(transaction, number, at)?;
        transaction
            .prepare_cached("UPDATE records SET active = 0 WHERE subject = ?1 AND active = 1")
            .and_then(|mut statement| statement.execute([number]))
            .map_err(translate)?;
        let record = next_number(transaction, "SELECT max(number) FROM records")?;
        let text = RecordText { code: enrolment.registration_code.clone(), flow: enrolment.flow.clone(), pad: enrolment.pad.clone() };
        transaction
            .prepare_cached(
                "INSERT INTO records (number, id, subject, enrolled_at, origin, active, code_digest, sealed)
                 VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    record,
                    &enrolment.record.0.as_bytes()[..],
                    number,
                    at.0,
                    enrolment.origin.text(),
                    &code_digest[..],
                    key.seal(Sealed::Record, record, &text.encode().0),
                ])
            })
            .map_err(translate)?;
        let owner = Owner { subject: number, record };
        insert_templates(transaction, &key, owner, &enrolment.templates, at)?;
        insert_pictures(transaction, &key, owner, &enrolment.pictures)?;
        for gallery in &enrolment.galleries {
            galleries::join(transaction, gallery, number, at)?;
        }
        Ok(())
    }

    fn insert_subject(
        &self,
        transaction: &Transaction<'_>,
        enrolment: &NewEnrolment,
        revision: i64,
    ) -> Result<(i64, SubjectKey), GalleryError> {
        let number = next_number(transaction, "SELECT max(number) FROM subject_keys")?;
        let (key, wrapped) = self.new_subject_key(enrolment.subject.0, number);
        debug_assert_eq!(wrapped.len(), WRAPPED);
        transaction
            .prepare_cached("INSERT INTO subject_keys (number, wrapped) VALUES (?1, ?2)")
            .and_then(|mut statement| statement.execute(params![number, wrapped]))
            .map_err(translate)?;
        let profile = Profile { code: enrolment.registration_code.clone(), details: enrolment.details.clone() };
        transaction
            .prepare_cached(
                "INSERT INTO subjects (number, id, enrolled_at, updated_at, origin, held, revision, sealed)
                 VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    number,
                    &enrolment.subject.0.as_bytes()[..],
                    enrolment.enrolled_at.0,
                    enrolment.origin.text(),
                    enrolment.held,
                    revision,
                    key.seal(Sealed::Profile, number, &profile.encode().0),
                ])
            })
            .map_err(translate)?;
        Ok((number, key))
    }

    /// A re-enrolment: what was entered replaces what was known; entering nothing keeps it.
    fn update_subject(
        &self,
        transaction: &Transaction<'_>,
        number: i64,
        enrolment: &NewEnrolment,
        revision: i64,
    ) -> Result<SubjectKey, GalleryError> {
        let key = subject_key(transaction, self, enrolment.subject, number)?;
        let sealed: Vec<u8> =
            transaction.query_row("SELECT sealed FROM subjects WHERE number = ?1", [number], |row| row.get(0)).map_err(translate)?;
        let mut profile = Profile::decode(&key.open(Sealed::Profile, number, &sealed)?)?;
        profile.code.clone_from(&enrolment.registration_code);
        if !enrolment.details.is_empty() {
            profile.details.clone_from(&enrolment.details);
        }
        transaction
            .execute(
                "UPDATE subjects SET updated_at = ?2, origin = ?3, held = ?4, revision = ?5, sealed = ?6 WHERE number = ?1",
                params![
                    number,
                    enrolment.enrolled_at.0,
                    enrolment.origin.text(),
                    enrolment.held,
                    revision,
                    key.seal(Sealed::Profile, number, &profile.encode().0),
                ],
            )
            .map_err(translate)?;
        Ok(key)
    }
}

/// Refuses what must not be saved, before the database is touched.
pub(super) fn check(enrolment: &NewEnrolment, practice: bool) -> Result<(), GalleryError> {
    if (enrolment.origin == Origin::Practice) != practice {
        return Err(GalleryError::ForeignOrigin { origin: enrolment.origin, practice_gallery: practice });
    }
    if enrolment.templates.is_empty() {
        return Err(GalleryError::Unfit { reason: "there is no template" });
    }
    if canonical_code(&enrolment.registration_code).is_empty() {
        return Err(GalleryError::Unfit { reason: "there is no registration code" });
    }
    if let PadRecord::Assessed { layers, .. } = &enrolment.pad {
        let finite = |(_, value, limit): &(String, Option<f32>, f32)| limit.is_finite() && value.is_none_or(f32::is_finite);
        if !layers.iter().all(finite) {
            return Err(GalleryError::Unfit { reason: "a value of the presentation attack detection is not a number" });
        }
    }
    Ok(())
}

pub(super) fn was_erased(connection: &Connection, digest: &[u8; 16]) -> Result<bool, GalleryError> {
    exists(connection, "SELECT 1 FROM erasures WHERE subject_digest = ?1", &digest[..])
}

fn exists(connection: &Connection, sql: &str, value: &[u8]) -> Result<bool, GalleryError> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.exists([value])).map_err(translate)
}

/// The number after the highest one; rows are numbered here because their number is part of what seals them.
pub(super) fn next_number(connection: &Connection, highest: &str) -> Result<i64, GalleryError> {
    let highest: Option<i64> =
        connection.prepare_cached(highest).and_then(|mut statement| statement.query_row([], |row| row.get(0))).map_err(translate)?;
    Ok(highest.unwrap_or(0) + 1)
}

fn touch(transaction: &Transaction<'_>, number: i64, at: UtcTime) -> Result<(), GalleryError> {
    let revision = next_revision(transaction)?;
    transaction
        .execute("UPDATE subjects SET updated_at = ?2, revision = ?3 WHERE number = ?1", params![number, at.0, revision])
        .map(drop)
        .map_err(translate)
}

fn retire_templates(transaction: &Transaction<'_>, number: i64, at: UtcTime) -> Result<(), GalleryError> {
    transaction
        .prepare_cached("UPDATE templates SET retired_at = ?2 WHERE subject = ?1 AND retired_at IS NULL")
        .and_then(|mut statement| statement.execute(params![number, at.0]))
        .map(drop)
        .map_err(translate)
}

fn insert_templates(
    transaction: &Transaction<'_>,
    key: &SubjectKey,
    owner: Owner,
    templates: &[(Template, f32)],
    at: UtcTime,
) -> Result<(), GalleryError> {
    for (template, capture_score) in templates {
        let format = format_number(transaction, template.format())?;
        let number = next_number(transaction, "SELECT max(number) FROM templates")?;
        let sealed = key.seal(Sealed::Template, number, &encode_template(template, *capture_score).0);
        transaction
            .prepare_cached("INSERT INTO templates (number, subject, record, format, created_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .and_then(|mut statement| statement.execute(params![number, owner.subject, owner.record, format, at.0, sealed]))
            .map_err(translate)?;
    }
    Ok(())
}

fn insert_pictures(transaction: &Transaction<'_>, key: &SubjectKey, owner: Owner, pictures: &[NewPicture]) -> Result<(), GalleryError> {
    for picture in pictures {
        let number = next_number(transaction, "SELECT max(number) FROM pictures")?;
        let sealed = key.seal(Sealed::Picture, number, &picture.encoded.0);
        transaction
            .prepare_cached("INSERT INTO pictures (number, subject, record, kind, sealed) VALUES (?1, ?2, ?3, ?4, ?5)")
            .and_then(|mut statement| {
                statement.execute(params![number, owner.subject, owner.record, picture_kind_text(picture.kind), sealed])
            })
            .map_err(translate)?;
    }
    Ok(())
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
    }
}

/// [`GalleryError::NotFound`] for a record.
pub(super) fn no_record(record: crate::ports::gallery::RecordId) -> GalleryError {
    not_found("record", record.0)
}
