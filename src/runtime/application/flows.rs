//! The flow in progress: started, told what happens, and its effects carried out.

use super::{Application, Assessing, Running};
use crate::advice::Advised as _;
use crate::biometrics::pad::{PadLayer, PadOutcome};
use crate::imaging::Frame;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::ports::gallery::{GalleryError, RecordId, SubjectId};
use crate::runtime::clock::civil_day;
use crate::runtime::enrolled::{Enrolled, gallery_fault};
use crate::runtime::messages::{Notice, Seat};
use crate::units::UtcTime;
use crate::workflow::capture::event::{AssessmentFailure, AttemptId, Fault};
use crate::workflow::challenge::sequence::Nonce;
use crate::workflow::flow::Flow;
use crate::workflow::flow::event::{BurstAssessment, EnrolmentDraft, FlowEffect, FlowEvent, RequestId};
use crate::workflow::flow::setup::{FlowSetup, FlowStart, PictureSource, SearchScope};
use crate::workflow::input::FlowInput;
use crate::workflow::registration_code::RegistrationCode;
use crate::workflow::view::FlowKind;
use std::sync::Arc;

/// Codes drawn for one enrolment; that all of them are taken does not happen in a gallery of any size.
const CODES: usize = 8;

/// A flow as a command orders it; the window's begin with [`crate::runtime::messages::Command::StartFlow`].
#[derive(Debug, Clone)]
pub struct FlowOrder {
    /// Which.
    pub kind: FlowKind,
    /// The person claimed.
    pub claim: Option<SubjectId>,
    /// Whom a search looks at.
    pub scope: SearchScope,
    /// A picture instead of the camera, upright and decoded, and why, for the record. Not for practice mode's gallery: the record's origin
    /// is `file`.
    pub picture: Option<(Arc<Frame>, String)>,
}

impl Application {
    /// Begins a flow with the live camera; ends one in progress without saving.
    pub(super) fn start_flow(&mut self, kind: FlowKind, claim: Option<SubjectId>) {
        self.order_flow(FlowOrder { kind, claim, scope: SearchScope::default(), picture: None });
    }

    /// Begins a search of one gallery with the live camera; ends a flow in progress without saving.
    pub(super) fn search_gallery(&mut self, gallery: String) {
        let scope = SearchScope { gallery: Some(gallery), ..SearchScope::default() };
        self.order_flow(FlowOrder { kind: FlowKind::Identify, claim: None, scope, picture: None });
    }

    /// Begins a flow; ends one in progress without saving.
    pub fn order_flow(&mut self, order: FlowOrder) {
        if !self.may_begin_flow() {
            return;
        }
        let FlowOrder { kind, claim, scope, picture } = order;
        let Some((frame, reason)) = picture else { return self.begin(kind, claim, PictureSource::Camera, scope) };
        self.begin(kind, claim, PictureSource::File { reason }, scope);
        self.slots.analysis.post(CapturedFrame { frame, number: 0, captured_at: self.clock.now(), origin: Origin::File });
    }

    /// The flow's state, for commands that drive it without a window.
    #[must_use]
    pub fn flow(&self) -> Option<&Flow> {
        self.running.as_ref().map(|r| &r.flow)
    }

    fn begin(&mut self, kind: FlowKind, claim: Option<SubjectId>, source: PictureSource, scope: SearchScope) {
        self.end_flow();
        self.live = None;
        if !self.may_begin(kind) {
            return;
        }
        self.mend_documents();
        self.flows_started = self.flows_started.wrapping_add(1);
        let attended = self.seat == Seat::Desk || self.config.kiosk.attended;
        let mut nonce = [0; 32];
        (self.entropy)(&mut nonce);
        let device = self.device();
        let start = FlowStart {
            kind,
            claim,
            source,
            scope,
            attended,
            practice: self.practice,
            serial: self.flows_started,
            begun_at: self.clock.utc(),
            today: civil_day(&*self.clock),
            nonce: Nonce(nonce),
            device,
        };
        let setup = FlowSetup::from_config(start, &self.config, Arc::clone(&self.profile));
        let flow = Flow::new(setup, self.clock.now());
        let session = self.new_id();
        self.running = Some(Running {
            flow,
            camera: false,
            preview: false,
            looking: false,
            assessing: None,
            device,
            session,
            asked: false,
            asking: false,
            told: false,
        });
        self.want_camera();
        if let Some(fault) = self.fault() {
            self.tell_flow(FlowEvent::Lost(fault));
        }
        self.emit_started(|application| application.tell_flow(FlowEvent::Begin));
    }

