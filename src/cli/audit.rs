//! `visavis audit`.

use super::{Answer, Failure, Global, Printer, parts};
use clap::Subcommand;

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Whether no entry was changed, removed or reordered.
    Verify,
}

pub(super) fn run(global: &Global, command: &AuditCommand, printer: &Printer) -> Result<Answer, Failure> {
    let AuditCommand::Verify = command;
    let path = parts::Parts::new(global)?.audit_path()?;
    let summary = crate::adapters::audit::verify(&path)?;
    let shown = serde_json::json!({ "file": path.display().to_string(), "entries": summary.entries, "last_hash": summary.last_hash });
    printer.document("audit", &shown, || format!("{} entries, unbroken, last hash {}", summary.entries, summary.last_hash))?;
    Ok(Answer::Yes)
}
