//! FACEKI's verification, face match and codes.

use crate::guest::{guest, signed_in};
use crate::pictures::jpeg;
use serde_json::{Value, json};
use visavis::adapters::twin::{Fault, credentials};
use visavis::ports::services::ServiceKind;

const MATCH: &str = "/api/v3/kyc_verification/search-by-face";
const VERIFY: &str = "/api/v3/kyc_verification";

#[test]
fn a_verified_person_is_found_again() {
    let guest = signed_in(ServiceKind::Faceki);
    let selfie = jpeg("person=ada");
    let none = guest.post_parts(MATCH, &[("selfie", &selfie)]).expect(200).json();
    assert_eq!((&none["status"], &none["result"]), (&json!(true), &json!([])));
    let workflow = credentials::WORKFLOW.as_bytes();
    let parts: [(&str, &[u8]); 4] =
        [("selfie", &selfie), ("workflowId", workflow), ("document_1_front", &selfie), ("record_identifier", b"key-1")];
    let verified = guest.post_parts(VERIFY, &parts).expect(200).json();
    assert_eq!((&verified["code"], &verified["result"]["decision"]), (&json!(200), &json!("ACCEPTED")));
    let found = guest.post_parts(MATCH, &[("selfie", &selfie)]).expect(200).json();
    assert_eq!(found["result"][0]["record_identifier"], "key-1");
    assert_eq!(found["result"][0]["requestId"], verified["result"]["requestId"]);
    guest.twin.next(Fault::Shape(1));
    assert!(guest.post_parts(MATCH, &[("selfie", &selfie)]).expect(200).json()["result"].is_object());
    guest.post_parts(VERIFY, &parts).expect(200);
    assert_eq!(guest.twin.ledger().registrations_of_key("key-1"), 2, "the identifier is no key");
    guest.twin.next(Fault::Shape(1));
    assert!(guest.post_parts(MATCH, &[("selfie", &selfie)]).expect(200).json()["result"].is_array(), "two do not fit one object");
    for shape in [1, 2] {
        guest.twin.next(Fault::Shape(shape));
        let none = guest.post_parts(MATCH, &[("selfie", &jpeg("person=bob"))]).expect(200).json();
        assert!(none["code"] == 8013 || none["result"] == Value::Null, "{none}");
    }
}

#[test]
fn a_declined_person_is_on_file_with_every_flag_set() {
    let guest = signed_in(ServiceKind::Faceki);
    let selfie = jpeg("person=eve;declined=1");
    let workflow = credentials::WORKFLOW.as_bytes();
    guest.post_parts(VERIFY, &[("selfie", &selfie), ("workflowId", workflow), ("document_1_front", &jpeg(""))]).expect(200);
    let record = guest.post_parts(MATCH, &[("selfie", &selfie)]).expect(200).json()["result"][0].clone();
    assert_eq!(record["decision"], "DECLINED");
    assert!(record["verification_summary"].as_object().expect("flags").values().all(|v| v == &json!(true)));
}

#[test]
fn codes_are_given_as_documented() {
    let guest = signed_in(ServiceKind::Faceki);
    let (good, workflow) = (jpeg("person=ada"), credentials::WORKFLOW.as_bytes());
    let code = |parts: &[(&str, &[u8])], path: &str| guest.post_parts(path, parts).json()["code"].as_u64().expect("a code");
    assert_eq!(code(&[("photo", &good)], MATCH), 8001);
    assert_eq!(code(&[("selfie", b"no picture")], MATCH), 8003);
    for (mark, expected) in [("faces=0", 8006), ("faces=2", 8018), ("poor=1", 8019)] {
        assert_eq!(code(&[("selfie", &jpeg(mark))], MATCH), expected, "{mark}");
    }
    assert_eq!(code(&[("selfie", &good), ("document_1_front", &good)], VERIFY), 5002);
    assert_eq!(code(&[("selfie", &good), ("workflowId", b"other"), ("document_1_front", &good)], VERIFY), 5001);
    assert_eq!(code(&[("selfie", &good), ("workflowId", workflow)], VERIFY), 5006);
    let spoof = jpeg("person=ada;spoof=1");
    assert_eq!(code(&[("selfie", &spoof), ("workflowId", workflow), ("document_1_front", &good)], VERIFY), 5004);
    let other = jpeg("person=bob");
    assert_eq!(code(&[("selfie", &good), ("workflowId", workflow), ("document_1_front", &other)], VERIFY), 5005);
    assert_eq!(guest.twin.ledger().holdings, [], "nothing that was refused is kept");
}

#[test]
fn tokens_are_had_in_every_documented_way_and_end() {
    let mut guest = guest(ServiceKind::Faceki);
    let path = "/auth/api/access-token";
    let (id, secret) = (credentials::CLIENT_ID, credentials::CLIENT_SECRET);
    let header = guest.request("GET", path).header("clientId", id).header("clientSecret", secret);
    let by_header = guest.send(header).expect("a reply").expect(200).json();
    assert_eq!((&by_header["responseCode"], &by_header["data"]["expires_in"]), (&json!(0), &json!(3600)));
    guest.post(path, &json!({ "clientId": id, "clientSecret": secret })).expect(200);
    guest.get(&format!("{path}?clientId={id}&clientSecret=wrong")).expect(401);
    assert_eq!(guest.post_parts(MATCH, &[("selfie", &jpeg("person=ada"))]).expect(401).json()["code"], 1);
    guest.sign_in();
    guest.post_parts(MATCH, &[("selfie", &jpeg("person=ada"))]).expect(200);
    guest.pass(3600);
    guest.post_parts(MATCH, &[("selfie", &jpeg("person=ada"))]).expect(401);
}

#[test]
fn one_selfie_is_analysed_and_rules_are_told() {
    let guest = signed_in(ServiceKind::Faceki);
    let path = format!("{VERIFY}/analyzeFace");
    let score = |mark: &str| guest.post_parts(&path, &[("selfie", &jpeg(mark))]).expect(200).json()["result"]["livenessScore"].as_f64();
    assert!(score("person=ada") > Some(0.5) && score("person=ada;spoof=1") < Some(0.5));
    let rules = "/api/v3/workflows/rules?workflowId=";
    assert!(guest.get(&format!("{rules}{}", credentials::WORKFLOW)).expect(200).json()["result"].is_object());
    assert_eq!(guest.get(&format!("{rules}other")).expect(200).json()["code"], 7001);
}
