//! AwareID as the flows and the outbox see it.

use super::AwareId;
use super::admin::Page;
use super::authentication::{AuthenticationToken, StartAuthentication, VerifyDevice, VerifyFace};
use super::enrolment::{AddDevice, AddDocument, AddFace, EnrolmentToken, StartEnrolment};
use super::face::{CompareFaces, FaceComparator, FaceSide, FaceWorkflow};
use super::gallery::{MatchFace, Member, Membership, RegisterUser};
use super::shared::{AuthenticationState, DocumentImage, DocumentsInfo};
use crate::adapters::services::limits;
use crate::adapters::services::wire::Private;
use crate::ports::services::{
    Capabilities, Delivery, Effect, Guarantee, IdentityService, Known, Opinion, Receipt, ServiceCheck, ServiceError, ServiceFault,
    ServiceKind,
};
use crate::units::SensitiveBytes;

const KIND: ServiceKind = ServiceKind::AwareId;
/// People on one page of a listing.
const PAGE: u32 = 100;
/// Pages read at most, against a listing without end.
const MOST_PAGES: u32 = 10_000;
/// People asked for who look like one: the person's own registrations, after re-enrolments too.
const MOST_NAMESAKES: u32 = 20;

/// How far a walk through the listing got.
pub(super) struct Walk {
    username: String,
    page: u32,
}

fn error(fault: ServiceFault, message: impl Into<String>) -> ServiceError {
    ServiceError::unsent(KIND, fault, message)
}

fn unknown(message: &str) -> ServiceError {
    ServiceError { effect: Effect::Unknown, ..error(ServiceFault::Garbled, message) }
}

fn check(name: &str, passed: Option<bool>, value: Option<String>) -> ServiceCheck {
    ServiceCheck { name: name.to_owned(), passed, value }
}

/// Entered fields under the names services use, by our key.
fn detail(delivery: &Delivery, key: &str) -> Option<Private> {
    delivery.details.iter().find(|(k, text)| k == key && !text.0.is_empty()).map(|(_, text)| Private(text.0.clone()))
}

/// The last word is the family name.
fn names(delivery: &Delivery) -> (Option<Private>, Option<Private>) {
    let Some(full) = detail(delivery, "full_name") else { return (None, None) };
    match full.0.trim().rsplit_once(char::is_whitespace) {
        Some((first, last)) => (Some(first.trim().into()), Some(last.into())),
        None => (None, Some(full.0.trim().into())),
    }
}

fn receipt(reference: Option<String>, username: &str, repeated: bool) -> Receipt {
    Receipt { remote_reference: reference, identifiers: vec![("username".to_owned(), username.to_owned())], repeated }
}

impl AwareId {
    fn gallery(&self) -> &str {
        if self.config.gallery.is_empty() { &self.config.default_gallery } else { &self.config.gallery }
    }

    fn email(&self, delivery: &Delivery) -> Private {
        detail(delivery, "email").unwrap_or_else(|| Private(self.config.email_template.replace("{code}", &delivery.registration_code)))
    }

    fn picture(&self, picture: &SensitiveBytes) -> Result<Private, ServiceError> {
        limits::picture(KIND, self.config.pictures, &picture.0).map(|_| Private::base64(&picture.0))
    }

    fn register(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let face = delivery.faces.first().ok_or_else(|| error(ServiceFault::Unfit, "there is no picture of the face"))?;
        let (first_name, last_name) = names(delivery);
        let request = RegisterUser {
            username: delivery.registration_code.as_str().into(),
            email: self.email(delivery),
            image: self.picture(face)?,
            first_name,
            last_name,
            phone_number: detail(delivery, "phone"),
        };
        let reply = self.gallery_register_user(&request)?;
        let code = reply.registration_code.filter(|c| !c.is_empty()).ok_or_else(|| unknown("the reply holds no registration code"))?;
        Ok(receipt(Some(code), &delivery.registration_code, false))
    }

