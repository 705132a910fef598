//! FACEKI: full verification puts a person on file, face match finds them again.
//!
//! # What delivery can promise
//!
//! A full verification takes an identifier of ours, `record_identifier`, but is not said to refuse a repetition. A face match returns
//! the records of a face with their identifiers: that is a look-up, though a paid one. With `reconcile_by_search` delivery is exactly once
//! by look-up; without it at most once. The service offers no deletion.
//!
//! The reply carries the person's whole record. Only identifiers, decision and flags are kept; the rest is dropped on reading.

mod errors;
pub mod operations;
mod port;
mod wire;

pub use errors::{CODES, classify};
pub use wire::*;

use super::operation::Operation;
use super::session::{Extras, Session};
use super::transport::Part;
use super::typed::{Typed, check_reply};
use super::wire::Anything;
use super::{Surroundings, limits};
use crate::config::{FacekiConfig, ServicesConfig};
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};
use crate::units::SensitiveBytes;

/// Client of FACEKI.
pub struct Faceki {
    session: Session,
    config: FacekiConfig,
}

impl Faceki {
    /// Prepares the client; nothing is contacted.
    ///
    /// # Errors
    /// `Misconfigured` or `NotAllowed`.
    pub fn new(config: &ServicesConfig, surroundings: Surroundings) -> Result<Self, ServiceError> {
        Ok(Self { session: session(config, surroundings)?, config: config.faceki.clone() })
    }

    fn operation(number: u16) -> &'static Operation {
        operations::OPERATIONS.iter().find(|o| o.number == number).expect("every declared function has its operation")
    }

    fn part(&self, name: &str, picture: &SensitiveBytes) -> Result<Part, ServiceError> {
        let checked = limits::picture(ServiceKind::Faceki, self.config.pictures, &picture.0)?;
        Ok(Part::file(name, &format!("{name}.{}", checked.kind.ending()), checked.kind.media_type(), picture))
    }

    /// Finds people on file by a selfie. Paid: never poll it.
    ///
    /// # Errors
    /// [`ServiceError`]; nobody found is an empty list.
    pub fn search_by_face(&mut self, selfie: &SensitiveBytes) -> Result<Records, ServiceError> {
        let parts = vec![self.part("selfie", selfie)?];
        match self.session.multipart(Self::operation(1), parts) {
            Err(error) if error.fault == ServiceFault::NotFound => Ok(Records::default()),
            other => other,
        }
    }

    /// Asks for a token now, whatever is still good.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn access_token(&mut self) -> Result<(), ServiceError> {
        self.session.renew(Vec::new());
        self.session.sign_in()
    }

    /// Verifies a selfie with documents and keeps the person on file.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn kyc_verification(&mut self, request: &Verification<'_>) -> Result<Records, ServiceError> {
        const SIDES: [&str; 6] =
            ["document_1_front", "document_1_back", "document_2_front", "document_2_back", "document_3_front", "document_3_back"];
        let mut parts = vec![self.part("selfie", request.selfie)?, Part::text("workflowId", request.workflow_id)];
        for (name, picture) in SIDES.into_iter().zip(request.documents) {
            if let Some(picture) = picture {
                parts.push(self.part(name, picture)?);
            }
        }
        if let Some(identifier) = request.record_identifier {
            parts.push(Part::text("record_identifier", identifier));
        }
        self.session.multipart(Self::operation(3), parts)
    }

    /// Age, gender and liveness of one selfie.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn analyze_face(&mut self, selfie: &SensitiveBytes) -> Result<FaceAnalysis, ServiceError> {
        let parts = vec![self.part("selfie", selfie)?];
        self.session.multipart(Self::operation(4), parts)
    }

    /// Which documents a workflow wants.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn workflow_rules(&mut self, workflow_id: &str) -> Result<Anything, ServiceError> {
        self.session.bare(Self::operation(5), &Extras { path: &[], query: &[("workflowId", workflow_id)] })
    }
}

/// Types of all operations.
pub(super) const TYPED: &[Typed] = &[
    Typed { number: 1, name: "search_by_face", request: None, reply: check_reply::<Records> },
    Typed { number: 2, name: "access_token", request: None, reply: check_reply::<TokenReply> },
    Typed { number: 3, name: "kyc_verification", request: None, reply: check_reply::<Records> },
    Typed { number: 4, name: "analyze_face", request: None, reply: check_reply::<FaceAnalysis> },
    Typed { number: 5, name: "workflow_rules", request: None, reply: check_reply::<Anything> },
];

fn session(config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    let endpoint = &config.faceki.endpoint;
    Session::new(ServiceKind::Faceki, &config.http, endpoint, &endpoint.token.address, classify, surroundings)
}

pub(super) fn session_for(_: &Operation, config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    session(config, surroundings)
}
