//! Uqudo Face API: a face session, 1:1, and one 1:N index for the whole tenant.
//!
//! Errors have a status and no body. Insert never looks for duplicates, and delete removes the picture only: the features stay in the index
//! under the same identifier and go on matching.

use super::TwinOptions;
use super::bounded::Bounded;
use super::credentials::{CLIENT_ID, CLIENT_SECRET, LIMITED_CLIENT_ID};
use super::exchange::{Answer, Call, Flaw, Reply};
use super::fields::{self, Fields as _};
use super::forms;
use super::ledger::Holding;
use super::mint::Mint;
use super::operation::{Documented, Operation, Service};
use super::pictures::Picture;
use super::tokens::TokenBook;
use crate::units::UtcTime;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Largest picture, decoded bytes.
const MAX_PICTURE: usize = 5 * 1024 * 1024;
/// Lifetime of a token, seconds.
const TOKEN_SECONDS: u32 = 1800;
/// Lifetime of a face session, milliseconds.
const SESSION_MS: i64 = 10 * 60 * 1000;
/// `matchLevel` of one person and of two.
const SAME: i64 = 5;
const OTHER: i64 = 1;

struct Entry {
    id: String,
    person: String,
    picture: bool,
}

/// The service's state.
pub(super) struct Uqudo {
    mint: Mint,
    tokens: TokenBook,
    /// Face sessions and their end; only the vendor's own kit could use one.
    sessions: Bounded<UtcTime>,
    index: Vec<Entry>,
    by_id: HashMap<String, usize>,
    by_person: HashMap<String, usize>,
    max_people: usize,
}

impl Uqudo {
    pub(super) fn new(options: &TwinOptions) -> Self {
        Self {
            mint: Mint::new(options.seed, 2),
            tokens: TokenBook::new(options, TOKEN_SECONDS),
            sessions: Bounded::new(1000),
            index: Vec::new(),
            by_id: HashMap::new(),
            by_person: HashMap::new(),
            max_people: options.max_people,
        }
    }

    fn token(&mut self, call: &Call) -> Answer {
        let value = |name| forms::form_value(call, name).ok_or_else(|| Flaw::Missing(name.to_owned()));
        if value("grant_type")? != "client_credentials" {
            return Err(Flaw::NotAllowed("grant_type".to_owned()).into());
        }
        let (client, secret) = (value("client_id")?, value("client_secret")?);
        if ![CLIENT_ID, LIMITED_CLIENT_ID].contains(&client.as_str()) || secret != CLIENT_SECRET {
            return Err(Reply::empty(401).into());
        }
        let token = self.tokens.issue(&mut self.mint, call.now, &client);
        Ok(Reply::ok(&json!({ "access_token": token, "token_type": "bearer", "expires_in": self.tokens.seconds() })))
    }

    fn session(&mut self, call: &Call) -> Answer {
        let multipart = call.header("content-type").is_some_and(|t| t.starts_with("multipart/"));
        if multipart {
            let parts = forms::multipart(call)?;
            let part = parts.iter().find(|p| p.name == "idPhoto").ok_or_else(|| Flaw::Missing("idPhoto".to_owned()))?;
            limited("idPhoto", &part.bytes)?;
        } else {
            photo(&call.json()?, "idPhoto")?;
        }
        let id = self.mint.uuid();
        self.sessions.put(id.clone(), UtcTime(call.now.0.saturating_add(SESSION_MS)));
        Ok(Reply::json(201, &json!({ "sessionId": id })))
    }

    fn compare(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let source = photo(&body, "sourceImage")?;
        let target = photo(&body, "targetImage")?;
        let minimum = body.optional_integer("minimumMatchLevel")?.unwrap_or(3);
        if !(1..=5).contains(&minimum) {
            return Err(Flaw::NotAllowed("minimumMatchLevel".to_owned()).into());
        }
        let level = if source.person == target.person { SAME } else { OTHER };
        // At the ends the page allows values beyond 1 and 5.
        let stated = if call.shaped(2, 1) { level + (level - 3).signum() } else { level };
        Ok(Reply::ok(&json!({ "match": level >= minimum, "matchLevel": stated })))
    }

