//! Webhooks and events (90-95).
//!
//! A delivery is the event as JSON, with `encryptMessageBody` sealed by the secret, posted with the receiver's own header and, with
//! `addSignatureHeader`, the HMAC-SHA256 of the bytes as sent in base 64. An event is found again by its number in the order of events, its
//! identifier, or its operation token: the page says only that it is called `transactionNum`.

use super::super::bounded::Bounded;
use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::{self, Fields as _};
use super::super::operation::{Operation, Posting};
use super::{AwareId, envelope, platform};
use crate::ports::events::EVENT_KINDS;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::VecDeque;

const LIST: &str = "/webhook/registration";
const ONE: &str = "/webhook/registration/{webhookId}";
/// Header of the signature.
const SIGNATURE: &str = "X-Aware-Signature";

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(90, "list webhooks", "GET", LIST, AwareId::list_webhooks),
    Operation::new(91, "register webhook", "POST", LIST, AwareId::register_webhook),
    Operation::new(92, "get webhook", "GET", ONE, AwareId::get_webhook),
    Operation::new(93, "delete webhook", "DELETE", ONE, AwareId::delete_webhook),
    Operation::new(94, "update webhook", "PUT", ONE, AwareId::update_webhook),
    Operation::new(95, "fetch event data", "POST", "/webhook/event", AwareId::events),
];

/// Events kept; the oldest go first.
const KEPT: usize = 10_000;
/// Webhooks kept at most.
const MOST: usize = 100;

struct Webhook {
    url: String,
    auth: Option<(String, String)>,
    encrypt: bool,
    sign: bool,
    events: Vec<String>,
    secret: [u8; 32],
}

struct Event {
    number: u64,
    webhooks: Vec<String>,
    message: Value,
}

/// Receivers, events, and deliveries not yet taken.
pub(super) struct Hooks {
    webhooks: Bounded<Webhook>,
    events: VecDeque<Event>,
    count: u64,
    due: Vec<Posting>,
}

impl Hooks {
    pub(super) fn new() -> Self {
        Self { webhooks: Bounded::new(MOST), events: VecDeque::new(), count: 0, due: Vec::new() }
    }

    pub(super) fn due(&mut self) -> Vec<Posting> {
        std::mem::take(&mut self.due)
    }
}

fn kinds(body: &Value) -> Result<Option<Vec<String>>, Flaw> {
    if body.field("events").is_none() {
        return Ok(None);
    }
    let events = body.texts("events")?;
    if events.is_empty() || events.iter().any(|e| !EVENT_KINDS.contains(&e.as_str())) {
        return Err(Flaw::NotAllowed("events".to_owned()));
    }
    Ok(Some(events))
}

fn web_address(body: &Value) -> Result<Option<String>, Flaw> {
    let url = body.optional_text("url")?;
    match url {
        Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => Err(Flaw::NotAllowed("url".to_owned())),
        url => Ok(url.map(str::to_owned)),
    }
}

fn auth(body: &Value) -> Result<Option<(String, String)>, Flaw> {
    let (key, value) = (body.optional_text("authHeaderKey")?, body.optional_text("authHeaderValue")?);
    Ok(key.filter(|k| !k.is_empty()).map(|k| (k.to_owned(), value.unwrap_or_default().to_owned())))
}

fn unknown(call: &Call) -> Reply {
    platform(Some(call), 404, "INPUT_VALUES_ERROR", "Webhook is not found")
}

impl Webhook {
    fn shown(&self, id: &str) -> Value {
        let (key, value) = self.auth.clone().unwrap_or_default();
        json!({
            "webhookId": id, "secretKey": fields::base64(&self.secret), "url": self.url, "authHeaderKey": key, "authHeaderValue": value,
            "encryptMessageBody": self.encrypt, "addSignatureHeader": self.sign, "events": self.events,
        })
    }

    fn posting(&self, message: &Value, iv: &[u8; 16]) -> Posting {
        let plain = message.to_string().into_bytes();
        let body = if self.encrypt { envelope::seal(&self.secret, iv, &plain) } else { plain };
        let mut headers: Vec<(String, String)> = self.auth.clone().into_iter().collect();
        if self.sign
            && let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret)
        {
            mac.update(&body);
            headers.push((SIGNATURE.to_owned(), fields::base64(&mac.finalize().into_bytes())));
        }
        Posting { url: self.url.clone(), headers, body }
    }
}

