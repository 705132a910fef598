//! Claiming: which deliveries may go now, marked as being sent in the same write, with what they send read from the record.

use super::super::payload::{Profile, RecordText};
use super::super::people::blob_at;
use super::super::rows::picture_kind_text;
use super::super::seal::{GalleryKeys, Sealed, SubjectKey};
use super::super::translate;
use super::{StoredReceipt, guarantee_text, key_of, operation_at, progress_at};
use crate::ports::gallery::{GalleryError, PictureKind, SubjectId, clip};
use crate::ports::outbox::{ClaimRequest, Claimed, DeliveryState, Operation};
use crate::ports::services::{Delivery, EvidencePicture, ServiceKind};
use crate::units::{SensitiveBytes, UtcTime};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

/// In order of the queue; an enrolment only when every earlier delivery of the same person to the same service is over, and no held record.
const READY: &str = "SELECT o.number, o.key, o.operation, o.subject, o.record, o.tries, o.doubts, o.guarantee, o.receipt FROM outbox o
    WHERE o.service = ?1 AND o.state = ?2 AND (o.due_at <= ?3 OR o.due_at > ?4) AND o.after_key IS NULL AND o.packet_of IS NULL
    AND (o.subject IS NULL OR (
        NOT EXISTS (SELECT 1 FROM outbox e WHERE e.subject = o.subject AND e.service = o.service AND e.number < o.number
            AND e.state NOT IN ('delivered', 'refused'))
        AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.number = o.subject AND s.held <> 0)))
    ORDER BY o.number LIMIT ?5";

/// A row that may be claimed.
struct Ready {
    number: i64,
    key: Uuid,
    operation: Operation,
    source: Source,
    progress: crate::ports::outbox::Progress,
}

/// Where what is sent comes from.
pub(super) struct Source {
    pub number: i64,
    pub key: Uuid,
    pub service: ServiceKind,
    pub subject: Option<i64>,
    pub record: Option<i64>,
    pub receipt: Option<Vec<u8>>,
}

pub(super) fn claim(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    claim: &ClaimRequest,
    at: UtcTime,
    claimed: &mut Vec<Claimed>,
) -> Result<(), GalleryError> {
    if claim.count == 0 {
        return Ok(());
    }
    let sending = claim.state == DeliveryState::Queued;
    for ready in ready(transaction, claim, at)? {
        let today = match ready.operation {
            Operation::Enrol => claim.enrol_guarantee,
            Operation::Delete => claim.delete_guarantee,
        };
        let mut progress = ready.progress;
        if sending {
            progress.guarantee = Some(progress.weaker(today));
            progress.state = DeliveryState::Sending;
            transaction
                .prepare_cached("UPDATE outbox SET state = 'sending', guarantee = ?2, changed_at = ?3 WHERE number = ?1")
                .and_then(|mut statement| statement.execute(params![ready.number, progress.guarantee.map(guarantee_text), at.0]))
                .map_err(translate)?;
        }
        let delivery = read_delivery(transaction, keys, &ready.source, claim.evidence);
        // What the database itself cannot do is no fault of one delivery.
        if let Err(error) = &delivery
            && !matches!(error, GalleryError::Damaged { .. })
        {
            return Err(error.clone());
        }
        claimed.push(Claimed { operation: ready.operation, progress, service: claim.service, key: ready.key, delivery });
    }
    Ok(())
}

fn ready(connection: &Connection, claim: &ClaimRequest, at: UtcTime) -> Result<Vec<Ready>, GalleryError> {
    let longest = i64::try_from(claim.longest_delay.as_millis()).unwrap_or(i64::MAX);
    let limit = i64::try_from(claim.count + claim.except.len()).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(READY).map_err(translate)?;
    let rows = statement
        .query_map(params![claim.service.name(), claim.state.name(), at.0, at.0.saturating_add(longest), limit], |row| {
            let (number, key) = (row.get(0)?, super::super::uuid_at(row, 1)?);
            Ok(Ready {
                number,
                key,
                operation: operation_at(row, 2)?,
                progress: progress_at(row, claim.state, 5)?,
                source: Source { number, key, service: claim.service, subject: row.get(3)?, record: row.get(4)?, receipt: row.get(8)? },
            })
        })
        .map_err(translate)?;
    let found = rows.collect::<rusqlite::Result<Vec<_>>>().map_err(translate)?;
    Ok(found.into_iter().filter(|ready| !claim.except.contains(&ready.key)).take(claim.count).collect())
}

/// What is sent: for an enrolment everything of its record, for a deletion the name alone.
///
/// - `evidence`: whether pictures of the challenge come along, where they are kept.
pub(super) fn read_delivery(
    connection: &Connection,
    keys: &GalleryKeys,
    source: &Source,
    evidence: bool,
) -> Result<Delivery, GalleryError> {
    let Some(subject) = source.subject else {
        let kept = source.receipt.as_deref().map(|sealed| StoredReceipt::open(keys, None, source.number, sealed)).transpose()?;
        let kept = kept.unwrap_or_default();
        return Ok(Delivery {
            key: source.key,
            subject: SubjectId(Uuid::nil()),
            registration_code: kept.registration_code.unwrap_or_default(),
            remote_reference: kept.remote_reference,
            details: Vec::new(),
            faces: Vec::new(),
            document: Vec::new(),
            evidence: Vec::new(),
        });
    };
    let record = source.record.ok_or_else(|| GalleryError::Damaged { what: "a delivery without its enrolment".into() })?;
    let key = key_of(connection, keys, subject)?;
    let (id, profile) = profile_of(connection, &key, subject)?;
    Ok(Delivery {
        key: source.key,
        subject: SubjectId(id),
        registration_code: record_text(connection, &key, record)?.code,
        remote_reference: name_at_service(connection, keys, &key, subject, source.service)?,
        details: profile.details,
        faces: faces_of(connection, &key, record)?,
        document: document_of(connection, &key, record)?,
        evidence: if evidence { evidence_of(connection, &key, record)? } else { Vec::new() },
    })
}

