//! Clients of the identity services: every operation of every service, typed, and the small port on top that the flows use.
//!
//! | service    | enrolments are delivered                             | deletions                                            |
//! |------------|------------------------------------------------------|------------------------------------------------------|
//! | awareid    | exactly once by look-up: our code is the user name   | exactly once: a second one is refused as unknown     |
//! | uqudo      | exactly once by look-up: a search finds the face     | exactly once; the person stays matchable             |
//! | faceki     | exactly once by look-up (a paid search), else at most once | not offered                                    |
//! | baf        | exactly once by key: the applicant is registered once | not offered                                         |
//! | onboarding | at most once: neither a key nor a look-up            | not offered                                          |
//!
//! The reasoning stands at the head of each service's module. Whatever public material leaves open is a value of the configuration.

pub mod awareid;
pub mod baf;
pub mod call;
pub mod faceki;
pub mod limits;
pub mod onboarding;
pub mod operation;
mod plain;
pub mod post;
pub mod recording;
pub mod secrets;
pub mod session;
mod token;
pub mod transport;
pub mod typed;
pub mod uqudo;
pub mod wire;

use crate::config::{EndpointConfig, PictureLimits, ServicesConfig};
use crate::ports::services::{Guarantee, IdentityService, ServiceError, ServiceKind};
use crate::units::UtcTime;
use operation::Operation;
use secrets::SecretBox;
use session::Session;
use std::sync::Arc;
use std::time::Duration;
use typed::Typed;

/// What every client needs from outside.
#[derive(Clone)]
pub struct Surroundings {
    /// Wall-clock time, for stamps on frames and for the services' dates.
    pub utc: Arc<dyn Fn() -> UtcTime + Send + Sync>,
    /// Monotonic time, for the life of tokens and for durations.
    pub elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
    /// Where `keyring:` references and device keys are; `None` when the key store is not open.
    pub secrets: Option<SecretBox>,
}

/// The client of one service.
///
/// # Errors
/// `Misconfigured` when the service has no address or a setting is unusable.
pub fn connect(kind: ServiceKind, config: &ServicesConfig, surroundings: Surroundings) -> Result<Box<dyn IdentityService>, ServiceError> {
    Ok(match kind {
        ServiceKind::AwareId => Box::new(awareid::AwareId::new(config, surroundings)?),
        ServiceKind::Uqudo => Box::new(uqudo::Uqudo::new(config, surroundings)?),
        ServiceKind::Faceki => Box::new(faceki::Faceki::new(config, surroundings)?),
        ServiceKind::Baf => Box::new(baf::Baf::new(config, surroundings)?),
        ServiceKind::Onboarding => Box::new(onboarding::Onboarding::new(config, surroundings)?),
    })
}

/// Whether an address is configured.
#[must_use]
pub const fn is_configured(kind: ServiceKind, config: &ServicesConfig) -> bool {
    !endpoint(kind, config).base_url.is_empty()
}

/// Where a service is, as configured.
#[must_use]
pub const fn endpoint(kind: ServiceKind, config: &ServicesConfig) -> &EndpointConfig {
    match kind {
        ServiceKind::AwareId => &config.awareid.endpoint,
        ServiceKind::Uqudo => &config.uqudo.endpoint,
        ServiceKind::Faceki => &config.faceki.endpoint,
        ServiceKind::Baf => &config.baf.endpoint,
        ServiceKind::Onboarding => &config.onboarding.endpoint,
    }
}

/// What delivery of enrolments promises at a service, as configured; its client's capabilities say the same.
#[must_use]
pub const fn enrol_guarantee(kind: ServiceKind, config: &ServicesConfig) -> Guarantee {
    match kind {
        ServiceKind::Baf => Guarantee::ExactlyOnceByKey,
        ServiceKind::Faceki if !config.faceki.reconcile_by_search => Guarantee::AtMostOnce,
        ServiceKind::AwareId | ServiceKind::Uqudo | ServiceKind::Faceki => Guarantee::ExactlyOnceByLookUp,
        ServiceKind::Onboarding => Guarantee::AtMostOnce,
    }
}

/// Pictures a service takes, as configured.
#[must_use]
pub const fn pictures(kind: ServiceKind, config: &ServicesConfig) -> PictureLimits {
    match kind {
        ServiceKind::AwareId => config.awareid.pictures,
        ServiceKind::Uqudo => config.uqudo.pictures,
        ServiceKind::Faceki => config.faceki.pictures,
        ServiceKind::Baf => config.baf.pictures,
        ServiceKind::Onboarding => config.onboarding.pictures,
    }
}

/// Whether a service's calls stay on this machine: its address is a loopback one, and no proxy stands in between.
#[must_use]
pub fn is_on_this_machine(kind: ServiceKind, config: &ServicesConfig) -> bool {
    config.http.proxy.is_empty() && transport::is_local(&endpoint(kind, config).base_url)
}

/// Every numbered operation of a service, in order.
#[must_use]
pub const fn operations(kind: ServiceKind) -> &'static [Operation] {
    match kind {
        ServiceKind::AwareId => awareid::operations::OPERATIONS,
        ServiceKind::Uqudo => uqudo::operations::OPERATIONS,
        ServiceKind::Faceki => faceki::operations::OPERATIONS,
        ServiceKind::Baf => baf::operations::OPERATIONS,
        ServiceKind::Onboarding => onboarding::operations::OPERATIONS,
    }
}

/// Operations around the numbered ones: what must be called before or after them.
#[must_use]
pub const fn supporting(kind: ServiceKind) -> &'static [Operation] {
    match kind {
        ServiceKind::AwareId => awareid::operations::SUPPORTING,
        ServiceKind::Baf => baf::operations::SUPPORTING,
        ServiceKind::Onboarding => onboarding::operations::SUPPORTING,
        ServiceKind::Uqudo | ServiceKind::Faceki => &[],
    }
}

/// The operation of that name or number.
#[must_use]
pub fn find(kind: ServiceKind, name_or_number: &str) -> Option<&'static Operation> {
    let all = operations(kind).iter().chain(supporting(kind));
    let number = name_or_number.parse::<u16>().ok();
    all.into_iter().find(|o| o.name == name_or_number || Some(o.number) == number)
}

/// Types of every operation that can be called.
#[must_use]
pub fn typed(kind: ServiceKind) -> Vec<&'static Typed> {
    match kind {
        ServiceKind::AwareId => awareid::typed().collect(),
        ServiceKind::Uqudo => uqudo::FORMS.iter().chain(uqudo::TYPED).collect(),
        ServiceKind::Faceki => faceki::TYPED.iter().collect(),
        ServiceKind::Baf => baf::TYPED.iter().collect(),
        ServiceKind::Onboarding => onboarding::TYPED.iter().collect(),
    }
}

/// A session in which `operation` can be called.
fn session_for(operation: &Operation, config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    match operation.service {
        ServiceKind::AwareId => awareid::session_for(operation, config, surroundings),
        ServiceKind::Uqudo => uqudo::session_for(operation, config, surroundings),
        ServiceKind::Faceki => faceki::session_for(operation, config, surroundings),
        ServiceKind::Baf => baf::session_for(operation, config, surroundings),
        ServiceKind::Onboarding => onboarding::session_for(operation, config, surroundings),
    }
}
