//! Onboarding as the flows and the outbox see it.

use super::{Empty, Onboarding, UploadReply, UploadSelfie};
use crate::adapters::services::wire::{Open, Private};
use crate::adapters::services::{limits, recording};
use crate::ports::services::{
    Capabilities, Delivery, Effect, Expression, Guarantee, IdentityService, Receipt, ServiceError, ServiceFault, ServiceKind,
};
use crate::units::SensitiveBytes;
use serde_json::Value;

const KIND: ServiceKind = ServiceKind::Onboarding;
/// How often a call of one session is made again where that doubles nobody.
const REPETITIONS: u32 = 3;

impl Onboarding {
    /// A token that an earlier call took and that is refused: the session is over, and nothing is wrong with the credentials.
    fn ended(&self, error: ServiceError) -> ServiceError {
        let over = error.fault == ServiceFault::Unauthorised && self.session.is_bound();
        if over { ServiceError { fault: ServiceFault::Interrupted, ..error } } else { error }
    }

    /// Pictures of the document as they go out; none where the document step is done elsewhere.
    fn sides(&self, delivery: &Delivery) -> Result<Vec<Open>, ServiceError> {
        if self.config.document == "none" {
            return Ok(Vec::new());
        }
        if delivery.document.is_empty() {
            return Err(ServiceError::unsent(KIND, ServiceFault::Incomplete, "the selfie is matched with a document, and there is none"));
        }
        let side = |picture: &SensitiveBytes| {
            limits::picture(KIND, self.config.pictures, &picture.0)?;
            let image = Value::String(Private::base64(&picture.0).0.clone());
            Ok(Open::from_iter([(self.config.document_image_field.clone(), image)]))
        };
        delivery.document.iter().map(side).collect()
    }

    /// What goes along as the record of an active check, as configured; nothing where there is nothing.
    fn recording(&self, face: &SensitiveBytes, delivery: &Delivery) -> Option<Private> {
        match self.config.record.as_str() {
            "selfie" => Some(Private::base64(&face.0)),
            "avi" => recording::avi(&delivery.evidence, self.config.max_record_bytes).map(|file| Private::base64(&file.0)),
            _ => None,
        }
    }

    /// What comes before the selfie.
    fn document_step(&mut self, sides: &[Open]) -> Result<(), ServiceError> {
        let Some((front, more)) = sides.split_first() else { return Ok(()) };
        self.initialize_request(&Open::new())?;
        self.session.bind_to_token();
        if self.config.document == "passport" {
            self.select_document("false", &Empty {})?;
            self.upload_passport(front)?;
            self.approve_passport(&Open::new())?;
            return Ok(());
        }
        self.select_document("true", &Empty {})?;
        self.upload_national_id_front(front)?;
        if let Some(back) = more.first() {
            self.upload_national_id_back(back)?;
        }
        Ok(())
    }

    /// The selfie. Until it is approved another one takes its place, so that a lost reply is simply sent again in the same session.
    fn upload(&mut self, request: &UploadSelfie) -> Result<UploadReply, ServiceError> {
        let mut last = None;
        for _ in 0..REPETITIONS {
            let uploaded = self.upload_selfie_image(request).map_err(|error| self.ended(error));
            self.session.bind_to_token();
            match uploaded {
                Err(error) if error.effect == Effect::Unknown || error.fault == ServiceFault::Busy => last = Some(error),
                other => return other,
            }
        }
        Err(last.unwrap_or_else(|| silent("upload")))
    }

    /// The approval, and the service's name for the applicant where it tells. The upload stands at the service: only a stated refusal is known
    /// to have had no effect. After a lost reply the session is asked for its applicant; only a yes is trusted, since a no may as well mean
    /// that the question is not known there.
    fn approval(&mut self) -> Result<Option<String>, ServiceError> {
        let mut last = silent("approval");
        for _ in 0..REPETITIONS {
            match self.approve(&Empty {}).map_err(|error| self.ended(error)) {
                Ok(reply) if reply.status == Some(0) => return Ok(self.applicant()),
                Ok(_) => {}
                Err(error) if error.fault == ServiceFault::Rejected => return Err(error),
                // Certainly not looked at: asked once more.
                Err(error) if error.effect == Effect::None && error.fault == ServiceFault::Busy => {
                    last = error;
                    continue;
                }
                Err(error) => last = error,
            }
            for _ in 0..REPETITIONS {
                if let Some(applicant) = self.applicant() {
                    return Ok(Some(applicant));
                }
            }
            break;
        }
        Err(ServiceError { effect: Effect::Unknown, ..last })
    }

    /// The service's name for whom it took in this session.
    fn applicant(&mut self) -> Option<String> {
        let reply = self.applicant_id().ok()?.0;
        let named = reply.pointer("/data/applicantId").or_else(|| reply.get("applicantId"))?;
        named.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
    }
}

fn silent(what: &str) -> ServiceError {
    let error = ServiceError::unsent(KIND, ServiceFault::Garbled, format!("the reply does not say whether the {what} succeeded"));
    ServiceError { effect: Effect::Unknown, ..error }
}

impl IdentityService for Onboarding {
    fn kind(&self) -> ServiceKind {
        KIND
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
            // Nothing is called, so that nothing can be in doubt.
            delete_guarantee: Guarantee::ExactlyOnceByKey,
        }
    }

    /// Asks for a session token, which changes nothing.
    fn check(&mut self) -> Result<(), ServiceError> {
        self.session.renew(Vec::new());
        self.session.sign_in()
    }

    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let face = delivery.faces.first();
        let face = face.ok_or_else(|| ServiceError::unsent(KIND, ServiceFault::Unfit, "there is no picture of the face"))?;
        limits::picture(KIND, self.config.pictures, &face.0)?;
        let sides = self.sides(delivery)?;
        // The session is inside the token: a token of an earlier person would overwrite that person's test.
        self.session.renew(vec![("correlationId".to_owned(), Private(delivery.key.to_string()))]);
        // Without a selfie the request is nobody yet, whatever became of its document.
        self.document_step(&sides).map_err(|error| ServiceError { effect: Effect::None, ..self.ended(error) })?;
        let score = |of: fn(&Expression) -> u8| {
            let measured = delivery.evidence.iter().filter_map(|picture| picture.expression.as_ref());
            measured.map(of).max().filter(|_| self.config.send_scores).map(f64::from)
        };
        let request = UploadSelfie {
            image: Private::base64(&face.0),
            natural_image_score: score(|e| e.neutral),
            smile_image_score: score(|e| e.smile),
            record: self.recording(face, delivery),
        };
        let uploaded = self.upload(&request)?;
        if uploaded.is_success != Some(true) {
            return Err(silent("upload"));
        }
        let applicant = self.approval()?;
        let customer = uploaded.data.and_then(|d| d.customer_id).filter(|id| !id.is_empty());
        Ok(Receipt { remote_reference: customer.or(applicant), identifiers: Vec::new(), repeated: false })
    }

    fn clock_offset(&self) -> Option<i64> {
        self.session.clock_offset()
    }
}
