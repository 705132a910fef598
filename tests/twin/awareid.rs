//! AwareID's 95 operations.

mod authentication;
mod encrypted;
mod enrolment;
mod errors;
mod gallery;
mod tour;
mod webhooks;

use crate::guest::{Answered, Guest, signed_in};
use crate::pictures::face;
use serde_json::{Value, json};
use visavis::ports::services::ServiceKind;

fn awareid() -> Guest {
    signed_in(ServiceKind::AwareId)
}

/// A face package of `count` frames.
fn package_of(workflow: &str, mark: &str, count: usize) -> Value {
    let frame = json!({ "data": face(mark), "tags": [], "timestamp": 1_800_000_000_000_u64 });
    let data = json!({ "workflow": workflow, "rotation": 0, "frames": vec![frame; count] });
    json!({ "video": { "meta_data": { "username": "test" }, "workflow_data": data } })
}

fn package(mark: &str) -> Value {
    package_of("hotel4", mark, 1)
}

fn document(mark: &str) -> Value {
    json!({ "documentImage": [{ "lightingScheme": 6, "image": face(mark), "format": ".jpeg" }], "processParam": { "alreadyCropped": false } })
}

/// Turns steps of an enrolment on or off.
fn set_steps(guest: &Guest, steps: &[(&str, bool)]) {
    let path = "/onboarding/admin/customerConfig";
    let mut settings = guest.get(path).expect(200).json()["onboardingConfig"].clone();
    for (step, on) in steps {
        settings["onboardingOptions"]["enrollment"][*step] = json!(on);
    }
    guest.post(path, &json!({ "onboardingConfig": settings })).expect(200);
}

/// Starts an enrolment; its token.
fn enroll(guest: &Guest, username: &str) -> String {
    let reply = guest.post("/onboarding/enrollment/enroll", &json!({ "username": username, "email": "a@b.invalid" })).expect(200).json();
    assert_eq!(reply["userExistsAlready"], false, "{reply}");
    reply["enrollmentToken"].as_str().expect("a token").to_owned()
}

fn add_face(guest: &Guest, token: &str, mark: &str) -> Answered {
    guest.post("/onboarding/enrollment/addFace", &json!({ "enrollmentToken": token, "faceLivenessData": package(mark) }))
}

/// Registers a person by one picture; the registration code.
fn register(guest: &Guest, username: &str) -> String {
    let body = json!({ "username": username, "email": "a@b.invalid", "image": face(&format!("person={username}")) });
    let reply = guest.post("/onboarding/gallery/registerUser", &body).expect(200).json();
    reply["registrationCode"].as_str().expect("a code").to_owned()
}

fn authenticate(guest: &Guest, username: &str) -> String {
    let reply = guest.post("/onboarding/authentication/authenticate", &json!({ "username": username })).expect(200).json();
    reply["authToken"].as_str().expect("a token").to_owned()
}
