//! Example values for storyboards and window tests: snapshots of every screen, and a backend that remembers what it was told.

mod documents;
mod scenes;

pub use documents::{
    CaptureMoment, StatedMoment, capturing, decided, decided_at_length, decided_otherwise_stated, document_decision, long_decision,
    stating, waiting,
};
pub use scenes::scenes;

use crate::adapters::camera::synthetic::{Renderer, Scene as SyntheticScene, SubjectIdentity, SubjectState, portrait};
use crate::biometrics::comparison::{Calibration, Comparison, OperatingPoint, SimilarityScore, VerificationDecision};
use crate::biometrics::identification::decision::{IdentificationDecision, UnknownReason};
use crate::config::Effective;
use crate::documents::checks::Overall;
use crate::geometry::{PixelRect, Rect, Size};
use crate::imaging::Frame;
use crate::ports::camera::{CameraDescription, CameraFormat, CapturedFrame, Origin, PixelFormat};
use crate::ports::gallery::{
    ErasureReceipt, GallerySummary, PadOutcomeText, PadRecord, Page, RecordId, RecordSummary, SubjectDetails, SubjectId, SubjectSummary,
};
use crate::ports::inference::BackendDescription;
use crate::ports::keys::KeyProtection;
use crate::runtime::messages::{CameraHealth, Command, GuideView, LiveView, Notice, Seat, Snapshot, Status, TransferView};
use crate::runtime::settings::SettingsView;
use crate::runtime::transfer::MachineKeys;
use crate::ui::app::Backend;
use crate::ui::screens::desk::model::{Page as DeskPage, Palette};
use crate::ui::screens::gallery::model::{EraseForm, Reason};
use crate::ui::screens::gallery::transfer::Direction;
use crate::ui::screens::settings::demands::Demand;
use crate::ui::storyboard::{Scene, Stage};
use crate::ui::strings::Language;
use crate::ui::window::Options;
use crate::units::{Moment, SensitiveText, UtcTime};
use crate::workflow::capture_profile::CaptureProfiles;
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::registration_code::RegistrationCode;
use crate::workflow::view::{
    Amount, CandidateView, CapturePhase, CaptureView, ChallengePhase, ChallengeView, DetailsView, Feedback, FieldView, FlowKind, FlowView,
    Instruction, Outcome, QualityBar, ReviewView, SearchBasis, Step, StepView, TroubleView,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use uuid::Uuid;

/// Size of the example camera's frames.
pub const FRAME: Size = Size::new(1280, 720);

/// Faces drawn so far: rendering one takes longer than a pass.
static DRAWN: OnceLock<Mutex<DrawnFaces>> = OnceLock::new();

/// Faces by number and size.
type DrawnFaces = HashMap<(u64, Size), Arc<Frame>>;

/// A passport-like picture of a person who does not exist; there are twelve of them.
#[must_use]
pub fn drawn_face(index: u64, size: Size) -> Arc<Frame> {
    let index = index % NAMES.len() as u64;
    let drawn = || Arc::new(portrait(&SubjectIdentity::from_seed(index + 1), size));
    match DRAWN.get_or_init(Mutex::default).lock() {
        Ok(mut kept) => Arc::clone(kept.entry((index, size)).or_insert_with(drawn)),
        Err(_) => drawn(),
    }
}

/// The live frame of the examples.
#[must_use]
pub fn live_frame() -> CapturedFrame {
    static LIVE: OnceLock<Arc<Frame>> = OnceLock::new();
    let frame = LIVE.get_or_init(|| {
        let mut renderer = Renderer::new(FRAME, &SubjectIdentity::from_seed(3));
        Arc::new(renderer.render(&SubjectState::default(), &SyntheticScene::default(), 0).frame)
    });
    CapturedFrame { frame: Arc::clone(frame), number: 1, captured_at: Moment::default(), origin: Origin::Practice }
}

/// A machine that is well.
#[must_use]
pub fn status(practice: bool) -> Status {
    let format = CameraFormat { pixels: PixelFormat::Mjpeg, width: FRAME.width, height: FRAME.height, rate: 30.0 };
    Status {
        camera: if practice { "synthetic:default".to_owned() } else { "webcam:0".to_owned() },
        camera_health: CameraHealth::Streaming { format, delivered_rate: 29.8, dropped: 3 },
        models: "builtin 1.0".to_owned(),
        backend: BackendDescription { name: "onnxruntime", version: "1.24".to_owned(), library: None, threads: 1 },
        enrolled: 10_482,
        keys: KeyProtection::OsKeyStore,
        practice,
        capture_profile: "liveness".to_owned(),
        match_level: 3,
        false_match_rate: 1e-3,
        settings: settings(),
        transfer: None,
        sync: Some(super::sync_fixtures::sync()),
    }
}

/// Settings as they are without a configuration file; the calibration carries levels 1 to 4.
#[must_use]
pub fn settings() -> Arc<SettingsView> {
    static SETTINGS: OnceLock<Arc<SettingsView>> = OnceLock::new();
    let made = || {
        let config = Effective::from_layers(None, &[]).expect("the defaults are valid").config;
        let point = |fmr: f64, threshold| OperatingPoint { fmr, threshold, low: fmr * 0.86, high: fmr * 1.15 };
        let points = vec![point(1e-2, 0.3), point(3e-3, 0.35), point(1e-3, 0.4), point(1e-4, 0.5)];
        let calibration = Calibration::new("example@1", "made-up comparisons", 240_000, points).expect("it is consistent");
        Arc::new(SettingsView::new(&config, &CaptureProfiles::builtin(), Some(&calibration), true))
    };
    Arc::clone(SETTINGS.get_or_init(made))
}

/// A snapshot with nothing going on.
#[must_use]
pub fn idle(practice: bool) -> Snapshot {
    Snapshot { flow: None, preview: None, live: None, status: status(practice), opinions: None, guide: None }
}

/// A snapshot of a flow at one step.
#[must_use]
pub fn in_flow(flow: FlowKind, current: Step, view: StepView, practice: bool) -> Snapshot {
    let steps = match flow {
        FlowKind::Enrol => vec![Step::Consent, Step::Details, Step::Face, Step::Review, Step::Result],
        FlowKind::ReEnrol | FlowKind::Authenticate => vec![Step::Details, Step::Face, Step::Result],
        FlowKind::Identify => vec![Step::Face, Step::Result],
        FlowKind::VerifyId => vec![Step::Document, Step::Face, Step::Result],
    };
    let preview = match &view {
        StepView::Document(view) => view.capture.as_ref().filter(|c| c.side.is_some()).map(|_| documents::page_under_camera(view)),
        StepView::Face(_) | StepView::Liveness(_) => Some(live_frame()),
        _ => None,
    };
    Snapshot {
        flow: Some(FlowView { flow, steps, current, view, practice, gallery: None }),
        preview,
        live: None,
        status: status(practice),
        opinions: None,
        guide: None,
    }
}

fn in_document((flow, step, view): (FlowKind, Step, StepView)) -> Snapshot {
    in_flow(flow, step, view, false)
}

/// A face capture at some moment.
#[must_use]
pub fn capture(phase: CapturePhase, feedback: Feedback, amount: Option<Amount>, progress: f32) -> CaptureView {
    let roi = PixelRect { x: 444, y: 82, width: 392, height: 556 };
    CaptureView {
        phase,
        instruction: Instruction { feedback, amount },
        progress,
        frame_size: Some(FRAME),
        roi_in_frame: Some(roi),
        face_in_frame: Some(Rect::new(520.0, 160.0, 240.0, 330.0)),
        attempts_left: 2,
        time_left: Some(Duration::from_secs(14)),
        quality: quality_bars(),
        reason_key: None,
        code: None,
    }
}

/// A challenge at some moment.
#[must_use]
pub fn challenge(phase: ChallengePhase, gesture: Option<Gesture>, progress: f32) -> ChallengeView {
    ChallengeView {
        phase,
        gesture,
        step: 1,
        steps: 3,
        progress,
        time_left: 0.7,
        can_replace: phase == ChallengePhase::Asking,
        frame_size: Some(FRAME),
        face_in_frame: Some(Rect::new(520.0, 160.0, 240.0, 330.0)),
        light: None,
        attempts_left: 2,
        reason_key: (phase == ChallengePhase::AttemptOver).then_some("challenge-wrong"),
        code: None,
    }
}

/// Bars of the officer's strip.
#[must_use]
pub fn quality_bars() -> Vec<QualityBar> {
    let bar = |label_key, score, passed| QualityBar { label_key, score, passed };
    vec![
        bar("quality-head-pose-yaw", Some(96), true),
        bar("quality-head-size", Some(58), false),
        bar("quality-sharpness", Some(83), true),
        bar("quality-face-exposure", Some(91), true),
        bar("quality-illumination-uniformity", Some(74), true),
        bar("quality-eyes-open", Some(99), true),
        bar("quality-background-uniformity", None, true),
    ]
}

/// A backend that shows one snapshot, answers questions about an imaginary gallery, and remembers its commands.
pub struct Fixture {
    /// What is shown.
    pub snapshot: Snapshot,
    /// Commands so far, oldest first.
    pub commands: Vec<Command>,
    /// Answers for the next poll.
    pub answers: Vec<Notice>,
    /// People in the imaginary gallery.
    pub people: u64,
}

impl Fixture {
    /// Shows `snapshot`; its gallery has as many people as the status says.
    #[must_use]
    pub const fn new(snapshot: Snapshot) -> Self {
        let people = snapshot.status.enrolled;
        Self { snapshot, commands: Vec::new(), answers: Vec::new(), people }
    }

    fn answer(&self, command: &Command) -> Option<Notice> {
        Some(match command {
            Command::ListSubjects(query) => {
                let wanted = query.text.to_lowercase();
                let fits = |i: &u64| person(*i).display_name.0.to_lowercase().contains(&wanted);
                // Only a small gallery is searched; an unsearched one may be as large as it likes.
                let total = if wanted.is_empty() { self.people } else { (0..self.people.min(400)).filter(fits).count() as u64 };
                let rows = (0..self.people).filter(|i| wanted.is_empty() || fits(i));
                let entries = rows.skip(query.offset as usize).take(query.limit as usize).map(person).collect();
                Notice::Subjects(query.clone(), Page { entries, total })
            }
            Command::OpenSubject(subject) => Notice::Subject(Box::new(person_details(index_of(*subject)))),
            Command::LoadPicture(subject, kind) => {
                Notice::Picture(*subject, *kind, Some(drawn_face(index_of(*subject), Size::new(200, 250))))
            }
            Command::ListGalleries => Notice::Galleries(galleries()),
            Command::ListRecords { limit, .. } => {
                let entries = (0..u64::from(*limit).min(self.people)).map(|i| person_details(i).records.remove(0)).collect();
                Notice::Records(Page { entries, total: self.people })
            }
            Command::ListCameras => Notice::Cameras(cameras()),
            Command::Erase(subject, _) => Notice::Erased(ErasureReceipt { subject: *subject, templates: 1, pictures: 2, records: 2 }),
            Command::Release(_)
            | Command::AddMember(..)
            | Command::RemoveMember(..)
            | Command::CreateGallery(_)
            | Command::DeleteGallery(_) => Notice::Changed,
            other => return super::sync_fixtures::answer(other),
        })
    }
}

impl Backend for Fixture {
    fn handle(&mut self, command: Command) {
        self.answers.extend(self.answer(&command));
        self.commands.push(command);
    }

    fn poll(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.answers)
    }

    fn snapshot(&self) -> Snapshot {
        self.snapshot.clone()
    }
}

