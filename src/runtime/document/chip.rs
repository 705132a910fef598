//! The files of a document's chip: who signed them, whether they say what is printed, and the portrait that an authority stands behind.

mod text;

pub use text::ChipText;

use super::reading::{DocumentError, DocumentPortrait, measured};
use crate::adapters::chip::{ChipFolderError, TrustFolder, read_folder, read_trust};
use crate::advice::{Advice, Advised};
use crate::biometrics::detection::{DetectorSettings, FaceSelection};
use crate::biometrics::pipeline::{FacePipeline, PipelineError};
use crate::documents::chip::{ChipFindings, ChipRules, Question, Trust, verify};
use crate::documents::mrz::Mrz;
use crate::geometry::Affine;
use crate::imaging::decode::{DecodeError, DecodeLimits, decode_picture};
use crate::runtime::clock::{Clock, civil_day};
use std::path::{Path, PathBuf};

/// Folder of the country authorities' certificates below the data folder.
const AUTHORITIES: &str = "csca";

/// Where the operator keeps the country authorities' certificates and revocation lists.
#[must_use]
pub fn authorities(data_folder: &Path) -> PathBuf {
    data_folder.join(AUTHORITIES)
}

/// Why a chip could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum ChipError {
    /// A folder.
    #[error(transparent)]
    Folder(#[from] ChipFolderError),
    /// The signed portrait cannot be decoded.
    #[error(transparent)]
    Portrait(#[from] DecodeError),
    /// A network failed on it.
    #[error(transparent)]
    Networks(#[from] DocumentError),
}

impl From<PipelineError> for ChipError {
    fn from(error: PipelineError) -> Self {
        Self::Networks(error.into())
    }
}

impl Advised for ChipError {
    fn advice(&self) -> Advice {
        match self {
            Self::Folder(e) => e.advice(),
            Self::Portrait(e) => e.advice(),
            Self::Networks(e) => e.advice(),
        }
    }
}

/// A chip as it was verified.
#[derive(Debug, Clone)]
pub struct ChipRead {
    /// Every check, and what the files say.
    pub findings: ChipFindings,
    /// The portrait that an authority stands behind, ready to be compared in place of the printed one.
    pub portrait: Option<DocumentPortrait>,
    /// Certificates of authorities that were trusted.
    pub trusted_authorities: usize,
    /// Revocation lists that were looked at.
    pub revocation_lists: usize,
    /// Files that were not used, and why.
    pub skipped: Vec<(String, String)>,
}

/// Verifies the files of a chip; no portrait is taken from it yet.
///
/// - `authorities`: folder of trusted certificates; without one no chip is authentic, and the checks say why.
/// - `printed`: the zone in print, where it was read.
///
/// # Errors
/// [`ChipFolderError`].
pub fn verify_folder(
    folder: &Path,
    authorities: Option<&Path>,
    printed: Option<&Mrz>,
    rules: ChipRules,
    clock: &dyn Clock,
) -> Result<ChipRead, ChipFolderError> {
    let chip = read_folder(folder)?;
    let TrustFolder { trust, skipped } = match authorities {
        Some(folder) => read_trust(folder)?,
        None => TrustFolder { trust: Trust::new(), skipped: Vec::new() },
    };
    let question = Question { files: &chip.files, trust: &trust, printed, today: civil_day(clock), now: clock.utc(), rules };
    let ignored = chip.ignored.into_iter().map(|file| (file, "no name of a chip's file".to_owned()));
    Ok(ChipRead {
        findings: verify(&question),
        portrait: None,
        trusted_authorities: trust.authorities(),
        revocation_lists: trust.revocation_lists(),
        skipped: ignored.chain(skipped).collect(),
    })
}

/// The portrait that an authority stands behind, measured; `None` where there is none, or no face is found in it.
///
/// # Errors
/// [`ChipError`]: it cannot be decoded, or a network fails.
pub fn signed_portrait(faces: &mut FacePipeline, findings: &ChipFindings) -> Result<Option<DocumentPortrait>, ChipError> {
    let Some(signed) = findings.trusted_portrait() else { return Ok(None) };
    let picture = decode_picture(&signed.bytes, &DecodeLimits::default())?;
    let settings = DetectorSettings { face_detection_mode: FaceSelection::FaceOrderingBySize, ..DetectorSettings::for_stills() };
    let found = faces.detect(&picture, &settings)?;
    let Some(face) = found.first() else { return Ok(None) };
    let shape = faces.landmarks(&picture, face)?;
    let portrait = measured(faces, &picture, &Affine::IDENTITY, &found, face, shape.as_ref())?;
    Ok(Some(DocumentPortrait { crop: picture, ..portrait }))
}
