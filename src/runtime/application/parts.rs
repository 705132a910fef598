//! What an application is built from. Everything that touches the world comes in here, so that a test or a demonstration can put its own in.

use crate::adapters::camera::CameraChoice;
use crate::adapters::sealed::Identity;
use crate::config::Config;
use crate::ports::audit::AuditSink;
use crate::ports::camera::{CameraDescription, CameraError, FrameSource, Pacer};
use crate::ports::gallery::{GalleryError, GalleryStore};
use crate::ports::inference::BackendDescription;
use crate::ports::keys::{KeyProtection, KeyStoreError};
use crate::runtime::assessment::Observer;
use crate::runtime::clock::Clock;
use crate::runtime::enrolled::DecisionRules;
use crate::runtime::messages::{Seat, Waker};
use crate::runtime::settings::SettingsFile;
use crate::workflow::capture_profile::CaptureProfiles;
use crate::workflow::device_health::HealthDelays;
use std::sync::Arc;

/// Opens a camera on the calling thread.
pub type CameraOpener = Arc<dyn Fn(&CameraChoice, Pacer) -> Result<Box<dyn FrameSource>, CameraError> + Send + Sync>;
/// Lists cameras; may take its time.
pub type CameraLister = Arc<dyn Fn() -> Vec<CameraDescription> + Send + Sync>;
/// Opens the practice gallery (`true`) or the real one, on the gallery's thread.
pub type StoreOpener = Box<dyn FnMut(bool) -> Result<Box<dyn GalleryStore>, GalleryError> + Send>;
/// This machine's identity for sealed files; made on first use, and may take its time.
pub type IdentityOpener = Arc<dyn Fn() -> Result<Identity, KeyStoreError> + Send + Sync>;
/// Fills a buffer with unpredictable bytes.
pub type Entropy = Box<dyn FnMut(&mut [u8]) + Send>;

/// The parts.
pub struct Parts {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Called from other threads when there is something to poll.
    pub waker: Waker,
    /// Who stands at the screen.
    pub seat: Seat,
    /// Flows, limits and rules.
    pub config: Config,
    /// Capture profiles known.
    pub profiles: CaptureProfiles,
    /// Camera to begin with; decides whether this is practice.
    pub camera: CameraChoice,
    /// Opens cameras; [`crate::runtime::camera::open_camera`] but in tests.
    pub open_camera: CameraOpener,
    /// Lists cameras.
    pub list_cameras: CameraLister,
    /// Supervision of the camera.
    pub camera_delays: HealthDelays,
    /// The networks.
    pub observer: Box<dyn Observer>,
    /// Name and version of the pack, for the status bar.
    pub models: String,
    /// Its models that may be used for research and evaluation only, or whose terms are unknown, each with its licence.
    pub restricted: Vec<String>,
    /// The backend that runs it.
    pub backend: BackendDescription,
    /// How scores become decisions.
    pub rules: DecisionRules,
    /// Opens the gallery.
    pub open_gallery: StoreOpener,
    /// Where its keys are.
    pub keys: KeyProtection,
    /// Who seals and opens files here.
    pub identity: IdentityOpener,
    /// Where settings that the desk changes are kept; without it none can be changed.
    pub settings: Option<SettingsFile>,
    /// The audit trail.
    pub audit: Box<dyn AuditSink>,
    /// For identifiers and registration codes.
    pub entropy: Entropy,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parts({}, {})", self.camera, self.models)
    }
}

/// The system's random numbers.
#[must_use]
pub fn system_entropy() -> Entropy {
    Box::new(|bytes| rand::fill(bytes))
}

/// Real cameras and stand-ins.
#[must_use]
pub fn system_cameras() -> (CameraOpener, CameraLister) {
    (Arc::new(crate::runtime::camera::open_camera), Arc::new(crate::adapters::camera::nokhwa::list))
}
