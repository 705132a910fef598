//! A signed-in conversation with one service: routes, tokens, one repetition after 401, and replies read or turned into our faults.

use super::Surroundings;
use super::operation::{BodyKind, Impact, Operation, Route};
use super::plain;
use super::token::TokenKeeper;
use super::transport::{Answer, Body, Outgoing, Part, Transport};
use super::wire::{Private, Reply};
use crate::config::{EndpointConfig, OperationOverride, ServiceHttpConfig};
use crate::ports::services::{Effect, ServiceError, ServiceFault, ServiceKind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use zeroize::Zeroizing;

/// What a service's own page says about a reply: a fault, its code, and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In our words.
    pub fault: ServiceFault,
    /// Code as stated.
    pub code: Option<String>,
    /// Words fit to be shown.
    pub message: String,
}

impl Verdict {
    pub(super) fn new(fault: ServiceFault, code: impl Into<Option<String>>, message: impl Into<String>) -> Self {
        Self { fault, code: code.into(), message: message.into() }
    }
}

/// Reads a reply as the service's page explains it. `None`: the page says nothing, the status decides.
pub type Classify = fn(&Operation, &Answer) -> Option<Verdict>;

/// Files and fields of a call besides its JSON.
#[derive(Debug, Default)]
pub struct Extras<'a> {
    /// Values of the names in the path.
    pub path: &'a [(&'a str, &'a str)],
    /// Values of the query.
    pub query: &'a [(&'a str, &'a str)],
}

/// One signed-in conversation.
pub struct Session {
    kind: ServiceKind,
    transport: Transport,
    tokens: TokenKeeper,
    base_url: String,
    prefix: String,
    overrides: BTreeMap<String, OperationOverride>,
    timeout: Duration,
    slow_timeout: Duration,
    classify: Classify,
    headers: Vec<(String, Private)>,
    token_fields: Vec<(String, Private)>,
    expired_texts: Vec<String>,
    /// A token is the conversation itself: a fresh one would begin another.
    bound_to_token: bool,
}

impl Session {
    /// Prepares everything; nothing is contacted.
    ///
    /// - `token_address`: where tokens come from, with everything filled in.
    ///
    /// # Errors
    /// `Misconfigured` without an address, `NotAllowed` for an address that breaks the rules.
    pub(super) fn new(
        kind: ServiceKind,
        http: &ServiceHttpConfig,
        endpoint: &EndpointConfig,
        token_address: &str,
        classify: Classify,
        surroundings: Surroundings,
    ) -> Result<Self, ServiceError> {
        let transport = Transport::new(kind, http, surroundings)?;
        if endpoint.base_url.is_empty() {
            let message = format!("services.{}.endpoint.base_url is empty", kind.name());
            return Err(ServiceError::unsent(kind, ServiceFault::Misconfigured, message));
        }
        transport.address(&endpoint.base_url)?;
        Ok(Self {
            kind,
            transport,
            tokens: TokenKeeper::new(endpoint, token_address),
            base_url: endpoint.base_url.trim_end_matches('/').to_owned(),
            prefix: endpoint.prefix.clone(),
            overrides: endpoint.operations.clone(),
            timeout: Duration::from_secs(endpoint.timeout_seconds),
            slow_timeout: Duration::from_secs(endpoint.document_timeout_seconds),
            classify,
            headers: Vec::new(),
            token_fields: Vec::new(),
            expired_texts: Vec::new(),
            bound_to_token: false,
        })
    }

    /// Sends `name: value` with every call.
    pub(super) fn header(&mut self, name: &str, value: Private) {
        self.headers.push((name.to_owned(), value));
    }

    /// Texts of a failing reply that mean the token is too old.
    pub(super) fn expired_texts(&mut self, texts: Vec<String>) {
        self.expired_texts = texts;
    }

    /// From here on a refused token is reported, not renewed: what was said so far belongs to it.
    pub(super) fn bind_to_token(&mut self) {
        self.bound_to_token = true;
    }

    /// Whether a refused token ends the conversation.
    #[must_use]
    pub(super) const fn is_bound(&self) -> bool {
        self.bound_to_token
    }

    /// Forgets the token and sends `fields` along with the request for the next one.
    pub(super) fn renew(&mut self, fields: Vec<(String, Private)>) {
        self.bound_to_token = false;
        self.token_fields = fields;
        self.tokens.forget();
    }

    /// Whose it is.
    #[must_use]
    pub const fn kind(&self) -> ServiceKind {
        self.kind
    }

    /// What the client was given.
    #[must_use]
    pub const fn surroundings(&self) -> &Surroundings {
        self.transport.surroundings()
    }

