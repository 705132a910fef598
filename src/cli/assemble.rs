//! Builds the application from the parts: what the window, the flows on the command line and the demonstration all run on.

use super::parts::{self, Parts};
use super::{Failure, Printer};
use crate::adapters::camera::CameraChoice;
use crate::adapters::gallery::sqlite::SqliteGallery;
use crate::biometrics::comparison::shipped::Calibrations;
use crate::biometrics::pack::ModelSpec;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pipeline::FacePipeline;
use crate::ports::gallery::GalleryStore;
use crate::ports::inference::Inference as _;
use crate::runtime::application::parts::{self as running, CameraOpener, system_cameras, system_entropy};
use crate::runtime::application::{Application, identification_policy};
use crate::runtime::assessment::PipelineObserver;
use crate::runtime::clock::Clock;
use crate::runtime::document::chip::authorities;
use crate::runtime::document::desk::DocumentReading;
use crate::runtime::document::line_reader::MrzLineReader;
use crate::runtime::enrolled::DecisionRules;
use crate::runtime::messages::{Seat, Waker};
use crate::runtime::settings::format_wish;
use crate::runtime::transfer::machine_identity;
use crate::workflow::capture_profile::CaptureProfiles;
use std::sync::Arc;

/// Licences whose weights may be used for anything.
const OPEN_LICENCES: [&str; 4] = ["Apache-2.0", "MIT", "BSD", "ISC"];

/// Models of a pack that may be used for research and evaluation only, or whose terms are unknown.
pub(super) fn restricted_models<'a>(models: impl IntoIterator<Item = &'a ModelSpec>) -> Vec<String> {
    let open = |licence: &str| OPEN_LICENCES.iter().any(|l| licence.starts_with(l));
    models.into_iter().filter(|spec| !open(&spec.licence)).map(|spec| format!("{} ({})", spec.id, spec.licence)).collect()
}

/// Starts the application.
pub(super) fn application(
    parts: &Parts,
    seat: Seat,
    camera: CameraChoice,
    clock: Arc<dyn Clock>,
    waker: Waker,
) -> Result<Application, Failure> {
    application_before(parts, seat, camera, clock, waker, system_camera_opener())
}

/// The same with another way of opening cameras.
pub(super) fn application_before(
    parts: &Parts,
    seat: Seat,
    camera: CameraChoice,
    clock: Arc<dyn Clock>,
    waker: Waker,
    open_camera: CameraOpener,
) -> Result<Application, Failure> {
    Ok(Application::start(built(parts, seat, camera, clock, waker, open_camera)?)?)
}

/// Physical cameras and stand-ins, as they are.
pub(super) fn system_camera_opener() -> CameraOpener {
    system_cameras().0
}

/// What the application is built from.
#[allow(clippy::too_many_arguments, reason = "the parts an application is built from")]
pub(super) fn built(
    parts: &Parts,
    seat: Seat,
    camera: CameraChoice,
    clock: Arc<dyn Clock>,
    waker: Waker,
    open_camera: CameraOpener,
) -> Result<running::Parts, Failure> {
    let pack = parts.pack()?;
    let restricted = restricted_models(pack.models.iter().map(|model| &model.spec));
    let inference = parts.inference()?;
    let pipeline = FacePipeline::load(&pack, |id, onnx| inference.load(id, onnx))?;
    let rules = rules(parts, &pipeline)?;
    // A pack without a line reader serves every other flow.
    let authorities = authorities(parts.data_folder()?);
    let documents = MrzLineReader::load(&pack, &inference).ok().map(|lines| DocumentReading::new(lines, Some(authorities)));
    let models = pipeline.title().to_owned();
    let keys = parts.keys()?;
    let protection = keys.protection();
    let (real, practised) = (parts.gallery_path(false), parts.gallery_path(true));
    let machine = std::sync::Mutex::new(parts.keys()?);
    let identity = Arc::new(move || machine_identity(&**machine.lock().unwrap_or_else(std::sync::PoisonError::into_inner)));
    let kept_since = parts.clips_kept_since();
    let open_gallery = Box::new(move |practice: bool| {
        let path = if practice { &practised } else { &real };
        let mut gallery = SqliteGallery::open(path, &*keys, practice)?;
        gallery.forget_clips(kept_since)?;
        Ok(Box::new(gallery) as Box<dyn GalleryStore>)
    });
    let (_, list_cameras) = system_cameras();
    Ok(running::Parts {
        waker,
        seat,
        config: parts.config.clone(),
        profiles: CaptureProfiles::with_overrides(&parts.config.capture.profiles)?,
        camera,
        open_camera,
        list_cameras,
        camera_delays: Default::default(),
        observer: Box::new(
            PipelineObserver::new(pipeline, Arc::clone(&clock), PadRules::from_config(&parts.config.pad)).reading(documents),
        ),
        clock,
        models,
        restricted,
        backend: inference.backend(),
        rules,
        open_gallery,
        keys: protection,
        identity,
        settings: Some(parts.settings_file()),
        audit: Box::new(parts.audit()?),
        entropy: system_entropy(),
    })
}

/// How scores become decisions. Without a calibration every decision is refused later, never guessed.
pub(super) fn rules(parts: &Parts, pipeline: &FacePipeline) -> Result<DecisionRules, Failure> {
    let format = parts::format_of(pipeline)?;
    let known = parts.calibrations(pipeline.calibration())?;
    Ok(DecisionRules {
        calibration: known.of(&format).ok().cloned(),
        document_calibration: Calibrations::for_documents().of(&format).ok().cloned(),
        format,
        level: parts.level(),
        policy: identification_policy(&parts.config),
        margin_percent: parts.config.identification.margin_percent,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    })
}

/// The camera of configuration and options; `--camera` wins.
pub(super) fn camera(parts: &Parts) -> Result<CameraChoice, Failure> {
    Ok(CameraChoice::parse(&parts.config.camera.device)?.in_format(format_wish(&parts.config.camera)))
}

/// Says which pack and backend serve, where pictures come from, and that this is practice where it is.
pub(super) fn announce(application: &Application, from_file: bool, printer: &Printer) {
    let status = application.snapshot().status;
    let practice = if status.practice { "; practice mode: nothing here is trusted" } else { "" };
    let source = if from_file { "picture: given as a file".to_owned() } else { format!("camera: {}", status.camera) };
    printer.remark(&format!("models: {}; {} {}; {source}{practice}", status.models, status.backend.name, status.backend.version));
}
