//! Saving: enrolments, re-enrolments, templates of another recogniser, and whether a record is held.

use super::payload::{Profile, RecordText, canonical_code};
use super::rows::{Owner, RecordRow, SubjectRow, TemplateRow, insert_picture, insert_record, insert_subject, insert_template};
use super::seal::{GalleryKeys, Sealed, SubjectKey};
use super::{SqliteGallery, events, find_number, galleries, next_revision, number_of, outbox, subject_key, translate};
use crate::biometrics::template::Template;
use crate::ports::camera::Origin;
use crate::ports::gallery::{GalleryError, NewEnrolment, PadRecord, RecordId, SubjectId};
use crate::units::UtcTime;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

impl SqliteGallery {
    pub(super) fn save_enrolment(&mut self, enrolment: &NewEnrolment) -> Result<(), GalleryError> {
        check_origin(enrolment.origin, self.practice)?;
        if enrolment.templates.is_empty() {
            return Err(GalleryError::Unfit { reason: "there is no template" });
        }
        check_texts(&enrolment.registration_code, &enrolment.pad)?;
        let transaction = Self::begin(&mut self.connection)?;
        save(&transaction, &self.keys, enrolment)?;
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

fn save(transaction: &Transaction<'_>, keys: &GalleryKeys, enrolment: &NewEnrolment) -> Result<(), GalleryError> {
    let (subject, at) = (enrolment.subject, enrolment.enrolled_at);
    if was_erased(transaction, &keys.subject_digest(subject.0))? {
        return Err(GalleryError::Conflict { what: "person", name: subject.0.to_string() });
    }
    if record_owner(transaction, enrolment.record)?.is_some() {
        return Err(GalleryError::Conflict { what: "record", name: enrolment.record.0.to_string() });
    }
    let code_digest = keys.code_digest(&canonical_code(&enrolment.registration_code));
    let known = find_number(transaction, subject)?;
    if code_holder(transaction, &code_digest)?.is_some_and(|holder| Some(holder) != known) {
        // The code itself stays out of the message: it leads to a person.
        return Err(GalleryError::Conflict { what: "registration code of record", name: enrolment.record.0.to_string() });
    }
    let revision = next_revision(transaction)?;
    let (number, key) = match known {
        Some(number) => (number, update_subject(transaction, keys, number, enrolment, revision)?),
        None => {
            let profile = Profile { code: enrolment.registration_code.clone(), details: enrolment.details.clone() };
            let row = SubjectRow {
                id: subject,
                enrolled_at: at,
                updated_at: at,
                origin: enrolment.origin,
                held: enrolment.held,
                profile: &profile,
            };
            insert_subject(transaction, keys, &row, revision)?
        }
    };
    retire_templates(transaction, number, at)?;
    retire_records(transaction, number)?;
    let text = RecordText { code: enrolment.registration_code.clone(), flow: enrolment.flow.clone(), pad: enrolment.pad.clone() };
    let row = RecordRow {
        id: enrolment.record,
        subject: number,
        enrolled_at: at,
        origin: enrolment.origin,
        active: true,
        code_digest,
        text: &text,
    };
    let owner = Owner { subject: number, record: insert_record(transaction, &key, &row)? };
    insert_templates(transaction, &key, owner, &enrolment.templates, at)?;
    for picture in &enrolment.pictures {
        insert_picture(transaction, &key, owner, picture)?;
    }
    for gallery in &enrolment.galleries {
        galleries::join(transaction, gallery, number, at)?;
    }
    for service in &enrolment.deliver_to {
        outbox::queue(transaction, *service, number, owner.record, at)?;
    }
    if let Some(event) = &enrolment.announce {
        let mut event = event.clone();
        event.data["registrationCode"] = enrolment.registration_code.clone().into();
        event.username.0.clone_from(&enrolment.registration_code);
        events::announce(transaction, keys, &event, Some((number, &key)))?;
    }
    Ok(())
}

/// A re-enrolment: what was entered replaces what was known; entering nothing keeps it.
fn update_subject(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    number: i64,
    enrolment: &NewEnrolment,
    revision: i64,
) -> Result<SubjectKey, GalleryError> {
    let key = subject_key(transaction, keys, enrolment.subject, number)?;
    let sealed: Vec<u8> =
        transaction.query_row("SELECT sealed FROM subjects WHERE number = ?1", [number], |row| row.get(0)).map_err(translate)?;
    let mut profile = Profile::decode(&key.open(Sealed::Profile, number, &sealed)?)?;
    profile.code.clone_from(&enrolment.registration_code);
    if !enrolment.details.is_empty() {
        profile.details.clone_from(&enrolment.details);
    }
    let row = SubjectRow {
        id: enrolment.subject,
        enrolled_at: enrolment.enrolled_at,
        updated_at: enrolment.enrolled_at,
        origin: enrolment.origin,
        held: enrolment.held,
        profile: &profile,
    };
    replace_subject(transaction, &key, number, &row, revision)?;
    Ok(key)
}

/// Replaces what a person's row says, except when they were first enrolled.
pub(super) fn replace_subject(
    transaction: &Transaction<'_>,
    key: &SubjectKey,
    number: i64,
    row: &SubjectRow<'_>,
    revision: i64,
) -> Result<(), GalleryError> {
    let sealed = key.seal(Sealed::Profile, number, &row.profile.encode().0);
    transaction
        .prepare_cached("UPDATE subjects SET updated_at = ?2, origin = ?3, held = ?4, revision = ?5, sealed = ?6 WHERE number = ?1")
        .and_then(|mut statement| statement.execute(params![number, row.updated_at.0, row.origin.text(), row.held, revision, sealed]))
        .map(drop)
        .map_err(translate)
}

pub(super) fn check_origin(origin: Origin, practice: bool) -> Result<(), GalleryError> {
    if (origin == Origin::Practice) == practice { Ok(()) } else { Err(GalleryError::ForeignOrigin { origin, practice_gallery: practice }) }
}

/// Refuses texts that could not be found or read again.
pub(super) fn check_texts(registration_code: &str, pad: &PadRecord) -> Result<(), GalleryError> {
    if canonical_code(registration_code).is_empty() {
        return Err(GalleryError::Unfit { reason: "there is no registration code" });
    }
    if let PadRecord::Assessed { layers, .. } = pad {
        let finite = |(_, value, limit): &(String, Option<f32>, f32)| limit.is_finite() && value.is_none_or(f32::is_finite);
        if !layers.iter().all(finite) {
            return Err(GalleryError::Unfit { reason: "a value of the presentation attack detection is not a number" });
        }
    }
    Ok(())
}

pub(super) fn was_erased(connection: &Connection, digest: &[u8; 16]) -> Result<bool, GalleryError> {
    connection
        .prepare_cached("SELECT 1 FROM erasures WHERE subject_digest = ?1")
        .and_then(|mut statement| statement.exists([&digest[..]]))
        .map_err(translate)
}

/// The person a record belongs to.
pub(super) fn record_owner(connection: &Connection, record: RecordId) -> Result<Option<i64>, GalleryError> {
    first_number(connection, "SELECT subject FROM records WHERE id = ?1", record.0.as_bytes())
}

/// The person a registration code was handed to.
pub(super) fn code_holder(connection: &Connection, digest: &[u8; 16]) -> Result<Option<i64>, GalleryError> {
    first_number(connection, "SELECT subject FROM records WHERE code_digest = ?1 LIMIT 1", digest)
}

fn first_number(connection: &Connection, sql: &str, value: &[u8]) -> Result<Option<i64>, GalleryError> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.query_row([value], |row| row.get(0)).optional()).map_err(translate)
}

fn touch(transaction: &Transaction<'_>, number: i64, at: UtcTime) -> Result<(), GalleryError> {
    let revision = next_revision(transaction)?;
    transaction
        .execute("UPDATE subjects SET updated_at = ?2, revision = ?3 WHERE number = ?1", params![number, at.0, revision])
        .map(drop)
        .map_err(translate)
}

pub(super) fn retire_templates(transaction: &Transaction<'_>, number: i64, at: UtcTime) -> Result<(), GalleryError> {
    transaction
        .prepare_cached("UPDATE templates SET retired_at = ?2 WHERE subject = ?1 AND retired_at IS NULL")
        .and_then(|mut statement| statement.execute(params![number, at.0]))
        .map(drop)
        .map_err(translate)
}

pub(super) fn retire_records(transaction: &Transaction<'_>, number: i64) -> Result<(), GalleryError> {
    transaction
        .prepare_cached("UPDATE records SET active = 0 WHERE subject = ?1 AND active = 1")
        .and_then(|mut statement| statement.execute([number]))
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
        let row = TemplateRow { template, capture_score: *capture_score, created_at: at, retired_at: None };
        insert_template(transaction, key, owner, &row)?;
    }
    Ok(())
}
