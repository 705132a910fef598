//! Installs packs: from their publishers, from a folder that holds the publishers' files, or by importing another pack.
//!
//! Everything is gathered in a folder beside the destination and verified there; one rename makes it visible. An interrupted
//! installation leaves the pack in use as it was, and the next one goes on where it ended.

use super::download::{Downloader, verify};
use super::embedded::BUILTIN;
use super::error::PackError;
use super::open::{PublishedModel, PublishedPack};
use super::store::{PackLocation, PackStore};
use crate::advice::{Advice, Advised};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// How far an installation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Model identifier.
    pub model: String,
    /// Bytes here, those of earlier attempts included.
    pub received: u64,
    /// Bytes in all.
    pub total: u64,
    /// Bytes that were here before this attempt.
    pub resumed_from: u64,
}

/// How an installation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Where the pack is now.
    pub folder: PathBuf,
    /// Whether it was there already, complete and unaltered, so that nothing was done.
    pub already: bool,
}

/// Why a pack could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The pack to import, or a file or folder, cannot be used.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The publisher's server could not be reached, or the connection broke.
    #[error("{address} could not be fetched: {reason}")]
    Network {
        /// Address.
        address: String,
        /// The system's words.
        reason: String,
    },
    /// The publisher's server refused.
    #[error("{address} answered with status {status}")]
    Status {
        /// Address.
        address: String,
        /// HTTP status.
        status: u16,
    },
    /// An address or redirection without encryption.
    #[error("refused to fetch {address}: not HTTPS")]
    RefusedAddress {
        /// Address.
        address: String,
    },
    /// The connection ended early, every time.
    #[error("model {model}: the download ended after {found} of {expected} bytes")]
    Truncated {
        /// Model identifier.
        model: String,
        /// Bytes expected.
        expected: u64,
        /// Bytes that arrived; they are kept.
        found: u64,
    },
    /// What arrived is not the file that was looked at.
    #[error("model {model}: another file arrived ({bytes} bytes): SHA-256 expected {expected}, found {found}")]
    Altered {
        /// Model identifier.
        model: String,
        /// SHA-256 expected.
        expected: String,
        /// SHA-256 found.
        found: String,
        /// Bytes found.
        bytes: u64,
    },
    /// The folder to install from lacks a file.
    #[error("model {model}: the folder {folder} has no file {file}")]
    MissingInFolder {
        /// Model identifier.
        model: String,
        /// File name.
        file: String,
        /// Folder.
        folder: PathBuf,
    },
    /// The name belongs to the pack built into the program.
    #[error("a pack named {name:?} cannot be imported: the name belongs to the pack built in")]
    ReservedName {
        /// Name.
        name: String,
    },
}

impl InstallError {
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let wrap = PackError::io(what, path);
        move |source| Self::Pack(wrap(source))
    }
}

impl Advised for InstallError {
    fn advice(&self) -> Advice {
        match self {
            Self::Pack(e) => e.advice(),
            Self::Network { .. } | Self::Status { .. } => Advice::environment(
                "PCK-02",
                "Check the network and try again, or fetch the file elsewhere and use `visavis models install open --from DIR`.",
            ),
            Self::Truncated { .. } => Advice::environment("PCK-03", "Try again: the download goes on where it ended."),
            Self::Altered { .. } => {
                Advice::environment("PCK-04", "Do not use this file. Try again later, or get the file from its publisher another way.")
            }
            Self::MissingInFolder { .. } => Advice::input("PCK-05", "Put the publisher's file into the folder under its own name."),
            Self::RefusedAddress { .. } => {
                Advice { retry: false, ..Advice::environment("PCK-06", "Models are fetched over HTTPS only; check proxy and address.") }
            }
            Self::ReservedName { .. } => Advice::input("PCK-07", "Give the pack another name in its manifest."),
        }
    }
}

/// Where the files of a publisher's pack come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The publishers' addresses.
    Publishers,
    /// The publishers' addresses, `http` to this machine itself included; for tests.
    PublishersOrLoopback,
    /// A folder that holds the files under their own names.
    Folder(&'a Path),
}

impl PackStore {
    /// Installs the pack `open`; see [`Self::install`].
    ///
    /// - `from`: a folder with the publishers' files instead of the network.
    /// - `quality`: with the quality network.
    ///
    /// # Errors
    /// [`InstallError`]; the pack in use stays as it was.
    pub fn install_open(&self, from: Option<&Path>, quality: bool, progress: &mut dyn FnMut(Progress)) -> Result<Installed, InstallError> {
        self.install(&PublishedPack::open(quality), from.map_or(Origin::Publishers, Origin::Folder), progress)
    }

