//! What was found out about a chip, as JSON has it; its fields are stable.

use super::ChipRead;
use crate::documents::checks::Status;
use crate::documents::chip::{ChipFindings, ChipOutcome};
use crate::documents::mrz::Mrz;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything about one chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChipText {
    /// `authentic`, `refused` or `undecided`.
    pub verdict: &'static str,
    /// Every check, in the order they are made.
    pub checks: Vec<ChipCheckText>,
    /// Every data group that is listed or was read.
    pub data_groups: Vec<DataGroupText>,
    /// What DG1 says, with what DG11 adds.
    pub zone: Option<ChipZoneText>,
    /// The portrait of DG2.
    pub portrait: Option<ChipPortraitText>,
    /// Certificates of authorities that were trusted.
    pub trusted_authorities: usize,
    /// Revocation lists that were looked at.
    pub revocation_lists: usize,
    /// Files that were not used, and why.
    pub skipped_files: Vec<SkippedFileText>,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChipCheckText {
    /// A stable word.
    pub check: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// `passed`, `failed` or `not_checked`.
    pub status: &'static str,
    /// A stable word for why it did not pass.
    pub cause: Option<&'static str>,
    /// A sentence.
    pub reason: String,
    /// What the check saw, by name.
    pub values: BTreeMap<String, String>,
}

/// A data group against the signed list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataGroupText {
    /// Its number.
    pub data_group: u8,
    /// Whether the list names it.
    pub listed: bool,
    /// Whether it was read.
    pub read: bool,
    /// Whether its hash is the listed one: `passed`, `failed` or `not_checked`.
    pub status: &'static str,
}

/// The zone of the chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are the fields of a zone")]
pub struct ChipZoneText {
    pub format: &'static str,
    pub document_code: String,
    pub issuing_state: String,
    pub document_number: String,
    pub family_name: String,
    pub given_names: String,
    /// In its own letters, where the chip has it.
    pub full_name: Option<String>,
    pub nationality: String,
    pub birth_date: Option<String>,
    pub sex: Option<char>,
    pub expiry_date: Option<String>,
    /// Whether nothing breaks the standard.
    pub right: bool,
}

/// The portrait in the chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChipPortraitText {
    /// Name of the picture's format.
    pub format: &'static str,
    /// Its length.
    pub bytes: usize,
    /// Width of the picture itself, pixels; `null` if it cannot be decoded.
    pub width: Option<u32>,
    /// Height, as the width.
    pub height: Option<u32>,
    /// Whether a trusted authority stands behind it.
    pub trusted: bool,
}

/// A file that was not used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkippedFileText {
    /// Its name.
    pub file: String,
    /// Why.
    pub reason: String,
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Failed => "failed",
        Status::NotChecked => "not_checked",
    }
}

impl From<&ChipRead> for ChipText {
    fn from(chip: &ChipRead) -> Self {
        let findings = &chip.findings;
        let group = |g: &crate::documents::chip::GroupFinding| DataGroupText {
            data_group: g.group.number(),
            listed: g.listed,
            read: g.read,
            status: status(g.status),
        };
        Self {
            verdict: findings.verdict.name(),
            checks: findings.outcomes.iter().map(ChipCheckText::from).collect(),
            data_groups: findings.groups.iter().map(group).collect(),
            zone: findings.zone.as_ref().map(|reading| zone(&reading.mrz, findings)),
            portrait: portrait(findings),
            trusted_authorities: chip.trusted_authorities,
            revocation_lists: chip.revocation_lists,
            skipped_files: chip
                .skipped
                .iter()
                .map(|(file, reason)| SkippedFileText { file: file.clone(), reason: reason.clone() })
                .collect(),
        }
    }
}

impl From<&ChipOutcome> for ChipCheckText {
    fn from(outcome: &ChipOutcome) -> Self {
        Self {
            check: outcome.check.name(),
            title: outcome.check.title(),
            status: status(outcome.status),
            cause: outcome.cause.map(|c| c.name()),
            reason: outcome.reason.to_string(),
            values: outcome.values.iter().map(|(name, value)| (name.name(), value.to_string())).collect(),
        }
    }
}

fn portrait(findings: &ChipFindings) -> Option<ChipPortraitText> {
    let portrait = findings.portrait.as_ref()?;
    let size = decode_picture(&portrait.bytes, &DecodeLimits::default()).ok().map(|frame| frame.size());
    Some(ChipPortraitText {
        format: portrait.format.name(),
        bytes: portrait.bytes.len(),
        width: size.map(|s| s.width),
        height: size.map(|s| s.height),
        trusted: findings.trusted_portrait().is_some(),
    })
}

fn zone(mrz: &Mrz, findings: &ChipFindings) -> ChipZoneText {
    let details = findings.details.as_ref();
    // DG11 has the century that the zone leaves open.
    let birth = details.and_then(|d| d.birth).or_else(|| mrz.birth.map(|b| b.date));
    ChipZoneText {
        format: mrz.format.name(),
        document_code: mrz.document_code.clone(),
        issuing_state: mrz.issuing_state.clone(),
        document_number: mrz.document_number.clone(),
        family_name: mrz.primary.clone(),
        given_names: mrz.secondary.clone(),
        full_name: details.and_then(|d| d.full_name.clone()),
        nationality: mrz.nationality.clone(),
        birth_date: birth.map(|d| d.to_string()),
        sex: mrz.sex.map(|s| s.letter()),
        expiry_date: mrz.expiry.map(|d| d.to_string()),
        right: mrz.is_right(),
    }
}
