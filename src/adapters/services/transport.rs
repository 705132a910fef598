//! One connection to one service: allowed addresses only, trusted certificates only, bounded replies, no redirections.
//!
//! What a failed call may have done is decided here. Until the connection stands nothing was sent: [`Effect::None`]. After that, a
//! missing or broken reply leaves the outcome unknown. Logs hold the operation, the status, milliseconds and byte counts, never an
//! address with its query, a header or a body.

mod address;
mod multipart;

pub use address::{Address, is_local, is_loopback};
pub use multipart::Part;

use super::Surroundings;
use super::operation::{Impact, Method};
use super::wire::Private;
use crate::config::ServiceHttpConfig;
use crate::ports::services::{Effect, ServiceError, ServiceFault, ServiceKind};
use crate::units::UtcTime;
use reqwest::blocking::{Client, Response};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::error::Error as _;
use std::io::Read as _;
use std::time::Duration;
use zeroize::Zeroizing;

/// What is sent.
#[derive(Debug, Clone)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// JSON text.
    Json(Zeroizing<Vec<u8>>),
    /// JSON text declared as `text/plain`.
    PlainText(Zeroizing<Vec<u8>>),
    /// A form.
    Form(Vec<(String, Private)>),
    /// Parts, files among them.
    Multipart(Vec<Part>),
}

/// A call ready to go out.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// Name for the log.
    pub operation: &'a str,
    /// What a lost reply means.
    pub impact: Impact,
    /// Method.
    pub method: Method,
    /// Where to.
    pub address: Address,
    /// Headers; values are never logged.
    pub headers: Vec<(String, Private)>,
    /// What is sent.
    pub body: Body,
    /// Longest wait, connecting included.
    pub timeout: Duration,
}

/// A complete reply.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body, never longer than the limit.
    pub body: Zeroizing<Vec<u8>>,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// What a failure of this operation means.
    pub impact: Impact,
}

impl Answer {
    /// Whether the status says success.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The body as JSON, whatever its declared type.
    #[must_use]
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Whether a connection may serve several calls. A reply that comes twice then stands before the next call's own. The steps of an onboarding
/// session all answer alike and are never asked again, so that nobody would notice: there, each call has a connection to itself.
const fn keeps_connections(service: ServiceKind) -> bool {
    !matches!(service, ServiceKind::Onboarding)
}

/// A client of one service.
pub struct Transport {
    service: ServiceKind,
    client: Client,
    allowed_hosts: Vec<String>,
    max_reply_bytes: u64,
    surroundings: Surroundings,
    clock_offset: Option<i64>,
}

impl Transport {
    /// Reads certificates and builds the client; nothing is contacted.
    ///
    /// # Errors
    /// [`ServiceFault::Misconfigured`] when a file cannot be read or holds no certificate, or the proxy's address is unusable.
    pub fn new(service: ServiceKind, config: &ServiceHttpConfig, surroundings: Surroundings) -> Result<Self, ServiceError> {
        let wrong = |message: String| ServiceError::unsent(service, ServiceFault::Misconfigured, message);
        let read = |path: &str| std::fs::read(path).map_err(|e| wrong(format!("{path} cannot be read: {e}")));
        let mut builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(config.connect_seconds))
            .user_agent(concat!("visavis/", env!("CARGO_PKG_VERSION")));
        if !keeps_connections(service) {
            builder = builder.pool_max_idle_per_host(0);
        }
        builder = if config.proxy.is_empty() {
            builder.no_proxy()
        } else {
            let mut proxy = reqwest::Proxy::all(&config.proxy).map_err(|_| wrong("the proxy's address is unusable".to_owned()))?;
            if !config.proxy_credentials.is_empty() {
                let secret = super::secrets::resolve(service, &config.proxy_credentials, surroundings.secrets.as_ref())?;
                let parts = secret.0.split_once(':');
                let (user, password) =
                    parts.ok_or_else(|| wrong("the proxy's credentials are not of the form user:password".to_owned()))?;
                proxy = proxy.basic_auth(user, password);
            }
            builder.proxy(proxy)
        };
        if !config.ca_file.is_empty() {
            let authorities = reqwest::Certificate::from_pem_bundle(&read(&config.ca_file)?)
                .ok()
                .filter(|list| !list.is_empty())
                .ok_or_else(|| wrong(format!("{} holds no certificate", config.ca_file)))?;
            builder = if config.only_ca_file { builder.tls_certs_only(authorities) } else { builder.tls_certs_merge(authorities) };
        }
        if !config.identity_file.is_empty() {
            super::secrets::refuse_exposed(service, std::path::Path::new(&config.identity_file))?;
            let pem = Zeroizing::new(read(&config.identity_file)?);
            let identity = reqwest::Identity::from_pem(&pem)
                .map_err(|_| wrong(format!("{} holds no certificate with its key", config.identity_file)))?;
            builder = builder.identity(identity);
        }
        let client = builder.build().map_err(|e| wrong(format!("the connection cannot be prepared: {}", causes(&e))))?;
        let allowed_hosts = config.allowed_hosts.iter().map(|h| h.to_ascii_lowercase()).collect();
        Ok(Self { service, client, allowed_hosts, max_reply_bytes: config.max_reply_bytes, surroundings, clock_offset: None })
    }

