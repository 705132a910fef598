//! The identity services as configured. Whatever public material leaves open about them is a value here, with the likely answer as default.

use serde::Deserialize;
use std::collections::BTreeMap;

/// All services and what they share.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicesConfig {
    /// Connections of all services.
    pub http: ServiceHttpConfig,
    /// AwareID and Knomi.
    pub awareid: AwareIdConfig,
    /// Uqudo Face API.
    pub uqudo: UqudoConfig,
    /// FACEKI face match.
    pub faceki: FacekiConfig,
    /// 3DiVi BAF.
    pub baf: BafConfig,
    /// Onboarding BiometricTest.
    pub onboarding: OnboardingConfig,
}

/// Connections of all services.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceHttpConfig {
    /// Address of a proxy; empty: none.
    pub proxy: String,
    /// `user:password` for the proxy, by reference; empty: it wants none.
    pub proxy_credentials: String,
    /// PEM file of further certificate authorities; empty: the system's only.
    pub ca_file: String,
    /// Whether only the authorities of `ca_file` are trusted.
    pub only_ca_file: bool,
    /// PEM file with this machine's certificate and key, for mutual TLS; empty: none.
    pub identity_file: String,
    /// Hosts that may be contacted; empty: those the addresses name.
    pub allowed_hosts: Vec<String>,
    /// Longest wait for a connection, seconds, 1-120.
    pub connect_seconds: u64,
    /// Longest reply, bytes, 1 KiB to 256 MiB.
    pub max_reply_bytes: u64,
}

/// Where a service is and how one signs in there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointConfig {
    /// Address; empty: the service is not used.
    pub base_url: String,
    /// Whether it takes practice records, and only those; it must be on this machine then.
    #[serde(default)]
    pub practice: bool,
    /// Put in front of every path.
    pub prefix: String,
    /// Longest wait for an answer, seconds, 1-600.
    pub timeout_seconds: u64,
    /// Longest wait for an answer about documents, seconds, 1-600.
    pub document_timeout_seconds: u64,
    /// Other methods and paths, by the operation's name.
    #[serde(default)]
    pub operations: BTreeMap<String, OperationOverride>,
    /// How one signs in.
    pub token: TokenConfig,
}

/// Another method or path for one operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OperationOverride {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: Option<String>,
    /// Path with its `{names}`.
    pub path: Option<String>,
}

/// Where a token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenSource {
    /// The service, asked by this machine.
    Service,
    /// A broker that holds the credentials and is asked instead.
    Broker,
    /// The secret itself is the token.
    Fixed,
    /// No token is sent.
    None,
}

/// Where credentials go in the request for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CredentialPlace {
    /// A form in the body.
    Form,
    /// A JSON object in the body.
    Json,
    /// The query string.
    Query,
    /// Request headers.
    Header,
}

/// How a token is had.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenConfig {
    /// Where it comes from.
    pub source: TokenSource,
    /// Path below the service's address without its prefix, or a full address.
    pub address: String,
    /// GET or POST.
    pub method: String,
    /// Where credentials go.
    pub credentials_in: CredentialPlace,
    /// Name of the field of the client's identifier.
    pub id_field: String,
    /// Name of the field of the secret.
    pub secret_field: String,
    /// The client's identifier.
    pub client_id: String,
    /// The secret by reference: `env:NAME`, `file:PATH` or `keyring:NAME`.
    pub secret: String,
    /// Further fields sent along.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Address of the broker.
    pub broker_url: String,
    /// What the broker is shown, by reference; empty: nothing.
    pub broker_secret: String,
    /// Share of its life after which a token is renewed, percent, 10-99.
    pub refresh_percent: u8,
    /// Life of a token whose reply states none, seconds, 10-86400.
    pub default_life_seconds: u64,
}

/// Pictures a service takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureLimits {
    /// Most bytes of one picture before base64.
    pub max_bytes: usize,
    /// Recommended width, pixels; 0: none.
    pub width: u32,
    /// Recommended height, pixels; 0: none.
    pub height: u32,
}

