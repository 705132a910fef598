//! AwareID and Knomi: 95 operations in seven services behind one host.
//!
//! # What delivery can promise
//!
//! `register_user` takes a user name of ours, the registration code, which is unique here and never given twice. Afterwards the service
//! can be asked whether that user name is in its gallery, and under which registration code of its own. So delivery is exactly once by
//! look-up. `enroll` answers a known user name with `userExistsAlready`: the same look-up. A deletion goes by the service's registration
//! code, and a second one is refused as unknown: exactly once.
//!
//! Each try to add or compare a living face counts against the person, so such calls are never repeated by themselves.

pub mod admin;
pub mod authentication;
pub mod device_key;
pub mod document;
pub mod enrolment;
pub mod envelope;
mod errors;
pub mod face;
pub mod gallery;
pub mod operations;
mod packages;
mod port;
pub mod shared;

pub use errors::{KNOMI_CODES, PLATFORM_CODES, classify};

use super::operation::Operation;
use super::session::Session;
use super::typed::Typed;
use super::{Surroundings, secrets};
use crate::config::{AwareIdConfig, ServicesConfig};
use crate::ports::services::{ServiceError, ServiceKind};
use device_key::DeviceKey;
use envelope::Sealer;

/// Client of AwareID.
pub struct AwareId {
    session: Session,
    config: AwareIdConfig,
    sealer: Option<Sealer>,
    device_key: Option<DeviceKey>,
    walk: Option<port::Walk>,
}

impl AwareId {
    /// Prepares the client; nothing is contacted.
    ///
    /// # Errors
    /// `Misconfigured` or `NotAllowed`.
    pub fn new(config: &ServicesConfig, surroundings: Surroundings) -> Result<Self, ServiceError> {
        Ok(Self { session: session(config, surroundings)?, config: config.awareid.clone(), sealer: None, device_key: None, walk: None })
    }

    fn operation(number: u16) -> &'static Operation {
        let listed = operations::OPERATIONS.get(usize::from(number).wrapping_sub(1)).filter(|o| o.number == number);
        let other = || operations::SUPPORTING.iter().find(|o| o.number == number);
        listed.or_else(other).expect("every declared function has its operation")
    }
}

/// Types of all operations.
pub(super) fn typed() -> impl Iterator<Item = &'static Typed> {
    [face::TYPED, document::TYPED, enrolment::TYPED, authentication::TYPED, gallery::TYPED, admin::TYPED].into_iter().flatten()
}

fn session(config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    let aware = &config.awareid;
    let address = aware.endpoint.token.address.replace("{realm}", &aware.realm);
    let api_key = if aware.api_key.is_empty() {
        None
    } else {
        Some(secrets::resolve(ServiceKind::AwareId, &aware.api_key, surroundings.secrets.as_ref())?)
    };
    let mut session = Session::new(ServiceKind::AwareId, &config.http, &aware.endpoint, &address, classify, surroundings)?;
    if let Some(key) = api_key {
        session.header(&aware.api_key_header, key);
    }
    session.expired_texts(aware.token_expired_texts.clone());
    Ok(session)
}

pub(super) fn session_for(_: &Operation, config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    session(config, surroundings)
}
