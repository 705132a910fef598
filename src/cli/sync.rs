//! `visavis sync`: what is owed to identity services, delivered now, decided by hand, or carried in sealed packets.

mod backfill;
mod packets;
mod rows;

use super::{Answer, Failure, Global, Printer, parts, usage};
use crate::ports::outbox::{DeliveryState, EntryQuery, Outbox};
use crate::ports::services::ServiceKind;
use crate::runtime::application::Application;
use crate::runtime::clock::Clock as _;
use crate::runtime::sync::engine::{Engine, Tally};
use crate::runtime::sync::setup::{rules, stop_limits};
use crate::runtime::sync::summary::{SyncSummary, summarise};
use crate::runtime::sync::{Action, SyncParts, Turn, act_because};
use clap::{Args, Subcommand};
use rows::{EntryRow, StatusRow};
use std::time::Duration;
use uuid::Uuid;

/// `visavis sync`.
#[derive(Debug, Args)]
pub struct SyncCommand {
    /// Use the practice gallery's outbox.
    #[arg(long, global = true)]
    practice: bool,
    #[command(subcommand)]
    action: SyncAction,
}

#[derive(Debug, Subcommand)]
enum SyncAction {
    /// How many deliveries stand where; with --list each of them with its history.
    Status(StatusCommand),
    /// Delivers now: exit code 0 when nothing is left, 1 when something waits or needs a person.
    Run(RunCommand),
    /// Sends again what was refused or set aside.
    Retry(RetryCommand),
    /// Sets one that waits aside until it is sent again; later ones of the same person wait for it.
    SetAside(SetAsideCommand),
    /// Says what became of a delivery whose outcome nobody knows, of one that was exported, or of an erasure that is owed.
    Resolve(ResolveCommand),
    /// Queues people who were enrolled before a service was configured. Run again it goes on with whoever is missing.
    Backfill(backfill::BackfillCommand),
    /// Writes what waits to sealed packets in a folder, to be carried to a connected machine.
    Export(packets::ExportCommand),
    /// Delivers packets of other machines, each once, and takes the receipts for this machine's own.
    Import(packets::ImportCommand),
}

#[derive(Debug, Args)]
struct StatusCommand {
    /// Lists deliveries, newest first.
    #[arg(long)]
    list: bool,
    /// In this state only (queued, sending, doubtful, exported, delivered, refused, outcome_unknown, set_aside, erasure_owed); may be repeated.
    #[arg(long, value_parser = state, requires = "list")]
    state: Vec<DeliveryState>,
    /// Of this service only.
    #[arg(long, value_parser = service, requires = "list")]
    service: Option<ServiceKind>,
    /// Deliveries to skip.
    #[arg(long, default_value_t = 0, requires = "list")]
    offset: u64,
    /// Deliveries wanted, at most 1000.
    #[arg(long, default_value_t = 50, requires = "list", value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Debug, Args)]
struct RunCommand {
    /// Longest wait for a service that is busy or does not answer, seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
}

#[derive(Debug, Args)]
struct RetryCommand {
    /// Identifiers of deliveries.
    #[arg(required_unless_present_any = ["refused", "set_aside"])]
    keys: Vec<Uuid>,
    /// Everything that was refused.
    #[arg(long)]
    refused: bool,
    /// Everything that was set aside.
    #[arg(long)]
    set_aside: bool,
    /// Why, for the history; nothing about the person.
    #[arg(long, default_value = "", value_parser = reason)]
    reason: String,
}

#[derive(Debug, Args)]
struct SetAsideCommand {
    /// Identifiers of deliveries.
    #[arg(required = true)]
    keys: Vec<Uuid>,
    /// Why, for the history; nothing about the person.
    #[arg(long, value_parser = reason)]
    reason: String,
}

#[derive(Debug, Args)]
struct ResolveCommand {
    /// Identifier of the delivery.
    key: Uuid,
    /// It arrived, or what was owed was done.
    #[arg(long, required_unless_present = "not_arrived", conflicts_with = "not_arrived")]
    arrived: bool,
    /// The service's name for the person, where it is known.
    #[arg(long, requires = "arrived")]
    reference: Option<String>,
    /// It did not arrive: it is sent again.
    #[arg(long)]
    not_arrived: bool,
    /// Why, for the history; nothing about the person.
    #[arg(long, default_value = "", value_parser = reason)]
    reason: String,
}

/// Longest reason, characters.
const LONGEST_REASON: usize = 200;

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_REASON { Err(format!("at most {LONGEST_REASON} characters")) } else { Ok(text.to_owned()) }
}

