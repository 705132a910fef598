//! `visavis document chip`: passive authentication of the files of a chip.

use super::{Answer, Failure, Global, Printer, usage};
use crate::adapters::chip::{ChipFolder, TrustFolder, read_folder, read_trust};
use crate::advice::Advice;
use crate::documents::checks::Status;
use crate::documents::chip::{ChipFindings, ChipOutcome, ChipRules, Question, Trust, Verdict, verify};
use crate::documents::mrz::{self, Line, Mrz};
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::runtime::clock::{Clock, SystemClock, civil_day};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use time::Date;

/// `visavis document chip`.
#[derive(Debug, Args)]
pub struct ChipCommand {
    /// Folder with the files of one chip: EF.COM, EF.SOD, EF.DG1, EF.DG2 …
    folder: PathBuf,
    /// Folder with the country authorities' certificates and revocation lists; without it no chip is authentic.
    #[arg(long, value_name = "DIR")]
    csca: Option<PathBuf>,
    /// A line of the zone in print, top to bottom, to compare with the chip; once for each line.
    #[arg(long, value_name = "LINE")]
    zone: Vec<String>,
    /// Demands a revocation list in force.
    #[arg(long)]
    require_revocation_list: bool,
    /// Writes the portrait to a new file.
    #[arg(long, value_name = "FILE")]
    portrait: Option<PathBuf>,
}

#[derive(Serialize)]
struct Shown<'a> {
    verdict: &'static str,
    checks: Vec<CheckShown>,
    data_groups: Vec<GroupShown>,
    zone: Option<ZoneShown<'a>>,
    portrait: Option<PortraitShown>,
    trusted_authorities: usize,
    revocation_lists: usize,
    /// Files that were not used, and why.
    skipped_files: Vec<SkippedShown<'a>>,
}

#[derive(Serialize)]
struct CheckShown {
    check: &'static str,
    title: &'static str,
    status: &'static str,
    cause: Option<&'static str>,
    reason: String,
    values: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct GroupShown {
    data_group: u8,
    listed: bool,
    read: bool,
    status: &'static str,
}

#[derive(Serialize)]
struct ZoneShown<'a> {
    format: &'static str,
    document_code: &'a str,
    issuing_state: &'a str,
    document_number: &'a str,
    family_name: &'a str,
    given_names: &'a str,
    /// In its own letters, where the chip has it.
    full_name: Option<&'a str>,
    nationality: &'a str,
    birth_date: Option<String>,
    sex: Option<char>,
    expiry_date: Option<String>,
    right: bool,
}

#[derive(Serialize)]
struct PortraitShown {
    format: &'static str,
    bytes: usize,
    /// Of the picture itself; `None` if it cannot be decoded.
    width: Option<u32>,
    height: Option<u32>,
    /// Whether a trusted authority stands behind it.
    trusted: bool,
}

#[derive(Serialize)]
struct SkippedShown<'a> {
    file: &'a str,
    reason: &'a str,
}

pub(super) fn run(_: &Global, command: &ChipCommand, printer: &Printer) -> Result<Answer, Failure> {
    let clock = SystemClock::start();
    let (now, today) = (clock.utc(), civil_day(&clock));
    let chip = read_folder(&command.folder)?;
    let trusted = command.csca.as_deref().map(read_trust).transpose()?;
    let printed = printed_zone(&command.zone, today)?;
    let nobody = Trust::new();
    let findings = verify(&Question {
        files: &chip.files,
        trust: trusted.as_ref().map_or(&nobody, |t| &t.trust),
        printed: printed.as_ref(),
        today,
        now,
        rules: ChipRules { revocation_required: command.require_revocation_list },
    });
    if let Some(path) = &command.portrait {
        write_portrait(&findings, path)?;
    }
    let shown = shown(&findings, &chip, trusted.as_ref());
    printer.document("chip", &shown, || text(&findings, &shown))?;
    Ok(if findings.verdict == Verdict::Authentic { Answer::Yes } else { Answer::No })
}

fn printed_zone(lines: &[String], today: Date) -> Result<Option<Mrz>, Failure> {
    if lines.is_empty() {
        return Ok(None);
    }
    if lines.len() > 3 {
        return Err(usage("a zone has at most three lines"));
    }
    let lines: Vec<Line> = lines.iter().map(|l| Line::new(l)).collect();
    Ok(Some(mrz::read(&lines, today)?.mrz))
}

