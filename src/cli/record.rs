//! `visavis record`: completed enrolments, paged.

use super::gallery::{PageArguments, RecordRow};
use super::{Answer, Failure, Global, Printer, parts};
use crate::ports::gallery::RecordId;
use clap::{Args, Subcommand};

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
            let lines = || records.iter().map(RecordRow::line).collect::<String>() + &format!("{} of {}\n", records.len(), found.total);
            printer.document("records", &shown, lines)?;
        }
        Action::Show { record } => {
            let row = RecordRow::from(store.record(RecordId(*record))?);
            printer.document("record", &row, || row.line())?;
        }
        Action::Delete { record } => {
            store.delete_record(RecordId(*record))?;
            printer.document("record-deleted", &serde_json::json!({ "record": record }), || format!("deleted {record}"))?;
        }
    }
    Ok(Answer::Yes)
}
