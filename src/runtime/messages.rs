//! What the window may ask of the application, and what comes back. The window never waits: every answer arrives through
//! `Application::poll`, which the window calls once per pass and which never blocks.

use super::application::{PacketOrder, PacketsDone};
use super::opinions::OpinionView;
use super::services::{ServiceOrder, Services, TestReport, TestView};
use super::settings::SettingsView;
use super::sync::Action;
use super::sync::summary::SyncSummary;
use super::transfer::{ExportOrder, ExportReport, ImportOrder, MachineKeys};
use crate::advice::Advice;
use crate::config::Change;
use crate::imaging::Frame;
use crate::phrase::Wording;
use crate::ports::camera::{CameraDescription, CameraFormat, CapturedFrame};
use crate::ports::gallery::{
    ErasureReceipt, GallerySummary, ImportReport, Page, PictureKind, RecordSummary, SubjectDetails, SubjectId, SubjectQuery, SubjectSummary,
};
use crate::ports::inference::BackendDescription;
use crate::ports::keys::KeyProtection;
use crate::ports::outbox::{Entry, EntryQuery};
use crate::ports::services::ServiceKind;
use crate::workflow::input::FlowInput;
use crate::workflow::view::{FlowKind, FlowView, Instruction, QualityBar};
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// Wakes the window from another thread; the window supplies one that requests a repaint.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Who stands at the screen; decides what is shown and what may be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// A subject at a kiosk, maybe alone.
    Kiosk,
    /// An officer at a desk.
    Desk,
}

/// Something the window wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Begin a flow; ends one in progress without saving.
    StartFlow {
        /// Which.
        flow: FlowKind,
        /// The person claimed, for 1:1 and re-enrolment; `None` asks for the registration code in the details step.
        claim: Option<SubjectId>,
    },
    /// Begin an identification among the members of one gallery; ends a flow in progress without saving.
    SearchGallery(String),
    /// An action in the flow in progress.
    Flow(FlowInput),
    /// A page of people; answered by [`Notice::Subjects`].
    ListSubjects(SubjectQuery),
    /// One person in full; answered by [`Notice::Subject`].
    OpenSubject(SubjectId),
    /// A picture; answered by [`Notice::Picture`].
    LoadPicture(SubjectId, PictureKind),
    /// All galleries; answered by [`Notice::Galleries`].
    ListGalleries,
    /// Creates a named gallery.
    CreateGallery(String),
    /// Deletes a named gallery.
    DeleteGallery(String),
    /// Adds a person to a named gallery.
    AddMember(String, SubjectId),
    /// Removes a person from a named gallery.
    RemoveMember(String, SubjectId),
    /// Erases a person for good; the reason is kept in the audit trail. Answered by [`Notice::Erased`].
    Erase(SubjectId, String),
    /// Releases a record held for an officer.
    Release(SubjectId),
    /// A page of completed enrolments; answered by [`Notice::Records`].
    ListRecords {
        /// Entries to skip.
        offset: u64,
        /// Entries wanted.
        limit: u32,
    },
    /// Lists cameras again; answered by [`Notice::Cameras`].
    ListCameras,
    /// Uses another camera (`webcam:<id>`, `synthetic:<scenario>`, `replay:<path>`).
    UseCamera(String),
    /// Shows the live preview outside a flow (devices and settings screens).
    Preview(bool),
    /// Uses another capture profile for what follows.
    UseCaptureProfile(String),
    /// Changes settings: checks them, keeps them in the configuration file and puts them in force. Only at a desk. Answered by
    /// [`Notice::SettingsKept`].
    ChangeSettings(Vec<Change>),
    /// Writes people to a sealed file. Only at a desk, and not during a flow. Answered by [`Notice::Exported`].
    Export(ExportOrder),
    /// Takes people in from a sealed file. Only at a desk, and not during a flow. Answered by [`Notice::Imported`].
    Import(ImportOrder),
    /// Writes the report about the document decided on. Only at a desk. Answered by [`Notice::ReportWritten`].
    ExportReport {
        /// The file.
        path: PathBuf,
        /// Whether pictures of people go into it.
        pictures: bool,
        /// Its language.
        wording: Wording,
    },
    /// Breaks off the export or import in progress: no file is left, nobody is taken in.
    CancelTransfer,
    /// A button of the demonstration's bar; only its guide listens.
    Guide(GuideAction),
    /// Asks for the keys that other machines need of this one; answered by [`Notice::MachineKeys`].
    AskMachineKeys,
    /// Every identity service as configured; answered by [`Notice::Services`].
    ListServices,
    /// Keeps secrets and settings of a service and puts them in force. Only at a desk. Answered by [`Notice::SettingsKept`].
    SaveService(ServiceOrder),
    /// Tests a service as configured, or as it would be with an order that is not saved. Answered by [`Notice::ServiceTested`].
    TestService(ServiceKind, Option<ServiceOrder>),
    /// Leaves the test in progress to itself.
    CancelServiceTest,
    /// A page of deliveries. Only at a desk. Answered by [`Notice::Deliveries`].
    ListDeliveries(EntryQuery),
    /// What a person decided about one delivery, with the reason. Only at a desk. Answered by [`Notice::DeliveryDecided`].
    DecideDelivery {
        /// Which.
        key: Uuid,
        /// What.
        action: Action,
        /// Why; says nothing about the subject.
        reason: String,
    },
    /// Delivers now, whatever the schedule and the pauses say.
    DeliverNow,
    /// Lets delivery rest (`true`) or go on; a pause ends with the program.
    PauseDelivery(bool),
    /// Writes or reads sealed packets. Only at a desk. Answered by [`Notice::PacketsMoved`].
    MovePackets(PacketOrder),
    /// Breaks off what is being written or read, before its next packet. Answered by [`Notice::PacketsMoved`] with what was done so far.
    CancelPackets,
}

