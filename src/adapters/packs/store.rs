//! Finds packs by name or folder, verifies their files and loads them.

use super::embedded::{self, BUILTIN, EmbeddedFile};
use super::error::PackError;
use crate::biometrics::pack::{LoadedModel, LoadedPack, Manifest, ModelSpec, Role};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a pack is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackLocation {
    /// A folder with a `manifest.toml`.
    Folder(PathBuf),
    /// Part of the program.
    Embedded,
}

impl std::fmt::Display for PackLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::Embedded => f.write_str("(built in)"),
        }
    }
}

/// A pack as `models list` shows it.
#[derive(Debug)]
pub struct PackSummary {
    /// Where it is.
    pub location: PackLocation,
    /// Its manifest, or why it was refused.
    pub manifest: Result<Manifest, PackError>,
}

/// One model file, verified.
#[derive(Debug)]
pub struct ModelCheck {
    /// Manifest entry.
    pub spec: ModelSpec,
    /// `Ok`, or what is wrong with the file.
    pub outcome: Result<(), PackError>,
}

/// Finds and opens packs: those installed under one folder, those in any folder, and the embedded one.
#[derive(Debug, Clone)]
pub struct PackStore {
    installed: PathBuf,
    embedded: &'static [EmbeddedFile],
}

impl PackStore {
    /// A store over `data_dir/models` and the embedded pack.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { installed: data_dir.join("models"), embedded: embedded::BUILTIN_FILES }
    }

    /// The same with other embedded files, for tests of the mechanism.
    #[must_use]
    pub const fn with_embedded(mut self, files: &'static [EmbeddedFile]) -> Self {
        self.embedded = files;
        self
    }

    /// The folder packs are installed under.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.installed
    }

    /// Every pack that can be named: the embedded one, then the installed ones by name.
    #[must_use]
    pub fn list(&self) -> Vec<PackSummary> {
        let mut locations = Vec::new();
        if embedded::find(self.embedded, "manifest.toml").is_some() {
            locations.push(PackLocation::Embedded);
        }
        let mut folders: Vec<PathBuf> = std::fs::read_dir(&self.installed)
            .map(|entries| entries.flatten().map(|e| e.path()).filter(|p| is_pack(p)).collect())
            .unwrap_or_default();
        folders.sort();
        locations.extend(folders.into_iter().map(PackLocation::Folder));
        locations.into_iter().map(|location| PackSummary { manifest: self.manifest(&location), location }).collect()
    }

    /// Finds a pack: an installed or the embedded one by name, else a folder that holds a `manifest.toml`.
    ///
    /// # Errors
    /// [`PackError::NotFound`] with the places looked at.
    pub fn locate(&self, wanted: &str) -> Result<PackLocation, PackError> {
        let installed = self.installed.join(wanted);
        let plain_name = !wanted.is_empty() && !wanted.contains(['/', '\\']) && !wanted.starts_with('.');
        // An installation that was cut short between its two renames left the old pack under this name.
        let previous = self.installed.join(format!(".{wanted}.previous"));
        if plain_name && let Some(found) = [&installed, &previous].into_iter().find(|f| f.join("manifest.toml").is_file()) {
            return Ok(PackLocation::Folder(found.clone()));
        }
        if wanted == BUILTIN && embedded::find(self.embedded, "manifest.toml").is_some() {
            return Ok(PackLocation::Embedded);
        }
        let folder = PathBuf::from(wanted);
        if folder.join("manifest.toml").is_file() {
            return Ok(PackLocation::Folder(folder));
        }
        let looked = if plain_name { vec![installed, folder] } else { vec![folder] };
        Err(PackError::NotFound { wanted: wanted.to_owned(), looked })
    }

    /// The pack used where none is named: installed `open`, else the embedded one, else the only installed one.
    ///
    /// # Errors
    /// [`PackError::NonePresent`] if there is none.
    pub fn default_location(&self) -> Result<PackLocation, PackError> {
        self.locate("open").or_else(|_| self.locate(BUILTIN)).or_else(|_| {
            let mut usable = self.list().into_iter().filter(|p| p.manifest.is_ok());
            match (usable.next(), usable.next()) {
                (Some(only), None) => Ok(only.location),
                _ => Err(PackError::NonePresent),
            }
        })
    }

    /// Reads and checks a manifest; no model file is touched.
    ///
    /// # Errors
    /// [`PackError::Manifest`] or [`PackError::Io`].
    pub fn manifest(&self, location: &PackLocation) -> Result<Manifest, PackError> {
        let path = path_of(location, "manifest.toml");
        let bytes = self.read(location, "manifest.toml", u64::MAX)?;
        Manifest::parse(&String::from_utf8_lossy(&bytes)).map_err(|source| PackError::Manifest { path, source })
    }

    /// Verifies every model file of a pack; a fault of one does not hide the others.
    ///
    /// # Errors
    /// [`PackError`] if the manifest itself cannot be used.
    pub fn verify(&self, location: &PackLocation) -> Result<Vec<ModelCheck>, PackError> {
        let manifest = self.manifest(location)?;
        let check = |spec: ModelSpec| ModelCheck { outcome: self.verified(location, &spec).map(drop), spec };
        Ok(manifest.models.into_iter().map(check).collect())
    }

    /// Loads a pack: every file is verified by length and SHA-256 first, and roles it lacks are filled from the embedded pack.
    ///
    /// # Errors
    /// [`PackError`] for the first file that is missing, cut off or altered.
    pub fn load(&self, location: &PackLocation) -> Result<LoadedPack, PackError> {
        let manifest = self.manifest(location)?;
        let mut models = self.load_models(location, &manifest, &|_| true)?;
        if *location != PackLocation::Embedded && embedded::find(self.embedded, "manifest.toml").is_some() {
            let builtin = self.manifest(&PackLocation::Embedded)?;
            let lacking = |role: Role| manifest.role(role).next().is_none();
            models.extend(self.load_models(&PackLocation::Embedded, &builtin, &lacking)?);
        }
        Ok(LoadedPack { name: manifest.name, version: manifest.version, models })
    }

    /// The model cards of a role, or of the whole pack: model and text of each, its manifest entry in words below what the card says.
    ///
    /// # Errors
    /// [`PackError`] if manifest or card cannot be read.
    pub fn cards(&self, location: &PackLocation, role: Option<Role>) -> Result<Vec<(String, String)>, PackError> {
        let manifest = self.manifest(location)?;
        let chosen = manifest.models.iter().filter(|m| role.is_none_or(|r| r == m.role));
        chosen
            .map(|spec| match &spec.card {
                Some(card) => {
                    let bytes = self.read(location, card, 1 << 20)?;
                    let text = String::from_utf8_lossy(&bytes);
                    Ok((spec.id.clone(), format!("{}\n\n## Manifest\n\n{}", body_of(&text).trim(), facts_in_words(spec))))
                }
                None => Ok((spec.id.clone(), format!("# {}\n\n{}", spec.id, facts_in_words(spec)))),
            })
            .collect()
    }

    fn load_models(
        &self,
        location: &PackLocation,
        manifest: &Manifest,
        wanted: &dyn Fn(Role) -> bool,
    ) -> Result<Vec<LoadedModel>, PackError> {
        let chosen = manifest.models.iter().filter(|m| wanted(m.role));
        chosen
            .map(|spec| {
                let onnx = self.verified(location, spec)?;
                let calibration = match &spec.calibration {
                    Some(file) => Some(String::from_utf8_lossy(&self.read(location, file, 1 << 20)?).into_owned()),
                    None => None,
                };
                Ok(LoadedModel { spec: spec.clone(), pack: manifest.name.clone(), onnx, calibration })
            })
            .collect()
    }

    /// A model file whose length and SHA-256 are those of the manifest. The bytes hashed are the bytes returned.
    fn verified(&self, location: &PackLocation, spec: &ModelSpec) -> Result<Arc<[u8]>, PackError> {
        let path = path_of(location, &spec.file);
        let model = || spec.id.clone();
        let bytes = match self.read(location, &spec.file, spec.bytes.saturating_add(1)) {
            Ok(bytes) => bytes,
            Err(PackError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                return Err(PackError::Missing { model: model(), path });
            }
            Err(other) => return Err(other),
        };
        let found = match location {
            // A longer file was read up to one byte too many; its real length is reported.
            PackLocation::Folder(_) if bytes.len() as u64 > spec.bytes => std::fs::metadata(&path).map_or(bytes.len() as u64, |m| m.len()),
            _ => bytes.len() as u64,
        };
        if found != spec.bytes {
            return Err(PackError::Length { model: model(), path, expected: spec.bytes, found });
        }
        let sha256 = hex(&Sha256::digest(&bytes));
        if sha256 != spec.sha256 {
            return Err(PackError::Altered { model: model(), path, expected: spec.sha256.clone(), found: sha256 });
        }
        Ok(bytes.into())
    }

    fn read(&self, location: &PackLocation, file: &str, at_most: u64) -> Result<Vec<u8>, PackError> {
        let path = path_of(location, file);
        match location {
            PackLocation::Folder(_) => {
                let opened = File::open(&path).map_err(PackError::io("read", &path))?;
                let mut bytes = Vec::new();
                opened.take(at_most).read_to_end(&mut bytes).map_err(PackError::io("read", &path))?;
                Ok(bytes)
            }
            PackLocation::Embedded => match embedded::find(self.embedded, file) {
                Some(content) => Ok(content.to_vec()),
                None => Err(PackError::io("read", &path)(std::io::ErrorKind::NotFound.into())),
            },
        }
    }
}