impl AwareId {
    /// Records an event and prepares its deliveries.
    pub(super) fn emit(&mut self, kind: &str, username: &str, operation: &str, data: Value, call: &Call) {
        let created = call.now.to_rfc3339().replace('Z', "+0000");
        let message = json!({
            "id": self.mint.uuid(), "created": created, "type": kind, "operationToken": operation, "username": username, "data": data,
        });
        let mut told = Vec::new();
        for (id, webhook) in self.hooks.webhooks.iter().filter(|(_, w)| w.events.iter().any(|e| e == kind)) {
            told.push(id.clone());
            self.hooks.due.push(webhook.posting(&message, &self.mint.bytes()));
        }
        self.hooks.count += 1;
        self.hooks.events.push_back(Event { number: self.hooks.count, webhooks: told, message });
        while self.hooks.events.len() > KEPT {
            self.hooks.events.pop_front();
        }
    }

    fn list_webhooks(&mut self, _call: &Call) -> Answer {
        let list: Vec<Value> = self.hooks.webhooks.iter().map(|(id, w)| w.shown(id)).collect();
        Ok(Reply::ok(&json!({ "list": list })))
    }

    fn register_webhook(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let webhook = Webhook {
            url: web_address(&body)?.ok_or_else(|| Flaw::Missing("url".to_owned()))?,
            auth: auth(&body)?,
            encrypt: body.optional_flag("encryptMessageBody")?.unwrap_or(true),
            sign: body.optional_flag("addSignatureHeader")?.unwrap_or(true),
            events: kinds(&body)?.ok_or_else(|| Flaw::Missing("events".to_owned()))?,
            secret: self.mint.bytes(),
        };
        let id = self.mint.hex::<16>();
        let reply = json!({ "secret": fields::base64(&webhook.secret), "webhookId": id });
        self.hooks.webhooks.put(id, webhook);
        Ok(Reply::ok(&reply))
    }

    fn get_webhook(&mut self, call: &Call) -> Answer {
        let id = call.parameter("webhookId");
        self.hooks.webhooks.get(id).map(|w| Reply::ok(&w.shown(id))).ok_or_else(|| unknown(call).into())
    }

    fn delete_webhook(&mut self, call: &Call) -> Answer {
        self.hooks.webhooks.remove(call.parameter("webhookId")).ok_or_else(|| unknown(call))?;
        Ok(Reply::empty(if call.shaped(2, 1) { 204 } else { 200 }))
    }

    fn update_webhook(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (url, auth, events) = (web_address(&body)?, auth(&body)?, kinds(&body)?);
        let (encrypt, sign) = (body.optional_flag("encryptMessageBody")?, body.optional_flag("addSignatureHeader")?);
        let renew = body.optional_flag("generateNewSecret")?.unwrap_or(false);
        let secret = self.mint.bytes();
        let id = call.parameter("webhookId");
        let webhook = self.hooks.webhooks.get_mut(id).ok_or_else(|| unknown(call))?;
        webhook.url = url.unwrap_or_else(|| std::mem::take(&mut webhook.url));
        webhook.auth = auth.or_else(|| webhook.auth.take());
        webhook.events = events.unwrap_or_else(|| std::mem::take(&mut webhook.events));
        webhook.encrypt = encrypt.unwrap_or(webhook.encrypt);
        webhook.sign = sign.unwrap_or(webhook.sign);
        if renew {
            webhook.secret = secret;
        }
        Ok(Reply::ok(&json!({ "secret": fields::base64(&webhook.secret), "webhookId": id })))
    }

    fn events(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let id = body.text("webhookId")?;
        self.hooks.webhooks.get(id).ok_or_else(|| unknown(call))?;
        let mut asked = Vec::new();
        for item in body.array("list")? {
            asked.push(match item.required("transactionNum")? {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return Err(Flaw::WrongType("transactionNum".to_owned()).into()),
            });
        }
        let named = |e: &Event| {
            let number = e.number.to_string();
            let names = [Some(number.as_str()), e.message["id"].as_str(), e.message["operationToken"].as_str()];
            asked.iter().any(|a| names.contains(&Some(a.as_str())))
        };
        let told = |e: &&Event| e.webhooks.iter().any(|w| w == id);
        let list: Vec<&Value> = self.hooks.events.iter().filter(told).filter(|e| named(e)).map(|e| &e.message).collect();
        Ok(Reply::ok(&json!({ "list": list })))
    }
}
