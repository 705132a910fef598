//! Receivers, events and what is owed to them, in the gallery's file.

use super::rows::next_number;
use super::seal::{GalleryKeys, Place, Sealed, SubjectKey, damaged};
use super::{SqliteGallery, not_found, translate, uuid_at};
use crate::ports::events::{EventStore, KeptEvent, NewEvent, Post, PostChange, PostState, Registration, Webhook, WebhookSecrets};
use crate::ports::gallery::{GalleryError, Page, SubjectId};
use crate::units::{SensitiveBytes, SensitiveText, UtcTime};
use rusqlite::{Connection, Params, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A receiver as it is sealed.
#[derive(Serialize, Deserialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
struct StoredWebhook {
    url: String,
    auth: Option<(String, String)>,
    current: Vec<u8>,
    previous: Option<Vec<u8>>,
}

/// An event as it is sealed.
#[derive(Serialize, Deserialize)]
struct StoredEvent {
    username: String,
    data: serde_json::Value,
}

const fn place(kind: Sealed, row: i64) -> Place {
    Place { kind, subject: Uuid::nil(), row }
}

fn write<T: Serialize>(value: &T, kind: Sealed) -> Result<zeroize::Zeroizing<Vec<u8>>, GalleryError> {
    serde_json::to_vec(value).map(zeroize::Zeroizing::new).map_err(|_| damaged(kind))
}

/// One receiver's row.
struct WebhookRow {
    number: i64,
    webhook: Webhook,
    stored: StoredWebhook,
}

const WEBHOOK: &str = "SELECT number, id, events, encrypt, sign, created_at, overlap_until, sealed FROM webhooks";
const POST: &str = "SELECT p.number, w.id, p.state, p.tries, p.due_at, p.changed_at, p.last,
    e.number, e.id, e.kind, e.session, e.created_at, e.sealed, s.number, s.id, k.wrapped FROM posts p
    JOIN webhooks w ON w.number = p.webhook JOIN events e ON e.number = p.event
    LEFT JOIN subjects s ON s.number = e.subject LEFT JOIN subject_keys k ON k.number = e.subject";

impl SqliteGallery {
    fn webhook_rows(&self, rest: &str, parameters: impl Params) -> Result<Vec<WebhookRow>, GalleryError> {
        let mut statement = self.connection.prepare_cached(&format!("{WEBHOOK} {rest}")).map_err(translate)?;
        let mut rows = statement.query(parameters).map_err(translate)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            found.push(self.webhook_at(row)?);
        }
        Ok(found)
    }

    fn webhook_at(&self, row: &Row<'_>) -> Result<WebhookRow, GalleryError> {
        let number: i64 = row.get(0).map_err(translate)?;
        let broken = || damaged(Sealed::Webhook);
        let events: String = row.get(2).map_err(translate)?;
        let sealed = row.get_ref(7).and_then(|value| Ok(value.as_blob()?)).map_err(translate)?;
        let plain = self.keys.open_lasting(place(Sealed::Webhook, number), sealed)?;
        let stored: StoredWebhook = serde_json::from_slice(&plain.0).map_err(|_| broken())?;
        let overlap: i64 = row.get(6).map_err(translate)?;
        let registration = Registration {
            url: stored.url.clone(),
            auth: stored.auth.clone(),
            encrypt: row.get(3).map_err(translate)?,
            sign: row.get(4).map_err(translate)?,
            events: serde_json::from_str(&events).map_err(|_| broken())?,
        };
        let webhook = Webhook {
            id: uuid_at(row, 1).map_err(translate)?,
            registration,
            created_at: UtcTime(row.get(5).map_err(translate)?),
            overlap_until: (overlap > 0 && stored.previous.is_some()).then_some(UtcTime(overlap)),
        };
        Ok(WebhookRow { number, webhook, stored })
    }

    fn webhook_row(&self, id: Uuid) -> Result<WebhookRow, GalleryError> {
        self.webhook_rows("WHERE id = ?1", [&id.as_bytes()[..]])?.pop().ok_or_else(|| not_found("webhook", id))
    }

    fn put_webhook(&mut self, row: &WebhookRow) -> Result<(), GalleryError> {
        let Registration { encrypt, sign, events, .. } = &row.webhook.registration;
        let sealed = self.keys.seal_lasting(place(Sealed::Webhook, row.number), &write(&row.stored, Sealed::Webhook)?);
        let events = serde_json::to_string(events).map_err(|_| damaged(Sealed::Webhook))?;
        let overlap = row.webhook.overlap_until.map_or(0, |until| until.0);
        let sql = "INSERT INTO webhooks (number, id, events, encrypt, sign, created_at, overlap_until, sealed)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (number) DO UPDATE SET
                   events = ?3, encrypt = ?4, sign = ?5, overlap_until = ?7, sealed = ?8";
        let id = &row.webhook.id.as_bytes()[..];
        self.connection
            .execute(sql, params![row.number, id, events, encrypt, sign, row.webhook.created_at.0, overlap, sealed])
            .map(drop)
            .map_err(translate)
    }

    fn posts_where(&self, rest: &str, parameters: impl Params) -> Result<Vec<Post>, GalleryError> {
        let mut statement = self.connection.prepare_cached(&format!("{POST} {rest}")).map_err(translate)?;
        let mut rows = statement.query(parameters).map_err(translate)?;
        let mut posts = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            posts.push(self.post_at(row)?);
        }
        Ok(posts)
    }

    fn post_at(&self, row: &Row<'_>) -> Result<Post, GalleryError> {
        let number: i64 = row.get(0).map_err(translate)?;
        let state: String = row.get(2).map_err(translate)?;
        let time = |column| row.get(column).map(UtcTime).map_err(translate);
        Ok(Post {
            number: number.unsigned_abs(),
            webhook: uuid_at(row, 1).map_err(translate)?,
            state: PostState::from_name(&state).ok_or_else(|| GalleryError::Damaged { what: "the state of a message".into() })?,
            tries: row.get(3).map_err(translate)?,
            due_at: time(4)?,
            changed_at: time(5)?,
            last: row.get(6).map_err(translate)?,
            event: self.event_at(row, 7)?,
        })
    }

    /// Reads an event from column `at` on.
    fn event_at(&self, row: &Row<'_>, at: usize) -> Result<KeptEvent, GalleryError> {
        let number: i64 = row.get(at).map_err(translate)?;
        let sealed = row.get_ref(at + 5).and_then(|value| Ok(value.as_blob()?)).map_err(translate)?;
        let subject: Option<i64> = row.get(at + 6).map_err(translate)?;
        let (subject, plain) = match subject {
            None => (None, self.keys.open_lasting(place(Sealed::Event, number), sealed)?),
            Some(owner) => {
                let id = uuid_at(row, at + 7).map_err(translate)?;
                let wrapped: Vec<u8> = row.get(at + 8).map_err(translate)?;
                let key = self.keys.unwrap_subject_key(id, owner, &wrapped)?;
                (Some(SubjectId(id)), key.open(Sealed::Event, number, sealed)?)
            }
        };
        let StoredEvent { username, data } = serde_json::from_slice(&plain.0).map_err(|_| damaged(Sealed::Event))?;
        let event = NewEvent {
            kind: row.get(at + 2).map_err(translate)?,
            session: uuid_at(row, at + 3).map_err(translate)?,
            subject,
            username: SensitiveText(username),
            data,
            at: UtcTime(row.get(at + 4).map_err(translate)?),
        };
        Ok(KeptEvent { number: number.unsigned_abs(), id: uuid_at(row, at + 1).map_err(translate)?, event })
    }
}

