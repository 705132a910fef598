//! Onboarding as the flows and the outbox see it.

use super::{Empty, Onboarding, UploadSelfie};
use crate::adapters::services::limits;
use crate::adapters::services::wire::Private;
use crate::ports::services::{
    Capabilities, Delivery, Effect, Guarantee, IdentityService, Receipt, ServiceError, ServiceFault, ServiceKind,
};

impl IdentityService for Onboarding {
    fn kind(&self) -> ServiceKind {
        ServiceKind::Onboarding
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            enrol: true,
            authenticate: false,
            verify: false,
            search: false,
            insert: false,
            delete: false,
            delete_erases: false,
            status: false,
            enrol_guarantee: Guarantee::AtMostOnce,
            delete_guarantee: Guarantee::AtMostOnce,
        }
    }

    /// Asks for a session token, which changes nothing.
    fn check(&mut self) -> Result<(), ServiceError> {
        self.session.renew(Vec::new());
        self.session.sign_in()
    }

    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let kind = ServiceKind::Onboarding;
        let face = delivery.faces.first();
        let face = face.ok_or_else(|| ServiceError::unsent(kind, ServiceFault::Unfit, "there is no picture of the face"))?;
        limits::picture(kind, self.config.pictures, &face.0)?;
        // The session is inside the token: a token of an earlier person would overwrite that person's test.
        self.session.renew(vec![("correlationId".to_owned(), Private(delivery.key.to_string()))]);
        let score = self.config.send_scores.then_some(0.0);
        let request = UploadSelfie { image: Private::base64(&face.0), natural_image_score: score, smile_image_score: score, record: None };
        let uploaded = self.upload_selfie_image(&request)?;
        let silent = |what: &str| ServiceError {
            effect: Effect::Unknown,
            ..ServiceError::unsent(kind, ServiceFault::Garbled, format!("the reply does not say whether the {what} succeeded"))
        };
        if uploaded.is_success != Some(true) {
            return Err(silent("upload"));
        }
        // The upload stands at the service: from here on only a stated refusal is known to have had no effect.
        let approved = self.approve(&Empty {}).map_err(|error| match error.fault {
            ServiceFault::Rejected => error,
            _ => ServiceError { effect: Effect::Unknown, ..error },
        })?;
        if approved.status != Some(0) {
            return Err(silent("approval"));
        }
        let customer = uploaded.data.and_then(|d| d.customer_id).filter(|id| !id.is_empty());
        Ok(Receipt { remote_reference: customer, identifiers: Vec::new(), repeated: false })
    }

    fn clock_offset(&self) -> Option<i64> {
        self.session.clock_offset()
    }
}
