//! Deliveries that travel in sealed packets: what a packet of ours holds, and another machine's packets as they are worked off here.

use super::super::rows::next_number;
use super::super::{SqliteGallery, not_found, translate};
use super::claims::{read_delivery, source_of};
use super::{StoredReceipt, operation_at};
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{Entry, Parcel};
use crate::units::UtcTime;
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

impl SqliteGallery {
    pub(super) fn read_parcel(&self, key: Uuid) -> Result<Parcel, GalleryError> {
        let source = source_of(&self.connection, key)?.ok_or_else(|| not_found("delivery", key))?;
        let sql = "SELECT operation, after_key FROM outbox WHERE number = ?1";
        let (operation, after_key): (_, Option<[u8; 16]>) =
            self.connection.query_row(sql, [source.number], |row| Ok((operation_at(row, 0)?, row.get(1)?))).map_err(translate)?;
        // The person's own earlier delivery, where it waits too, must arrive first.
        let earlier: Option<[u8; 16]> = self
            .connection
            .query_row(
                "SELECT key FROM outbox WHERE subject = ?1 AND service = ?2 AND number < ?3 AND state NOT IN ('delivered', 'refused')
                 ORDER BY number DESC LIMIT 1",
                params![source.subject, source.service.name(), source.number],
                |row| row.get(0),
            )
            .optional()
            .map_err(translate)?;
        Ok(Parcel {
            service: source.service,
            operation,
            number: source.number.unsigned_abs(),
            after: after_key.or(earlier).map(Uuid::from_bytes),
            delivery: read_delivery(&self.connection, &self.keys, &source, false)?,
        })
    }

    pub(super) fn save_packets(&mut self, parcels: &[(&Parcel, &str)], at: UtcTime) -> Result<Vec<Entry>, GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let mut written = false;
        for (parcel, sender) in parcels {
            if source_of(&transaction, parcel.delivery.key)?.is_some() {
                continue;
            }
            let number = next_number(&transaction, "SELECT max(number) FROM outbox")?;
            let name = StoredReceipt { remote_reference: parcel.delivery.remote_reference.clone(), ..StoredReceipt::default() };
            transaction
                .execute(
                    "INSERT INTO outbox (number, key, service, operation, state, tries, doubts, queued_at, changed_at, due_at, history,
                     receipt, packet_of) VALUES (?1, ?2, ?3, ?4, 'queued', 0, 0, ?5, ?5, 0, '[]', ?6, ?7)",
                    params![
                        number,
                        &parcel.delivery.key.as_bytes()[..],
                        parcel.service.name(),
                        parcel.operation.name(),
                        at.0,
                        name.remote_reference.as_ref().map(|_| name.seal(&self.keys, None, number)),
                        sender,
                    ],
                )
                .map_err(translate)?;
            written = true;
        }
        if written {
            transaction.commit().map_err(translate)?;
        } else {
            drop(transaction);
        }
        parcels.iter().map(|(parcel, _)| self.read_entry(parcel.delivery.key)).collect()
    }
}
