//! Second opinions in the gallery's file: sealed under the person's key, or under the gallery's where nobody was decided on.

use super::rows::next_number;
use super::seal::{GalleryKeys, Place, Sealed, SubjectKey, damaged};
use super::{SqliteGallery, find_number, subject_key, translate};
use crate::ports::gallery::{GalleryError, SubjectId};
use crate::ports::opinions::OpinionSet;
use rusqlite::params;

/// Sets read at once.
const MOST: u32 = 100;

impl SqliteGallery {
    pub(super) fn save_opinions(&mut self, set: &OpinionSet) -> Result<(), GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let number = next_number(&transaction, "SELECT max(number) FROM opinions")?;
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(set).map_err(|_| damaged(Sealed::Opinions))?);
        // Whoever was erased while a service was thinking leaves nothing.
        let (subject, sealed) = match set.subject {
            None => (None, self.keys.seal_lasting(place(number), &plain)),
            Some(subject) => {
                let Some(row) = find_number(&transaction, subject)? else { return Ok(()) };
                (Some(row), subject_key(&transaction, &self.keys, subject, row)?.seal(Sealed::Opinions, number, &plain))
            }
        };
        let sql = "INSERT OR REPLACE INTO opinions (number, session, subject, asked_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";
        transaction.execute(sql, params![number, &set.session.as_bytes()[..], subject, set.asked_at, sealed]).map_err(translate)?;
        transaction.commit().map_err(translate)
    }

    pub(super) fn list_opinions(&self, subject: Option<SubjectId>) -> Result<Vec<OpinionSet>, GalleryError> {
        let (row, key) = match subject {
            None => (None, None),
            Some(subject) => {
                let row = super::number_of(&self.connection, subject)?;
                (Some(row), Some(subject_key(&self.connection, &self.keys, subject, row)?))
            }
        };
        let sql = "SELECT number, sealed FROM opinions WHERE subject IS ?1 ORDER BY number DESC LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let mut rows = statement.query(params![row, MOST]).map_err(translate)?;
        let mut sets = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let number: i64 = row.get(0).map_err(translate)?;
            let sealed = row.get_ref(1).and_then(|value| Ok(value.as_blob()?)).map_err(translate)?;
            sets.push(open(&self.keys, key.as_ref(), number, sealed)?);
        }
        Ok(sets)
    }
}

const fn place(row: i64) -> Place {
    Place { kind: Sealed::Opinions, subject: uuid::Uuid::nil(), row }
}

/// Opens a stored set.
pub(super) fn open(keys: &GalleryKeys, owner: Option<&SubjectKey>, number: i64, sealed: &[u8]) -> Result<OpinionSet, GalleryError> {
    let plain = match owner {
        Some(key) => key.open(Sealed::Opinions, number, sealed)?,
        None => keys.open_lasting(place(number), sealed)?,
    };
    serde_json::from_slice(&plain.0).map_err(|_| damaged(Sealed::Opinions))
}
