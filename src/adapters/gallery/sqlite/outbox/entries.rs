//! Listing and counting deliveries.

use super::super::records::LONGEST_PAGE;
use super::super::{SqliteGallery, not_found, translate, uuid_at};
use super::{StoredReceipt, contact_name, decode_history, operation_at, owner_at, progress_at, service_at, state_at};
use crate::ports::gallery::{GalleryError, Page, RecordId};
use crate::ports::outbox::{DeliveryState, Entry, EntryQuery, ServiceCounts};
use crate::ports::services::ServiceKind;
use crate::units::UtcTime;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, Params, Row};
use uuid::Uuid;

const COLUMNS: &str = "SELECT o.number, o.key, o.service, o.operation, o.state, o.tries, o.doubts, o.guarantee, o.queued_at, o.changed_at,
    o.due_at, o.fault, o.history, o.receipt, o.packet_of, r.id, s.number, s.id, k.wrapped FROM outbox o
    LEFT JOIN records r ON r.number = o.record LEFT JOIN subjects s ON s.number = o.subject
    LEFT JOIN subject_keys k ON k.number = o.subject";

impl SqliteGallery {
    pub(super) fn list_entries(&self, query: &EntryQuery) -> Result<Page<Entry>, GalleryError> {
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        if let Some(service) = query.service {
            conditions.push("o.service = ?".to_owned());
            values.push(service.name().to_owned().into());
        }
        if !query.states.is_empty() {
            conditions.push(format!("o.state IN ({})", vec!["?"; query.states.len()].join(", ")));
            values.extend(query.states.iter().map(|state| Value::from(state.name().to_owned())));
        }
        if let Some(subject) = query.subject {
            conditions.push("o.subject = (SELECT number FROM subjects WHERE id = ?)".to_owned());
            values.push(subject.0.as_bytes().to_vec().into());
        }
        let filter = format!("WHERE {}", conditions.join(" AND "));
        let count = format!("SELECT count(*) FROM outbox o {filter}");
        let parameters = || rusqlite::params_from_iter(values.iter());
        let total: u32 = self.connection.query_row(&count, parameters(), |row| row.get(0)).map_err(translate)?;
        let page = i64::from(query.limit.min(LONGEST_PAGE));
        let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
        let entries = self.read_entries(&format!("{filter} ORDER BY o.number DESC LIMIT {page} OFFSET {offset}"), parameters())?;
        Ok(Page { entries, total: total.into() })
    }

    pub(super) fn read_entry(&self, key: Uuid) -> Result<Entry, GalleryError> {
        self.read_entries("WHERE o.key = ?1", [&key.as_bytes()[..]])?.pop().ok_or_else(|| not_found("delivery", key))
    }

    pub(super) fn read_entries(&self, rest: &str, parameters: impl Params) -> Result<Vec<Entry>, GalleryError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} {rest}")).map_err(translate)?;
        let mut rows = statement.query(parameters).map_err(translate)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            entries.push(self.entry_at(row)?);
        }
        Ok(entries)
    }

    fn entry_at(&self, row: &Row<'_>) -> Result<Entry, GalleryError> {
        let number: i64 = row.get(0).map_err(translate)?;
        let state = state_at(row, 4).map_err(translate)?;
        let owner = owner_at(row, 16).map_err(translate)?;
        let time = |column| row.get(column).map(UtcTime).map_err(translate);
        let fault = match row.get::<_, Option<String>>(11).map_err(translate)? {
            Some(text) => {
                Some(serde_json::from_str(&text).map_err(|_| GalleryError::Damaged { what: "the last failure of a delivery".into() })?)
            }
            None => None,
        };
        let receipt = match row.get::<_, Option<Vec<u8>>>(13).map_err(translate)? {
            Some(sealed) => {
                let key = owner.as_ref().map(|owner| owner.key(&self.keys)).transpose()?;
                Some(StoredReceipt::open(&self.keys, key.as_ref(), number, &sealed)?.receipt())
            }
            None => None,
        };
        let record = if row.get_ref(15).map_err(translate)? == rusqlite::types::ValueRef::Null {
            None
        } else {
            Some(RecordId(uuid_at(row, 15).map_err(translate)?))
        };
        Ok(Entry {
            key: uuid_at(row, 1).map_err(translate)?,
            number: number.unsigned_abs(),
            service: service_at(row, 2).map_err(translate)?,
            operation: operation_at(row, 3).map_err(translate)?,
            progress: progress_at(row, state, 5).map_err(translate)?,
            subject: owner.as_ref().map(super::Owning::subject),
            record,
            queued_at: time(8)?,
            changed_at: time(9)?,
            due_at: time(10)?,
            fault,
            receipt,
            history: decode_history(row.get_ref(12).and_then(|text| Ok(text.as_str()?)).map_err(translate)?)?,
            packet_of: row.get(14).map_err(translate)?,
        })
    }

    pub(super) fn count_entries(&self) -> Result<Vec<ServiceCounts>, GalleryError> {
        let sql = "SELECT service, state, count(*), min(number) FROM outbox GROUP BY service, state";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let rows = statement
            .query_map([], |row| Ok((service_at(row, 0)?, state_at(row, 1)?, row.get::<_, u32>(2)?, row.get::<_, i64>(3)?)))
            .map_err(translate)?;
        let mut found: Vec<ServiceCounts> = Vec::new();
        for row in rows {
            let (service, state, count, first) = row.map_err(translate)?;
            let oldest = if state.is_waiting() { Some(self.queued_at(first)?) } else { None };
            match found.last_mut().filter(|last| last.service == service) {
                Some(last) => {
                    last.counts.push((state, count.into()));
                    last.oldest_waiting = last.oldest_waiting.into_iter().chain(oldest).min();
                }
                None => {
                    let last_contact = self.last_contact(service)?;
                    found.push(ServiceCounts { service, counts: vec![(state, count.into())], oldest_waiting: oldest, last_contact });
                }
            }
        }
        for service in &mut found {
            service.counts.sort_by_key(|(state, _)| *state);
        }
        found.sort_by_key(|counts| counts.service);
        Ok(found)
    }

    fn queued_at(&self, number: i64) -> Result<UtcTime, GalleryError> {
        let mut statement = self.connection.prepare_cached("SELECT queued_at FROM outbox WHERE number = ?1").map_err(translate)?;
        statement.query_row([number], |row| row.get(0).map(UtcTime)).map_err(translate)
    }

    fn last_contact(&self, service: ServiceKind) -> Result<Option<UtcTime>, GalleryError> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM settings WHERE name = ?1").map_err(translate)?;
        let found = statement.query_row([contact_name(service)], |row| row.get(0)).optional().map_err(translate)?;
        Ok(found.map(UtcTime))
    }

    pub(super) fn list_exportable(&self, service: Option<ServiceKind>) -> Result<Vec<Uuid>, GalleryError> {
        let sql = "SELECT o.key FROM outbox o WHERE o.state IN (?2, ?3) AND (?1 IS NULL OR o.service = ?1) AND o.packet_of IS NULL
                   AND (o.after_state IS NULL OR o.after_state <> 'sending')
                   AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.number = o.subject AND s.held <> 0) ORDER BY o.number";
        let mut statement = self.connection.prepare_cached(sql).map_err(translate)?;
        let names = (service.map(ServiceKind::name), DeliveryState::Queued.name(), DeliveryState::Exported.name());
        let rows = statement.query_map(names, |row| uuid_at(row, 0)).map_err(translate)?;
        rows.collect::<rusqlite::Result<_>>().map_err(translate)
    }
}
