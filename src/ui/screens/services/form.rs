//! A service being set up: its settings as typed, where its secrets are to be, and the order that keeps them.

use crate::config::Change;
use crate::ports::services::ServiceKind;
use crate::runtime::services::{CredentialSource, ServiceOrder, ServiceView, SettingSpec, TOKEN_SECRET, settings_of};
use crate::units::SensitiveText;

/// Where a secret is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of CredentialSource")]
pub enum Place {
    KeyStore,
    Environment,
    File,
    Broker,
}

impl Place {
    /// Those a setting offers, in order: only a token can come from a broker.
    #[must_use]
    pub fn offered(spec: &SettingSpec) -> &'static [Self] {
        if spec.key == TOKEN_SECRET {
            &[Self::KeyStore, Self::Environment, Self::File, Self::Broker]
        } else {
            &[Self::KeyStore, Self::Environment, Self::File]
        }
    }

    /// Locale key of its name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::KeyStore => "place-keystore",
            Self::Environment => "place-env",
            Self::File => "place-file",
            Self::Broker => "place-broker",
        }
    }
}

/// A secret as the form has it.
#[derive(Debug, Clone, PartialEq)]
pub struct SecretDraft {
    /// Which setting.
    pub spec: SettingSpec,
    /// Where it is to be.
    pub place: Place,
    /// Variable, path or address; unused for the key store.
    pub name: String,
    /// Typed for the key store; empty keeps the one that is there.
    pub typed: SensitiveText,
    /// Name it has in the key store, where it is there already.
    pub kept_as: Option<String>,
}

impl SecretDraft {
    fn new(spec: SettingSpec, source: &CredentialSource) -> Self {
        let (place, name, kept_as) = match source.clone() {
            CredentialSource::Missing => (Place::KeyStore, String::new(), None),
            CredentialSource::KeyStore(name) => (Place::KeyStore, String::new(), Some(name)),
            CredentialSource::Environment(name) => (Place::Environment, name, None),
            CredentialSource::File(path) => (Place::File, path, None),
            CredentialSource::Broker(address) => (Place::Broker, address, None),
        };
        Self { spec, place, name, typed: SensitiveText::default(), kept_as }
    }

    fn is_given(&self) -> bool {
        match self.place {
            Place::KeyStore => self.kept_as.is_some() || !self.typed.0.is_empty(),
            _ => !self.name.trim().is_empty(),
        }
    }
}

/// The form.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceForm {
    /// Which service.
    pub service: ServiceKind,
    /// Settings that are no secrets, as typed.
    pub values: Vec<(SettingSpec, String)>,
    /// Secrets.
    pub secrets: Vec<SecretDraft>,
    /// Whether it takes practice records, and only those.
    pub practice: bool,
    /// Whether enrolments are to be delivered there.
    pub delivers: bool,
    /// Whether the seldom changed settings are shown.
    pub more: bool,
    was: ServiceView,
}

impl ServiceForm {
    /// A form with what is configured.
    #[must_use]
    pub fn new(view: &ServiceView) -> Self {
        let mut form = Self {
            service: view.service,
            values: Vec::new(),
            secrets: Vec::new(),
            practice: view.practice,
            delivers: view.delivers,
            more: false,
            was: view.clone(),
        };
        for spec in settings_of(view.service) {
            if spec.secret {
                let source = view.credentials.iter().find(|(key, _)| *key == spec.key).map(|(_, source)| source);
                form.secrets.push(SecretDraft::new(*spec, source.unwrap_or(&CredentialSource::Missing)));
            } else {
                let value = view.settings.iter().find(|(key, _)| *key == spec.key).map(|(_, value)| value.clone());
                form.values.push((*spec, value.unwrap_or_default()));
            }
        }
        form
    }

