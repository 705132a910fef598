//! Tokens: asked for once, used until most of their life is over, forgotten when the service no longer takes them.

use super::operation::{Impact, Method};
use super::plain;
use super::secrets::resolve;
use super::transport::{Answer, Body, Outgoing, Transport};
use super::wire::Private;
use crate::config::{CredentialPlace, EndpointConfig, TokenConfig, TokenSource};
use crate::ports::services::{Effect, ServiceError, ServiceFault};
use crate::units::UtcTime;
use serde_json::Value;
use std::time::Duration;
use zeroize::Zeroizing;

/// Keeps the token of one service.
pub(super) struct TokenKeeper {
    config: TokenConfig,
    /// Full address, or the path of one below the service's own.
    address: String,
    timeout: Duration,
    current: Option<(Private, Duration)>,
}

impl TokenKeeper {
    /// - `address`: the token's address with everything filled in.
    pub(super) fn new(endpoint: &EndpointConfig, address: &str) -> Self {
        let full =
            if address.contains("://") { address.to_owned() } else { format!("{}{address}", endpoint.base_url.trim_end_matches('/')) };
        Self { config: endpoint.token.clone(), address: full, timeout: Duration::from_secs(endpoint.timeout_seconds), current: None }
    }

    /// Forgets the token, so that the next call asks for a fresh one.
    pub(super) fn forget(&mut self) {
        self.current = None;
    }

    /// The token last shown.
    pub(super) fn current(&self) -> Option<&Private> {
        self.current.as_ref().map(|(token, _)| token)
    }

    /// Whether tokens can be renewed at all.
    pub(super) fn renews(&self) -> bool {
        matches!(self.config.source, TokenSource::Service | TokenSource::Broker)
    }

    /// The token to show now; `None` when none is configured.
    ///
    /// - `fields`: sent along with a request to the service, on top of the configured ones.
    ///
    /// # Errors
    /// `Unauthorised` when the credentials are refused, `Misconfigured` when there are none, and whatever the connection says. A call
    /// that never began had no effect.
    pub(super) fn token(&mut self, transport: &mut Transport, fields: &[(String, Private)]) -> Result<Option<Private>, ServiceError> {
        let now = (transport.surroundings().elapsed)();
        if let Some((token, until)) = &self.current
            && now < *until
        {
            return Ok(Some(token.clone()));
        }
        let answer = match self.config.source {
            TokenSource::None => return Ok(None),
            TokenSource::Fixed => {
                let secret = self.secret(transport, &self.config.secret)?;
                self.current = Some((secret.clone(), Duration::MAX));
                return Ok(Some(secret));
            }
            TokenSource::Service => self.ask_service(transport, fields),
            TokenSource::Broker => self.ask_broker(transport),
        };
        // Whatever happened, the call this token is for has not begun.
        let answer = answer.map_err(|e| ServiceError { effect: Effect::None, ..e })?;
        let (token, life) = self.read(transport, &answer)?;
        let usable = life.mul_f64(f64::from(self.config.refresh_percent) / 100.0);
        self.current = Some((token.clone(), now + usable));
        Ok(Some(token))
    }

    fn secret(&self, transport: &Transport, reference: &str) -> Result<Private, ServiceError> {
        resolve(transport.service(), reference, transport.surroundings().secrets.as_ref())
    }

    fn ask_service(&self, transport: &mut Transport, more: &[(String, Private)]) -> Result<Answer, ServiceError> {
        let config = &self.config;
        let mut fields = vec![
            (config.id_field.clone(), Private(config.client_id.clone())),
            (config.secret_field.clone(), self.secret(transport, &config.secret)?),
        ];
        fields.extend(config.fields.iter().map(|(n, v)| (n.clone(), Private(v.clone()))));
        fields.extend_from_slice(more);
        fields.retain(|(name, value)| !name.is_empty() && !value.0.is_empty());
        let mut address = transport.address(&self.address)?;
        let (mut headers, mut body) = (Vec::new(), Body::Nothing);
        match config.credentials_in {
            CredentialPlace::Form => body = Body::Form(fields),
            CredentialPlace::Json => {
                let object: serde_json::Map<String, Value> = fields.iter().map(|(n, v)| (n.clone(), Value::String(v.0.clone()))).collect();
                body = Body::Json(Zeroizing::new(Value::Object(object).to_string().into_bytes()));
            }
            CredentialPlace::Query => address = address.with_query(&fields),
            CredentialPlace::Header => headers = fields,
        }
        let method = Method::from_name(&config.method).unwrap_or(Method::Post);
        transport.send(Outgoing { operation: "token", impact: Impact::Reads, method, address, headers, body, timeout: self.timeout })
    }

