//! The onboarding session from token to applicant.

use crate::guest::{Guest, guest, signed_in};
use crate::pictures::{face, jpeg};
use serde_json::{Value, json};
use visavis::adapters::twin::{Fault, credentials};
use visavis::ports::services::ServiceKind;

const BASE: &str = "/Onboarding/api/v1";

fn post(guest: &Guest, path: &str, body: &Value) -> crate::guest::Answered {
    guest.post(&format!("{BASE}{path}"), body)
}

fn upload(guest: &Guest, mark: &str) -> Value {
    post(guest, "/onboarding/BiometricTest/UploadSelfieImage", &json!({ "image": face(mark) })).expect(200).json()
}

fn approve(guest: &Guest) -> Value {
    post(guest, "/onboarding/BiometricTest/Approve", &json!({})).expect(200).json()["status"].clone()
}

fn document_step(guest: &Guest, mark: &str) {
    post(guest, "/onboarding/Request/InitializeRequest", &json!({})).expect(200);
    post(guest, "/onboarding/Request/SelectNationalIdStep/true", &json!({})).expect(200);
    post(guest, "/onboarding/NationalId/UploadFrontImage", &json!({ "image": face(mark) })).expect(200);
    post(guest, "/onboarding/NationalId/UploadBackImage", &json!({ "image": face("") })).expect(200);
}

#[test]
fn a_session_ends_in_one_applicant() {
    let guest = signed_in(ServiceKind::Onboarding);
    post(&guest, "/onboarding/BiometricTest/UploadSelfieImage", &json!({ "image": face("") })).expect(400);
    post(&guest, "/onboarding/Request/InitializeRequest", &json!({})).expect(200);
    assert_eq!(upload(&guest, "person=ada")["isSuccess"], false, "the document step comes first");
    document_step(&guest, "person=ada");
    assert_eq!(approve(&guest), 1, "nothing was uploaded");
    for (mark, word) in [("person=bob", "match"), ("person=ada;spoof=1", "Liveness"), ("faces=0", "No face"), ("faces=2", "More than one")]
    {
        let reply = upload(&guest, mark);
        assert_eq!(reply["isSuccess"], false);
        assert!(reply["message"].as_str().is_some_and(|m| m.contains(word)), "{reply}");
        assert_eq!(approve(&guest), 1);
    }
    assert_eq!(upload(&guest, "person=ada"), json!({ "isSuccess": true, "message": null }));
    assert_eq!(approve(&guest), 0);
    assert_eq!(approve(&guest), 1, "there is nothing left to approve");
    let applicant = guest.get(&format!("{BASE}/Applicant/GetApplicantId")).expect(200).json();
    let ledger = guest.twin.ledger();
    assert_eq!(applicant["data"]["applicantId"], ledger.holdings[0].reference.as_str());
    assert_eq!((ledger.registrations_of_person("ada"), ledger.registrations_of_key("user-1")), (1, 1));
}

#[test]
fn a_passport_and_the_path_without_prefix_serve_too() {
    let guest = signed_in(ServiceKind::Onboarding);
    guest.get("/api/v1/Configuration/GetStepsConfiguration").expect(200);
    guest.post("/api/v1/onboarding/Request/InitializeRequest", &json!({})).expect(200);
    guest.post("/api/v1/onboarding/Passport/UploadPassportImage", &json!({ "image": face("person=ada") })).expect(200);
    assert_eq!(guest.post("/api/v1/onboarding/Passport/Approve", &json!({})).expect(200).json()["status"], 0);
    let body = json!({ "image": face("person=ada"), "naturalImageScore": 50.0, "smileImageScore": 101 });
    guest.post("/api/v1/onboarding/BiometricTest/UploadSelfieImage", &body).expect(400);
    guest.twin.next(Fault::Shape(1));
    assert_eq!(upload(&guest, "person=ada")["data"]["photoMatched"], true);
}

#[test]
fn pictures_are_given_back_in_every_shape_that_is_left_open() {
    let guest = signed_in(ServiceKind::Onboarding);
    let selfie = format!("{BASE}/onboarding/BiometricTest/GetSelfieImage");
    guest.get(&selfie).expect(404);
    document_step(&guest, "person=ada");
    upload(&guest, "person=ada");
    for shape in 0..6 {
        guest.twin.next(Fault::Shape(shape));
        let reply = guest.get(&selfie).expect(200);
        let held = reply.body == jpeg("person=ada") || reply.text().contains(&face("person=ada"));
        assert!(held, "shape {shape}: {}", reply.text());
    }
    let portrait = guest.get(&format!("{BASE}/onboarding/BiometricTest/GetDocumetPortraitImage")).expect(200).json();
    assert_eq!(portrait["image"], face("person=ada"));
}

#[test]
fn a_request_is_resumed_with_a_new_token() {
    let mut guest = guest(ServiceKind::Onboarding);
    let token = |guest: &Guest, request: Value| {
        let body = json!({ "tenantId": credentials::CLIENT_ID, "tenantSecret": credentials::CLIENT_SECRET, "requestId": request });
        post(guest, "/Auth/GenerateOnboardingSessionToken", &body)
    };
    let first = token(&guest, Value::Null).expect(200).json();
    assert_eq!(first["expirationDate"], "2027-01-15T08:15:00.000Z");
    guest.with_token(first["token"].as_str().expect("a token"));
    let request = post(&guest, "/onboarding/Request/InitializeRequest", &json!({})).expect(200).json()["data"]["requestId"].clone();
    document_step(&guest, "person=ada");
    guest.pass(900);
    let expired = post(&guest, "/onboarding/BiometricTest/Approve", &json!({})).expect(401).json();
    assert_eq!(expired["message"], "Unauthorized");
    let second = token(&guest, request).expect(200).json();
    guest.with_token(second["token"].as_str().expect("a token"));
    assert_eq!(upload(&guest, "person=ada")["isSuccess"], true);
    token(&guest, json!("unknown")).expect(404);
    let wrong = json!({ "tenantId": credentials::CLIENT_ID, "tenantSecret": "no" });
    post(&guest, "/Auth/GenerateOnboardingSessionToken", &wrong).expect(401);
}
