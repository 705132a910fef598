//! Enrolments from start to registration.

use super::{add_face, awareid, document, enroll, package, package_of, register, set_steps};
use serde_json::json;
use visavis::adapters::twin::Fault;

#[test]
fn device_and_face_make_a_registration() {
    let guest = awareid();
    let token = enroll(&guest, "ada");
    let device =
        guest.post("/onboarding/enrollment/addDevice", &json!({ "enrollmentToken": token, "deviceId": "kiosk" })).expect(200).json();
    assert_eq!((&device["enrollmentStatus"], &device["registrationCode"]), (&json!(1), &json!("")));
    let done = add_face(&guest, &token, "person=ada").expect(200).json();
    assert_eq!((&done["enrollmentStatus"], &done["livenessResult"]), (&json!(2), &json!(true)));
    assert_eq!(done["faceLivenessResults"]["video"]["liveness_result"]["decision"], "LIVE");
    let code = done["registrationCode"].as_str().expect("a code");
    let details = guest.get(&format!("/onboarding/admin/registration/{code}")).expect(200).json();
    assert_eq!(details["registeredDevices"][0]["deviceId"], "kiosk");
    let ledger = guest.twin.ledger();
    assert_eq!((ledger.registrations_of_key("ada"), ledger.registrations_of_person("ada")), (1, 1));
    add_face(&guest, &token, "person=ada").expect(400);
    let again = guest.post("/onboarding/enrollment/enroll", &json!({ "username": "ada", "email": "a@b.invalid" })).expect(200).json();
    assert_eq!(again["userExistsAlready"], true);
    assert!(again["reEnrollmentToken"].is_string() && again.get("enrollmentToken").is_none());
}

/// A client that lost the last reply learns from the service that the person is there.
#[test]
fn a_lost_completion_is_found_by_asking() {
    let guest = awareid();
    set_steps(&guest, &[("addDevice", false)]);
    let token = enroll(&guest, "ada");
    guest.twin.next_for(32, Fault::LoseReply);
    let body = json!({ "enrollmentToken": token, "faceLivenessData": package("person=ada") });
    assert!(guest.try_post("/onboarding/enrollment/addFace", &body).is_err());
    let again = guest.post("/onboarding/enrollment/enroll", &json!({ "username": "ada", "email": "a@b.invalid" })).expect(200).json();
    assert_eq!(again["userExistsAlready"], true);
    assert_eq!(guest.twin.ledger().doubled(), Vec::<String>::new());
}

#[test]
fn three_failed_faces_end_an_enrolment() {
    let guest = awareid();
    let token = enroll(&guest, "eve");
    for (mark, decision, status) in [("spoof=1", "SPOOF", 1), ("poor=1", "TOO_BLURRY", 1), ("faces=0", "UNABLE_TO_CALCULATE_LIVENESS", 0)] {
        let reply = add_face(&guest, &token, mark).expect(200).json();
        assert_eq!((&reply["livenessResult"], &reply["enrollmentStatus"]), (&json!(false), &json!(status)), "{mark}");
        assert_eq!(reply["faceLivenessResults"]["video"]["liveness_result"]["decision"], decision);
    }
    let closed = add_face(&guest, &token, "person=eve").expect(400).json();
    assert_eq!(closed["errorCode"], "INPUT_VALUES_ERROR");
    assert_eq!(guest.twin.ledger().holdings, []);
}

#[test]
fn one_spoofed_frame_among_three_is_enough() {
    let guest = awareid();
    let token = enroll(&guest, "eve");
    let mut mixed = package_of("charlie4", "person=eve", 3);
    mixed["video"]["workflow_data"]["frames"][2]["data"] = json!(crate::pictures::face("person=eve;spoof=1"));
    let body = json!({ "enrollmentToken": token, "faceLivenessData": mixed });
    assert_eq!(guest.post("/onboarding/enrollment/addFace", &body).expect(200).json()["livenessResult"], false);
}

