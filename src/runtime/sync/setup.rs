//! What delivery is made of: services, delays and limits from the configuration, and the places of this machine.

use super::{FreeSpace, SyncParts, Target};
use crate::adapters::services::secrets::SecretBox;
use crate::adapters::services::{self, Surroundings};
use crate::config::{Config, ServicesConfig, SyncConfig};
use crate::ports::gallery::GalleryError;
use crate::ports::keys::KeyStoreError;
use crate::ports::outbox::Outbox;
use crate::ports::services::{IdentityService, ServiceError, ServiceFault, ServiceKind};
use crate::runtime::clock::Clock;
use crate::workflow::sync::Rules;
use crate::workflow::sync::lane::LaneLimits;
use crate::workflow::sync::stops::StopLimits;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longest pause a service may ask for; after it, it is asked again.
const LONGEST_REQUEST: Duration = Duration::from_secs(6 * 3600);
/// A gallery that is being created by another thread of a first start is there after a moment.
const OPENING_TRIES: u32 = 40;
const OPENING_PAUSE: Duration = Duration::from_millis(100);

/// Opens the place of `keyring:` references; may take its time.
pub type SecretsOpener = Arc<dyn Fn() -> Result<SecretBox, KeyStoreError> + Send + Sync>;
/// Opens the outbox of the practice gallery (`true`) or the real one.
pub type OutboxPlace = Arc<dyn Fn(bool) -> Result<Box<dyn Outbox>, GalleryError> + Send + Sync>;

/// Where things are on this machine.
#[derive(Clone)]
pub struct Places {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Secrets of services.
    pub secrets: SecretsOpener,
    /// The outbox.
    pub open_outbox: OutboxPlace,
    /// Data folder, in which a lock says who delivers.
    pub folder: PathBuf,
    /// Free space there.
    pub free_space: FreeSpace,
}

impl std::fmt::Debug for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Places({})", self.folder.display())
    }
}

impl Places {
    /// What clients of services need. The key store is opened only where the configuration names it.
    ///
    /// # Errors
    /// [`KeyStoreError`] when it cannot be.
    pub fn surroundings(&self, config: &ServicesConfig) -> Result<Surroundings, KeyStoreError> {
        let secrets = if config.uses_key_store() { Some((self.secrets)()?) } else { None };
        let (utc, elapsed) = (Arc::clone(&self.clock), Arc::clone(&self.clock));
        Ok(Surroundings { utc: Arc::new(move || utc.utc()), elapsed: Arc::new(move || elapsed.now().0), secrets })
    }

    /// A client of one service; nothing is contacted yet.
    ///
    /// # Errors
    /// [`ServiceError`], also where the key store cannot be opened.
    pub fn connect(&self, kind: ServiceKind, config: &ServicesConfig) -> Result<Box<dyn IdentityService>, ServiceError> {
        let unopened = |error: KeyStoreError| ServiceError::unsent(kind, ServiceFault::Misconfigured, error.to_string());
        services::connect(kind, config, self.surroundings(config).map_err(unopened)?)
    }

