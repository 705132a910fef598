//! Reading packets and delivering them, and reading the receipts that come back.

use super::content::{Packet, ReceiptText, read_manifest, read_packet, read_receipt, write_receipt};
use super::courier::{Courier, Parcelled};
use super::export::{seal, settle_interrupted};
use super::{EXTENSION, MANIFEST, PACKETS, PacketError, Progress, RECEIPTS, fingerprint, make_folder, sealed_files};
use crate::adapters::sealed::{Identity, Kind, Opener, PublicKey, SealedError, SealedReader, Trust};
use crate::advice::Advised as _;
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{Change, DeliveryState, Entry, Note, Outbox, Parcel, Progress as Standing};
use crate::ports::services::Guarantee;
use crate::runtime::clock::Clock;
use crate::runtime::sync::engine::subjected;
use crate::runtime::sync::{Chance, Target};
use crate::units::UtcTime;
use crate::workflow::sync::{Promise, Rules, SyncEvent, step};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Packets opened, entered and delivered together; so many records are in memory at once.
const GROUP: usize = 32;

/// Whose files are taken.
#[derive(Debug, Clone, Copy)]
pub struct ImportFrom<'a> {
    /// Folder that an export wrote, or that receipts were written to.
    pub folder: &'a Path,
    /// Machines whose packets and receipts are taken.
    pub trust: Trust<'a>,
    /// This machine, which opens them and signs receipts.
    pub identity: &'a Identity,
    /// Whether this is the practice gallery.
    pub practice: bool,
    /// Longest wait for a service that does not answer, before its packets are left for another run.
    pub patience: Duration,
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PacketProblem {
    /// Its name.
    pub file: String,
    /// Support code.
    pub code: &'static str,
    /// Why.
    pub message: String,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct PacketsReport {
    /// Packets that opened.
    pub packets: u64,
    /// Delivered now.
    pub delivered: u64,
    /// Settled by an earlier run, or come twice.
    pub settled_before: u64,
    /// Refused, set aside, outcome unknown or owed: a person must look.
    pub attention: u64,
    /// Left for another run: the service did not answer, or an earlier packet of the same person is missing.
    pub left: u64,
    /// Receipts written for the machines that made the packets.
    pub receipts_written: u64,
    /// Receipts for deliveries of this machine.
    pub receipts_taken: u64,
    /// Packets that the manifest names and the folder lacks.
    pub missing: Vec<String>,
    /// Files that were not taken.
    pub problems: Vec<PacketProblem>,
    /// Packets and manifests sealed for another machine.
    pub not_for_us: u64,
    /// Whether somebody broke it off; what was not reached is left for another run.
    pub cancelled: bool,
}

impl PacketsReport {
    /// Whether everything there was is settled.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.cancelled && self.left == 0 && self.attention == 0 && self.missing.is_empty() && self.problems.is_empty()
    }
}

/// An import. The caller holds the turn to deliver.
pub struct Importer<'a> {
    /// This machine's outbox.
    pub outbox: &'a mut dyn Outbox,
    /// Configured services.
    pub targets: &'a mut [Target],
    /// Delays and limits.
    pub rules: Rules,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// For delays.
    pub chance: Chance,
}

impl std::fmt::Debug for Importer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Importer({:?})", self.targets)
    }
}