    fn ask_broker(&self, transport: &mut Transport) -> Result<Answer, ServiceError> {
        let service = [("service".to_owned(), Private::from(transport.service().name()))];
        let address = transport.address(&self.config.broker_url)?.with_query(&service);
        let mut headers = Vec::new();
        if !self.config.broker_secret.is_empty() {
            let secret = self.secret(transport, &self.config.broker_secret)?;
            headers.push(("Authorization".to_owned(), Private(format!("Bearer {}", secret.0))));
        }
        let (impact, body) = (Impact::Reads, Body::Nothing);
        transport.send(Outgoing { operation: "token", impact, method: Method::Get, address, headers, body, timeout: self.timeout })
    }

    fn read(&self, transport: &Transport, answer: &Answer) -> Result<(Private, Duration), ServiceError> {
        let failed = |fault, message: String| ServiceError {
            code: answer.json().as_ref().and_then(plain::code_in),
            retry_after: answer.retry_after,
            ..ServiceError::unsent(transport.service(), fault, message)
        };
        if !answer.is_success() {
            let fault = match answer.status {
                400 | 401 | 403 | 404 => ServiceFault::Unauthorised,
                429 | 503 => ServiceFault::Busy,
                _ => ServiceFault::ServiceFailed,
            };
            return Err(failed(fault, format!("no token was given (status {})", answer.status)));
        }
        let body = answer.json().ok_or_else(|| failed(ServiceFault::Garbled, "the reply with the token is no JSON".to_owned()))?;
        // An end that is stated as a date is one of the service's clock, whatever ours says.
        let ahead = transport.clock_offset().unwrap_or(0).saturating_mul(1000);
        let now = UtcTime((transport.surroundings().utc)().0.saturating_add(ahead));
        match token_in(&body, now) {
            Some((token, life)) => Ok((token, life.unwrap_or(Duration::from_secs(self.config.default_life_seconds)))),
            None => Err(failed(ServiceFault::Unauthorised, "the reply holds no token".to_owned())),
        }
    }
}

/// The token and its life in a reply: `access_token`, `accessToken` or `token`, at the top or below `data`; `expires_in` in seconds or
/// `expirationDate`.
fn token_in(body: &Value, now: UtcTime) -> Option<(Private, Option<Duration>)> {
    let places = [Some(body), body.get("data")];
    let (place, token) = places.into_iter().flatten().find_map(|place| {
        let named = ["access_token", "accessToken", "token"].iter().find_map(|n| place.get(n)?.as_str());
        named.filter(|t| !t.is_empty()).map(|t| (place, Private::from(t)))
    })?;
    let seconds = ["expires_in", "expiresIn"].iter().find_map(|n| match place.get(n)? {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    });
    let date = place.get("expirationDate").and_then(Value::as_str).and_then(|t| {
        // A time without a zone is taken as UTC.
        UtcTime::from_rfc3339(t).or_else(|| UtcTime::from_rfc3339(&format!("{t}Z")))
    });
    let left = date.map(|d| (d.0.saturating_sub(now.0) as f64 / 1000.0).max(0.0));
    let life = seconds.or(left).filter(|s| s.is_finite() && *s >= 0.0).map(|s| Duration::from_secs_f64(s.min(86_400.0)));
    Some((token, life))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &Value) -> Option<(String, Option<u64>)> {
        let now = UtcTime::from_rfc3339("2026-01-01T00:00:00Z").unwrap();
        token_in(body, now).map(|(t, life)| (t.0.clone(), life.map(|l| l.as_secs())))
    }

    #[test]
    fn tokens_are_found_where_services_put_them() {
        let cases = [
            (json!({ "access_token": "a", "expires_in": 300 }), Some(("a".to_owned(), Some(300)))),
            (json!({ "responseCode": 0, "data": { "access_token": "b", "expires_in": "3600" } }), Some(("b".to_owned(), Some(3600)))),
            (json!({ "token": "c", "expirationDate": "2026-01-01T00:10:00" }), Some(("c".to_owned(), Some(600)))),
            (json!({ "token": "d", "expirationDate": "2025-01-01T00:10:00Z" }), Some(("d".to_owned(), Some(0)))),
            (json!({ "token": "e" }), Some(("e".to_owned(), None))),
            (json!({ "token": "e", "expires_in": -5 }), Some(("e".to_owned(), None))),
            (json!({ "token": "" }), None),
            (json!([]), None),
        ];
        for (body, expected) in cases {
            assert_eq!(read(&body), expected, "{body}");
        }
    }
}
