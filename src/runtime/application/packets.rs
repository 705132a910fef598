//! Delivery by hand at the desk: sealed packets written to a folder and read from one, on a thread of their own while the delivering thread
//! rests. Broken off, also by the end of the program, they go on where they stopped with the next order.

use super::Application;
use super::sync::OutboxWorker;
use crate::adapters::sealed::{PublicKey, SealedError, Trust};
use crate::advice::{Advice, Advised};
use crate::config::Config;
use crate::ports::audit::AuditEvent;
use crate::ports::keys::KeyStoreError;
use crate::ports::outbox::Outbox;
use crate::ports::services::ServiceKind;
use crate::runtime::application::parts::IdentityOpener;
use crate::runtime::gallery::GalleryWorker;
use crate::runtime::messages::{Notice, PacketsView, Seat};
use crate::runtime::sync::packets::{ExportReport, ExportTo, ImportFrom, Importer, PacketError, PacketsReport, Progress, export_packets};
use crate::runtime::sync::setup::{Places, rules};
use crate::runtime::sync::{SyncError, Turn};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for a service that does not answer during an import; its packets are left for another run then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Packets to write or to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PacketOrder {
    /// Write what waits.
    Export {
        /// Folder, for instance on a stick.
        folder: PathBuf,
        /// For this service only.
        service: Option<ServiceKind>,
        /// Key of the branch; empty takes the configuration's.
        recipient: String,
    },
    /// Deliver other machines' packets, and take receipts for our own.
    Import {
        /// Folder that an export wrote, or that came back.
        folder: PathBuf,
        /// Keys of machines whose files are taken; empty takes the configuration's.
        trusted: Vec<String>,
    },
}

