//! Delivery beside the application: which services a record is meant for, how delivery stands, and when enrolling must stop.

use super::Application;
use crate::advice::{Advice, Advised as _};
use crate::ports::camera::Origin;
use crate::ports::services::ServiceKind;
use crate::runtime::messages::Notice;
use crate::runtime::sync::summary::SyncSummary;
use crate::runtime::sync::{Action, SyncError, SyncWorker};
use crate::workflow::view::FlowKind;
use std::sync::mpsc::TryRecvError;
use std::time::Duration;
use uuid::Uuid;

/// Starts delivery from the practice gallery (`true`) or the real one.
/// What stands against it comes with code and next step.
pub type SyncStarter = Box<dyn FnMut(bool) -> Result<SyncWorker, (String, Advice)> + Send>;

/// Delivery as the application holds it.
pub(super) struct Delivering {
    start: Option<SyncStarter>,
    worker: Option<SyncWorker>,
    /// Services that take real records, and those that take practice ones.
    services: [Vec<ServiceKind>; 2],
}

impl Application {
    /// Queues what is enrolled from now on, and delivers it.
    ///
    /// - `start`: starts the thread, now and whenever practice mode changes; without one, records wait for whoever delivers.
    /// - `real`, `practice`: services that take records of either gallery.
    pub fn deliver_with(&mut self, start: Option<SyncStarter>, real: Vec<ServiceKind>, practice: Vec<ServiceKind>) {
        self.delivering = Some(Delivering { start, worker: None, services: [real, practice] });
        self.restart_delivery();
    }

    /// How delivery stands; `None` where nothing is delivered from here. Never blocks for long.
    #[must_use]
    pub fn sync_summary(&self) -> Option<SyncSummary> {
        self.delivering.as_ref()?.worker.as_ref().map(SyncWorker::summary)
    }

    /// Delivers now, whatever the schedule and the pauses say.
    pub fn sync_now(&self) {
        if let Some(worker) = self.delivering.as_ref().and_then(|delivering| delivering.worker.as_ref()) {
            worker.run_now();
        }
    }

    /// Carries out what a person decided about one delivery; a refusal comes as a notice.
    pub fn decide_delivery(&mut self, key: Uuid, action: Action) {
        let Some(worker) = self.delivering.as_ref().and_then(|delivering| delivering.worker.as_ref()) else { return };
        let answered = worker.act(key, action);
        self.await_answer(move |application| match answered.try_recv() {
            Ok(Ok(())) => {
                application.notify(Notice::Changed);
                true
            }
            Ok(Err(error)) => {
                application.fail(&error);
                true
            }
            Err(TryRecvError::Empty) => false,
            Err(TryRecvError::Disconnected) => {
                application.fail(&SyncError::WorkerLost);
                true
            }
        });
    }

    /// Services a record is meant for.
    pub(super) fn services_for(&self, flow: &str, origin: Origin) -> Vec<ServiceKind> {
        let Some(delivering) = &self.delivering else { return Vec::new() };
        if !self.config.sync.delivers(flow, origin == Origin::File) {
            return Vec::new();
        }
        delivering.services[usize::from(origin == Origin::Practice)].clone()
    }

    pub(super) fn wake_delivery(&self) {
        if let Some(worker) = self.delivering.as_ref().and_then(|delivering| delivering.worker.as_ref()) {
            worker.wake();
        }
    }

    /// Whether a flow may begin: nobody more is enrolled while a limit is passed, and the operator is told which.
    pub(super) fn may_begin(&mut self, kind: FlowKind) -> bool {
        if !matches!(kind, FlowKind::Enrol | FlowKind::ReEnrol) {
            return true;
        }
        let Some(stop) = self.sync_summary().and_then(|summary| summary.stops_enrolling()) else { return true };
        self.notify(Notice::Failed(stop.to_string(), stop.advice()));
        false
    }

    /// The other gallery has another outbox.
    pub(super) fn restart_delivery(&mut self) {
        let practice = self.practice;
        let Some(delivering) = &mut self.delivering else { return };
        // Told to end, it does so by itself; the window does not wait for a service's answer.
        delivering.worker = None;
        match delivering.start.as_mut().map(|start| start(practice)) {
            None => {}
            Some(Ok(worker)) => delivering.worker = Some(worker),
            Some(Err((message, advice))) => self.notify(Notice::Failed(message, advice)),
        }
    }

    pub(super) fn end_delivery(&mut self, limit: Duration) -> bool {
        let worker = self.delivering.as_mut().and_then(|delivering| delivering.worker.as_mut());
        worker.is_none_or(|worker| worker.shut_down(limit))
    }
}
