//! The threads that speak to one service. Each has a client of its own and one job at a time; whatever becomes of it, the job is answered.

use crate::ports::outbox::{DeliveryState, Operation};
use crate::ports::services::{Delivery, Effect, IdentityService, Known, Receipt, ServiceError, ServiceFault, ServiceKind};
use crate::units::UtcTime;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Something to do for a service.
pub(super) struct Job {
    pub operation: Operation,
    /// [`DeliveryState::Sending`] sends, [`DeliveryState::Doubtful`] asks.
    pub state: DeliveryState,
    pub delivery: Delivery,
    pub now: UtcTime,
}

/// What came of it.
pub(super) enum Outcome {
    Answered(Result<Receipt, ServiceError>),
    /// The service named the person; nothing about them was sent. Keep the name, then send what comes back here.
    Prepared(String, Box<Delivery>),
    LookedUp(Result<Known, ServiceError>),
}

impl Outcome {
    pub fn error(&self) -> Option<&ServiceError> {
        match self {
            Self::Answered(result) => result.as_ref().err(),
            Self::Prepared(..) => None,
            Self::LookedUp(result) => result.as_ref().err(),
        }
    }
}

/// An answer, and where it comes from.
pub(super) struct Done {
    pub lane: usize,
    pub worker: usize,
    pub key: uuid::Uuid,
    pub outcome: Outcome,
    pub clock_offset: Option<i64>,
    /// The worker panicked and is gone.
    pub lost: bool,
}

/// One thread's handle.
pub(super) struct Worker {
    jobs: SyncSender<Job>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub fn start(service: Box<dyn IdentityService>, lane: usize, worker: usize, done: SyncSender<Done>) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(1);
        let kind = service.kind();
        let thread = std::thread::Builder::new().name(format!("sync-{}-{}", kind.name(), worker + 1)).spawn(move || {
            let mut service = service;
            while let Ok(job) = queue.recv() {
                let mut pledge = Pledge::new(&done, kind, lane, worker, &job);
                let outcome = work(&mut *service, job);
                pledge.keep(outcome, service.clock_offset());
            }
        })?;
        Ok(Self { jobs, thread: Some(thread) })
    }

    /// Hands a job over; `false` when the thread is gone, and then nothing is sent.
    pub fn hand(&self, job: Job) -> bool {
        self.jobs.try_send(job).is_ok()
    }

    /// Ends the thread after the job in hand.
    pub fn finish(self) -> Option<JoinHandle<()>> {
        let Self { jobs, thread } = self;
        drop(jobs);
        thread
    }
}

fn work(service: &mut dyn IdentityService, job: Job) -> Outcome {
    service.now_is(job.now);
    let capabilities = service.capabilities();
    match (job.state, job.operation) {
        (DeliveryState::Doubtful, _) => Outcome::LookedUp(service.status(&job.delivery)),
        (_, Operation::Enrol) => match service.prepare(&job.delivery) {
            Ok(None) => Outcome::Answered(service.enrol(&job.delivery)),
            Ok(Some(name)) => Outcome::Prepared(name, Box::new(job.delivery)),
            // Whatever became of the name, nothing about the person was sent.
            Err(error) => Outcome::Answered(Err(ServiceError { effect: Effect::None, ..error })),
        },
        // Nothing to call: the erasure stays owed, because such a service promises none either.
        (_, Operation::Delete) if !capabilities.delete => {
            Outcome::Answered(Ok(Receipt { remote_reference: None, identifiers: Vec::new(), repeated: false }))
        }
        (_, Operation::Delete) => Outcome::Answered(service.delete(&job.delivery)),
    }
}

/// Answers a job even when its worker panics: nobody knows then what the service did.
struct Pledge<'a> {
    done: &'a SyncSender<Done>,
    kind: ServiceKind,
    lane: usize,
    worker: usize,
    key: uuid::Uuid,
    state: DeliveryState,
    kept: bool,
}

impl<'a> Pledge<'a> {
    fn new(done: &'a SyncSender<Done>, kind: ServiceKind, lane: usize, worker: usize, job: &Job) -> Self {
        Self { done, kind, lane, worker, key: job.delivery.key, state: job.state, kept: false }
    }

    fn keep(&mut self, outcome: Outcome, clock_offset: Option<i64>) {
        self.kept = true;
        self.send(outcome, clock_offset, false);
    }

    fn send(&self, outcome: Outcome, clock_offset: Option<i64>, lost: bool) {
        // The owner waits for every answer before it ends.
        let _ = self.done.send(Done { lane: self.lane, worker: self.worker, key: self.key, outcome, clock_offset, lost });
    }
}

impl Drop for Pledge<'_> {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let error = ServiceError {
            effect: Effect::Unknown,
            ..ServiceError::unsent(self.kind, ServiceFault::Interrupted, "the worker stopped while it was at it")
        };
        let outcome = match self.state {
            DeliveryState::Doubtful => Outcome::LookedUp(Err(error)),
            _ => Outcome::Answered(Err(error)),
        };
        self.send(outcome, None, true);
    }
}
