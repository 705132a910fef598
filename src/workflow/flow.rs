//! The flows: enrol, authenticate, re-enrol, identify, verify an identity document.
//!
//! ```text
//!            ┌────────────────── steps of the flow, in the configuration's order ──────────────────┐
//!  Ready ──▶ Consent ──▶ Details ──▶ [look-up of the code] ──▶ Face ──▶ [Liveness] ──▶ [checks] ──▶ Review ──▶ [work] ──▶ Shown ──▶ Over
//!    Begin      │                                               │                     │ Retake            ▲
//!               └ RefuseConsent ▶ Shown                         └ attempts used up ───┼───────────────────┘
//!                                                               ◀─────────────────────┘
//!  checks   enrol: duplicates; re-enrol: own record, then duplicates
//!  work     enrol, re-enrol: save; authenticate: compare; identify: search
//!
//!  Look-up, checks and work are `Working`; one that fails is `Trouble`, from where `Retry` asks again.
//!  Cancel leads from everywhere to Over without a save, except while a save is under way: then its answer is shown first, because what is
//!  saved is saved. Inactivity leads to Over from every step that waits for a person.
//! ```
//!
//! The same machine runs in the window, in the headless demonstration and on the command line: they differ in who sends the inputs.

mod answers;
mod challenged;
mod details;
mod document;
pub mod event;
mod gathered;
mod inputs;
mod picture_file;
pub mod setup;
mod shown;
mod stated;

use super::admission::Admission;
use super::capture::event::{AttemptId, CaptureEffect, CaptureEvent, Fault, Shot};
use super::capture::{AttemptEnd, Capture};
use super::challenge::Challenge;
use super::challenge::event::ChallengeEvent;
use super::document::{DocumentRefusal, DocumentSource};
use super::document_capture::DocumentEvent;
use super::guidance;
use super::input::FlowInput;
use super::timeline::Timeline;
use super::view::{CandidateView, FlowKind, Outcome, Step};
use crate::biometrics::observation::Observation;
use crate::biometrics::pad::PadDecision;
use crate::biometrics::pad::injection::DeviceFacts;
use crate::ports::audit::AuditEvent;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::ports::gallery::{PictureKind, SubjectId};
use crate::units::{Moment, SensitiveBytes};
use document::DocumentStep;
use event::{BurstAssessment, FlowEffect, FlowEnd, FlowEvent, RequestId};
use gathered::{Burst, Gathered, Taken, Work};
use picture_file::Given;
use setup::{CODE_FIELD, FlowSetup, PictureSource};
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Clone)]
enum State {
    Ready,
    Consent,
    Details,
    /// A document is captured or a scan opened, and read.
    Document(Box<DocumentStep>),
    /// A live capture, and the burst being assessed.
    Face {
        capture: Box<Capture>,
        burst: Option<Burst>,
    },
    /// The challenge put to the face of the candidate picture.
    Liveness {
        challenge: Box<Challenge>,
    },
    /// A picture given as a file: awaited, then assessed.
    File {
        assessing: Option<AttemptId>,
    },
    Working {
        work: Work,
        request: RequestId,
        since: Moment,
    },
    /// `open` is a question that may still be answered: it was given up, not refused.
    Trouble {
        fault: Fault,
        work: Work,
        open: Option<RequestId>,
    },
    Review,
    Shown {
        outcome: Outcome,
        since: Moment,
    },
    Over,
}

/// One flow from its first screen to its last.
#[derive(Debug, Clone)]
pub struct Flow {
    setup: FlowSetup,
    timeline: Timeline,
    /// Index of the current step.
    at: usize,
    last_input: Moment,
    gathered: Gathered,
    retries_left: u32,
    code_tries_left: u32,
    next_number: u64,
    /// Why no frames come, for captures that begin later.
    lost: Option<Fault>,
    /// The picture given as a file, once it was looked at.
    given: Option<Given>,
    state: State,
}

