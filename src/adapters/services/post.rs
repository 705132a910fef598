//! Messages to receivers of events: signed, encrypted where asked, posted under the rules that hold for services.
//!
//! The signature is HMAC-SHA-256 over the body as sent; while two secrets are valid the header holds both signatures, a comma between them,
//! and a receiver accepts the message if either is right. An encrypted body is base 64 of a 16-byte vector and AES-256-CBC.

use super::Surroundings;
use super::operation::{Impact, Method};
use super::secrets::resolve;
use super::transport::{Answer, Body, Outgoing, Transport};
use super::wire::Private;
use crate::config::{EventsConfig, ServiceHttpConfig, SignatureEncoding};
use crate::ports::events::{Webhook, WebhookSecrets};
use crate::ports::services::{ServiceError, ServiceKind};
use crate::units::SensitiveBytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::time::Duration;
use zeroize::Zeroizing;

/// Whose rules hold: the taxonomy is AwareID's, and the transport wants a name for its log.
const RULES: ServiceKind = ServiceKind::AwareId;
const VECTOR: usize = 16;

/// Posts messages.
pub struct Poster {
    transport: Transport,
    header: String,
    encoding: SignatureEncoding,
    timeout: Duration,
}

impl std::fmt::Debug for Poster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Poster({})", self.header)
    }
}

impl Poster {
    /// Prepares everything; nothing is contacted.
    ///
    /// # Errors
    /// `Misconfigured` when a certificate's file cannot be read or the proxy's address is unusable.
    pub fn new(events: &EventsConfig, http: &ServiceHttpConfig, surroundings: Surroundings) -> Result<Self, ServiceError> {
        let rules = ServiceHttpConfig { allowed_hosts: events.allowed_hosts.clone(), ..http.clone() };
        Ok(Self {
            transport: Transport::new(RULES, &rules, surroundings)?,
            header: events.signature_header.clone(),
            encoding: events.signature_encoding,
            timeout: Duration::from_secs(events.timeout_seconds.into()),
        })
    }

    /// Checks an address against the rules: HTTPS (or this machine itself), an allowed host, no credentials in it.
    ///
    /// # Errors
    /// `NotAllowed` or `Misconfigured`.
    pub fn check(&self, url: &str) -> Result<(), ServiceError> {
        self.transport.address(url).map(drop)
    }

    /// Posts a message and reads the answer, whatever its status.
    ///
    /// # Errors
    /// As the transport's own; a redirection is refused.
    pub fn post(&mut self, webhook: &Webhook, secrets: &WebhookSecrets, message: &serde_json::Value) -> Result<Answer, ServiceError> {
        let registration = &webhook.registration;
        let address = self.transport.address(&registration.url)?;
        let plain = Zeroizing::new(message.to_string().into_bytes());
        let body = if registration.encrypt { Zeroizing::new(encrypt(secrets.for_bodies(), &plain)) } else { plain };
        let mut headers = Vec::new();
        if registration.sign {
            headers.push((self.header.clone(), Private(signatures(secrets, &body, self.encoding))));
        }
        if let Some((name, reference)) = &registration.auth {
            let secret = resolve(RULES, reference, self.transport.surroundings().secrets.as_ref())?;
            headers.push((name.clone(), secret));
        }
        let body = if registration.encrypt { Body::PlainText(body) } else { Body::Json(body) };
        let (impact, method, timeout) = (Impact::Changes, Method::Post, self.timeout);
        self.transport.send(Outgoing { operation: "webhook", impact, method, address, headers, body, timeout })
    }
}

/// The header's value: a signature for every secret that is valid.
#[must_use]
pub fn signatures(secrets: &WebhookSecrets, body: &[u8], encoding: SignatureEncoding) -> String {
    let all: Vec<String> = secrets.all().map(|secret| encoded(&signed(secret, body), encoding)).collect();
    all.join(", ")
}

/// Whether any signature of a header is right for any of the receiver's secrets; compared in constant time.
#[must_use]
pub fn is_signed(secrets: &[SensitiveBytes], header: &str, body: &[u8], encoding: SignatureEncoding) -> bool {
    let given: Vec<Vec<u8>> = header.split(',').filter_map(|text| decoded(text.trim(), encoding)).collect();
    secrets.iter().any(|secret| given.iter().any(|signature| mac(secret, body).verify_slice(signature).is_ok()))
}

