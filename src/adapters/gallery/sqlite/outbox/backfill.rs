//! Queueing people who were enrolled before a service was configured.

use super::super::seal::GalleryKeys;
use super::super::{SqliteGallery, origin_at, translate};
use super::claims::record_text;
use super::{key_of, queue};
use crate::ports::camera::Origin;
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{Backfill, BackfillRequest};
use rusqlite::{Transaction, params};

/// The active enrolment of everybody whom the service was never owed, in order; people from `?2` on were looked at before.
const MISSED: &str = "SELECT s.number, r.number, r.origin FROM subjects s JOIN records r ON r.subject = s.number AND r.active = 1
    WHERE s.number > ?2 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.subject = s.number AND o.service = ?1)
    ORDER BY s.number LIMIT ?3";

impl SqliteGallery {
    pub(super) fn queue_missed(&mut self, request: &BackfillRequest<'_>) -> Result<Backfill, GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let after = request.after.map_or(0, |number| i64::try_from(number).unwrap_or(i64::MAX));
        let found = missed(&transaction, request, after)?;
        let mut done = Backfill::default();
        for (subject, record, origin) in &found {
            if delivers(&transaction, &self.keys, request, (*subject, *record, *origin))? {
                if !request.only_count {
                    queue(&transaction, request.service, *subject, *record, request.at)?;
                }
                done.queued += 1;
            } else {
                done.left_out += 1;
            }
        }
        if found.len() >= request.most {
            done.next = found.last().map(|(subject, ..)| subject.unsigned_abs());
        }
        if !request.only_count && done.queued > 0 {
            transaction.commit().map_err(translate)?;
        }
        Ok(done)
    }
}

fn missed(transaction: &Transaction<'_>, request: &BackfillRequest<'_>, after: i64) -> Result<Vec<(i64, i64, Origin)>, GalleryError> {
    let most = i64::try_from(request.most).unwrap_or(i64::MAX);
    let mut statement = transaction.prepare_cached(MISSED).map_err(translate)?;
    let rows = statement
        .query_map(params![request.service.name(), after, most], |row| Ok((row.get(0)?, row.get(1)?, origin_at(row, 2)?)))
        .map_err(translate)?;
    rows.collect::<rusqlite::Result<_>>().map_err(translate)
}

fn delivers(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    request: &BackfillRequest<'_>,
    (subject, record, origin): (i64, i64, Origin),
) -> Result<bool, GalleryError> {
    let flow = record_text(transaction, &key_of(transaction, keys, subject)?, record)?.flow;
    Ok((request.delivers)(&flow, origin == Origin::File))
}
