//! Completed enrolments.

use super::erasure::{ask_for_scrub, delete_of};
use super::payload::RecordText;
use super::rows::{Owner, insert_picture, picture_kind_text};
use super::seal::Sealed;
use super::{SqliteGallery, next_revision, not_found, origin_at, subject_key, translate, uuid_at};
use crate::ports::gallery::{GalleryError, NewPicture, Page, PictureKind, RecordId, RecordSummary, SubjectId};
use crate::units::UtcTime;
use rusqlite::{OptionalExtension as _, Params, Row, params};
use uuid::Uuid;

/// Most entries of one page of a list.
pub(super) const LONGEST_PAGE: u32 = 1000;

const COLUMNS: &str = "SELECT r.number, r.id, r.enrolled_at, r.origin, r.active, r.sealed, s.id, s.number, k.wrapped
    FROM records r JOIN subjects s ON s.number = r.subject JOIN subject_keys k ON k.number = s.number";

impl SqliteGallery {
    pub(super) fn list_records(&self, offset: u64, limit: u32) -> Result<Page<RecordSummary>, GalleryError> {
        let total: u32 = self.connection.query_row("SELECT count(*) FROM records", [], |row| row.get(0)).map_err(translate)?;
        let order = "ORDER BY r.enrolled_at DESC, r.number DESC LIMIT ?1 OFFSET ?2";
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let entries = self.read_records(order, params![limit.min(LONGEST_PAGE), offset])?;
        Ok(Page { entries, total: total.into() })
    }

    pub(super) fn read_record(&self, record: RecordId) -> Result<RecordSummary, GalleryError> {
        self.read_records("WHERE r.id = ?1", [&record.0.as_bytes()[..]])?.pop().ok_or_else(|| not_found("record", record.0))
    }

    /// A person's completed enrolments, newest first.
    pub(super) fn records_of(&self, person: i64) -> Result<Vec<RecordSummary>, GalleryError> {
        self.read_records("WHERE r.subject = ?1 ORDER BY r.enrolled_at DESC, r.number DESC", [person])
    }

    pub(super) fn save_document(&mut self, record: RecordId, pictures: &[NewPicture]) -> Result<(), GalleryError> {
        if pictures.is_empty() || pictures.iter().any(|p| !matches!(p.kind, PictureKind::DocumentFront | PictureKind::DocumentBack)) {
            return Err(GalleryError::Unfit { reason: "there is no picture of a document" });
        }
        let transaction = Self::begin(&mut self.connection)?;
        let (record, subject, id): (i64, i64, Uuid) = transaction
            .query_row(
                "SELECT r.number, s.number, s.id FROM records r JOIN subjects s ON s.number = r.subject WHERE r.id = ?1",
                [&record.0.as_bytes()[..]],
                |row| Ok((row.get(0)?, row.get(1)?, uuid_at(row, 2)?)),
            )
            .optional()
            .map_err(translate)?
            .ok_or_else(|| not_found("record", record.0))?;
        let key = subject_key(&transaction, &self.keys, SubjectId(id), subject)?;
        for picture in pictures {
            transaction
                .execute("DELETE FROM pictures WHERE record = ?1 AND kind = ?2", params![record, picture_kind_text(picture.kind)])
                .map_err(translate)?;
            insert_picture(&transaction, &key, Owner { subject, record }, picture)?;
        }
        next_revision(&transaction)?;
        transaction.commit().map_err(translate)
    }

    pub(super) fn remove_record(&mut self, record: RecordId) -> Result<(), GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let (number, active): (i64, bool) = transaction
            .query_row("SELECT number, active FROM records WHERE id = ?1", [&record.0.as_bytes()[..]], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(translate)?
            .ok_or_else(|| not_found("record", record.0))?;
        if active {
            return Err(GalleryError::Stays { reason: "this enrolment is the active one" });
        }
        super::outbox::leave_record(&transaction, number)?;
        delete_of(&transaction, "pictures", "record", number)?;
        delete_of(&transaction, "templates", "record", number)?;
        delete_of(&transaction, "records", "number", number)?;
        next_revision(&transaction)?;
        ask_for_scrub(&transaction)?;
        transaction.commit().map_err(translate)?;
        self.finish_scrub();
        Ok(())
    }

    fn read_records(&self, rest: &str, parameters: impl Params) -> Result<Vec<RecordSummary>, GalleryError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} {rest}")).map_err(translate)?;
        let mut rows = statement.query(parameters).map_err(translate)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            records.push(self.record_at(row)?);
        }
        Ok(records)
    }

    fn record_at(&self, row: &Row<'_>) -> Result<RecordSummary, GalleryError> {
        let subject = uuid_at(row, 6).map_err(translate)?;
        let wrapped = row.get_ref(8).and_then(|value| Ok(value.as_blob()?)).map_err(translate)?;
        let key = self.keys.unwrap_subject_key(subject, row.get(7).map_err(translate)?, wrapped)?;
        let sealed = row.get_ref(5).and_then(|value| Ok(value.as_blob()?)).map_err(translate)?;
        let text = RecordText::decode(&key.open(Sealed::Record, row.get(0).map_err(translate)?, sealed)?)?;
        Ok(RecordSummary {
            record: RecordId(uuid_at(row, 1).map_err(translate)?),
            subject: SubjectId(subject),
            registration_code: text.code,
            flow: text.flow,
            enrolled_at: UtcTime(row.get(2).map_err(translate)?),
            origin: origin_at(row, 3).map_err(translate)?,
            pad: text.pad,
            active: row.get(4).map_err(translate)?,
        })
    }
}
