//! The parts a command is built from, made once from configuration and options: clock, gallery, models.

use super::{Failure, Global, Printer, environment};
use crate::adapters::audit::FileAudit;
use crate::adapters::gallery::sqlite::SqliteGallery;
use crate::adapters::inference::ort::{Backend, InferenceOptions, OrtInference};
use crate::adapters::keys::{KeyStorePreference, open_key_store};
use crate::adapters::packs::{PackError, PackLocation, PackStore};
use crate::adapters::services::Surroundings;
use crate::adapters::services::secrets::SecretBox;
use crate::advice::Advice;
use crate::biometrics::comparison::shipped::Calibrations;
use crate::biometrics::comparison::{Calibration, MatchLevel};
use crate::biometrics::pack::{LoadedPack, Role};
use crate::biometrics::pipeline::FacePipeline;
use crate::biometrics::template::TemplateFormat;
use crate::config::{BackendChoice, Config, KeyStoreChoice};
use crate::documents::checks::Rules;
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::ports::events::EventStore;
use crate::ports::gallery::GalleryStore;
use crate::ports::inference::Inference as _;
use crate::ports::keys::KeyStore;
use crate::ports::outbox::Outbox;
use crate::runtime::clock::{Clock as _, SystemClock};
use crate::runtime::events::EventPlace;
use crate::runtime::settings::SettingsFile;
use crate::runtime::sync::Target;
use crate::runtime::sync::setup::Places;
use crate::units::UtcTime;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Configuration and places, from which everything else is opened when it is needed.
#[derive(Clone)]
pub(super) struct Parts {
    /// The configuration in force.
    pub config: Config,
    /// Folder of gallery, keys and installed models.
    pub data_dir: PathBuf,
    /// Folder of installed models, where it is another.
    pub models_dir: Option<PathBuf>,
    /// The machine's clock.
    pub clock: SystemClock,
    /// Whether a pack was named on the command line or in the file, rather than left to the default.
    pack_named: bool,
    settings_file: SettingsFile,
}

impl Parts {
    pub(super) fn new(global: &Global) -> Result<Self, Failure> {
        let effective = environment::configuration(global)?;
        Rules::check(&effective.config.documents)?;
        let named = |s: &crate::config::Setting| s.key == "models.pack" && s.origin != crate::config::Origin::Default;
        let pack_named = effective.settings().iter().any(named);
        let settings_file = SettingsFile::new(environment::config_path(global)?, environment::overrides(global));
        let data_dir = environment::data_dir(global)?;
        Ok(Self { config: effective.config, data_dir, models_dir: None, clock: SystemClock::start(), pack_named, settings_file })
    }

    /// The configuration file, for settings that the desk changes.
    pub(super) fn settings_file(&self) -> SettingsFile {
        self.settings_file.clone()
    }

