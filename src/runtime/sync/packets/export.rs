//! Writing packets.

use super::content::{ManifestEntry, ManifestText, Packet, write_manifest, write_packet};
use super::{EXTENSION, MANIFEST, PACKETS, PacketError, Progress, fingerprint, make_folder};
use crate::adapters::sealed::{Identity, Kind, PublicKey, Recipient, SealedError, SealedWriter, write_file};
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{Change, DeliveryState, Operation, Outbox, Progress as Standing};
use crate::ports::services::{Guarantee, ServiceKind};
use crate::runtime::sync::engine::{orphaned, subjected};
use crate::units::UtcTime;
use crate::workflow::sync::{Promise, Rules, Subjected, SyncEvent, step};
use std::path::Path;
use uuid::Uuid;

/// Deliveries marked as exported in one durable write.
const TOGETHER: usize = 64;

/// Where packets go.
#[derive(Debug, Clone, Copy)]
pub struct ExportTo<'a> {
    /// Folder, made where it is missing.
    pub folder: &'a Path,
    /// For this service only.
    pub service: Option<ServiceKind>,
    /// Key of the branch that opens them.
    pub recipient: PublicKey,
    /// This machine, which signs them.
    pub identity: &'a Identity,
    /// Whether this is the practice gallery.
    pub practice: bool,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct ExportReport {
    /// Packets in the folder.
    pub packets: u64,
    /// Of them, written now.
    pub written: u64,
    /// Deliveries that could not be read, by key; they stay as they are.
    pub unreadable: Vec<Uuid>,
    /// Whether somebody broke it off; run again it writes what is missing.
    pub cancelled: bool,
}

/// Writes everything that waits, and what was exported and has no receipt yet; a packet that is in the folder already is left as it is.
/// The caller holds the turn to deliver. Broken off, what was marked in this run and has no packet waits again as before.
///
/// # Errors
/// [`PacketError`]. What was marked as exported stays so; the next run writes what is missing.
pub fn export_packets(
    outbox: &mut dyn Outbox,
    to: &ExportTo<'_>,
    rules: &Rules,
    at: UtcTime,
    progress: &Progress,
) -> Result<ExportReport, PacketError> {
    settle_interrupted(outbox, rules, at)?;
    let folder = to.folder.join(PACKETS);
    make_folder(&folder)?;
    let keys = outbox.exportable(to.service)?;
    let mut report = ExportReport::default();
    let mut manifest = ManifestText { packets: Vec::new() };
    'all: for (chunk, start) in keys.chunks(TOGETHER).zip((0u64..).step_by(TOGETHER)) {
        if progress.is_cancelled() {
            break;
        }
        let marked = mark(outbox, chunk, rules, at)?;
        for (key, position) in chunk.iter().zip(start..) {
            progress.at(position, keys.len() as u64);
            if progress.is_cancelled() {
                let unwritten = &chunk[(position - start) as usize..];
                take_back(outbox, unwritten.iter().filter(|key| marked.contains(key)), rules, at)?;
                break 'all;
            }
            let parcel = match outbox.parcel(*key) {
                Ok(parcel) => parcel,
                Err(GalleryError::Damaged { .. }) => {
                    report.unreadable.push(*key);
                    continue;
                }
                // Erased meanwhile: nothing is carried.
                Err(GalleryError::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let file = format!("{:010}-{key}.{EXTENSION}", parcel.number);
            let path = folder.join(&file);
            if !path.exists() {
                let packet = Packet { parcel, practice: to.practice, reply_to: to.identity.receives_as().to_text() };
                seal(&path, Kind::SyncPacket, to.recipient, to.identity, at, &mut |write| write_packet(&packet, write))?;
                report.written += 1;
            }
            let (bytes, sha256) = fingerprint(&path).map_err(|source| PacketError::Folder { folder: folder.clone(), source })?;
            manifest.packets.push(ManifestEntry { file, key: *key, bytes, sha256 });
            report.packets += 1;
        }
    }
    report.cancelled = progress.is_cancelled() && report.packets + (report.unreadable.len() as u64) < keys.len() as u64;
    if !report.cancelled {
        progress.at(keys.len() as u64, keys.len() as u64);
    }
    let path = to.folder.join(MANIFEST);
    seal(&path, Kind::SyncManifest, to.recipient, to.identity, at, &mut |write| write_manifest(&manifest, write))?;
    Ok(report)
}

/// What an earlier process left under way is settled first, by the promise it was sent under.
pub(super) fn settle_interrupted(outbox: &mut dyn Outbox, rules: &Rules, at: UtcTime) -> Result<(), GalleryError> {
    let entries = outbox.interrupted(rules.settled_at(at))?;
    let promise = |guarantee: Option<Guarantee>| Promise { guarantee: guarantee.unwrap_or(Guarantee::AtMostOnce), delete_erases: false };
    let promises: Vec<Promise> = entries.iter().map(|entry| promise(entry.progress.guarantee)).collect();
    outbox.exchange(&orphaned(&entries, &promises, rules, at), &[], at).map(drop)
}

/// Marks what waits as exported; returns what was marked.
fn mark(outbox: &mut dyn Outbox, keys: &[Uuid], rules: &Rules, at: UtcTime) -> Result<Vec<Uuid>, GalleryError> {
    let mut changes: Vec<Change> = Vec::new();
    for key in keys {
        let entry = match outbox.entry(*key) {
            Err(GalleryError::NotFound { .. }) => continue,
            other => other?,
        };
        if entry.progress.state == DeliveryState::Queued {
            let promise = Promise { guarantee: Guarantee::AtMostOnce, delete_erases: false };
            changes.extend(step(&subjected(&entry), SyncEvent::Exported, promise, rules, at, 0).ok());
        }
    }
    outbox.exchange(&changes, &[], at)?;
    Ok(changes.into_iter().map(|change| change.key).collect())
}

/// Has deliveries that were marked and not written wait again.
fn take_back<'a>(outbox: &mut dyn Outbox, keys: impl Iterator<Item = &'a Uuid>, rules: &Rules, at: UtcTime) -> Result<(), GalleryError> {
    let promise = Promise { guarantee: Guarantee::AtMostOnce, delete_erases: false };
    let mut changes: Vec<Change> = Vec::new();
    for key in keys {
        let delivery = match outbox.entry(*key) {
            Ok(entry) => subjected(&entry),
            // Erased meanwhile: the deletion that waits for the packet's receipt may go.
            Err(GalleryError::NotFound { .. }) => {
                let progress = Standing { state: DeliveryState::Exported, ..Standing::fresh() };
                Subjected { key: *key, operation: Operation::Enrol, progress }
            }
            Err(error) => return Err(error),
        };
        changes.extend(step(&delivery, SyncEvent::NotWritten, promise, rules, at, 0).ok());
    }
    outbox.exchange(&changes, &[], at).map(drop)
}

/// Takes the next bytes of a sealed file.
type Put<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), SealedError>;

/// Writes a sealed file whole or not at all.
pub(super) fn seal(
    path: &Path,
    kind: Kind,
    recipient: PublicKey,
    identity: &Identity,
    at: UtcTime,
    content: &mut dyn FnMut(Put<'_>) -> Result<(), SealedError>,
) -> Result<(), SealedError> {
    write_file(path, |file| {
        let mut writer = SealedWriter::new(file, kind, &[Recipient::Key(recipient)], identity, at)?;
        content(&mut |bytes| writer.write(bytes))?;
        Ok((writer.finish(identity)?, ()))
    })
}