/// Keeps an event inside a write, for every receiver that wants it. `owner` is the person's row and key.
pub(super) fn announce(
    transaction: &Transaction<'_>,
    keys: &GalleryKeys,
    event: &NewEvent,
    owner: Option<(i64, &SubjectKey)>,
) -> Result<u64, GalleryError> {
    let wanting = wanting(transaction, &event.kind)?;
    if wanting.is_empty() {
        return Ok(0);
    }
    let number = next_number(transaction, "SELECT max(number) FROM events")?;
    let id = uuid::Builder::from_unix_timestamp_millis(u64::try_from(event.at.0).unwrap_or(0), &rand::random()).into_uuid();
    let stored = StoredEvent { username: event.username.0.clone(), data: event.data.clone() };
    let plain = write(&stored, Sealed::Event)?;
    let sealed = match owner {
        Some((_, key)) => key.seal(Sealed::Event, number, &plain),
        None => keys.seal_lasting(place(Sealed::Event, number), &plain),
    };
    transaction
        .execute(
            "INSERT INTO events (number, id, kind, session, subject, created_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![number, &id.as_bytes()[..], event.kind, &event.session.as_bytes()[..], owner.map(|(row, _)| row), event.at.0, sealed],
        )
        .map_err(translate)?;
    for webhook in &wanting {
        let post = next_number(transaction, "SELECT max(number) FROM posts")?;
        let sql = "INSERT INTO posts (number, event, webhook, state, tries, due_at, changed_at, last) VALUES (?1, ?2, ?3, 'queued', 0, 0, ?4, '')";
        transaction.execute(sql, params![post, number, webhook, event.at.0]).map_err(translate)?;
    }
    Ok(wanting.len() as u64)
}

