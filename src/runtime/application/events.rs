//! Events of the flows, for registered receivers: what began, was checked, was cancelled, was completed. A completed enrolment's event is
//! saved with the record; the others are handed to the thread that tells them.

use super::Application;
use crate::biometrics::comparison::VerificationDecision;
use crate::biometrics::pad::PadOutcome;
use crate::ports::events::{NewEvent, family_of};
use crate::ports::gallery::{NewEnrolment, PadOutcomeText, PadRecord, SubjectId};
use crate::runtime::events::{EventParts, EventPlace, EventsWorker};
use crate::units::SensitiveText;
use crate::workflow::flow::event::{BurstAssessment, FlowEnd};
use crate::workflow::view::Outcome;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Telling as the application holds it.
pub(super) struct Telling {
    open: EventPlace,
    worker: Option<EventsWorker>,
}

impl Application {
    /// Tells registered receivers what happens. Comes after [`Self::deliver_with`], which says where things are.
    ///
    /// - `open`: opens the store on the thread that tells.
    pub fn tell_events_with(&mut self, open: EventPlace) {
        self.telling = Some(Telling { open, worker: None });
        self.restart_telling();
    }

    /// The other gallery has other receivers.
    pub(super) fn restart_telling(&mut self) {
        let Some(places) = self.delivering.as_ref().map(|delivering| delivering.places.clone()) else { return };
        let (practice, config, waker) = (self.practice, self.config.clone(), Arc::clone(&self.waker));
        let Some(telling) = &mut self.telling else { return };
        // Told to end, it does so by itself.
        self.leaving.extend(telling.worker.take().and_then(EventsWorker::dismiss));
        match EventsWorker::start(EventParts { places, open: Arc::clone(&telling.open), practice, config }, waker) {
            Ok(worker) => telling.worker = Some(worker),
            Err(error) => tracing::warn!(%error, "events are not told: there is no thread"),
        }
    }

    fn emit(&self, what: &str, subject: Option<SubjectId>, data: Value) {
        let Some(worker) = self.telling.as_ref().and_then(|telling| telling.worker.as_ref()) else { return };
        let Some(running) = &self.running else { return };
        let Some(family) = family_of(running.flow.setup().name()) else { return };
        let kind = format!("{family}.{what}");
        let (session, at, username) = (running.session, self.clock.utc(), SensitiveText::default());
        worker.announce(NewEvent { kind, session, subject, username, data, at });
    }

    pub(super) fn emit_started(&self) {
        let subject = self.running.as_ref().and_then(|running| running.flow.setup().start.claim);
        self.emit("started", subject, json!({}));
    }

    pub(super) fn emit_face_check(&self, assessment: &BurstAssessment) {
        let live = assessment.pad.outcome == PadOutcome::BonaFide;
        self.emit("face.check", None, json!({ "livenessResult": live }));
    }

    pub(super) fn emit_end(&self, end: FlowEnd) {
        if end != FlowEnd::Completed {
            let reason = if end == FlowEnd::TimedOut { "timed_out" } else { "cancelled" };
            self.emit("cancelled", None, json!({ "reason": reason }));
        }
    }

    /// An outcome stands. That of an enrolment was saved with its record.
    pub(super) fn emit_outcome(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Enrolled { .. } => {
                if let Some(worker) = self.telling.as_ref().and_then(|telling| telling.worker.as_ref()) {
                    worker.wake();
                }
            }
            Outcome::Verified { comparison, subject } => {
                let matched = comparison.decision == VerificationDecision::Match;
                let data = json!({ "matchResult": matched, "matchScore": comparison.score_percent, "livenessResult": true });
                self.emit("completed", Some(*subject), data);
            }
            Outcome::Refused { code, .. } => self.emit("completed", None, json!({ "refused": code })),
            Outcome::Identified { .. } | Outcome::Document(_) => {}
        }
    }

    /// The event that is saved with an enrolment; the registration code is filled in with it.
    pub(super) fn event_of(&self, enrolment: &NewEnrolment) -> Option<NewEvent> {
        let running = self.running.as_ref()?;
        let family = family_of(&enrolment.flow)?;
        let live = match &enrolment.pad {
            PadRecord::Assessed { outcome, .. } => Some(*outcome == PadOutcomeText::BonaFide),
            PadRecord::NotAssessed { .. } => None,
        };
        Some(NewEvent {
            kind: format!("{family}.completed"),
            session: running.session,
            subject: Some(enrolment.subject),
            username: SensitiveText::default(),
            data: json!({ "livenessResult": live, "held": enrolment.held }),
            at: enrolment.enrolled_at,
        })
    }

    pub(super) fn end_telling(&mut self, limit: Duration) -> bool {
        let worker = self.telling.as_mut().and_then(|telling| telling.worker.as_mut());
        worker.is_none_or(|worker| worker.shut_down(limit))
    }
}
