//! Uqudo as the flows and the outbox see it.

use super::{Match, OneToN, Search, Uqudo};
use crate::adapters::services::limits;
use crate::adapters::services::wire::Private;
use crate::ports::services::{
    Capabilities, Delivery, Effect, Guarantee, IdentityService, Known, Opinion, Receipt, ServiceCheck, ServiceError, ServiceFault,
    ServiceKind,
};
use crate::units::SensitiveBytes;

const KIND: ServiceKind = ServiceKind::Uqudo;

fn face(delivery: &Delivery) -> Result<&SensitiveBytes, ServiceError> {
    delivery.faces.first().ok_or_else(|| ServiceError::unsent(KIND, ServiceFault::Unfit, "there is no picture of the face"))
}

fn garbled(message: &str, effect: Effect) -> ServiceError {
    ServiceError { effect, ..ServiceError::unsent(KIND, ServiceFault::Garbled, message) }
}

impl Uqudo {
    fn look(&mut self, picture: &SensitiveBytes, insert: bool) -> Result<OneToN, ServiceError> {
        limits::picture(KIND, self.config.pictures, &picture.0)?;
        let request = Search { id_photo: Private::base64(&picture.0), insert: Some(insert) };
        let found = self.one_to_n_search(&request);
        // Without insertion a search changes nothing.
        if insert { found } else { found.map_err(|e| ServiceError { effect: Effect::None, ..e }) }
    }

    fn taken(reply: OneToN) -> Result<Receipt, ServiceError> {
        let id = reply.verification_id.filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| garbled("the reply holds no identifier", Effect::Unknown))?;
        Ok(Receipt { remote_reference: Some(id), identifiers: Vec::new(), repeated: reply.verification_match == Some(true) })
    }
}

impl IdentityService for Uqudo {
    fn kind(&self) -> ServiceKind {
        KIND
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            enrol: true,
            authenticate: false,
            verify: true,
            search: true,
            insert: true,
            delete: true,
            delete_erases: false,
            status: true,
            enrol_guarantee: Guarantee::ExactlyOnceByLookUp,
            delete_guarantee: Guarantee::ExactlyOnceByKey,
        }
    }

    /// Compares two empty pictures: a refusal of the input proves address, trust and credentials.
    fn check(&mut self) -> Result<(), ServiceError> {
        let request = Match { source_image: "".into(), target_image: "".into(), minimum_match_level: None };
        match self.face_match(&request) {
            Err(error) if error.fault == ServiceFault::Unfit => Ok(()),
            other => other.map(|_| ()),
        }
    }

    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        if self.config.enrol_by == "insert" {
            return self.insert(delivery);
        }
        let reply = self.look(face(delivery)?, true)?;
        Self::taken(reply)
    }

    fn verify(&mut self, reference_picture: &SensitiveBytes, probe_picture: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        for picture in [reference_picture, probe_picture] {
            limits::picture(KIND, self.config.pictures, &picture.0)?;
        }
        let request = Match {
            source_image: Private::base64(&reference_picture.0),
            target_image: Private::base64(&probe_picture.0),
            minimum_match_level: Some(self.config.minimum_match_level),
        };
        let reply = self.face_match(&request)?;
        let matched = reply.matches.ok_or_else(|| garbled("the reply does not say whether the pictures match", Effect::None))?;
        let level = ServiceCheck { name: "match level".to_owned(), passed: Some(matched), value: reply.match_level.map(|l| l.to_string()) };
        let liveness = ServiceCheck { name: "liveness".to_owned(), passed: None, value: None };
        Ok(Opinion { matched: Some(matched), score_percent: None, candidates: Vec::new(), checks: vec![level, liveness] })
    }

    fn search(&mut self, picture: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        let reply = self.look(picture, false)?;
        let matched = reply.verification_match.ok_or_else(|| garbled("the reply does not say whether anybody matches", Effect::None))?;
        let candidates = reply.verification_id.filter(|_| matched).map(|id| (id, None)).into_iter().collect();
        Ok(Opinion { matched: Some(matched), score_percent: None, candidates, checks: Vec::new() })
    }

    fn insert(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let reply = self.insert_face(face(delivery)?)?;
        Self::taken(reply)
    }

    fn delete(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let reference = delivery.remote_reference.as_deref();
        let id = reference.ok_or_else(|| ServiceError::unsent(KIND, ServiceFault::NotFound, "the person has no identifier there"))?;
        let receipt = |repeated| Receipt { remote_reference: Some(id.to_owned()), identifiers: Vec::new(), repeated };
        match self.one_to_n_delete(id) {
            Ok(_) => Ok(receipt(false)),
            Err(error) if error.fault == ServiceFault::NotFound => Ok(receipt(true)),
            Err(error) => Err(error),
        }
    }

    fn status(&mut self, delivery: &Delivery) -> Result<Known, ServiceError> {
        let reply = self.look(face(delivery)?, false)?;
        match (reply.verification_match, reply.verification_id.filter(|id| !id.is_empty())) {
            (Some(true), id) => Ok(Known::Arrived(Receipt { remote_reference: id, identifiers: Vec::new(), repeated: true })),
            (Some(false), _) => Ok(Known::Absent),
            (None, _) => Err(garbled("the reply does not say whether the face is known", Effect::None)),
        }
    }

    fn clock_offset(&self) -> Option<i64> {
        self.session.clock_offset()
    }
}
