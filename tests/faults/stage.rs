//! The whole application on scripted parts: a camera that delivers, hangs or goes away on command, networks that answer by script, a real
//! gallery in memory keys, and a clock that moves when the test says so. No test here waits for time to pass.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use uuid::Uuid;
use visavis::adapters::camera::CameraChoice;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::adapters::keys::MemoryKeyStore;
use visavis::adapters::services::secrets::SecretBox;
use visavis::biometrics::comparison::{Calibration, MatchLevel, OperatingPoint};
use visavis::biometrics::detection::{FaceDetection, FiveLandmarks};
use visavis::biometrics::identification::decision::IdentificationPolicy;
use visavis::biometrics::landmarks::{EyeShape, FaceShape};
use visavis::biometrics::observation::{Observation, ObservedFace, StageTimes};
use visavis::biometrics::pad::{PadDecision, PadLayer, PadOutcome};
use visavis::biometrics::pose::HeadPose;
use visavis::biometrics::quality::QualityReport;
use visavis::biometrics::template::{Template, TemplateFormat};
use visavis::config::Effective;
use visavis::geometry::{Point, Rect, Size};
use visavis::imaging::{Frame, encode};
use visavis::ports::audit::{AuditError, AuditEvent, AuditSink};
use visavis::ports::camera::{CameraError, CameraFormat, CapturedFrame, FrameSource, Origin, PixelFormat};
use visavis::ports::gallery::{GalleryError, GalleryStore, NewPicture, PictureKind};
use visavis::ports::inference::BackendDescription;
use visavis::ports::keys::{KeyProtection, KeyStore};
use visavis::ports::outbox::Outbox;
use visavis::runtime::application::Application;
use visavis::runtime::application::parts::Parts;
use visavis::runtime::assessment::Observer;
use visavis::runtime::clock::ManualClock;
use visavis::runtime::enrolled::DecisionRules;
use visavis::runtime::messages::{CameraHealth, Command, Notice, Seat};
use visavis::runtime::settings::SettingsFile;
use visavis::runtime::sync::setup::Places;
use visavis::units::{SensitiveBytes, SensitiveText, UtcTime};
use visavis::workflow::capture::event::{AssessmentFailure, Fault, Shot};
use visavis::workflow::capture_profile::{CaptureProfile, CaptureProfiles};
use visavis::workflow::device_health::HealthDelays;
use visavis::workflow::flow::event::BurstAssessment;
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{CapturePhase, FlowKind, Outcome, StepView};

/// Longest time any thread may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Time between frames on the test's clock.
const FRAME_TIME: Duration = Duration::from_millis(40);
const SIZE: Size = Size::new(1280, 720);

/// What the camera does next.
pub enum Act {
    /// Delivers a picture of person `n`.
    Face(u8),
    /// Goes away.
    Unplug,
    /// Delivers nothing any more, as a wedged device does; only the wake-up ends it.
    #[cfg(unix)]
    Hang,
}

/// What the networks do.
pub mod networks {
    pub const COMPLIANT: u8 = 0;
    pub const NO_FACE: u8 = 1;
    pub const FAIL: u8 = 2;
    pub const PANIC: u8 = 3;
    pub const PANIC_ON_BURST: u8 = 4;
    pub const ATTACK: u8 = 5;
}

/// What the test and the scripted parts share.
pub struct Script {
    acts: Mutex<Receiver<Act>>,
    plugged: Mutex<Result<(), CameraError>>,
    pub mode: AtomicU8,
    observed: AtomicU64,
    /// Whether bursts are answered; closed, an assessment waits.
    gate: (Mutex<bool>, Condvar),
}

impl Script {
    pub fn plug(&self, plugged: Result<(), CameraError>) {
        *self.plugged.lock().unwrap() = plugged;
    }

    pub fn answer_bursts(&self, open: bool) {
        *self.gate.0.lock().unwrap() = open;
        self.gate.1.notify_all();
    }
}

struct ScriptedCamera(Arc<Script>);

