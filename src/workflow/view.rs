//! What a screen may show, as plain comparable values. State machines make them, screens draw them, storyboards and tests compare them.

use crate::biometrics::comparison::{Comparison, SimilarityScore};
use crate::biometrics::identification::decision::IdentificationDecision;
use crate::biometrics::pad::PadDecision;
use crate::geometry::{PixelRect, Rect, Size};
use crate::imaging::Frame;
use crate::ports::gallery::SubjectId;
use crate::units::UtcTime;
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::document::DocumentRefusal;
use crate::workflow::document::decision::DocumentDecision;
use crate::workflow::document_capture::DocumentCaptureView;
use std::sync::Arc;
use std::time::Duration;

/// What the subject could change, one at a time. The first fourteen are AwareID/Knomi's, in the vendor's numeric order 0-13.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feedback {
    /// `COMPLIANT_IMAGE`: hold still.
    Compliant,
    /// `NO_FACE_DETECTED`
    NoFaceDetected,
    /// `MULTIPLE_FACES_DETECTED`
    MultipleFacesDetected,
    /// `INVALID_POSE`: look straight at the camera (no smaller move is known).
    InvalidPose,
    /// `FACE_TOO_FAR`
    FaceTooFar,
    /// `FACE_TOO_CLOSE`
    FaceTooClose,
    /// `FACE_ON_LEFT` (of the unmirrored picture)
    FaceOnLeft,
    /// `FACE_ON_RIGHT` (of the unmirrored picture)
    FaceOnRight,
    /// `FACE_TOO_HIGH`
    FaceTooHigh,
    /// `FACE_TOO_LOW`
    FaceTooLow,
    /// `INSUFFICIENT_LIGHTING`
    InsufficientLighting,
    /// `LEFT_EYE_CLOSED` (the subject's)
    LeftEyeClosed,
    /// `RIGHT_EYE_CLOSED` (the subject's)
    RightEyeClosed,
    /// `DARK_GLASSES_DETECTED`
    DarkGlassesDetected,
    /// Ours: too much light on the face.
    TooBright,
    /// Ours: light from one side.
    UnevenLighting,
    /// Ours: the picture is blurred; hold still.
    Blurred,
    /// Ours: close the mouth.
    MouthOpen,
    /// Ours: turn the head to the subject's left.
    TurnLeft,
    /// Ours: turn the head to the subject's right.
    TurnRight,
    /// Ours: raise the chin.
    ChinUp,
    /// Ours: lower the chin.
    ChinDown,
    /// Ours: tilt the head towards the subject's left shoulder.
    TiltLeft,
    /// Ours: tilt the head towards the subject's right shoulder.
    TiltRight,
}

/// The size of the smallest move that would help.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// About this many centimetres.
    Centimetres(f32),
    /// About this many degrees.
    Degrees(f32),
}

/// The one instruction on screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instruction {
    /// What to change.
    pub feedback: Feedback,
    /// By how much, where it can be computed.
    pub amount: Option<Amount>,
}

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapturePhase {
    /// The subject is moving into place.
    Positioning,
    /// Everything complies; the ring fills.
    Holding,
    /// The burst is being taken.
    Capturing,
    /// The best shot is being assessed (PAD, template).
    Assessing,
    /// Done: a picture was taken.
    Captured,
    /// An attempt ended without a picture; another follows.
    AttemptOver,
    /// No attempts or no time left, or refused.
    Refused,
    /// Camera or worker lost; fails closed, preview blanked.
    Faulted,
}

/// One bar of the officer's quality strip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityBar {
    /// Locale key of the component, for instance `quality-sharpness`.
    pub label_key: &'static str,
    /// 0-100; `None` is a failure to assess.
    pub score: Option<u8>,
    /// Whether the gate of this component is met.
    pub passed: bool,
}

