//! The `[sync]` section: what is delivered where, when, how patiently, and when nobody more should be enrolled.

use super::Schedule;
use serde::Deserialize;

/// Names of the services there are. The port's own list is on a higher floor; a test there holds the two together.
pub const SERVICE_NAMES: [&str; 5] = ["awareid", "uqudo", "faceki", "baf", "onboarding"];

/// Delivery to identity services.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncConfig {
    /// Services every enrolment is delivered to; empty delivers nothing.
    pub services: Vec<String>,
    /// Flows whose records from picture files are delivered too.
    pub deliver_files: Vec<String>,
    /// Whether the application delivers by itself.
    pub automatic: bool,
    /// Minutes between rounds, 0-1440; 0 delivers whenever something waits.
    pub every_minutes: u32,
    /// Times of day at which the application delivers by itself, such as `22:00-06:00`; empty for always.
    pub schedule: Vec<String>,
    /// How far the clock of these times is from UTC, such as `+02:00`.
    pub schedule_utc_offset: String,
    /// Calls under way at once at each service, 1-16.
    pub at_once: usize,
    /// Deliveries begun a second at each service, 0-1000; 0 for as many as go.
    pub per_second: f64,
    /// Failed tries after which a record is set aside, 1-100.
    pub max_tries: u32,
    /// Pause after the first failed try, seconds, 1-3600; doubles with each.
    pub first_delay_seconds: u32,
    /// Longest pause between tries, minutes, 1-1440.
    pub longest_delay_minutes: u32,
    /// Pause between a lost reply and the question whether it arrived, seconds, 0-3600.
    pub look_up_after_seconds: u32,
    /// Most records that may wait before enrolling stops; 0 for any number.
    pub max_waiting: u64,
    /// Most days without contact before enrolling stops; 0 for any number.
    pub max_days_offline: u32,
    /// Least free space before enrolling stops, megabytes; 0 for none.
    pub min_free_megabytes: u64,
    /// Public key of the branch that sealed packets are for; empty for none.
    pub branch_key: String,
    /// Public keys of machines whose packets and receipts are taken.
    pub trusted_keys: Vec<String>,
}

impl SyncConfig {
    /// Whether a record is delivered at all: one from a picture file only where its flow says so.
    #[must_use]
    pub fn delivers(&self, flow: &str, from_file: bool) -> bool {
        !from_file || self.deliver_files.iter().any(|named| named == flow)
    }

    /// When the application delivers by itself.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        // The texts were read once when the configuration was checked.
        Schedule::parse(&self.schedule, &self.schedule_utc_offset).unwrap_or_default()
    }

    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let within = |ok: bool, key: &'static str, rule: &str| (!ok).then(|| (key, rule.to_owned()));
        let unknown = |names: &[String], known: &[&str]| names.iter().find(|name| !known.contains(&name.as_str())).cloned();
        let repeated = (1..self.services.len()).any(|i| self.services[..i].contains(&self.services[i]));
        let flows = ["enrol", "re-enrol"];
        unknown(&self.services, &SERVICE_NAMES)
            .map(|name| ("sync.services", format!("has no service called {name}; there are {}", SERVICE_NAMES.join(", "))))
            .or_else(|| within(!repeated, "sync.services", "must name no service twice"))
            .or_else(|| {
                unknown(&self.deliver_files, &flows)
                    .map(|name| ("sync.deliver_files", format!("has no flow called {name}; there are {}", flows.join(", "))))
            })
            .or_else(|| within(self.every_minutes <= 1440, "sync.every_minutes", "must be 0 to 1440"))
            .or_else(|| Schedule::parse(&self.schedule, &self.schedule_utc_offset).err().map(|words| ("sync.schedule", words)))
            .or_else(|| within((1..=16).contains(&self.at_once), "sync.at_once", "must be 1 to 16"))
            .or_else(|| within((0.0..=1000.0).contains(&self.per_second), "sync.per_second", "must be 0 to 1000"))
            .or_else(|| within((1..=100).contains(&self.max_tries), "sync.max_tries", "must be 1 to 100"))
            .or_else(|| within((1..=3600).contains(&self.first_delay_seconds), "sync.first_delay_seconds", "must be 1 to 3600"))
            .or_else(|| within((1..=1440).contains(&self.longest_delay_minutes), "sync.longest_delay_minutes", "must be 1 to 1440"))
            .or_else(|| within(self.look_up_after_seconds <= 3600, "sync.look_up_after_seconds", "must be 0 to 3600"))
    }
}
