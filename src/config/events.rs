//! The `[events]` section: how receivers of events are told, how patiently, and whom they may be.

use serde::Deserialize;

/// How a signature is written in its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum SignatureEncoding {
    Base64,
    Hex,
}

/// Events for registered receivers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsConfig {
    /// Header of the signature.
    pub signature_header: String,
    /// How it is written there.
    pub signature_encoding: SignatureEncoding,
    /// Hosts that may be told; empty: those that the registered addresses name.
    pub allowed_hosts: Vec<String>,
    /// Longest wait for an answer, seconds, 1-120.
    pub timeout_seconds: u32,
    /// Failed tries after which a message is set aside, 1-100.
    pub max_tries: u32,
    /// Pause after the first failed try, seconds, 1-3600; doubles with each.
    pub first_delay_seconds: u32,
    /// Longest pause between tries, minutes, 1-1440.
    pub longest_delay_minutes: u32,
    /// Hours for which the secret before a new one stays valid, 0-720.
    pub overlap_hours: u32,
    /// Days after which a message that could not be told is set aside, and one that was told is forgotten, 1-365.
    pub keep_days: u32,
}

impl EventsConfig {
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let within = |ok: bool, key: &'static str, rule: &str| (!ok).then(|| (key, rule.to_owned()));
        let header = !self.signature_header.is_empty() && self.signature_header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        within(header, "events.signature_header", "must hold letters, digits and hyphens")
            .or_else(|| within((1..=120).contains(&self.timeout_seconds), "events.timeout_seconds", "must be 1 to 120"))
            .or_else(|| within((1..=100).contains(&self.max_tries), "events.max_tries", "must be 1 to 100"))
            .or_else(|| within((1..=3600).contains(&self.first_delay_seconds), "events.first_delay_seconds", "must be 1 to 3600"))
            .or_else(|| within((1..=1440).contains(&self.longest_delay_minutes), "events.longest_delay_minutes", "must be 1 to 1440"))
            .or_else(|| within(self.overlap_hours <= 720, "events.overlap_hours", "must be 0 to 720"))
            .or_else(|| within((1..=365).contains(&self.keep_days), "events.keep_days", "must be 1 to 365"))
    }
}
