//! The directory: who is enrolled, by name and text, decrypted in memory for searching.
//!
//! Built when somebody first searches or sorts by name; a kiosk that only enrols never decrypts it. It follows changes of every
//! process through the row revisions: what is newer than the last one seen is read again.

use super::payload::{Profile, canonical_code};
use super::{SqliteGallery, translate, uuid_at};
use crate::ports::gallery::{GalleryError, SubjectOrder};
use crate::units::SensitiveText;
use std::collections::{HashMap, HashSet};

/// Names and texts of everybody.
#[derive(Default)]
pub(super) struct Directory {
    entries: HashMap<i64, Entry>,
    /// Numbers by name; empty when it must be sorted again.
    by_name: Vec<i64>,
    revision: i64,
}

struct Entry {
    updated_at: i64,
    /// Lower case: the first detail, then everything else, one line each.
    text: SensitiveText,
    name_length: usize,
    code: SensitiveText,
    /// Number of the person's document, as it is compared; empty where none was given.
    document: SensitiveText,
}

/// Field of the details that holds the number of a document.
const DOCUMENT_NUMBER: &str = "document_number";

/// A document number as it is compared: letters and digits alone, upper case.
fn compared_number(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

impl Entry {
    fn new(updated_at: i64, profile: &Profile) -> Self {
        let mut text = SensitiveText(profile.display_name().0.to_lowercase());
        let name_length = text.0.len();
        for (_, value) in profile.details.iter().skip(1) {
            text.0.push('\n');
            text.0.push_str(&value.0.to_lowercase());
        }
        let document = profile.details.iter().find(|(key, _)| key == DOCUMENT_NUMBER);
        let document = SensitiveText(document.map(|(_, value)| compared_number(&value.0)).unwrap_or_default());
        Self { updated_at, text, name_length, code: SensitiveText(canonical_code(&profile.code)), document }
    }

    fn name(&self) -> &str {
        &self.text.0[..self.name_length]
    }
}

impl Directory {
    /// Forgets everything; memory is wiped.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Row numbers of the people whose details or code contain `text`, in order.
    pub fn find(&mut self, text: &str, members: Option<&HashSet<i64>>, order: SubjectOrder) -> Vec<i64> {
        let (wanted, code) = (text.trim().to_lowercase(), canonical_code(text));
        let matches = |number: i64, entry: &Entry| {
            members.is_none_or(|members| members.contains(&number))
                && (wanted.is_empty() || entry.text.0.contains(&wanted) || (!code.is_empty() && entry.code.0.contains(&code)))
        };
        if order == SubjectOrder::Name {
            self.sort_by_name();
            return self.by_name.iter().copied().filter(|number| matches(*number, &self.entries[number])).collect();
        }
        let mut found: Vec<(i64, i64)> =
            self.entries.iter().filter(|(number, entry)| matches(**number, entry)).map(|(n, e)| (e.updated_at, *n)).collect();
        found.sort_unstable();
        if order == SubjectOrder::Newest {
            found.reverse();
        }
        found.into_iter().map(|(_, number)| number).collect()
    }

    /// Row numbers of the people who gave this number, in order.
    pub fn holders_of_document(&self, number: &str) -> Vec<i64> {
        let wanted = SensitiveText(compared_number(number));
        let gave = |entry: &Entry| !wanted.0.is_empty() && entry.document.0 == wanted.0;
        let mut found: Vec<i64> = self.entries.iter().filter(|(_, entry)| gave(entry)).map(|(number, _)| *number).collect();
        found.sort_unstable();
        found
    }

    fn sort_by_name(&mut self) {
        if self.by_name.is_empty() {
            let mut names: Vec<(&str, &str, i64)> = self.entries.iter().map(|(n, e)| (e.name(), e.code.0.as_str(), *n)).collect();
            names.sort_unstable();
            self.by_name = names.into_iter().map(|(_, _, number)| number).collect();
        }
    }
}

impl SqliteGallery {
    /// Brings the directory up to date with the file.
    pub(super) fn refresh(&self, directory: &mut Directory) -> Result<(), GalleryError> {
        let view = self.connection.unchecked_transaction().map_err(translate)?;
        let revision = self.setting("revision")?;
        if revision == directory.revision {
            return Ok(());
        }
        directory.by_name.clear();
        let sql = "SELECT s.number, s.id, k.wrapped, s.sealed, s.updated_at FROM subjects s JOIN subject_keys k ON k.number = s.number
                   WHERE s.revision > ?1";
        let mut statement = view.prepare_cached(sql).map_err(translate)?;
        let mut rows = statement.query([directory.revision]).map_err(translate)?;
        while let Some(row) = rows.next().map_err(translate)? {
            let (number, id) = (row.get(0).map_err(translate)?, uuid_at(row, 1).map_err(translate)?);
            let profile = self.profile_at(row, number, id, 2)?;
            directory.entries.insert(number, Entry::new(row.get(4).map_err(translate)?, &profile));
        }
        // Everybody in the file is in the directory by now; if it holds more, somebody was erased by another process.
        let there: u32 = view.query_row("SELECT count(*) FROM subjects", [], |row| row.get(0)).map_err(translate)?;
        if there as usize != directory.entries.len() {
            let mut statement = view.prepare("SELECT number FROM subjects").map_err(translate)?;
            let rows = statement.query_map([], |row| row.get(0)).map_err(translate)?;
            let numbers = rows.collect::<rusqlite::Result<HashSet<i64>>>().map_err(translate)?;
            directory.entries.retain(|number, _| numbers.contains(number));
        }
        directory.revision = revision;
        Ok(())
    }
}
