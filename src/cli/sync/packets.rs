//! `visavis sync export|import`: delivery by hand.

use super::super::{Answer, Failure, Printer, parts};
use super::{progress_bar, public_keys, sync_parts};
use crate::adapters::sealed::Trust;
use crate::ports::services::ServiceKind;
use crate::runtime::clock::Clock as _;
use crate::runtime::sync::Turn;
use crate::runtime::sync::packets::{ExportTo, ImportFrom, Importer, PacketsReport, Progress, export_packets};
use crate::runtime::sync::setup::rules;
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// `visavis sync export`.
#[derive(Debug, Args)]
pub struct ExportCommand {
    /// Folder, for instance on a stick. Run again it writes what is missing there.
    folder: PathBuf,
    /// For this service only.
    #[arg(long, value_parser = super::service)]
    service: Option<ServiceKind>,
    /// Public key of the branch, as `visavis gallery key` prints it there, or a PEM file [default: `sync.branch_key`].
    #[arg(long, value_name = "KEY")]
    to: Option<String>,
}

/// `visavis sync import`.
#[derive(Debug, Args)]
pub struct ImportCommand {
    /// Folder that `visavis sync export` wrote, or that has come back with receipts.
    folder: PathBuf,
    /// Public key of a machine whose files are taken; may be repeated [default: `sync.trusted_keys`].
    #[arg(long, value_name = "KEY")]
    from: Vec<String>,
    /// Take files whoever sealed them.
    #[arg(long, conflicts_with = "from")]
    from_anyone: bool,
    /// Longest wait for a service that is busy or does not answer, seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
}

/// Progress shown on a bar.
fn telling(bar: &indicatif::ProgressBar) -> Progress {
    let bar = bar.clone();
    Progress::telling(move |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })
}

pub(super) fn export(parts: &parts::Parts, practice: bool, command: &ExportCommand, printer: &Printer) -> Result<Answer, Failure> {
    let given: Vec<String> = command.to.iter().cloned().collect();
    let configured = Some(parts.config.sync.branch_key.clone()).filter(|key| !key.is_empty());
    let configured: Vec<String> = configured.into_iter().collect();
    let recipient = public_keys(&given, &configured, "the branch's key with --to")?.remove(0);
    let identity = super::super::gallery::identity(parts)?;
    let mut sync = sync_parts(parts, practice)?;
    let _turn = Turn::take(&sync.turn)?;
    let mut outbox = (sync.open_outbox)()?;
    let to = ExportTo { folder: &command.folder, service: command.service, recipient, identity: &identity, practice };
    let bar = progress_bar(printer, 0);
    let report = export_packets(&mut *outbox, &to, &rules(&parts.config.sync), parts.clock.utc(), &telling(&bar))?;
    bar.finish_and_clear();
    printer.document("sync_export", &report, || {
        format!("{} packets in the folder, {} of them written now, {} unreadable", report.packets, report.written, report.unreadable.len())
    })?;
    Ok(if report.unreadable.is_empty() { Answer::Yes } else { Answer::No })
}

pub(super) fn import(parts: &parts::Parts, practice: bool, command: &ImportCommand, printer: &Printer) -> Result<Answer, Failure> {
    let trusted = if command.from_anyone {
        Vec::new()
    } else {
        public_keys(&command.from, &parts.config.sync.trusted_keys, "the machines whose files are taken with --from")?
    };
    let trust = if command.from_anyone { Trust::Anyone } else { Trust::Only(&trusted) };
    let identity = super::super::gallery::identity(parts)?;
    let mut sync = sync_parts(parts, practice)?;
    let _turn = Turn::take(&sync.turn)?;
    let mut outbox = (sync.open_outbox)()?;
    let patience = Duration::from_secs(command.wait);
    let from = ImportFrom { folder: &command.folder, trust, identity: &identity, practice, patience };
    let bar = progress_bar(printer, 0);
    let mut importer = Importer {
        outbox: &mut *outbox,
        targets: &mut sync.targets,
        rules: sync.rules,
        clock: Arc::clone(&sync.clock),
        chance: sync.chance,
    };
    let report = importer.run(&from, &telling(&bar))?;
    bar.finish_and_clear();
    printer.document("sync_import", &report, || text(&report))?;
    Ok(if report.is_complete() { Answer::Yes } else { Answer::No })
}

fn text(report: &PacketsReport) -> String {
    let mut text = format!(
        "{} packets: {} delivered, {} settled before, {} for a person to decide, {} left for another run\n\
         {} receipts written, {} receipts for this machine taken\n",
        report.packets,
        report.delivered,
        report.settled_before,
        report.attention,
        report.left,
        report.receipts_written,
        report.receipts_taken
    );
    for file in &report.missing {
        text += &format!("missing: {file}\n");
    }
    for problem in &report.problems {
        text += &format!("not taken: {}: {}: {}\n", problem.file, problem.code, problem.message);
    }
    text
}
