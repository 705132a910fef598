//! Settings that the desk changes while the program runs: checked, kept durably in the configuration file, then put in force.
//!
//! The file is changed key by key, so that remarks of whoever wrote it stay. It is replaced whole: a loss of power leaves the old file or
//! the new one.

use super::messages::Waker;
use crate::advice::{Advice, Advised};
use crate::biometrics::comparison::{Calibration, ComparisonError, MatchLevel, OperatingPoint};
use crate::config::{
    CameraConfig, Change, Config, ConfigError, DocumentsConfig, Effective, IdentificationConfig, PixelLayout, with_changes,
};
use crate::documents::checks::Rules;
use crate::ports::camera::{FormatWish, PixelFormat};
use crate::workflow::capture_profile::{CaptureProfileError, CaptureProfiles};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use toml::Value;

/// Changes that may wait for the disk.
const QUEUE: usize = 64;

/// Why settings were not changed; what was in force stays in force.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// The configuration would not be valid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A capture profile would not be valid.
    #[error(transparent)]
    Profile(#[from] CaptureProfileError),
    /// The calibration cannot carry the match level.
    #[error(transparent)]
    Level(#[from] ComparisonError),
    /// The file cannot be written.
    #[error("the configuration file {file} cannot be written: {reason}")]
    Unwritable {
        /// Its path.
        file: String,
        /// The system's words.
        reason: String,
    },
    /// Not at this seat, or there is no file to keep settings in.
    #[error("settings cannot be changed here")]
    NotHere,
    /// The thread that keeps them is gone.
    #[error("part of the program stopped")]
    WorkerLost,
}

impl Advised for SettingsError {
    fn advice(&self) -> Advice {
        match self {
            Self::Config(error) => error.advice(),
            Self::Profile(error) => error.advice(),
            Self::Level(error) => error.advice(),
            Self::Unwritable { .. } => {
                Advice::environment("CFG-05", "Ask whoever looks after this machine to make the configuration file writable.")
            }
            Self::NotHere => Advice::input("CFG-06", "Change settings at the desk, or in the configuration file."),
            Self::WorkerLost => Advice::environment("CFG-07", "Start the program again."),
        }
    }
}

/// A configuration that was checked, with the profiles it describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// All values.
    pub config: Config,
    /// Capture profiles with its overrides.
    pub profiles: CaptureProfiles,
}

/// The configuration file and what the command line laid over it.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    path: PathBuf,
    overrides: Vec<(String, Value)>,
    calibration: Option<Calibration>,
}

impl SettingsFile {
    /// The file at `path`, which need not exist yet; `overrides` are dotted keys and values of the command line.
    #[must_use]
    pub const fn new(path: PathBuf, overrides: Vec<(String, Value)>) -> Self {
        Self { path, overrides, calibration: None }
    }

    /// Refuses match levels that `calibration` cannot carry.
    #[must_use]
    pub fn calibrated(mut self, calibration: Option<Calibration>) -> Self {
        self.calibration = calibration;
        self
    }

    /// Makes the changes, durably, and returns what is in force then: an option of the command line no longer hides a key that was changed.
    ///
    /// # Errors
    /// [`SettingsError`]; the file is as it was.
    pub fn change(&mut self, changes: &[Change]) -> Result<Checked, SettingsError> {
        let text = self.changed(changes)?;
        // The file has to stand by itself as well: the next start may have other options.
        self.check(&text, &[])?;
        let kept: Vec<(String, Value)> = self.overrides.iter().filter(|(key, _)| !changes.iter().any(|c| c.key == *key)).cloned().collect();
        let checked = self.check(&text, &kept)?;
        replace(&self.path, &text).map_err(|e| self.unwritable(&e))?;
        self.overrides = kept;
        Ok(checked)
    }

    /// What would be in force with the changes; nothing is written.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn preview(&self, changes: &[Change]) -> Result<Checked, SettingsError> {
        let kept: Vec<(String, Value)> = self.overrides.iter().filter(|(key, _)| !changes.iter().any(|c| c.key == *key)).cloned().collect();
        self.check(&self.changed(changes)?, &kept)
    }

    fn changed(&self, changes: &[Change]) -> Result<String, SettingsError> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(self.unwritable(&error)),
        };
        Ok(with_changes(&text, changes)?)
    }

    fn unwritable(&self, error: &std::io::Error) -> SettingsError {
        SettingsError::Unwritable { file: self.path.display().to_string(), reason: error.to_string() }
    }

    fn check(&self, text: &str, overrides: &[(String, Value)]) -> Result<Checked, SettingsError> {
        let overrides: Vec<(&str, Value)> = overrides.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        let config = Effective::from_layers(Some(text), &overrides)?.config;
        let profiles = CaptureProfiles::with_overrides(&config.capture.profiles)?;
        profiles.get(&config.capture.profile)?;
        Rules::check(&config.documents)?;
        if let Some(calibration) = &self.calibration {
            calibration.at_level(MatchLevel::try_from(config.matching.level)?)?;
        }
        Ok(Checked { config, profiles })
    }
}

/// Replaces a file by a new one that is whole and on the disk first. A link is followed, permissions are kept.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(meta) = std::fs::metadata(&path) {
        // Renaming over it would work all the same; a file that was made read-only is meant to stay as it is.
        if meta.permissions().readonly() {
            return Err(std::io::Error::from(std::io::ErrorKind::PermissionDenied));
        }
        std::fs::OpenOptions::new().write(true).open(&path)?;
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    std::fs::create_dir_all(&folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let fresh = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = (|| {
        let mut file = std::fs::File::create(&fresh)?;
        if let Ok(meta) = std::fs::metadata(&path) {
            file.set_permissions(meta.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)
    })();
    if written.is_err() {
        // Best effort: the error that counts is the one above.
        let _ = std::fs::remove_file(&fresh);
    }
    written?;
    #[cfg(unix)]
    std::fs::File::open(&folder)?.sync_all()?;
    Ok(())
}

/// What is done with changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Keep,
    Check,
}

