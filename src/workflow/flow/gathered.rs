//! What a flow has gathered so far, and what it means: who may be saved, held, shown, refused.

use super::details::Form;
use super::event::{BurstAssessment, EnrolmentDraft, FlowEffect, RequestId};
use super::setup::FlowSetup;
use super::stated::Stated;
use crate::biometrics::comparison::{Comparison, VerificationDecision};
use crate::biometrics::pad::injection::{self, FrameSigns};
use crate::biometrics::pad::{PadDecision, PadLayer};
use crate::biometrics::template::Template;
use crate::documents::checks::{Portrait, Rules};
use crate::imaging::Frame;
use crate::ports::camera::Origin;
use crate::ports::gallery::{NewPicture, SubjectId};
use crate::units::{SensitiveBytes, SensitiveText};
use crate::workflow::admission::Admission;
use crate::workflow::capture::event::Shot;
use crate::workflow::document::{DocumentRead, DocumentRefusal, NumberSearch};
use crate::workflow::view::{CandidateView, FlowKind};
use std::sync::Arc;

/// A picture that was admitted, with its templates.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) admission: Admission,
    pub(super) templates: Vec<(Template, f32)>,
    pub(super) portrait: Arc<Frame>,
    pub(super) pictures: Vec<NewPicture>,
}

impl Taken {
    pub(super) fn new(admission: Admission, assessment: BurstAssessment) -> Self {
        let BurstAssessment { templates, portrait, pictures, .. } = assessment;
        Self { admission, templates, portrait, pictures }
    }

    fn probes(&self) -> Vec<Template> {
        self.templates.iter().map(|(template, _)| template.clone()).collect()
    }
}

/// What is known of a burst while the networks look at it.
#[derive(Debug, Clone)]
pub(super) struct Burst {
    pub(super) origin: Origin,
    /// Whether its frames came from a sensor; `None` where nothing can be said.
    pub(super) injection: Option<PadLayer>,
}

impl Burst {
    pub(super) fn of(shots: &[Shot], setup: &FlowSetup) -> Option<Self> {
        let signs = |shot: &Shot| {
            let face = shot.observation.face.as_ref()?.detection.bounds;
            Some(FrameSigns::of(&shot.frame.frame, shot.frame.number, shot.frame.captured_at, face))
        };
        let injection = if setup.watch_for_injection {
            injection::assess_burst(shots.iter().filter_map(signs).collect(), &setup.start.device)
        } else {
            None
        };
        Some(Self { origin: shots.first()?.frame.origin, injection })
    }
}

/// Work that the runtime does for a flow and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    LookUp,
    Duplicates,
    /// With the record of the person claimed, before a re-enrolment.
    CompareOwn,
    Compare,
    Identify,
    /// The document's portrait with the living face.
    ComparePortrait,
    /// Who is enrolled with the document's number.
    LookUpNumber,
    Save,
}

impl Work {
    /// Locale key of what is being done.
    pub(super) const fn what_key(self) -> &'static str {
        match self {
            Self::LookUp | Self::Duplicates | Self::Identify | Self::LookUpNumber => "working-searching",
            Self::CompareOwn | Self::Compare | Self::ComparePortrait => "working-comparing",
            Self::Save => "working-saving",
        }
    }
}

/// What was gathered. Dropped with the flow; a picture taken again clears what rests on the old one.
#[derive(Debug, Clone)]
pub(super) struct Gathered {
    pub(super) form: Form,
    pub(super) claim: Option<SubjectId>,
    pub(super) taken: Option<Taken>,
    /// Others who may be the same person, once they were looked for.
    pub(super) duplicates: Option<Vec<CandidateView>>,
    /// Whether the face is the one of the record to be replaced, once that was compared.
    pub(super) own_record: Option<bool>,
    /// An assessment that presentation attack detection could not answer, for an officer to decide.
    pub(super) unanswered: Option<(BurstAssessment, Origin)>,
    /// A picture that passed the passive layers and waits for the challenge; no leave to use it yet.
    pub(super) candidate: Option<(BurstAssessment, Origin)>,
    /// Pictures of the challenge whose layers are being heard.
    pub(super) clip: Option<SensitiveBytes>,
    /// Whether an attempt of the challenge was refused as an attack: no officer overrules that.
    pub(super) challenge_refused: bool,
    /// What presentation attack detection said last.
    pub(super) last_pad: Option<PadDecision>,
    /// The document as read.
    pub(super) document: Option<Box<DocumentRead>>,
    /// How often the document was captured.
    pub(super) document_captures: u32,
    /// Who is enrolled with its number, once that was asked.
    pub(super) number: Option<NumberSearch>,
    /// Why the files of its chip could not be used.
    pub(super) chip_refusal: Option<DocumentRefusal>,
    /// What the person stated.
    pub(super) stated: Stated,
}

