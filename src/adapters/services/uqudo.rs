//! Uqudo Face API: 1:1, 1:N search, insertion and removal of faces.
//!
//! # What delivery can promise
//!
//! No call takes a key of ours. But the person's own face is a look-up: after a lost reply a search without insertion finds the face and
//! its identifier, or does not. So delivery is exactly once by look-up, as far as the service recognises the same picture again. With
//! `enrol_by = "search_insert"` finding and adding is one call, and another machine cannot add the same face in between.
//!
//! A removal takes away the picture only; the features stay and still match. The erasure stays owed: `delete_erases` is false.

mod errors;
pub mod operations;
mod port;
mod wire;

pub use errors::classify;
pub use wire::*;

use super::Surroundings;
use super::limits;
use super::operation::{BodyKind, Operation};
use super::session::Session;
use super::transport::Part;
use super::typed::{Typed, calls, check_reply};
use super::wire::{Done, Private};
use crate::config::{ServicesConfig, UqudoConfig};
use crate::ports::services::{ServiceError, ServiceKind};
use crate::units::SensitiveBytes;

/// Client of the Uqudo Face API.
pub struct Uqudo {
    session: Session,
    config: UqudoConfig,
}

impl Uqudo {
    /// Prepares the client; nothing is contacted.
    ///
    /// # Errors
    /// `Misconfigured` or `NotAllowed`.
    pub fn new(config: &ServicesConfig, surroundings: Surroundings) -> Result<Self, ServiceError> {
        Ok(Self { session: session(config, surroundings)?, config: config.uqudo.clone() })
    }

    fn operation(number: u16) -> &'static Operation {
        operations::OPERATIONS.iter().find(|o| o.number == number).expect("every declared function has its operation")
    }

    /// Uploads a reference picture and gets a session for the vendor's own software on a phone, good for ten minutes. As a form, or as
    /// JSON where the configuration says so.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn face_session(&mut self, picture: &SensitiveBytes) -> Result<FaceSession, ServiceError> {
        let checked = limits::picture(ServiceKind::Uqudo, self.config.pictures, &picture.0)?;
        let operation = Self::operation(1);
        if self.config.session_as_json {
            let as_json = operation.body(BodyKind::Json);
            return self.session.json(&as_json, &[], &Search { id_photo: Private::base64(&picture.0), insert: None });
        }
        let name = format!("photo.{}", checked.kind.ending());
        self.session.multipart(operation, vec![Part::file("idPhoto", &name, checked.kind.media_type(), picture)])
    }

    /// Adds a face to everybody, in the configured field.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn insert_face(&mut self, picture: &SensitiveBytes) -> Result<OneToN, ServiceError> {
        limits::picture(ServiceKind::Uqudo, self.config.pictures, &picture.0)?;
        if self.config.insert_field == "idPhoto" {
            return self.one_to_n_insert(&Insert { id_photo: Private::base64(&picture.0) });
        }
        let own = std::collections::BTreeMap::from([(self.config.insert_field.clone(), Private::base64(&picture.0))]);
        self.session.json(Self::operation(4), &[], &own)
    }
}

calls! {
    Uqudo;
    /// Compares two pictures; no liveness is checked.
    2 face_match(Match) -> MatchReply;
    /// Searches everybody, and adds the face when wanted and nobody matches.
    3 one_to_n_search(Search) -> OneToN;
    /// Adds a face; see [`Uqudo::insert_face`].
    4 one_to_n_insert(Insert) -> OneToN;
    /// Removes the picture, not the features.
    5 one_to_n_delete[one_to_n_verification_id]() -> Done;
}

/// Types of the operation that is sent as a form.
pub(super) const FORMS: &[Typed] = &[Typed { number: 1, name: "face_session", request: None, reply: check_reply::<FaceSession> }];

fn session(config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    let endpoint = &config.uqudo.endpoint;
    Session::new(ServiceKind::Uqudo, &config.http, endpoint, &endpoint.token.address, classify, surroundings)
}

pub(super) fn session_for(_: &Operation, config: &ServicesConfig, surroundings: Surroundings) -> Result<Session, ServiceError> {
    session(config, surroundings)
}
