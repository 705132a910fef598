//! What the services screen shows and orders: each service as configured, its settings by key, and a test of its connection.

use super::sync::setup::Places;
use crate::adapters::services;
use crate::config::{Change, Config, ServicesConfig, TokenSource};
use crate::ports::services::{Capabilities, ServiceError, ServiceFault, ServiceKind};
use crate::units::{SensitiveText, UtcTime};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use toml::Value;

/// One setting of a service that the desk can change. The others stay in the configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingSpec {
    /// Key below `services.<service>.`.
    pub key: &'static str,
    /// Locale key of its name.
    pub label: &'static str,
    /// Whether the service cannot be used without it.
    pub required: bool,
    /// Whether it is a reference to a secret.
    pub secret: bool,
}

const fn plain(key: &'static str, label: &'static str, required: bool) -> SettingSpec {
    SettingSpec { key, label, required, secret: false }
}

const fn secret(key: &'static str, label: &'static str) -> SettingSpec {
    SettingSpec { key, label, required: true, secret: true }
}

/// The secret that a token is asked for with; a broker can stand in for it.
pub const TOKEN_SECRET: &str = "endpoint.token.secret";

const ADDRESS: SettingSpec = plain("endpoint.base_url", "services-address", true);
const PREFIX: SettingSpec = plain("endpoint.prefix", "services-prefix", false);
const TOKEN_ADDRESS: SettingSpec = plain("endpoint.token.address", "services-token-address", false);

/// Settings of a service, in the order in which they are asked.
#[must_use]
pub const fn settings_of(kind: ServiceKind) -> &'static [SettingSpec] {
    const CLIENT: SettingSpec = plain("endpoint.token.client_id", "services-client", true);
    const SECRET: SettingSpec = secret(TOKEN_SECRET, "services-secret");
    match kind {
        ServiceKind::AwareId => {
            &const {
                [
                    ADDRESS,
                    plain("realm", "services-realm", true),
                    CLIENT,
                    SECRET,
                    secret("api_key", "services-api-key"),
                    PREFIX,
                    TOKEN_ADDRESS,
                ]
            }
        }
        ServiceKind::Uqudo => &[ADDRESS, CLIENT, SECRET, PREFIX, TOKEN_ADDRESS],
        ServiceKind::Faceki => &const { [ADDRESS, CLIENT, SECRET, plain("workflow_id", "services-workflow", true), PREFIX, TOKEN_ADDRESS] },
        ServiceKind::Baf => &const { [ADDRESS, secret("private_key", "services-private-key"), PREFIX] },
        ServiceKind::Onboarding => {
            &const { [ADDRESS, plain("endpoint.token.client_id", "services-tenant", true), SECRET, PREFIX, TOKEN_ADDRESS] }
        }
    }
}

/// The value of a setting as configured; empty where there is none.
#[must_use]
pub fn value_of<'a>(kind: ServiceKind, key: &str, config: &'a ServicesConfig) -> &'a str {
    let endpoint = services::endpoint(kind, config);
    match key {
        "endpoint.base_url" => &endpoint.base_url,
        "endpoint.prefix" => &endpoint.prefix,
        "endpoint.token.address" => &endpoint.token.address,
        "endpoint.token.client_id" => &endpoint.token.client_id,
        TOKEN_SECRET => &endpoint.token.secret,
        "realm" => &config.awareid.realm,
        "api_key" => &config.awareid.api_key,
        "workflow_id" => &config.faceki.workflow_id,
        "private_key" => &config.baf.private_key,
        _ => "",
    }
}

/// Where a secret is kept. The secret itself is never read for this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// Nowhere yet.
    Missing,
    /// Sealed, with its key in this machine's key store, under this name.
    KeyStore(String),
    /// In this variable of the environment.
    Environment(String),
    /// In this file.
    File(String),
    /// At a server that is asked for tokens instead.
    Broker(String),
}

impl CredentialSource {
    /// Reads a reference as the configuration writes it.
    #[must_use]
    pub fn of(reference: &str) -> Self {
        match reference.split_once(':') {
            Some(("keyring", name)) => Self::KeyStore(name.to_owned()),
            Some(("env", name)) => Self::Environment(name.to_owned()),
            Some(("file", path)) => Self::File(path.to_owned()),
            _ => Self::Missing,
        }
    }
}

