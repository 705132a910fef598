//! Reading people: lists, one person in full, templates, pictures.

use super::payload::{Profile, canonical_code, decode_template};
use super::records::LONGEST_PAGE;
use super::rows::picture_kind_text;
use super::seal::{Sealed, SubjectKey};
use super::{SqliteGallery, galleries, not_found, number_of, origin_at, subject_key, translate, uuid_at};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::gallery::{
    GalleryError, IndexedTemplate, Page, PictureKind, SubjectDetails, SubjectId, SubjectOrder, SubjectQuery, SubjectSummary,
};
use crate::units::{SensitiveBytes, UtcTime};
use rusqlite::{OptionalExtension as _, Params, Row, params};
use std::sync::Arc;
use uuid::Uuid;

const COLUMNS: &str = "SELECT s.number, s.id, k.wrapped, s.sealed, s.enrolled_at, s.updated_at, s.origin, s.held,
    (SELECT count(*) FROM templates t WHERE t.subject = s.number AND t.retired_at IS NULL)
    FROM subjects s JOIN subject_keys k ON k.number = s.number";

impl SqliteGallery {
    pub(super) fn read_subject(&self, subject: SubjectId) -> Result<SubjectDetails, GalleryError> {
        let (number, summary, profile) =
            self.read_people("WHERE s.id = ?1", [&subject.0.as_bytes()[..]])?.pop().ok_or_else(|| not_found("person", subject.0))?;
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT DISTINCT recogniser, dimensions FROM formats JOIN templates ON format = formats.number
                 WHERE subject = ?1 AND retired_at IS NULL ORDER BY recogniser, dimensions",
            )
            .map_err(translate)?;
        let formats = statement.query_map([number], |row| format_at(row, 0)).map_err(translate)?;
        Ok(SubjectDetails {
            summary,
            details: profile.details,
            galleries: self.galleries_of(number)?,
            records: self.records_of(number)?,
            formats: formats.collect::<rusqlite::Result<_>>().map_err(translate)?,
        })
    }

    pub(super) fn find_by_code(&self, registration_code: &str) -> Result<Option<SubjectId>, GalleryError> {
        let digest = self.keys.code_digest(&canonical_code(registration_code));
        self.connection
            .prepare_cached("SELECT s.id FROM records r JOIN subjects s ON s.number = r.subject WHERE r.code_digest = ?1 LIMIT 1")
            .and_then(|mut statement| statement.query_row([&digest[..]], |row| uuid_at(row, 0).map(SubjectId)).optional())
            .map_err(translate)
    }

    pub(super) fn find_by_document(&self, number: &str) -> Result<Vec<SubjectId>, GalleryError> {
        let mut directory = self.directory.borrow_mut();
        self.refresh(&mut directory)?;
        let mut holders = Vec::new();
        for number in directory.holders_of_document(number) {
            holders.extend(self.read_people("WHERE s.number = ?1", [number])?.pop().map(|(_, summary, _)| summary.subject));
        }
        Ok(holders)
    }

    /// Lists without text and by time come from the file alone; text and names need the directory, which is decrypted on first use.
    pub(super) fn list_subjects(&self, query: &SubjectQuery) -> Result<Page<SubjectSummary>, GalleryError> {
        let limit = query.limit.min(LONGEST_PAGE);
        let gallery = match query.gallery.as_deref().filter(|name| !galleries::is_default(name)) {
            Some(name) => Some(galleries::number(&self.connection, name)?),
            None => None,
        };
        if query.text.trim().is_empty() && query.order != SubjectOrder::Name {
            return self.list_by_time(gallery, query.order, query.offset, limit);
        }
        let mut directory = self.directory.borrow_mut();
        self.refresh(&mut directory)?;
        let members = gallery.map(|gallery| self.member_numbers(gallery)).transpose()?;
        let found = directory.find(&query.text, members.as_ref(), query.order);
        let page = found.iter().skip(usize::try_from(query.offset).unwrap_or(usize::MAX)).take(limit as usize);
        let mut entries = Vec::new();
        for number in page {
            entries.extend(self.read_people("WHERE s.number = ?1", [number])?.pop().map(|(_, summary, _)| summary));
        }
        Ok(Page { entries, total: found.len() as u64 })
    }

    fn list_by_time(
        &self,
        gallery: Option<i64>,
        order: SubjectOrder,
        offset: u64,
        limit: u32,
    ) -> Result<Page<SubjectSummary>, GalleryError> {
        let (filter, count) = match gallery {
            Some(_) => {
                ("WHERE s.number IN (SELECT subject FROM members WHERE gallery = ?1)", "SELECT count(*) FROM members WHERE gallery = ?1")
            }
            None => ("WHERE ?1 IS NULL", "SELECT count(*) FROM subjects WHERE ?1 IS NULL"),
        };
        let direction = if order == SubjectOrder::Oldest { "ASC" } else { "DESC" };
        let total: u32 = self.connection.query_row(count, [gallery], |row| row.get(0)).map_err(translate)?;
        // The page is chosen on the index alone; sealed rows are read for its entries only.
        let rest = format!(
            "WHERE s.number IN (SELECT s.number FROM subjects s {filter} ORDER BY s.updated_at {direction}, s.number {direction}
             LIMIT ?2 OFFSET ?3) ORDER BY s.updated_at {direction}, s.number {direction}"
        );
        let people = self.read_people(&rest, params![gallery, limit, i64::try_from(offset).unwrap_or(i64::MAX)])?;
        Ok(Page { entries: people.into_iter().map(|(_, summary, _)| summary).collect(), total: total.into() })
    }

    fn read_people(&self, rest: &str, parameters: impl Params) -> Result<Vec<(i64, SubjectSummary, Profile)>, GalleryError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} {rest}")).map_err(translate)?;
        let mut rows = statement.query(parameters).map_err(translate)?;
        let mut people = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let (number, id) = (row.get(0).map_err(translate)?, uuid_at(row, 1).map_err(translate)?);
            let profile = self.profile_at(row, number, id, 2)?;
            let summary = SubjectSummary {
                subject: SubjectId(id),
                registration_code: profile.code.clone(),
                display_name: profile.display_name(),
                enrolled_at: UtcTime(row.get(4).map_err(translate)?),
                updated_at: UtcTime(row.get(5).map_err(translate)?),
                templates: row.get(8).map_err(translate)?,
                origin: origin_at(row, 6).map_err(translate)?,
                held: row.get(7).map_err(translate)?,
            };
            people.push((number, summary, profile));
        }
        Ok(people)
    }

    /// A profile from the columns `wrapped` and `sealed`, which follow each other from `column` on.
    pub(super) fn profile_at(&self, row: &Row<'_>, number: i64, id: Uuid, column: usize) -> Result<Profile, GalleryError> {
        let key = self.keys.unwrap_subject_key(id, number, blob_at(row, column)?)?;
        Profile::decode(&key.open(Sealed::Profile, number, blob_at(row, column + 1)?)?)
    }

    pub(super) fn read_picture(&self, subject: SubjectId, kind: PictureKind) -> Result<Option<SensitiveBytes>, GalleryError> {
        let number = number_of(&self.connection, subject)?;
        let key = subject_key(&self.connection, &self.keys, subject, number)?;
        // The newest is the latest enrolment's: an import may bring older ones later.
        let sql = "SELECT p.number, p.sealed FROM pictures p JOIN records r ON r.number = p.record
                   WHERE p.subject = ?1 AND p.kind = ?2 ORDER BY r.enrolled_at DESC, p.number DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let mut rows = statement.query(params![number, picture_kind_text(kind)]).map_err(translate)?;
        let Some(row) = rows.next().map_err(translate)? else { return Ok(None) };
        key.open(Sealed::Picture, row.get(0).map_err(translate)?, blob_at(row, 1)?).map(Some)
    }

    pub(super) fn read_templates(&self, subject: SubjectId) -> Result<Vec<Template>, GalleryError> {
        let number = number_of(&self.connection, subject)?;
        let key = subject_key(&self.connection, &self.keys, subject, number)?;
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT t.number, t.sealed, f.recogniser, f.dimensions FROM templates t JOIN formats f ON f.number = t.format
                 WHERE t.subject = ?1 AND t.retired_at IS NULL ORDER BY t.number",
            )
            .map_err(translate)?;
        let mut rows = statement.query([number]).map_err(translate)?;
        let mut templates = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let plain = key.open(Sealed::Template, row.get(0).map_err(translate)?, blob_at(row, 1)?)?;
            templates.push(decode_template(&plain, &format_at(row, 2).map_err(translate)?)?.0);
        }
        Ok(templates)
    }

    /// Reads the table in its own order, so that every page of it is decrypted once; people were numbered in the same order, so
    /// their rows and keys are found on pages that are at hand. Nothing but the current row is held.
    pub(super) fn read_all_templates(&self, format: &TemplateFormat, each: &mut dyn FnMut(IndexedTemplate)) -> Result<(), GalleryError> {
        let dimensions = i64::try_from(format.dimensions).unwrap_or(i64::MAX);
        let find = "SELECT number FROM formats WHERE recogniser = ?1 AND dimensions = ?2";
        let number: Option<i64> =
            self.connection.query_row(find, params![&*format.recogniser, dimensions], |row| row.get(0)).optional().map_err(translate)?;
        let Some(number) = number else { return Ok(()) };
        // CROSS JOIN keeps the order of the tables as it stands here.
        let sql = "SELECT t.number, t.sealed, t.subject, s.id, k.wrapped FROM templates t CROSS JOIN subjects s ON s.number = t.subject
                   CROSS JOIN subject_keys k ON k.number = t.subject WHERE t.format = ?1 AND t.retired_at IS NULL";
        let mut statement = self.connection.prepare(sql).map_err(translate)?;
        let mut rows = statement.query([number]).map_err(translate)?;
        let mut last: Option<(i64, SubjectId, SubjectKey)> = None;
        while let Some(row) = rows.next().map_err(translate)? {
            let subject: i64 = row.get(2).map_err(translate)?;
            let (id, key) = match last.take() {
                Some((number, id, key)) if number == subject => (id, key),
                _ => {
                    let id = uuid_at(row, 3).map_err(translate)?;
                    (SubjectId(id), self.keys.unwrap_subject_key(id, subject, blob_at(row, 4)?)?)
                }
            };
            let plain = key.open(Sealed::Template, row.get(0).map_err(translate)?, blob_at(row, 1)?)?;
            each(IndexedTemplate { subject: id, template: decode_template(&plain, format)?.0 });
            last = Some((subject, id, key));
        }
        Ok(())
    }

    fn member_numbers(&self, gallery: i64) -> Result<std::collections::HashSet<i64>, GalleryError> {
        let mut statement = self.connection.prepare_cached("SELECT subject FROM members WHERE gallery = ?1").map_err(translate)?;
        let rows = statement.query_map([gallery], |row| row.get(0)).map_err(translate)?;
        rows.collect::<rusqlite::Result<_>>().map_err(translate)
    }
}

pub(super) fn blob_at<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8], GalleryError> {
    row.get_ref(column).and_then(|value| Ok(value.as_blob()?)).map_err(translate)
}

pub(super) fn format_at(row: &Row<'_>, column: usize) -> rusqlite::Result<TemplateFormat> {
    Ok(TemplateFormat { recogniser: Arc::from(row.get::<_, String>(column)?), dimensions: row.get::<_, u32>(column + 1)? as usize })
}
