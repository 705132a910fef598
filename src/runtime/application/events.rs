//! Events of the flows, for registered receivers: what began, was checked, was cancelled, was completed. A completed enrolment's event is
//! saved with its record. Every other one is kept by the gallery's thread before the flow goes on from what it tells of: a flow begins, a
//! check counts and an outcome is shown only once the event is on the disk. Nothing but the disk itself can lose one, and then it is said.

use super::Application;
use crate::advice::{Advice, Advised};
use crate::biometrics::comparison::VerificationDecision;
use crate::ports::events::{NewEvent, family_of};
use crate::ports::gallery::{GalleryError, NewEnrolment, PadOutcomeText, PadRecord, SubjectId};
use crate::runtime::events::{EventParts, EventPlace, EventsWorker};
use crate::units::SensitiveText;
use crate::workflow::flow::event::FlowEnd;
use crate::workflow::view::Outcome;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Tries to keep an event while another process writes; each waits as long as the gallery waits for a write.
const TRIES: u32 = 5;

/// An event that receivers will not be told.
#[derive(Debug, thiserror::Error)]
#[error("a step of this flow could not be kept for the receivers of events, who will not be told of it")]
struct EventLost(#[source] GalleryError);

impl Advised for EventLost {
    fn advice(&self) -> Advice {
        Advice::environment("EVT-02", "Check the disk with `visavis doctor`; tell the receivers what happened.")
    }
}

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

    /// Whether anybody tells what happens in the flow in progress.
    fn tells(&self) -> Option<&'static str> {
        let running = self.running.as_ref().filter(|_| self.telling.as_ref().is_some_and(|telling| telling.worker.is_some()))?;
        family_of(running.flow.setup().name())
    }

    /// Keeps an event of the flow in progress, then goes on with `then`; at once where nobody is told.
    fn emit(&mut self, what: &str, subject: Option<SubjectId>, data: Value, then: impl FnOnce(&mut Self) + Send + 'static) {
        let (Some(family), Some(session)) = (self.tells(), self.running.as_ref().map(|running| running.session)) else { return then(self) };
        let (kind, at, username) = (format!("{family}.{what}"), self.clock.utc(), SensitiveText::default());
        let event = NewEvent { kind, session, subject, username, data, at };
        let pending = self.gallery.ask(move |enrolled| {
            let mut kept = Err(GalleryError::Locked);
            for _ in 0..TRIES {
                kept = enrolled.store().keep_event(&event);
                // Nothing was written, so that a repetition tells nothing twice.
                if !matches!(kept, Err(GalleryError::Locked)) {
                    break;
                }
            }
            kept
        });
        let mut then = Some(then);
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            match answer {
                Ok(0) => {}
                Ok(_) => application.wake_teller(),
                Err(error) => {
                    tracing::warn!(code = error.advice().code, %error, "an event was not kept");
                    application.fail(&EventLost(error));
                }
            }
            if let Some(then) = then.take() {
                then(application);
            }
            true
        });
    }

    /// As [`Self::emit`]; `then` is left out where another flow is in progress by then.
    fn emit_in_flow(&mut self, what: &str, subject: Option<SubjectId>, data: Value, then: impl FnOnce(&mut Self) + Send + 'static) {
        let session = self.running.as_ref().map(|running| running.session);
        self.emit(what, subject, data, move |application| {
            if application.running.as_ref().map(|running| running.session) == session {
                then(application);
            }
        });
    }

    fn wake_teller(&self) {
        if let Some(worker) = self.telling.as_ref().and_then(|telling| telling.worker.as_ref()) {
            worker.wake();
        }
    }

    /// A flow is about to begin.
    pub(super) fn emit_started(&mut self, then: impl FnOnce(&mut Self) + Send + 'static) {
        let subject = self.running.as_ref().and_then(|running| running.flow.setup().start.claim);
        self.emit_in_flow("started", subject, json!({}), then);
    }

    /// A burst was assessed.
    pub(super) fn emit_face_check(&mut self, live: bool, then: impl FnOnce(&mut Self) + Send + 'static) {
        self.emit_in_flow("face.check", None, json!({ "livenessResult": live }), then);
    }

    /// The flow is over without an outcome.
    pub(super) fn emit_end(&mut self, end: FlowEnd) {
        if end != FlowEnd::Completed {
            let reason = if end == FlowEnd::TimedOut { "timed_out" } else { "cancelled" };
            self.emit("cancelled", None, json!({ "reason": reason }), |_| {});
        }
    }

    /// An outcome stands; it is shown once this is kept. That of an enrolment was kept with its record.
    pub(super) fn emit_outcome(&mut self, outcome: &Outcome) {
        let shown = |application: &mut Self| {
            if let Some(running) = &mut application.running {
                running.told = true;
            }
        };
        match outcome {
            Outcome::Enrolled { .. } => {
                self.wake_teller();
                shown(self);
            }
            Outcome::Verified { comparison, subject } => {
                let matched = comparison.decision == VerificationDecision::Match;
                let data = json!({ "matchResult": matched, "matchScore": comparison.score_percent, "livenessResult": true });
                self.emit_in_flow("completed", Some(*subject), data, shown);
            }
            Outcome::Refused { code, .. } => self.emit_in_flow("completed", None, json!({ "refused": code }), shown),
            Outcome::Identified { .. } | Outcome::Document(_) => shown(self),
        }
    }

    /// Whether an outcome stands whose event is not kept yet: it is not shown before.
    pub(super) fn withholds_outcome(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.flow.outcome().is_some() && !running.told) && self.tells().is_some()
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
