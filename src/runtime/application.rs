//! The application behind every window and command: owns the threads, steps the flows, answers the window.
//!
//! ```text
//!  camera ──frames──▶ [newest] ──▶ analysis ──observed──▶ ┐
//!  audit ◀──entries── ┐          └▶ documents ──observed──▶ ┼─▶ poll ──▶ Flow ──effects──▶ analysis, gallery, audit
//!  gallery ◀─questions┴── Application ──answers──▶────────┘     └──▶ snapshot, notices ──▶ window, command line, demonstration
//! ```
//!
//! Nothing here blocks but [`Application::shut_down`]. Whatever thread is lost, the flow is told, the preview is blanked and nothing is
//! accepted any more.

mod desk;
mod documents;
mod events;
mod flows;
mod opinions;
mod packets;
pub mod parts;
mod questions;
mod seeing;
mod services;
mod sync;
mod terms;

pub use desk::identification_policy;
pub use flows::FlowOrder;
pub use packets::{PacketOrder, PacketsDone};
pub use terms::TermsNotAccepted;

use super::analysis::AnalysisWorker;
use super::audit::AuditWorker;
use super::camera::{CameraWorker, FrameSlots};
use super::clock::Clock;
use super::document::watch::DocumentWatcher;
use super::enrolled::Enrolled;
use super::gallery::GalleryWorker;
use super::messages::{Command, LiveView, Notice, Seat, Snapshot, Status, Waker};
use super::opinions::{OpinionRun, OpinionView};
use super::settings::{SettingsView, SettingsWorker};
use crate::adapters::camera::CameraChoice;
use crate::advice::{Advice, Advised};
use crate::biometrics::comparison::{Calibration, MatchLevel};
use crate::biometrics::pad::injection::DeviceFacts;
use crate::config::Config;
use crate::ports::audit::AuditEvent;
use crate::ports::camera::Origin;
use crate::ports::gallery::GalleryError;
use crate::ports::inference::BackendDescription;
use crate::ports::keys::KeyProtection;
use crate::units::Moment;
use crate::workflow::capture::event::{AttemptId, Fault};
use crate::workflow::capture_profile::{CaptureProfile, CaptureProfileError, CaptureProfiles};
use crate::workflow::flow::Flow;
use crate::workflow::flow::event::FlowEvent;
use crate::workflow::guidance::moves::Optics;
use crate::workflow::guidance::{Guidance, GuidanceDelays};
use crate::workflow::view::{FlowView, StepView};
use desk::Transfer;
use parts::{CameraLister, CameraOpener, Entropy, IdentityOpener, Parts};
use questions::InFlight;
use seeing::source_factory;
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use uuid::Uuid;

/// Notices kept for a window that does not poll.
const NOTICES: usize = 256;
/// Longest wait for each thread of an application that is dropped without having been shut down.
const LEAVING: Duration = Duration::from_secs(5);

/// Why the application could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The capture profile of the configuration does not exist.
    #[error(transparent)]
    Profile(#[from] CaptureProfileError),
    /// The gallery's thread could not be started.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// The system gives no threads.
    #[error("a thread could not be started")]
    Thread(#[source] std::io::Error),
}

impl Advised for StartError {
    fn advice(&self) -> Advice {
        match self {
            Self::Profile(error) => error.advice(),
            Self::Gallery(error) => error.advice(),
            Self::Thread(_) => Advice::environment("SYS-18", "Close other programs, then start again."),
        }
    }
}

/// Support code of a lost analysis thread.
pub const ANALYSIS_LOST: &str = "SYS-10";

/// A flow in progress and what it has in hand.
struct Running {
    flow: Flow,
    /// Whether it wants the camera.
    camera: bool,
    /// Whether it shows live frames.
    preview: bool,
    /// Whether documents are looked for in the frames, in place of faces.
    looking: bool,
    /// An assessment that was asked for and not answered.
    assessing: Option<Assessing>,
    /// What it was told about the camera.
    device: DeviceFacts,
    /// Identifies it among all flows of all machines.
    session: Uuid,
    /// Whether its outcome was seen, and second opinions asked for where the configuration wants any.
    asked: bool,
    /// Whether services are asked.
    asking: bool,
    /// Whether the event of its outcome is kept, or there is none.
    told: bool,
}

/// What the analysis was asked to assess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Assessing {
    Burst(AttemptId),
    Challenge(AttemptId),
}

