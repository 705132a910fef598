//! What an erasure does to the outbox, inside the erasure's own write: everything of the person goes; where a service may know them, a
//! deletion stays that holds the service's name for them, and nothing else.

use super::super::rows::next_number;
use super::super::seal::GalleryKeys;
use super::super::translate;
use super::claims::{name_at_service, record_text};
use super::{StoredReceipt, key_of, new_key, service_at, state_at};
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::DeliveryState;
use crate::ports::services::ServiceKind;
use crate::units::UtcTime;
use rusqlite::{Transaction, params};
use std::collections::BTreeMap;

/// What the deliveries of one person to one service amount to.
#[derive(Default)]
struct Standing {
    /// Whether anything may have arrived.
    may_be_there: bool,
    /// Key and state of the one under way or on its way by hand.
    predecessor: Option<(Vec<u8>, DeliveryState)>,
    /// Latest enrolment that may have arrived.
    record: Option<i64>,
}

/// Removes a person's deliveries and queues deletions. The person's key must still open.
pub(in super::super) fn forget(transaction: &Transaction<'_>, keys: &GalleryKeys, subject: i64, at: UtcTime) -> Result<(), GalleryError> {
    let standings = standings(transaction, subject)?;
    let mut deletions = Vec::new();
    if standings.values().any(|standing| standing.may_be_there) {
        let key = key_of(transaction, keys, subject)?;
        for (service, standing) in standings.into_iter().filter(|(_, standing)| standing.may_be_there) {
            let remote_reference = name_at_service(transaction, keys, &key, subject, service)?;
            // Only where the service never named them: it may know them by the code.
            let registration_code = match (&remote_reference, standing.record) {
                (None, Some(record)) => Some(record_text(transaction, &key, record)?.code),
                _ => None,
            };
            deletions.push((
                service,
                standing.predecessor,
                StoredReceipt { remote_reference, registration_code, ..StoredReceipt::default() },
            ));
        }
    }
    transaction.execute("DELETE FROM outbox WHERE subject = ?1", [subject]).map_err(translate)?;
    for (service, predecessor, name) in deletions {
        let number = next_number(transaction, "SELECT max(number) FROM outbox")?;
        let (after_key, after_state) = predecessor.map(|(key, state)| (key, state.name())).unzip();
        transaction
            .execute(
                "INSERT INTO outbox (number, key, service, operation, state, tries, doubts, queued_at, changed_at, due_at, history, receipt,
                 after_key, after_state) VALUES (?1, ?2, ?3, 'delete', 'queued', 0, 0, ?4, ?4, 0, '[]', ?5, ?6, ?7)",
                params![
                    number,
                    &new_key(at).as_bytes()[..],
                    service.name(),
                    at.0,
                    name.seal(keys, None, number),
                    after_key,
                    after_state,
                ],
            )
            .map_err(translate)?;
    }
    Ok(())
}

fn standings(transaction: &Transaction<'_>, subject: i64) -> Result<BTreeMap<ServiceKind, Standing>, GalleryError> {
    let sql = "SELECT service, state, doubts, key, record, receipt IS NOT NULL FROM outbox WHERE subject = ?1 ORDER BY number";
    let mut statement = transaction.prepare_cached(sql).map_err(translate)?;
    let mut rows = statement.query([subject]).map_err(translate)?;
    let mut standings: BTreeMap<ServiceKind, Standing> = BTreeMap::new();
    while let Some(row) = rows.next().map_err(translate)? {
        let state = state_at(row, 1).map_err(translate)?;
        let doubts: u32 = row.get(2).map_err(translate)?;
        let standing = standings.entry(service_at(row, 0).map_err(translate)?).or_default();
        let may_be_there = match state {
            DeliveryState::Sending
            | DeliveryState::Doubtful
            | DeliveryState::Exported
            | DeliveryState::Delivered
            | DeliveryState::OutcomeUnknown
            | DeliveryState::ErasureOwed => true,
            // A name the service gave before anything was sent is something it holds, too.
            DeliveryState::Queued | DeliveryState::Refused | DeliveryState::SetAside => {
                doubts > 0 || row.get::<_, bool>(5).map_err(translate)?
            }
        };
        if matches!(state, DeliveryState::Sending | DeliveryState::Exported) {
            standing.predecessor = Some((row.get(3).map_err(translate)?, state));
        }
        standing.may_be_there |= may_be_there;
        // The code of an enrolment that was never sent is no name there.
        if let Some(record) = row.get::<_, Option<i64>>(4).map_err(translate)?.filter(|_| may_be_there) {
            standing.record = Some(record);
        }
    }
    Ok(standings)
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
