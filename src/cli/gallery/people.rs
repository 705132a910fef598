//! People of a gallery: lists, one person in full, and new templates from stored pictures.

use super::super::subject::code_shown;
use super::super::{Failure, Printer, parts};
use crate::ports::audit::{AuditEvent, AuditSink as _};
use crate::ports::gallery::{
    ErasureReceipt, GalleryStore, PadRecord, RecordSummary, SubjectId, SubjectOrder, SubjectQuery, SubjectSummary,
};
use crate::runtime::clock::Clock as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

/// Which page of a list.
#[derive(Debug, Clone, Copy, Args)]
pub struct PageArguments {
    /// Entries to skip.
    #[arg(long, default_value_t = 0)]
    pub offset: u64,
    /// Entries wanted.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
}

/// Everybody enrolled.
#[derive(Debug, Args)]
pub struct PeopleCommand {
    /// Text that a detail or the registration code must contain.
    #[arg(long, default_value = "")]
    search: String,
    /// Order of the list.
    #[arg(long, value_enum, default_value_t = Order::Newest)]
    order: Order,
    #[command(flatten)]
    page: PageArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Order {
    Newest,
    Oldest,
    Name,
}

/// One person as JSON lists them.
#[derive(Debug, Serialize)]
pub struct PersonRow {
    subject: SubjectId,
    registration_code: String,
    display_name: String,
    enrolled_at: String,
    updated_at: String,
    templates: u32,
    origin: crate::ports::camera::Origin,
    held: bool,
}

impl From<SubjectSummary> for PersonRow {
    fn from(s: SubjectSummary) -> Self {
        Self {
            subject: s.subject,
            registration_code: code_shown(&s.registration_code),
            display_name: s.display_name.0.clone(),
            enrolled_at: s.enrolled_at.to_rfc3339(),
            updated_at: s.updated_at.to_rfc3339(),
            templates: s.templates,
            origin: s.origin,
            held: s.held,
        }
    }
}

/// One completed enrolment as JSON shows it.
#[derive(Debug, Serialize)]
pub struct RecordRow {
    record: crate::ports::gallery::RecordId,
    subject: SubjectId,
    registration_code: String,
    flow: String,
    enrolled_at: String,
    origin: crate::ports::camera::Origin,
    #[serde(flatten)]
    pad: PadRecord,
    active: bool,
}

impl From<RecordSummary> for RecordRow {
    fn from(r: RecordSummary) -> Self {
        Self {
            record: r.record,
            subject: r.subject,
            registration_code: code_shown(&r.registration_code),
            flow: r.flow,
            enrolled_at: r.enrolled_at.to_rfc3339(),
            origin: r.origin,
            pad: r.pad,
            active: r.active,
        }
    }
}

impl RecordRow {
    /// What stands above the lines of a list.
    pub fn heading() -> String {
        format!("{:24}  {:9}  {:8}  {:7}  {}\n", "completed", "code", "flow", "state", "record")
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let state = if self.active { "active" } else { "retired" };
        format!("{:24}  {:9}  {:8}  {state:7}  {}\n", self.enrolled_at, self.registration_code, self.flow, self.record.0)
    }
}

pub(super) fn list(store: &dyn GalleryStore, command: &PeopleCommand, printer: &Printer) -> Result<(), Failure> {
    let order = match command.order {
        Order::Newest => SubjectOrder::Newest,
        Order::Oldest => SubjectOrder::Oldest,
        Order::Name => SubjectOrder::Name,
    };
    let PageArguments { offset, limit } = command.page;
    page(store, &SubjectQuery { text: command.search.clone(), gallery: None, order, offset, limit }, printer)
}

pub(super) fn members(store: &dyn GalleryStore, name: &str, at: &PageArguments, printer: &Printer) -> Result<(), Failure> {
    let gallery = Some(name.to_owned());
    page(store, &SubjectQuery { gallery, offset: at.offset, limit: at.limit, ..SubjectQuery::default() }, printer)
}

fn page(store: &dyn GalleryStore, query: &SubjectQuery, printer: &Printer) -> Result<(), Failure> {
    let found = store.subjects(query)?;
    let people: Vec<PersonRow> = found.entries.into_iter().map(PersonRow::from).collect();
    let shown = serde_json::json!({ "total": found.total, "offset": query.offset, "people": people });
    printer.document("people", &shown, || {
        let line = |p: &PersonRow| {
            let marks = [(p.held, "; held"), (p.origin != crate::ports::camera::Origin::Camera, "; not from a camera")];
            let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect();
            format!("{:9}  {:24}  {}{marks}\n", p.registration_code, p.updated_at, p.display_name)
        };
        let heading = format!("{:9}  {:24}  {}\n", "code", "changed", "name");
        let lines: String = people.iter().map(line).collect();
        if found.total == 0 { String::new() } else { format!("{heading}{lines}{} of {}\n", people.len(), found.total) }
    })
}

pub(super) fn show(store: &dyn GalleryStore, subject: SubjectId, printer: &Printer) -> Result<(), Failure> {
    let found = store.subject(subject)?;
    let records: Vec<RecordRow> = found.records.into_iter().map(RecordRow::from).collect();
    let details: Vec<(String, String)> = found.details.iter().map(|(k, v)| (k.clone(), v.0.clone())).collect();
    let person = PersonRow::from(found.summary);
    let shown = serde_json::json!({
        "person": person,
        "details": details.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "galleries": found.galleries,
        "records": records,
    });
    printer.document("person", &shown, || {
        let fields: String = details.iter().map(|(k, v)| format!("{k}: {v}\n")).collect();
        let lines: String = records.iter().map(RecordRow::line).collect();
        format!("{}  {}\n{fields}galleries: {}\n{lines}", person.registration_code, person.subject.0, found.galleries.join(", "))
    })
}

/// Destroys everything about a person and keeps the reason in the audit trail.
pub(super) fn erase(
    parts: &parts::Parts,
    store: &mut dyn GalleryStore,
    subject: SubjectId,
    reason: &str,
) -> Result<ErasureReceipt, Failure> {
    // The trail is opened first: an erasure that could not be recorded is not begun.
    let mut audit = parts.audit()?;
    let now = parts.clock.utc();
    let receipt = store.erase(subject, reason, now)?;
    let ErasureReceipt { templates, pictures, records, .. } = receipt;
    audit.append(now, &AuditEvent::Erased { subject, reason: reason.to_owned(), templates, pictures, records })?;
    Ok(receipt)
}
