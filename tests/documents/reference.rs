//! Where the case tables and specimen pictures are, if anywhere.

use crate::said::say;
use std::path::PathBuf;

/// The folder `documents` of the reference data; `None` says what was left out, so that nothing is skipped silently.
pub fn folder(check: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("VISAVIS_REFERENCE_DIR").map(|f| PathBuf::from(f).join("documents"));
    let folder = folder.filter(|f| f.join("mrz-cases.csv").is_file());
    match &folder {
        Some(folder) => say(&format!("{check}: cases in {}", folder.display())),
        None => say(&format!("{check}: NOT RUN, because VISAVIS_REFERENCE_DIR names no folder with documents/mrz-cases.csv")),
    }
    folder
}
