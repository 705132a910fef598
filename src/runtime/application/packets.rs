//! Delivery by hand at the desk: sealed packets written to a folder and read from one, while the delivering thread rests.

use super::Application;
use crate::adapters::sealed::{PublicKey, SealedError, Trust};
use crate::advice::{Advice, Advised};
use crate::config::Config;
use crate::ports::audit::AuditEvent;
use crate::ports::keys::KeyStoreError;
use crate::ports::outbox::Outbox;
use crate::ports::services::ServiceKind;
use crate::runtime::application::parts::IdentityOpener;
use crate::runtime::messages::{Notice, PacketsView, Seat};
use crate::runtime::sync::packets::{ExportReport, ExportTo, ImportFrom, Importer, PacketError, PacketsReport, export_packets};
use crate::runtime::sync::setup::{Places, rules};
use crate::runtime::sync::{SyncError, Turn};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
            Self::Busy => Advice::input("SYN-31", "Wait until it has ended."),
            Self::NoKey => Advice::input("SYN-32", "Name the key of the other machine, or set it in the configuration."),
            Self::Sync(error) => error.advice(),
            Self::Packet(error) => error.advice(),
            Self::Sealed(error) => error.advice(),
            Self::Key(error) => error.advice(),
        }
    }
}

/// How far it is, shared with whoever shows it.
#[derive(Debug, Default)]
struct Counter {
    done: AtomicU64,
    of: AtomicU64,
}

/// Packets being written or read.
pub(super) struct PacketRun {
    importing: bool,
    counter: Arc<Counter>,
    /// What is begun once the delivering thread has given its turn back.
    order: Option<PacketOrder>,
}

impl PacketRun {
    pub(super) fn view(&self) -> PacketsView {
        PacketsView {
            importing: self.importing,
            done: self.counter.done.load(Ordering::Relaxed),
            of: self.counter.of.load(Ordering::Relaxed),
        }
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
        delivering.packets = Some(PacketRun { importing, counter: Arc::default(), order: Some(order) });
        self.restart_delivery();
    }

    /// Begins what was ordered once the turn is free.
    pub(super) fn poll_packets(&mut self) {
        let (practice, config, identity) = (self.practice, self.config.clone(), Arc::clone(&self.identity));
        let Some(delivering) = &mut self.delivering else { return };
        if !delivering.is_at_rest() {
            return;
        }
        let Some(run) = &mut delivering.packets else { return };
        let Some(order) = run.order.take() else { return };
        let work = Work { practice, config, identity, places: delivering.places.clone(), counter: Arc::clone(&run.counter) };
        let Some(Ok(pending)) = self.pending_outbox(move |outbox| Ok(work.carry_out(outbox, &order))) else {
            return self.end_packets(Err(PacketOrderError::Sync(SyncError::WorkerLost)));
        };
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            let result = answer.map_err(|error| PacketOrderError::Sync(SyncError::Gallery(error))).and_then(|result| result);
            application.end_packets(result);
            true
        });
    }

    fn end_packets(&mut self, result: Result<PacketsDone, PacketOrderError>) {
        if let Some(delivering) = &mut self.delivering {
            delivering.packets = None;
        }
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
    counter: Arc<Counter>,
}

impl Work {
    fn carry_out(&self, outbox: &mut dyn Outbox, order: &PacketOrder) -> Result<PacketsDone, PacketOrderError> {
        let _turn = Turn::take(&self.places.turn(self.practice))?;
        let mut progress = |done: u64, of: u64| {
            self.counter.done.store(done, Ordering::Relaxed);
            self.counter.of.store(of, Ordering::Relaxed);
        };
        let identity = (self.identity)()?;
        let (practice, rules) = (self.practice, rules(&self.config.sync));
        match order {
            PacketOrder::Export { folder, service, recipient } => {
                let configured = &self.config.sync.branch_key;
                let key = [recipient.trim(), configured].into_iter().find(|key| !key.is_empty()).ok_or(PacketOrderError::NoKey)?;
                let recipient = PublicKey::from_text(key)?;
                let to = ExportTo { folder, service: *service, recipient, identity: &identity, practice };
                Ok(PacketsDone::Exported(export_packets(outbox, &to, &rules, self.places.clock.utc(), &mut progress)?))
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
                Ok(PacketsDone::Imported(importer.run(&from, &mut progress)?))
            }
        }
    }
}
