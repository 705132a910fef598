//! Named galleries and who is in them. The default gallery has no rows of its own: everybody is in it.

use super::{SqliteGallery, next_revision, number_of, translate, uuid_at};
use crate::ports::gallery::{DEFAULT_GALLERY, GalleryError, GallerySummary, SubjectId};
use crate::units::UtcTime;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Longest name of a gallery, in characters.
const LONGEST_NAME: usize = 64;

pub(super) fn is_default(name: &str) -> bool {
    name.eq_ignore_ascii_case(DEFAULT_GALLERY)
}

impl SqliteGallery {
    pub(super) fn add_gallery(&mut self, name: &str, at: UtcTime) -> Result<(), GalleryError> {
        check_name(name)?;
        let transaction = Self::begin(&mut self.connection)?;
        if find(&transaction, name)?.is_some() {
            return Err(conflict(name));
        }
        insert(&transaction, name, at)?;
        next_revision(&transaction)?;
        transaction.commit().map_err(translate)
    }

    pub(super) fn drop_gallery(&mut self, name: &str) -> Result<(), GalleryError> {
        if is_default(name) {
            return Err(GalleryError::Stays { reason: "the default gallery holds everybody enrolled" });
        }
        let transaction = Self::begin(&mut self.connection)?;
        let gallery = number(&transaction, name)?;
        transaction.execute("DELETE FROM members WHERE gallery = ?1", [gallery]).map_err(translate)?;
        transaction.execute("DELETE FROM galleries WHERE number = ?1", [gallery]).map_err(translate)?;
        next_revision(&transaction)?;
        transaction.commit().map_err(translate)
    }

    pub(super) fn list_galleries(&self) -> Result<Vec<GallerySummary>, GalleryError> {
        let everybody = self
            .connection
            .query_row("SELECT count(*), coalesce(min(enrolled_at), 0) FROM subjects", [], |row| {
                Ok(GallerySummary { name: DEFAULT_GALLERY.into(), members: row.get::<_, u32>(0)?.into(), created_at: UtcTime(row.get(1)?) })
            })
            .map_err(translate)?;
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT name, (SELECT count(*) FROM members WHERE gallery = galleries.number), created_at
                 FROM galleries ORDER BY name COLLATE NOCASE",
            )
            .map_err(translate)?;
        let named = statement
            .query_map([], |row| {
                Ok(GallerySummary { name: row.get(0)?, members: row.get::<_, u32>(1)?.into(), created_at: UtcTime(row.get(2)?) })
            })
            .map_err(translate)?;
        std::iter::once(Ok(everybody)).chain(named.map(|row| row.map_err(translate))).collect()
    }

    pub(super) fn join_gallery(&mut self, gallery: &str, subject: SubjectId, at: UtcTime) -> Result<(), GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let person = number_of(&transaction, subject)?;
        join(&transaction, gallery, person, at)?;
        next_revision(&transaction)?;
        transaction.commit().map_err(translate)
    }

    pub(super) fn leave_gallery(&mut self, gallery: &str, subject: SubjectId) -> Result<(), GalleryError> {
        if is_default(gallery) {
            return Err(GalleryError::Stays { reason: "everybody enrolled is in the default gallery" });
        }
        let transaction = Self::begin(&mut self.connection)?;
        let (person, gallery) = (number_of(&transaction, subject)?, number(&transaction, gallery)?);
        transaction.execute("DELETE FROM members WHERE gallery = ?1 AND subject = ?2", [gallery, person]).map_err(translate)?;
        next_revision(&transaction)?;
        transaction.commit().map_err(translate)
    }

    pub(super) fn is_member(&self, gallery: &str, subject: SubjectId) -> Result<bool, GalleryError> {
        let person = super::find_number(&self.connection, subject)?;
        if is_default(gallery) {
            return Ok(person.is_some());
        }
        let gallery = number(&self.connection, gallery)?;
        let Some(person) = person else { return Ok(false) };
        self.connection
            .prepare_cached("SELECT 1 FROM members WHERE gallery = ?1 AND subject = ?2")
            .and_then(|mut statement| statement.exists([gallery, person]))
            .map_err(translate)
    }

    pub(super) fn list_members(&self, gallery: &str) -> Result<Vec<SubjectId>, GalleryError> {
        let (sql, parameter) = if is_default(gallery) {
            ("SELECT id FROM subjects WHERE ?1 IS NULL ORDER BY number", None)
        } else {
            let number = number(&self.connection, gallery)?;
            ("SELECT id FROM subjects JOIN members ON subject = number WHERE gallery = ?1 ORDER BY number", Some(number))
        };
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let rows = statement.query_map([parameter], |row| uuid_at(row, 0).map(SubjectId)).map_err(translate)?;
        rows.collect::<rusqlite::Result<_>>().map_err(translate)
    }

    /// Galleries of one person, the default one included, sorted.
    pub(super) fn galleries_of(&self, person: i64) -> Result<Vec<String>, GalleryError> {
        let sql = "SELECT name FROM galleries JOIN members ON gallery = number WHERE subject = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let rows = statement.query_map([person], |row| row.get(0)).map_err(translate)?;
        let mut names = rows.collect::<rusqlite::Result<Vec<String>>>().map_err(translate)?;
        names.push(DEFAULT_GALLERY.into());
        names.sort();
        Ok(names)
    }
}

/// Refuses names that nobody could tell apart or type: empty, blank at an end, too long, with control characters, or the default's.
pub(super) fn check_name(name: &str) -> Result<(), GalleryError> {
    let unusable = name.trim() != name
        || name.is_empty()
        || name.chars().count() > LONGEST_NAME
        || name.chars().any(char::is_control)
        || is_default(name);
    if unusable { Err(bad_name(name)) } else { Ok(()) }
}

/// Creates a gallery inside a write.
pub(super) fn insert(connection: &Connection, name: &str, at: UtcTime) -> Result<(), GalleryError> {
    let sql = "INSERT INTO galleries (name, created_at) VALUES (?1, ?2)";
    connection.execute(sql, params![name, at.0]).map(drop).map_err(translate)
}

/// Adds a person to a gallery inside a write; the default one needs nothing. `true` when they were not in it.
pub(super) fn join(connection: &Connection, gallery: &str, person: i64, at: UtcTime) -> Result<bool, GalleryError> {
    if is_default(gallery) {
        return Ok(false);
    }
    let gallery = number(connection, gallery)?;
    connection
        .prepare_cached("INSERT INTO members (gallery, subject, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .and_then(|mut statement| statement.execute(params![gallery, person, at.0]))
        .map(|count| count > 0)
        .map_err(translate)
}

/// A named gallery's row number.
pub(super) fn number(connection: &Connection, name: &str) -> Result<i64, GalleryError> {
    find(connection, name)?.ok_or_else(|| GalleryError::NotFound { what: "gallery", name: name.into() })
}

pub(super) fn find(connection: &Connection, name: &str) -> Result<Option<i64>, GalleryError> {
    connection
        .prepare_cached("SELECT number FROM galleries WHERE name = ?1")
        .and_then(|mut statement| statement.query_row([name], |row| row.get(0)).optional())
        .map_err(translate)
}

fn bad_name(name: &str) -> GalleryError {
    GalleryError::BadName { name: name.into() }
}

fn conflict(name: &str) -> GalleryError {
    GalleryError::Conflict { what: "gallery", name: name.into() }
}