    /// Whose it is.
    #[must_use]
    pub const fn service(&self) -> ServiceKind {
        self.service
    }

    /// What the transport was given.
    #[must_use]
    pub const fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// The service's clock less ours, seconds, as of the last reply with a date.
    #[must_use]
    pub const fn clock_offset(&self) -> Option<i64> {
        self.clock_offset
    }

    /// Checks an address against the rules: HTTPS (or this machine itself), an allowed host, no credentials in it.
    ///
    /// # Errors
    /// [`ServiceFault::NotAllowed`], or [`ServiceFault::Misconfigured`] when it is no address.
    pub fn address(&self, text: &str) -> Result<Address, ServiceError> {
        Address::parse(self.service, text, &self.allowed_hosts)
    }

    /// Sends one request and reads the whole reply.
    ///
    /// # Errors
    /// `Unreachable`, `Untrusted`, `NotAllowed` (nothing was sent), `Interrupted` and `Garbled` (nobody knows). A complete reply is an
    /// [`Answer`], whatever its status; a redirection is refused.
    pub fn send(&mut self, outgoing: Outgoing<'_>) -> Result<Answer, ServiceError> {
        let started = (self.surroundings.elapsed)();
        let (operation, impact) = (outgoing.operation.to_owned(), outgoing.impact);
        let request = self.request(outgoing)?;
        let sent_bytes = request.body().and_then(reqwest::blocking::Body::as_bytes).map_or(0, <[u8]>::len);
        let done = self.client.execute(request).map_err(|e| self.broken(impact, &e)).and_then(|response| self.answer(response, impact));
        let millis = (self.surroundings.elapsed)().saturating_sub(started).as_millis();
        let service = self.service.name();
        match &done {
            Ok(answer) => {
                tracing::debug!(service, operation, status = answer.status, millis, sent_bytes, reply_bytes = answer.body.len(), "call");
            }
            Err(error) => tracing::debug!(service, operation, fault = ?error.fault, effect = ?error.effect, millis, sent_bytes, "call"),
        }
        done
    }

    fn request(&self, outgoing: Outgoing<'_>) -> Result<reqwest::blocking::Request, ServiceError> {
        let wrong = |what: &str| ServiceError::unsent(self.service, ServiceFault::Misconfigured, format!("{what} is unusable in a header"));
        let mut headers = HeaderMap::new();
        for (name, value) in &outgoing.headers {
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("a header's name"))?;
            let mut value = HeaderValue::from_str(&value.0).map_err(|_| wrong(name))?;
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        let method = match outgoing.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let builder = self.client.request(method, outgoing.address.into_url()).headers(headers).timeout(outgoing.timeout);
        let typed = |media: &str, bytes: Vec<u8>| builder.try_clone().map(|b| b.header(header::CONTENT_TYPE, media).body(bytes));
        let builder = match outgoing.body {
            Body::Nothing => Some(builder),
            Body::Json(text) => typed("application/json", text.to_vec()),
            Body::PlainText(text) => typed("text/plain", text.to_vec()),
            Body::Form(fields) => typed("application/x-www-form-urlencoded", address::form(&fields).into_bytes()),
            Body::Multipart(parts) => {
                let (media, bytes) = multipart::encode(&parts);
                typed(&media, bytes)
            }
        };
        let request = builder.and_then(|b| b.build().ok());
        request.ok_or_else(|| ServiceError::unsent(self.service, ServiceFault::Misconfigured, "the request cannot be built"))
    }