fn mac(secret: &SensitiveBytes, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}

fn signed(secret: &SensitiveBytes, body: &[u8]) -> Vec<u8> {
    mac(secret, body).finalize().into_bytes().to_vec()
}

fn encoded(bytes: &[u8], encoding: SignatureEncoding) -> String {
    match encoding {
        SignatureEncoding::Base64 => STANDARD.encode(bytes),
        SignatureEncoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

fn decoded(text: &str, encoding: SignatureEncoding) -> Option<Vec<u8>> {
    match encoding {
        SignatureEncoding::Base64 => STANDARD.decode(text).ok(),
        SignatureEncoding::Hex => {
            let whole = text.len().is_multiple_of(2) && text.is_ascii();
            let byte = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
            whole.then(|| (0..text.len()).step_by(2).map(byte).collect()).flatten()
        }
    }
}

/// A body sealed with a secret of 32 bytes.
fn encrypt(secret: &SensitiveBytes, plain: &[u8]) -> Vec<u8> {
    let vector = rand::random::<[u8; VECTOR]>();
    let cipher = cbc::Encryptor::<aes::Aes256>::new_from_slices(&secret.0, &vector).expect("secrets have 32 bytes, vectors 16");
    let sealed = cipher.encrypt_padded_vec::<Pkcs7>(plain);
    STANDARD.encode([&vector[..], &sealed].concat()).into_bytes()
}

/// Opens an encrypted body with whichever of the receiver's secrets fits; `None` where none does.
#[must_use]
pub fn decrypt(secrets: &[SensitiveBytes], body: &[u8]) -> Option<Vec<u8>> {
    let sealed = STANDARD.decode(body).ok()?;
    let (vector, rest) = sealed.split_at_checked(VECTOR)?;
    secrets.iter().find_map(|secret| {
        let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&secret.0, vector).ok()?;
        let plain = cipher.decrypt_padded_vec::<Pkcs7>(rest).ok()?;
        serde_json::from_slice::<serde_json::Value>(&plain).ok().map(|_| plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(fill: u8) -> SensitiveBytes {
        SensitiveBytes(vec![fill; 32])
    }

    #[test]
    fn either_secret_is_right_while_both_are_valid_and_no_other_ever_is() {
        let body = br#"{"id":1}"#;
        for encoding in [SignatureEncoding::Base64, SignatureEncoding::Hex] {
            let secrets = WebhookSecrets { current: secret(2), previous: Some(secret(1)) };
            let header = signatures(&secrets, body, encoding);
            assert!(is_signed(&[secret(1)], &header, body, encoding) && is_signed(&[secret(2)], &header, body, encoding));
            assert!(!is_signed(&[secret(3)], &header, body, encoding));
            assert!(!is_signed(&[secret(1)], &header, br#"{"id":2}"#, encoding), "another body");
            for header in ["", ",", "AAAA", "zz", "é"] {
                assert!(!is_signed(&[secret(1)], header, body, encoding), "{header}");
            }
            let alone = signatures(&WebhookSecrets { previous: None, ..secrets }, body, encoding);
            assert!(!is_signed(&[secret(1)], &alone, body, encoding), "the overlap is over");
        }
    }

    #[test]
    fn a_body_opens_with_the_secret_every_receiver_has() {
        let secrets = WebhookSecrets { current: secret(2), previous: Some(secret(1)) };
        let sealed = encrypt(secrets.for_bodies(), br#"{"id":1}"#);
        assert_eq!(decrypt(&[secret(1)], &sealed).as_deref(), Some(&br#"{"id":1}"#[..]));
        assert_eq!(decrypt(&[secret(2), secret(1)], &sealed).as_deref(), Some(&br#"{"id":1}"#[..]));
        assert_eq!(decrypt(&[secret(3)], &sealed), None);
        for body in [&b""[..], b"AAAA", b"not base 64"] {
            assert_eq!(decrypt(&[secret(1)], body), None);
        }
    }
}