    /// The services that records are delivered to.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn targets(&self, config: &Config) -> Result<Vec<Target>, KeyStoreError> {
        let sync = &config.sync;
        let limits = LaneLimits {
            at_once: sync.at_once,
            per_second: (sync.per_second > 0.0).then_some(sync.per_second),
            longest_request: LONGEST_REQUEST,
        };
        let target = |kind: ServiceKind| -> Result<Target, KeyStoreError> {
            let (services, surroundings) = (config.services.clone(), self.surroundings(&config.services)?);
            let practice = services::endpoint(kind, &services).practice;
            let loopback = services::is_on_this_machine(kind, &services);
            let evidence = match kind {
                ServiceKind::AwareId => services.awareid_wants_evidence(),
                ServiceKind::Onboarding => services.onboarding_wants_evidence(),
                ServiceKind::Uqudo | ServiceKind::Faceki | ServiceKind::Baf => false,
            };
            let guarantee = services::enrol_guarantee(kind, &services);
            let connect = move || services::connect(kind, &services, surroundings.clone());
            Ok(Target { kind, practice, loopback, limits, evidence, guarantee, connect: Box::new(connect) })
        };
        named(sync).map(target).collect()
    }

    /// The file whose lock says who delivers.
    #[must_use]
    pub fn turn(&self, practice: bool) -> PathBuf {
        self.folder.join(if practice { "practice.turn" } else { "gallery.turn" })
    }

    /// What delivery of one gallery is built from.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn sync_parts(&self, config: &Config, practice: bool) -> Result<SyncParts, KeyStoreError> {
        let (open, clock) = (Arc::clone(&self.open_outbox), Arc::clone(&self.clock));
        let open_patiently = move || {
            let mut opened = open(practice);
            for _ in 0..OPENING_TRIES {
                if !matches!(opened, Err(GalleryError::Locked)) {
                    break;
                }
                clock.sleep(OPENING_PAUSE);
                opened = open(practice);
            }
            opened
        };
        Ok(SyncParts {
            clock: Arc::clone(&self.clock),
            practice,
            targets: self.targets(config)?,
            open_outbox: Box::new(open_patiently),
            turn: self.turn(practice),
            rules: rules(&config.sync),
            stop_limits: stop_limits(&config.sync),
            every: Duration::from_secs(u64::from(config.sync.every_minutes) * 60),
            schedule: config.sync.schedule(),
            free_space: Arc::clone(&self.free_space),
            chance: Box::new(rand::random),
        })
    }
}

fn named(sync: &SyncConfig) -> impl Iterator<Item = ServiceKind> + '_ {
    sync.services.iter().filter_map(|name| ServiceKind::from_name(name))
}

/// Services that records of the practice gallery (`practice`) or of the real one are delivered to, as [`Target::takes`] says.
#[must_use]
pub fn takers(config: &Config, practice: bool) -> Vec<ServiceKind> {
    named(&config.sync).filter(|kind| eligible(*kind, &config.services, practice)).collect()
}

/// Whether anything about practice people (`practice`), or about real ones, may go to a service.
#[must_use]
pub fn eligible(kind: ServiceKind, config: &ServicesConfig, practice: bool) -> bool {
    let marked = services::endpoint(kind, config).practice;
    if practice { marked && services::is_on_this_machine(kind, config) } else { !marked }
}

/// Delays and limits from the configuration.
#[must_use]
pub fn rules(config: &SyncConfig) -> Rules {
    Rules {
        max_tries: config.max_tries,
        max_doubts: config.max_tries.saturating_mul(4),
        first_delay: Duration::from_secs(config.first_delay_seconds.into()),
        longest_delay: Duration::from_secs(u64::from(config.longest_delay_minutes) * 60),
        look_up_after: Duration::from_secs(config.look_up_after_seconds.into()),
    }
}

/// When nobody more should be enrolled, from the configuration.
#[must_use]
pub const fn stop_limits(config: &SyncConfig) -> StopLimits {
    StopLimits {
        max_waiting: config.max_waiting,
        max_days_offline: config.max_days_offline,
        min_free_bytes: config.min_free_megabytes.saturating_mul(1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Effective;

    #[test]
    fn practice_records_go_to_marked_services_on_this_machine_only() {
        let text = "[sync]\nservices = ['baf', 'uqudo', 'faceki']\n\
                    [services.baf.endpoint]\nbase_url = 'http://127.0.0.1:9'\npractice = true\n\
                    [services.uqudo.endpoint]\nbase_url = 'https://id.example'\npractice = true\n\
                    [services.faceki.endpoint]\nbase_url = 'https://sdk.example'\n";
        let config = Effective::from_layers(Some(text), &[]).expect("valid").config;
        assert_eq!(takers(&config, true), [ServiceKind::Baf]);
        assert_eq!(takers(&config, false), [ServiceKind::Faceki]);
    }
}