/// What can be pressed while a demonstration guides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuideAction {
    /// Go on at once.
    GoOn,
    /// Stop guiding: the person drives.
    TakeOver,
}

/// What a guided demonstration is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuideView {
    /// Locale key of what happens on the screen.
    pub caption_key: &'static str,
    /// The part it is in, from 1.
    pub step: usize,
    /// Parts there are.
    pub steps: usize,
    /// Whether it has come to its end.
    pub over: bool,
}

/// An answer.
#[derive(Debug, Clone)]
pub enum Notice {
    /// A page of people, with the query it answers.
    Subjects(SubjectQuery, Page<SubjectSummary>),
    /// One person.
    Subject(Box<SubjectDetails>),
    /// A picture, decoded; `None` when there is none.
    Picture(SubjectId, PictureKind, Option<Arc<Frame>>),
    /// All galleries.
    Galleries(Vec<GallerySummary>),
    /// A page of completed enrolments.
    Records(Page<RecordSummary>),
    /// A person was erased.
    Erased(ErasureReceipt),
    /// A change was saved; lists shown should be asked for again.
    Changed,
    /// Cameras found.
    Cameras(Vec<CameraDescription>),
    /// Settings were kept and are in force.
    SettingsKept,
    /// The report about a document was written.
    ReportWritten(PathBuf),
    /// People were written to a sealed file.
    Exported(ExportReport),
    /// People were taken in, and the fingerprint of whoever sealed the file.
    Imported(ImportReport, String),
    /// Keys that other machines need of this one.
    MachineKeys(MachineKeys),
    /// Identity services as configured.
    Services(Services),
    /// What a test of a service found.
    ServiceTested(Arc<TestReport>),
    /// A page of deliveries, with the query it answers.
    Deliveries(EntryQuery, Page<DeliveryRow>),
    /// A delivery was changed as somebody decided.
    DeliveryDecided(Uuid),
    /// Packets were written or read.
    PacketsMoved(PacketsDone),
    /// Something could not be done. The text says what happened, the advice what to do.
    Failed(String, Advice),
}

