//! The gallery in an encrypted SQLite file.
//!
//! Two layers of encryption. SQLCipher encrypts and authenticates every page of the file and of its write-ahead log; that protects
//! a lost disk. Inside, everything about a person is sealed once more under that person's own key (module `seal`); that makes erasing one
//! person certain: the wrapped key is overwritten, then the rows go, then the log is truncated.
//!
//! # Erasure and space
//!
//! `secure_delete` is on: what is deleted is overwritten with zeros in its page, freed pages are zeroed whole, and both are used again.
//! The file is never compacted by itself, because compacting copies the other people's pages and gains privacy nothing. When another
//! process reads while somebody is erased, the log cannot be truncated at once; the file remembers that, and the next write or the next
//! start does it. Not covered: blocks that the file system or the disk replaced on their own (journals, snapshots, flash wear levelling)
//! still hold old *encrypted* pages; without the gallery's key they are noise.

mod connection;
mod directory;
mod enrolment;
mod erasure;
mod events;
mod galleries;
mod migrations;
mod opinions;
mod outbox;
mod payload;
mod people;
mod records;
mod rows;
mod seal;
#[cfg(test)]
mod tests;
mod transfer;
mod upkeep;

use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::events::{EventStore as _, NewEvent};
use crate::ports::gallery::{
    ErasureReceipt, GalleryError, GalleryStore, GallerySummary, ImportReport, IndexedTemplate, Interrupted, NewEnrolment, NewPicture, Page,
    PictureKind, PortableSubject, RecordId, RecordSummary, SubjectDetails, SubjectId, SubjectQuery, SubjectSummary,
};
use crate::ports::keys::KeyStore;
use crate::ports::opinions::OpinionSet;
use crate::units::{SensitiveBytes, UtcTime};
use connection::translate;
pub use connection::{BUSY_LIMIT, key_name};
use directory::Directory;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};
use seal::{GalleryKeys, SubjectKey};
use std::cell::RefCell;
use std::path::Path;
use uuid::Uuid;

/// The gallery in one file. One thread owns it; other processes may use the same file at the same time.
pub struct SqliteGallery {
    connection: Connection,
    keys: GalleryKeys,
    practice: bool,
    directory: RefCell<Directory>,
}

impl std::fmt::Debug for SqliteGallery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteGallery").field("practice", &self.practice).finish_non_exhaustive()
    }
}

impl SqliteGallery {
    /// Opens the gallery at `path`, creating it, and its key in `keys`, where there is none.
    ///
    /// `practice` says which kind of records the file holds; it is fixed when the file is created, and records of the other kind are
    /// refused. A file whose key is gone is never given a new one.
    ///
    /// # Errors
    /// [`GalleryError`]: `Unopenable`, `WrongKey`, `Key`, `Locked`, `DiskFull`, `TooNew` (the file stays as it is), `Damaged`, or
    /// `ForeignOrigin` when the file was created for the other kind.
    pub fn open(path: &Path, keys: &dyn KeyStore, practice: bool) -> Result<Self, GalleryError> {
        let (connection, keys) = connection::open(path, keys, practice)?;
        let gallery = Self { connection, keys, practice, directory: RefCell::default() };
        if (gallery.setting("practice")? != 0) != practice {
            let origin = if practice { crate::ports::camera::Origin::Practice } else { crate::ports::camera::Origin::Camera };
            return Err(GalleryError::ForeignOrigin { origin, practice_gallery: !practice });
        }
        gallery.finish_scrub();
        Ok(gallery)
    }

    /// Whether this is the practice gallery.
    #[must_use]
    pub const fn is_practice(&self) -> bool {
        self.practice
    }

    fn setting(&self, name: &str) -> Result<i64, GalleryError> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM settings WHERE name = ?1").map_err(translate)?;
        statement.query_row([name], |row| row.get(0)).map_err(translate)
    }

    /// Begins a write: waits its turn at once, so that nothing read inside can be overtaken.
    fn begin(connection: &mut Connection) -> Result<Transaction<'_>, GalleryError> {
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)
    }
}

/// Counts the gallery's revision up, inside a write.
fn next_revision(transaction: &Transaction<'_>) -> Result<i64, GalleryError> {
    transaction
        .prepare_cached("UPDATE settings SET value = value + 1 WHERE name = 'revision' RETURNING value")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(translate)
}

/// A person's row number; [`GalleryError::NotFound`] when there is none.
fn number_of(connection: &Connection, subject: SubjectId) -> Result<i64, GalleryError> {
    find_number(connection, subject)?.ok_or_else(|| not_found("person", subject.0))
}