impl FrameSource for ScriptedCamera {
    fn format(&self) -> CameraFormat {
        CameraFormat { pixels: PixelFormat::Rgb, width: SIZE.width, height: SIZE.height, rate: 25.0 }
    }
    fn origin(&self) -> Origin {
        Origin::Practice
    }
    fn next_frame(&mut self) -> Result<Frame, CameraError> {
        let act = self.0.acts.lock().unwrap().recv();
        match act {
            Ok(Act::Face(n)) => Ok(Frame::filled(SIZE, [n; 3])),
            Ok(Act::Unplug) | Err(_) => Err(CameraError::Unplugged),
            #[cfg(unix)]
            Ok(Act::Hang) => {
                use std::io::Read as _;
                let (mut read_end, _write_end) = std::os::unix::net::UnixStream::pair().expect("a socket pair");
                let interrupted = read_end.read(&mut [0]).expect_err("nobody writes");
                Err(CameraError::Driver { reason: interrupted.to_string() })
            }
        }
    }
}

struct ScriptedNetworks(Arc<Script>);

pub fn format() -> TemplateFormat {
    TemplateFormat { recogniser: "scripted@0123456789abcdef".into(), dimensions: 128 }
}

/// A direction that is person `n`'s alone.
pub fn template(n: u8) -> Template {
    let values = crate::people::noise(u64::from(n), 128).into_iter().map(|byte| f32::from(byte) - 127.5).collect();
    Template::new(format(), values).expect("no byte is 127.5")
}

fn compliant_face() -> ObservedFace {
    let points = [(570.0, 320.0), (710.0, 320.0), (640.0, 390.0), (590.0, 460.0), (690.0, 460.0)].map(|(x, y)| Point::new(x, y));
    let detection =
        FaceDetection { bounds: Rect::new(500.0, 176.0, 280.0, 368.0), score: 0.95, landmarks: FiveLandmarks::from_array(points) };
    let eye = |outer, inner| EyeShape { outer: Point::new(outer, 320.0), inner: Point::new(inner, 320.0), ..EyeShape::default() };
    let shape = FaceShape { right_eye: eye(540.0, 600.0), left_eye: eye(740.0, 680.0), presence: 0.99, ..FaceShape::default() };
    let quality = QualityReport { assessments: Vec::new(), capture_score: 80.0 };
    ObservedFace { detection, shape: Some(shape), pose: Some(HeadPose::default()), quality }
}

impl Observer for ScriptedNetworks {
    fn observe(&mut self, frame: &CapturedFrame, _: &CaptureProfile) -> Result<Observation, Fault> {
        self.0.observed.fetch_add(1, Ordering::SeqCst);
        let face = match self.0.mode.load(Ordering::SeqCst) {
            networks::NO_FACE => None,
            networks::FAIL => return Err(Fault::model("MOD-10")),
            networks::PANIC => panic!("scripted"),
            _ => Some(compliant_face()),
        };
        let faces = face.iter().map(|f| f.detection).collect();
        Ok(Observation { frame_number: frame.number, frame_size: frame.frame.size(), faces, face, times: StageTimes::default() })
    }

    fn assess(&mut self, shots: &[Shot]) -> Result<BurstAssessment, AssessmentFailure> {
        let mode = self.0.mode.load(Ordering::SeqCst);
        assert!(mode != networks::PANIC_ON_BURST, "scripted");
        let open = self.0.gate.0.lock().unwrap();
        drop(self.0.gate.1.wait_while(open, |open| !*open).unwrap());
        let outcome = if mode == networks::ATTACK { PadOutcome::Attack } else { PadOutcome::BonaFide };
        let layer = PadLayer { name: "passive", method: "scripted".into(), value: Some(0.9), limit: 0.5, outcome };
        let person = shots[0].frame.frame.bytes()[0];
        let portrait = Frame::filled(Size::new(48, 60), [person; 3]);
        let encoded = SensitiveBytes(encode::png(&portrait).unwrap());
        Ok(BurstAssessment {
            pad: PadDecision::fuse(vec![layer]),
            templates: vec![(template(person), 80.0)],
            portrait: Arc::new(portrait),
            pictures: vec![NewPicture { kind: PictureKind::Portrait, encoded }],
        })
    }