/// The id of an example person.
#[must_use]
pub const fn subject_id(index: u64) -> SubjectId {
    SubjectId(Uuid::from_u128(index as u128 + 1))
}

const fn index_of(subject: SubjectId) -> u64 {
    (subject.0.as_u128() - 1) as u64
}

/// An example person as lists show them. Every ninth is held for an officer.
#[must_use]
pub fn person(index: u64) -> SubjectSummary {
    let origin = if index % 7 == 4 { Origin::File } else { Origin::Camera };
    let enrolled_at = UtcTime(1_795_240_000_000 - index as i64 * 5_400_000);
    SubjectSummary {
        subject: subject_id(index),
        registration_code: code(index),
        display_name: SensitiveText(NAMES[index as usize % NAMES.len()].to_owned()),
        enrolled_at,
        updated_at: UtcTime(enrolled_at.0 + 1_800_000),
        templates: 1 + (index % 3) as u32,
        origin,
        held: index % 9 == 2,
    }
}

/// An example person in full.
#[must_use]
pub fn person_details(index: u64) -> SubjectDetails {
    let summary = person(index);
    let entered = |key: &str, value: &str| (key.to_owned(), SensitiveText(value.to_owned()));
    let record = |at: i64, active, flow: &str| RecordSummary {
        record: RecordId(Uuid::from_u128(at as u128)),
        subject: summary.subject,
        registration_code: summary.registration_code.clone(),
        flow: flow.to_owned(),
        enrolled_at: UtcTime(at),
        origin: summary.origin,
        pad: if summary.origin == Origin::Camera {
            PadRecord::Assessed {
                outcome: PadOutcomeText::BonaFide,
                layers: vec![("passive".to_owned(), Some(0.93), 0.5)],
                methods: Vec::new(),
                assurance: None,
            }
        } else {
            PadRecord::NotAssessed { reason: "picture file".to_owned() }
        },
        active,
    };
    let records = vec![record(summary.updated_at.0, true, "enrol"), record(summary.enrolled_at.0 - 90 * 86_400_000, false, "enrol")];
    SubjectDetails {
        details: vec![
            entered("full_name", &summary.display_name.0),
            entered("birth_date", "1990-04-23"),
            entered("phone", "+44 20 7946 0958"),
        ],
        galleries: vec!["default".to_owned(), "Safe deposit".to_owned()],
        records,
        formats: Vec::new(),
        summary,
    }
}

