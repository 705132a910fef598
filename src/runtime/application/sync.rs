//! Delivery beside the application: which services a record is meant for, how delivery stands, and when enrolling must stop.

use super::Application;
use super::packets::PacketRun;
use super::services::Testing;
use crate::advice::Advised as _;
use crate::ports::audit::AuditEvent;
use crate::ports::camera::Origin;
use crate::ports::gallery::{GalleryError, SubjectId};
use crate::ports::outbox::{EntryQuery, Outbox};
use crate::ports::services::ServiceKind;
use crate::runtime::gallery::{GalleryWorker, Pending};
use crate::runtime::messages::{DeliveryRow, Notice, Seat, SyncView};
use crate::runtime::sync::setup::{Places, rules, stop_limits, takers};
use crate::runtime::sync::summary::{LaneState, SyncSummary, summarise};
use crate::runtime::sync::{Action, SyncError, SyncWorker, act_because};
use crate::workflow::view::FlowKind;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Owner of the outbox as the window asks it; delivery has its own.
pub(super) type OutboxWorker = GalleryWorker<Box<dyn Outbox>>;

/// Delivery as the application holds it.
pub(super) struct Delivering {
    pub(super) places: Places,
    /// Whether this process delivers by itself.
    deliver: bool,
    worker: Option<SyncWorker>,
    /// Told to end; the next one begins when it has.
    ending: Option<SyncWorker>,
    /// A new thread is due once the one before has ended.
    due: bool,
    paused: bool,
    outbox: Option<OutboxWorker>,
    /// How it stands while no thread delivers.
    resting: Option<SyncSummary>,
    pub(super) packets: Option<PacketRun>,
    pub(super) testing: Option<Testing>,
}

impl Delivering {
    /// From here on no thread is started that delivers.
    pub(super) const fn end(&mut self) {
        self.deliver = false;
    }

    /// Whether no thread of this process holds the right to deliver.
    pub(super) const fn is_at_rest(&self) -> bool {
        self.worker.is_none() && self.ending.is_none()
    }
}

impl Application {
    /// Queues what is enrolled from now on for the services of the configuration, and, with `deliver`, delivers it by itself.
    pub fn deliver_with(&mut self, places: Places, deliver: bool) {
        self.delivering = Some(Delivering {
            places,
            deliver,
            worker: None,
            ending: None,
            due: false,
            paused: false,
            outbox: None,
            resting: None,
            packets: None,
            testing: None,
        });
        self.restart_delivery();
    }

    /// How delivery stands; `None` where nothing is known. Never blocks for long.
    #[must_use]
    pub fn sync_summary(&self) -> Option<SyncSummary> {
        let delivering = self.delivering.as_ref()?;
        delivering.worker.as_ref().map(SyncWorker::summary).or_else(|| delivering.resting.clone())
    }

    /// How delivery stands, for the window.
    pub(super) fn view_sync(&self) -> Option<SyncView> {
        let delivering = self.delivering.as_ref()?;
        Some(SyncView {
            summary: self.sync_summary().unwrap_or_default(),
            delivering: delivering.worker.is_some(),
            paused: delivering.paused,
            automatic: self.config.sync.automatic,
            max_days_offline: self.config.sync.max_days_offline,
            packets: delivering.packets.as_ref().map(PacketRun::view),
            testing: delivering.testing.as_ref().map(Testing::view),
        })
    }

    /// Delivers now, whatever the schedule and the pauses say.
    pub(super) fn deliver_now(&mut self) {
        let Some(delivering) = &mut self.delivering else { return };
        if delivering.packets.is_some() {
            return self.fail(&SyncError::AlreadyRunning);
        }
        if std::mem::take(&mut delivering.paused) {
            self.write_audit(AuditEvent::DeliveryPaused { paused: false });
        }
        match self.delivering.as_ref().and_then(|delivering| delivering.worker.as_ref()) {
            Some(worker) => worker.run_now(),
            None => self.start_delivery(true),
        }
    }

    /// Lets delivery rest, or go on. A pause ends with the program.
    pub(super) fn pause_delivery(&mut self, paused: bool) {
        let Some(delivering) = &mut self.delivering else { return };
        if delivering.paused != paused {
            delivering.paused = paused;
            self.write_audit(AuditEvent::DeliveryPaused { paused });
            self.restart_delivery();
        }
    }