    fn assess_challenge(&mut self, _: &[Shot], _: &[Template]) -> Result<Vec<PadLayer>, AssessmentFailure> {
        Err(AssessmentFailure::NotUsable)
    }
}

#[derive(Clone, Default)]
pub struct AuditNotebook(pub Arc<Mutex<Vec<AuditEvent>>>);

impl AuditSink for AuditNotebook {
    fn append(&mut self, _: UtcTime, event: &AuditEvent) -> Result<(), AuditError> {
        self.0.lock().unwrap().push(event.clone());
        Ok(())
    }
}

/// Wraps the store that the stage opens, so that a test can break it.
pub type StoreWrapper = fn(Box<dyn GalleryStore>) -> Box<dyn GalleryStore>;

pub struct Stage {
    /// Before the application: a camera that waits for its next act goes away when nobody can send one any more, and its thread ends.
    acts: SyncSender<Act>,
    pub app: Application,
    pub clock: Arc<ManualClock>,
    pub script: Arc<Script>,
    pub audit: AuditNotebook,
    pub notices: Vec<Notice>,
    woken: Receiver<()>,
    keys: MemoryKeyStore,
    folder: tempfile::TempDir,
}

pub fn stage() -> Stage {
    stage_with(|store| store)
}

pub fn stage_with(wrap: StoreWrapper) -> Stage {
    stage_at(Seat::Kiosk, None, wrap)
}

/// A stage at a seat, whose settings are kept in a file.
pub fn stage_at(seat: Seat, settings: Option<SettingsFile>, wrap: StoreWrapper) -> Stage {
    stage_configured(seat, "", settings, wrap)
}

/// A stage with lines of the configuration file.
pub fn stage_configured(seat: Seat, text: &str, settings: Option<SettingsFile>, wrap: StoreWrapper) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let (acts, script) = sync_channel(0);
    let script = Arc::new(Script {
        acts: Mutex::new(script),
        plugged: Mutex::new(Ok(())),
        mode: AtomicU8::new(networks::COMPLIANT),
        observed: AtomicU64::new(0),
        gate: (Mutex::new(true), Condvar::new()),
    });
    let (wake, woken) = sync_channel(1);
    let clock = Arc::new(ManualClock::at(UtcTime(1_790_000_000_000)));
    let audit = AuditNotebook::default();
    let (for_camera, path) = (Arc::clone(&script), folder.path().join("practice.db"));
    let keys = MemoryKeyStore::default();
    let shared_keys = keys.clone();
    let thresholds = [(1e-2, 0.3), (1e-3, 0.4), (1e-4, 0.5), (1e-5, 0.55), (1e-6, 0.6)];
    let points = thresholds.map(|(fmr, threshold)| OperatingPoint { fmr, threshold, low: fmr / 2.0, high: fmr * 2.0 });
    let mut counter = 0_u64;
    let app = Application::start(Parts {
        clock: clock.clone(),
        waker: Arc::new(move || _ = wake.try_send(())),
        seat,
        config: Effective::from_layers(Some(text), &[]).expect("a valid configuration").config,
        profiles: CaptureProfiles::builtin(),
        camera: CameraChoice::Synthetic { scenario: "scripted".into() },
        open_camera: Arc::new(move |choice: &CameraChoice, pace| {
            if matches!(choice, CameraChoice::Document(_)) {
                return visavis::runtime::camera::open_camera(choice, pace);
            }
            for_camera.plugged.lock().unwrap().clone()?;
            Ok(Box::new(ScriptedCamera(Arc::clone(&for_camera))) as Box<dyn FrameSource>)
        }),
        list_cameras: Arc::new(Vec::new),
        camera_delays: HealthDelays::default(),
        observer: Box::new(ScriptedNetworks(Arc::clone(&script))),
        models: "scripted 1".into(),
        restricted: vec!["scripted (research only)".into()],
        backend: BackendDescription { name: "tract", version: "0".into(), library: None, threads: 1 },
        rules: DecisionRules {
            format: format(),
            calibration: Some(Calibration::new(&format().recogniser, "made up", 10_000_000, points.to_vec()).expect("it is consistent")),
            document_calibration: None,
            level: MatchLevel::Three,
            policy: IdentificationPolicy::default(),
            margin_percent: 3.0,
            threads: 1,
        },
        open_gallery: Box::new(move |practice| {
            let store: Result<Box<dyn GalleryStore>, GalleryError> =
                SqliteGallery::open(&path, &shared_keys, practice).map(|g| Box::new(g) as Box<dyn GalleryStore>);
            store.map(wrap)
        }),
        keys: KeyProtection::Memory,
        identity: Arc::new(|| Ok(visavis::adapters::sealed::Identity::derive(&SensitiveBytes(vec![7; 32])))),
        settings,
        audit: Box::new(audit.clone()),
        entropy: Box::new(move |bytes| {
            counter += 1;
            bytes.copy_from_slice(&crate::people::noise(counter, bytes.len()));
        }),
    })
    .expect("the stage starts");
    Stage { acts, app, clock, script, audit, notices: Vec::new(), woken, keys, folder }
}