    fn answer(&mut self, response: Response, impact: Impact) -> Result<Answer, ServiceError> {
        let status = response.status();
        let now = (self.surroundings.utc)();
        let dated = |name: HeaderName| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        if let Some(date) = dated(header::DATE).as_deref().and_then(http_date) {
            self.clock_offset = Some(date.0.saturating_sub(now.0) / 1000);
        }
        let retry_after = dated(header::RETRY_AFTER).and_then(|text| wait(&text, now));
        if status.is_redirection() {
            return Err(ServiceError::unsent(self.service, ServiceFault::NotAllowed, "the service points to another address"));
        }
        let mut body = Zeroizing::new(Vec::new());
        let effect = if impact == Impact::Reads { Effect::None } else { Effect::Unknown };
        let failed = |fault, message: &str| ServiceError { effect, ..ServiceError::unsent(self.service, fault, message) };
        match response.take(self.max_reply_bytes + 1).read_to_end(&mut body) {
            Ok(_) if body.len() as u64 > self.max_reply_bytes => Err(failed(ServiceFault::Garbled, "the reply is longer than allowed")),
            Ok(_) => Ok(Answer { status: status.as_u16(), body, retry_after, impact }),
            Err(_) => Err(failed(ServiceFault::Interrupted, "the connection broke before the reply was complete")),
        }
    }

    /// What a request without a reply means.
    fn broken(&self, impact: Impact, error: &reqwest::Error) -> ServiceError {
        let words = causes(error);
        if words.contains("invalid peer certificate") || words.contains("UnknownIssuer") {
            return ServiceError::unsent(self.service, ServiceFault::Untrusted, "the certificate is not trusted");
        }
        if error.is_connect() {
            return ServiceError::unsent(self.service, ServiceFault::Unreachable, "no connection");
        }
        if error.is_builder() {
            return ServiceError::unsent(self.service, ServiceFault::Misconfigured, "the request cannot be built");
        }
        let effect = if impact == Impact::Reads { Effect::None } else { Effect::Unknown };
        let message = if error.is_timeout() { "no answer in time" } else { "the connection broke" };
        ServiceError { effect, ..ServiceError::unsent(self.service, ServiceFault::Interrupted, message) }
    }
}

/// The texts of an error and its causes, for classification and for faults of the configuration; never an address.
fn causes(error: &reqwest::Error) -> String {
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(&inner.to_string());
        words.push(' ');
        cause = inner.source();
    }
    words
}

/// Longest wait a service may ask for; more is cut.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// `Retry-After`: seconds, or a date.
fn wait(text: &str, now: UtcTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let millis = u64::try_from(http_date(text)?.0.saturating_sub(now.0)).unwrap_or(0);
    Some(Duration::from_millis(millis).min(LONGEST_WAIT))
}

/// A date as HTTP writes it.
fn http_date(text: &str) -> Option<UtcTime> {
    let mail = text.trim().strip_suffix("GMT").map_or_else(|| text.trim().to_owned(), |rest| format!("{rest}+0000"));
    let parsed = time::OffsetDateTime::parse(&mail, &time::format_description::well_known::Rfc2822).ok()?;
    Some(UtcTime(parsed.unix_timestamp().checked_mul(1000)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_come_as_seconds_or_dates() {
        let now = http_date("Wed, 21 Oct 2026 07:28:00 GMT").expect("a date");
        assert_eq!(wait("120", now), Some(Duration::from_secs(120)));
        assert_eq!(wait("Wed, 21 Oct 2026 07:28:30 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(wait("Wed, 21 Oct 2026 07:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(wait("99999999999", now), Some(LONGEST_WAIT));
        assert_eq!(wait("soon", now), None);
    }
}
