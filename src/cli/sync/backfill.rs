//! `visavis sync backfill`: people who were enrolled before a service was configured.

use super::super::{Answer, Failure, Printer, parts};
use crate::ports::outbox::{Backfill, BackfillRequest};
use crate::ports::services::ServiceKind;
use crate::runtime::clock::Clock as _;
use crate::runtime::sync::SyncError;
use clap::Args;

/// People queued in one durable write.
const AT_ONCE: usize = 500;

/// `visavis sync backfill`.
#[derive(Debug, Args)]
pub struct BackfillCommand {
    /// For this service only; may be repeated [default: every configured one].
    #[arg(long, value_parser = super::service)]
    service: Vec<ServiceKind>,
    /// Only says how many there are.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(parts: &parts::Parts, practice: bool, command: &BackfillCommand, printer: &Printer) -> Result<Answer, Failure> {
    let taking: Vec<ServiceKind> = parts.targets()?.iter().filter(|target| target.takes(practice)).map(|target| target.kind).collect();
    if let Some(service) = command.service.iter().find(|service| !taking.contains(service)) {
        return Err(SyncError::NotConfigured { service: *service }.into());
    }
    let wanted = if command.service.is_empty() { &taking } else { &command.service };
    let mut outbox = parts.outbox(practice)?;
    let delivers = |flow: &str, from_file: bool| parts.config.sync.delivers(flow, from_file);
    let mut rows = Vec::new();
    for service in wanted {
        let mut sum = Backfill::default();
        loop {
            let (after, only_count, at) = (sum.next, command.dry_run, parts.clock.utc());
            let request = BackfillRequest { service: *service, delivers: &delivers, after, most: AT_ONCE, only_count, at };
            let done = outbox.backfill(&request)?;
            sum = Backfill { queued: sum.queued + done.queued, left_out: sum.left_out + done.left_out, next: done.next };
            if sum.next.is_none() {
                break;
            }
        }
        rows.push((service.name(), sum));
    }
    let shown: Vec<_> = rows
        .iter()
        .map(|(service, sum)| serde_json::json!({ "service": service, "queued": sum.queued, "left_out": sum.left_out }))
        .collect();
    let document = serde_json::json!({ "dry_run": command.dry_run, "services": shown });
    printer.document("sync_backfill", &document, || {
        let verb = if command.dry_run { "would be queued" } else { "queued" };
        let line = |(service, sum): &(&str, Backfill)| {
            format!("{service}: {} {verb}, {} left out by the configuration\n", sum.queued, sum.left_out)
        };
        rows.iter().map(line).collect()
    })?;
    Ok(Answer::Yes)
}
