//! The outbox in the gallery's file: intents saved with their records, claimed and answered in groups.
//!
//! One durable write takes any number of answers and claims, so a delivery costs its share of two: none of its own at enrolment, a share of
//! the write that claims it, a share of the write that keeps its answer, which is the write that claims the next.

mod backfill;
mod claims;
mod entries;
mod forget;
mod packets;
#[cfg(test)]
mod tests;

pub(super) use forget::{forget, leave_record};

use super::erasure::ask_for_scrub;
use super::rows::next_number;
use super::seal::{GalleryKeys, Place, Sealed, SubjectKey, damaged};
use super::{SqliteGallery, translate};
use crate::ports::gallery::{GalleryError, Page, SubjectId};
use crate::ports::outbox::{
    Backfill, BackfillRequest, Change, ClaimRequest, Claimed, DeliveryState, Entry, EntryQuery, Note, Operation, Outbox, Parcel, Progress,
    ServiceCounts,
};
use crate::ports::services::{Guarantee, Receipt, ServiceKind};
use crate::units::UtcTime;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Lines of a history that are kept: the first ones and the last ones.
const HISTORY_START: usize = 8;
const HISTORY_END: usize = 24;

impl Outbox for SqliteGallery {
    fn exchange(&mut self, changes: &[Change], claims: &[ClaimRequest], at: UtcTime) -> Result<Vec<Claimed>, GalleryError> {
        if changes.is_empty() && claims.iter().all(|claim| claim.count == 0) {
            return Ok(Vec::new());
        }
        let transaction = Self::begin(&mut self.connection)?;
        let mut written = false;
        let mut scrub = false;
        for change in changes {
            let applied = apply(&transaction, &self.keys, change, at)?;
            written |= applied != Applied::Nothing;
            scrub |= applied == Applied::Forgot;
        }
        let mut claimed = Vec::new();
        for claim in claims {
            claims::claim(&transaction, &self.keys, claim, at, &mut claimed)?;
        }
        written |= claimed.iter().any(|claimed| claimed.progress.state == DeliveryState::Sending);
        if scrub {
            ask_for_scrub(&transaction)?;
        }
        if written {
            transaction.commit().map_err(translate)?;
        } else {
            drop(transaction);
        }
        if scrub {
            self.finish_scrub();
        }
        Ok(claimed)
    }

    fn interrupted(&mut self, deletions_due: UtcTime) -> Result<Vec<Entry>, GalleryError> {
        let waiting = "UPDATE outbox SET after_key = NULL, after_state = NULL, due_at = max(due_at, ?1)
                       WHERE after_key IS NOT NULL AND after_state = 'sending'";
        self.connection.execute(waiting, [deletions_due.0]).map_err(translate)?;
        self.read_entries("WHERE o.state = 'sending' ORDER BY o.number", [])
    }

    fn entries(&self, query: &EntryQuery) -> Result<Page<Entry>, GalleryError> {
        self.list_entries(query)
    }

    fn entry(&self, key: Uuid) -> Result<Entry, GalleryError> {
        self.read_entry(key)
    }

    fn counts(&self) -> Result<Vec<ServiceCounts>, GalleryError> {
        self.count_entries()
    }

