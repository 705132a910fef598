//! People leaving and entering the gallery whole, for exports, backups and moves between machines.

use super::enrolment::{
    check_origin, check_texts, code_holder, record_owner, replace_subject, retire_records, retire_templates, was_erased,
};
use super::payload::{Profile, RecordText, canonical_code, decode_template};
use super::people::{blob_at, format_at};
use super::rows::{
    Owner, RecordRow, SubjectRow, TemplateRow, insert_picture, insert_record, insert_subject, insert_template, picture_kind,
};
use super::seal::{GalleryKeys, Sealed, SubjectKey};
use super::{SqliteGallery, find_number, galleries, next_revision, origin_at, subject_key, translate, uuid_at};
use crate::biometrics::template::TemplateFormat;
use crate::ports::gallery::{
    GalleryError, ImportReport, Interrupted, NewPicture, PortableRecord, PortableSubject, PortableTemplate, RecordId, SubjectId,
};
use crate::units::UtcTime;
use rusqlite::{Connection, Row, Transaction};
use std::collections::HashSet;

impl SqliteGallery {
    pub(super) fn export_people(
        &self,
        gallery: Option<&str>,
        each: &mut dyn FnMut(PortableSubject) -> Result<(), Interrupted>,
    ) -> Result<(), GalleryError> {
        let gallery = gallery.filter(|name| !galleries::is_default(name));
        let view = self.connection.unchecked_transaction().map_err(translate)?;
        let number = gallery.map(|name| galleries::number(&view, name)).transpose()?;
        let filter = match number {
            Some(_) => "WHERE s.number IN (SELECT subject FROM members WHERE gallery = ?1)",
            None => "WHERE ?1 IS NULL",
        };
        let sql = format!(
            "SELECT s.number, s.id, k.wrapped, s.sealed, s.updated_at, s.held FROM subjects s JOIN subject_keys k ON k.number = s.number
             {filter} ORDER BY s.number"
        );
        let mut statement = view.prepare(&sql).map_err(translate)?;
        let mut rows = statement.query([number]).map_err(translate)?;
        while let Some(row) = rows.next().map_err(translate)? {
            if each(self.portable_at(row, gallery)?).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn portable_at(&self, row: &Row<'_>, gallery: Option<&str>) -> Result<PortableSubject, GalleryError> {
        let (number, id): (i64, _) = (row.get(0).map_err(translate)?, uuid_at(row, 1).map_err(translate)?);
        let key = self.keys.unwrap_subject_key(id, number, blob_at(row, 2)?)?;
        let profile = Profile::decode(&key.open(Sealed::Profile, number, blob_at(row, 3)?)?)?;
        let named = match gallery {
            Some(name) => vec![name.to_owned()],
            None => self.galleries_of(number)?.into_iter().filter(|name| !galleries::is_default(name)).collect(),
        };
        Ok(PortableSubject {
            subject: SubjectId(id),
            details: profile.details,
            held: row.get(5).map_err(translate)?,
            updated_at: UtcTime(row.get(4).map_err(translate)?),
            galleries: named,
            records: self.portable_records(number, &key)?,
        })
    }

    fn portable_records(&self, subject: i64, key: &SubjectKey) -> Result<Vec<PortableRecord>, GalleryError> {
        let sql = "SELECT number, id, enrolled_at, origin, active, sealed FROM records WHERE subject = ?1 ORDER BY enrolled_at, number";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let mut rows = statement.query([subject]).map_err(translate)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let number: i64 = row.get(0).map_err(translate)?;
            let text = RecordText::decode(&key.open(Sealed::Record, number, blob_at(row, 5)?)?)?;
            records.push(PortableRecord {
                record: RecordId(uuid_at(row, 1).map_err(translate)?),
                registration_code: text.code,
                flow: text.flow,
                enrolled_at: UtcTime(row.get(2).map_err(translate)?),
                origin: origin_at(row, 3).map_err(translate)?,
                pad: text.pad,
                active: row.get(4).map_err(translate)?,
                templates: self.portable_templates(number, key)?,
                pictures: self.portable_pictures(number, key)?,
            });
        }
        Ok(records)
    }

    fn portable_templates(&self, record: i64, key: &SubjectKey) -> Result<Vec<PortableTemplate>, GalleryError> {
        let sql = "SELECT t.number, t.sealed, f.recogniser, f.dimensions, t.created_at, t.retired_at
                   FROM templates t JOIN formats f ON f.number = t.format WHERE t.record = ?1 ORDER BY t.number";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let mut rows = statement.query([record]).map_err(translate)?;
        let mut templates = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let plain = key.open(Sealed::Template, row.get(0).map_err(translate)?, blob_at(row, 1)?)?;
            let (template, capture_score) = decode_template(&plain, &format_at(row, 2).map_err(translate)?)?;
            let retired_at = row.get::<_, Option<i64>>(5).map_err(translate)?.map(UtcTime);
            let created_at = UtcTime(row.get(4).map_err(translate)?);
            templates.push(PortableTemplate { template, capture_score, created_at, retired_at });
        }
        Ok(templates)
    }

