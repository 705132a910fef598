//! `visavis record`: completed enrolments, paged.

use super::gallery::{PageArguments, RecordRow};
use super::subject::SubjectArgument;
use super::{Answer, Failure, Global, Printer, parts};
use crate::imaging::encode;
use crate::ports::gallery::{NewPicture, PictureKind, RecordId};
use crate::units::SensitiveBytes;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// Quality of kept pictures of documents: small print stays readable.
const JPEG_QUALITY: u8 = 92;

/// `visavis record`.
#[derive(Debug, Args)]
pub struct RecordCommand {
    /// Use the practice gallery.
    #[arg(long, global = true)]
    practice: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Completed enrolments, newest first.
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// One completed enrolment.
    Show {
        /// Its identifier.
        record: uuid::Uuid,
    },
    /// Adds pictures of the person's document, for services that want them; what such a service refused can then be sent with `sync retry`.
    Document {
        /// Identifier of the completed enrolment.
        record: uuid::Uuid,
        /// Picture of the front, or of the passport's page.
        #[arg(long, value_name = "FILE")]
        front: PathBuf,
        /// Picture of the back.
        #[arg(long, value_name = "FILE")]
        back: Option<PathBuf>,
    },
    /// What services said, when they were asked for a second opinion: about a person, or about people nobody was decided on.
    Opinions {
        /// Identifier or registration code.
        subject: Option<SubjectArgument>,
    },
    /// Deletes the entry of a completed enrolment that is not the active one.
    Delete {
        /// Its identifier.
        record: uuid::Uuid,
    },
}

pub(super) fn run(global: &Global, command: &RecordCommand, printer: &Printer) -> Result<Answer, Failure> {
    let mut store = parts::Parts::new(global)?.gallery(command.practice)?;
    match &command.action {
        Action::List { page } => {
            let found = store.records(page.offset, page.limit)?;
            let records: Vec<RecordRow> = found.entries.into_iter().map(RecordRow::from).collect();
            let shown = serde_json::json!({ "total": found.total, "offset": page.offset, "records": records });
            let lines = || match found.total {
                0 => String::new(),
                total => {
                    RecordRow::heading()
                        + &records.iter().map(RecordRow::line).collect::<String>()
                        + &format!("{} of {total}\n", records.len())
                }
            };
            printer.document("records", &shown, lines)?;
        }
        Action::Show { record } => {
            let row = RecordRow::from(store.record(RecordId(*record))?);
            printer.document("record", &row, || row.line())?;
        }
        Action::Document { record, front, back } => {
            let mut pictures = vec![document(PictureKind::DocumentFront, front)?];
            pictures.extend(back.as_deref().map(|path| document(PictureKind::DocumentBack, path)).transpose()?);
            store.add_document(RecordId(*record), &pictures)?;
            let shown = serde_json::json!({ "record": record, "pictures": pictures.len() });
            printer.document("record-document", &shown, || format!("{} picture(s) of the document added to {record}", pictures.len()))?;
        }
        Action::Opinions { subject } => return super::opinions::list(&*store, subject.as_ref(), printer),
        Action::Delete { record } => {
            store.delete_record(RecordId(*record))?;
            printer.document("record-deleted", &serde_json::json!({ "record": record }), || format!("deleted {record}"))?;
        }
    }
    Ok(Answer::Yes)
}

/// A picture file as it is kept: upright, JPEG, without what a camera wrote beside it.
fn document(kind: PictureKind, path: &Path) -> Result<NewPicture, Failure> {
    let encoded = encode::jpeg(&parts::picture(path)?, JPEG_QUALITY)?;
    Ok(NewPicture { kind, encoded: SensitiveBytes(encoded) })
}