    fn note_contact(&mut self, service: ServiceKind, at: UtcTime) -> Result<(), GalleryError> {
        self.connection
            .prepare_cached("INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .and_then(|mut statement| statement.execute(params![contact_name(service), at.0]))
            .map(drop)
            .map_err(translate)
    }

    fn next_due(&self, service: ServiceKind, now: UtcTime) -> Result<Option<UtcTime>, GalleryError> {
        self.connection
            .prepare_cached("SELECT min(due_at) FROM outbox WHERE service = ?1 AND state IN ('queued', 'doubtful') AND due_at > ?2")
            .and_then(|mut statement| statement.query_row(params![service.name(), now.0], |row| row.get::<_, Option<i64>>(0)))
            .map(|due| due.map(UtcTime))
            .map_err(translate)
    }

    fn backfill(&mut self, request: &BackfillRequest<'_>) -> Result<Backfill, GalleryError> {
        self.queue_missed(request)
    }

    fn exportable(&self, service: Option<ServiceKind>) -> Result<Vec<Uuid>, GalleryError> {
        self.list_exportable(service)
    }

    fn parcel(&self, key: Uuid) -> Result<Parcel, GalleryError> {
        self.read_parcel(key)
    }

    fn take_in(&mut self, parcels: &[(&Parcel, &str)], at: UtcTime) -> Result<Vec<Entry>, GalleryError> {
        self.save_packets(parcels, at)
    }
}

/// Queues one delivery of a completed enrolment, inside the write that saves it.
pub(super) fn queue(
    transaction: &Transaction<'_>,
    service: ServiceKind,
    subject: i64,
    record: i64,
    at: UtcTime,
) -> Result<(), GalleryError> {
    let number = next_number(transaction, "SELECT max(number) FROM outbox")?;
    transaction
        .prepare_cached(
            "INSERT INTO outbox (number, key, service, operation, subject, record, state, tries, doubts, queued_at, changed_at, due_at,
             history) VALUES (?1, ?2, ?3, 'enrol', ?4, ?5, 'queued', 0, 0, ?6, ?6, 0, '[]')",
        )
        .and_then(|mut statement| statement.execute(params![number, &new_key(at).as_bytes()[..], service.name(), subject, record, at.0]))
        .map(drop)
        .map_err(translate)
}

/// A UUID of version 7.
fn new_key(at: UtcTime) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.0).unwrap_or(0), &rand::random()).into_uuid()
}

fn contact_name(service: ServiceKind) -> String {
    format!("contact.{}", service.name())
}

/// What a service calls somebody, as it is sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct StoredReceipt {
    remote_reference: Option<String>,
    #[serde(default)]
    identifiers: Vec<(String, String)>,
    #[serde(default)]
    repeated: bool,
    /// Only in deletions whose person the service never named for us: it may know them by this.
    #[serde(default)]
    registration_code: Option<String>,
    /// Names the service gave before, for what it has closed since: an erasure asks for them, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<String>,
}

impl StoredReceipt {
    fn of(receipt: &Receipt) -> Self {
        let Receipt { remote_reference, identifiers, repeated } = receipt.clone();
        Self { remote_reference, identifiers, repeated, ..Self::default() }
    }

    /// Without its name, which an erasure still asks for.
    fn closed(mut self) -> Self {
        self.earlier.extend(self.remote_reference);
        Self { earlier: self.earlier, ..Self::default() }
    }

    fn receipt(self) -> Receipt {
        Receipt { remote_reference: self.remote_reference, identifiers: self.identifiers, repeated: self.repeated }
    }

    fn seal(&self, keys: &GalleryKeys, owner: Option<&SubjectKey>, number: i64) -> Vec<u8> {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(self).expect("texts always have a JSON form"));
        match owner {
            Some(key) => key.seal(Sealed::Receipt, number, &plain),
            None => keys.seal_lasting(lasting_place(number), &plain),
        }
    }

    fn open(keys: &GalleryKeys, owner: Option<&SubjectKey>, number: i64, sealed: &[u8]) -> Result<Self, GalleryError> {
        let plain = match owner {
            Some(key) => key.open(Sealed::Receipt, number, sealed)?,
            None => keys.open_lasting(lasting_place(number), sealed)?,
        };
        serde_json::from_slice(&plain.0).map_err(|_| damaged(Sealed::Receipt))
    }
}

/// Checks, for the file's examination, that a stored receipt opens.
pub(super) fn check_receipt(keys: &GalleryKeys, owner: Option<&SubjectKey>, number: i64, sealed: &[u8]) -> Result<(), GalleryError> {
    StoredReceipt::open(keys, owner, number, sealed).map(drop)
}

const fn lasting_place(row: i64) -> Place {
    Place { kind: Sealed::Receipt, subject: Uuid::nil(), row }
}

/// What a change did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Applied {
    /// The delivery is in another state, or gone.
    Nothing,
    Changed,
    /// Something about a person was destroyed with it.
    Forgot,
}