impl Importer<'_> {
    /// Takes receipts for this machine's own deliveries, then delivers other machines' packets, each once, in each person's order.
    ///
    /// # Errors
    /// [`PacketError`] when the folder or the outbox cannot be used; a single file that cannot is a problem of the report.
    pub fn run(&mut self, from: &ImportFrom<'_>, progress: &Progress) -> Result<PacketsReport, PacketError> {
        let mut report = PacketsReport::default();
        settle_interrupted(self.outbox, &self.rules, self.clock.utc())?;
        self.take_receipts(from, &mut report)?;
        check_manifest(from, &mut report)?;
        let mut waiting = sealed_files(&from.folder.join(PACKETS))?;
        let total = waiting.len() as u64;
        progress.at(0, total);
        loop {
            let before = waiting.len();
            let (mut later, mut reached) = (Vec::new(), 0);
            for group in waiting.chunks(GROUP) {
                if progress.is_cancelled() {
                    report.cancelled = true;
                    report.left += (before - reached + later.len()) as u64;
                    return Ok(report);
                }
                later.extend(self.take_group(group, from, &mut report, progress)?);
                reached += group.len();
                progress.at(total - (before - reached + later.len()) as u64, total);
            }
            // Packets that wait for one that came later in the folder, or in the same group, have their turn now.
            if later.is_empty() || later.len() == before {
                report.left += later.len() as u64;
                break;
            }
            waiting = later;
        }
        report.cancelled = progress.is_cancelled() && report.left > 0;
        Ok(report)
    }

    /// Enters a group of packets in one durable write and delivers it; returns those that must wait for another packet.
    fn take_group(
        &mut self,
        paths: &[PathBuf],
        from: &ImportFrom<'_>,
        report: &mut PacketsReport,
        progress: &Progress,
    ) -> Result<Vec<PathBuf>, PacketError> {
        let mut later = Vec::new();
        let mut opened: Vec<(&PathBuf, Packet, String)> = Vec::new();
        for path in paths {
            let Some((mut packet, sender)) = open_packet(path, from, report) else { continue };
            let key = packet.parcel.delivery.key;
            // The same packet twice: its copy finds it settled.
            let twice = opened.iter().any(|(_, known, _)| known.parcel.delivery.key == key);
            if twice || !self.follows_its_predecessor(&mut packet)? {
                later.push(path.clone());
            } else {
                opened.push((path, packet, sender));
            }
        }
        let parcels: Vec<(&Parcel, &str)> = opened.iter().map(|(_, packet, sender)| (&packet.parcel, sender.as_str())).collect();
        let entries = self.outbox.take_in(&parcels, self.clock.utc())?;
        let mut group = Vec::new();
        for ((path, packet, sender), entry) in opened.into_iter().zip(entries) {
            if entry.packet_of.as_ref() == Some(&sender) {
                report.packets += 1;
                group.push(Parcelled { before: entry.progress.state, packet, entry });
            } else {
                // A key of this machine's own, or of another sender.
                report.problems.push(problem(path, &SealedError::Damaged { what: "its key belongs to another delivery" }));
            }
        }
        let means = (self.rules, Arc::clone(&self.clock), &mut self.chance);
        Courier::new(self.outbox, self.targets, means, from.practice, from.patience).deliver(&mut group, progress)?;
        for parcel in &group {
            self.report(parcel, from, report)?;
        }
        Ok(later)
    }

    fn report(&self, parcel: &Parcelled, from: &ImportFrom<'_>, report: &mut PacketsReport) -> Result<(), PacketError> {
        match parcel.entry.progress.state {
            state if state.is_waiting() => {
                report.left += 1;
                return Ok(());
            }
            state if state.needs_attention() => report.attention += 1,
            _ if parcel.before == DeliveryState::Delivered => report.settled_before += 1,
            _ => report.delivered += 1,
        }
        self.write_receipt(&parcel.packet, &parcel.entry, from)?;
        report.receipts_written += 1;
        Ok(())
    }

    /// Whether the person's earlier delivery has arrived; the name it was given there is what this one needs.
    fn follows_its_predecessor(&self, packet: &mut Packet) -> Result<bool, PacketError> {
        let Some(after) = packet.parcel.after else { return Ok(true) };
        match self.outbox.entry(after) {
            Ok(entry) if !entry.progress.state.is_waiting() && entry.progress.state != DeliveryState::OutcomeUnknown => {
                let named = entry.receipt.and_then(|receipt| receipt.remote_reference);
                let delivery = &mut packet.parcel.delivery;
                delivery.remote_reference = delivery.remote_reference.take().or(named);
                Ok(true)
            }
            Ok(_) | Err(GalleryError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn write_receipt(&self, packet: &Packet, entry: &Entry, from: &ImportFrom<'_>) -> Result<(), PacketError> {
        let recipient = PublicKey::from_text(&packet.reply_to)?;
        let receipt = ReceiptText {
            key: entry.key,
            state: entry.progress.state,
            receipt: entry.receipt.clone(),
            fault: entry.fault.clone(),
            ended_at: entry.changed_at.0,
        };
        let folder = from.folder.join(RECEIPTS);
        make_folder(&folder)?;
        let path = folder.join(format!("{}.{EXTENSION}", entry.key));
        let now = self.clock.utc();
        Ok(seal(&path, Kind::SyncReceipt, recipient, from.identity, now, &mut |write| write_receipt(&receipt, write))?)
    }

    fn take_receipts(&mut self, from: &ImportFrom<'_>, report: &mut PacketsReport) -> Result<(), PacketError> {
        for path in sealed_files(&from.folder.join(RECEIPTS))? {
            match open(&path, Kind::SyncReceipt, from, read_receipt) {
                Ok((receipt, _)) => report.receipts_taken += u64::from(self.take_receipt(receipt)?),
                // Receipts this machine wrote for others lie in the same folder.
                Err(error) if is_elsewhere(&error, from) => {}
                Err(error) => report.problems.push(problem(&path, &error)),
            }
        }
        Ok(())
    }

    /// Returns whether a delivery of this machine was settled by it; a receipt that comes again settles nothing.
    fn take_receipt(&mut self, text: ReceiptText) -> Result<bool, PacketError> {
        let now = self.clock.utc();
        let promise = Promise { guarantee: Guarantee::AtMostOnce, delete_erases: false };
        let change = match self.outbox.entry(text.key) {
            Ok(entry) => {
                let event = SyncEvent::Returned { state: text.state, receipt: text.receipt, fault: text.fault };
                match step(&subjected(&entry), event, promise, &self.rules, now, 0) {
                    Ok(change) => change,
                    Err(_) => return Ok(false),
                }
            }
            // The person was erased meanwhile: a deletion may wait for this.
            Err(GalleryError::NotFound { .. }) => {
                self.outbox.exchange(&[erased_meanwhile(text, now)], &[], now)?;
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        };
        self.outbox.exchange(&[change], &[], now)?;
        Ok(true)
    }
}

/// A packet and who signed it; one that cannot be taken is told in the report.
fn open_packet(path: &Path, from: &ImportFrom<'_>, report: &mut PacketsReport) -> Option<(Packet, String)> {
    match open(path, Kind::SyncPacket, from, read_packet) {
        Ok((packet, _)) if packet.practice != from.practice => {
            let reason = "practice records and real ones are never delivered together".to_owned();
            report.problems.push(problem(path, &SealedError::Unsupported { reason }));
            None
        }
        Ok((packet, signer)) => Some((packet, signer.fingerprint())),
        Err(error) if is_elsewhere(&error, from) => {
            report.not_for_us += 1;
            None
        }
        Err(error) => {
            report.problems.push(problem(path, &error));
            None
        }
    }
}

fn erased_meanwhile(text: ReceiptText, now: UtcTime) -> Change {
    Change {
        key: text.key,
        from: DeliveryState::Exported,
        to: Standing { state: text.state, ..Standing::fresh() },
        due_at: UtcTime(0),
        receipt: text.receipt,
        fault: None,
        note: Note { at: now, what: "returned".to_owned(), text: String::new() },
        new_key: None,
        forget_name: false,
    }
}

fn check_manifest(from: &ImportFrom<'_>, report: &mut PacketsReport) -> Result<(), PacketError> {
    let path: PathBuf = from.folder.join(MANIFEST);
    if !path.exists() {
        return Ok(());
    }
    let (manifest, _) = match open(&path, Kind::SyncManifest, from, read_manifest) {
        Ok(opened) => opened,
        Err(error) if is_elsewhere(&error, from) => {
            report.not_for_us += 1;
            return Ok(());
        }
        Err(error) => {
            report.problems.push(problem(&path, &error));
            return Ok(());
        }
    };
    for entry in manifest.packets {
        // Names are made of a number and a key; anything else is none of ours.
        let plain = entry.file.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        let packet = from.folder.join(PACKETS).join(&entry.file);
        match fingerprint(&packet) {
            Ok(found) if plain && found == (entry.bytes, entry.sha256) => {}
            Ok(_) => report.problems.push(problem(&packet, &SealedError::Damaged { what: "it is not what the manifest names" })),
            Err(_) => report.missing.push(entry.file),
        }
    }
    Ok(())
}

/// Opens a sealed file whole and checks its signature before anything of it is used.
fn open<T>(
    path: &Path,
    kind: Kind,
    from: &ImportFrom<'_>,
    read: impl FnOnce(&mut dyn FnMut(&mut [u8]) -> Result<(), SealedError>) -> Result<T, SealedError>,
) -> Result<(T, PublicKey), SealedError> {
    let file = File::open(path)?;
    let mut reader = SealedReader::open(BufReader::new(file), kind, Opener::Identity(from.identity), from.trust)?;
    let content = read(&mut |buffer| reader.read_exact(buffer))?;
    Ok((content, reader.finish()?))
}

/// Whether a file is none of this machine's business: sealed for another one, or by this one for another.
fn is_elsewhere(error: &SealedError, from: &ImportFrom<'_>) -> bool {
    match error {
        SealedError::NotForUs => true,
        SealedError::Untrusted { signer } => *signer == from.identity.signs_as().fingerprint(),
        _ => false,
    }
}

fn problem(path: &Path, error: &SealedError) -> PacketProblem {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    PacketProblem { file, code: error.advice().code, message: error.to_string() }
}