type Request = (Purpose, Vec<Change>, SyncSender<Result<Checked, SettingsError>>);

/// The thread that changes the file, in the order asked.
pub struct SettingsWorker {
    requests: Option<SyncSender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl SettingsWorker {
    /// Starts the thread; without a file every change is refused.
    ///
    /// # Errors
    /// The system's error when no thread can be started.
    pub fn start(file: Option<SettingsFile>, waker: Waker) -> std::io::Result<Self> {
        let Some(mut file) = file else { return Ok(Self { requests: None, thread: None }) };
        let (requests, queue) = sync_channel::<Request>(QUEUE);
        let thread = std::thread::Builder::new().name("settings".to_owned()).spawn(move || {
            while let Ok((purpose, changes, answer)) = queue.recv() {
                let done = match purpose {
                    Purpose::Keep => file.change(&changes),
                    Purpose::Check => file.preview(&changes),
                };
                // An owner that no longer waits needs no answer.
                let _ = answer.send(done);
                waker();
            }
        })?;
        Ok(Self { requests: Some(requests), thread: Some(thread) })
    }

    /// Whether there is a file to keep settings in.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.requests.is_some()
    }

    /// Asks for changes.
    #[must_use]
    pub fn change(&self, changes: Vec<Change>) -> PendingSettings {
        self.ask(Purpose::Keep, changes)
    }

    /// Asks what would be in force with changes; nothing is written.
    #[must_use]
    pub fn check(&self, changes: Vec<Change>) -> PendingSettings {
        self.ask(Purpose::Check, changes)
    }

    fn ask(&self, purpose: Purpose, changes: Vec<Change>) -> PendingSettings {
        let (answer, pending) = sync_channel(1);
        let refusal = match &self.requests {
            None => Some(SettingsError::NotHere),
            Some(requests) => requests.try_send((purpose, changes, answer.clone())).is_err().then_some(SettingsError::WorkerLost),
        };
        if let Some(refusal) = refusal {
            // The channel has room for this one answer.
            let _ = answer.try_send(Err(refusal));
        }
        PendingSettings(pending)
    }

    /// Makes the changes that wait and ends; waits up to `limit`. Returns whether it ended in order.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.requests = None;
        self.thread.take().is_none_or(|thread| super::join_within(thread, limit, |_| ()).is_some())
    }
}

/// An answer to come.
#[derive(Debug)]
pub struct PendingSettings(Receiver<Result<Checked, SettingsError>>);

impl PendingSettings {
    /// The answer if it has come; never blocks.
    #[must_use]
    pub fn try_get(&self) -> Option<Result<Checked, SettingsError>> {
        match self.0.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(SettingsError::WorkerLost)),
        }
    }
}

/// A match level with what was measured at its threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelView {
    /// Which.
    pub level: MatchLevel,
    /// The calibration's point; `None` where its sample cannot carry the level.
    pub measured: Option<OperatingPoint>,
}

/// What the settings page shows beside the status. Cheap to share.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsView {
    /// Every match level, laxest first.
    pub levels: Vec<LevelView>,
    /// Comparisons of different people the thresholds rest on, and where they came from; `None` without a calibration.
    pub calibration: Option<(u64, String)>,
    /// Rules of a search.
    pub identification: IdentificationConfig,
    /// What is demanded of identity documents.
    pub documents: DocumentsConfig,
    /// Capture profiles.
    pub profiles: CaptureProfiles,
    /// What the configuration lays over the built-in profiles.
    pub profile_overrides: toml::Table,
    /// Format chosen by hand.
    pub camera_format: FormatWish,
    /// Whether they can be changed here.
    pub changeable: bool,
}

impl SettingsView {
    /// The view of a configuration.
    #[must_use]
    pub fn new(config: &Config, profiles: &CaptureProfiles, calibration: Option<&Calibration>, changeable: bool) -> Self {
        let measured = |level| calibration.and_then(|c| c.at_level(level).ok().copied());
        Self {
            levels: MatchLevel::ALL.map(|level| LevelView { level, measured: measured(level) }).to_vec(),
            calibration: calibration.map(|c| (c.non_mated(), c.data().to_owned())),
            identification: config.identification.clone(),
            documents: config.documents.clone(),
            profiles: profiles.clone(),
            profile_overrides: config.capture.profiles.clone(),
            camera_format: format_wish(&config.camera),
            changeable,
        }
    }
}

/// The format that the configuration asks for.
#[must_use]
pub fn format_wish(camera: &CameraConfig) -> FormatWish {
    let pixels = camera.pixels.exactly().map(|layout| match layout {
        PixelLayout::Mjpeg => PixelFormat::Mjpeg,
        PixelLayout::Yuyv => PixelFormat::Yuyv,
        PixelLayout::Nv12 => PixelFormat::Nv12,
        PixelLayout::Rgb => PixelFormat::Rgb,
        PixelLayout::Bgr => PixelFormat::Bgr,
    });
    FormatWish { pixels, width: camera.width.exactly(), height: camera.height.exactly(), rate: camera.rate.exactly() }
}

#[cfg(test)]
mod tests;