    /// The tenant's own enrolment. Whatever fails after the start is given up at the service before it is reported.
    fn enrol_with_checks(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let (first_name, last_name) = names(delivery);
        let start = StartEnrolment {
            username: delivery.registration_code.as_str().into(),
            email: self.email(delivery),
            first_name,
            last_name,
            phone_number: detail(delivery, "phone"),
        };
        let package = self.face_package(&delivery.registration_code, &delivery.faces, &delivery.evidence)?;
        let started = self.enrolment_start(&start).map_err(|e| ServiceError { effect: Effect::None, ..e })?;
        if started.user_exists_already == Some(true) {
            return match self.known(delivery)? {
                Known::Arrived(receipt) => Ok(receipt),
                Known::Absent | Known::Pending => Err(error(ServiceFault::Duplicate, "the user name is taken there")),
            };
        }
        let token = started.enrollment_token.clone();
        if token.0.is_empty() {
            return Err(unknown("the reply holds no enrolment token"));
        }
        let done = self.run_checks(delivery, &token, &started.required_checks, package);
        match done {
            Ok(code) => Ok(receipt(Some(code), &delivery.registration_code, false)),
            Err(failed) => {
                // Only a clear refusal is given up: after a lost reply the enrolment may stand.
                if failed.effect == Effect::None {
                    let _ = self.enrolment_cancel(&EnrolmentToken { enrollment_token: token });
                }
                Err(failed)
            }
        }
    }

    fn run_checks(
        &mut self,
        delivery: &Delivery,
        token: &Private,
        checks: &[String],
        package: super::shared::FacePackage,
    ) -> Result<String, ServiceError> {
        let mut package = Some(package);
        let mut code = None;
        for check in checks {
            let (status, given) = match check.as_str() {
                "addDevice" => {
                    let public_key = Some(self.device_key()?.public_key().map_err(|m| error(ServiceFault::Misconfigured, m))?);
                    let device_id = self.config.device.device_id.clone();
                    let request = AddDevice { enrollment_token: token.clone(), device_id, public_key, push_id: None };
                    let state = self.enrolment_add_device(&request)?;
                    (state.enrollment_status, state.registration_code)
                }
                "addFace" => {
                    let package = package.take().ok_or_else(|| error(ServiceFault::Unfit, "the face is asked for twice"))?;
                    let request = AddFace { enrollment_token: token.clone(), face_liveness_data: self.packed(package)? };
                    let state = self.enrolment_add_face(&request)?;
                    if state.liveness_result == Some(false) && state.enrollment_status != Some(2) {
                        return Err(error(ServiceFault::Rejected, "the face was not judged to be alive"));
                    }
                    (state.enrollment_status, state.registration_code)
                }
                "addDocument" => {
                    let document = self.documents(delivery)?;
                    let request = AddDocument {
                        enrollment_token: token.clone(),
                        documents_info: document,
                        biometrics_info: None,
                        processing_instructions: None,
                    };
                    let state = self.enrolment_add_document(&request)?;
                    if state.document_verification_result == Some(false) {
                        return Err(error(ServiceFault::Rejected, "the document was not accepted"));
                    }
                    (state.enrollment_status, state.registration_code)
                }
                other => {
                    let other = crate::adapters::services::plain::plain(other);
                    return Err(error(ServiceFault::NotOffered, format!("the tenant asks for {other}, which is not done from here")));
                }
            };
            match status {
                Some(0) => return Err(error(ServiceFault::Rejected, "the enrolment failed there")),
                Some(1 | 2) => code = given.filter(|c| !c.is_empty()).or(code),
                _ => return Err(unknown("the state of the enrolment is not understood")),
            }
        }
        code.ok_or_else(|| unknown("all checks are done and there is no registration code"))
    }

    fn documents(&self, delivery: &Delivery) -> Result<DocumentsInfo, ServiceError> {
        let image = |picture: &SensitiveBytes| -> Result<DocumentImage, ServiceError> {
            let checked = limits::picture(KIND, self.config.pictures, &picture.0)?;
            let format = format!(".{}", checked.kind.ending());
            Ok(DocumentImage { lighting_scheme: Some(6), image: Private::base64(&picture.0), format: Some(format) })
        };
        let document_image = delivery.document.iter().map(image).collect::<Result<Vec<_>, _>>()?;
        if document_image.is_empty() {
            return Err(error(ServiceFault::Incomplete, "the tenant asks for a document and there is none"));
        }
        Ok(DocumentsInfo { document_image, document_payload: None, process_param: None })
    }

