//! Erasing a person: the key first, then everything else, then what the log still holds.

use super::seal::{Place, Sealed, WRAPPED};
use super::{SqliteGallery, next_revision, number_of, translate};
use crate::ports::gallery::{ErasureReceipt, GalleryError, SubjectId};
use crate::units::{SensitiveText, UtcTime};
use rusqlite::{Transaction, params};

/// One entry of the list of erasures: that somebody was erased, never who.
#[derive(Debug, Clone, PartialEq)]
pub struct Erasure {
    /// When.
    pub erased_at: UtcTime,
    /// Why, in the officer's words.
    pub reason: SensitiveText,
    /// Templates, pictures and completed enrolments destroyed.
    pub destroyed: (u64, u64, u64),
}

impl SqliteGallery {
    pub(super) fn erase_subject(&mut self, subject: SubjectId, reason: &str, at: UtcTime) -> Result<ErasureReceipt, GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let number = number_of(&transaction, subject)?;
        super::outbox::forget(&transaction, &self.keys, number, at)?;
        // Overwritten in place, never deleted: see the table's own words.
        transaction
            .execute("UPDATE subject_keys SET wrapped = zeroblob(?2) WHERE number = ?1", params![number, WRAPPED as i64])
            .map_err(translate)?;
        let delete = |table: &str| delete_of(&transaction, table, "subject", number);
        delete("members")?;
        delete("opinions")?;
        super::events::forget_of(&transaction, number)?;
        let (templates, pictures, records) = (delete("templates")?, delete("pictures")?, delete("records")?);
        delete_of(&transaction, "subjects", "number", number)?;
        let receipt = ErasureReceipt { subject, templates, pictures, records };
        let row = super::rows::next_number(&transaction, "SELECT max(number) FROM erasures")?;
        // The place names no person: the entry must open when nobody knows the identifier any more.
        let place = Place { kind: Sealed::ErasureReason, subject: uuid::Uuid::nil(), row };
        transaction
            .execute(
                "INSERT INTO erasures (number, subject_digest, erased_at, templates, pictures, records, sealed_reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    row,
                    &self.keys.subject_digest(subject.0)[..],
                    at.0,
                    templates.cast_signed(),
                    pictures.cast_signed(),
                    records.cast_signed(),
                    self.keys.seal_lasting(place, reason.as_bytes()),
                ],
            )
            .map_err(translate)?;
        next_revision(&transaction)?;
        ask_for_scrub(&transaction)?;
        transaction.commit().map_err(translate)?;
        // Names must not stay in memory either.
        self.directory.borrow_mut().clear();
        self.connection.flush_prepared_statement_cache();
        self.finish_scrub();
        Ok(receipt)
    }

    /// Erasures, newest first.
    ///
    /// # Errors
    /// [`GalleryError`] when the list cannot be read.
    pub fn erasures(&self) -> Result<Vec<Erasure>, GalleryError> {
        let sql = "SELECT number, erased_at, templates, pictures, records, sealed_reason FROM erasures ORDER BY number DESC";
        let mut statement = self.connection.prepare(sql).map_err(translate)?;
        let mut rows = statement.query([]).map_err(translate)?;
        let mut erasures = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let get = |column| row.get::<_, i64>(column).map_err(translate);
            let place = Place { kind: Sealed::ErasureReason, subject: uuid::Uuid::nil(), row: get(0)? };
            let reason = self.keys.open_lasting(place, row.get_ref(5).and_then(|v| Ok(v.as_blob()?)).map_err(translate)?)?;
            erasures.push(Erasure {
                erased_at: UtcTime(get(1)?),
                reason: SensitiveText(String::from_utf8_lossy(&reason.0).into_owned()),
                destroyed: (get(2)?.unsigned_abs(), get(3)?.unsigned_abs(), get(4)?.unsigned_abs()),
            });
        }
        Ok(erasures)
    }

    /// Truncates the log if an erasure still waits for it. A reader in another process can prevent that; the wish is kept then.
    pub(super) fn finish_scrub(&self) {
        let pending = self.setting("scrub_pending").map(|value| value != 0);
        let done = match pending {
            Ok(false) => return,
            // The wish is struck only after the log is truncated: a crash between the two truncates once too often, never too seldom.
            Ok(true) => self.truncate_log().and_then(|truncated| if truncated { self.strike_scrub().map(|()| true) } else { Ok(false) }),
            Err(error) => Err(error),
        };
        match done {
            Ok(true) => {}
            Ok(false) => tracing::warn!("the log still holds encrypted pages of somebody erased, because another program reads it"),
            Err(error) => tracing::warn!(%error, "the log still holds encrypted pages of somebody erased"),
        }
    }

    fn strike_scrub(&self) -> Result<(), GalleryError> {
        self.connection.execute("UPDATE settings SET value = 0 WHERE name = 'scrub_pending'", []).map(drop).map_err(translate)
    }

    /// Copies the log into the file and truncates it; `false` when a reader prevents it.
    fn truncate_log(&self) -> Result<bool, GalleryError> {
        let busy: i64 = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(translate)?;
        Ok(busy == 0)
    }
}

/// Asks, inside a write, for the log to be truncated after it.
pub(super) fn ask_for_scrub(transaction: &Transaction<'_>) -> Result<(), GalleryError> {
    transaction.execute("UPDATE settings SET value = 1 WHERE name = 'scrub_pending'", []).map(drop).map_err(translate)
}

pub(super) fn delete_of(transaction: &Transaction<'_>, table: &str, column: &str, number: i64) -> Result<u64, GalleryError> {
    transaction.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), [number]).map(|count| count as u64).map_err(translate)
}