    /// Ends the flow in progress, if there is one; nothing more is saved.
    pub(super) fn end_flow(&mut self) {
        self.tell_flow(FlowEvent::Input(FlowInput::Cancel));
        self.camera.expose(None);
        self.drop_flow();
    }

    /// Hands an event to the flow and carries out what it asks for.
    pub(super) fn tell_flow(&mut self, event: FlowEvent) {
        let now = self.clock.now();
        let Some(running) = &mut self.running else { return };
        for effect in running.flow.handle(event, now) {
            self.carry_out(effect);
        }
        if self.running.as_ref().is_some_and(|r| r.flow.is_over()) {
            self.drop_flow();
        }
    }

    fn drop_flow(&mut self) {
        self.running = None;
        self.want_camera();
        self.look_for_documents(false);
    }

    /// Tells the flow that pictures can be taken again, if nothing else stands against it.
    pub(super) fn tell_recovered(&mut self) {
        match self.fault() {
            None => self.tell_flow(FlowEvent::Recovered),
            Some(other) => self.tell_flow(FlowEvent::Lost(other)),
        }
    }

    pub(super) fn tell_assessed(&mut self, attempt: AttemptId, result: Result<BurstAssessment, AssessmentFailure>) {
        if let Some(running) = &mut self.running
            && running.assessing == Some(Assessing::Burst(attempt))
        {
            running.assessing = None;
            let live = result.as_ref().ok().map(|assessment| assessment.pad.outcome == PadOutcome::BonaFide);
            let go_on = move |application: &mut Self| application.tell_flow(FlowEvent::BurstAssessed { attempt, result });
            match live {
                Some(live) => self.emit_face_check(live, go_on),
                None => go_on(self),
            }
        }
    }

    pub(super) fn tell_challenge_assessed(&mut self, attempt: AttemptId, result: Result<Vec<PadLayer>, AssessmentFailure>) {
        if let Some(running) = &mut self.running
            && running.assessing == Some(Assessing::Challenge(attempt))
        {
            running.assessing = None;
            self.tell_flow(FlowEvent::ChallengeAssessed { attempt, result });
        }
    }

    /// Answers an open assessment that nobody will answer any more.
    pub(super) fn give_up_assessment(&mut self, fault: Fault) {
        match self.running.as_ref().and_then(|r| r.assessing) {
            Some(Assessing::Burst(attempt)) => self.tell_assessed(attempt, Err(AssessmentFailure::Fault(fault))),
            Some(Assessing::Challenge(attempt)) => self.tell_challenge_assessed(attempt, Err(AssessmentFailure::Fault(fault))),
            None => {}
        }
    }

