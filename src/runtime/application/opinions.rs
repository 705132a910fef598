//! Second opinions of a flow: begun when its outcome stands, shown beside it, kept when all have come. The outcome is never touched.

use super::Application;
use crate::advice::Advised as _;
use crate::biometrics::comparison::VerificationDecision;
use crate::config::FlowConfig;
use crate::ports::gallery::{PictureKind, SubjectId};
use crate::ports::opinions::LocalWord;
use crate::ports::outbox::{Entry, EntryQuery, Operation};
use crate::ports::services::ServiceKind;
use crate::runtime::gallery::Pending;
use crate::runtime::opinions::{OpinionOrder, OpinionRun, OpinionView};
use crate::runtime::sync::setup::eligible;
use crate::workflow::view::{FlowKind, Outcome};
use std::time::Duration;

/// Deliveries looked through for a service's name of a person.
const RECEIPTS: u32 = 200;

/// Each service's name for a person, from its receipts, the latest first.
fn names_in(entries: Vec<Entry>) -> Vec<(ServiceKind, String)> {
    let enrolments = entries.into_iter().filter(|entry| entry.operation == Operation::Enrol);
    enrolments.filter_map(|entry| Some((entry.service, entry.receipt?.remote_reference?))).collect()
}

/// What was decided here, and about whom; `None` where there is nothing to ask about.
fn decided(outcome: &Outcome) -> Option<(LocalWord, Option<SubjectId>)> {
    Some(match outcome {
        Outcome::Enrolled { subject, .. } => (LocalWord::New, Some(*subject)),
        Outcome::Verified { comparison, subject } => {
            let matched = comparison.decision == VerificationDecision::Match;
            (if matched { LocalWord::Match } else { LocalWord::NoMatch }, Some(*subject))
        }
        Outcome::Identified { candidates, decided: true, .. } if !candidates.is_empty() => (LocalWord::Match, Some(candidates[0].subject)),
        Outcome::Identified { .. } => (LocalWord::Unknown, None),
        // A document is nobody whom a service could know by our name.
        Outcome::Document(_) | Outcome::Refused { .. } => return None,
    })
}

impl Application {
    /// What services said about the flow that is shown, and who is still thinking. For the officer.
    #[must_use]
    pub(super) fn view_opinions(&self) -> Option<OpinionView> {
        let session = self.running.as_ref()?.session;
        let under_way = self.opinions.iter().find(|run| run.session() == session).map(OpinionRun::view);
        under_way.or_else(|| self.last_opinions.clone().filter(|view| view.set.session == session))
    }

    fn asked_in(&self, kind: FlowKind) -> Vec<ServiceKind> {
        let flows = &self.config.flows;
        let flow: &FlowConfig = match kind {
            FlowKind::Enrol => &flows.enrol,
            FlowKind::Authenticate => &flows.authenticate,
            FlowKind::ReEnrol => &flows.re_enrol,
            FlowKind::Identify => &flows.identify,
            FlowKind::VerifyId => &flows.verify_id,
        };
        let named = flow.opinions.iter().filter_map(|name| ServiceKind::from_name(name));
        named.filter(|kind| eligible(*kind, &self.config.services, self.practice)).collect()
    }

    /// An outcome stands: receivers are told, and services asked, once.
    pub(super) fn note_outcome(&mut self) {
        let Some(running) = &mut self.running else { return };
        let Some(outcome) = running.flow.outcome().filter(|_| !running.asked).cloned() else { return };
        running.asked = true;
        self.emit_outcome(&outcome);
        if let Some((local, subject)) = decided(&outcome) {
            self.ask_opinions(local, subject);
        }
    }

    fn ask_opinions(&mut self, local: LocalWord, subject: Option<SubjectId>) {
        let Some(running) = &self.running else { return };
        let (kind, session, flow) = (running.flow.setup().start.kind, running.session, running.flow.setup().name().to_owned());
        let Some(probe) = running.flow.probe_picture().cloned() else { return };
        let services = self.asked_in(kind);
        if services.is_empty() || self.delivering.is_none() {
            return;
        }
        if let Some(running) = &mut self.running {
            running.asking = true;
        }
        let order = OpinionOrder { session, flow, subject, local, services, probe, kept: None, references: Vec::new() };
        match subject {
            Some(subject) if kind != FlowKind::Enrol => self.complete_order(order, subject),
            _ => self.begin_opinions(order),
        }
    }

    /// Adds what is known about the person: each service's name for them, and the picture kept here. What cannot be read is left out.
    fn complete_order(&mut self, order: OpinionOrder, subject: SubjectId) {
        let query = EntryQuery { subject: Some(subject), limit: RECEIPTS, ..EntryQuery::default() };
        let receipts = self.pending_outbox(move |outbox| outbox.entries(&query)).and_then(Result::ok);
        let kept = self.gallery.ask(move |enrolled| {
            let whole = enrolled.store().picture(subject, PictureKind::Frame)?;
            if whole.is_some() { Ok(whole) } else { enrolled.store().picture(subject, PictureKind::Portrait) }
        });
        let (mut order, mut named, mut seen) = (Some(order), receipts.is_none(), false);
        self.await_answer(move |application| {
            if let Some(answer) = receipts.as_ref().filter(|_| !named).and_then(Pending::try_get) {
                named = true;
                if let Some(order) = &mut order {
                    order.references = answer.map(|page| names_in(page.entries)).unwrap_or_default();
                }
            }
            if let Some(answer) = Some(&kept).filter(|_| !seen).and_then(Pending::try_get) {
                seen = true;
                if let Some(order) = &mut order {
                    order.kept = answer.ok().flatten();
                }
            }
            if named
                && seen
                && let Some(order) = order.take()
            {
                application.begin_opinions(order);
            }
            named && seen
        });
    }

    fn begin_opinions(&mut self, order: OpinionOrder) {
        let Some(places) = self.delivering.as_ref().map(|delivering| &delivering.places) else { return };
        let limit = Duration::from_secs(self.config.opinions.seconds.into());
        self.opinions.push(OpinionRun::start(places, &self.config.services, order, limit, &self.waker));
    }

    /// Keeps what has come, once everybody answered or is too late.
    pub(super) fn poll_opinions(&mut self) {
        self.note_outcome();
        let now = self.clock.now();
        let mut done = Vec::new();
        for mut run in std::mem::take(&mut self.opinions) {
            if run.poll(now) {
                done.push(run);
            } else {
                self.opinions.push(run);
            }
        }
        for run in done {
            let set = run.set();
            self.last_opinions = Some(run.view());
            let kept = self.gallery.ask(move |enrolled| enrolled.store().keep_opinions(&set));
            self.await_answer(move |application| {
                let Some(answer) = kept.try_get() else { return false };
                if let Err(error) = answer {
                    tracing::warn!(code = error.advice().code, %error, "second opinions were not kept");
                    application.fail(&error);
                }
                true
            });
        }
    }

    /// What services said about the flow that is shown, once everybody answered or is too late; for commands. `Some` of nothing asked.
    #[must_use]
    pub fn settled_opinions(&self) -> Option<Option<OpinionView>> {
        let asked = self.running.as_ref().is_some_and(|running| running.asking);
        match self.view_opinions() {
            Some(view) if view.waiting.is_empty() => Some(Some(view)),
            None if !asked => Some(None),
            _ => None,
        }
    }
}