fn state(text: &str) -> Result<DeliveryState, String> {
    DeliveryState::from_name(text).ok_or_else(|| format!("there are {}", DeliveryState::ALL.map(DeliveryState::name).join(", ")))
}

pub(super) fn service(text: &str) -> Result<ServiceKind, String> {
    ServiceKind::from_name(text).ok_or_else(|| format!("there are {}", ServiceKind::ALL.map(ServiceKind::name).join(", ")))
}

pub(super) fn run(global: &Global, command: &SyncCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = parts::Parts::new(global)?;
    match &command.action {
        SyncAction::Status(status) => show(&parts, command.practice, status, printer),
        SyncAction::Run(run) => deliver(&parts, command.practice, run, printer),
        SyncAction::Retry(retry) => send_again(&parts, command.practice, retry, printer),
        SyncAction::SetAside(set_aside_command) => set_aside(&parts, command.practice, set_aside_command, printer),
        SyncAction::Resolve(resolve) => settle(&parts, command.practice, resolve, printer),
        SyncAction::Backfill(backfill) => backfill::run(&parts, command.practice, backfill, printer),
        SyncAction::Export(export) => packets::export(&parts, command.practice, export, printer),
        SyncAction::Import(import) => packets::import(&parts, command.practice, import, printer),
    }
}

/// What delivery of one gallery is built from.
pub(super) fn sync_parts(parts: &parts::Parts, practice: bool) -> Result<SyncParts, Failure> {
    Ok(parts.places()?.sync_parts(&parts.config, practice)?)
}

/// Has the application queue what it enrols and, with a window that stays (`deliver`), deliver it.
pub(super) fn attach(parts: &parts::Parts, application: &mut Application, deliver: bool) -> Result<(), Failure> {
    application.deliver_with(parts.places()?, deliver);
    application.tell_events_with(parts.event_place());
    Ok(())
}

fn show(parts: &parts::Parts, practice: bool, command: &StatusCommand, printer: &Printer) -> Result<Answer, Failure> {
    let outbox = parts.outbox(practice)?;
    if command.list {
        let query = EntryQuery {
            service: command.service,
            states: command.state.clone(),
            subject: None,
            offset: command.offset,
            limit: command.limit,
        };
        let page = outbox.entries(&query)?;
        let rows: Vec<EntryRow> = page.entries.into_iter().map(EntryRow::from).collect();
        let document = serde_json::json!({ "total": page.total, "offset": command.offset, "deliveries": rows });
        let text = || match page.total {
            0 => String::new(),
            total => rows.iter().map(EntryRow::lines).collect::<String>() + &format!("{} of {total}", rows.len()),
        };
        printer.document("sync_deliveries", &document, text)?;
        return Ok(Answer::Yes);
    }
    let free = super::doctor::free_bytes(parts.data_folder()?);
    let limits = stop_limits(&parts.config.sync);
    let summary = summarise(&*outbox, &parts.targets()?, practice, &limits, free, parts.clock.utc())?;
    let summary = SyncSummary { opens_at: parts.config.sync.schedule().opens_at(parts.clock.utc()), ..summary };
    let row = StatusRow::from(&summary);
    printer.document("sync_status", &row, || row.text())?;
    Ok(Answer::Yes)
}