fn apply(transaction: &Transaction<'_>, keys: &GalleryKeys, change: &Change, at: UtcTime) -> Result<Applied, GalleryError> {
    let sql = "SELECT o.number, o.state, o.operation, o.history, s.number, s.id, k.wrapped, o.receipt FROM outbox o
               LEFT JOIN subjects s ON s.number = o.subject LEFT JOIN subject_keys k ON k.number = s.number WHERE o.key = ?1";
    let mut statement = transaction.prepare_cached(sql).map_err(translate)?;
    let found = statement
        .query_row([&change.key.as_bytes()[..]], |row| {
            let number: i64 = row.get(0)?;
            Ok((number, state_at(row, 1)?, operation_at(row, 2)?, row.get::<_, String>(3)?, owner_at(row, 4)?, row.get(7)?))
        })
        .optional()
        .map_err(translate)?;
    let Some((number, state, operation, history, owner, kept)) = found else {
        return release(transaction, keys, change);
    };
    if state != change.from {
        return Ok(Applied::Nothing);
    }
    let owner = owner.map(|owner| owner.key(keys)).transpose()?;
    let mut history = decode_history(&history)?;
    history.push(change.note.clone());
    if history.len() > HISTORY_START + HISTORY_END {
        history.drain(HISTORY_START..history.len() - HISTORY_END);
    }
    let fault = change.fault.as_ref().map(|fault| serde_json::to_string(fault).expect("texts always have a JSON form"));
    transaction
        .prepare_cached(
            "UPDATE outbox SET state = ?2, tries = ?3, doubts = ?4, guarantee = ?5, due_at = ?6, changed_at = ?7, fault = ?8,
             history = ?9, key = ?10 WHERE number = ?1",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                number,
                change.to.state.name(),
                change.to.tries,
                change.to.doubts,
                change.to.guarantee.map(guarantee_text),
                change.due_at.0,
                at.0,
                fault,
                encode_history(&history),
                &change.new_key.unwrap_or(change.key).as_bytes()[..],
            ])
        })
        .map_err(translate)?;
    let sealed = match (operation, &change.receipt) {
        // A deletion keeps the name it was made with until it is done.
        (Operation::Delete, _) if change.to.state == DeliveryState::Delivered => None,
        (Operation::Enrol, None) if change.forget_name => {
            let Some(kept) = opened(keys, owner.as_ref(), number, kept)? else { return Ok(Applied::Changed) };
            Some(kept.closed().seal(keys, owner.as_ref(), number))
        }
        (Operation::Delete, _) | (_, None) => return Ok(Applied::Changed),
        (Operation::Enrol, Some(receipt)) => {
            let earlier = opened(keys, owner.as_ref(), number, kept)?.map(|kept| kept.earlier).unwrap_or_default();
            Some(StoredReceipt { earlier, ..StoredReceipt::of(receipt) }.seal(keys, owner.as_ref(), number))
        }
    };
    let forgot = sealed.is_none();
    // A deletion that is done waits for nobody any more, so that no late answer brings the name back.
    let update = if forgot {
        "UPDATE outbox SET receipt = ?2, after_key = NULL, after_state = NULL WHERE number = ?1"
    } else {
        "UPDATE outbox SET receipt = ?2 WHERE number = ?1"
    };
    transaction.prepare_cached(update).and_then(|mut statement| statement.execute(params![number, sealed])).map_err(translate)?;
    Ok(if forgot { Applied::Forgot } else { Applied::Changed })
}

fn opened(
    keys: &GalleryKeys,
    owner: Option<&SubjectKey>,
    number: i64,
    sealed: Option<Vec<u8>>,
) -> Result<Option<StoredReceipt>, GalleryError> {
    sealed.map(|sealed| StoredReceipt::open(keys, owner, number, &sealed)).transpose()
}

/// The answer to a delivery whose person was erased meanwhile: the deletion that waits for it learns the name and may go.
fn release(transaction: &Transaction<'_>, keys: &GalleryKeys, change: &Change) -> Result<Applied, GalleryError> {
    let waiting: Option<i64> = transaction
        .prepare_cached("SELECT number FROM outbox WHERE after_key = ?1 AND after_state IN ('sending', 'exported')")
        .and_then(|mut statement| statement.query_row([&change.key.as_bytes()[..]], |row| row.get(0)).optional())
        .map_err(translate)?;
    let Some(number) = waiting else { return Ok(Applied::Nothing) };
    let update = "UPDATE outbox SET after_key = NULL, after_state = NULL WHERE number = ?1";
    transaction.execute(update, [number]).map_err(translate)?;
    if let Some(receipt) = change.receipt.as_ref().filter(|receipt| receipt.remote_reference.is_some()) {
        let sealed = StoredReceipt::of(receipt).seal(keys, None, number);
        transaction.execute("UPDATE outbox SET receipt = ?2 WHERE number = ?1", params![number, sealed]).map_err(translate)?;
    }
    Ok(Applied::Changed)
}