/// The face screen.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptureView {
    /// Where the attempt stands.
    pub phase: CapturePhase,
    /// What to do.
    pub instruction: Instruction,
    /// Compliant frames so far over those needed, [0, 1].
    pub progress: f32,
    /// Size of the frames, for placing overlays; `None` before the first frame.
    pub frame_size: Option<Size>,
    /// Region of interest in frame pixels (unmirrored).
    pub roi_in_frame: Option<PixelRect>,
    /// The chosen face in frame pixels (unmirrored).
    pub face_in_frame: Option<Rect>,
    /// Attempts left, the current one included.
    pub attempts_left: u32,
    /// Time left in this attempt.
    pub time_left: Option<Duration>,
    /// For the officer only.
    pub quality: Vec<QualityBar>,
    /// Locale key of why the attempt before ended, between two attempts and when none is left.
    pub reason_key: Option<&'static str>,
    /// Support code where refused or faulted, for instance `CAM-04`.
    pub code: Option<&'static str>,
}

/// Where an attempt of the challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengePhase {
    /// The subject looks straight ahead.
    Settling,
    /// A gesture is asked for.
    Asking,
    /// The gesture was done; the subject comes back to the neutral face.
    Acknowledged,
    /// Every gesture was done; the pictures are being assessed.
    Assessing,
    /// Done.
    Passed,
    /// An attempt ended without success; another follows.
    AttemptOver,
    /// No attempts left.
    Refused,
    /// Camera or worker lost; fails closed, preview blanked.
    Faulted,
}

/// The challenge screen: one gesture at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengeView {
    /// Where the attempt stands.
    pub phase: ChallengePhase,
    /// What is asked for; none while the subject is to look straight ahead.
    pub gesture: Option<Gesture>,
    /// Gestures done.
    pub step: usize,
    /// Gestures asked for.
    pub steps: usize,
    /// How far the gesture is, [0, 1].
    pub progress: f32,
    /// Time left for it, [0, 1].
    pub time_left: f32,
    /// Whether another gesture can be had instead.
    pub can_replace: bool,
    /// Size of the frames, for placing overlays; `None` before the first frame.
    pub frame_size: Option<Size>,
    /// The face in frame pixels (unmirrored).
    pub face_in_frame: Option<Rect>,
    /// Level of the light that the screen is to throw on the face, [0, 1]; `None` where it throws none.
    pub light: Option<f32>,
    /// Attempts left, the current one included.
    pub attempts_left: u32,
    /// Locale key of why the attempt before ended, between two attempts and when none is left.
    pub reason_key: Option<&'static str>,
    /// Support code where refused or faulted.
    pub code: Option<&'static str>,
}

/// Which flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum FlowKind {
    Enrol,
    Authenticate,
    ReEnrol,
    Identify,
    VerifyId,
}

/// One step of a flow as the progress dots show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Step {
    Consent,
    Details,
    Document,
    Face,
    Liveness,
    Review,
    Result,
}

/// One entry field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldView {
    /// Configuration's key of the field, for instance `full_name`.
    pub key: String,
    /// Locale key of its label.
    pub label_key: String,
    /// Text entered so far.
    pub value: crate::units::SensitiveText,
    /// Whether it must be filled in.
    pub required: bool,
    /// Locale key of what is wrong with it, once it was left.
    pub problem_key: Option<&'static str>,
}

/// The details screen.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailsView {
    /// Fields in order.
    pub fields: Vec<FieldView>,
    /// Whether the primary button may be pressed.
    pub complete: bool,
}

/// The review screen.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewView {
    /// The picture that would be kept.
    pub portrait: Option<Arc<Frame>>,
    /// Label key and text of what was entered.
    pub details: Vec<(String, crate::units::SensitiveText)>,
    /// Shown to an officer, never to the subject.
    pub duplicates: Vec<CandidateView>,
}

/// One candidate of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateView {
    /// The person.
    pub subject: SubjectId,
    /// For people.
    pub display_name: crate::units::SensitiveText,
    /// Registration code.
    pub registration_code: String,
    /// The comparison with its best template.
    pub comparison: Comparison,
}

/// What the answer of a search rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchBasis {
    /// Identified, several too much alike, or unknown and why.
    pub decision: IdentificationDecision,
    /// Templates compared with, once for each probe.
    pub searched: usize,
    /// The threshold in force; `None` where the calibration supports none among so many.
    pub threshold: Option<SimilarityScore>,
    /// The false match rate it stands for, a fraction.
    pub false_match_rate: Option<f64>,
    /// Probability that a search for a stranger names somebody, a fraction.
    pub false_positive_identification_rate: Option<f64>,
    /// Lead of the best over the second, points of score percent; `None` without a second.
    pub margin_percent: Option<f32>,
}

