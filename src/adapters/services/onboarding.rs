//! Onboarding BiometricTest (eNROLL): a selfie is uploaded and approved inside a session that its token carries.
//!
//! # What delivery can promise
//!
//! The person and the request are inside the token; none of the calls takes an identifier of ours, and none tells what became of an
//! earlier one. So delivery is at most once: a lost reply leaves the outcome unknown. Every enrolment starts with a token of its own. The
//! document step, which the selfie is matched with, comes first, from the record's own pictures or by the tenant's own means (`document`). A
//! request that got no further than that is nobody yet: it can be left lying, and the enrolment starts anew. While the session lives a lost
//! reply is made good in it; what a process leaves half done when it ends stays unknown.

mod errors;
pub mod operations;
mod port;
mod wire;

pub use errors::classify;
pub use wire::*;

use super::Surroundings;
use super::operation::{Impact, Operation};
use super::session::Session;
use super::typed::calls;
use super::wire::Anything;
use crate::config::{OnboardingConfig, ServicesConfig};
use crate::ports::services::{ServiceError, ServiceKind};

/// Client of Onboarding BiometricTest.
pub struct Onboarding {
    session: Session,
    config: OnboardingConfig,
}

impl Onboarding {
    /// Prepares the client; nothing is contacted.
    ///
    /// # Errors
    /// `Misconfigured` or `NotAllowed`.
    pub fn new(config: &ServicesConfig, surroundings: Surroundings) -> Result<Self, ServiceError> {
        Ok(Self { session: session(config, surroundings)?, config: config.onboarding.clone() })
    }

    fn operation(number: u16) -> &'static Operation {
        let all = operations::OPERATIONS.iter().chain(operations::SUPPORTING);
        all.into_iter().find(|o| o.number == number).expect("every declared function has its operation")
    }

    /// Both pictures kept there, where the configuration allows the deprecated reads.
    fn deprecated_reads_allowed(&self) -> Result<(), ServiceError> {
        if self.config.allow_deprecated {
            return Ok(());
        }
        Err(ServiceError::not_offered(ServiceKind::Onboarding, "a deprecated read (see services.onboarding.allow_deprecated)"))
    }

    /// The uploaded selfie; deprecated by the service.
    ///
    /// # Errors
    /// `NotOffered` unless `allow_deprecated` is set, and what the call answers.
    pub fn selfie_image(&mut self) -> Result<StoredPicture, ServiceError> {
        self.deprecated_reads_allowed()?;
        self.get_selfie_image()
    }

    /// The portrait of the document; deprecated by the service.
    ///
    /// # Errors
    /// As [`Self::selfie_image`].
    pub fn document_portrait_image(&mut self) -> Result<StoredPicture, ServiceError> {
        self.deprecated_reads_allowed()?;
        self.get_document_portrait_image()
    }
}

calls! {
    Onboarding;
    /// Uploads the selfie, which is matched with the document's picture and tested for liveness.
    1 upload_selfie_image(UploadSelfie) -> UploadReply;
    /// Confirms the last uploaded test of this session.
    2 approve(Empty) -> ApproveReply;
    /// The uploaded selfie; see [`Onboarding::selfie_image`].
    3 get_selfie_image() -> StoredPicture;
    /// The document's portrait; see [`Onboarding::document_portrait_image`].
    4 get_document_portrait_image() -> StoredPicture;
    /// Steps the tenant chose.
    102 steps_configuration() -> Anything;
    /// Begins a request.
    103 initialize_request(super::wire::Open) -> Anything;
    /// Chooses national identity card (`true`) or passport (`false`).
    104 select_document[is_national_id](Empty) -> Anything;
    /// Front of the national identity card.
    105 upload_national_id_front(super::wire::Open) -> Anything;
    /// Back of the national identity card.
    106 upload_national_id_back(super::wire::Open) -> Anything;
    /// Page of the passport.
    107 upload_passport(super::wire::Open) -> Anything;
    /// Confirms the passport.
    108 approve_passport(super::wire::Open) -> Anything;
    /// The applicant's identifier, after completion.
    109 applicant_id() -> Anything;
}

fn session(config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    let endpoint = &config.onboarding.endpoint;
    let mut session = Session::new(ServiceKind::Onboarding, &config.http, endpoint, &endpoint.token.address, classify, surroundings)?;
    if !config.onboarding.language.is_empty() {
        session.header("Accept-Language", config.onboarding.language.as_str().into());
    }
    Ok(session)
}

pub(super) fn session_for(operation: &Operation, config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    if matches!(operation.number, 3 | 4) && !config.onboarding.allow_deprecated && operation.impact == Impact::Reads {
        return Err(ServiceError::not_offered(ServiceKind::Onboarding, "a deprecated read (see services.onboarding.allow_deprecated)"));
    }
    session(config, surroundings)
}