/// The running application.
///
/// # Threads
/// Belongs to one thread (the window's, or the command's); owns `camera`, `analysis`, `documents`, `gallery` and `audit`. None of them outlives it,
/// whichever way it goes: a process whose exit takes cryptography and inference apart under a thread that uses them crashes.
pub struct Application {
    clock: Arc<dyn Clock>,
    waker: Waker,
    seat: Seat,
    config: Config,
    profiles: CaptureProfiles,
    profile: Arc<CaptureProfile>,
    choice: CameraChoice,
    open_camera: CameraOpener,
    list_cameras: CameraLister,
    camera: CameraWorker,
    slots: FrameSlots,
    analysis: AnalysisWorker,
    documents: DocumentWatcher,
    /// Number of the frame handed to it last.
    document_frame: u64,
    /// Whether the holder of a specimen stands before the practice camera, in place of the specimen.
    holder_shown: bool,
    gallery: GalleryWorker<Enrolled>,
    audit: AuditWorker,
    settings: SettingsWorker,
    settings_view: Arc<SettingsView>,
    calibration: Option<Calibration>,
    identity: IdentityOpener,
    transfer: Option<Transfer>,
    entropy: Entropy,
    models: String,
    restricted: Vec<String>,
    backend: BackendDescription,
    keys: KeyProtection,
    match_level: MatchLevel,
    practice: bool,
    enrolled: u64,
    running: Option<Running>,
    flows_started: u32,
    in_flight: Vec<InFlight>,
    notices: VecDeque<Notice>,
    preview_wanted: bool,
    guidance: Guidance,
    live: Option<LiveView>,
    camera_fault: Option<Fault>,
    analysis_fault: Option<Fault>,
    delivering: Option<sync::Delivering>,
    telling: Option<events::Telling>,
    opinions: Vec<OpinionRun>,
    last_opinions: Option<OpinionView>,
    /// Threads of a gallery used before, told to end; nobody waits for them before the application ends.
    leaving: Vec<JoinHandle<()>>,
}

impl Drop for Application {
    fn drop(&mut self) {
        self.end_threads(LEAVING);
    }
}