/// Rows of the receivers that want a kind of event.
fn wanting(connection: &Connection, kind: &str) -> Result<Vec<i64>, GalleryError> {
    let sql = "SELECT w.number FROM webhooks w WHERE EXISTS (SELECT 1 FROM json_each(w.events) WHERE value = ?1) ORDER BY w.number";
    let mut statement = connection.prepare_cached(sql).map_err(translate)?;
    let rows = statement.query_map([kind], |row| row.get(0)).map_err(translate)?;
    rows.collect::<rusqlite::Result<_>>().map_err(translate)
}

/// Forgets events about a person, inside the write that erases them.
pub(super) fn forget_of(transaction: &Transaction<'_>, subject: i64) -> Result<(), GalleryError> {
    transaction.execute("DELETE FROM posts WHERE event IN (SELECT number FROM events WHERE subject = ?1)", [subject]).map_err(translate)?;
    transaction.execute("DELETE FROM events WHERE subject = ?1", [subject]).map(drop).map_err(translate)
}

impl EventStore for SqliteGallery {
    fn register(&mut self, registration: &Registration, secret: &SensitiveBytes, at: UtcTime) -> Result<Webhook, GalleryError> {
        let number = next_number(&self.connection, "SELECT max(number) FROM webhooks")?;
        let id = Uuid::from_bytes(rand::random());
        let webhook = Webhook { id, registration: registration.clone(), created_at: at, overlap_until: None };
        let stored =
            StoredWebhook { url: registration.url.clone(), auth: registration.auth.clone(), current: secret.0.clone(), previous: None };
        self.put_webhook(&WebhookRow { number, webhook: webhook.clone(), stored })?;
        Ok(webhook)
    }

    fn webhooks(&self) -> Result<Vec<Webhook>, GalleryError> {
        Ok(self.webhook_rows("ORDER BY number", [])?.into_iter().map(|row| row.webhook).collect())
    }

    fn webhook(&self, id: Uuid, now: UtcTime) -> Result<(Webhook, WebhookSecrets), GalleryError> {
        let WebhookRow { mut webhook, stored, .. } = self.webhook_row(id)?;
        webhook.overlap_until = webhook.overlap_until.filter(|until| *until > now);
        let previous = webhook.overlap_until.and_then(|_| stored.previous.clone()).map(SensitiveBytes);
        Ok((webhook, WebhookSecrets { current: SensitiveBytes(stored.current.clone()), previous }))
    }

    fn update(&mut self, id: Uuid, registration: &Registration) -> Result<(), GalleryError> {
        let mut row = self.webhook_row(id)?;
        row.webhook.registration = registration.clone();
        row.stored.url.clone_from(&registration.url);
        row.stored.auth.clone_from(&registration.auth);
        self.put_webhook(&row)
    }

    fn rotate(&mut self, id: Uuid, secret: &SensitiveBytes, overlap_until: UtcTime, now: UtcTime) -> Result<(), GalleryError> {
        let mut row = self.webhook_row(id)?;
        let before = std::mem::replace(&mut row.stored.current, secret.0.clone());
        row.stored.previous = (overlap_until > now).then_some(before);
        row.webhook.overlap_until = (overlap_until > now).then_some(overlap_until);
        self.put_webhook(&row)
    }

    fn remove(&mut self, id: Uuid) -> Result<(), GalleryError> {
        let number = self.webhook_row(id)?.number;
        let transaction = Self::begin(&mut self.connection)?;
        transaction.execute("DELETE FROM posts WHERE webhook = ?1", [number]).map_err(translate)?;
        transaction.execute("DELETE FROM webhooks WHERE number = ?1", [number]).map_err(translate)?;
        transaction.execute("DELETE FROM events WHERE number NOT IN (SELECT event FROM posts)", []).map_err(translate)?;
        transaction.commit().map_err(translate)
    }

