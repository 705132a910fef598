//! `visavis models install` and `import`.

use super::{Answer, Failure, Printer, usage};
use crate::adapters::packs::PackStore;
use crate::adapters::packs::{Installed, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;

/// Installs a published pack; an interrupted download goes on where it stopped.
pub(super) fn install(packs: &PackStore, pack: &str, from: Option<&Path>, quality: bool, printer: &Printer) -> Result<Answer, Failure> {
    if pack != "open" {
        return Err(usage(format!("no pack {pack} is published; there is `open`")));
    }
    let bar = if printer.json() { ProgressBar::hidden() } else { bar() };
    let mut model = String::new();
    let installed = packs.install_open(from, quality, &mut |progress: Progress| {
        if progress.model != model {
            model.clone_from(&progress.model);
            bar.set_message(progress.model.clone());
        }
        bar.set_length(progress.total);
        bar.set_position(progress.received);
    });
    bar.finish_and_clear();
    tell(&installed?, printer)
}

/// Copies a pack from a folder, verified.
pub(super) fn import(packs: &PackStore, folder: &Path, printer: &Printer) -> Result<Answer, Failure> {
    tell(&packs.import(folder)?, printer)
}

fn tell(installed: &Installed, printer: &Printer) -> Result<Answer, Failure> {
    let folder = installed.folder.display().to_string();
    let shown = serde_json::json!({ "folder": folder, "already": installed.already });
    let word = if installed.already { "already there, complete" } else { "installed and verified" };
    printer.document("models-install", &shown, || format!("{word}: {folder}"))?;
    Ok(Answer::Yes)
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:24} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    style.map_or_else(|_| ProgressBar::hidden(), |style| ProgressBar::new(0).with_style(style))
}