/// AwareID and Knomi.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwareIdConfig {
    /// Address, prefix (`/b2c` for the consumer variant) and token.
    pub endpoint: EndpointConfig,
    /// Replaces `{realm}` in the token's address.
    pub realm: String,
    /// The tenant's key by reference, sent as `api_key_header`.
    pub api_key: String,
    /// Name of that header.
    pub api_key_header: String,
    /// Liveness workflow, `hotel4` for a fixed camera.
    pub workflow: String,
    /// Frames of a face package.
    pub frames: usize,
    /// Where an enrolment's package takes them from: `selfie` or `challenge`.
    pub frames_from: String,
    /// Gallery searched and asked; empty: the default one.
    pub gallery: String,
    /// Name the service gives its default gallery.
    pub default_gallery: String,
    /// Registers with `register_user` (one picture into the gallery) or `enroll` (the tenant's enrolment with its checks).
    pub enrol_by: String,
    /// Address given where the person has none; `{code}` is the registration code.
    pub email_template: String,
    /// Algorithm of 1:1 comparisons.
    pub match_algorithm: String,
    /// Texts with which `verify_device` says yes while checks are open.
    pub device_verified_texts: Vec<String>,
    /// Texts of a failing reply that mean the token is too old.
    pub token_expired_texts: Vec<String>,
    /// Pictures it takes.
    pub pictures: PictureLimits,
    /// Encryption of packages.
    pub envelope: EnvelopeConfig,
    /// Device key and signature.
    pub device: DeviceKeyConfig,
}

/// Encryption of packages to the service's public key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeConfig {
    /// Whether packages are encrypted.
    pub enabled: bool,
    /// `aes-256-cbc`, `aes-128-cbc` or `aes-256-gcm`.
    pub cipher: String,
    /// `oaep-sha1`, `oaep-sha256` or `pkcs1v15`.
    pub key_wrap: String,
    /// PEM file of the public key; empty: the service is asked.
    pub public_key_file: String,
}

/// Device key and signature.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceKeyConfig {
    /// This machine's name at the service; empty: no device is registered.
    pub device_id: String,
    /// `p256` or `secp256k1`.
    pub curve: String,
    /// What is signed: `authToken`, `deviceId` or `authToken+deviceId`.
    pub signed: String,
}

/// Uqudo Face API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UqudoConfig {
    /// Address, prefix and token.
    pub endpoint: EndpointConfig,
    /// Lowest level that counts as a match, 1-5.
    pub minimum_match_level: u8,
    /// Registers with `search_insert` (one call that finds or adds) or `insert`.
    pub enrol_by: String,
    /// Whether a face session is sent as JSON rather than as a form.
    pub session_as_json: bool,
    /// Field that carries the picture of an insertion.
    pub insert_field: String,
    /// Pictures it takes.
    pub pictures: PictureLimits,
}

/// FACEKI face match.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacekiConfig {
    /// Address, prefix and token.
    pub endpoint: EndpointConfig,
    /// Workflow of full verifications.
    pub workflow_id: String,
    /// Decisions that count as yes.
    pub accepted_decisions: Vec<String>,
    /// Whether a paid face match may be made to learn the outcome of a lost reply.
    pub reconcile_by_search: bool,
    /// Pictures it takes.
    pub pictures: PictureLimits,
}

/// 3DiVi BAF.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BafConfig {
    /// Address, prefix and the token of public calls.
    pub endpoint: EndpointConfig,
    /// Secret key of private calls by reference; empty: applicants are created elsewhere.
    pub private_key: String,
    /// Document type code that stands for a face alone.
    pub face_only_type: i64,
    /// Document type code of a delivered document.
    pub document_type: i64,
    /// Words for document type codes.
    #[serde(default)]
    pub document_type_labels: BTreeMap<String, String>,
    /// Text patterns of code 120038, lower case: no face, several faces.
    pub no_face_texts: Vec<String>,
    /// See above.
    pub several_faces_texts: Vec<String>,
    /// Pictures it takes.
    pub pictures: PictureLimits,
}