/// A person's row, as joined to a delivery.
struct Owning {
    number: i64,
    id: Uuid,
    wrapped: Vec<u8>,
}

impl Owning {
    fn key(&self, keys: &GalleryKeys) -> Result<SubjectKey, GalleryError> {
        keys.unwrap_subject_key(self.id, self.number, &self.wrapped)
    }

    const fn subject(&self) -> SubjectId {
        SubjectId(self.id)
    }
}

/// Reads number, identifier and wrapped key from column `column` on; `None` where nobody was joined.
fn owner_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Owning>> {
    let Some(number) = row.get::<_, Option<i64>>(column)? else { return Ok(None) };
    Ok(Some(Owning { number, id: super::uuid_at(row, column + 1)?, wrapped: row.get(column + 2)? }))
}

fn unknown_word(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, "a word of the outbox".into(), rusqlite::types::Type::Text)
}

fn state_at(row: &Row<'_>, column: usize) -> rusqlite::Result<DeliveryState> {
    DeliveryState::from_name(row.get_ref(column)?.as_str()?).ok_or_else(|| unknown_word(column))
}

fn operation_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Operation> {
    Operation::from_name(row.get_ref(column)?.as_str()?).ok_or_else(|| unknown_word(column))
}

fn service_at(row: &Row<'_>, column: usize) -> rusqlite::Result<ServiceKind> {
    ServiceKind::from_name(row.get_ref(column)?.as_str()?).ok_or_else(|| unknown_word(column))
}

/// Tries, doubts and guarantee from column `column` on.
fn progress_at(row: &Row<'_>, state: DeliveryState, column: usize) -> rusqlite::Result<Progress> {
    let guarantee = match row.get_ref(column + 2)?.as_str_or_null()? {
        Some(text) => Some(guarantee_from(text).ok_or_else(|| unknown_word(column + 2))?),
        None => None,
    };
    Ok(Progress { state, tries: row.get(column)?, doubts: row.get(column + 1)?, guarantee })
}

const fn guarantee_text(guarantee: Guarantee) -> &'static str {
    match guarantee {
        Guarantee::ExactlyOnceByKey => "exactly_once_by_key",
        Guarantee::ExactlyOnceByLookUp => "exactly_once_by_look_up",
        Guarantee::AtMostOnce => "at_most_once",
    }
}

fn guarantee_from(text: &str) -> Option<Guarantee> {
    [Guarantee::ExactlyOnceByKey, Guarantee::ExactlyOnceByLookUp, Guarantee::AtMostOnce].into_iter().find(|g| guarantee_text(*g) == text)
}

/// A line of a history: milliseconds since 1970, what, in words.
type StoredNote = (i64, String, String);

fn encode_history(history: &[Note]) -> String {
    let lines: Vec<_> = history.iter().map(|note| (note.at.0, &note.what, &note.text)).collect();
    serde_json::to_string(&lines).expect("texts always have a JSON form")
}

fn decode_history(text: &str) -> Result<Vec<Note>, GalleryError> {
    let lines: Vec<StoredNote> =
        serde_json::from_str(text).map_err(|_| GalleryError::Damaged { what: "the history of a delivery".into() })?;
    Ok(lines.into_iter().map(|(at, what, text)| Note { at: UtcTime(at), what, text }).collect())
}

/// A person's key by row number.
fn key_of(connection: &Connection, keys: &GalleryKeys, subject: i64) -> Result<SubjectKey, GalleryError> {
    let id = connection
        .prepare_cached("SELECT id FROM subjects WHERE number = ?1")
        .and_then(|mut statement| statement.query_row([subject], |row| super::uuid_at(row, 0)))
        .map_err(translate)?;
    super::subject_key(connection, keys, SubjectId(id), subject)
}
