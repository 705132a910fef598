//! `visavis gallery export|import|key`: people leave and enter in sealed files.

use super::super::{Failure, Printer, parts, usage};
use crate::adapters::sealed::{Identity, Opener, PublicKey, Recipient, Trust};
use crate::advice::Advice;
use crate::ports::audit::{AuditEvent, AuditSink as _};
use crate::ports::gallery::{DEFAULT_GALLERY, GalleryStore};
use crate::runtime::clock::Clock as _;
use crate::runtime::transfer::{Progress, export_gallery, import_gallery, machine_identity};
use crate::units::SensitiveText;
use clap::Args;
use std::path::PathBuf;

/// `visavis gallery export`.
#[derive(Debug, Args)]
pub struct ExportCommand {
    /// File to write; an earlier one is replaced when the new one is whole.
    file: PathBuf,
    /// Members of this gallery only.
    #[arg(long)]
    gallery: Option<String>,
    /// Public key of a machine the file is for, as `visavis gallery key` prints it there, or a PEM file; may be repeated.
    #[arg(long, value_name = "KEY")]
    to: Vec<String>,
    /// Seal it with a passphrase as well: `env:NAME` or `file:PATH`.
    #[arg(long, value_name = "WHERE")]
    passphrase: Option<String>,
}

/// `visavis gallery import`.
#[derive(Debug, Args)]
pub struct ImportCommand {
    /// File that `visavis gallery export` wrote.
    file: PathBuf,
    /// Public key of a machine whose files are taken, as `visavis gallery key` prints it there; may be repeated.
    #[arg(long, value_name = "KEY")]
    from: Vec<String>,
    /// Take the file whoever sealed it.
    #[arg(long, conflicts_with = "from")]
    from_anyone: bool,
    /// Open it with a passphrase instead of this machine's key: `env:NAME` or `file:PATH`.
    #[arg(long, value_name = "WHERE")]
    passphrase: Option<String>,
}

pub(super) fn export(parts: &parts::Parts, store: &dyn GalleryStore, command: &ExportCommand, printer: &Printer) -> Result<(), Failure> {
    let mut recipients = command.to.iter().map(|text| public_key(text).map(Recipient::Key)).collect::<Result<Vec<_>, _>>()?;
    if let Some(place) = &command.passphrase {
        recipients.push(Recipient::Passphrase(secret(place)?));
    }
    let identity = identity(parts)?;
    // The trail is opened first: an export that could not be recorded is not begun.
    let mut audit = parts.audit()?;
    let now = parts.clock.utc();
    let report = export_gallery(store, command.gallery.as_deref(), &command.file, &recipients, &identity, now, &Progress::default())?;
    let gallery = command.gallery.clone().unwrap_or_else(|| DEFAULT_GALLERY.to_owned());
    audit.append(now, &AuditEvent::GalleryChanged { gallery, change: format!("export of {} people", report.people), subject: None })?;
    printer.document("gallery-export", &report, || {
        format!("people {}, enrolments {}, pictures {}", report.people, report.records, report.pictures)
    })
}

pub(super) fn import(
    parts: &parts::Parts,
    store: &mut dyn GalleryStore,
    command: &ImportCommand,
    printer: &Printer,
) -> Result<(), Failure> {
    if command.from.is_empty() && !command.from_anyone {
        return Err(usage("say whose files are taken: --from KEY for one machine's, --from-anyone for everybody's"));
    }
    let trusted = command.from.iter().map(|text| public_key(text)).collect::<Result<Vec<_>, _>>()?;
    let trust = if command.from_anyone { Trust::Anyone } else { Trust::Only(&trusted) };
    let passphrase = command.passphrase.as_deref().map(secret).transpose()?;
    let identity = identity(parts)?;
    let opener = passphrase.as_ref().map_or(Opener::Identity(&identity), Opener::Passphrase);
    let mut audit = parts.audit()?;
    let (report, signer) = import_gallery(store, &command.file, opener, trust, &Progress::default())?;
    let change =
        format!("import of {} new and {} changed people from {}", report.people_added, report.people_updated, signer.fingerprint());
    audit.append(parts.clock.utc(), &AuditEvent::GalleryChanged { gallery: DEFAULT_GALLERY.to_owned(), change, subject: None })?;
    printer.document("gallery-import", &serde_json::json!({ "sealed_by": signer.fingerprint(), "report": report }), || {
        format!(
            "sealed by {}\n{} new, {} changed, {} known people; {} erased here before, {} in conflict",
            signer.fingerprint(),
            report.people_added,
            report.people_updated,
            report.people_unchanged,
            report.people_erased_before,
            report.conflicts.len()
        )
    })
}

/// Prints the keys that other machines need of this one.
pub(super) fn key(parts: &parts::Parts, printer: &Printer) -> Result<(), Failure> {
    let identity = identity(parts)?;
    let (receives, signs) = (identity.receives_as(), identity.signs_as());
    let document = serde_json::json!({
        "receives_as": receives.to_text(), "signs_as": signs.to_text(), "fingerprint": signs.fingerprint(),
    });
    printer.document("gallery-key", &document, || {
        format!(
            "export to this machine:   --to {}\nimport from this machine: --from {}\nfingerprint: {}",
            receives.to_text(),
            signs.to_text(),
            signs.fingerprint()
        )
    })
}

/// This machine's identity; its key is made on first use.
pub(in crate::cli) fn identity(parts: &parts::Parts) -> Result<Identity, Failure> {
    Ok(machine_identity(&*parts.keys()?)?)
}

/// A public key as text, or in a PEM file.
pub(in crate::cli) fn public_key(text: &str) -> Result<PublicKey, Failure> {
    if let Ok(key) = PublicKey::from_text(text) {
        return Ok(key);
    }
    let read = std::fs::read_to_string(text).unwrap_or_default();
    Ok(PublicKey::from_text(&read)?)
}

/// A secret by reference: it never stands on the command line, where other accounts could see it.
fn secret(place: &str) -> Result<SensitiveText, Failure> {
    let advice = Advice::input("GAL-49", "Give the passphrase as env:NAME or file:PATH; its first line counts.");
    let found = match place.split_once(':') {
        Some(("env", name)) => std::env::var(name).ok(),
        Some(("file", path)) => std::fs::read_to_string(path).ok(),
        _ => None,
    };
    let text = SensitiveText(found.unwrap_or_default());
    match text.0.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(SensitiveText(line.to_owned())),
        None => Err(Failure::new("there is no passphrase at the place named", advice)),
    }
}