impl Flow {
    /// A flow that has not begun.
    #[must_use]
    pub fn new(setup: FlowSetup, now: Moment) -> Self {
        Self {
            timeline: Timeline::new(now),
            at: 0,
            last_input: Moment::default(),
            gathered: Gathered::new(&setup),
            retries_left: setup.retries,
            code_tries_left: setup.code_tries,
            next_number: u64::from(setup.start.serial) << 32,
            lost: None,
            given: None,
            state: State::Ready,
            setup,
        }
    }

    /// What the flow was made from.
    #[must_use]
    pub const fn setup(&self) -> &FlowSetup {
        &self.setup
    }

    /// Whether the flow is over and can be dropped.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// How the flow ended, while that is on screen.
    #[must_use]
    pub const fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            State::Shown { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    /// What presentation attack detection said last about the current picture, with every layer; `None` before it said anything.
    #[must_use]
    pub const fn pad(&self) -> Option<&PadDecision> {
        self.gathered.last_pad.as_ref()
    }

    /// Others who may be the same person, best first; for officers, never for the subject. Empty before they were looked for.
    #[must_use]
    pub fn duplicates(&self) -> &[CandidateView] {
        self.gathered.duplicates.as_deref().unwrap_or_default()
    }

    /// The picture the outcome rests on, encoded; `None` before one was taken.
    #[must_use]
    pub fn probe_picture(&self) -> Option<&SensitiveBytes> {
        let pictures = &self.gathered.taken.as_ref()?.pictures;
        let whole = pictures.iter().find(|picture| picture.kind == PictureKind::Frame);
        whole.or_else(|| pictures.first()).map(|picture| &picture.encoded)
    }

    /// Applies one event and returns what is to be done, in order.
    pub fn handle(&mut self, event: FlowEvent, now: Moment) -> Vec<FlowEffect> {
        let own = self.timeline.advance(now);
        let mut step = Stepping { own, now, effects: Vec::new() };
        self.expire(&mut step);
        match event {
            FlowEvent::Begin => self.begin(&mut step),
            FlowEvent::Input(input) => {
                self.last_input = own;
                self.input(input, &mut step);
            }
            FlowEvent::Observed { frame, observation } => self.observed(frame, observation, &mut step),
            FlowEvent::Device(device) => self.device(device),
            FlowEvent::BurstAssessed { attempt, result } => self.burst_assessed(attempt, result, &mut step),
            FlowEvent::ChallengeAssessed { attempt, result } => self.challenge_assessed(attempt, result, &mut step),
            FlowEvent::CodeLookedUp { request, result } => {
                if self.take_answer(&[Work::LookUp], request, &result, &mut step) {
                    self.looked_up(result.ok().flatten(), &mut step);
                }
            }
            FlowEvent::DuplicatesFound { request, result } => {
                if self.take_answer(&[Work::Duplicates], request, &result, &mut step)
                    && let Ok(mut found) = result
                {
                    found.retain(|candidate| self.setup.start.kind != FlowKind::ReEnrol || Some(candidate.subject) != self.gathered.claim);
                    self.gathered.duplicates = Some(found);
                    self.arrive(&mut step);
                }
            }
            FlowEvent::Compared { request, result } => {
                let own_record =
                    matches!(self.state, State::Working { work: Work::CompareOwn, .. } | State::Trouble { work: Work::CompareOwn, .. });
                if self.take_answer(&[Work::CompareOwn, Work::Compare], request, &result, &mut step)
                    && let Ok(found) = result
                {
                    self.compared(found, own_record, &mut step);
                }
            }
            FlowEvent::PortraitCompared { request, result } => {
                if self.take_answer(&[Work::ComparePortrait], request, &result, &mut step)
                    && let Ok(found) = result
                {
                    self.decide_document(found, &mut step);
                }
            }
            FlowEvent::Searched { request, result } => {
                if self.take_answer(&[Work::Identify], request, &result, &mut step)
                    && let Ok(found) = result
                {
                    self.searched(found, &mut step);
                }
            }
            FlowEvent::Saved { request, result } => {
                if self.take_answer(&[Work::Save], request, &result, &mut step)
                    && let Ok(saved) = result
                {
                    self.saved(saved, &mut step);
                }
            }
            FlowEvent::NumberLookedUp { request, result } => {
                if self.take_answer(&[Work::LookUpNumber], request, &result, &mut step)
                    && let Ok(found) = result
                {
                    self.number_looked_up(found, &mut step);
                }
            }
            FlowEvent::DocumentSeen(seen) => self.document_event(DocumentEvent::Observed(seen), &mut step),
            FlowEvent::DocumentRead { request, result } => self.document_read(request, result, &mut step),
            FlowEvent::Lost(fault) => {
                self.lost = Some(fault);
                self.capture(CaptureEvent::Lost(fault), &mut step);
                self.challenge(ChallengeEvent::Lost(fault), &mut step);
                self.picture_not_looked_at(fault, &mut step);
                self.document_event(DocumentEvent::Lost(fault), &mut step);
            }
            FlowEvent::Recovered => {
                self.lost = None;
                self.last_input = own;
                self.capture(CaptureEvent::Recovered, &mut step);
                self.challenge(ChallengeEvent::Recovered, &mut step);
                self.document_event(DocumentEvent::Recovered, &mut step);
            }
            FlowEvent::Tick => {}
        }
        step.effects
    }

    /// When [`FlowEvent::Tick`] is due next, on the caller's clock, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        let own = self.own_deadline().map(|(own, why)| (self.timeline.clock(own), why));
        let capture = match &self.state {
            State::Face { capture, .. } => capture.next_deadline(),
            State::Liveness { challenge } => challenge.next_deadline(),
            State::Document(document) => document.next_deadline(),
            _ => None,
        };
        own.into_iter().chain(capture).min_by_key(|(moment, _)| *moment)
    }