impl SearchBasis {
    /// A decision without the numbers behind it.
    #[must_use]
    pub const fn of(decision: IdentificationDecision) -> Self {
        Self {
            decision,
            searched: 0,
            threshold: None,
            false_match_rate: None,
            false_positive_identification_rate: None,
            margin_percent: None,
        }
    }
}

/// How a flow ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Saved; durable before it is shown.
    Enrolled {
        /// The person.
        subject: SubjectId,
        /// In groups of four, to be read aloud.
        registration_code: String,
        /// Held for an officer.
        held: bool,
    },
    /// 1:1.
    Verified {
        /// The comparison with the person's own record.
        comparison: Comparison,
        /// The person claimed.
        subject: SubjectId,
    },
    /// 1:N.
    Identified {
        /// Best first; empty is an honest *unknown*.
        candidates: Vec<CandidateView>,
        /// Whether the first stands out enough to be named.
        decided: bool,
        /// Why, in numbers.
        basis: SearchBasis,
    },
    /// A document was verified.
    Document(Box<DocumentDecision>),
    /// Policy said no.
    Refused {
        /// Locale key of the reason in plain words.
        reason_key: &'static str,
        /// Support code.
        code: &'static str,
        /// What PAD said, where that is the reason.
        pad: Option<PadDecision>,
    },
}

impl Outcome {
    /// Whether the screen offers `Retry`: attempts were used up, and the flow may begin the capture again.
    #[must_use]
    pub fn offers_retry(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                code: "FLW-20" | "FLW-21" | "FLW-22" | "FLW-23" | "FLW-40" | "FLW-41" | "FLW-42" | "FLW-43" | "FLW-44" | "FLW-45",
                ..
            }
        )
    }
}

/// Something is wrong with the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TroubleView {
    /// Locale key of one sentence.
    pub message_key: &'static str,
    /// Support code.
    pub code: &'static str,
    /// Whether it mends itself (the screen then waits).
    pub recovering: bool,
}

/// What the person states, as the officer types it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatedView {
    /// Whether it is being typed.
    pub open: bool,
    /// Fields in order; none is required.
    pub fields: Vec<FieldView>,
    /// The day that the date of birth stands for, once it is one.
    pub born: Option<UtcTime>,
    /// Whether the document is read and waits for it.
    pub waited_for: bool,
}

/// The document screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DocumentView {
    /// Whether a picture is being read.
    pub reading: bool,
    /// Why the last picture was not taken.
    pub refusal: Option<DocumentRefusal>,
    /// Whether live frames can be taken.
    pub live: bool,
    /// How the capture from live frames stands.
    pub capture: Option<DocumentCaptureView>,
    /// Pages taken so far, flattened; first side first.
    pub pages: Vec<Arc<Frame>>,
    /// What the person states; `None` where nobody may type it.
    pub stated: Option<StatedView>,
}

/// The current step of a flow.
#[derive(Debug, Clone, PartialEq)]
pub enum StepView {
    /// Consent.
    Consent,
    /// Entry fields.
    Details(DetailsView),
    /// A document is laid under the camera, or a scan is opened.
    Document(DocumentView),
    /// Face capture.
    Face(CaptureView),
    /// The liveness challenge.
    Liveness(ChallengeView),
    /// Long work; the locale key says what.
    Working {
        /// Locale key.
        what_key: &'static str,
    },
    /// Review.
    Review(ReviewView),
    /// The end.
    Outcome {
        /// How it ended.
        outcome: Outcome,
        /// Time until the kiosk returns to the attract screen.
        returns_in: Option<Duration>,
    },
    /// Camera lost, gallery locked ...
    Trouble(TroubleView),
}

/// A flow in progress.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowView {
    /// Which flow.
    pub flow: FlowKind,
    /// Steps of this flow in order.
    pub steps: Vec<Step>,
    /// The current one.
    pub current: Step,
    /// What to draw.
    pub view: StepView,
    /// Practice mode: the ribbon is drawn on every screen.
    pub practice: bool,
    /// The gallery whose members are searched; `None` for everybody.
    pub gallery: Option<String>,
}
