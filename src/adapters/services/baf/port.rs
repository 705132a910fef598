//! BAF as the flows and the outbox see it.

use super::{Baf, CreateApplicant, Model, Validation, ValidationRequest, ValidationState};
use crate::adapters::services::limits;
use crate::adapters::services::session::Session;
use crate::adapters::services::wire::Private;
use crate::ports::services::{
    Capabilities, Delivery, Effect, Guarantee, IdentityService, Opinion, Receipt, ServiceCheck, ServiceError, ServiceFault, ServiceKind,
};
use crate::units::SensitiveBytes;

impl Baf {
    fn request(&self, applicant: &str, face: &SensitiveBytes, document: &[SensitiveBytes]) -> Result<ValidationRequest, ServiceError> {
        let base64 = |picture: &SensitiveBytes| {
            limits::picture(ServiceKind::Baf, self.config.pictures, &picture.0).map(|_| Private::base64(&picture.0))
        };
        let document_type = if document.is_empty() { self.config.face_only_type } else { self.config.document_type };
        Ok(ValidationRequest {
            model: Model {
                face_image_base64: base64(face)?,
                front_image_base64: document.first().map(base64).transpose()?,
                back_image_base64: document.get(1).map(base64).transpose()?,
                document_type,
            },
            applicant_id: applicant.to_owned(),
            endeavor_id: None,
        })
    }
}

fn best(faces: &[SensitiveBytes]) -> Result<&SensitiveBytes, ServiceError> {
    faces.first().ok_or_else(|| ServiceError::unsent(ServiceKind::Baf, ServiceFault::Unfit, "there is no picture of the face"))
}

/// 200 without a status is no success.
fn succeeded(reply: Validation) -> Result<Validation, ServiceError> {
    if reply.state() == Some(ValidationState::Success) {
        return Ok(reply);
    }
    let error = ServiceError::unsent(ServiceKind::Baf, ServiceFault::Garbled, "the reply states no status");
    Err(ServiceError { effect: Effect::Unknown, ..error })
}

fn checks(reply: &Validation) -> Vec<ServiceCheck> {
    let check = |name: &str, passed: Option<bool>| ServiceCheck { name: name.to_owned(), passed, value: None };
    let status = reply.validation_status.clone().unwrap_or_default();
    let mut all = vec![
        check("face", reply.face_success.or(status.face_is_valid)),
        check("anti-spoofing", status.anti_spoofing_is_valid),
        check("quality", status.quality_is_valid),
        check("document", reply.document_success.or(status.document_is_valid)),
        check("document not expired", reply.document_has_not_expired.or(status.expired.map(|e| !e))),
    ];
    all.extend(reply.document_validation_tests.iter().map(|test| {
        let passed = match (test.status_string.as_deref(), test.status) {
            (Some("Passed"), _) | (None, Some(0)) => Some(true),
            (Some("Failed"), _) | (None, Some(1)) => Some(false),
            _ => None,
        };
        let name = test.display_name.clone().or_else(|| test.name.clone()).unwrap_or_else(|| "document test".to_owned());
        ServiceCheck { name, passed, value: test.status_string.clone() }
    }));
    all
}

impl IdentityService for Baf {
    fn kind(&self) -> ServiceKind {
        ServiceKind::Baf
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            enrol: true,
            authenticate: true,
            verify: false,
            search: false,
            insert: false,
            delete: false,
            delete_erases: false,
            status: false,
            enrol_guarantee: Guarantee::ExactlyOnceByKey,
            // Nothing is called, so that nothing can be in doubt.
            delete_guarantee: Guarantee::ExactlyOnceByKey,
        }
    }

    /// Motion patterns are the only private read; without the private key an unknown applicant is asked about with an empty picture.
    fn check(&mut self) -> Result<(), ServiceError> {
        if self.private.is_some() {
            return self.motion_patterns().map(|_| ());
        }
        self.session.sign_in()?;
        let model = Model {
            face_image_base64: "".into(),
            front_image_base64: None,
            back_image_base64: None,
            document_type: self.config.face_only_type,
        };
        let request = ValidationRequest { model, applicant_id: uuid::Uuid::nil().to_string(), endeavor_id: None };
        match self.authorize_face(&request).map(|_| ()) {
            Err(error) if matches!(error.fault, ServiceFault::Unfit | ServiceFault::NotFound | ServiceFault::BadPicture) => Ok(()),
            other => other,
        }
    }

    fn prepare(&mut self, delivery: &Delivery) -> Result<Option<String>, ServiceError> {
        if delivery.remote_reference.is_some() {
            return Ok(None);
        }
        let applicant = self.create_applicant(&CreateApplicant::with_reference(&delivery.key.to_string()))?;
        let missing = || ServiceError::unsent(ServiceKind::Baf, ServiceFault::Garbled, "the new applicant has no identifier");
        // An applicant without a face is nobody yet: whatever happens to this reply, asking again doubles no person.
        Ok(Some(applicant.applicant_id.filter(|id| !id.is_empty()).ok_or_else(missing)?))
    }

    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let applicant = delivery.remote_reference.as_deref().ok_or_else(|| {
            ServiceError::unsent(ServiceKind::Baf, ServiceFault::Misconfigured, "the applicant must be created first, or handed in")
        })?;
        let request = self.request(applicant, best(&delivery.faces)?, &delivery.document)?;
        let sent = if delivery.document.is_empty() { self.register_face(&request) } else { self.register_with_document(&request) };
        let receipt = |attempt: Option<i64>, repeated| Receipt {
            remote_reference: Some(applicant.to_owned()),
            identifiers: attempt.map(|id| ("attemptId".to_owned(), id.to_string())).into_iter().collect(),
            repeated,
        };
        match sent.and_then(succeeded) {
            Ok(reply) => Ok(receipt(reply.attempt_id, false)),
            // Finished before: the reply to an earlier try was lost.
            Err(error) if error.code.as_deref() == Some("120036") => Ok(receipt(None, true)),
            Err(error) => Err(error),
        }
    }

    fn authenticate(&mut self, reference: &str, faces: &[SensitiveBytes]) -> Result<Opinion, ServiceError> {
        let request = self.request(reference, best(faces)?, &[])?;
        match self.authorize_face(&request).and_then(succeeded) {
            Ok(reply) => {
                let matched = Some(reply.face_success == Some(true));
                Ok(Opinion { matched, score_percent: None, candidates: Vec::new(), checks: checks(&reply) })
            }
            Err(error) if error.fault == ServiceFault::Rejected => {
                Ok(Opinion { matched: Some(false), score_percent: None, candidates: Vec::new(), checks: Vec::new() })
            }
            Err(error) => Err(error),
        }
    }

    fn clock_offset(&self) -> Option<i64> {
        self.session.clock_offset().or_else(|| self.private.as_ref().and_then(Session::clock_offset))
    }
}