    /// The service's clock less ours, seconds.
    #[must_use]
    pub const fn clock_offset(&self) -> Option<i64> {
        self.transport.clock_offset()
    }

    /// Asks for a token, or answers that none is needed.
    ///
    /// # Errors
    /// As the token's own faults.
    pub fn sign_in(&mut self) -> Result<(), ServiceError> {
        self.tokens.token(&mut self.transport, &self.token_fields).map(|_| ())
    }

    /// Calls with a JSON body and reads the reply.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn json<Q: Serialize, R: Reply>(&mut self, operation: &Operation, path: &[(&str, &str)], request: &Q) -> Result<R, ServiceError> {
        let text = self.encode(request)?;
        let body = if operation.body == BodyKind::PlainText { Body::PlainText(text) } else { Body::Json(text) };
        self.read(operation, &Extras { path, query: &[] }, body)
    }

    /// Calls without a body and reads the reply.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn bare<R: Reply>(&mut self, operation: &Operation, extras: &Extras<'_>) -> Result<R, ServiceError> {
        self.read(operation, extras, Body::Nothing)
    }

    /// Calls with a form of files and reads the reply.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn multipart<R: Reply>(&mut self, operation: &Operation, parts: Vec<Part>) -> Result<R, ServiceError> {
        self.read(operation, &Extras::default(), Body::Multipart(parts))
    }

    /// `request` as JSON text.
    ///
    /// # Errors
    /// `Unfit` when it cannot be written.
    pub fn encode<Q: Serialize>(&self, request: &Q) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        let written = serde_json::to_vec(request).map(Zeroizing::new);
        written.map_err(|_| ServiceError::unsent(self.kind, ServiceFault::Unfit, "the request cannot be written as JSON"))
    }

    fn read<R: Reply>(&mut self, operation: &Operation, extras: &Extras<'_>, body: Body) -> Result<R, ServiceError> {
        let answer = self.call(operation, extras, body)?;
        R::read(&answer.body).map_err(|message| {
            let effect = if operation.impact == Impact::Reads { Effect::None } else { Effect::Unknown };
            ServiceError { effect, ..ServiceError::unsent(self.kind, ServiceFault::Garbled, message) }
        })
    }

    /// Calls and returns the successful reply as it came. After 401 the token is renewed and the call made once more.
    ///
    /// # Errors
    /// [`ServiceError`]; a reply that is no success is one of them.
    pub fn call(&mut self, operation: &Operation, extras: &Extras<'_>, body: Body) -> Result<Answer, ServiceError> {
        if operation.impact == Impact::NotOffered {
            let message = format!("{} is not available in this version of the service", operation.name);
            return Err(ServiceError::unsent(self.kind, ServiceFault::NotOffered, message));
        }
        let first = self.once(operation, extras, body.clone())?;
        let expired = first.status == 401 || (!first.is_success() && self.says_expired(&first));
        let answer = if expired && self.tokens.renews() && !self.bound_to_token {
            self.tokens.forget();
            self.once(operation, extras, body.clone())?
        } else {
            first
        };
        match self.verdict(operation, &answer) {
            None => Ok(answer),
            Some(error) => {
                let message = plain::without(&error.message, &self.sent(extras, &body));
                Err(ServiceError { message, ..error })
            }
        }
    }

    /// Every word that went out, secrets included.
    fn sent(&self, extras: &Extras<'_>, body: &Body) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        let mut add = |text: &str| plain::add_words(text, &mut words);
        self.headers.iter().for_each(|(_, value)| add(&value.0));
        extras.path.iter().chain(extras.query).for_each(|(_, value)| add(value));
        if let Some(token) = self.tokens.current() {
            add(&token.0);
        }
        match body {
            Body::Json(text) | Body::PlainText(text) => {
                if let Ok(value) = serde_json::from_slice(text) {
                    plain::add_texts(&value, &mut words);
                }
            }
            Body::Form(fields) => fields.iter().for_each(|(_, value)| add(&value.0)),
            Body::Multipart(parts) => {
                let texts = parts.iter().filter(|p| p.file.is_none()).filter_map(|p| std::str::from_utf8(&p.content.0).ok());
                texts.for_each(add);
            }
            Body::Nothing => {}
        }
        words
    }

    fn says_expired(&self, answer: &Answer) -> bool {
        let text = String::from_utf8_lossy(&answer.body[..answer.body.len().min(4096)]);
        self.expired_texts.iter().any(|t| text.contains(t))
    }

    fn once(&mut self, operation: &Operation, extras: &Extras<'_>, body: Body) -> Result<Answer, ServiceError> {
        let route = Route::of(operation, &self.overrides);
        let path = route.fill(self.kind, &self.prefix, extras.path)?;
        let query: Vec<(String, Private)> = extras.query.iter().map(|(n, v)| ((*n).to_owned(), Private::from(*v))).collect();
        let address = self.transport.address(&format!("{}{path}", self.base_url))?.with_query(&query);
        let mut headers = self.headers.clone();
        headers.push(("Accept".to_owned(), "application/json, text/plain, */*".into()));
        let bound = self.tokens.current().filter(|_| self.bound_to_token).cloned();
        let token = if bound.is_some() { bound } else { self.tokens.token(&mut self.transport, &self.token_fields)? };
        if let Some(token) = token {
            headers.push(("Authorization".to_owned(), Private(format!("Bearer {}", token.0))));
        }
        let timeout = if operation.slow { self.slow_timeout } else { self.timeout };
        let (operation, impact, method) = (operation.name, operation.impact, route.method);
        self.transport.send(Outgoing { operation, impact, method, address, headers, body, timeout })
    }

    fn verdict(&self, operation: &Operation, answer: &Answer) -> Option<ServiceError> {
        let verdict = match (self.classify)(operation, answer) {
            Some(verdict) => verdict,
            None if answer.is_success() => return None,
            None => by_status(answer),
        };
        let Verdict { fault, code, message } = verdict;
        let effect = effect_of(operation.impact, fault, answer.status);
        Some(ServiceError { service: self.kind, fault, code, message, effect, retry_after: answer.retry_after })
    }
}

