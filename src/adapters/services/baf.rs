//! 3DiVi BAF: one public call that registers or authorises an applicant, and the private calls around it.
//!
//! # What delivery can promise
//!
//! An applicant is registered once: a repetition on a finished applicant is refused with 120036. So the applicant's identifier is the
//! key, and delivery is exactly once wherever it is known before the registration is sent.
//! [`prepare`](crate::ports::services::IdentityService::prepare) creates the applicant first (without anything about the person) and hands back the identifier to be stored; a crash between the two leaves an
//! empty applicant, never a second person. The service offers no deletion and no look-up.
//!
//! # People who enrol again
//!
//! A person keeps their applicant, and nothing replaces the face that was registered first: a later enrolment is answered as done (120036), or,
//! with a face alone, compared with the registered one. It counts as delivered, because the service will never hold more.

mod errors;
pub mod operations;
mod port;
mod wire;

pub use errors::{CODES, classify};
pub use wire::*;

use super::operation::{Impact, Operation};
use super::session::{Extras, Session};
use super::typed::calls;
use super::wire::{Anything, Private};
use super::{Surroundings, secrets};
use crate::config::{BafConfig, ServicesConfig, TokenSource};
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};

/// Client of BAF. Public calls and private calls show different keys.
pub struct Baf {
    session: Session,
    private: Option<Session>,
    config: BafConfig,
}

impl Baf {
    /// Prepares the client; nothing is contacted.
    ///
    /// # Errors
    /// `Misconfigured` or `NotAllowed`.
    pub fn new(config: &ServicesConfig, surroundings: Surroundings) -> Result<Self, ServiceError> {
        let private = if config.baf.private_key.is_empty() { None } else { Some(private_session(config, surroundings.clone())?) };
        Ok(Self { session: public_session(config, surroundings)?, private, config: config.baf.clone() })
    }

    fn operation(number: u16) -> &'static Operation {
        let all = operations::OPERATIONS.iter().chain(operations::SUPPORTING);
        all.into_iter().find(|o| o.number == number).expect("every declared function has its operation")
    }

    fn private(&mut self) -> Result<&mut Session, ServiceError> {
        let missing = || ServiceError::unsent(ServiceKind::Baf, ServiceFault::Misconfigured, "services.baf.private_key is not set");
        self.private.as_mut().ok_or_else(missing)
    }

    /// Needed before anything else: the applicant all other calls are about.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn create_applicant(&mut self, request: &CreateApplicant) -> Result<Applicant, ServiceError> {
        self.private()?.json(Self::operation(5), &[], request)
    }

    /// Motion patterns of the vendor's own web component.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn motion_patterns(&mut self) -> Result<MotionPatterns, ServiceError> {
        self.private()?.bare(Self::operation(6), &Extras::default())
    }

    /// Creates a motion pattern of 1-5 of `up`, `right`, `left`, `closer`, `farther`.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn create_motion_pattern(&mut self, pattern: &NewMotionPattern) -> Result<Anything, ServiceError> {
        self.private()?.json(Self::operation(61), &[], pattern)
    }

    /// Deletes a motion pattern.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn delete_motion_pattern(&mut self, id: &str) -> Result<super::wire::Done, ServiceError> {
        self.private()?.bare(Self::operation(62), &Extras { path: &[], query: &[("id", id)] })
    }

    /// Named in the description and empty there: nothing is called.
    ///
    /// # Errors
    /// Always `NotOffered`.
    pub fn by_applicant(&mut self) -> Result<Validation, ServiceError> {
        self.session.bare(Self::operation(4), &Extras::default())
    }
}

mod calls_of_validation {
    use super::{Baf, Validation, ValidationRequest, calls};
    calls! {
        Baf;
        /// Registers an applicant with face and document.
        1 register_with_document(ValidationRequest) -> Validation;
        /// Registers an applicant with the face alone.
        2 register_face(ValidationRequest) -> Validation;
        /// Authorises an applicant by face.
        3 authorize_face(ValidationRequest) -> Validation;
    }
    pub(super) const ALL: &[super::super::typed::Typed] = TYPED;
}

/// Types of all operations that can be called.
pub(super) const TYPED: &[super::typed::Typed] = {
    use super::typed::{Typed, check_reply, check_request};
    &[
        calls_of_validation::ALL[0],
        calls_of_validation::ALL[1],
        calls_of_validation::ALL[2],
        Typed { number: 4, name: "by_applicant", request: None, reply: check_reply::<Validation> },
        Typed { number: 5, name: "create_applicant", request: Some(check_request::<CreateApplicant>), reply: check_reply::<Applicant> },
        Typed { number: 6, name: "motion_patterns", request: None, reply: check_reply::<MotionPatterns> },
        Typed {
            number: 61,
            name: "create_motion_pattern",
            request: Some(check_request::<NewMotionPattern>),
            reply: check_reply::<Anything>,
        },
        Typed { number: 62, name: "delete_motion_pattern", request: None, reply: check_reply::<super::wire::Done> },
    ]
};

fn public_session(config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    let endpoint = &config.baf.endpoint;
    let mut session = Session::new(ServiceKind::Baf, &config.http, endpoint, &endpoint.token.address, classify, surroundings)?;
    session.header("Accept", "text/plain".into());
    Ok(session)
}

fn private_session(config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    let mut endpoint = config.baf.endpoint.clone();
    endpoint.token.source = TokenSource::Fixed;
    endpoint.token.secret.clone_from(&config.baf.private_key);
    Session::new(ServiceKind::Baf, &config.http, &endpoint, "", classify, surroundings)
}

pub(super) fn session_for(operation: &Operation, config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    if operation.path.contains("/private/") && operation.impact != Impact::NotOffered {
        // Says at once what is missing.
        secrets::resolve(ServiceKind::Baf, &config.baf.private_key, surroundings.secrets.as_ref()).map(|_: Private| ())?;
        return private_session(config, surroundings);
    }
    public_session(config, surroundings)
}