impl Gathered {
    pub(super) fn new(setup: &FlowSetup) -> Self {
        Self {
            form: Form::new(&setup.fields, setup.start.begun_at),
            claim: setup.start.claim,
            taken: None,
            duplicates: None,
            own_record: None,
            unanswered: None,
            candidate: None,
            clip: None,
            challenge_refused: false,
            last_pad: None,
            document: None,
            document_captures: 0,
            number: None,
            chip_refusal: None,
            stated: Stated::new(setup.start.begun_at),
        }
    }

    /// Forgets the picture and all that rests on it.
    pub(super) fn forget_picture(&mut self) {
        (self.taken, self.duplicates, self.own_record, self.unanswered, self.last_pad) = (None, None, None, None, None);
        (self.candidate, self.clip, self.challenge_refused, self.number) = (None, None, false, None);
    }

    /// The check that has to be made before a picture is reviewed or a result is shown, if one is still open.
    pub(super) fn open_check(&self, kind: FlowKind) -> Option<Work> {
        match kind {
            FlowKind::ReEnrol if self.own_record.is_none() => Some(Work::CompareOwn),
            FlowKind::Enrol | FlowKind::ReEnrol if self.duplicates.is_none() => Some(Work::Duplicates),
            _ => None,
        }
    }

    /// The effect that asks for the work; `None` when what it needs is missing, which is a fault of ours and fails closed.
    pub(super) fn effect(&self, work: Work, request: RequestId, setup: &FlowSetup) -> Option<FlowEffect> {
        Some(match work {
            Work::LookUp => FlowEffect::LookUpCode { request, code: self.form.code()? },
            Work::Duplicates => {
                FlowEffect::SearchDuplicates { request, templates: self.taken.as_ref()?.probes(), except: self.known(setup) }
            }
            Work::CompareOwn | Work::Compare => {
                FlowEffect::Compare { request, subject: self.claim?, templates: self.taken.as_ref()?.probes() }
            }
            Work::ComparePortrait => FlowEffect::ComparePortrait {
                request,
                references: self.references(&setup.documents)?.to_vec(),
                probes: self.taken.as_ref()?.probes(),
            },
            Work::LookUpNumber => FlowEffect::LookUpNumber {
                request,
                numbers: Some(self.numbers()).filter(|numbers| !numbers.is_empty())?,
                probes: self.taken.as_ref()?.probes(),
            },
            Work::Identify => FlowEffect::Identify { request, templates: self.taken.as_ref()?.probes(), scope: setup.start.scope.clone() },
            Work::Save => FlowEffect::Save { request, enrolment: Box::new(self.draft(setup)?) },
        })
    }

    /// The document's numbers; empty where none was read.
    pub(super) fn numbers(&self) -> Vec<SensitiveText> {
        self.document.as_ref().map(|read| read.evidence().document_numbers()).unwrap_or_default()
    }

    /// Templates of the document's portrait, if it has any and is large enough to be compared: one that is too small shows nobody else.
    pub(super) fn references(&self, rules: &Rules) -> Option<&[Template]> {
        let read = self.document.as_ref()?;
        let large = matches!(read.portrait, Portrait::Found { height_px } if height_px >= rules.smallest_portrait_px);
        read.compared.as_ref().map(|portrait| portrait.templates.as_slice()).filter(|templates| large && !templates.is_empty())
    }

    /// The person who enrols again.
    fn known(&self, setup: &FlowSetup) -> Option<SubjectId> {
        if setup.start.kind == FlowKind::ReEnrol { self.claim } else { None }
    }

    /// What would be saved; `None` unless a picture was admitted and every check was made.
    fn draft(&self, setup: &FlowSetup) -> Option<EnrolmentDraft> {
        let kind = setup.start.kind;
        let taken = self.taken.as_ref()?;
        if self.open_check(kind).is_some() || (kind == FlowKind::ReEnrol && self.claim.is_none()) {
            return None;
        }
        Some(EnrolmentDraft {
            subject: self.known(setup),
            details: if kind == FlowKind::Enrol { self.form.entries() } else { Vec::new() },
            templates: taken.templates.clone(),
            pictures: taken.pictures.clone(),
            origin: taken.admission.origin(),
            pad: taken.admission.pad().clone(),
            flow: setup.name().to_owned(),
            held: self.held(setup),
        })
    }

    /// Whether the record waits for an officer: somebody else may be the same person, or the face is not the one of the record, and no
    /// officer has seen that on the review screen.
    pub(super) fn held(&self, setup: &FlowSetup) -> bool {
        let doubtful = self.duplicates.as_ref().is_none_or(|d| !d.is_empty()) || self.own_record == Some(false);
        let decided_by_officer = setup.start.attended && setup.steps.contains(&crate::workflow::view::Step::Review);
        doubtful && !decided_by_officer
    }
}

/// Whether a comparison may be shown: its decision agrees with its numbers. One that does not fails closed.
pub(super) fn consistent(comparison: &Comparison) -> bool {
    let (score, threshold) = (comparison.score.0, comparison.threshold.0);
    let reached = score >= threshold;
    score.is_finite() && threshold.is_finite() && reached == (comparison.decision == VerificationDecision::Match)
}
