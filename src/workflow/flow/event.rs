//! What a flow is told and what it asks of the runtime.
//!
//! Every effect that expects an answer carries a [`RequestId`] (or an [`AttemptId`]), which the answer hands back; answers to questions that
//! are no longer open are dropped. The runtime carries effects out in order and answers each exactly once, late or with a fault.

use crate::biometrics::comparison::Comparison;
use crate::biometrics::observation::Observation;
use crate::biometrics::pad::injection::DeviceFacts;
use crate::biometrics::pad::{PadDecision, PadLayer};
use crate::biometrics::template::Template;
use crate::imaging::Frame;
use crate::ports::audit::AuditEvent;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::ports::gallery::{NewEnrolment, NewPicture, PadRecord, RecordId, SubjectId};
use crate::units::{SensitiveText, UtcTime};
use crate::workflow::capture::event::{AssessmentFailure, AttemptId, Fault, Shot};
use crate::workflow::document::{DocumentRead, DocumentRefusal, DocumentSource, NumberSearch, PortraitComparison};
use crate::workflow::document_capture::DocumentObservation;
use crate::workflow::flow::setup::SearchScope;
use crate::workflow::input::FlowInput;
use crate::workflow::registration_code::RegistrationCode;
use crate::workflow::view::{CandidateView, SearchBasis};
use std::sync::Arc;

/// Numbers the questions of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Something happened.
#[derive(Debug, Clone)]
pub enum FlowEvent {
    /// Begin. Nothing happens before it.
    Begin,
    /// The subject or the officer did something.
    Input(FlowInput),
    /// A frame and what was observed in it. Sent for every analysed frame, whatever the step: the flow ignores what it does not need.
    Observed {
        /// The frame.
        frame: CapturedFrame,
        /// Made from that frame.
        observation: Arc<Observation>,
    },
    /// A frame and the documents in it. Sent while [`FlowEffect::LookForDocument`] holds.
    DocumentSeen(Box<DocumentObservation>),
    /// More is known about the camera than when the flow began: it was opened.
    Device(DeviceFacts),
    /// Answers [`FlowEffect::AssessBurst`].
    BurstAssessed {
        /// As asked.
        attempt: AttemptId,
        /// What came out.
        result: Result<BurstAssessment, AssessmentFailure>,
    },
    /// Answers [`FlowEffect::AssessChallenge`].
    ChallengeAssessed {
        /// As asked.
        attempt: AttemptId,
        /// What the layers that need networks said.
        result: Result<Vec<PadLayer>, AssessmentFailure>,
    },
    /// Answers [`FlowEffect::LookUpCode`]: the person, or nobody.
    CodeLookedUp {
        /// As asked.
        request: RequestId,
        /// What came out.
        result: Result<Option<SubjectId>, Fault>,
    },
    /// Answers [`FlowEffect::SearchDuplicates`]: those who reach the threshold, best first.
    DuplicatesFound {
        /// As asked.
        request: RequestId,
        /// What came out.
        result: Result<Vec<CandidateView>, Fault>,
    },
    /// Answers [`FlowEffect::Compare`].
    Compared {
        /// As asked.
        request: RequestId,
        /// What came out; `None` if the person has no template that compares.
        result: Result<Option<Comparison>, Fault>,
    },
    /// Answers [`FlowEffect::ComparePortrait`].
    PortraitCompared {
        /// As asked.
        request: RequestId,
        /// What came out; `None` if no two templates compare.
        result: Result<Option<PortraitComparison>, Fault>,
    },
    /// Answers [`FlowEffect::Identify`].
    Searched {
        /// As asked.
        request: RequestId,
        /// What came out.
        result: Result<SearchAnswer, Fault>,
    },
    /// Answers [`FlowEffect::Save`]: durable.
    Saved {
        /// As asked.
        request: RequestId,
        /// What came out; a fault means that nothing was saved.
        result: Result<SavedEnrolment, Fault>,
    },
    /// Answers [`FlowEffect::ReadDocument`].
    DocumentRead {
        /// As asked.
        request: RequestId,
        /// What came out.
        result: Result<Box<DocumentRead>, DocumentRefusal>,
    },
    /// Answers [`FlowEffect::LookUpNumber`].
    NumberLookedUp {
        /// As asked.
        request: RequestId,
        /// What came out.
        result: Result<NumberSearch, Fault>,
    },
    /// Camera, analysis or another worker has stopped.
    Lost(Fault),
    /// Frames arrive again.
    Recovered,
    /// Time has passed; due when the flow's next deadline says.
    Tick,
}

/// What the assessment of a burst found.
#[derive(Debug, Clone)]
pub struct BurstAssessment {
    /// Presentation attack detection over the burst. Not looked at for pictures given as files.
    pub pad: PadDecision,
    /// One or more templates, each with the capture score of its picture; never empty.
    pub templates: Vec<(Template, f32)>,
    /// Head-and-shoulders crop of the best shot, for the review.
    pub portrait: Arc<Frame>,
    /// Pictures to keep, encoded.
    pub pictures: Vec<NewPicture>,
}

/// The answer of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchAnswer {
    /// Best first.
    pub candidates: Vec<CandidateView>,
    /// Whether the first stands out enough to be named.
    pub decided: bool,
    /// Why, in numbers.
    pub basis: SearchBasis,
}

/// What was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedEnrolment {
    /// The person.
    pub subject: SubjectId,
    /// The code handed out.
    pub registration_code: RegistrationCode,
}

