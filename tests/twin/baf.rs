//! BAF's validation, its codes, and its supporting calls.

use crate::guest::{Guest, guest, signed_in};
use crate::pictures::{base64, face};
use serde_json::{Value, json};
use visavis::ports::services::ServiceKind;

const VALIDATION: &str = "/api/v2/public/Validation";

fn applicant(guest: &Guest) -> String {
    let reply = guest.post("/api/v2/private/Applicants", &json!({ "referenceId": "key-1" })).expect(200).json();
    assert!(reply["validationLink"].is_string());
    reply["applicantId"].as_str().expect("an id").to_owned()
}

fn by_face(applicant: &str, mark: &str) -> Value {
    json!({ "model": { "faceImageBase64": face(mark), "documentType": 10 }, "applicantId": applicant })
}

fn by_document(applicant: &str, mark: &str, document: &str) -> Value {
    let model = json!({ "faceImageBase64": face(mark), "frontImageBase64": face(document), "documentType": 1 });
    json!({ "model": model, "applicantId": applicant })
}

#[track_caller]
fn refused(guest: &Guest, body: &Value, code: u64, text: &str) {
    let reply = guest.post(VALIDATION, body).expect(400).json();
    assert_eq!(reply["code"], code, "{reply}");
    assert!(reply["message"].as_str().is_some_and(|m| m.contains(text)), "{reply}");
}

#[test]
fn a_face_registers_once_and_authorises_after() {
    let guest = signed_in(ServiceKind::Baf);
    let id = applicant(&guest);
    let registered = guest.post(VALIDATION, &by_face(&id, "person=ada")).expect(200).json();
    assert_eq!((&registered["status"], &registered["faceSuccess"], &registered["document"]), (&json!(0), &json!(true), &Value::Null));
    assert_eq!((&registered["attemptsCount"], &registered["attemptsLeft"]), (&json!(5), &json!(4)));
    let authorised = guest.post(VALIDATION, &by_face(&id, "person=ada")).expect(200).json();
    assert_eq!((&authorised["status"], &authorised["attemptsLeft"]), (&json!(0), &json!(4)));
    let stranger = guest.post(VALIDATION, &by_face(&id, "person=bob")).expect(200).json();
    assert_eq!((&stranger["status"], &stranger["faceSuccess"]), (&json!(1), &json!(false)));
    let ledger = guest.twin.ledger();
    assert_eq!((ledger.registrations_of_person("ada"), ledger.registrations_of_key("key-1")), (1, 1));
    assert_eq!(ledger.calls.get(&2), Some(&1));
    assert_eq!(ledger.calls.get(&3), Some(&2));
}

#[test]
fn a_document_registers_and_is_judged() {
    let guest = signed_in(ServiceKind::Baf);
    let id = applicant(&guest);
    let expired = guest.post(VALIDATION, &by_document(&id, "person=ada", "person=ada;expired=1")).expect(200).json();
    assert_eq!((&expired["status"], &expired["documentHasNotExpired"]), (&json!(1), &json!(false)));
    let other = guest.post(VALIDATION, &by_document(&id, "person=ada", "person=bob")).expect(200).json();
    assert_eq!((&other["status"], &other["documentSuccess"]), (&json!(1), &json!(false)));
    let good = guest.post(VALIDATION, &by_document(&id, "person=ada", "person=ada")).expect(200).json();
    assert_eq!((&good["status"], &good["attemptsLeft"], &good["document"]["idType"]), (&json!(0), &json!(2), &json!("DL")));
    refused(&guest, &by_document(&id, "person=ada", "person=ada"), 120_036, "already completed");
    let second = applicant(&guest);
    let duplicate = guest.post(VALIDATION, &by_document(&second, "person=ada", "person=ada")).expect(200).json();
    assert_eq!((&duplicate["status"], &duplicate["validationStatus"]["faceIsValid"]), (&json!(1), &json!(false)));
    assert_eq!(guest.twin.ledger().registrations_of_person("ada"), 1);
}

#[test]
fn registering_by_face_does_not_look_for_duplicates() {
    let guest = signed_in(ServiceKind::Baf);
    for _ in 0..2 {
        let id = applicant(&guest);
        assert_eq!(guest.post(VALIDATION, &by_face(&id, "person=ada")).expect(200).json()["status"], 0);
    }
    assert_eq!(guest.twin.ledger().doubled(), ["ada"]);
}

#[test]
fn codes_are_given_as_documented() {
    let guest = signed_in(ServiceKind::Baf);
    let id = applicant(&guest);
    let with_image = |image: Value| json!({ "model": { "faceImageBase64": image, "documentType": 10 }, "applicantId": id });
    refused(&guest, &with_image(Value::Null), 120_042, "required");
    refused(&guest, &with_image(json!("")), 120_038, "empty");
    refused(&guest, &with_image(json!(base64(b"no picture"))), 120_038, "No faces");
    refused(&guest, &by_face(&id, "faces=0"), 120_038, "No faces");
    refused(&guest, &by_face(&id, "faces=2"), 120_038, "Multiple");
    let mut lrs = by_face(&id, "person=ada");
    lrs["endeavorId"] = json!("e-1");
    refused(&guest, &lrs, 120_044, "endeavor");
    refused(&guest, &by_face("nobody", "person=ada"), 120_029, "nobody");
    let blurred = guest.post(VALIDATION, &by_face(&id, "person=ada;poor=1")).expect(200).json();
    assert_eq!((&blurred["status"], blurred["invalidDataErrors"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    for left in (0..4).rev() {
        let spoof = guest.post(VALIDATION, &by_face(&id, "person=ada;spoof=1")).expect(200).json();
        assert_eq!((&spoof["status"], &spoof["attemptsLeft"]), (&json!(1), &json!(left)));
    }
    refused(&guest, &by_face(&id, "person=ada"), 120_037, "attempts");
    let begun = applicant(&guest);
    guest.post(VALIDATION, &by_document(&begun, "person=eve;spoof=1", "person=eve")).expect(200);
    refused(&guest, &by_face(&begun, "person=eve"), 120_043, "verified face");
    let closed = guest.post("/api/v2/private/Applicants", &json!({ "status": 3 })).expect(200).json();
    refused(&guest, &by_face(closed["applicantId"].as_str().expect("an id"), "person=ada"), 120_040, "closed");
    guest.post(VALIDATION, &json!([])).expect(400);
}

#[test]
fn private_calls_want_the_secret_key_and_patterns_are_kept() {
    let stranger = guest(ServiceKind::Baf);
    stranger.post("/api/v2/private/Applicants", &json!({})).expect(401);
    let guest = signed_in(ServiceKind::Baf);
    let patterns = "/publicapi/api/v2/private/ActiveLivenessPattern";
    let made = guest.post(patterns, &json!(["up", "closer"])).expect(200).json();
    guest.post(patterns, &json!(["jump"])).expect(400);
    guest.post(patterns, &json!(["up", "up", "up", "up", "up", "up"])).expect(400);
    let listed = guest.get(patterns).expect(200).json();
    assert_eq!(listed["patterns"][0]["pattern"], json!(["up", "closer"]));
    guest.delete(&format!("{patterns}?id={}", made["id"].as_str().expect("an id"))).expect(200);
    assert_eq!(guest.get(patterns).expect(200).json()["patterns"], json!([]));
}