/// Onboarding BiometricTest.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnboardingConfig {
    /// Address, prefix and token.
    pub endpoint: EndpointConfig,
    /// `Accept-Language`; empty: not sent.
    pub language: String,
    /// Whether scores of a neutral and a smiling face are sent, 0-100, where they were measured.
    pub send_scores: bool,
    /// What goes along as `record`: `none`, `selfie` or `avi`.
    pub record: String,
    /// Which document step comes before the selfie: `national_id`, `passport`, or `none` where it is done elsewhere.
    pub document: String,
    /// Name of the picture in the calls of the document step.
    pub document_image_field: String,
    /// Whether the two deprecated reads may be called.
    pub allow_deprecated: bool,
    /// Most bytes of a recording before base64.
    pub max_record_bytes: usize,
    /// Pictures it takes.
    pub pictures: PictureLimits,
}

impl ServicesConfig {
    /// Whether a secret or a device key is in the key store.
    #[must_use]
    pub fn uses_key_store(&self) -> bool {
        let own = [&self.awareid.api_key, &self.baf.private_key, &self.http.proxy_credentials];
        let tokens = self.endpoints().map(|(_, e)| [&e.token.secret, &e.token.broker_secret]);
        let named = own.into_iter().chain(tokens.into_iter().flatten()).any(|r| r.starts_with("keyring:"));
        named || !self.awareid.device.device_id.is_empty()
    }

    /// Ranges and names that types alone cannot say.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let within = |ok: bool, key: &'static str, rule: &str| (!ok).then(|| (key, rule.to_owned()));
        let known = |key: &'static str, value: &str, names: &[&str]| {
            (!names.contains(&value)).then(|| (key, format!("must be one of {}", names.join(", "))))
        };
        let http = &self.http;
        let aware = &self.awareid;
        within((1..=120).contains(&http.connect_seconds), "services.http.connect_seconds", "must be 1 to 120")
            .or_else(|| {
                within((1024..=1 << 28).contains(&http.max_reply_bytes), "services.http.max_reply_bytes", "must be 1024 to 268435456")
            })
            .or_else(|| within(!http.only_ca_file || !http.ca_file.is_empty(), "services.http.only_ca_file", "needs a `ca_file`"))
            .or_else(|| within(!holds_credentials(&http.proxy), "services.http.proxy", "must hold no credentials; see `proxy_credentials`"))
            .or_else(|| {
                let ok = is_reference(&http.proxy_credentials);
                within(ok, "services.http.proxy_credentials", "is no reference; write env:NAME, file:PATH or keyring:NAME")
            })
            .or_else(|| self.endpoints().into_iter().find_map(|(key, endpoint)| endpoint.problem(key)))
            .or_else(|| within((1..=5).contains(&aware.frames), "services.awareid.frames", "must be 1 to 5"))
            .or_else(|| known("services.awareid.frames_from", &aware.frames_from, &["selfie", "challenge"]))
            .or_else(|| known("services.onboarding.record", &self.onboarding.record, &["none", "selfie", "avi"]))
            .or_else(|| known("services.onboarding.document", &self.onboarding.document, &["national_id", "passport", "none"]))
            .or_else(|| known("services.awareid.enrol_by", &aware.enrol_by, &["register_user", "enroll"]))
            .or_else(|| known("services.awareid.envelope.cipher", &aware.envelope.cipher, &["aes-256-cbc", "aes-128-cbc", "aes-256-gcm"]))
            .or_else(|| known("services.awareid.envelope.key_wrap", &aware.envelope.key_wrap, &["oaep-sha1", "oaep-sha256", "pkcs1v15"]))
            .or_else(|| known("services.awareid.device.curve", &aware.device.curve, &["p256", "secp256k1"]))
            .or_else(|| known("services.awareid.device.signed", &aware.device.signed, &["authToken", "deviceId", "authToken+deviceId"]))
            .or_else(|| within((1..=5).contains(&self.uqudo.minimum_match_level), "services.uqudo.minimum_match_level", "must be 1 to 5"))
            .or_else(|| known("services.uqudo.enrol_by", &self.uqudo.enrol_by, &["search_insert", "insert"]))
    }

    /// Whether AwareID gets pictures of the liveness challenge.
    #[must_use]
    pub fn awareid_wants_evidence(&self) -> bool {
        self.awareid.frames_from == "challenge"
    }

    /// Whether the onboarding service gets a recording of the challenge, or what was measured in it.
    #[must_use]
    pub fn onboarding_wants_evidence(&self) -> bool {
        self.onboarding.send_scores || self.onboarding.record == "avi"
    }

    fn endpoints(&self) -> [(&'static str, &EndpointConfig); 5] {
        [
            ("services.awareid.endpoint", &self.awareid.endpoint),
            ("services.uqudo.endpoint", &self.uqudo.endpoint),
            ("services.faceki.endpoint", &self.faceki.endpoint),
            ("services.baf.endpoint", &self.baf.endpoint),
            ("services.onboarding.endpoint", &self.onboarding.endpoint),
        ]
    }
}

