//! Looking after the file: is it whole, how large may it become.

use super::outbox::check_receipt;
use super::payload::{Profile, RecordText, decode_template};
use super::people::{blob_at, format_at};
use super::seal::Sealed;
use super::{SqliteGallery, translate, uuid_at};
use crate::ports::gallery::GalleryError;
use crate::units::UtcTime;

/// Page size of SQLCipher 4.
const PAGE_BYTES: u64 = 4096;

impl SqliteGallery {
    /// Checks everything: every page's authentication code, the database's structure and references, and that every sealed value opens and
    /// can be read. Takes seconds for a large gallery.
    ///
    /// # Errors
    /// [`GalleryError::Damaged`] with the first part that fails.
    pub fn verify(&self) -> Result<(), GalleryError> {
        let damaged = |what: &str| Err(GalleryError::Damaged { what: what.into() });
        // One row per page that fails its check; none when all is well.
        if self.connection.prepare("PRAGMA cipher_integrity_check").and_then(|mut check| check.exists([])).map_err(translate)? {
            return damaged("a page of the database file");
        }
        let structure: String = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(translate)?;
        if structure != "ok" {
            return damaged("the structure of the database file");
        }
        if self.connection.prepare("PRAGMA foreign_key_check").and_then(|mut check| check.exists([])).map_err(translate)? {
            return damaged("a reference between people, enrolments, templates and pictures");
        }
        let half = "SELECT 1 FROM subjects s WHERE (SELECT count(*) FROM records r WHERE r.subject = s.number AND r.active = 1) <> 1
                    OR NOT EXISTS (SELECT 1 FROM templates t WHERE t.subject = s.number AND t.retired_at IS NULL)";
        if self.connection.prepare(half).and_then(|mut check| check.exists([])).map_err(translate)? {
            return damaged("a person without an active enrolment or template");
        }
        self.open_everything()
    }

    /// Lets the file grow to `bytes` and no further, for this process; a write that needs more is [`GalleryError::DiskFull`].
    /// A file that is larger already stays as large as it is.
    ///
    /// # Errors
    /// [`GalleryError`] when the database does not answer.
    pub fn limit_size(&self, bytes: u64) -> Result<(), GalleryError> {
        let pages = (bytes / PAGE_BYTES).clamp(1, 0xffff_fffe);
        self.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).map_err(translate)
    }

    /// Deletes evidence clips of enrolments before a time.
    pub(super) fn drop_clips(&mut self, before: UtcTime) -> Result<u64, GalleryError> {
        let sql = "DELETE FROM pictures WHERE kind = 'clip' AND record IN (SELECT number FROM records WHERE enrolled_at < ?1)";
        self.connection.execute(sql, [before.0]).map(|count| count as u64).map_err(translate)
    }

    fn open_everything(&self) -> Result<(), GalleryError> {
        let sql = "WITH sealed_values (kind, person, row, sealed, recogniser, dimensions) AS (
                SELECT 'profile', number, number, sealed, NULL, NULL FROM subjects
                UNION ALL SELECT 'record', subject, number, sealed, NULL, NULL FROM records
                UNION ALL SELECT 'template', subject, t.number, sealed, recogniser, dimensions
                    FROM templates t JOIN formats f ON f.number = t.format
                UNION ALL SELECT 'picture', subject, number, sealed, NULL, NULL FROM pictures
                UNION ALL SELECT 'opinions', subject, number, sealed, NULL, NULL FROM opinions WHERE subject IS NOT NULL
                UNION ALL SELECT 'receipt', subject, number, receipt, NULL, NULL FROM outbox
                    WHERE subject IS NOT NULL AND receipt IS NOT NULL)
            SELECT kind, person, row, v.sealed, recogniser, dimensions, s.id, k.wrapped
            FROM sealed_values v JOIN subjects s ON s.number = person JOIN subject_keys k ON k.number = person";
        let mut statement = self.connection.prepare(sql).map_err(translate)?;
        let mut rows = statement.query([]).map_err(translate)?;
        while let Some(row) = rows.next().map_err(translate)? {
            let get = |column| row.get::<_, i64>(column).map_err(translate);
            let key = self.keys.unwrap_subject_key(uuid_at(row, 6).map_err(translate)?, get(1)?, blob_at(row, 7)?)?;
            let open = |kind| key.open(kind, get(2)?, blob_at(row, 3)?);
            match row.get_ref(0).and_then(|kind| Ok(kind.as_str()?)).map_err(translate)? {
                "profile" => drop(Profile::decode(&open(Sealed::Profile)?)?),
                "record" => drop(RecordText::decode(&open(Sealed::Record)?)?),
                "template" => drop(decode_template(&open(Sealed::Template)?, &format_at(row, 4).map_err(translate)?)?),
                "opinions" => drop(super::opinions::open(&self.keys, Some(&key), get(2)?, blob_at(row, 3)?)?),
                "receipt" => check_receipt(&self.keys, Some(&key), get(2)?, blob_at(row, 3)?)?,
                _ => drop(open(Sealed::Picture)?),
            }
        }
        let mut names = self
            .connection
            .prepare("SELECT number, receipt FROM outbox WHERE subject IS NULL AND receipt IS NOT NULL")
            .map_err(translate)?;
        let mut rows = names.query([]).map_err(translate)?;
        while let Some(row) = rows.next().map_err(translate)? {
            check_receipt(&self.keys, None, row.get(0).map_err(translate)?, blob_at(row, 1)?)?;
        }
        drop(self.list_opinions(None)?);
        Ok(())
    }
}