/// Whether a folder holds a pack; folders of installations in progress start with a point.
fn is_pack(folder: &Path) -> bool {
    let hidden = folder.file_name().is_none_or(|n| n.to_string_lossy().starts_with('.'));
    !hidden && folder.join("manifest.toml").is_file()
}

fn path_of(location: &PackLocation, file: &str) -> PathBuf {
    match location {
        PackLocation::Folder(folder) => folder.join(file),
        PackLocation::Embedded => Path::new("(built in)").join(file),
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A card without the block of manifest lines at its head.
fn body_of(card: &str) -> &str {
    let block = card.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    block.map_or(card, |(_, body)| body)
}

fn facts_in_words(spec: &ModelSpec) -> String {
    let stated = |value: &Option<String>| value.clone().unwrap_or_else(|| "not stated".to_owned());
    let mut text = format!(
        "Role: {}\nFamily: {}\nInput: {}x{}\nLicence: {}\nSource: {}\nTraining data: {}\nSHA-256: {}\n",
        spec.role,
        spec.family.name(),
        spec.input.width,
        spec.input.height,
        spec.licence,
        stated(&spec.source),
        stated(&spec.training_data),
        spec.sha256,
    );
    for figure in &spec.measured {
        let interval = match (figure.low, figure.high) {
            (Some(low), Some(high)) => format!(" [{low}, {high}]"),
            _ => String::new(),
        };
        let data = figure.data.as_deref().map(|d| format!(" on {d}")).unwrap_or_default();
        let samples = figure.samples.map(|n| format!(", n = {n}")).unwrap_or_default();
        text.push_str(&format!("Measured: {} = {}{interval}{data}{samples}\n", figure.name, figure.value));
    }
    text
}