    fn portable_pictures(&self, record: i64, key: &SubjectKey) -> Result<Vec<NewPicture>, GalleryError> {
        let sql = "SELECT number, sealed, kind FROM pictures WHERE record = ?1 ORDER BY number";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let mut rows = statement.query([record]).map_err(translate)?;
        let mut pictures = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let kind = picture_kind(row.get_ref(2).and_then(|kind| Ok(kind.as_str()?)).map_err(translate)?)?;
            pictures.push(NewPicture { kind, encoded: key.open(Sealed::Picture, row.get(0).map_err(translate)?, blob_at(row, 1)?)? });
        }
        Ok(pictures)
    }

    pub(super) fn import_people(
        &mut self,
        people: &mut dyn Iterator<Item = Result<PortableSubject, Interrupted>>,
    ) -> Result<ImportReport, GalleryError> {
        let practice = self.practice;
        let transaction = Self::begin(&mut self.connection)?;
        let mut report = ImportReport::default();
        let revision = next_revision(&transaction)?;
        for person in people {
            let person = person.map_err(|Interrupted| GalleryError::Unfit { reason: "what is imported broke off" })?;
            check(&person, practice)?;
            take_in(&transaction, &self.keys, &person, revision, &mut report)?;
        }
        if report.people_added + report.people_updated == 0 {
            // Nothing was new: leave no trace, not even a new revision.
            return Ok(report);
        }
        transaction.commit().map_err(translate)?;
        Ok(report)
    }
}

/// Refuses people that the gallery could not show whole.
fn check(person: &PortableSubject, practice: bool) -> Result<(), GalleryError> {
    let active: Vec<_> = person.records.iter().filter(|record| record.active).collect();
    let [active] = active[..] else { return Err(GalleryError::Unfit { reason: "a person has not exactly one active enrolment" }) };
    if active.templates.iter().all(|template| template.retired_at.is_some()) {
        return Err(GalleryError::Unfit { reason: "a person has no active template" });
    }
    for record in &person.records {
        check_origin(record.origin, practice)?;
        check_texts(&record.registration_code, &record.pad)?;
    }
    for name in &person.galleries {
        galleries::check_name(name)?;
    }
    Ok(())
}

fn take_in(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    person: &PortableSubject,
    revision: i64,
    report: &mut ImportReport,
) -> Result<(), GalleryError> {
    if was_erased(transaction, &keys.subject_digest(person.subject.0))? {
        report.people_erased_before += 1;
        return Ok(());
    }
    let known = find_number(transaction, person.subject)?;
    let mut seen = HashSet::new();
    for record in &person.records {
        let digest = keys.code_digest(&canonical_code(&record.registration_code));
        let foreign = |owner: Option<i64>| owner.is_some() && owner != known;
        if foreign(record_owner(transaction, record.record)?) || foreign(code_holder(transaction, &digest)?) || !seen.insert(record.record)
        {
            report.conflicts.push(person.subject);
            return Ok(());
        }
    }
    let active = person.records.iter().find(|record| record.active).expect("checked before");
    let profile = Profile { code: active.registration_code.clone(), details: person.details.clone() };
    let first = person.records.iter().map(|record| record.enrolled_at).min().unwrap_or(active.enrolled_at);
    let row = SubjectRow {
        id: person.subject,
        enrolled_at: first,
        updated_at: person.updated_at,
        origin: active.origin,
        held: person.held,
        profile: &profile,
    };
    let changed_before = (report.records_added, report.templates_added);
    let Some(number) = known else {
        let (number, key) = insert_subject(transaction, keys, &row, revision)?;
        for record in &person.records {
            add_record(transaction, keys, &key, number, record, None, report)?;
        }
        join_all(transaction, person, number)?;
        report.people_added += 1;
        return Ok(());
    };
    let key = subject_key(transaction, keys, person.subject, number)?;
    let here = active_since(transaction, number)?;
    let newer = active.enrolled_at > here && record_owner(transaction, active.record)?.is_none();
    if newer {
        retire_templates(transaction, number, active.enrolled_at)?;
        retire_records(transaction, number)?;
        replace_subject(transaction, &key, number, &row, revision)?;
    }
    for record in &person.records {
        if record_owner(transaction, record.record)?.is_some() {
            add_other_formats(transaction, &key, number, record, report)?;
        } else {
            // What is older than the enrolment in force here enters as history.
            let retired = (record.active && !newer).then_some(here);
            add_record(transaction, keys, &key, number, record, retired, report)?;
        }
    }
    let joined = join_all(transaction, person, number)?;
    if newer || joined || changed_before != (report.records_added, report.templates_added) {
        transaction
            .prepare_cached("UPDATE subjects SET revision = ?2 WHERE number = ?1")
            .and_then(|mut statement| statement.execute([number, revision]))
            .map_err(translate)?;
        report.people_updated += 1;
    } else {
        report.people_unchanged += 1;
    }
    Ok(())
}

