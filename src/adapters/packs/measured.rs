//! Calibrations measured on this machine, for recognisers whose packs bring none: one TOML file a recogniser below the data folder.

use super::error::PackError;
use super::install::{sync_folder, write_durably};
use super::{InstallError, PackStore};
use crate::advice::{Advice, Advised};
use crate::biometrics::comparison::{Calibration, ComparisonError};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Longest file that is read, bytes.
const LONGEST_FILE: u64 = 1 << 20;

/// Why a calibration could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationFileError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] InstallError),
    /// It holds no calibration. Decisions stop until it is mended or removed: which threshold was meant is never guessed.
    #[error("{path} is of no use")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ComparisonError,
    },
}

impl Advised for CalibrationFileError {
    fn advice(&self) -> Advice {
        match self {
            Self::File(error) => error.advice(),
            Self::Unusable { source, .. } => source.advice(),
        }
    }
}

/// The calibrations kept below a data folder.
#[derive(Debug, Clone)]
pub struct MeasuredCalibrations {
    folder: PathBuf,
}

impl PackStore {
    /// The calibrations measured for packs of this machine.
    #[must_use]
    pub fn calibrations(&self) -> MeasuredCalibrations {
        MeasuredCalibrations { folder: self.folder().join(".calibration") }
    }
}

impl MeasuredCalibrations {
    /// Reads the text that `visavis evaluate calibration` writes.
    ///
    /// # Errors
    /// [`CalibrationFileError`].
    pub fn parse(path: &Path) -> Result<Calibration, CalibrationFileError> {
        let mut text = String::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(LONGEST_FILE).read_to_string(&mut text));
        read.map_err(|error| InstallError::Pack(PackError::io("read", path)(error)))?;
        Calibration::from_toml(&text).map_err(|source| CalibrationFileError::Unusable { path: path.to_path_buf(), source })
    }

    /// Every calibration that is kept, in the order of their files.
    ///
    /// # Errors
    /// [`CalibrationFileError`] for the first file that cannot be used; the others do not stand in for it.
    pub fn read(&self) -> Result<Vec<Calibration>, CalibrationFileError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(InstallError::Pack(PackError::io("read", &self.folder)(error)).into()),
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
        files.sort();
        files.iter().map(|path| Self::parse(path)).collect()
    }

    /// Keeps one, in place of an earlier one of the same recogniser; a loss of power leaves the old or the new file.
    ///
    /// # Errors
    /// [`CalibrationFileError::File`].
    pub fn keep(&self, calibration: &Calibration) -> Result<PathBuf, CalibrationFileError> {
        std::fs::create_dir_all(&self.folder).map_err(InstallError::io("created", &self.folder))?;
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_@".contains(c) { c } else { '_' };
        let name: String = calibration.recogniser().chars().map(plain).collect();
        let (path, fresh) = (self.folder.join(format!("{name}.toml")), self.folder.join(format!("{name}.new")));
        write_durably(&fresh, calibration.to_toml().as_bytes())?;
        std::fs::rename(&fresh, &path).map_err(InstallError::io("written", &path))?;
        sync_folder(&self.folder);
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::comparison::OperatingPoint;

    fn made_up(threshold: f32) -> Calibration {
        Calibration::new("net@0123456789abcdef", "made up", 1000, vec![OperatingPoint { fmr: 1e-2, threshold, low: 0.0, high: 0.1 }])
            .unwrap()
    }

    #[test]
    fn a_calibration_replaces_the_earlier_one_and_a_damaged_file_stops_everything() {
        let data = tempfile::tempdir().unwrap();
        let kept = PackStore::new(data.path()).calibrations();
        assert_eq!(kept.read().unwrap(), []);
        kept.keep(&made_up(0.3)).unwrap();
        let path = kept.keep(&made_up(0.4)).unwrap();
        assert_eq!(kept.read().unwrap(), [made_up(0.4)]);
        assert!(PackStore::new(data.path()).with_embedded(&[]).list().is_empty(), "the folder is no pack");
        std::fs::write(&path, "schema = 1").unwrap();
        assert_eq!(kept.read().unwrap_err().advice().code, "BIO-24");
    }
}