    /// Whether our user name is in the gallery, and under which registration code.
    fn known(&mut self, delivery: &Delivery) -> Result<Known, ServiceError> {
        let username = delivery.registration_code.clone();
        let gallery_name = self.config.default_gallery.clone();
        // A deletion has kept one name only: the service's own where it gave one, else ours.
        let request = match &delivery.remote_reference {
            Some(code) if username.is_empty() => Membership { gallery_name, registration_code: Some(code.clone()), username: None },
            _ => Membership { gallery_name, registration_code: None, username: Some(username.as_str().into()) },
        };
        let exists = match self.gallery_contains(&request) {
            Ok(reply) => reply.exist.ok_or_else(|| error(ServiceFault::Garbled, "the reply does not say whether the person exists"))?,
            Err(failed) if failed.fault == ServiceFault::NotFound => false,
            Err(failed) => return Err(failed),
        };
        if !exists {
            return Ok(Known::Absent);
        }
        let code = self.code_by_face(delivery);
        Ok(Known::Arrived(receipt(code, &username, true)))
    }

    /// The registration code of our user name, by the face: one call, whatever number of people is enrolled. A deletion can do without.
    fn code_by_face(&mut self, delivery: &Delivery) -> Option<String> {
        let request = MatchFace {
            image: self.picture(delivery.faces.first()?).ok()?,
            gallery_name: None,
            candidate_list_size: Some(MOST_NAMESAKES),
            cutoff_score_percent: None,
            include_image: Some(false),
            candidate_list: None,
        };
        match self.gallery_match_face(&request) {
            Ok(found) => {
                let own = found.list.into_iter().find(|c| c.username.0 == delivery.registration_code);
                own.and_then(|c| c.registration_code).filter(|code| !code.is_empty())
            }
            Err(failed) => {
                tracing::debug!(service = KIND.name(), fault = ?failed.fault, "the registration code stays unknown");
                None
            }
        }
    }

    /// Looks through the listing of completed enrolments for somebody who is there. A walk that breaks goes on where it stopped.
    fn find_member(&mut self, username: &str) -> Result<Member, ServiceError> {
        let first = self.walk.take().filter(|walk| walk.username == username).map_or(1, |walk| walk.page);
        for page_number in first..=MOST_PAGES {
            let page = match self.admin_registrations(&Page { page_number, page_size: PAGE }) {
                Ok(page) => page,
                Err(failed) => {
                    self.walk = Some(Walk { username: username.to_owned(), page: page_number });
                    return Err(failed);
                }
            };
            let last = page.list.is_empty() || page.total_pages.is_some_and(|total| i64::from(page_number) >= total);
            if let Some(member) = page.list.into_iter().find(|m| m.registered_as() == username) {
                return Ok(member);
            }
            if last {
                break;
            }
        }
        // Pages shift while people are enrolled; the next try begins at the first.
        Err(error(ServiceFault::ServiceFailed, "it knows the person and does not list them"))
    }

    /// Runs the checks of an authentication; the state that stands at its end, and what was checked.
    fn authenticate_with(
        &mut self,
        reference: &str,
        token: &Private,
        checks: &[String],
        package: super::shared::FacePackage,
    ) -> Result<Opinion, ServiceError> {
        let mut package = Some(package);
        let mut listed = Vec::new();
        let mut state = AuthenticationState::default();
        for step in checks {
            match step.as_str() {
                "verifyDevice" => {
                    let signature = self.device_signature(&token.0)?;
                    let device_id = self.config.device.device_id.clone();
                    let request = VerifyDevice { auth_token: token.clone(), device_id, signature, geosites: None };
                    state = self.authentication_verify_device(&request)?;
                    let passed = device_verified(&state, &self.config.device_verified_texts);
                    listed.push(check("device", Some(passed), state.message.as_deref().map(crate::adapters::services::plain::plain)));
                    if !passed {
                        return Ok(Opinion { matched: Some(false), score_percent: None, candidates: Vec::new(), checks: listed });
                    }
                }
                "verifyFace" => {
                    let package = package.take().ok_or_else(|| error(ServiceFault::Unfit, "the face is asked for twice"))?;
                    let request = VerifyFace { auth_token: token.clone(), face_liveness_data: self.packed(package)? };
                    state = self.authentication_verify_face(&request)?;
                    listed.push(check("liveness", state.liveness_result, None));
                    listed.push(check("match", state.match_result, state.match_score.map(|s| s.to_string())));
                    if state.auth_status == Some(0) || state.liveness_result == Some(false) || state.match_result == Some(false) {
                        return Ok(Opinion { matched: Some(false), score_percent: None, candidates: Vec::new(), checks: listed });
                    }
                }
                other => {
                    let other = crate::adapters::services::plain::plain(other);
                    return Err(error(ServiceFault::NotOffered, format!("the tenant asks for {other}, which is not done from here")));
                }
            }
        }
        let matched = authenticated(&state);
        let candidates = vec![(reference.to_owned(), None)];
        Ok(Opinion { matched, score_percent: None, candidates, checks: listed })
    }
}