impl Application {
    /// Starts the threads. The gallery opens in the background; whether that worked is seen by the first question about it.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(parts: Parts) -> Result<Self, StartError> {
        let profile = parts.profiles.get(&parts.config.capture.profile)?;
        let practice = parts.camera.origin() != Origin::Camera;
        let (analysis, slots) =
            AnalysisWorker::start(parts.observer, Arc::clone(&profile), Arc::clone(&parts.waker)).map_err(StartError::Thread)?;
        let documents = DocumentWatcher::start(Arc::clone(&parts.waker)).map_err(StartError::Thread)?;
        let factory = source_factory(&parts.open_camera, &parts.camera, &parts.clock);
        let camera = CameraWorker::new(factory, parts.camera_delays, Arc::clone(&parts.clock), slots.clone(), Arc::clone(&parts.waker));
        let (mut open_gallery, rules) = (parts.open_gallery, parts.rules);
        let (match_level, calibration) = (rules.level, rules.calibration.clone());
        let settings_view = Arc::new(SettingsView::new(&parts.config, &parts.profiles, calibration.as_ref(), false));
        let settings = parts.settings.map(|file| file.calibrated(calibration.clone()));
        let settings = SettingsWorker::start(settings, Arc::clone(&parts.waker)).map_err(StartError::Thread)?;
        let audit = AuditWorker::start(parts.audit).map_err(StartError::Thread)?;
        // The last that may fail: it opens the database at once, and from here on the application itself sees to its end.
        let opener = Box::new(move |practice| Enrolled::load(open_gallery(practice)?, rules.clone()));
        let gallery = GalleryWorker::start(opener, practice, Arc::clone(&parts.waker))?;
        let guidance = Guidance::new(Arc::clone(&profile), optics(&parts.config), GuidanceDelays::default(), parts.clock.now());
        audit.write(parts.clock.utc(), AuditEvent::Started { version: env!("CARGO_PKG_VERSION").to_owned(), practice });
        let mut application = Self {
            clock: parts.clock,
            waker: parts.waker,
            seat: parts.seat,
            config: parts.config,
            profiles: parts.profiles,
            profile,
            choice: parts.camera,
            open_camera: parts.open_camera,
            list_cameras: parts.list_cameras,
            camera,
            slots,
            analysis,
            documents,
            document_frame: 0,
            holder_shown: false,
            gallery,
            audit,
            settings,
            settings_view,
            calibration,
            identity: parts.identity,
            transfer: None,
            entropy: parts.entropy,
            models: parts.models,
            restricted: parts.restricted,
            backend: parts.backend,
            keys: parts.keys,
            match_level,
            practice,
            enrolled: 0,
            running: None,
            flows_started: 0,
            in_flight: Vec::new(),
            notices: VecDeque::new(),
            preview_wanted: false,
            guidance,
            live: None,
            camera_fault: None,
            analysis_fault: None,
            delivering: None,
            telling: None,
            opinions: Vec::new(),
            last_opinions: None,
            leaving: Vec::new(),
        };
        application.view_settings();
        application.count_enrolled();
        application.warm_gallery();
        Ok(application)
    }

    /// Does what the window asks; what takes time is answered through [`Self::poll`].
    pub fn handle(&mut self, command: Command) {
        match command {
            Command::StartFlow { flow, claim } => self.start_flow(flow, claim),
            Command::SearchGallery(gallery) => self.search_gallery(gallery),
            // What cannot be seen yet cannot be answered.
            Command::Flow(input) if self.withholds_outcome() => tracing::debug!(?input, "left out: the outcome is not shown yet"),
            Command::Flow(input) => self.tell_flow(FlowEvent::Input(input)),
            Command::UseCamera(text) => self.use_camera(&text),
            Command::Preview(shown) => {
                self.preview_wanted = shown;
                self.live = None;
                self.want_camera();
            }
            Command::UseCaptureProfile(name) => self.use_profile(&name),
            Command::ListCameras => self.ask_cameras(),
            Command::ChangeSettings(changes) => self.change_settings(changes),
            Command::Export(order) => self.export(order),
            Command::Import(order) => self.import(order),
            Command::CancelTransfer => self.cancel_transfer(),
            Command::AskMachineKeys => self.ask_machine_keys(),
            Command::ListServices => self.list_services(),
            Command::SaveService(order) => self.save_service(order),
            Command::TestService(service, order) => self.test_service(service, order),
            Command::CancelServiceTest => self.cancel_service_test(),
            Command::ListDeliveries(query) => self.list_deliveries(query),
            Command::DecideDelivery { key, action, reason } => self.decide_delivery(key, action, &reason),
            Command::DeliverNow => self.deliver_now(),
            Command::PauseDelivery(paused) => self.pause_delivery(paused),
            Command::MovePackets(order) => self.move_packets(order),
            Command::CancelPackets => self.cancel_packets(),
            Command::ExportReport { path, pictures, wording } => self.export_report(path, pictures, wording),
            Command::Guide(_) => {}
            about_people => self.ask_gallery(about_people),
        }
    }

    /// Takes note of everything that happened, steps the flow, and returns the answers since the last call. Never blocks.
    pub fn poll(&mut self) -> Vec<Notice> {
        self.poll_camera();
        self.poll_analysis();
        self.poll_documents();
        self.poll_gallery();
        self.poll_delivery();
        self.tell_flow(FlowEvent::Tick);
        self.poll_opinions();
        self.leaving.retain(|thread| !thread.is_finished());
        self.notices.drain(..).collect()
    }

    /// When [`Self::poll`] is due at the latest although nobody wakes, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        let flow = self.running.as_ref().and_then(|r| r.flow.next_deadline());
        let opinions = self.opinions.iter().map(|run| (run.deadline(), "services take too long")).min_by_key(|(at, _)| *at);
        self.camera.next_deadline().into_iter().chain(flow).chain(opinions).min_by_key(|(at, _)| *at)
    }

    /// What the window draws from.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let shown = match &self.running {
            Some(running) => running.preview,
            None => self.preview_wanted,
        };
        let preview = if shown && self.fault().is_none() { self.slots.preview.peek().filter(|f| self.belongs(f)) } else { None };
        let now = self.clock.now();
        Snapshot {
            flow: self.running.as_ref().map(|running| self.flow_view(running, now)),
            live: self.live.clone().filter(|_| self.running.is_none() && preview.is_some()),
            preview,
            status: Status {
                camera: self.choice.to_string(),
                camera_health: self.camera.health(),
                models: self.models.clone(),
                backend: self.backend.clone(),
                enrolled: self.enrolled,
                keys: self.keys,
                practice: self.practice,
                capture_profile: self.profile.name.clone(),
                match_level: self.match_level.number(),
                false_match_rate: self.match_level.false_match_rate(),
                settings: Arc::clone(&self.settings_view),
                transfer: self.transfer.as_ref().map(Transfer::view),
                sync: self.view_sync(),
            },
            opinions: self.view_opinions().filter(|_| self.seat == Seat::Desk),
            guide: None,
        }
    }

    fn flow_view(&self, running: &Running, now: Moment) -> FlowView {
        let mut shown = running.flow.view(now);
        if self.withholds_outcome() {
            shown.view = StepView::Working { what_key: "working-title" };
        }
        shown
    }

    /// Time, as the application reads it.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Ends the flow in progress without saving and every thread in order; what was reported saved is safe. Waits up to `limit` for each
    /// thread. Returns whether all ended in order.
    pub fn shut_down(mut self, limit: Duration) -> bool {
        self.end_threads(limit)
    }

    /// Ends what still runs; a second call has nothing to end.
    fn end_threads(&mut self, limit: Duration) -> bool {
        self.end_flow();
        self.cancel_transfer();
        let packets = self.end_packet_run(limit);
        self.poll_gallery();
        let settings = self.settings.shut_down(limit);
        let camera = self.camera.shut_down(limit);
        let analysis = self.analysis.shut_down(limit);
        let documents = self.documents.shut_down(limit);
        let gallery = self.gallery.shut_down(limit);
        let audit = self.audit.shut_down(limit);
        let delivery = self.end_delivery(limit);
        let telling = self.end_telling(limit);
        // Every one is waited for, also after one that did not end.
        let mut left = true;
        for thread in self.leaving.drain(..) {
            left &= super::join_within(thread, limit, |_| ()).is_some();
        }
        settings && camera && analysis && documents && packets && gallery && audit && delivery && telling && left
    }

    fn write_audit(&self, event: AuditEvent) {
        self.audit.write(self.clock.utc(), event);
    }

    fn fail(&mut self, error: &dyn Advised) {
        self.notify(Notice::Failed(error.to_string(), error.advice()));
    }

    fn notify(&mut self, notice: Notice) {
        if self.notices.len() == NOTICES {
            self.notices.pop_front();
        }
        self.notices.push_back(notice);
    }
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Application({}, {:?}, fault {:?})", self.choice, self.camera, self.fault())
    }
}

fn optics(config: &Config) -> Optics {
    Optics { field_of_view_degrees: config.camera.horizontal_fov }
}