    fn own_deadline(&self) -> Option<(Moment, &'static str)> {
        let idle = |limit: Option<Duration>| limit.map(|limit| (self.last_input + limit, "nobody is there any more"));
        match &self.state {
            State::Working { since, .. } => Some((*since + self.setup.delays.work, "the work takes too long")),
            State::Shown { since, .. } => {
                let from = self.last_input.max(*since);
                self.setup.delays.outcome.map(|limit| (from + limit, "the outcome was shown"))
            }
            State::File { assessing: Some(_) } => {
                Some((self.last_input + self.setup.delays.capture.assessment, "the assessment takes too long"))
            }
            State::File { assessing: None } => {
                Some((self.last_input + self.setup.delays.capture.assessment * Self::LOOKS, "looking at the picture takes too long"))
            }
            State::Document(document) if document.reading.is_some() => {
                document.reading.map(|pending| (pending.since + self.setup.delays.work, "the reading takes too long"))
            }
            // The capture has time limits of its own.
            State::Document(document) if document.is_capturing() && self.lost.is_none() => None,
            State::Face { capture, .. } if capture.fault().is_none() => None,
            State::Liveness { challenge } if challenge.fault().is_none() => None,
            State::Consent
            | State::Details
            | State::Document(_)
            | State::Review
            | State::Trouble { .. }
            | State::Face { .. }
            | State::Liveness { .. } => idle(self.setup.delays.inactivity),
            State::Ready | State::Over => None,
        }
    }

    fn expire(&mut self, step: &mut Stepping) {
        if self.own_deadline().is_none_or(|(deadline, _)| step.own < deadline) {
            self.capture(CaptureEvent::Tick, step);
            self.document_event(DocumentEvent::Tick, step);
            return self.challenge(ChallengeEvent::Tick, step);
        }
        match &self.state {
            State::Working { work, request, .. } => {
                let (work, request) = (*work, *request);
                self.trouble(Fault::worker("FLW-31"), work, Some(request), step);
            }
            State::Shown { .. } => self.end(FlowEnd::Completed, step),
            State::Document(document) if document.reading.is_some() => self.document_too_slow(step),
            State::File { .. } => self.refuse("refused-not-assessed", "FLW-30", "failed", step),
            _ => self.end(FlowEnd::TimedOut, step),
        }
    }

