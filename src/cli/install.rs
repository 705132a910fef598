//! `visavis models install` and `import`.

use super::parts::Parts;
use super::{Answer, Failure, Printer, usage};
use crate::adapters::packs::{Installed, PackLocation, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;

/// Installs a published pack; an interrupted download goes on where it stopped.
pub(super) fn install(parts: &Parts, pack: &str, from: Option<&Path>, quality: bool, printer: &Printer) -> Result<Answer, Failure> {
    if pack != "open" {
        return Err(usage(format!("no pack {pack} is published; there is `open`")));
    }
    let bar = if printer.json() { ProgressBar::hidden() } else { bar() };
    let mut model = String::new();
    let installed = parts.packs().install_open(from, quality, &mut |progress: Progress| {
        if progress.model != model {
            model.clone_from(&progress.model);
            bar.set_message(progress.model.clone());
        }
        bar.set_length(progress.total);
        bar.set_position(progress.received);
    });
    bar.finish_and_clear();
    tell(parts, &installed?, printer)
}

/// Copies a pack from a folder, verified.
pub(super) fn import(parts: &Parts, folder: &Path, printer: &Printer) -> Result<Answer, Failure> {
    tell(parts, &parts.packs().import(folder)?, printer)
}

fn tell(parts: &Parts, installed: &Installed, printer: &Printer) -> Result<Answer, Failure> {
    let folder = installed.folder.display().to_string();
    let pack = parts.packs().load(&PackLocation::Folder(installed.folder.clone()))?;
    let calibrated = parts.calibration_of(&pack).map_err(|failure| failure.advice);
    let shown = serde_json::json!({ "folder": folder, "already": installed.already, "calibrated": calibrated.is_ok() });
    let word = if installed.already { "already there, complete" } else { "installed and verified" };
    printer.document("models-install", &shown, || format!("{word}: {folder}"))?;
    if let Err(advice) = calibrated {
        printer.remark(&format!("scores of its recogniser decide nothing yet ({}). {}", advice.code, advice.next_step));
    }
    Ok(Answer::Yes)
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:24} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    style.map_or_else(|_| ProgressBar::hidden(), |style| ProgressBar::new(0).with_style(style))
}