/// Example galleries.
#[must_use]
pub fn galleries() -> Vec<GallerySummary> {
    let gallery = |name: &str, members| GallerySummary { name: name.to_owned(), members, created_at: UtcTime(1_790_000_000_000) };
    vec![gallery("default", 10_482), gallery("Safe deposit", 214), gallery("Staff", 38)]
}

/// Example cameras.
#[must_use]
pub fn cameras() -> Vec<CameraDescription> {
    let format = |pixels, width, height, rate| CameraFormat { pixels, width, height, rate };
    let camera = |id: &str, name: &str, virtual_device, formats| CameraDescription {
        id: id.to_owned(),
        name: name.to_owned(),
        virtual_device,
        formats,
    };
    vec![
        camera(
            "0",
            "Logitech BRIO",
            false,
            vec![
                format(PixelFormat::Mjpeg, 1280, 720, 30.0),
                format(PixelFormat::Mjpeg, 1920, 1080, 30.0),
                format(PixelFormat::Yuyv, 640, 480, 30.0),
                format(PixelFormat::Nv12, 640, 360, 60.0),
            ],
        ),
        camera("usb-2.1", "Integrated Camera", false, vec![format(PixelFormat::Yuyv, 640, 480, 29.97)]),
        camera("video9", "Virtual Camera", true, Vec::new()),
    ]
}