fn deliver(parts: &parts::Parts, practice: bool, command: &RunCommand, printer: &Printer) -> Result<Answer, Failure> {
    let sync = sync_parts(parts, practice)?;
    let turn = Turn::take(&sync.turn)?;
    let mut engine = Engine::start(sync, turn)?;
    engine.resume();
    let waiting = engine.summary().waiting();
    let bar = progress_bar(printer, waiting);
    engine.run_until_rest(Duration::from_secs(command.wait), &mut |tally: &Tally| {
        bar.set_position(tally.delivered + tally.refused + tally.outcome_unknown + tally.set_aside);
    });
    bar.finish_and_clear();
    let tally = engine.tally();
    let summary = engine.fresh_summary();
    engine.finish();
    let row = StatusRow::from(&summary);
    let document = serde_json::json!({ "done": tally, "status": row });
    printer.document("sync_run", &document, || {
        format!(
            "{} delivered, {} refused, {} with unknown outcome, {} set aside, {} tries repeated\n{}",
            tally.delivered,
            tally.refused,
            tally.outcome_unknown,
            tally.set_aside,
            tally.failed_tries,
            row.text()
        )
    })?;
    Ok(if summary.waiting() == 0 && summary.attention() == 0 { Answer::Yes } else { Answer::No })
}

/// A bar for people, nothing for programs.
fn progress_bar(printer: &Printer, total: u64) -> indicatif::ProgressBar {
    if printer.json() { indicatif::ProgressBar::hidden() } else { indicatif::ProgressBar::new(total) }
}

fn send_again(parts: &parts::Parts, practice: bool, command: &RetryCommand, printer: &Printer) -> Result<Answer, Failure> {
    let mut outbox = parts.outbox(practice)?;
    let rules = rules(&parts.config.sync);
    let now = parts.clock.utc();
    let mut keys = command.keys.clone();
    for (wanted, state) in [(command.refused, DeliveryState::Refused), (command.set_aside, DeliveryState::SetAside)] {
        if wanted {
            keys.extend(in_state(&*outbox, state)?);
        }
    }
    for key in &keys {
        act_because(&mut *outbox, *key, Action::Retry, &command.reason, &rules, now)?;
    }
    printer.document("sync_retry", &serde_json::json!({ "retried": keys.len() }), || format!("{} deliveries wait again", keys.len()))?;
    Ok(Answer::Yes)
}

fn set_aside(parts: &parts::Parts, practice: bool, command: &SetAsideCommand, printer: &Printer) -> Result<Answer, Failure> {
    let mut outbox = parts.outbox(practice)?;
    for key in &command.keys {
        act_because(&mut *outbox, *key, Action::SetAside, &command.reason, &rules(&parts.config.sync), parts.clock.utc())?;
    }
    let count = command.keys.len();
    printer.document("sync_set_aside", &serde_json::json!({ "set_aside": count }), || format!("{count} deliveries set aside"))?;
    Ok(Answer::Yes)
}

/// Keys of everything in a state.
fn in_state(outbox: &dyn Outbox, state: DeliveryState) -> Result<Vec<Uuid>, Failure> {
    let mut keys = Vec::new();
    loop {
        let query = EntryQuery { states: vec![state], offset: keys.len() as u64, limit: 1000, ..EntryQuery::default() };
        let page = outbox.entries(&query)?;
        if page.entries.is_empty() {
            return Ok(keys);
        }
        keys.extend(page.entries.iter().map(|entry| entry.key));
    }
}

fn settle(parts: &parts::Parts, practice: bool, command: &ResolveCommand, printer: &Printer) -> Result<Answer, Failure> {
    let mut outbox = parts.outbox(practice)?;
    let action = if command.arrived { Action::Arrived(command.reference.clone()) } else { Action::NotArrived };
    act_because(&mut *outbox, command.key, action, &command.reason, &rules(&parts.config.sync), parts.clock.utc())?;
    let row = EntryRow::from(outbox.entry(command.key)?);
    printer.document("sync_resolve", &row, || row.lines())?;
    Ok(Answer::Yes)
}

/// The key given, or else the one of the configuration.
fn public_keys(given: &[String], configured: &[String], what: &str) -> Result<Vec<crate::adapters::sealed::PublicKey>, Failure> {
    let texts = if given.is_empty() { configured } else { given };
    if texts.is_empty() {
        return Err(usage(format!("name {what}, or set it in the configuration")));
    }
    texts.iter().map(|text| super::gallery::public_key(text)).collect()
}