/// State 1 is "more to do", whatever else it says; only the configured words make it a yes for the device.
fn device_verified(state: &AuthenticationState, yes: &[String]) -> bool {
    match state.auth_status {
        Some(2) => true,
        Some(1) => state.message.as_ref().is_some_and(|m| yes.iter().any(|y| y.trim().eq_ignore_ascii_case(m.trim()))),
        _ => false,
    }
}

/// Complete is yes, failed is no; while more is to do, or nothing is stated, the question is open.
fn authenticated(state: &AuthenticationState) -> Option<bool> {
    match state.auth_status {
        Some(2) => Some(state.liveness_result != Some(false) && state.match_result != Some(false)),
        Some(0) => Some(false),
        _ => None,
    }
}

impl IdentityService for AwareId {
    fn kind(&self) -> ServiceKind {
        KIND
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            enrol: true,
            authenticate: true,
            verify: true,
            search: true,
            insert: false,
            delete: true,
            delete_erases: true,
            status: true,
            enrol_guarantee: Guarantee::ExactlyOnceByLookUp,
            delete_guarantee: Guarantee::ExactlyOnceByKey,
        }
    }

    /// Lists the galleries: address, trust, token and API key in one read.
    fn check(&mut self) -> Result<(), ServiceError> {
        self.gallery_list().map(|_| ())
    }

    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        if self.config.enrol_by == "enroll" { self.enrol_with_checks(delivery) } else { self.register(delivery) }
    }

    /// `reference`: the service's registration code, or our user name.
    fn authenticate(&mut self, reference: &str, faces: &[SensitiveBytes]) -> Result<Opinion, ServiceError> {
        let package = self.face_package(reference, faces, &[])?;
        let device_id = Some(self.config.device.device_id.clone()).filter(|id| !id.is_empty());
        let request = StartAuthentication { registration_code: Some(reference.to_owned()), username: None, device_id };
        let started = self.authentication_start(&request)?;
        let token = started.auth_token.clone();
        if token.0.is_empty() {
            return Err(error(ServiceFault::Garbled, "the reply holds no authentication token"));
        }
        let outcome = self.authenticate_with(reference, &token, &started.required_checks, package);
        let open = outcome.as_ref().map_or(true, |opinion| opinion.matched != Some(true));
        if open {
            // What is not complete is given up, so that it does not stay open there; its reply changes nothing about the answer.
            let _ = self.authentication_cancel(&AuthenticationToken { auth_token: token });
        }
        outcome
    }

    /// A score; the service draws no line, so the question stays open.
    fn verify(&mut self, reference_picture: &SensitiveBytes, probe_picture: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        let side = |picture: Private| FaceSide { visible_frontal: Some(picture), import: None };
        let comparator = FaceComparator { algorithm: self.config.match_algorithm.clone(), face_types: vec!["VISIBLE_FRONTAL".to_owned()] };
        let request = CompareFaces {
            metadata: None,
            probe: side(self.picture(probe_picture)?),
            gallery: side(self.picture(reference_picture)?),
            workflow: FaceWorkflow { comparator },
        };
        let reply = self.face_compare(&request)?;
        let score = reply.score_percent.filter(|s| (0.0..=100.0).contains(s));
        let checks = vec![check("raw score", None, reply.score.map(|s| s.to_string()))];
        Ok(Opinion { matched: None, score_percent: score, candidates: Vec::new(), checks })
    }

    fn search(&mut self, picture: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        let request = MatchFace {
            image: self.picture(picture)?,
            gallery_name: Some(self.gallery().to_owned()).filter(|_| !self.config.gallery.is_empty()),
            candidate_list_size: None,
            cutoff_score_percent: None,
            include_image: Some(false),
            candidate_list: None,
        };
        let reply = self.gallery_match_face(&request)?;
        let mut candidates: Vec<(String, Option<f64>)> =
            reply.list.into_iter().filter_map(|c| Some((c.registration_code.filter(|r| !r.is_empty())?, c.score_percent))).collect();
        candidates.sort_by(|a, b| b.1.unwrap_or(0.0).total_cmp(&a.1.unwrap_or(0.0)));
        let score_percent = candidates.first().and_then(|c| c.1);
        Ok(Opinion { matched: Some(!candidates.is_empty()), score_percent, candidates, checks: Vec::new() })
    }

    fn delete(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let username = delivery.registration_code.clone();
        let code = match &delivery.remote_reference {
            Some(code) => code.clone(),
            None if self.known(delivery)? == Known::Absent => return Ok(receipt(None, &username, true)),
            None => {
                let member = self.find_member(&username)?;
                member.registration_code.ok_or_else(|| error(ServiceFault::Garbled, "the listing holds no registration code"))?
            }
        };
        match self.admin_delete_registration(&code) {
            Ok(_) => Ok(receipt(Some(code), &username, false)),
            // Unknown codes are answered with 404, 400 or 500: whether the person is gone is asked.
            Err(failed) if matches!(failed.fault, ServiceFault::NotFound | ServiceFault::Unfit | ServiceFault::ServiceFailed) => {
                match self.known(delivery)? {
                    Known::Absent => Ok(receipt(Some(code), &username, true)),
                    Known::Arrived(_) | Known::Pending => Err(failed),
                }
            }
            Err(failed) => Err(failed),
        }
    }

    fn status(&mut self, delivery: &Delivery) -> Result<Known, ServiceError> {
        self.known(delivery)
    }

    fn clock_offset(&self) -> Option<i64> {
        self.session.clock_offset()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(auth_status: Option<i64>, message: Option<&str>) -> AuthenticationState {
        AuthenticationState { auth_status, message: message.map(str::to_owned), ..AuthenticationState::default() }
    }

    #[test]
    fn state_one_with_a_message_is_no_success() {
        let yes = ["Device verified.".to_owned()];
        assert!(device_verified(&state(Some(2), None), &yes));
        assert!(device_verified(&state(Some(1), Some("Device verified.")), &yes));
        assert!(!device_verified(&state(Some(1), Some("Device signature is invalid")), &yes));
        assert!(!device_verified(&state(Some(1), None), &yes));
        assert!(!device_verified(&state(Some(0), Some("Device verified.")), &yes));
        assert_eq!(authenticated(&state(Some(1), Some("anything"))), None);
        assert_eq!(authenticated(&state(Some(0), None)), Some(false));
        assert_eq!(authenticated(&state(None, None)), None);
        let spoofed = AuthenticationState { liveness_result: Some(false), ..state(Some(2), None) };
        assert_eq!(authenticated(&spoofed), Some(false));
    }

    #[test]
    fn a_full_name_is_split_at_its_last_word() {
        let delivery = |name: &str| Delivery {
            key: uuid::Uuid::nil(),
            subject: crate::units::SubjectId(uuid::Uuid::nil()),
            registration_code: "C1".into(),
            remote_reference: None,
            details: vec![("full_name".into(), crate::units::SensitiveText(name.into()))],
            faces: Vec::new(),
            document: Vec::new(),
            evidence: Vec::new(),
        };
        let split = |name: &str| {
            let (first, last) = names(&delivery(name));
            (first.map(|f| f.0.clone()), last.map(|l| l.0.clone()))
        };
        assert_eq!(split("Ada King Lovelace"), (Some("Ada King".into()), Some("Lovelace".into())));
        assert_eq!(split("Sukarno"), (None, Some("Sukarno".into())));
        assert_eq!(split(""), (None, None));
    }
}