/// Adds a record; `retired` makes an active one history as of then.
fn add_record(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    key: &SubjectKey,
    subject: i64,
    record: &PortableRecord,
    retired: Option<UtcTime>,
    report: &mut ImportReport,
) -> Result<(), GalleryError> {
    let active = record.active && retired.is_none();
    let text = RecordText { code: record.registration_code.clone(), flow: record.flow.clone(), pad: record.pad.clone() };
    let row = RecordRow {
        id: record.record,
        subject,
        enrolled_at: record.enrolled_at,
        origin: record.origin,
        active,
        code_digest: keys.code_digest(&canonical_code(&record.registration_code)),
        text: &text,
    };
    let owner = Owner { subject, record: insert_record(transaction, key, &row)? };
    report.records_added += 1;
    for template in &record.templates {
        let retired_at = if active { template.retired_at } else { template.retired_at.or(retired).or(Some(record.enrolled_at)) };
        add_template(transaction, key, owner, template, retired_at, report)?;
    }
    for picture in &record.pictures {
        insert_picture(transaction, key, owner, picture)?;
        report.pictures_added += 1;
    }
    Ok(())
}

fn add_template(
    transaction: &Transaction<'_>,
    key: &SubjectKey,
    owner: Owner,
    template: &PortableTemplate,
    retired_at: Option<UtcTime>,
    report: &mut ImportReport,
) -> Result<(), GalleryError> {
    let row =
        TemplateRow { template: &template.template, capture_score: template.capture_score, created_at: template.created_at, retired_at };
    insert_template(transaction, key, owner, &row)?;
    report.templates_added += 1;
    Ok(())
}

/// A known record: its templates of recognisers that are not known for it yet are kept beside the others.
fn add_other_formats(
    transaction: &Transaction<'_>,
    key: &SubjectKey,
    subject: i64,
    record: &PortableRecord,
    report: &mut ImportReport,
) -> Result<(), GalleryError> {
    let (number, active): (i64, bool) = transaction
        .prepare_cached("SELECT number, active FROM records WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([&record.record.0.as_bytes()[..]], |row| Ok((row.get(0)?, row.get(1)?))))
        .map_err(translate)?;
    let known: HashSet<TemplateFormat> = {
        let sql = "SELECT DISTINCT f.recogniser, f.dimensions FROM templates t JOIN formats f ON f.number = t.format WHERE t.record = ?1";
        let mut statement = transaction.prepare_cached(sql).map_err(translate)?;
        let rows = statement.query_map([number], |row| format_at(row, 0)).map_err(translate)?;
        rows.collect::<rusqlite::Result<_>>().map_err(translate)?
    };
    for template in record.templates.iter().filter(|template| !known.contains(template.template.format())) {
        let retired_at = if active { template.retired_at } else { template.retired_at.or(Some(record.enrolled_at)) };
        add_template(transaction, key, Owner { subject, record: number }, template, retired_at, report)?;
    }
    Ok(())
}

fn active_since(connection: &Connection, subject: i64) -> Result<UtcTime, GalleryError> {
    connection
        .prepare_cached("SELECT enrolled_at FROM records WHERE subject = ?1 AND active = 1")
        .and_then(|mut statement| statement.query_row([subject], |row| row.get(0).map(UtcTime)))
        .map_err(translate)
}

/// Joins the person's galleries, creating those that are missing; `true` when anything changed.
fn join_all(transaction: &Transaction<'_>, person: &PortableSubject, number: i64) -> Result<bool, GalleryError> {
    let mut changed = false;
    for name in &person.galleries {
        if galleries::find(transaction, name)?.is_none() {
            galleries::insert(transaction, name, person.updated_at)?;
        }
        changed |= galleries::join(transaction, name, number, person.updated_at)?;
    }
    Ok(changed)
}
