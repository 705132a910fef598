//! Deliveries and their summary as printed.

use crate::advice::Advised as _;
use crate::ports::outbox::Entry;
use crate::ports::services::Guarantee;
use crate::runtime::sync::summary::{LaneState, ServiceSummary, SyncSummary};
use serde::Serialize;
use std::collections::BTreeMap;

/// A code with its words.
#[derive(Debug, Serialize)]
struct Words {
    code: &'static str,
    message: String,
    advice: &'static str,
}

/// One service.
#[derive(Debug, Serialize)]
struct ServiceRow {
    service: &'static str,
    state: &'static str,
    guarantee: Option<Guarantee>,
    counts: BTreeMap<&'static str, u64>,
    oldest_waiting: Option<String>,
    last_contact: Option<String>,
    days_offline: u32,
    clock_offset_seconds: Option<i64>,
    error: Option<Words>,
}

/// All of it.
#[derive(Debug, Serialize)]
pub(super) struct StatusRow {
    waiting: u64,
    attention: u64,
    /// When the schedule next lets the application deliver by itself; `null` while it does.
    opens_at: Option<String>,
    services: Vec<ServiceRow>,
    stops: Vec<Words>,
}

impl From<&ServiceSummary> for ServiceRow {
    fn from(summary: &ServiceSummary) -> Self {
        let (state, error) = match &summary.lane {
            LaneState::Open => ("open", None),
            LaneState::Idle => ("idle", None),
            LaneState::NotConfigured => ("not_configured", None),
            LaneState::Waiting { error } => ("waiting", Some(error)),
            LaneState::Stopped { error } => ("stopped", Some(error)),
        };
        let error = error.map(|error| Words { code: error.advice().code, message: error.to_string(), advice: error.advice().next_step });
        Self {
            service: summary.service.map_or("", crate::ports::services::ServiceKind::name),
            state,
            guarantee: summary.guarantee,
            counts: summary.counts.iter().map(|(state, count)| (state.name(), *count)).collect(),
            oldest_waiting: summary.oldest_waiting.map(crate::units::UtcTime::to_rfc3339),
            last_contact: summary.last_contact.map(crate::units::UtcTime::to_rfc3339),
            days_offline: summary.days_offline,
            clock_offset_seconds: summary.clock_offset,
            error,
        }
    }
}

impl From<&SyncSummary> for StatusRow {
    fn from(summary: &SyncSummary) -> Self {
        let words = |stop: &crate::workflow::sync::stops::HardStop| Words {
            code: stop.advice().code,
            message: stop.to_string(),
            advice: stop.advice().next_step,
        };
        Self {
            waiting: summary.waiting(),
            attention: summary.attention(),
            opens_at: summary.opens_at.map(crate::units::UtcTime::to_rfc3339),
            services: summary.services.iter().map(ServiceRow::from).collect(),
            stops: summary.stops.iter().map(words).collect(),
        }
    }
}

/// What delivery promises, in words.
const fn promise(guarantee: Guarantee) -> &'static str {
    match guarantee {
        Guarantee::ExactlyOnceByKey => "exactly once: the service takes a key, so that a repetition is harmless",
        Guarantee::ExactlyOnceByLookUp => "exactly once: after a lost reply the service is asked before anything is sent again",
        Guarantee::AtMostOnce => "at most once: after a lost reply the outcome is unknown, and a person decides",
    }
}

impl StatusRow {
    pub(super) fn text(&self) -> String {
        let mut text = format!("{} waiting, {} for a person to decide\n", self.waiting, self.attention);
        if let Some(opens_at) = &self.opens_at {
            text += &format!("the schedule lets the application deliver from {opens_at} on\n");
        }
        for row in &self.services {
            let counts: Vec<String> = row.counts.iter().map(|(state, count)| format!("{count} {}", state.replace('_', " "))).collect();
            let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
            text += &format!("{:12} {:14} {counts}\n", row.service, row.state.replace('_', " "));
            if let Some(guarantee) = row.guarantee {
                text += &format!("             {}\n", promise(guarantee));
            }
            if let Some(oldest) = &row.oldest_waiting {
                text += &format!("             oldest waiting since {oldest}, {} days offline\n", row.days_offline);
            }
            if let Some(Words { code, message, advice }) = &row.error {
                text += &format!("             {code}: {message}. {advice}\n");
            }
        }
        for Words { code, message, advice } in &self.stops {
            text += &format!("{code}: {message}. {advice}\n");
        }
        text
    }
}

/// One line of a history.
#[derive(Debug, Serialize)]
struct NoteRow {
    at: String,
    what: String,
    text: String,
}

/// One delivery.
#[derive(Debug, Serialize)]
pub(super) struct EntryRow {
    key: uuid::Uuid,
    service: &'static str,
    operation: &'static str,
    state: &'static str,
    tries: u32,
    subject: Option<uuid::Uuid>,
    record: Option<uuid::Uuid>,
    queued_at: String,
    changed_at: String,
    remote_reference: Option<String>,
    identifiers: BTreeMap<String, String>,
    error: Option<Words>,
    packet_of: Option<String>,
    history: Vec<NoteRow>,
}

impl From<Entry> for EntryRow {
    fn from(entry: Entry) -> Self {
        let receipt = entry.receipt;
        Self {
            key: entry.key,
            service: entry.service.name(),
            operation: entry.operation.name(),
            state: entry.progress.state.name(),
            tries: entry.progress.tries,
            subject: entry.subject.map(|subject| subject.0),
            record: entry.record.map(|record| record.0),
            queued_at: entry.queued_at.to_rfc3339(),
            changed_at: entry.changed_at.to_rfc3339(),
            remote_reference: receipt.as_ref().and_then(|receipt| receipt.remote_reference.clone()),
            identifiers: receipt.map(|receipt| receipt.identifiers.into_iter().collect()).unwrap_or_default(),
            error: entry.fault.map(|error| Words {
                code: error.advice().code,
                message: error.to_string(),
                advice: error.advice().next_step,
            }),
            packet_of: entry.packet_of,
            history: entry.history.into_iter().map(|note| NoteRow { at: note.at.to_rfc3339(), what: note.what, text: note.text }).collect(),
        }
    }
}

impl EntryRow {
    pub(super) fn lines(&self) -> String {
        let person = self.subject.map_or_else(|| "-".to_owned(), |subject| subject.to_string());
        let mut text = format!("{} {} {} {} of {person}\n", self.key, self.service, self.operation, self.state.replace('_', " "));
        for NoteRow { at, what, text: words } in &self.history {
            text += &format!("    {at} {} {words}\n", what.replace('_', " "));
        }
        text
    }
}