/// A service as the screen shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceView {
    /// Which.
    pub service: ServiceKind,
    /// Where it is; empty: not used.
    pub address: String,
    /// Whether it takes practice records, and only those.
    pub practice: bool,
    /// Whether enrolments are delivered there.
    pub delivers: bool,
    /// Each setting's key and value; for secrets where they are, as the configuration writes it.
    pub settings: Vec<(&'static str, String)>,
    /// Where the secrets are, by the setting's key.
    pub credentials: Vec<(&'static str, CredentialSource)>,
    /// What it can do as configured, or why no client can be made; `None` where there is no address.
    pub capabilities: Option<Result<Capabilities, ServiceError>>,
}

impl ServiceView {
    /// Whether an address is configured.
    #[must_use]
    pub const fn is_configured(&self) -> bool {
        !self.address.is_empty()
    }

    fn new(kind: ServiceKind, config: &Config, capabilities: Option<Result<Capabilities, ServiceError>>) -> Self {
        let endpoint = services::endpoint(kind, &config.services);
        let specs = settings_of(kind);
        let settings = specs.iter().map(|spec| (spec.key, value_of(kind, spec.key, &config.services).to_owned())).collect();
        let brokered = endpoint.token.source == TokenSource::Broker;
        let credential = |spec: &SettingSpec| {
            let source = if brokered && spec.key == TOKEN_SECRET {
                CredentialSource::Broker(endpoint.token.broker_url.clone())
            } else {
                CredentialSource::of(value_of(kind, spec.key, &config.services))
            };
            (spec.key, source)
        };
        Self {
            service: kind,
            address: endpoint.base_url.clone(),
            practice: endpoint.practice,
            delivers: config.sync.services.iter().any(|name| name == kind.name()),
            settings,
            credentials: specs.iter().filter(|spec| spec.secret).map(credential).collect(),
            capabilities,
        }
    }
}

/// Every service as configured. Makes clients to learn what they can do, so a key store may be asked; nothing is contacted.
#[must_use]
pub fn list(places: &Places, config: &Config) -> Vec<ServiceView> {
    let view = |kind: ServiceKind| {
        let configured = services::is_configured(kind, &config.services);
        let capabilities = configured.then(|| places.connect(kind, &config.services).map(|client| client.capabilities()));
        ServiceView::new(kind, config, capabilities)
    };
    ServiceKind::ALL.map(view).to_vec()
}

/// Changes of settings, and secrets to be kept in the key store under the names that the changes refer to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceOrder {
    /// Changes.
    pub changes: Vec<Change>,
    /// Names and secrets.
    pub secrets: Vec<(String, SensitiveText)>,
}

/// In front of the names of secrets that are only tried.
const DRAFT: &str = "draft-";

impl ServiceOrder {
    /// The same order with its secrets under names of their own, so that a test touches nothing that is in use.
    #[must_use]
    pub fn as_draft(&self) -> Self {
        let drafted = |name: &String| format!("{DRAFT}{name}");
        let renamed = |change: &Change| {
            let name = change.value.as_ref().and_then(Value::as_str).and_then(|text| text.strip_prefix("keyring:"));
            match name.filter(|name| self.secrets.iter().any(|(known, _)| known == name)) {
                Some(name) => Change::set(&change.key, format!("keyring:{DRAFT}{name}")),
                None => change.clone(),
            }
        };
        Self {
            changes: self.changes.iter().map(renamed).collect(),
            secrets: self.secrets.iter().map(|(name, secret)| (drafted(name), secret.clone())).collect(),
        }
    }

    /// Keeps the secrets; durable on return.
    ///
    /// # Errors
    /// Plain words without any secret.
    pub fn keep_secrets(&self, places: &Places) -> Result<(), String> {
        if self.secrets.is_empty() {
            return Ok(());
        }
        let secrets = (places.secrets)().map_err(|error| error.to_string())?;
        self.secrets.iter().try_for_each(|(name, secret)| secrets.keep(name, &secret.0.as_str().into()))
    }

    /// Destroys the secrets again, as far as that can be done.
    fn forget_secrets(&self, places: &Places) {
        if self.secrets.is_empty() {
            return;
        }
        if let Ok(secrets) = (places.secrets)() {
            for (name, _) in &self.secrets {
                if let Err(error) = secrets.forget(name) {
                    tracing::warn!(%error, "a secret that was only tried stays");
                }
            }
        }
    }
}

/// What a test of a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestPhase {
    /// The settings are checked and the credentials read.
    Preparing,
    /// The service was called and has not answered yet.
    Contacting,
}

/// A test in progress, shared with whoever shows it.
#[derive(Debug, Default)]
pub struct TestProgress {
    contacting: AtomicU8,
    cancelled: AtomicBool,
}