/// How the camera does, for the status bar and the devices screen.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraHealth {
    /// No camera was asked for yet.
    Off,
    /// Being opened, for the given attempt.
    Opening {
        /// 1 for the first.
        attempt: u32,
    },
    /// Frames arrive.
    Streaming {
        /// Format in force, re-read after opening.
        format: CameraFormat,
        /// Frames a second delivered over the last two seconds.
        delivered_rate: f32,
        /// Frames overwritten before anybody looked, since opening.
        dropped: u64,
    },
    /// Lost; opened again by itself.
    Recovering {
        /// What happened.
        what: String,
        /// Its code, for instance `CAM-04`.
        code: &'static str,
    },
}

/// Everything a window may show about the machine. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Camera in words, for instance `synthetic:default`.
    pub camera: String,
    /// How it does.
    pub camera_health: CameraHealth,
    /// Pack in use and its version.
    pub models: String,
    /// Inference backend.
    pub backend: BackendDescription,
    /// People enrolled in the gallery in use.
    pub enrolled: u64,
    /// Where the keys are kept.
    pub keys: KeyProtection,
    /// Practice mode.
    pub practice: bool,
    /// Capture profile in use.
    pub capture_profile: String,
    /// Match level in force, 1-5.
    pub match_level: u8,
    /// False match rate the level's threshold stands for, as a fraction; shown in words ("1 in 1 000"), never as a naked score.
    pub false_match_rate: f64,
    /// What the settings page shows.
    pub settings: Arc<SettingsView>,
    /// Export or import in progress.
    pub transfer: Option<TransferView>,
    /// Delivery to identity services; `None` where the program knows nothing of it.
    pub sync: Option<SyncView>,
}

/// A delivery with the person it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryRow {
    /// The delivery.
    pub entry: Entry,
    /// The person; `None` once erased, for packets of other machines, and while the gallery cannot be read.
    pub person: Option<SubjectSummary>,
}

/// Delivery to identity services.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SyncView {
    /// How it stands.
    pub summary: SyncSummary,
    /// Whether a thread of this program delivers.
    pub delivering: bool,
    /// Whether somebody lets it rest.
    pub paused: bool,
    /// Whether it delivers by itself.
    pub automatic: bool,
    /// Most days without contact before enrolling stops; 0 for any number.
    pub max_days_offline: u32,
    /// Packets being written or read.
    pub packets: Option<PacketsView>,
    /// A test of a connection in progress.
    pub testing: Option<TestView>,
}

/// Packets being written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketsView {
    /// Whether they are read.
    pub importing: bool,
    /// Packets done.
    pub done: u64,
    /// Packets in all; 0 until it is known.
    pub of: u64,
    /// Whether it was told to break off.
    pub cancelled: bool,
}

/// An export or import in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferView {
    /// Whether people come in; else they go out.
    pub importing: bool,
    /// People done.
    pub people: u64,
    /// People in all, where it is known.
    pub of: Option<u64>,
    /// Whether it was told to break off.
    pub cancelled: bool,
}

/// What the live preview shows outside a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveView {
    /// Instruction the current frame would give.
    pub instruction: Instruction,
    /// Quality bars.
    pub quality: Vec<QualityBar>,
}

/// What the window draws from.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Flow in progress.
    pub flow: Option<FlowView>,
    /// Newest frame, while a flow or the preview shows one; shown mirrored.
    pub preview: Option<CapturedFrame>,
    /// Live feedback outside a flow.
    pub live: Option<LiveView>,
    /// The machine.
    pub status: Status,
    /// What services said about the flow's outcome; at a desk only.
    pub opinions: Option<OpinionView>,
    /// What a guided demonstration says.
    pub guide: Option<GuideView>,
}