#[test]
fn a_document_is_compared_with_the_selfie_before_it() {
    let guest = awareid();
    set_steps(&guest, &[("addDevice", false), ("addDocument", true)]);
    let token = enroll(&guest, "ada");
    let add = |mark: &str| {
        let body = json!({ "enrollmentToken": token, "documentsInfo": document(mark) });
        guest.post("/onboarding/enrollment/addDocumentOCR", &body)
    };
    add_face(&guest, &token, "person=ada").expect(200);
    let other = add("person=bob").expect(200).json();
    assert_eq!((&other["matchResult"], &other["enrollmentStatus"]), (&json!(false), &json!(1)));
    let expired = add("person=ada;expired=1").expect(200).json();
    assert_eq!((&expired["documentVerificationResult"], &expired["ocrResults"]["overallResult"]), (&json!(false), &json!("FAILED")));
    assert_eq!(add("person=ada;poor=1").expect(500).json()["errorCode"], "OCR_PROCESSING_ERROR");
    let good = add("person=ada").expect(200).json();
    assert_eq!((&good["matchResult"], &good["enrollmentStatus"]), (&json!(true), &json!(2)));
}

#[test]
fn a_tenant_may_want_nobody_twice() {
    let guest = awareid();
    register(&guest, "ada");
    set_steps(&guest, &[("addDevice", false)]);
    let path = "/onboarding/admin/customerConfig";
    let mut settings = guest.get(path).expect(200).json()["onboardingConfig"].clone();
    settings["onboardingOptions"]["enrollment"]["checkDuplicateEnrollment"]["enabled"] = json!(true);
    guest.post(path, &json!({ "onboardingConfig": settings })).expect(200);
    let token = enroll(&guest, "ada-again");
    assert_eq!(add_face(&guest, &token, "person=ada").expect(200).json()["enrollmentStatus"], 0);
    assert_eq!(guest.twin.ledger().registrations_of_person("ada"), 1);
}

#[test]
fn a_cancelled_enrolment_takes_nothing_more() {
    let guest = awareid();
    let token = enroll(&guest, "ada");
    guest.post("/onboarding/enrollment/cancel", &json!({ "enrollmentToken": token })).expect(200);
    add_face(&guest, &token, "person=ada").expect(400);
    guest.post("/onboarding/enrollment/cancel", &json!({ "enrollmentToken": token })).expect(400);
    guest.post("/onboarding/enrollment/cancel", &json!({})).expect(400);
}

#[test]
fn a_reenrolment_proves_the_person_and_replaces_devices() {
    let guest = awareid();
    let code = register(&guest, "ada");
    let start = || {
        let reply = guest.post("/onboarding/enrollment/enroll", &json!({ "username": "ada", "email": "a@b.invalid" })).expect(200).json();
        reply["reEnrollmentToken"].as_str().expect("a token").to_owned()
    };
    let token = start();
    let finish = |device: &str, mode: u8| json!({ "reEnrollmentToken": token, "deviceId": device, "addOrUpdate": mode });
    guest.post("/onboarding/reEnrollment/reEnroll", &finish("kiosk", 0)).expect(400);
    let face = |mark: &str| json!({ "reEnrollmentToken": token, "faceLivenessData": package(mark) });
    assert_eq!(guest.post("/onboarding/reEnrollment/verifyFace", &face("person=bob")).expect(200).json()["matchResult"], false);
    assert_eq!(guest.post("/onboarding/reEnrollment/verifyFace", &face("person=ada")).expect(200).json()["authStatus"], 2);
    assert_eq!(guest.post("/onboarding/reEnrollment/reEnroll", &finish("kiosk", 0)).expect(200).json()["registrationCode"], code.as_str());
    let token = start();
    guest
        .post("/onboarding/reEnrollment/verifyFace", &json!({ "reEnrollmentToken": token, "faceLivenessData": package("person=ada") }))
        .expect(200);
    let body = json!({ "reEnrollmentToken": token, "deviceId": "other", "addOrUpdate": 1 });
    guest.post("/onboarding/reEnrollment/reEnroll", &body).expect(200);
    let details = guest.get(&format!("/onboarding/admin/registration/{code}")).expect(200).json();
    assert_eq!(details["registeredDevices"].as_array().map(Vec::len), Some(1));
    assert_eq!(details["registeredDevices"][0]["deviceId"], "other");
}