    /// The data folder, created for this account only.
    pub(super) fn data_folder(&self) -> Result<&Path, Failure> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.data_dir).map_err(|error| {
            let advice = Advice::environment("SYS-13", "Choose a folder that can be written with --data-dir.");
            Failure::new(format!("the data folder {} cannot be made: {error}", self.data_dir.display()), advice)
        })?;
        Ok(&self.data_dir)
    }

    /// The key store of this machine.
    pub(super) fn keys(&self) -> Result<Box<dyn KeyStore>, Failure> {
        Ok(open_key_store(self.key_store_preference(), self.data_folder()?)?)
    }

    const fn key_store_preference(&self) -> KeyStorePreference {
        match self.config.keys.store {
            KeyStoreChoice::Auto => KeyStorePreference::Auto,
            KeyStoreChoice::Os => KeyStorePreference::Os,
            KeyStoreChoice::File => KeyStorePreference::File,
        }
    }

    /// Where the services' secrets are.
    pub(super) fn secrets(&self) -> Result<SecretBox, Failure> {
        let keys = Arc::new(Mutex::new(self.keys()?));
        Ok(SecretBox::new(&self.data_folder()?.join("secrets"), keys))
    }

    /// Receivers of events and what they have to be told.
    pub(super) fn events(&self, practice: bool) -> Result<Box<dyn EventStore>, Failure> {
        let keys = self.keys()?;
        Ok(Box::new(SqliteGallery::open(&self.gallery_path(practice), &*keys, practice)?))
    }

    /// Opens the store of events on the thread that owns it.
    pub(super) fn event_place(&self) -> EventPlace {
        let (parts, preference) = (self.clone(), self.key_store_preference());
        Arc::new(move |practice: bool| {
            let keys = open_key_store(preference, &parts.data_dir)?;
            Ok(Box::new(SqliteGallery::open(&parts.gallery_path(practice), &*keys, practice)?) as Box<dyn EventStore>)
        })
    }

    /// Where things are on this machine, for delivery.
    pub(super) fn places(&self) -> Result<Places, Failure> {
        let folder = self.data_folder()?.to_owned();
        let preference = self.key_store_preference();
        let (secrets_at, outbox_at, free_at) = (folder.clone(), self.clone(), folder.clone());
        let secrets = move || {
            let keys = open_key_store(preference, &secrets_at)?;
            Ok(SecretBox::new(&secrets_at.join("secrets"), Arc::new(Mutex::new(keys))))
        };
        let open_outbox = move |practice: bool| {
            let keys = open_key_store(preference, &outbox_at.data_dir)?;
            Ok(Box::new(SqliteGallery::open(&outbox_at.gallery_path(practice), &*keys, practice)?) as Box<dyn Outbox>)
        };
        Ok(Places {
            clock: Arc::new(self.clock),
            secrets: Arc::new(secrets),
            open_outbox: Arc::new(open_outbox),
            folder,
            free_space: Arc::new(move || super::doctor::free_bytes(&free_at)),
        })
    }

    /// What the clients of identity services need. The key store is opened only where the configuration names it.
    pub(super) fn service_surroundings(&self) -> Result<Surroundings, Failure> {
        Ok(self.places()?.surroundings(&self.config.services)?)
    }

    /// File of the real or the practice gallery.
    pub(super) fn gallery_path(&self, practice: bool) -> PathBuf {
        self.data_dir.join(if practice { "practice.db" } else { "gallery.db" })
    }

    /// Opens the real or the practice gallery.
    pub(super) fn gallery(&self, practice: bool) -> Result<Box<dyn GalleryStore>, Failure> {
        let keys = self.keys()?;
        let mut gallery = SqliteGallery::open(&self.gallery_path(practice), &*keys, practice)?;
        gallery.forget_clips(self.clips_kept_since())?;
        Ok(Box::new(gallery))
    }

    /// Evidence clips of earlier enrolments are deleted.
    pub(super) fn clips_kept_since(&self) -> UtcTime {
        UtcTime(self.clock.utc().0 - i64::from(self.config.liveness.evidence_days) * 86_400_000)
    }

    /// The outbox of the real or the practice gallery.
    pub(super) fn outbox(&self, practice: bool) -> Result<Box<dyn Outbox>, Failure> {
        let keys = self.keys()?;
        Ok(Box::new(SqliteGallery::open(&self.gallery_path(practice), &*keys, practice)?))
    }

    /// The services of the configuration that records are delivered to.
    pub(super) fn targets(&self) -> Result<Vec<Target>, Failure> {
        Ok(self.places()?.targets(&self.config)?)
    }

    /// The audit trail.
    pub(super) fn audit(&self) -> Result<FileAudit, Failure> {
        Ok(FileAudit::open(&self.audit_path()?)?)
    }

    /// File of the audit trail.
    pub(super) fn audit_path(&self) -> Result<PathBuf, Failure> {
        Ok(self.data_folder()?.join("audit.jsonl"))
    }

    /// Packs on this machine.
    pub(super) fn packs(&self) -> PackStore {
        PackStore::new(self.models_dir.as_ref().unwrap_or(&self.data_dir))
    }

    /// The pack named in the configuration, or the best one there is.
    pub(super) fn pack_location(&self) -> Result<PackLocation, PackError> {
        let packs = self.packs();
        if self.pack_named { packs.locate(&self.config.models.pack) } else { packs.default_location() }
    }

    /// The pack in use, every file verified.
    pub(super) fn pack(&self) -> Result<LoadedPack, Failure> {
        Ok(self.packs().load(&self.pack_location()?)?)
    }

    /// The inference backend of this process.
    pub(super) fn inference(&self) -> Result<OrtInference, Failure> {
        let chosen = &self.config.inference;
        let library = (!chosen.library.is_empty()).then(|| PathBuf::from(&chosen.library));
        let force = match chosen.backend {
            BackendChoice::Auto => None,
            BackendChoice::OnnxRuntime => Some(Backend::OnnxRuntime),
            BackendChoice::Tract => Some(Backend::Tract),
        };
        Ok(OrtInference::start(&InferenceOptions { library, threads: chosen.threads, force })?)
    }

    /// The networks of the pack in use, loaded.
    pub(super) fn pipeline(&self) -> Result<FacePipeline, Failure> {
        let (pack, inference) = (self.pack()?, self.inference()?);
        Ok(FacePipeline::load(&pack, |id, onnx| inference.load(id, onnx))?)
    }

    /// The day it is here, in the time zone the machine is set to.
    pub(super) fn today(&self) -> time::Date {
        crate::runtime::clock::civil_day(&self.clock)
    }

    /// The match level in force.
    pub(super) fn level(&self) -> MatchLevel {
        MatchLevel::try_from(self.config.matching.level).unwrap_or_default()
    }
}