/// The pictures of the record's clip. One that cannot be taken apart is no reason to deliver nothing.
fn evidence_of(connection: &Connection, key: &SubjectKey, record: i64) -> Result<Vec<EvidencePicture>, GalleryError> {
    let Some(clip) = pictures_of(connection, key, record, PictureKind::Clip)?.into_iter().next() else { return Ok(Vec::new()) };
    let frames = clip::decode(&clip).unwrap_or_default();
    let saved: i64 = connection
        .prepare_cached("SELECT enrolled_at FROM records WHERE number = ?1")
        .and_then(|mut statement| statement.query_row([record], |row| row.get(0)))
        .map_err(translate)?;
    let whole = frames.last().map_or(0, |last| i64::from(last.millis));
    let picture = |frame: clip::ClipFrame| EvidencePicture {
        taken_at: UtcTime(saved - whole + i64::from(frame.millis)),
        expression: frame.expression,
        jpeg: frame.jpeg,
    };
    Ok(frames.into_iter().map(picture).collect())
}

fn profile_of(connection: &Connection, key: &SubjectKey, subject: i64) -> Result<(Uuid, Profile), GalleryError> {
    let (id, sealed): (Uuid, Vec<u8>) = connection
        .prepare_cached("SELECT id, sealed FROM subjects WHERE number = ?1")
        .and_then(|mut statement| statement.query_row([subject], |row| Ok((super::super::uuid_at(row, 0)?, row.get(1)?))))
        .map_err(translate)?;
    Ok((id, Profile::decode(&key.open(Sealed::Profile, subject, &sealed)?)?))
}

pub(super) fn record_text(connection: &Connection, key: &SubjectKey, record: i64) -> Result<RecordText, GalleryError> {
    let sealed: Vec<u8> = connection
        .prepare_cached("SELECT sealed FROM records WHERE number = ?1")
        .and_then(|mut statement| statement.query_row([record], |row| row.get(0)))
        .map_err(translate)?;
    RecordText::decode(&key.open(Sealed::Record, record, &sealed)?)
}

/// Whole frames where there are any, else the crops made from them.
fn faces_of(connection: &Connection, key: &SubjectKey, record: i64) -> Result<Vec<SensitiveBytes>, GalleryError> {
    let frames = pictures_of(connection, key, record, PictureKind::Frame)?;
    if frames.is_empty() { pictures_of(connection, key, record, PictureKind::Portrait) } else { Ok(frames) }
}

/// Front, then back, where they are there.
fn document_of(connection: &Connection, key: &SubjectKey, record: i64) -> Result<Vec<SensitiveBytes>, GalleryError> {
    let mut sides = pictures_of(connection, key, record, PictureKind::DocumentFront)?;
    // A back alone is no document.
    if !sides.is_empty() {
        sides.extend(pictures_of(connection, key, record, PictureKind::DocumentBack)?);
    }
    Ok(sides)
}

fn pictures_of(connection: &Connection, key: &SubjectKey, record: i64, kind: PictureKind) -> Result<Vec<SensitiveBytes>, GalleryError> {
    let sql = "SELECT number, sealed FROM pictures WHERE record = ?1 AND kind = ?2 ORDER BY number";
    let mut statement = connection.prepare_cached(sql).map_err(translate)?;
    let mut rows = statement.query(params![record, picture_kind_text(kind)]).map_err(translate)?;
    let mut pictures = Vec::new();
    while let Some(row) = rows.next().map_err(translate)? {
        pictures.push(key.open(Sealed::Picture, row.get(0).map_err(translate)?, blob_at(row, 1)?)?);
    }
    Ok(pictures)
}

/// What a service called a person at the latest delivery that named them.
pub(super) fn name_at_service(
    connection: &Connection,
    keys: &GalleryKeys,
    key: &SubjectKey,
    subject: i64,
    service: ServiceKind,
) -> Result<Option<String>, GalleryError> {
    let sql = "SELECT number, receipt FROM outbox WHERE subject = ?1 AND service = ?2 AND receipt IS NOT NULL ORDER BY number DESC";
    let mut statement = connection.prepare_cached(sql).map_err(translate)?;
    let mut rows = statement.query(params![subject, service.name()]).map_err(translate)?;
    while let Some(row) = rows.next().map_err(translate)? {
        let receipt = StoredReceipt::open(keys, Some(key), row.get(0).map_err(translate)?, blob_at(row, 1)?)?;
        if receipt.remote_reference.is_some() {
            return Ok(receipt.remote_reference);
        }
    }
    Ok(None)
}

/// The source of a delivery by key.
pub(super) fn source_of(connection: &Connection, key: Uuid) -> Result<Option<Source>, GalleryError> {
    connection
        .prepare_cached("SELECT number, service, subject, record, receipt FROM outbox WHERE key = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([&key.as_bytes()[..]], |row| {
                    Ok(Source {
                        number: row.get(0)?,
                        key,
                        service: super::service_at(row, 1)?,
                        subject: row.get(2)?,
                        record: row.get(3)?,
                        receipt: row.get(4)?,
                    })
                })
                .optional()
        })
        .map_err(translate)
}