/// The portrait as it stands in the chip. Never over another file: it is a biometric.
fn write_portrait(findings: &ChipFindings, path: &Path) -> Result<(), Failure> {
    let Some(portrait) = &findings.portrait else {
        return Err(Failure::new(
            "the chip has no portrait that can be read",
            Advice::input("DOC-46", "Read DG2 too, or leave --portrait out."),
        ));
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|mut file| file.write_all(&portrait.bytes)).map_err(|error| {
        Failure::new(
            format!("the portrait cannot be written to {}: {error}", path.display()),
            Advice::environment("DOC-47", "Choose a new file in a folder that can be written to."),
        )
    })
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Failed => "failed",
        Status::NotChecked => "not_checked",
    }
}

fn shown<'a>(findings: &'a ChipFindings, chip: &'a ChipFolder, trusted: Option<&'a TrustFolder>) -> Shown<'a> {
    let check = |o: &ChipOutcome| CheckShown {
        check: o.check.name(),
        title: o.check.title(),
        status: status(o.status),
        cause: o.cause.map(|c| c.name()),
        reason: o.reason.to_string(),
        values: o.values.iter().map(|(name, value)| (name.name(), value.to_string())).collect(),
    };
    let ignored = chip.ignored.iter().map(|file| SkippedShown { file, reason: "no name of a chip's file" });
    let skipped = trusted.iter().flat_map(|t| &t.skipped).map(|(file, reason)| SkippedShown { file, reason });
    Shown {
        verdict: findings.verdict.name(),
        checks: findings.outcomes.iter().map(check).collect(),
        data_groups: findings
            .groups
            .iter()
            .map(|g| GroupShown { data_group: g.group.number(), listed: g.listed, read: g.read, status: status(g.status) })
            .collect(),
        zone: findings.zone.as_ref().map(|reading| zone(&reading.mrz, findings)),
        portrait: findings.portrait.as_ref().map(|p| {
            let size = decode_picture(&p.bytes, &DecodeLimits::default()).ok().map(|frame| frame.size());
            PortraitShown {
                format: p.format.name(),
                bytes: p.bytes.len(),
                width: size.map(|s| s.width),
                height: size.map(|s| s.height),
                trusted: findings.trusted_portrait().is_some(),
            }
        }),
        trusted_authorities: trusted.map_or(0, |t| t.trust.authorities()),
        revocation_lists: trusted.map_or(0, |t| t.trust.revocation_lists()),
        skipped_files: ignored.chain(skipped).collect(),
    }
}

fn zone<'a>(mrz: &'a Mrz, findings: &'a ChipFindings) -> ZoneShown<'a> {
    let details = findings.details.as_ref();
    // DG11 has the century that the zone leaves open.
    let birth = details.and_then(|d| d.birth).or_else(|| mrz.birth.map(|b| b.date));
    ZoneShown {
        format: mrz.format.name(),
        document_code: &mrz.document_code,
        issuing_state: &mrz.issuing_state,
        document_number: &mrz.document_number,
        family_name: &mrz.primary,
        given_names: &mrz.secondary,
        full_name: details.and_then(|d| d.full_name.as_deref()),
        nationality: &mrz.nationality,
        birth_date: birth.map(|d| d.to_string()),
        sex: mrz.sex.map(|s| s.letter()),
        expiry_date: mrz.expiry.map(|d| d.to_string()),
        right: mrz.is_right(),
    }
}

fn text(findings: &ChipFindings, shown: &Shown<'_>) -> String {
    let mut lines = vec![format!("{}", findings.verdict.name())];
    for check in &shown.checks {
        lines.push(format!("  {:<12} {:<24} {}", check.status.replace('_', " "), check.title, check.reason));
        lines.extend(
            check.values.iter().filter(|(_, v)| !v.is_empty()).map(|(name, value)| format!("{:>39} {value}", name.replace('_', " "))),
        );
    }
    if let Some(portrait) = &shown.portrait {
        let size = portrait.width.zip(portrait.height).map_or_else(|| "not decodable".to_owned(), |(w, h)| format!("{w}x{h}"));
        lines.push(format!("portrait: {}, {size}, {} bytes", portrait.format, portrait.bytes));
    }
    lines.extend(shown.skipped_files.iter().map(|s| format!("not used: {} ({})", s.file, s.reason)));
    lines.join("\n")
}