    /// Locale key of what is still missing.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        let empty = self.values.iter().find(|(spec, value)| spec.required && value.trim().is_empty());
        match empty {
            Some((spec, _)) if spec.key == "endpoint.base_url" => Some("services-missing-address"),
            Some(_) => Some("services-missing-setting"),
            None if self.secrets.iter().any(|secret| !secret.is_given()) => Some("services-missing-secret"),
            None => None,
        }
    }

    fn key(&self, below: &str) -> String {
        format!("services.{}.{below}", self.service.name())
    }

    /// The order that keeps what was typed. `delivering` are the services that enrolments are delivered to now.
    #[must_use]
    pub fn order(&self, delivering: &[ServiceKind]) -> ServiceOrder {
        let mut order = ServiceOrder::default();
        let before = |key: &str| self.was.settings.iter().find(|(known, _)| *known == key).map_or("", |(_, value)| value.as_str());
        for (spec, value) in &self.values {
            let value = value.trim();
            if value != before(spec.key) {
                order.changes.push(Change::set(&self.key(spec.key), value));
            }
        }
        for secret in &self.secrets {
            self.order_secret(secret, before(secret.spec.key), &mut order);
        }
        if self.practice != self.was.practice {
            order.changes.push(Change::set(&self.key("endpoint.practice"), self.practice));
        }
        if self.delivers != self.was.delivers {
            let kept = delivering.iter().filter(|kind| **kind != self.service).copied();
            order.changes.push(deliver_to(kept.chain(self.delivers.then_some(self.service))));
        }
        order
    }

    fn order_secret(&self, secret: &SecretDraft, before: &str, order: &mut ServiceOrder) {
        let was_brokered = self.was.credentials.iter().any(|(key, s)| *key == secret.spec.key && matches!(s, CredentialSource::Broker(_)));
        if secret.place == Place::Broker {
            let address = secret.name.trim();
            order.changes.push(Change::set(&self.key("endpoint.token.source"), "broker"));
            order.changes.push(Change::set(&self.key("endpoint.token.broker_url"), address));
            return;
        }
        if was_brokered {
            order.changes.push(Change::unset(&self.key("endpoint.token.source")));
        }
        let reference = match secret.place {
            Place::Environment => format!("env:{}", secret.name.trim()),
            Place::File => format!("file:{}", secret.name.trim()),
            Place::KeyStore | Place::Broker => {
                let name = secret.kept_as.clone().unwrap_or_else(|| self.own_name(secret));
                if !secret.typed.0.is_empty() {
                    order.secrets.push((name.clone(), secret.typed.clone()));
                }
                format!("keyring:{name}")
            }
        };
        if reference != before || was_brokered {
            order.changes.push(Change::set(&self.key(secret.spec.key), reference));
        }
    }

    /// Name of a new secret in the key store.
    fn own_name(&self, secret: &SecretDraft) -> String {
        let leaf = secret.spec.key.rsplit('.').next().unwrap_or_default().replace('_', "-");
        format!("{}-{leaf}", self.service.name())
    }
}

/// The change that has enrolments delivered to these services.
#[must_use]
pub fn deliver_to(services: impl Iterator<Item = ServiceKind>) -> Change {
    let names: Vec<toml::Value> = services.map(|kind| toml::Value::from(kind.name())).collect();
    Change::set("sync.services", toml::Value::Array(names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::sync_fixtures;

    fn value<'a>(form: &'a mut ServiceForm, key: &str) -> &'a mut String {
        form.values.iter_mut().find(|(spec, _)| spec.key == key).map(|(_, value)| value).expect("a setting")
    }

    #[test]
    fn a_new_service_gives_one_order_with_its_secret_by_reference() {
        let view = sync_fixtures::service(ServiceKind::Uqudo, false);
        let mut form = ServiceForm::new(&view);
        assert_eq!(form.missing(), Some("services-missing-address"));
        *value(&mut form, "endpoint.base_url") = " https://id.example ".into();
        *value(&mut form, "endpoint.token.client_id") = "branch-12".into();
        assert_eq!(form.missing(), Some("services-missing-secret"));
        form.secrets[0].typed = SensitiveText("hunter2".into());
        form.delivers = true;
        assert_eq!(form.missing(), None);
        let order = form.order(&[ServiceKind::Baf]);
        let expected = [
            Change::set("services.uqudo.endpoint.base_url", "https://id.example"),
            Change::set("services.uqudo.endpoint.token.client_id", "branch-12"),
            Change::set("services.uqudo.endpoint.token.secret", "keyring:uqudo-secret"),
            deliver_to([ServiceKind::Baf, ServiceKind::Uqudo].into_iter()),
        ];
        assert_eq!(order.changes, expected);
        assert_eq!(order.secrets, [("uqudo-secret".to_owned(), SensitiveText("hunter2".into()))]);
        assert!(!format!("{form:?} {order:?}").contains("hunter2"), "a secret is never printed");
    }

    #[test]
    fn a_broker_takes_the_secrets_place_and_gives_it_back() {
        let view = sync_fixtures::service(ServiceKind::Faceki, true);
        let mut form = ServiceForm::new(&view);
        assert!(form.order(&[]).changes.is_empty(), "nothing was changed: {:?}", form.order(&[]));
        form.secrets[0].place = Place::Broker;
        form.secrets[0].name = "https://broker.example/token".into();
        let order = form.order(&[]);
        assert_eq!(order.changes[0], Change::set("services.faceki.endpoint.token.source", "broker"));
        let brokered = ServiceView { credentials: vec![(TOKEN_SECRET, CredentialSource::Broker("https://b.example".into()))], ..view };
        let mut form = ServiceForm::new(&brokered);
        form.secrets[0].place = Place::Environment;
        form.secrets[0].name = "FACEKI_SECRET".into();
        let order = form.order(&[]);
        assert_eq!(order.changes[0], Change::unset("services.faceki.endpoint.token.source"));
        assert_eq!(order.changes[1], Change::set("services.faceki.endpoint.token.secret", "env:FACEKI_SECRET"));
    }
}
