//! `visavis document chip`: passive authentication of the files of a chip; and a chip beside a document that is read or verified.

use super::document::zone_of_text;
use super::{Answer, Failure, Global, Printer, environment};
use crate::advice::Advice;
use crate::documents::chip::{ChipFindings, ChipRules, Verdict};
use crate::runtime::clock::{SystemClock, civil_day};
use crate::runtime::document::chip::{ChipText, authorities, verify_folder};
use clap::Args;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// `visavis document chip`.
#[derive(Debug, Args)]
pub struct ChipCommand {
    /// Folder with the files of one chip: EF.COM, EF.SOD, EF.DG1, EF.DG2 …
    #[arg(value_name = "DIR")]
    chip: PathBuf,
    #[command(flatten)]
    trust: TrustArguments,
    /// File with the lines of the zone in print, to compare with the chip; `-` is standard input.
    #[arg(long, value_name = "FILE|-")]
    zone: Option<PathBuf>,
    /// Writes the portrait to a new file.
    #[arg(long, value_name = "FILE")]
    portrait: Option<PathBuf>,
}

/// A chip beside a document.
#[derive(Debug, Args)]
pub(super) struct ChipArguments {
    /// Folder with the files of the document's chip, verified and compared with the print; a portrait that an authority signed is preferred
    /// over the printed one.
    #[arg(long, value_name = "DIR")]
    pub chip: Option<PathBuf>,
    #[command(flatten)]
    pub trust: TrustArguments,
}

/// Whom to trust, and how far.
#[derive(Debug, Args)]
pub(super) struct TrustArguments {
    /// Folder with the country authorities' certificates and revocation lists, without which no chip is authentic [default: `csca` in the data
    /// folder].
    #[arg(long, value_name = "DIR", requires = "chip")]
    csca: Option<PathBuf>,
    /// Demands a revocation list in force.
    #[arg(long, requires = "chip")]
    require_revocation_list: bool,
}

impl TrustArguments {
    /// The folder that was named, or the one in the data folder where it is there.
    pub fn authorities(&self, data_folder: &Path) -> Option<PathBuf> {
        self.csca.clone().or_else(|| Some(authorities(data_folder)).filter(|folder| folder.is_dir()))
    }

    pub const fn rules(&self) -> ChipRules {
        ChipRules { revocation_required: self.require_revocation_list }
    }
}

pub(super) fn run(global: &Global, command: &ChipCommand, printer: &Printer) -> Result<Answer, Failure> {
    let clock = SystemClock::start();
    let printed = command.zone.as_deref().map(|path| zone_of_text(path, "zone in print", civil_day(&clock))).transpose()?;
    let authorities = command.trust.authorities(&environment::data_dir(global)?);
    let printed = printed.as_ref().map(|reading| &reading.mrz);
    let chip = verify_folder(&command.chip, authorities.as_deref(), printed, command.trust.rules(), &clock)?;
    if let Some(path) = &command.portrait {
        write_portrait(&chip.findings, path)?;
    }
    let shown = ChipText::from(&chip);
    printer.document("chip", &shown, || in_words(&shown))?;
    Ok(if chip.findings.verdict == Verdict::Authentic { Answer::Yes } else { Answer::No })
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

/// What was found, for people.
pub(super) fn in_words(shown: &ChipText) -> String {
    let mut lines = vec![shown.verdict.to_owned()];
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