fn find_number(connection: &Connection, subject: SubjectId) -> Result<Option<i64>, GalleryError> {
    connection
        .prepare_cached("SELECT number FROM subjects WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([&subject.0.as_bytes()[..]], |row| row.get(0)).optional())
        .map_err(translate)
}

/// A person's key.
fn subject_key(connection: &Connection, keys: &GalleryKeys, subject: SubjectId, number: i64) -> Result<SubjectKey, GalleryError> {
    let wrapped: Vec<u8> = connection
        .prepare_cached("SELECT wrapped FROM subject_keys WHERE number = ?1")
        .and_then(|mut statement| statement.query_row([number], |row| row.get(0)))
        .map_err(translate)?;
    keys.unwrap_subject_key(subject.0, number, &wrapped)
}

fn not_found(what: &'static str, id: Uuid) -> GalleryError {
    GalleryError::NotFound { what, name: id.to_string() }
}

/// Reads a 16-byte identifier from column `column`.
fn uuid_at(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

fn origin_at(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<crate::ports::camera::Origin> {
    let text: String = row.get(column)?;
    crate::ports::camera::Origin::from_text(&text)
        .ok_or_else(|| rusqlite::Error::InvalidColumnType(column, "origin".into(), rusqlite::types::Type::Text))
}

impl GalleryStore for SqliteGallery {
    fn revision(&self) -> Result<u64, GalleryError> {
        u64::try_from(self.setting("revision")?).map_err(|_| GalleryError::Damaged { what: "the revision".into() })
    }

    fn enrol(&mut self, enrolment: &NewEnrolment) -> Result<(), GalleryError> {
        self.save_enrolment(enrolment)
    }

    fn subject(&self, subject: SubjectId) -> Result<SubjectDetails, GalleryError> {
        self.read_subject(subject)
    }

    fn subject_by_code(&self, registration_code: &str) -> Result<Option<SubjectId>, GalleryError> {
        self.find_by_code(registration_code)
    }

    fn holders_of_document(&self, number: &str) -> Result<Vec<SubjectId>, GalleryError> {
        self.find_by_document(number)
    }

    fn subjects(&self, query: &SubjectQuery) -> Result<Page<SubjectSummary>, GalleryError> {
        self.list_subjects(query)
    }

    fn picture(&self, subject: SubjectId, kind: PictureKind) -> Result<Option<SensitiveBytes>, GalleryError> {
        self.read_picture(subject, kind)
    }

    fn templates_of(&self, subject: SubjectId) -> Result<Vec<Template>, GalleryError> {
        self.read_templates(subject)
    }

    fn for_each_template(&self, format: &TemplateFormat, each: &mut dyn FnMut(IndexedTemplate)) -> Result<(), GalleryError> {
        self.read_all_templates(format, each)
    }

    fn replace_templates(&mut self, subject: SubjectId, templates: &[(Template, f32)], at: UtcTime) -> Result<(), GalleryError> {
        self.save_templates(subject, templates, at)
    }

    fn set_held(&mut self, subject: SubjectId, held: bool, at: UtcTime) -> Result<(), GalleryError> {
        self.save_held(subject, held, at)
    }

    fn erase(&mut self, subject: SubjectId, reason: &str, at: UtcTime) -> Result<ErasureReceipt, GalleryError> {
        self.erase_subject(subject, reason, at)
    }

    fn create_gallery(&mut self, name: &str, at: UtcTime) -> Result<(), GalleryError> {
        self.add_gallery(name, at)
    }

    fn delete_gallery(&mut self, name: &str) -> Result<(), GalleryError> {
        self.drop_gallery(name)
    }

    fn galleries(&self) -> Result<Vec<GallerySummary>, GalleryError> {
        self.list_galleries()
    }

    fn add_member(&mut self, gallery: &str, subject: SubjectId, at: UtcTime) -> Result<(), GalleryError> {
        self.join_gallery(gallery, subject, at)
    }

    fn remove_member(&mut self, gallery: &str, subject: SubjectId) -> Result<(), GalleryError> {
        self.leave_gallery(gallery, subject)
    }

    fn contains(&self, gallery: &str, subject: SubjectId) -> Result<bool, GalleryError> {
        self.is_member(gallery, subject)
    }

    fn member_ids(&self, gallery: &str) -> Result<Vec<SubjectId>, GalleryError> {
        self.list_members(gallery)
    }

    fn records(&self, offset: u64, limit: u32) -> Result<Page<RecordSummary>, GalleryError> {
        self.list_records(offset, limit)
    }

    fn record(&self, record: RecordId) -> Result<RecordSummary, GalleryError> {
        self.read_record(record)
    }

    fn add_document(&mut self, record: RecordId, pictures: &[NewPicture]) -> Result<(), GalleryError> {
        self.save_document(record, pictures)
    }

    fn delete_record(&mut self, record: RecordId) -> Result<(), GalleryError> {
        self.remove_record(record)
    }

    fn forget_clips(&mut self, before: UtcTime) -> Result<u64, GalleryError> {
        self.drop_clips(before)
    }

    fn keep_event(&mut self, event: &NewEvent) -> Result<u64, GalleryError> {
        self.announce(event)
    }

    fn keep_opinions(&mut self, set: &OpinionSet) -> Result<(), GalleryError> {
        self.save_opinions(set)
    }

    fn opinions(&self, subject: Option<SubjectId>) -> Result<Vec<OpinionSet>, GalleryError> {
        self.list_opinions(subject)
    }

    fn export(&self, gallery: Option<&str>, each: &mut dyn FnMut(PortableSubject) -> Result<(), Interrupted>) -> Result<(), GalleryError> {
        self.export_people(gallery, each)
    }

    fn import(&mut self, people: &mut dyn Iterator<Item = Result<PortableSubject, Interrupted>>) -> Result<ImportReport, GalleryError> {
        self.import_people(people)
    }
}