impl TestProgress {
    /// What it is doing.
    #[must_use]
    pub fn phase(&self) -> TestPhase {
        if self.contacting.load(Ordering::Relaxed) == 0 { TestPhase::Preparing } else { TestPhase::Contacting }
    }

    /// Does not begin what has not begun. A call under way ends by itself within its time limit, and nobody hears of it.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// What a test found.
#[derive(Debug, Clone, PartialEq)]
pub struct TestReport {
    /// Which service.
    pub service: ServiceKind,
    /// When it ended.
    pub at: UtcTime,
    /// How long the service took, milliseconds.
    pub millis: u64,
    /// The service's clock less ours, seconds, where a reply carried a date.
    pub clock_offset: Option<i64>,
    /// What it can do, or why it cannot be used.
    pub found: Result<Capabilities, ServiceError>,
}

/// Tests address, trust and credentials without changing anything at the service. Blocks; `None` once cancelled.
#[must_use]
pub fn test(
    kind: ServiceKind,
    places: &Places,
    config: &ServicesConfig,
    draft: &ServiceOrder,
    progress: &TestProgress,
) -> Option<TestReport> {
    let refused = |message: String| ServiceError::unsent(kind, ServiceFault::Misconfigured, message);
    let prepared = draft.keep_secrets(places).map_err(refused).and_then(|()| places.connect(kind, config));
    let began = places.clock.now();
    let (found, clock_offset) = match prepared {
        _ if progress.cancelled.load(Ordering::Relaxed) => {
            draft.forget_secrets(places);
            return None;
        }
        Err(error) => (Err(error), None),
        Ok(mut client) => {
            progress.contacting.store(1, Ordering::Relaxed);
            client.now_is(places.clock.utc());
            let checked = client.check();
            (checked.map(|()| client.capabilities()), client.clock_offset())
        }
    };
    draft.forget_secrets(places);
    let millis = u64::try_from(places.clock.now().since(began).as_millis()).unwrap_or(u64::MAX);
    let report = TestReport { service: kind, at: places.clock.utc(), millis, clock_offset, found };
    (!progress.cancelled.load(Ordering::Relaxed)).then_some(report)
}

/// A test as the window shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestView {
    /// Which service.
    pub service: ServiceKind,
    /// What it is doing.
    pub phase: TestPhase,
}

/// Shared list of services.
pub type Services = Arc<Vec<ServiceView>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Effective;

    fn config(text: &str) -> Config {
        Effective::from_layers(Some(text), &[]).expect("valid").config
    }

    #[test]
    fn every_setting_offered_is_one_of_the_configuration() {
        for kind in ServiceKind::ALL {
            for spec in settings_of(kind) {
                let value = match (spec.secret, spec.key) {
                    (true, _) => "env:CANARY",
                    (_, "endpoint.prefix") => "/canary",
                    _ => "https://canary.example",
                };
                let key = format!("services.{}.{}", kind.name(), spec.key);
                let text = crate::config::with_changes("", &[Change::set(&key, value)]).expect("a change");
                assert_eq!(value_of(kind, spec.key, &config(&text).services), value, "{key}");
            }
        }
    }

    #[test]
    fn where_a_secret_is_said_without_the_secret() {
        let text =
            "[services.uqudo.endpoint]\nbase_url = 'https://id.example'\n[services.uqudo.endpoint.token]\nsecret = 'keyring:uqudo'\n";
        let view = ServiceView::new(ServiceKind::Uqudo, &config(text), None);
        assert_eq!(view.credentials, [(TOKEN_SECRET, CredentialSource::KeyStore("uqudo".into()))]);
        let text = format!("{text}source = 'broker'\nbroker_url = 'https://broker.example/token'\n");
        let view = ServiceView::new(ServiceKind::Uqudo, &config(&text), None);
        assert_eq!(view.credentials, [(TOKEN_SECRET, CredentialSource::Broker("https://broker.example/token".into()))]);
        assert!(!view.delivers && view.is_configured());
    }

    #[test]
    fn a_draft_never_replaces_a_secret_in_use() {
        let order = ServiceOrder {
            changes: vec![
                Change::set("services.baf.private_key", "keyring:baf"),
                Change::set("services.uqudo.endpoint.token.secret", "keyring:uqudo"),
            ],
            secrets: vec![("baf".into(), SensitiveText("s".into()))],
        };
        let draft = order.as_draft();
        assert_eq!(draft.changes[0], Change::set("services.baf.private_key", "keyring:draft-baf"));
        assert_eq!(draft.changes[1], order.changes[1], "a secret that is not typed again is the one in use");
        assert_eq!(draft.secrets[0].0, "draft-baf");
    }
}