/// Whether a text names a secret, or is empty.
fn is_reference(text: &str) -> bool {
    text.is_empty() || ["env:", "file:", "keyring:"].iter().any(|place| text.starts_with(place))
}

/// Whether an address carries a user's name or password before its host, which would be shown with the configuration.
fn holds_credentials(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().contains('@')
}

impl EndpointConfig {
    fn problem(&self, key: &'static str) -> Option<(&'static str, String)> {
        let token = &self.token;
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        let odd = self.operations.iter().find(|(_, o)| {
            o.method.as_deref().is_some_and(|m| !methods.contains(&m)) || o.path.as_deref().is_some_and(|p| !p.starts_with('/'))
        });
        let rule = if !(1..=600).contains(&self.timeout_seconds) || !(1..=600).contains(&self.document_timeout_seconds) {
            "has a time-out outside 1 to 600 seconds".to_owned()
        } else if !self.prefix.is_empty() && (!self.prefix.starts_with('/') || self.prefix.ends_with('/')) {
            "has a prefix that does not start with `/` or ends with it".to_owned()
        } else if !(10..=99).contains(&token.refresh_percent) {
            "has a token.refresh_percent outside 10 to 99".to_owned()
        } else if !(10..=86_400).contains(&token.default_life_seconds) {
            "has a token.default_life_seconds outside 10 to 86400".to_owned()
        } else if !["GET", "POST"].contains(&token.method.as_str()) {
            "has a token.method other than GET and POST".to_owned()
        } else if !is_reference(&token.secret) || !is_reference(&token.broker_secret) {
            "names a secret that is no reference; write env:NAME, file:PATH or keyring:NAME".to_owned()
        } else if [&self.base_url, &token.address, &token.broker_url].into_iter().any(|address| holds_credentials(address)) {
            "has an address with credentials in it; secrets are named by reference".to_owned()
        } else {
            let (name, _) = odd?;
            format!("has an unusable method or path for the operation {name}")
        };
        Some((key, rule))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Effective;

    #[test]
    fn no_address_carries_a_secret() {
        let refused = |text: &str| Effective::from_layers(Some(text), &[]).is_err();
        for bad in [
            "[services.http]\nproxy = 'http://me:pw@proxy:3128'",
            "[services.http]\nproxy = 'me:pw@proxy:3128'",
            "[services.http]\nproxy_credentials = 'me:pw'",
            "[services.baf.endpoint]\nbase_url = 'https://me:pw@baf.example/x'",
            "[services.uqudo.endpoint.token]\naddress = 'https://me@auth.example/token'",
            "[services.uqudo.endpoint.token]\nbroker_url = 'https://me:pw@broker.example'",
        ] {
            assert!(refused(bad), "{bad}");
        }
        for good in [
            "[services.http]\nproxy = 'http://proxy:3128'\nproxy_credentials = 'env:PROXY'",
            "[services.baf.endpoint]\nbase_url = 'https://baf.example/@x'",
        ] {
            assert!(!refused(good), "{good}");
        }
    }
}
