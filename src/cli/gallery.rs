//! `visavis gallery`: named galleries, their members, and the people enrolled.

mod calibrate;
mod clip;
mod people;
mod reindex;
mod transfer;

pub use people::{PageArguments, RecordRow};
pub(in crate::cli) use transfer::{identity, public_key};

use super::subject::SubjectArgument;
use super::{Answer, Failure, Global, Printer, parts};
use crate::ports::gallery::{GalleryStore, SubjectId};
use crate::runtime::clock::Clock as _;
use clap::{Args, Subcommand};
use serde::Serialize;

/// `visavis gallery`.
#[derive(Debug, Args)]
pub struct GalleryCommand {
    /// Use the practice gallery, which holds what stand-in cameras enrolled.
    #[arg(long, global = true)]
    practice: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// All galleries with the number of their members.
    List,
    /// Creates a named gallery.
    Create {
        /// Its name.
        name: String,
    },
    /// Deletes a named gallery; its members stay enrolled.
    Delete {
        /// Its name.
        name: String,
    },
    /// Adds a person to a gallery.
    Add {
        /// The gallery.
        name: String,
        /// Identifier or registration code.
        subject: SubjectArgument,
    },
    /// Removes a person from a named gallery.
    Remove {
        /// The gallery.
        name: String,
        /// Identifier or registration code.
        subject: SubjectArgument,
    },
    /// Whether a person is in a gallery: exit code 0 yes, 1 no.
    Contains {
        /// The gallery.
        name: String,
        /// Identifier or registration code.
        subject: SubjectArgument,
    },
    /// The people of a gallery, paged.
    Members {
        /// The gallery.
        name: String,
        #[command(flatten)]
        page: people::PageArguments,
    },
    /// The galleries a person is in.
    GalleriesOf {
        /// Identifier or registration code.
        subject: SubjectArgument,
    },
    /// Everybody enrolled, searched and paged.
    People(people::PeopleCommand),
    /// One person with their enrolments.
    Show {
        /// Identifier or registration code.
        subject: SubjectArgument,
    },
    /// Destroys everything about a person, for good.
    Erase {
        /// Identifier or registration code.
        subject: SubjectArgument,
        /// Why; kept in the audit trail.
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Makes templates of the current recogniser from the stored pictures, for people who have none.
    Reindex,
    /// Measures thresholds on the people enrolled, for searches of galleries too large for those in force: exit code 1 where these reach no
    /// further.
    Calibrate {
        /// File to write for `visavis models calibrate` [default: standard output].
        #[arg(long, value_name = "FILE")]
        output: Option<std::path::PathBuf>,
    },
    /// Writes people, whole, to a sealed file for other machines or for safe keeping.
    Export(transfer::ExportCommand),
    /// Takes people in from a sealed file, all or none; taking the same file twice changes nothing.
    Import(transfer::ImportCommand),
    /// Takes the pictures of the liveness challenge of somebody's latest enrolment out of the gallery.
    Clip(clip::ClipCommand),
    /// This machine's public keys, which others need to export for it and to trust its files.
    Key,
}

#[derive(Serialize)]
struct GalleryRow {
    name: String,
    members: u64,
    /// `None` for the default gallery while nobody is enrolled.
    created_at: Option<String>,
}

/// A reason that says something.
fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("say why; the audit trail keeps it".to_owned()) } else { Ok(text.to_owned()) }
}

pub(super) fn run(global: &Global, command: &GalleryCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = parts::Parts::new(global)?;
    let mut store = parts.gallery(command.practice)?;
    let now = parts.clock.utc();
    let changed = |what: &str, name: &str| {
        printer.document("gallery-change", &serde_json::json!({ "done": what, "gallery": name }), || format!("{what} {name}"))
    };
    match &command.action {
        Action::List => list(&*store, printer)?,
        Action::Create { name } => {
            store.create_gallery(name, now)?;
            changed("created", name)?;
        }
        Action::Delete { name } => {
            store.delete_gallery(name)?;
            changed("deleted", name)?;
        }
        Action::Add { name, subject } => {
            let subject = subject.resolve(&*store)?;
            store.add_member(name, subject, now)?;
            changed("added to", name)?;
        }
        Action::Remove { name, subject } => {
            let subject = subject.resolve(&*store)?;
            store.remove_member(name, subject)?;
            changed("removed from", name)?;
        }
        Action::Contains { name, subject } => return contains(&*store, name, subject.resolve(&*store)?, printer),
        Action::Members { name, page } => people::members(&*store, name, page, printer)?,
        Action::GalleriesOf { subject } => {
            let galleries = store.subject(subject.resolve(&*store)?)?.galleries;
            printer.document("galleries-of", &serde_json::json!({ "galleries": galleries }), || galleries.join("\n"))?;
        }
        Action::People(query) => people::list(&*store, query, printer)?,
        Action::Show { subject } => people::show(&*store, subject.resolve(&*store)?, printer)?,
        Action::Erase { subject, reason } => {
            let subject = subject.resolve(&*store)?;
            let receipt = people::erase(&parts, &mut *store, subject, reason)?;
            printer.document("erasure", &receipt, || {
                format!("erased: templates {}, pictures {}, enrolments {}", receipt.templates, receipt.pictures, receipt.records)
            })?;
        }
        Action::Reindex => return reindex::run(&parts, &mut *store, printer),
        Action::Calibrate { output } => return calibrate::run(&parts, &*store, command.practice, output.as_deref(), printer),
        Action::Export(command) => transfer::export(&parts, &*store, command, printer)?,
        Action::Import(command) => transfer::import(&parts, &mut *store, command, printer)?,
        Action::Clip(command) => clip::run(&parts, &*store, command.subject.resolve(&*store)?, command, printer)?,
        Action::Key => transfer::key(&parts, printer)?,
    }
    Ok(Answer::Yes)
}

fn list(store: &dyn GalleryStore, printer: &Printer) -> Result<(), Failure> {
    let since = |at: crate::units::UtcTime| (at.0 != 0).then(|| at.to_rfc3339());
    let row = |g: crate::ports::gallery::GallerySummary| GalleryRow { name: g.name, members: g.members, created_at: since(g.created_at) };
    let galleries: Vec<GalleryRow> = store.galleries()?.into_iter().map(row).collect();
    printer.document("galleries", &serde_json::json!({ "galleries": galleries }), || {
        let rows = galleries.iter().map(|g| format!("{:>8}  {}\n", g.members, g.name));
        std::iter::once(format!("{:>8}  {}\n", "members", "gallery")).chain(rows).collect()
    })
}

fn contains(store: &dyn GalleryStore, name: &str, subject: SubjectId, printer: &Printer) -> Result<Answer, Failure> {
    let contained = store.contains(name, subject)?;
    printer.document("gallery-contains", &serde_json::json!({ "gallery": name, "contained": contained }), || {
        if contained { "yes".to_owned() } else { "no".to_owned() }
    })?;
    Ok(if contained { Answer::Yes } else { Answer::No })
}
