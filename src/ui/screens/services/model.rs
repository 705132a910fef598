//! What the services screen knows: the services as configured, what tests found, the form that is open.

use super::form::ServiceForm;
use crate::ports::services::ServiceKind;
use crate::runtime::messages::{Command, Notice, SyncView};
use crate::runtime::services::{CredentialSource, ServiceView, Services, TestReport};
use crate::ui::strings::Words;
use crate::ui::widgets::card::Tone;
use crate::units::UtcTime;
use lucide_icons::Icon;
use std::collections::HashMap;
use std::sync::Arc;

/// The screen's state.
#[derive(Debug, Clone, Default)]
pub struct ServicesModel {
    /// Services, once they arrive.
    pub services: Option<Services>,
    /// What the last test of each found.
    pub reports: HashMap<ServiceKind, Arc<TestReport>>,
    /// The form that is open.
    pub form: Option<ServiceForm>,
    /// Whether the form was sent off, and closes when it is kept.
    pub saving: bool,
    asked: bool,
}

impl ServicesModel {
    /// Commands for what is not here yet.
    pub fn needed(&mut self) -> Vec<Command> {
        if std::mem::replace(&mut self.asked, true) { Vec::new() } else { vec![Command::ListServices] }
    }

    /// Takes an answer.
    pub fn receive(&mut self, notice: &Notice) {
        match notice {
            Notice::Services(services) => self.services = Some(Arc::clone(services)),
            Notice::ServiceTested(report) => _ = self.reports.insert(report.service, Arc::clone(report)),
            Notice::SettingsKept => {
                self.asked = false;
                if std::mem::take(&mut self.saving) {
                    self.form = None;
                }
            }
            // What was typed stays.
            Notice::Failed(..) => self.saving = false,
            _ => {}
        }
    }

    /// Opens the form of a service.
    pub fn edit(&mut self, service: ServiceKind) {
        let view = self.services.as_ref().and_then(|all| all.iter().find(|view| view.service == service));
        self.form = view.map(ServiceForm::new);
        self.saving = false;
        if self.form.is_some() {
            self.reports.remove(&service);
        }
    }
}

/// What a service is used for, as its chip says.
#[must_use]
pub const fn use_of(view: &ServiceView) -> (Tone, Icon, &'static str) {
    match (view.is_configured(), view.delivers, view.practice) {
        (false, _, _) => (Tone::Neutral, Icon::Unplug, "services-unused"),
        (true, true, true) => (Tone::Accent, Icon::CloudUpload, "services-delivers-practice"),
        (true, true, false) => (Tone::Positive, Icon::CloudUpload, "services-delivers"),
        (true, false, _) => (Tone::Neutral, Icon::Plug, "services-ready"),
    }
}

/// Where a secret is, in words; never the secret.
#[must_use]
pub fn credential(words: &Words, source: &CredentialSource) -> (Tone, Icon, String) {
    match source {
        CredentialSource::Missing => (Tone::Caution, Icon::TriangleAlert, words.t("credential-missing")),
        CredentialSource::KeyStore(name) => (Tone::Neutral, Icon::KeyRound, words.with("credential-keystore", &[("name", name)])),
        CredentialSource::Environment(name) => (Tone::Neutral, Icon::SquareTerminal, words.with("credential-env", &[("name", name)])),
        CredentialSource::File(path) => (Tone::Neutral, Icon::FileText, words.with("credential-file", &[("name", path)])),
        CredentialSource::Broker(address) => (Tone::Neutral, Icon::Landmark, words.with("credential-broker", &[("name", address)])),
    }
}

/// When a service last answered: deliveries and tests count.
#[must_use]
pub fn last_contact(view: &ServiceView, sync: Option<&SyncView>, report: Option<&TestReport>) -> Option<UtcTime> {
    let delivered =
        sync.and_then(|sync| sync.summary.services.iter().find(|s| s.service == Some(view.service))).and_then(|s| s.last_contact);
    delivered.into_iter().chain(report.filter(|report| report.found.is_ok()).map(|report| report.at)).max()
}
