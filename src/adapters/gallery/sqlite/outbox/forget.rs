//! What an erasure does to the outbox, inside the erasure's own write: everything of the person goes; where a service may know them, a
//! deletion stays that holds the service's name for them, and nothing else.

use super::super::rows::next_number;
use super::super::seal::{GalleryKeys, SubjectKey};
use super::super::translate;
use super::claims::{name_at_service, record_text};
use super::{StoredReceipt, key_of, new_key, service_at, state_at};
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::DeliveryState;
use crate::ports::services::ServiceKind;
use crate::units::UtcTime;
use rusqlite::{Transaction, params};

/// A delivery of the person that a service may know them by.
struct Trace {
    service: ServiceKind,
    number: i64,
    /// Its key and state, where it is under way or on its way by hand.
    predecessor: Option<(Vec<u8>, DeliveryState)>,
    record: Option<i64>,
    receipt: Option<Vec<u8>>,
    /// When what was sent has arrived or never will, by the machine's clock.
    settled_at: i64,
}

/// A deletion to queue.
struct Deletion {
    service: ServiceKind,
    name: StoredReceipt,
    predecessor: Option<(Vec<u8>, DeliveryState)>,
    due_at: i64,
}

/// Removes a person's deliveries and queues deletions: one for every name a service may know the person by. The person's key must still open.
pub(in super::super) fn forget(transaction: &Transaction<'_>, keys: &GalleryKeys, subject: i64, at: UtcTime) -> Result<(), GalleryError> {
    let traces = traces(transaction, subject)?;
    let mut deletions: Vec<Deletion> = Vec::new();
    if !traces.is_empty() {
        let key = key_of(transaction, keys, subject)?;
        for trace in traces {
            let (name, earlier) = name_of(transaction, keys, &key, subject, &trace)?;
            for name in earlier {
                let name = StoredReceipt { remote_reference: Some(name), ..StoredReceipt::default() };
                deletions.push(Deletion { service: trace.service, name, predecessor: None, due_at: 0 });
            }
            // A service that keeps one name over re-enrolments is asked once, after what is still on its way.
            match deletions.iter_mut().find(|known| known.service == trace.service && known.name == name) {
                Some(known) => {
                    known.predecessor = trace.predecessor.or(known.predecessor.take());
                    known.due_at = known.due_at.max(trace.settled_at);
                }
                None => {
                    let Trace { service, predecessor, settled_at: due_at, .. } = trace;
                    deletions.push(Deletion { service, name, predecessor, due_at });
                }
            }
        }
    }
    transaction.execute("DELETE FROM outbox WHERE subject = ?1", [subject]).map_err(translate)?;
    for Deletion { service, name, predecessor, due_at } in deletions {
        let number = next_number(transaction, "SELECT max(number) FROM outbox")?;
        let (after_key, after_state) = predecessor.map(|(key, state)| (key, state.name())).unzip();
        transaction
            .execute(
                "INSERT INTO outbox (number, key, service, operation, state, tries, doubts, queued_at, changed_at, due_at, history, receipt,
                 after_key, after_state) VALUES (?1, ?2, ?3, 'delete', 'queued', 0, 0, ?4, ?4, ?8, '[]', ?5, ?6, ?7)",
                params![
                    number,
                    &new_key(at).as_bytes()[..],
                    service.name(),
                    at.0,
                    name.seal(keys, None, number),
                    after_key,
                    after_state,
                    due_at,
                ],
            )
            .map_err(translate)?;
    }
    Ok(())
}

/// The name the service gave at this delivery; without one the code, which it may know the person by; without either any name it gave. Beside
/// it, names it gave at this delivery and has closed since.
fn name_of(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    key: &SubjectKey,
    subject: i64,
    trace: &Trace,
) -> Result<(StoredReceipt, Vec<String>), GalleryError> {
    let own = trace.receipt.as_deref().map(|sealed| StoredReceipt::open(keys, Some(key), trace.number, sealed)).transpose()?;
    let (named, earlier) = own.map(|receipt| (receipt.remote_reference, receipt.earlier)).unwrap_or_default();
    let (remote_reference, registration_code) = match (named, trace.record) {
        (Some(reference), _) => (Some(reference), None),
        (None, Some(record)) => (None, Some(record_text(transaction, key, record)?.code)),
        (None, None) => (name_at_service(transaction, keys, key, subject, trace.service)?, None),
    };
    Ok((StoredReceipt { remote_reference, registration_code, ..StoredReceipt::default() }, earlier))
}

fn traces(transaction: &Transaction<'_>, subject: i64) -> Result<Vec<Trace>, GalleryError> {
    let sql = "SELECT service, state, doubts, key, record, receipt, number, due_at FROM outbox WHERE subject = ?1 ORDER BY number";
    let mut statement = transaction.prepare_cached(sql).map_err(translate)?;
    let mut rows = statement.query([subject]).map_err(translate)?;
    let mut traces = Vec::new();
    while let Some(row) = rows.next().map_err(translate)? {
        let state = state_at(row, 1).map_err(translate)?;
        let doubts: u32 = row.get(2).map_err(translate)?;
        let receipt: Option<Vec<u8>> = row.get(5).map_err(translate)?;
        let may_be_there = match state {
            DeliveryState::Sending
            | DeliveryState::Doubtful
            | DeliveryState::Exported
            | DeliveryState::Delivered
            | DeliveryState::OutcomeUnknown
            | DeliveryState::ErasureOwed => true,
            // A name the service gave before anything was sent is something it holds, too. The code of an enrolment that was never sent is
            // no name there.
            DeliveryState::Queued | DeliveryState::Refused | DeliveryState::SetAside => doubts > 0 || receipt.is_some(),
        };
        if !may_be_there {
            continue;
        }
        let waits_for = matches!(state, DeliveryState::Sending | DeliveryState::Exported);
        traces.push(Trace {
            service: service_at(row, 0).map_err(translate)?,
            number: row.get(6).map_err(translate)?,
            predecessor: if waits_for { Some((row.get(3).map_err(translate)?, state)) } else { None },
            record: row.get(4).map_err(translate)?,
            receipt,
            // A call that nobody waits for any more may still be on its way until the service would be asked about it.
            settled_at: if state == DeliveryState::Doubtful { row.get(7).map_err(translate)? } else { 0 },
        });
    }
    Ok(traces)
}

/// Before a completed enrolment is deleted: what was never sent goes with it, what may have arrived stays without it for its receipt.
pub(in super::super) fn leave_record(transaction: &Transaction<'_>, record: i64) -> Result<(), GalleryError> {
    let unsent = "DELETE FROM outbox WHERE record = ?1 AND state IN ('queued', 'refused', 'set_aside') AND doubts = 0
                  AND receipt IS NULL";
    transaction.execute(unsent, [record]).map_err(translate)?;
    // Without its record it cannot be sent again: whatever is open about it is a person's to settle.
    let open = "UPDATE outbox SET state = 'outcome_unknown' WHERE record = ?1 AND state IN ('queued', 'doubtful', 'set_aside')";
    transaction.execute(open, [record]).map_err(translate)?;
    transaction.execute("UPDATE outbox SET record = NULL WHERE record = ?1", [record]).map(drop).map_err(translate)
}