impl Stage {
    pub fn poll(&mut self) {
        let notices = self.app.poll();
        self.notices.extend(notices);
    }

    /// Polls whenever woken until `reached`; the clock stands still.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut reached: impl FnMut(&Self) -> bool) {
        loop {
            self.poll();
            if reached(self) {
                return;
            }
            self.woken.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never came to {what}: {:?}", self.view()));
        }
    }

    /// Shows pictures of person `n`, one frame time apart, each after the one before was observed, until `reached`.
    #[track_caller]
    pub fn show_until(&mut self, n: u8, what: &str, mut reached: impl FnMut(&Self) -> bool) {
        let mut shown = 0;
        for _ in 0..200_000 {
            self.poll();
            if reached(self) {
                return;
            }
            let before = self.script.observed.load(Ordering::SeqCst);
            let streaming = self.is_streaming();
            // Taken only by a camera that waits for it, so that no picture is left over for the next opening.
            if self.acts.try_send(Act::Face(n)).is_ok() && streaming {
                shown += 1;
                assert!(shown < 400, "400 frames did not lead to {what}: {:?}", self.view());
                self.clock.advance(FRAME_TIME);
                self.until("an observation", |s| s.script.observed.load(Ordering::SeqCst) > before || reached(s) || !s.is_streaming());
            } else {
                // Opening, or a camera that was let go and still waits.
                std::thread::sleep(Duration::from_micros(100));
            }
        }
        panic!("never came to {what}: {:?}", self.view());
    }

    fn is_streaming(&self) -> bool {
        matches!(self.app.snapshot().status.camera_health, CameraHealth::Streaming { .. })
    }

    /// Has the camera do something, once it waits for it.
    #[track_caller]
    pub fn act(&self, act: Act) {
        let mut act = Some(act);
        for _ in 0..200_000 {
            match self.acts.try_send(act.take().expect("given back when not taken")) {
                Ok(()) => return,
                Err(TrySendError::Full(back) | TrySendError::Disconnected(back)) => act = Some(back),
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        panic!("the camera does not listen");
    }

    /// Moves the clock on in small steps, polling, until `reached`.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, mut reached: impl FnMut(&Self) -> bool) {
        for _ in 0..100_000 {
            self.poll();
            if reached(self) {
                return;
            }
            self.clock.advance(Duration::from_millis(1));
            std::thread::yield_now();
        }
        panic!("100 s did not lead to {what}: {:?}", self.view());
    }

    /// Lets threads of this process work until `reached`, the clock moving on as they do; for what wakes nobody.
    #[track_caller]
    pub fn work_until(&mut self, what: &str, mut reached: impl FnMut(&Self) -> bool) {
        const STEP: Duration = Duration::from_millis(5);
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            self.poll();
            if reached(self) {
                return;
            }
            self.clock.advance(STEP);
            std::thread::sleep(STEP);
        }
        panic!("never came to {what}: {:?}", self.view());
    }

    pub fn start(&mut self, flow: FlowKind) {
        self.app.handle(Command::StartFlow { flow, claim: None });
        self.poll();
    }

    pub fn input(&mut self, input: FlowInput) {
        self.app.handle(Command::Flow(input));
        self.poll();
    }

    pub fn enter(&mut self, key: &str, value: &str) {
        self.input(FlowInput::FieldChanged { key: key.into(), value: SensitiveText(value.into()) });
    }

    /// An enrolment up to the face step.
    pub fn start_enrolment(&mut self) {
        self.start(FlowKind::Enrol);
        self.input(FlowInput::Next);
        self.enter("full_name", "Ada Example");
        self.input(FlowInput::Next);
        assert!(self.phase().is_some() || self.trouble().is_some(), "{:?}", self.view());
    }

    /// From the face step to the end of an enrolment of person `n`; the registration code.
    #[track_caller]
    pub fn finish_enrolment(&mut self, n: u8) -> String {
        self.show_until(n, "the review", |s| matches!(s.view(), Some(StepView::Review(_))));
        self.input(FlowInput::Next);
        self.until("the outcome", |s| s.outcome().is_some());
        match self.outcome() {
            Some(Outcome::Enrolled { registration_code, .. }) => registration_code,
            other => panic!("not enrolled: {other:?}"),
        }
    }

    pub fn view(&self) -> Option<StepView> {
        self.app.snapshot().flow.map(|f| f.view)
    }

    pub fn phase(&self) -> Option<CapturePhase> {
        match self.view() {
            Some(StepView::Face(view)) => Some(view.phase),
            _ => None,
        }
    }

    pub fn trouble(&self) -> Option<&'static str> {
        match self.view() {
            Some(StepView::Trouble(trouble)) => Some(trouble.code),
            _ => None,
        }
    }

    pub fn outcome(&self) -> Option<Outcome> {
        match self.view() {
            Some(StepView::Outcome { outcome, .. }) => Some(outcome),
            _ => None,
        }
    }

    /// Opens the stage's gallery once more.
    pub fn opener(&self) -> impl Fn() -> Result<SqliteGallery, GalleryError> + Send + Sync + use<> {
        let (path, keys) = (self.folder.path().join("practice.db"), self.keys.clone());
        move || SqliteGallery::open(&path, &keys, true)
    }

    /// Where things of the stage are; nobody's secrets are in its key store.
    pub fn places(&self) -> Places {
        let (open, folder) = (self.opener(), self.folder.path().to_owned());
        let (keys, secrets) = (self.keys.clone(), folder.join("secrets"));
        Places {
            clock: self.clock.clone(),
            secrets: Arc::new(move || {
                let keys: Box<dyn KeyStore> = Box::new(keys.clone());
                Ok(SecretBox::new(&secrets, Arc::new(Mutex::new(keys))))
            }),
            open_outbox: Arc::new(move |_| open().map(|gallery| Box::new(gallery) as Box<dyn Outbox>)),
            folder,
            free_space: Arc::new(|| None),
        }
    }

    /// Ends every thread; whether all ended in order. The camera is unplugged for it: where a real one is interrupted or delivers, the
    /// scripted one waits for its next act, which no signal ends.
    pub fn end(self) -> bool {
        let Self { acts, app, .. } = self;
        drop(acts);
        app.shut_down(PATIENCE)
    }

    /// As [`Self::end`], in order, with the folder left for a look.
    #[track_caller]
    pub fn end_and_keep(self) -> tempfile::TempDir {
        let Self { acts, app, folder, .. } = self;
        drop(acts);
        assert!(app.shut_down(PATIENCE), "not every thread ended in order");
        folder
    }

    pub fn is_blank(&self) -> bool {
        self.app.snapshot().preview.is_none()
    }
}

/// An identifier that nobody has.
pub fn nobody() -> visavis::ports::gallery::SubjectId {
    visavis::ports::gallery::SubjectId(Uuid::from_u128(1))
}