impl PacketOrder {
    /// What comes of it when it is broken off before it began.
    fn broken_off(&self) -> PacketsDone {
        match self {
            Self::Export { .. } => PacketsDone::Exported(ExportReport { cancelled: true, ..ExportReport::default() }),
            Self::Import { .. } => PacketsDone::Imported(PacketsReport { cancelled: true, ..PacketsReport::default() }),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PacketsDone {
    /// Written.
    Exported(ExportReport),
    /// Read.
    Imported(PacketsReport),
}

#[derive(Debug, thiserror::Error)]
enum PacketOrderError {
    #[error("packets are written and read only at the desk")]
    NotHere,
    #[error("packets are being written or read")]
    Busy,
    #[error("no key is named")]
    NoKey,
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Packet(#[from] PacketError),
    #[error(transparent)]
    Sealed(#[from] SealedError),
    #[error(transparent)]
    Key(#[from] KeyStoreError),
}

impl Advised for PacketOrderError {
    fn advice(&self) -> Advice {
        match self {
            Self::NotHere => Advice::input("SYN-30", "Use the officer's desk, or `visavis sync export`."),
            Self::Busy => Advice::input("SYN-31", "Wait until it has ended, or break it off."),
            Self::NoKey => Advice::input("SYN-32", "Name the key of the other machine, or set it in the configuration."),
            Self::Sync(error) => error.advice(),
            Self::Packet(error) => error.advice(),
            Self::Sealed(error) => error.advice(),
            Self::Key(error) => error.advice(),
        }
    }
}

/// Packets being written or read.
pub(super) struct PacketRun {
    importing: bool,
    progress: Arc<Progress>,
    /// What is begun once the delivering thread has given its turn back.
    order: Option<PacketOrder>,
    /// Carries it out, with an outbox of its own: lists are answered meanwhile.
    worker: Option<OutboxWorker>,
}

impl PacketRun {
    pub(super) fn view(&self) -> PacketsView {
        let Self { importing, progress, .. } = self;
        PacketsView { importing: *importing, done: progress.done(), of: progress.of(), cancelled: progress.is_cancelled() }
    }
}

impl Application {
    /// Takes the order; delivery rests until it is carried out.
    pub(super) fn move_packets(&mut self, order: PacketOrder) {
        if self.seat != Seat::Desk {
            return self.fail(&PacketOrderError::NotHere);
        }
        let Some(delivering) = &mut self.delivering else { return };
        if delivering.packets.is_some() {
            return self.fail(&PacketOrderError::Busy);
        }
        let importing = matches!(order, PacketOrder::Import { .. });
        delivering.packets = Some(PacketRun { importing, progress: Arc::default(), order: Some(order), worker: None });
        self.restart_delivery();
    }

    /// Breaks off what is being written or read, before its next packet.
    pub(super) fn cancel_packets(&mut self) {
        if let Some(run) = self.delivering.as_ref().and_then(|delivering| delivering.packets.as_ref()) {
            run.progress.cancel();
        }
    }

    /// Begins what was ordered once the turn is free.
    pub(super) fn poll_packets(&mut self) {
        let (practice, config, identity, waker) = (self.practice, self.config.clone(), Arc::clone(&self.identity), Arc::clone(&self.waker));
        let Some(delivering) = &mut self.delivering else { return };
        let at_rest = delivering.is_at_rest();
        let Some(run) = &mut delivering.packets else { return };
        let Some(order) = run.order.take_if(|_| at_rest) else { return };
        if run.progress.is_cancelled() {
            return self.end_packets(Ok(order.broken_off()));
        }
        let open = Arc::clone(&delivering.places.open_outbox);
        let worker = match GalleryWorker::start_named("packets", Box::new(move |practice| open(practice)), practice, waker) {
            Ok(worker) => worker,
            Err(error) => return self.end_packets(Err(PacketOrderError::Sync(SyncError::Gallery(error)))),
        };
        let work = Work { practice, config, identity, places: delivering.places.clone(), progress: Arc::clone(&run.progress) };
        let pending = worker.ask(move |outbox| Ok(work.carry_out(&mut **outbox, &order)));
        run.worker = Some(worker);
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            let result = answer.map_err(|error| PacketOrderError::Sync(SyncError::Gallery(error))).and_then(|result| result);
            application.end_packets(result);
            true
        });
    }

    /// Breaks off what is being written or read and ends its thread, before the application itself ends; waits up to `limit`. Returns whether
    /// it ended in order. What was done is answered, and in the audit trail, as ever.
    pub(super) fn end_packet_run(&mut self, limit: Duration) -> bool {
        let Some(delivering) = &mut self.delivering else { return true };
        // Nothing is delivered any more once the packets are done.
        delivering.end();
        let Some(run) = &mut delivering.packets else { return true };
        run.progress.cancel();
        run.worker.as_mut().is_none_or(|worker| worker.shut_down(limit))
    }

    fn end_packets(&mut self, result: Result<PacketsDone, PacketOrderError>) {
        let run = self.delivering.as_mut().and_then(|delivering| delivering.packets.take());
        self.leaving.extend(run.and_then(|run| run.worker).and_then(OutboxWorker::dismiss));
        match result {
            Ok(done) => {
                let (direction, packets) = match &done {
                    PacketsDone::Exported(report) => ("export", report.packets),
                    PacketsDone::Imported(report) => ("import", report.packets),
                };
                self.write_audit(AuditEvent::PacketsMoved { direction: direction.to_owned(), packets });
                self.notify(Notice::PacketsMoved(done));
            }
            Err(error) => self.fail(&error),
        }
        self.restart_delivery();
    }
}

/// Everything the outbox's thread needs for it.
struct Work {
    practice: bool,
    config: Config,
    identity: IdentityOpener,
    places: Places,
    progress: Arc<Progress>,
}

impl Work {
    fn carry_out(&self, outbox: &mut dyn Outbox, order: &PacketOrder) -> Result<PacketsDone, PacketOrderError> {
        let _turn = Turn::take(&self.places.turn(self.practice))?;
        let identity = (self.identity)()?;
        let (practice, rules) = (self.practice, rules(&self.config.sync));
        match order {
            PacketOrder::Export { folder, service, recipient } => {
                let configured = &self.config.sync.branch_key;
                let key = [recipient.trim(), configured].into_iter().find(|key| !key.is_empty()).ok_or(PacketOrderError::NoKey)?;
                let recipient = PublicKey::from_text(key)?;
                let to = ExportTo { folder, service: *service, recipient, identity: &identity, practice };
                Ok(PacketsDone::Exported(export_packets(outbox, &to, &rules, self.places.clock.utc(), &self.progress)?))
            }
            PacketOrder::Import { folder, trusted } => {
                let texts = if trusted.is_empty() { &self.config.sync.trusted_keys } else { trusted };
                if texts.is_empty() {
                    return Err(PacketOrderError::NoKey);
                }
                let keys = texts.iter().map(|text| PublicKey::from_text(text)).collect::<Result<Vec<_>, _>>()?;
                let mut targets = self.places.targets(&self.config)?;
                let from = ImportFrom { folder, trust: Trust::Only(&keys), identity: &identity, practice, patience: PATIENCE };
                let clock = Arc::clone(&self.places.clock);
                let mut importer = Importer { outbox, targets: &mut targets, rules, clock, chance: Box::new(rand::random) };
                Ok(PacketsDone::Imported(importer.run(&from, &self.progress)?))
            }
        }
    }
}