    fn begin(&mut self, step: &mut Stepping) {
        if !matches!(self.state, State::Ready) {
            return;
        }
        self.last_input = step.own;
        step.audit(AuditEvent::FlowStarted { flow: self.setup.name().to_owned(), claim: self.gathered.claim });
        self.enter(0, step);
    }

    /// Goes to a step from whatever was before.
    fn enter(&mut self, at: usize, step: &mut Stepping) {
        let at = at.min(self.setup.steps.len() - 1);
        // From the document to the face, and from there to the challenge, the camera goes on.
        let goes_on = match self.setup.steps[at] {
            Step::Liveness => matches!(self.state, State::Face { .. }),
            Step::Face => matches!(self.state, State::Document(_)),
            _ => false,
        };
        self.leave_face(goes_on, step);
        self.at = at;
        self.arrive(step);
    }

    /// Does what the current step begins with.
    fn arrive(&mut self, step: &mut Stepping) {
        self.last_input = step.own;
        match self.setup.steps[self.at] {
            Step::Consent => self.state = State::Consent,
            Step::Details => self.state = State::Details,
            Step::Face => self.face(step),
            Step::Review | Step::Result => match (self.gathered.open_check(self.setup.start.kind), self.setup.steps[self.at]) {
                (Some(check), _) => self.work(check, step),
                (None, Step::Review) => self.state = State::Review,
                (None, _) if self.setup.start.kind == FlowKind::VerifyId => self.compare_portrait(step),
                (None, _) => self.work(self.last_work(), step),
            },
            Step::Liveness => self.liveness(step),
            Step::Document if self.setup.start.kind == FlowKind::VerifyId => self.document(step),
            Step::Document => self.refuse("refused-step-not-supported", "FLW-06", "failed", step),
        }
    }

    const fn last_work(&self) -> Work {
        match self.setup.start.kind {
            FlowKind::Enrol | FlowKind::ReEnrol => Work::Save,
            FlowKind::Authenticate => Work::Compare,
            FlowKind::Identify => Work::Identify,
            FlowKind::VerifyId => Work::ComparePortrait,
        }
    }

    fn face(&mut self, step: &mut Stepping) {
        self.gathered.forget_picture();
        match &self.setup.start.source {
            PictureSource::File { .. } if !self.setup.allow_files => self.refuse("refused-files-not-allowed", "FLW-05", "refused", step),
            PictureSource::File { .. } => self.file(step),
            PictureSource::Camera => {
                let FlowSetup { profile, optics, delays, .. } = &self.setup;
                let mut capture = Capture::new(Arc::clone(profile), *optics, delays.capture, self.next_number, step.now);
                if let Some(fault) = self.lost {
                    capture.handle(CaptureEvent::Lost(fault), step.now);
                }
                step.effects.push(FlowEffect::UseCamera(true));
                self.state = State::Face { capture: Box::new(capture), burst: None };
                self.capture(CaptureEvent::Start, step);
            }
        }
    }

    /// Lets the camera rest if it serves, unless it `goes_on`.
    fn leave_face(&mut self, goes_on: bool, step: &mut Stepping) {
        self.capture(CaptureEvent::Cancel, step);
        self.challenge(ChallengeEvent::Cancel, step);
        if matches!(self.state, State::Document(_)) {
            self.document_event(DocumentEvent::Cancel, step);
            step.effects.push(FlowEffect::LookForDocument(false));
        }
        self.next_number = match &self.state {
            State::Face { capture, .. } => capture.next_id(),
            State::Liveness { challenge } => challenge.next_id(),
            State::Document(_) => self.next_number,
            _ => return,
        };
        if !goes_on {
            step.effects.push(FlowEffect::UseCamera(false));
        }
    }