/// Candidates with these similarities, best first, against the threshold 0.40.
#[must_use]
pub fn candidates(similarities: &[f32]) -> Vec<CandidateView> {
    let one = |(i, &score): (usize, &f32)| CandidateView {
        subject: subject_id(i as u64),
        display_name: SensitiveText(NAMES[i % NAMES.len()].to_owned()),
        registration_code: code(i as u64),
        comparison: comparison(score),
    };
    similarities.iter().enumerate().map(one).collect()
}

/// A comparison at match level 3 with the threshold 0.40.
#[must_use]
pub fn comparison(score: f32) -> Comparison {
    let threshold = 0.40;
    let matched = score >= threshold;
    let score_percent = if matched { 75.0 + (score - threshold) / (1.0 - threshold) * 25.0 } else { (score / threshold).max(0.0) * 75.0 };
    Comparison {
        score: SimilarityScore(score),
        score_percent,
        threshold: SimilarityScore(threshold),
        false_match_rate: 1e-3,
        match_level: if matched { Some(if score > 0.5 { 5 } else { 3 }) } else { (score > 0.3).then_some(1) },
        decision: if matched { VerificationDecision::Match } else { VerificationDecision::NonMatch },
    }
}

/// Names of people who do not exist.
pub const NAMES: [&str; 12] = [
    "Amara Okonkwo",
    "Jonas Lindqvist",
    "Mei-Ling Chen",
    "Rafael Duarte",
    "Aisha Rahman",
    "Tomasz Zieliński",
    "Sofía Hernández",
    "Kwame Mensah",
    "Ingrid Bjørnstad",
    "Haruto Sato",
    "Leila Farahani",
    "Bernhard Grüber-Weißenfels",
];

/// The registration code of an example person.
#[must_use]
pub fn code(index: u64) -> String {
    RegistrationCode::from_entropy((index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)).compact()
}

/// The details screen with some fields filled in.
#[must_use]
pub fn details() -> DetailsView {
    let field = |key: &str, value: &str, required, problem_key| FieldView {
        key: key.to_owned(),
        label_key: format!("field-{}", key.replace('_', "-")),
        value: SensitiveText(value.to_owned()),
        required,
        problem_key,
    };
    let fields = vec![
        field("full_name", "Amara Okonkwo", true, None),
        field("birth_date", "23.4.1990", true, Some("problem-date")),
        field("phone", "", false, None),
    ];
    DetailsView { fields, complete: false }
}

/// Nobody is alike enough.
pub const UNKNOWN: IdentificationDecision = IdentificationDecision::Unknown(UnknownReason::BelowThreshold);

/// How a search ended.
#[must_use]
pub fn found(similarities: &[f32], decision: IdentificationDecision) -> Outcome {
    let decided = matches!(decision, IdentificationDecision::Identified(_));
    Outcome::Identified { candidates: candidates(similarities), decided, basis: SearchBasis::of(decision) }
}