/// What a complete reply with a failing meaning says about the service's state. A reason is a refusal; so is any 4xx and "not now".
/// A service that failed by itself, or an answer that is not understood, may come after the work was done.
fn effect_of(impact: Impact, fault: ServiceFault, status: u16) -> Effect {
    let unexplained = matches!(fault, ServiceFault::ServiceFailed | ServiceFault::Garbled);
    let refused = (400..500).contains(&status) || status == 501 || status == 503;
    if impact == Impact::Changes && unexplained && !refused { Effect::Unknown } else { Effect::None }
}

/// What a status means where the service's page says nothing more.
pub(super) fn by_status(answer: &Answer) -> Verdict {
    let body = answer.json();
    let code = body.as_ref().and_then(plain::code_in);
    let told = body.as_ref().and_then(plain::message_in);
    let (fault, own) = match answer.status {
        400 | 422 => (ServiceFault::Unfit, "the request was refused"),
        401 => (ServiceFault::Unauthorised, "the credentials are not accepted"),
        402 | 403 => (ServiceFault::Forbidden, "the permission is missing"),
        404 | 410 => (ServiceFault::NotFound, "it is not known there"),
        408 | 425 | 429 | 503 => (ServiceFault::Busy, "it is too busy"),
        409 => (ServiceFault::Duplicate, "it is there already"),
        413 => (ServiceFault::Unfit, "a picture is too large"),
        415 => (ServiceFault::Unfit, "a picture's format is not taken"),
        405 | 501 => (ServiceFault::NotOffered, "the operation is not offered there"),
        500..=599 => (ServiceFault::ServiceFailed, "it failed by itself"),
        _ => (ServiceFault::Garbled, "its reply is not understood"),
    };
    let message = told.map_or_else(|| format!("{own} (status {})", answer.status), |t| format!("{own}: {t}"));
    Verdict { fault, code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unexplained_replies_to_changes_leave_the_outcome_unknown() {
        for (impact, fault, status, effect) in [
            (Impact::Changes, ServiceFault::Unfit, 400, Effect::None),
            (Impact::Changes, ServiceFault::Unfit, 500, Effect::None),
            (Impact::Changes, ServiceFault::ServiceFailed, 400, Effect::None),
            (Impact::Changes, ServiceFault::Busy, 429, Effect::None),
            (Impact::Changes, ServiceFault::ServiceFailed, 503, Effect::None),
            (Impact::Changes, ServiceFault::ServiceFailed, 500, Effect::Unknown),
            (Impact::Changes, ServiceFault::ServiceFailed, 200, Effect::Unknown),
            (Impact::Changes, ServiceFault::ServiceFailed, 502, Effect::Unknown),
            (Impact::Changes, ServiceFault::Garbled, 200, Effect::Unknown),
            (Impact::Reads, ServiceFault::ServiceFailed, 500, Effect::None),
        ] {
            assert_eq!(effect_of(impact, fault, status), effect, "{impact:?} {fault:?} {status}");
        }
    }
}
