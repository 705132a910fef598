//! What can be wrong with a pack.

use crate::advice::{Advice, Advised};
use crate::biometrics::pack::ManifestError;
use std::path::PathBuf;

/// Why a pack or one of its files was refused.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// No pack of that name or in that folder.
    #[error("there is no model pack {wanted:?} (looked at: {})", join(.looked))]
    NotFound {
        /// What was asked for.
        wanted: String,
        /// Places looked at.
        looked: Vec<PathBuf>,
    },
    /// Neither an installed nor an embedded pack can be used.
    #[error("no model pack is installed and this build has none built in")]
    NonePresent,
    /// The manifest was refused.
    #[error("the manifest {path} was refused: {source}")]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: ManifestError,
    },
    /// A file the manifest names is not there.
    #[error("model {model}: the file {path} is missing")]
    Missing {
        /// Model identifier.
        model: String,
        /// The file.
        path: PathBuf,
    },
    /// A file has another length than the manifest says: cut off, or not that file.
    #[error("model {model}: {path} has {found} bytes, expected {expected}")]
    Length {
        /// Model identifier.
        model: String,
        /// The file.
        path: PathBuf,
        /// Bytes the manifest states.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// A file has the right length and another content.
    #[error("model {model}: {path} was altered: SHA-256 expected {expected}, found {found}")]
    Altered {
        /// Model identifier.
        model: String,
        /// The file.
        path: PathBuf,
        /// SHA-256 the manifest states.
        expected: String,
        /// SHA-256 found.
        found: String,
    },
    /// A file or folder could not be read or written.
    #[error("{path} could not be {what}")]
    Io {
        /// `read`, `written`, `created` or `moved`.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}

impl PackError {
    /// An input or output error at `path`.
    pub(super) fn io(what: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { what, path, source }
    }
}

impl Advised for PackError {
    fn advice(&self) -> Advice {
        const AGAIN: &str = "Install the pack again with `visavis models install` or `visavis models import`.";
        match self {
            Self::NotFound { .. } => {
                Advice::environment("MOD-09", "See `visavis models list`, or give the folder of a pack with --models.")
            }
            Self::NonePresent => {
                Advice::environment("MOD-13", "Run `visavis models install open`, or give the folder of a pack with --models.")
            }
            Self::Manifest { source, .. } => source.advice(),
            Self::Missing { .. } => Advice::environment("MOD-01", AGAIN),
            Self::Length { .. } => Advice::environment("MOD-02", AGAIN),
            Self::Altered { .. } => Advice::environment("MOD-03", AGAIN),
            Self::Io { source, .. } => {
                Advice::environment("PCK-01", "Check that the folder exists, may be used, and that the disk is not full.")
                    .or_input(source.kind() == std::io::ErrorKind::NotFound)
            }
        }
    }
}

fn join(paths: &[PathBuf]) -> String {
    if paths.is_empty() { "nowhere".to_owned() } else { paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ") }
}