    fn announce(&mut self, event: &NewEvent) -> Result<u64, GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let owner = match event.subject {
            None => None,
            Some(subject) => {
                // About somebody who was erased meanwhile nothing is told.
                let Some(number) = super::find_number(&transaction, subject)? else { return Ok(0) };
                Some((number, super::subject_key(&transaction, &self.keys, subject, number)?))
            }
        };
        let told = announce(&transaction, &self.keys, event, owner.as_ref().map(|(number, key)| (*number, key)))?;
        if told > 0 {
            transaction.commit().map_err(translate)?;
        }
        Ok(told)
    }

    fn due(&self, now: UtcTime, limit: u32) -> Result<Vec<Post>, GalleryError> {
        self.posts_where("WHERE p.state = 'queued' AND p.due_at <= ?1 ORDER BY p.number LIMIT ?2", params![now.0, limit])
    }

    fn next_due(&self, now: UtcTime) -> Result<Option<UtcTime>, GalleryError> {
        let sql = "SELECT min(due_at) FROM posts WHERE state = 'queued' AND due_at > ?1";
        let found: Option<i64> = self.connection.query_row(sql, [now.0], |row| row.get(0)).map_err(translate)?;
        Ok(found.map(UtcTime))
    }

    fn settle(&mut self, change: &PostChange, at: UtcTime) -> Result<(), GalleryError> {
        let sql = "UPDATE posts SET state = ?2, tries = ?3, due_at = ?4, changed_at = ?5, last = ?6 WHERE number = ?1";
        let PostChange { number, state, tries, due_at, last } = change;
        let number = i64::try_from(*number).unwrap_or(i64::MAX);
        self.connection.execute(sql, params![number, state.name(), tries, due_at.0, at.0, last]).map(drop).map_err(translate)
    }

    fn put_off(&mut self, webhook: Uuid, until: UtcTime) -> Result<(), GalleryError> {
        let number = self.webhook_row(webhook)?.number;
        let sql = "UPDATE posts SET due_at = ?2 WHERE webhook = ?1 AND state = 'queued' AND due_at < ?2";
        self.connection.execute(sql, params![number, until.0]).map(drop).map_err(translate)
    }

    fn posts(&self, webhook: Option<Uuid>, state: Option<PostState>, offset: u64, limit: u32) -> Result<Page<Post>, GalleryError> {
        let number = webhook.map(|id| self.webhook_row(id).map(|row| row.number)).transpose()?;
        let filter = "WHERE (?1 IS NULL OR p.webhook = ?1) AND (?2 IS NULL OR p.state = ?2)";
        let state = state.map(PostState::name);
        let count = format!("SELECT count(*) FROM posts p {filter}");
        let total: u32 = self.connection.query_row(&count, params![number, state], |row| row.get(0)).map_err(translate)?;
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let entries =
            self.posts_where(&format!("{filter} ORDER BY p.number DESC LIMIT ?3 OFFSET ?4"), params![number, state, limit, offset])?;
        Ok(Page { entries, total: total.into() })
    }

    fn retry(&mut self, webhook: Option<Uuid>, at: UtcTime) -> Result<u64, GalleryError> {
        let number = webhook.map(|id| self.webhook_row(id).map(|row| row.number)).transpose()?;
        let sql = "UPDATE posts SET state = 'queued', tries = 0, due_at = 0, changed_at = ?2
                   WHERE state = 'set_aside' AND (?1 IS NULL OR webhook = ?1)";
        self.connection.execute(sql, params![number, at.0]).map(|count| count as u64).map_err(translate)
    }

    fn events(&self, webhook: Uuid, transactions: &[String]) -> Result<Vec<KeptEvent>, GalleryError> {
        let number = self.webhook_row(webhook)?.number;
        let mut found: Vec<KeptEvent> = Vec::new();
        for transaction in transactions {
            let (place, id) = (transaction.parse::<i64>().ok(), Uuid::parse_str(transaction).ok());
            let id = id.map(|id| id.as_bytes().to_vec());
            let rest = "WHERE p.webhook = ?1 AND (e.number = ?2 OR e.id = ?3 OR e.session = ?3) ORDER BY e.number";
            found.extend(self.posts_where(rest, params![number, place, id])?.into_iter().map(|post| post.event));
        }
        found.sort_by_key(|event| event.number);
        found.dedup_by_key(|event| event.number);
        Ok(found)
    }

    fn forget_before(&mut self, before: UtcTime) -> Result<u64, GalleryError> {
        let transaction = Self::begin(&mut self.connection)?;
        let old = "SELECT e.number FROM events e WHERE e.created_at < ?1
                   AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.event = e.number AND p.state = 'queued')";
        transaction.execute(&format!("DELETE FROM posts WHERE event IN ({old})"), [before.0]).map_err(translate)?;
        let sql = "DELETE FROM events WHERE created_at < ?1 AND number NOT IN (SELECT event FROM posts)";
        let forgotten = transaction.execute(sql, [before.0]).map_err(translate)? as u64;
        if forgotten > 0 {
            transaction.commit().map_err(translate)?;
        }
        Ok(forgotten)
    }
}