    fn search(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let face = photo(&body, "idPhoto")?;
        let insert = body.optional_flag("insert")?.unwrap_or(false);
        let known = self.by_person.get(&face.person).map(|at| self.index[*at].id.clone());
        let matched = known.is_some();
        let id = match known {
            Some(id) => Some(id),
            None if insert => Some(self.add(face.person)?),
            None => None,
        };
        Ok(Reply::ok(&match call.shape % 4 {
            0 => json!({ "oneToNVerificationId": id, "oneToNVerificationMatch": matched }),
            1 => json!({ "oneToNVerificationId": id, "oneToNVerificationMatch": if matched { "true" } else { "false" } }),
            2 => json!({ "oneToNVerificationId": id, "oneToNVerificationMatch": i32::from(matched) }),
            _ => id.map_or_else(
                || json!({ "oneToNVerificationMatch": matched }),
                |id| json!({ "oneToNVerificationId": id, "oneToNVerificationMatch": matched }),
            ),
        }))
    }

    fn insert(&mut self, call: &Call) -> Answer {
        let face = photo(&call.json()?, "idPhoto")?;
        let id = self.add(face.person)?;
        let name = if call.shaped(2, 1) { "oneToNVerificationMatch" } else { "oneToNVerificationId" };
        Ok(Reply::ok(&json!({ name: id })))
    }

    fn delete(&mut self, call: &Call) -> Answer {
        let at = self.by_id.get(call.parameter("oneToNVerificationId")).copied();
        match at.map(|at| &mut self.index[at]) {
            Some(entry) if entry.picture => {
                entry.picture = false;
                Ok(Reply::empty(204))
            }
            _ => Err(Reply::empty(404).into()),
        }
    }

    fn add(&mut self, person: String) -> Result<String, Reply> {
        if self.index.len() >= self.max_people {
            return Err(Reply::empty(500));
        }
        let id = self.mint.uuid();
        self.by_id.insert(id.clone(), self.index.len());
        self.by_person.entry(person.clone()).or_insert(self.index.len());
        self.index.push(Entry { id: id.clone(), person, picture: true });
        Ok(id)
    }
}

fn photo(body: &Value, name: &str) -> Result<Picture, Flaw> {
    limited(name, &body.bytes(name)?)
}

fn limited(name: &str, bytes: &[u8]) -> Result<Picture, Flaw> {
    if bytes.len() > MAX_PICTURE {
        return Err(Flaw::TooLarge(name.to_owned()));
    }
    fields::picture(name, bytes)
}

const fn status(name: &'static str, status: u16) -> Documented {
    Documented { name, status, code: "", message: "" }
}

impl Service for Uqudo {
    const TABLE: &'static [&'static [Operation<Self>]] = &[&[
        Operation::new(0, "access token", "POST", "/api/oauth/token", Self::token).open(),
        Operation::new(1, "face session", "POST", "/api/v1/face", Self::session),
        Operation::new(2, "face match 1:1", "POST", "/api/v1/face/match", Self::compare),
        Operation::new(3, "search 1:N", "POST", "/api/v1/face/one-to-n/search", Self::search),
        Operation::new(4, "insert 1:N", "POST", "/api/v1/face/one-to-n/insert", Self::insert),
        Operation::new(5, "delete 1:N picture", "DELETE", "/api/v1/face/one-to-n/search/{oneToNVerificationId}", Self::delete),
    ]];
    const ERRORS: &'static [Documented] = &[
        status("400", 400),
        status("401", 401),
        status("403", 403),
        status("404", 404),
        status("413", 413),
        status("415", 415),
        status("500", 500),
    ];

    fn admit(&self, operation: &Operation<Self>, call: &Call) -> Result<(), Reply> {
        match self.tokens.client(call) {
            None => Err(Reply::empty(401)),
            Some(LIMITED_CLIENT_ID) if operation.number >= 3 => Err(Reply::empty(403)),
            Some(_) => Ok(()),
        }
    }

    fn word(&self, _number: u16, flaw: &Flaw) -> Reply {
        Reply::empty(match flaw {
            Flaw::TooLarge(_) => 413,
            Flaw::NotAPicture(_) => 415,
            _ => 400,
        })
    }

    fn documented(&self, e: &Documented, call: &Call) -> Reply {
        // No body is promised; some text may be there all the same.
        if call.shaped(2, 1) { Reply::json(e.status, &json!({ "message": "refused" })) } else { Reply::empty(e.status) }
    }

    fn unknown_path(&self) -> Reply {
        Reply::empty(404)
    }

    fn trouble(&self, status: u16) -> Reply {
        Reply::empty(status)
    }

    fn expire_tokens(&mut self) {
        self.tokens.expire_all();
    }

    fn holdings(&self) -> Vec<Holding> {
        let holding =
            |e: &Entry| Holding { person: e.person.clone(), key: None, reference: e.id.clone(), registrations: 1, deleted: !e.picture };
        self.index.iter().map(holding).collect()
    }
}