    /// Installs a publisher's pack under its name.
    ///
    /// # Errors
    /// [`InstallError`]; the pack in use stays as it was, and what arrived is kept for the next attempt.
    pub fn install(&self, pack: &PublishedPack, origin: Origin<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Installed, InstallError> {
        let folder = self.folder().join(&pack.name);
        if self.holds(&folder, &pack.manifest()) {
            return Ok(Installed { folder, already: true });
        }
        let staging = self.folder().join(format!(".{}.partial", pack.name));
        fs::create_dir_all(&staging).map_err(InstallError::io("created", &staging))?;
        let mut downloader = None;
        for model in &pack.models {
            let target = staging.join(&model.file);
            match origin {
                Origin::Folder(from) => take_from(from, model, &target, progress)?,
                Origin::Publishers | Origin::PublishersOrLoopback => {
                    let downloader = match &mut downloader {
                        Some(downloader) => downloader,
                        None => downloader.insert(Downloader::new(origin == Origin::PublishersOrLoopback)?),
                    };
                    downloader.fetch(model, &target, progress)?;
                }
            }
        }
        write_durably(&staging.join("manifest.toml"), pack.manifest().as_bytes())?;
        self.publish(&staging, &pack.name)
    }

    /// Copies a verified pack from another folder, under the name in its manifest.
    ///
    /// # Errors
    /// [`InstallError`]; a pack of that name that is in use stays as it was.
    pub fn import(&self, from: &Path) -> Result<Installed, InstallError> {
        let location = PackLocation::Folder(from.to_path_buf());
        let manifest = self.manifest(&location)?;
        if manifest.name == BUILTIN {
            return Err(InstallError::ReservedName { name: manifest.name });
        }
        let manifest_path = from.join("manifest.toml");
        let text = fs::read(&manifest_path).map_err(InstallError::io("read", &manifest_path))?;
        let staging = self.folder().join(format!(".{}.importing", manifest.name));
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(InstallError::io("removed", &staging))?;
        }
        for check in self.verify(&location)? {
            check.outcome?;
            let spec = check.spec;
            let beside = [Some(spec.file), spec.card, spec.calibration];
            for file in beside.into_iter().flatten() {
                let (source, target) = (from.join(&file), staging.join(&file));
                if let Some(parent) = target.parent() {
                    fs::create_dir_all(parent).map_err(InstallError::io("created", parent))?;
                }
                let bytes = fs::read(&source).map_err(InstallError::io("read", &source))?;
                write_durably(&target, &bytes)?;
            }
        }
        fs::create_dir_all(&staging).map_err(InstallError::io("created", &staging))?;
        write_durably(&staging.join("manifest.toml"), &text)?;
        // Verified again where it lies now: the source may be a stick that is pulled out.
        for check in self.verify(&PackLocation::Folder(staging.clone()))? {
            check.outcome?;
        }
        self.publish(&staging, &manifest.name)
    }

    /// Whether `folder` holds this very pack, complete and unaltered.
    fn holds(&self, folder: &Path, manifest: &str) -> bool {
        let same = fs::read(folder.join("manifest.toml")).is_ok_and(|text| text == manifest.as_bytes());
        let whole = || self.verify(&PackLocation::Folder(folder.to_path_buf())).is_ok_and(|c| c.iter().all(|c| c.outcome.is_ok()));
        same && whole()
    }

    /// Puts a complete folder in the place of the pack `name`. Between the two renames the old pack is found as `.name.previous`.
    fn publish(&self, staging: &Path, name: &str) -> Result<Installed, InstallError> {
        let folder = self.folder().join(name);
        let previous = self.folder().join(format!(".{name}.previous"));
        if folder.exists() {
            if previous.exists() {
                fs::remove_dir_all(&previous).map_err(InstallError::io("removed", &previous))?;
            }
            fs::rename(&folder, &previous).map_err(InstallError::io("moved", &folder))?;
        }
        fs::rename(staging, &folder).map_err(InstallError::io("moved", staging))?;
        sync_folder(self.folder());
        if previous.exists() {
            fs::remove_dir_all(&previous).map_err(InstallError::io("removed", &previous))?;
        }
        Ok(Installed { folder, already: false })
    }
}

fn take_from(from: &Path, model: &PublishedModel, target: &Path, progress: &mut dyn FnMut(Progress)) -> Result<(), InstallError> {
    let source = from.join(&model.file);
    if !source.is_file() {
        return Err(InstallError::MissingInFolder { model: model.id.clone(), file: model.file.clone(), folder: from.to_path_buf() });
    }
    let bytes = fs::read(&source).map_err(InstallError::io("read", &source))?;
    write_durably(target, &bytes)?;
    verify(model, target)?;
    progress(Progress { model: model.id.clone(), received: model.bytes, total: model.bytes, resumed_from: 0 });
    Ok(())
}

pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), InstallError> {
    let mut file = File::create(path).map_err(InstallError::io("written", path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(InstallError::io("written", path))
}

/// Makes renames durable where the system can; elsewhere they are durable soon enough.
pub(super) fn sync_folder(folder: &Path) {
    if let Ok(opened) = File::open(folder) {
        let _ = opened.sync_all();
    }
}