    /// Has the outbox asked on its own thread; a refusal comes as a notice.
    pub(super) fn ask_outbox<T: Send + 'static>(
        &mut self,
        question: impl FnOnce(&mut dyn Outbox) -> Result<T, GalleryError> + Send + 'static,
        done: impl FnOnce(&mut Self, T) + Send + 'static,
    ) {
        let pending = match self.pending_outbox(question) {
            Some(Ok(pending)) => pending,
            Some(Err(error)) => return self.fail(&error),
            None => return,
        };
        let mut done = Some(done);
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            match (answer, done.take()) {
                (Ok(found), Some(done)) => done(application, found),
                (Err(error), _) => application.fail(&error),
                (Ok(_), None) => {}
            }
            true
        });
    }

    pub(super) fn pending_outbox<T: Send + 'static>(
        &mut self,
        question: impl FnOnce(&mut dyn Outbox) -> Result<T, GalleryError> + Send + 'static,
    ) -> Option<Result<Pending<T>, GalleryError>> {
        let (practice, waker) = (self.practice, Arc::clone(&self.waker));
        let delivering = self.delivering.as_mut()?;
        if delivering.outbox.is_none() {
            let open = Arc::clone(&delivering.places.open_outbox);
            match GalleryWorker::start_named("outbox", Box::new(move |practice| open(practice)), practice, waker) {
                Ok(worker) => delivering.outbox = Some(worker),
                Err(error) => return Some(Err(error)),
            }
        }
        delivering.outbox.as_ref().map(|outbox| Ok(outbox.ask(move |outbox| question(&mut **outbox))))
    }

    /// A page of deliveries, with the people's names from the gallery. At a desk only: a subject reads nobody's name.
    pub(super) fn list_deliveries(&mut self, query: EntryQuery) {
        if self.seat != Seat::Desk {
            return;
        }
        let asked = query.clone();
        self.ask_outbox(
            move |outbox| outbox.entries(&asked),
            move |application, page| {
                let wanted: Vec<Option<SubjectId>> = page.entries.iter().map(|entry| entry.subject).collect();
                let pending = application.gallery.ask(move |enrolled| {
                    let name = |subject: &Option<SubjectId>| subject.and_then(|subject| enrolled.store().subject(subject).ok());
                    Ok(wanted.iter().map(name).map(|found| found.map(|details| details.summary)).collect::<Vec<_>>())
                });
                let mut page = Some(page);
                application.await_answer(move |application| {
                    let Some(answer) = pending.try_get() else { return false };
                    let Some(page) = page.take() else { return true };
                    // Without the gallery the queue is still shown, by code numbers alone.
                    let people = answer.unwrap_or_default().into_iter().chain(std::iter::repeat(None));
                    let rows = page.entries.into_iter().zip(people).map(|(entry, person)| DeliveryRow { entry, person }).collect();
                    application.notify(Notice::Deliveries(query.clone(), crate::ports::gallery::Page { entries: rows, total: page.total }));
                    true
                });
            },
        );
    }

    /// Carries out what a person decided about one delivery, with the reason for history and audit trail; a refusal comes as a notice.
    pub(super) fn decide_delivery(&mut self, key: Uuid, action: Action, reason: &str) {
        if self.seat != Seat::Desk {
            return;
        }
        let (rules, at, reason) = (rules(&self.config.sync), self.clock.utc(), reason.trim().to_owned());
        let (kept, decided) = (reason.clone(), action.clone());
        let question = move |outbox: &mut dyn Outbox| {
            let done = act_because(outbox, key, action, &reason, &rules, at);
            // A refusal is the answer here, not a fault of the outbox.
            Ok(done.and_then(|()| outbox.entry(key).map_err(SyncError::from)))
        };
        self.ask_outbox(question, move |application, result| match result {
            Ok(entry) => {
                let decision = match decided {
                    Action::Retry => "retry",
                    Action::Arrived(_) => "arrived",
                    Action::NotArrived => "not_arrived",
                    Action::SetAside => "set_aside",
                };
                application.write_audit(AuditEvent::DeliveryDecided {
                    delivery: entry.key,
                    service: entry.service.name().to_owned(),
                    decision: decision.to_owned(),
                    reason: kept,
                });
                application.wake_delivery();
                application.notify(Notice::DeliveryDecided(entry.key));
            }
            Err(error) => application.fail(&error),
        });
    }

    /// Services a record is meant for.
    pub(super) fn services_for(&self, flow: &str, origin: Origin) -> Vec<ServiceKind> {
        if self.delivering.is_none() || !self.config.sync.delivers(flow, origin == Origin::File) {
            return Vec::new();
        }
        takers(&self.config, origin == Origin::Practice)
    }

    pub(super) fn wake_delivery(&mut self) {
        match self.delivering.as_ref().and_then(|delivering| delivering.worker.as_ref()) {
            Some(worker) => worker.wake(),
            None => self.count_resting(),
        }
    }

    /// Whether a flow may begin: nobody real is enrolled with models whose terms were not accepted, and nobody more while a limit is passed.
    /// The operator is told which.
    pub(super) fn may_begin(&mut self, kind: FlowKind) -> bool {
        if !matches!(kind, FlowKind::Enrol | FlowKind::ReEnrol) {
            return true;
        }
        if let Some(refused) = self.unaccepted_terms() {
            self.fail(&refused);
            return false;
        }
        let Some(stop) = self.sync_summary().and_then(|summary| summary.stops_enrolling()) else { return true };
        self.notify(Notice::Failed(stop.to_string(), stop.advice()));
        false
    }

    /// The other gallery has another outbox, other settings other services: what runs ends, and begins anew.
    pub(super) fn restart_delivery(&mut self) {
        let Some(delivering) = &mut self.delivering else { return };
        // Told to end, it does so by itself; the window does not wait for a service's answer.
        if let Some(mut worker) = delivering.worker.take() {
            worker.stop();
            delivering.ending = Some(worker);
        }
        delivering.resting = None;
        self.leaving.extend(delivering.outbox.take().and_then(OutboxWorker::dismiss));
        delivering.due = true;
        self.poll_delivery();
    }

    /// Begins delivery once the thread before has ended.
    pub(super) fn poll_delivery(&mut self) {
        let Some(delivering) = &mut self.delivering else { return };
        let ended = delivering.ending.take_if(|worker| worker.is_over());
        self.leaving.extend(ended.and_then(SyncWorker::dismiss));
        if let Some(worker) = delivering.worker.take_if(|worker| worker.is_over()) {
            self.lose_delivery(worker);
        }
        let Some(delivering) = &mut self.delivering else { return };
        if delivering.due && delivering.ending.is_none() {
            delivering.due = false;
            self.start_delivery(false);
        }
        self.poll_packets();
    }

    /// The delivering thread ended without having been told to: what is queued is safe, and somebody is told. Another order begins anew.
    fn lose_delivery(&mut self, worker: SyncWorker) {
        let mut summary = worker.summary();
        self.leaving.extend(worker.dismiss());
        let lost = SyncError::WorkerLost;
        // A thread that could not begin has said why; one that died of a bug has not.
        if summary.trouble.is_none() {
            self.fail(&lost);
        }
        let (_, advice) = summary.trouble.get_or_insert_with(|| (lost.to_string(), lost.advice()));
        let code = advice.code.to_owned();
        for service in &mut summary.services {
            service.lane = LaneState::Idle;
        }
        self.write_audit(AuditEvent::Trouble { part: "delivery".to_owned(), code });
        if let Some(delivering) = &mut self.delivering {
            delivering.resting = Some(summary);
        }
    }

    fn start_delivery(&mut self, asked: bool) {
        let practice = self.practice;
        let Some(delivering) = &mut self.delivering else { return };
        let wanted = delivering.deliver && (asked || (self.config.sync.automatic && !delivering.paused));
        if !wanted || delivering.packets.is_some() || delivering.ending.is_some() || takers(&self.config, practice).is_empty() {
            return self.count_resting();
        }
        let parts = match delivering.places.sync_parts(&self.config, practice) {
            Ok(parts) => parts,
            Err(error) => return self.fail(&error),
        };
        match SyncWorker::start(parts, Arc::clone(&self.waker)) {
            Ok(worker) => {
                if asked {
                    worker.run_now();
                }
                delivering.worker = Some(worker);
            }
            Err(error) => self.fail(&error),
        }
    }

    /// Counts what waits while nobody delivers: also then enrolling stops at the limits.
    fn count_resting(&mut self) {
        let Some(delivering) = &self.delivering else { return };
        if !delivering.deliver || !delivering.is_at_rest() {
            return;
        }
        let targets = match delivering.places.targets(&self.config) {
            Ok(targets) => targets,
            Err(error) => return self.fail(&error),
        };
        let (practice, limits) = (self.practice, stop_limits(&self.config.sync));
        let (free, at) = ((delivering.places.free_space)(), self.clock.utc());
        // A gallery that cannot be opened is told by the gallery's own thread.
        let Some(Ok(pending)) = self.pending_outbox(move |outbox| summarise(outbox, &targets, practice, &limits, free, at)) else { return };
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            if let (Ok(summary), Some(delivering)) = (answer, &mut application.delivering) {
                delivering.resting = Some(summary);
            }
            true
        });
    }

    pub(super) fn end_delivery(&mut self, limit: Duration) -> bool {
        let Some(delivering) = &mut self.delivering else { return true };
        let workers = [delivering.worker.as_mut(), delivering.ending.as_mut()];
        // All of them are told, whatever became of the one before.
        let mut ended = true;
        for worker in workers.into_iter().flatten() {
            ended &= worker.shut_down(limit);
        }
        delivering.outbox.as_mut().is_none_or(|outbox| outbox.shut_down(limit)) && ended
    }
}