/// What the runtime must do.
#[derive(Debug, Clone)]
pub enum FlowEffect {
    /// Have the camera stream and send [`FlowEvent::Observed`] (`true`), or let it rest.
    UseCamera(bool),
    /// Look for documents in the frames, and send [`FlowEvent::DocumentSeen`], in place of looking for faces (`true`); or for faces again.
    LookForDocument(bool),
    /// Show live frames on screen (`true`), or blank them at once. A camera that was lost is blanked and still wanted.
    ShowPreview(bool),
    /// Command the camera's exposure, in stops from its own choice; `None` gives it back. Asked only of cameras that take commands.
    Expose(Option<f32>),
    /// Run presentation attack detection and make templates; answered by [`FlowEvent::BurstAssessed`].
    AssessBurst {
        /// To be handed back.
        attempt: AttemptId,
        /// Best first by capture score; never empty.
        shots: Vec<Shot>,
    },
    /// Run presentation attack detection over pictures of the challenge and compare their face with the burst's; answered by
    /// [`FlowEvent::ChallengeAssessed`].
    AssessChallenge {
        /// To be handed back.
        attempt: AttemptId,
        /// In the order they were taken; never empty.
        shots: Vec<Shot>,
        /// Templates of the burst; never empty.
        templates: Vec<Template>,
    },
    /// Find the person a registration code was handed to; answered by [`FlowEvent::CodeLookedUp`].
    LookUpCode {
        /// To be handed back.
        request: RequestId,
        /// The code.
        code: RegistrationCode,
    },
    /// Look for people who may be the same; answered by [`FlowEvent::DuplicatesFound`].
    SearchDuplicates {
        /// To be handed back.
        request: RequestId,
        /// Probes; the best score of any counts.
        templates: Vec<Template>,
        /// Not looked for: the person who enrols again.
        except: Option<SubjectId>,
    },
    /// Compare with one person's own templates; answered by [`FlowEvent::Compared`].
    Compare {
        /// To be handed back.
        request: RequestId,
        /// The person claimed.
        subject: SubjectId,
        /// Probes; the best score of any counts.
        templates: Vec<Template>,
    },
    /// Look for the person; answered by [`FlowEvent::Searched`].
    Identify {
        /// To be handed back.
        request: RequestId,
        /// Probes.
        templates: Vec<Template>,
        /// Whom to look at.
        scope: SearchScope,
    },
    /// Save the enrolment durably; answered by [`FlowEvent::Saved`].
    Save {
        /// To be handed back.
        request: RequestId,
        /// What to save.
        enrolment: Box<EnrolmentDraft>,
    },
    /// Read a document; answered by [`FlowEvent::DocumentRead`].
    ReadDocument {
        /// To be handed back.
        request: RequestId,
        /// Its picture, or the files of its chip.
        source: DocumentSource,
        /// What was read of the document before, for its chip.
        before: Option<Box<DocumentRead>>,
    },
    /// Compare the document's portrait with the living face; answered by [`FlowEvent::PortraitCompared`].
    ComparePortrait {
        /// To be handed back.
        request: RequestId,
        /// Of the document's portrait; never empty.
        references: Vec<Template>,
        /// Of the living face; the best score of any pair counts.
        probes: Vec<Template>,
    },
    /// Find out who is enrolled with a document's number, and whether it is the living face; answered by [`FlowEvent::NumberLookedUp`].
    LookUpNumber {
        /// To be handed back.
        request: RequestId,
        /// As zone and barcode have it; never empty.
        numbers: Vec<SensitiveText>,
        /// Of the living face; the best score of any pair counts.
        probes: Vec<Template>,
    },
    /// Write an entry of the audit trail.
    WriteAudit(AuditEvent),
    /// The flow is over; the runtime drops it.
    Finished(FlowEnd),
}

/// How a flow left the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowEnd {
    /// Its outcome was shown.
    Completed,
    /// Cancelled by somebody.
    Cancelled,
    /// Nobody was there any more.
    TimedOut,
}

/// An enrolment as decided, without identifiers, code and time, which the runtime adds.
#[derive(Debug, Clone)]
pub struct EnrolmentDraft {
    /// The person who enrols again; `None` is a new person.
    pub subject: Option<SubjectId>,
    /// Key of the field and what was entered; empty when a person enrols again (what was entered before stays).
    pub details: Vec<(String, SensitiveText)>,
    /// One or more templates, each with the capture score of its picture.
    pub templates: Vec<(Template, f32)>,
    /// Pictures to keep.
    pub pictures: Vec<NewPicture>,
    /// Where the pictures came from.
    pub origin: Origin,
    /// How presentation attack detection went.
    pub pad: PadRecord,
    /// Name of the flow.
    pub flow: String,
    /// Held for an officer.
    pub held: bool,
}

impl EnrolmentDraft {
    /// The enrolment to hand to the gallery.
    ///
    /// - `new_subject`: the identifier of a new person; not used when a known one enrols again.
    #[must_use]
    pub fn complete(self, new_subject: SubjectId, record: RecordId, code: RegistrationCode, at: UtcTime) -> NewEnrolment {
        NewEnrolment {
            subject: self.subject.unwrap_or(new_subject),
            record,
            registration_code: code.compact(),
            details: self.details,
            templates: self.templates,
            pictures: self.pictures,
            galleries: Vec::new(),
            origin: self.origin,
            pad: self.pad,
            flow: self.flow,
            enrolled_at: at,
            held: self.held,
            deliver_to: Vec::new(),
            announce: None,
        }
    }
}