/// The pipeline's template format.
///
/// # Errors
/// `MOD-08` when the pack has no recogniser.
pub(super) fn format_of(pipeline: &FacePipeline) -> Result<TemplateFormat, Failure> {
    pipeline.template_format().cloned().ok_or_else(|| no_recogniser(pipeline.title()))
}

/// A pack without a recogniser where one is needed.
pub(super) fn no_recogniser(pack: &str) -> Failure {
    let advice = Advice::environment("MOD-08", "Use a pack with a model for this role; see `visavis models list`.");
    Failure::new(format!("the pack {pack} has no {}", Role::Recogniser), advice)
}

/// Reads a picture file.
pub(super) fn picture(path: &Path) -> Result<Frame, Failure> {
    Ok(decode_picture(&picture_bytes(path)?, &DecodeLimits::default())?)
}

/// Reads the bytes of a picture file, refusing more than the limit before reading them.
pub(super) fn picture_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(
            format!("{} cannot be read: {error}", path.display()),
            Advice::input("IMG-21", "Name a picture file that exists and may be read."),
        )
    };
    let limits = DecodeLimits::default();
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if !meta.is_file() {
        return Err(unreadable(std::io::Error::other("it is not a file")));
    }
    limits.check_file_bytes(meta.len())?;
    std::fs::read(path).map_err(unreadable)
}

impl Parts {
    /// The calibrations the program ships, the one of a pack, and those measured on this machine, which win.
    ///
    /// - `of_pack`: text of the pack's own.
    pub(super) fn calibrations(&self, of_pack: Option<&str>) -> Result<Calibrations, Failure> {
        let mut known = Calibrations::shipped();
        if let Some(text) = of_pack {
            known.add(Calibration::from_toml(text)?);
        }
        self.packs().calibrations().read()?.into_iter().for_each(|measured| known.add(measured));
        Ok(known)
    }

    /// What the scores of the pipeline's recogniser mean.
    pub(super) fn calibration(&self, pipeline: &FacePipeline) -> Result<Calibration, Failure> {
        let format = format_of(pipeline)?;
        Ok(self.calibrations(pipeline.calibration())?.of(&format)?.clone())
    }

    /// What the scores of the recogniser of a pack mean, without loading its network.
    pub(super) fn calibration_of(&self, pack: &LoadedPack) -> Result<Calibration, Failure> {
        let recogniser = pack.role(Role::Recogniser).next().ok_or_else(|| no_recogniser(&pack.title()))?;
        let known = self.calibrations(recogniser.calibration.as_deref())?;
        Ok(known.of(&TemplateFormat { recogniser: recogniser.spec.tag().into(), dimensions: 0 })?.clone())
    }

    /// A remark for people about where the answer comes from.
    pub(super) fn announce(&self, pipeline: &FacePipeline, printer: &Printer) {
        if let Ok(inference) = self.inference() {
            printer.remark(&format!("models: {}; {}", pipeline.title(), inference.backend()));
        }
    }
}
