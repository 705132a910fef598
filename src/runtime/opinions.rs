//! Asking identity services for a second opinion: each on a thread of its own, all at once, with one time limit. The local decision stands
//! before the first of them is asked, and nothing here can reach it.

use super::messages::Waker;
use super::sync::setup::Places;
use crate::config::ServicesConfig;
use crate::ports::opinions::{Agreement, LocalWord, OpinionSet, Question, Reply, SecondOpinion, agreement};
use crate::ports::services::{IdentityService, ServiceError, ServiceKind};
use crate::units::{Moment, SensitiveBytes, SubjectId, UtcTime};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;
use uuid::Uuid;

/// What is asked about.
#[derive(Debug, Clone)]
pub struct OpinionOrder {
    /// The flow.
    pub session: Uuid,
    /// Its name.
    pub flow: String,
    /// The person decided on.
    pub subject: Option<SubjectId>,
    /// What was decided here.
    pub local: LocalWord,
    /// Who is asked, in order.
    pub services: Vec<ServiceKind>,
    /// The picture just taken, JPEG or PNG.
    pub probe: SensitiveBytes,
    /// The picture kept of the person.
    pub kept: Option<SensitiveBytes>,
    /// Each service's name for the person, from its receipts.
    pub references: Vec<(ServiceKind, String)>,
}

impl OpinionOrder {
    fn reference(&self, service: ServiceKind) -> Option<&str> {
        self.references.iter().find(|(kind, _)| *kind == service).map(|(_, reference)| reference.as_str())
    }
}

/// Services being asked.
pub struct OpinionRun {
    order: Arc<OpinionOrder>,
    at: UtcTime,
    deadline: Moment,
    answered: Receiver<SecondOpinion>,
    got: Vec<SecondOpinion>,
}

impl std::fmt::Debug for OpinionRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpinionRun({}, {} of {})", self.order.session, self.got.len(), self.order.services.len())
    }
}

impl OpinionRun {
    /// Begins to ask.
    ///
    /// - `limit`: after it, whoever has not answered is too late.
    #[must_use]
    pub fn start(places: &Places, config: &ServicesConfig, order: OpinionOrder, limit: Duration, waker: &Waker) -> Self {
        let order = Arc::new(order);
        let (answer, answered) = sync_channel(order.services.len().max(1));
        for service in &order.services {
            let (service, order, places, config) = (*service, Arc::clone(&order), places.clone(), config.clone());
            let (answer, waker) = (answer.clone(), Arc::clone(waker));
            // Without a thread the service stays silent, which is an answer as well.
            let _ = std::thread::Builder::new().name(format!("opinion-{}", service.name())).spawn(move || {
                let began = places.clock.now();
                let (question, reply) = match places.connect(service, &config) {
                    Ok(mut client) => {
                        client.now_is(places.clock.utc());
                        ask(&mut *client, &order)
                    }
                    Err(error) => (None, Reply::Failed(error)),
                };
                let agreed = question.map_or(Agreement::Open, |q| agreement(order.local, q, &reply, order.reference(service)));
                let millis = u64::try_from(places.clock.now().since(began).as_millis()).unwrap_or(u64::MAX);
                let _ = answer.try_send(SecondOpinion { service, question, reply, agreement: agreed, millis });
                waker();
            });
        }
        let (at, deadline) = (places.clock.utc(), places.clock.now() + limit);
        Self { order, at, deadline, answered, got: Vec::new() }
    }

    /// Takes what has come; whether everybody has answered or is too late.
    pub fn poll(&mut self, now: Moment) -> bool {
        self.got.extend(self.answered.try_iter());
        if now >= self.deadline {
            let millis = 0;
            let silent = self.order.services.iter().filter(|service| !self.got.iter().any(|o| o.service == **service));
            let late =
                silent.map(|s| SecondOpinion { service: *s, question: None, reply: Reply::TooLate, agreement: Agreement::Open, millis });
            let late: Vec<_> = late.collect();
            self.got.extend(late);
        }
        self.got.len() >= self.order.services.len()
    }

    /// When [`Self::poll`] is due although nobody wakes.
    #[must_use]
    pub const fn deadline(&self) -> Moment {
        self.deadline
    }

    /// The flow it belongs to.
    #[must_use]
    pub fn session(&self) -> Uuid {
        self.order.session
    }

    /// What has come so far, and who is still thinking.
    #[must_use]
    pub fn view(&self) -> OpinionView {
        let waiting = self.order.services.iter().filter(|s| !self.got.iter().any(|o| o.service == **s)).copied().collect();
        OpinionView { set: self.set(), waiting }
    }

    /// What has come, as it is kept.
    #[must_use]
    pub fn set(&self) -> OpinionSet {
        let of = |service: &ServiceKind| self.got.iter().find(|opinion| opinion.service == *service).cloned();
        OpinionSet {
            session: self.order.session,
            flow: self.order.flow.clone(),
            subject: self.order.subject,
            local: self.order.local,
            asked_at: self.at.0,
            opinions: self.order.services.iter().filter_map(of).collect(),
        }
    }
}

/// Opinions as the officer sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct OpinionView {
    /// What has come.
    pub set: OpinionSet,
    /// Who is still thinking.
    pub waiting: Vec<ServiceKind>,
}

/// The question that fits: with a person claimed, whether it is them; else who it is.
fn ask(client: &mut dyn IdentityService, order: &OpinionOrder) -> (Option<Question>, Reply) {
    let can = client.capabilities();
    let reply = |result: Result<_, ServiceError>| result.map_or_else(Reply::Failed, Reply::Said);
    let one_to_one = matches!(order.local, LocalWord::Match | LocalWord::NoMatch) && order.flow != "identify";
    if one_to_one {
        return match (order.reference(client.kind()), &order.kept) {
            (Some(reference), _) if can.authenticate => {
                (Some(Question::Authenticate), reply(client.authenticate(reference, std::slice::from_ref(&order.probe))))
            }
            (_, Some(kept)) if can.verify => (Some(Question::Verify), reply(client.verify(kept, &order.probe))),
            _ => (None, Reply::NotAsked),
        };
    }
    if can.search { (Some(Question::Search), reply(client.search(&order.probe))) } else { (None, Reply::NotAsked) }
}