    /// Hands an event to the capture, if there is one, and follows where that leads.
    fn capture(&mut self, event: CaptureEvent, step: &mut Stepping) {
        let State::Face { capture, burst } = &mut self.state else { return };
        let worked = capture.fault().is_none();
        for effect in capture.handle(event, step.now) {
            step.effects.push(match effect {
                CaptureEffect::ShowPreview(shown) => FlowEffect::ShowPreview(shown),
                CaptureEffect::AssessBurst { attempt, shots } => {
                    *burst = Burst::of(&shots, &self.setup);
                    FlowEffect::AssessBurst { attempt, shots }
                }
            });
        }
        if worked && capture.fault().is_some() {
            self.last_input = step.own;
        }
        if let Some(reason) = capture.refusal() {
            self.attempts_used_up(reason, step);
        }
    }

    fn observed(&mut self, frame: CapturedFrame, observation: Arc<Observation>, step: &mut Stepping) {
        match self.state {
            State::Face { .. } => self.capture(CaptureEvent::Observed { frame, observation }, step),
            State::Liveness { .. } => self.challenge(ChallengeEvent::Observed { frame, observation }, step),
            _ if frame.origin == Origin::File => self.picture_given(frame, observation, step),
            _ => {}
        }
    }

    fn device(&mut self, device: DeviceFacts) {
        self.setup.start.device = device;
        self.setup.challenge.device = device;
        if let State::Liveness { challenge } = &mut self.state {
            challenge.use_device(device);
        }
    }

    fn attempts_used_up(&mut self, reason: AttemptEnd, step: &mut Stepping) {
        let last = self.retries_left == 0;
        let (reason_key, code) = if last { ("refused-attempts", "FLW-24") } else { (reason.refusal_key(), reason.code()) };
        self.refuse(reason_key, code, "refused", step);
    }

    /// Asks the runtime for work and waits for its answer.
    fn work(&mut self, work: Work, step: &mut Stepping) {
        let request = RequestId(self.number());
        match self.gathered.effect(work, request, &self.setup) {
            Some(effect) => {
                step.effects.push(effect);
                self.state = State::Working { work, request, since: step.own };
            }
            // Steps in an order that lacks what the work needs; no such flow can say yes.
            None => self.refuse("refused-incomplete", "FLW-07", "failed", step),
        }
    }

    fn refuse(&mut self, reason_key: &'static str, code: &'static str, audited: &str, step: &mut Stepping) {
        let pad = self.gathered.last_pad.clone();
        self.show(Outcome::Refused { reason_key, code, pad }, audited, None, Some(code), step);
    }

    fn show(&mut self, outcome: Outcome, audited: &str, subject: Option<SubjectId>, code: Option<&'static str>, step: &mut Stepping) {
        self.leave_face(false, step);
        self.audit_end(audited, subject, code, step);
        self.state = State::Shown { outcome, since: step.own };
    }

    fn audit_end(&self, outcome: &str, subject: Option<SubjectId>, code: Option<&'static str>, step: &mut Stepping) {
        step.audit(AuditEvent::FlowEnded {
            flow: self.setup.name().to_owned(),
            outcome: outcome.to_owned(),
            subject,
            code: code.map(str::to_owned),
            origin: self.gathered.taken.as_ref().map(|taken| taken.admission.origin()),
        });
    }

    fn end(&mut self, end: FlowEnd, step: &mut Stepping) {
        if matches!(self.state, State::Over) {
            return;
        }
        self.leave_face(false, step);
        match self.state {
            State::Shown { .. } | State::Ready | State::Over => {}
            State::Trouble { fault, .. } => self.audit_end("failed", None, Some(fault.code), step),
            _ => self.audit_end("cancelled", None, (end == FlowEnd::TimedOut).then_some("FLW-02"), step),
        }
        // What was entered and taken leaves memory with the screen.
        self.gathered = Gathered::new(&self.setup);
        self.given = None;
        self.state = State::Over;
        step.effects.push(FlowEffect::Finished(end));
    }

    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number - 1
    }
}

/// One call of [`Flow::handle`]: the time, and what has to be done so far.
struct Stepping {
    own: Moment,
    now: Moment,
    effects: Vec<FlowEffect>,
}

impl Stepping {
    fn audit(&mut self, event: AuditEvent) {
        self.effects.push(FlowEffect::WriteAudit(event));
    }
}

#[cfg(test)]
mod tests;