    fn carry_out(&mut self, effect: FlowEffect) {
        match effect {
            FlowEffect::UseCamera(wanted) => {
                if let Some(running) = &mut self.running {
                    running.camera = wanted;
                }
                self.want_camera();
            }
            FlowEffect::ShowPreview(shown) => {
                if let Some(running) = &mut self.running {
                    running.preview = shown;
                }
            }
            FlowEffect::Expose(stops) => self.camera.expose(stops),
            FlowEffect::LookForDocument(looking) => self.look_for_documents(looking),
            FlowEffect::AssessBurst { attempt, shots } => {
                if let Some(running) = &mut self.running {
                    running.assessing = Some(Assessing::Burst(attempt));
                }
                if !self.analysis.assess(attempt, shots) {
                    self.give_up_assessment(Fault::worker(super::ANALYSIS_LOST));
                }
            }
            FlowEffect::AssessChallenge { attempt, shots, templates } => {
                if let Some(running) = &mut self.running {
                    running.assessing = Some(Assessing::Challenge(attempt));
                }
                if !self.analysis.assess_challenge(attempt, shots, templates) {
                    self.give_up_assessment(Fault::worker(super::ANALYSIS_LOST));
                }
            }
            FlowEffect::LookUpCode { request, code } => {
                self.ask_for_flow(
                    request,
                    move |enrolled| enrolled.look_up(&code),
                    |request, result| FlowEvent::CodeLookedUp { request, result },
                );
            }
            FlowEffect::SearchDuplicates { request, templates, except } => {
                self.ask_for_flow(
                    request,
                    move |enrolled| enrolled.duplicates(&templates, except),
                    |request, result| FlowEvent::DuplicatesFound { request, result },
                );
            }
            FlowEffect::Compare { request, subject, templates } => {
                self.ask_for_flow(
                    request,
                    move |enrolled| enrolled.compare(subject, &templates),
                    |request, result| FlowEvent::Compared { request, result },
                );
            }
            FlowEffect::Identify { request, templates, scope } => {
                self.ask_for_flow(
                    request,
                    move |enrolled| enrolled.identify(&templates, &scope),
                    |request, result| FlowEvent::Searched { request, result },
                );
            }
            FlowEffect::ReadDocument { request, source, before } => {
                if !self.analysis.read_document(request, source, before) {
                    let result = Err(crate::runtime::assessment::documents_not_read());
                    self.tell_flow(FlowEvent::DocumentRead { request, result });
                }
            }
            FlowEffect::ComparePortrait { request, references, probes } => {
                self.ask_for_flow(
                    request,
                    move |enrolled| enrolled.compare_portrait(&references, &probes),
                    |request, result| FlowEvent::PortraitCompared { request, result },
                );
            }
            FlowEffect::LookUpNumber { request, numbers, probes } => {
                self.ask_for_flow(
                    request,
                    move |enrolled| enrolled.document_holder(&numbers, &probes),
                    |request, result| FlowEvent::NumberLookedUp { request, result },
                );
            }
            FlowEffect::Save { request, enrolment } => self.save(request, *enrolment),
            FlowEffect::WriteAudit(event) => self.write_audit(event),
            FlowEffect::Finished(end) => {
                tracing::info!(?end, "flow");
                self.emit_end(end);
            }
        }
    }

    fn ask_for_flow<T: Send + 'static>(
        &mut self,
        request: RequestId,
        question: impl FnOnce(&mut Enrolled) -> Result<T, Fault> + Send + 'static,
        event: fn(RequestId, Result<T, Fault>) -> FlowEvent,
    ) {
        let pending = self.gallery.ask(move |enrolled| Ok(question(enrolled)));
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            let result = answer.unwrap_or_else(|e| Err(gallery_fault(&e)));
            application.tell_flow(event(request, result));
            true
        });
    }

    fn save(&mut self, request: RequestId, draft: EnrolmentDraft) {
        let at = self.clock.utc();
        let (subject, record) = (SubjectId(self.new_id()), RecordId(self.new_id()));
        let codes: Vec<RegistrationCode> = (0..CODES)
            .map(|_| {
                let mut bytes = [0; 8];
                (self.entropy)(&mut bytes);
                RegistrationCode::from_entropy(u64::from_le_bytes(bytes))
            })
            .collect();
        let mut enrolment = draft.complete(subject, record, codes[0], at);
        enrolment.deliver_to = self.services_for(&enrolment.flow, enrolment.origin);
        let kept_since = UtcTime(at.0 - i64::from(self.config.liveness.evidence_days) * 86_400_000);
        enrolment.announce = self.event_of(&enrolment);
        let pending = self.gallery.ask(move |enrolled| {
            let saved = enrolled.enrol(enrolment, &codes)?;
            // A kiosk may run for months: clips fall due while it does. What is saved is saved, whatever comes of this.
            if let Err(error) = enrolled.store().forget_clips(kept_since) {
                tracing::warn!(code = error.advice().code, "evidence clips were not deleted");
            }
            Ok((saved, enrolled.count().ok()))
        });
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            let result = answer.map_err(|e: GalleryError| {
                tracing::warn!(code = e.advice().code, "an enrolment was not saved");
                gallery_fault(&e)
            });
            if let Ok((_, Some(count))) = result {
                application.enrolled = count;
                application.notify(Notice::Changed);
            }
            if result.is_ok() {
                application.wake_delivery();
            }
            application.tell_flow(FlowEvent::Saved { request, result: result.map(|(saved, _)| saved) });
            true
        });
    }

    /// A UUID of version 7. A clock before 1970 counts as 1970; the random part still keeps identifiers apart.
    fn new_id(&mut self) -> uuid::Uuid {
        let mut random = [0; 10];
        (self.entropy)(&mut random);
        let millis = u64::try_from(self.clock.utc().0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
