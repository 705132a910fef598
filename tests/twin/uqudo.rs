//! Uqudo's five operations and its statuses.

use crate::guest::{guest, signed_in};
use crate::pictures::{base64, face, jpeg};
use serde_json::{Value, json};
use visavis::adapters::twin::{Fault, credentials};
use visavis::ports::services::ServiceKind;

const SEARCH: &str = "/api/v1/face/one-to-n/search";
const INSERT: &str = "/api/v1/face/one-to-n/insert";

#[test]
fn the_index_is_searched_filled_and_never_forgets() {
    let guest = signed_in(ServiceKind::Uqudo);
    let photo = |mark: &str, insert: bool| json!({ "idPhoto": face(mark), "insert": insert });
    let none = guest.post(SEARCH, &photo("person=ada", false)).expect(200).json();
    assert_eq!((&none["oneToNVerificationMatch"], &none["oneToNVerificationId"]), (&json!(false), &Value::Null));
    let added = guest.post(SEARCH, &photo("person=ada", true)).expect(200).json();
    assert_eq!(added["oneToNVerificationMatch"], false);
    let found = guest.post(SEARCH, &photo("person=ada", true)).expect(200).json();
    assert_eq!((&found["oneToNVerificationMatch"], &found["oneToNVerificationId"]), (&json!(true), &added["oneToNVerificationId"]));
    assert_eq!(guest.twin.ledger().registrations_of_person("ada"), 1, "search with insert does not double");
    let one = format!("{SEARCH}/{}", added["oneToNVerificationId"].as_str().expect("an id"));
    assert_eq!(guest.delete(&one).expect(204).body, b"");
    guest.delete(&one).expect(404);
    assert_eq!(guest.post(SEARCH, &photo("person=ada", false)).expect(200).json()["oneToNVerificationMatch"], true);
    assert_eq!(guest.twin.ledger().registrations_of_person("ada"), 0);
    assert_eq!(guest.twin.ledger().holdings.len(), 1);
    for _ in 0..2 {
        assert!(guest.post(INSERT, &json!({ "idPhoto": face("person=bob") })).expect(200).json()["oneToNVerificationId"].is_string());
    }
    assert_eq!(guest.twin.ledger().doubled(), ["bob"], "insert has nothing that makes a repetition harmless");
}

#[test]
fn pairs_are_compared_against_the_level() {
    let guest = signed_in(ServiceKind::Uqudo);
    let pair = |a: &str, b: &str, level: Value| json!({ "sourceImage": face(a), "targetImage": face(b), "minimumMatchLevel": level });
    let path = "/api/v1/face/match";
    assert_eq!(guest.post(path, &pair("person=ada", "person=ada", json!(5))).expect(200).json(), json!({ "match": true, "matchLevel": 5 }));
    let others = guest.post(path, &pair("person=ada", "person=bob", Value::Null)).expect(200).json();
    assert_eq!(others, json!({ "match": false, "matchLevel": 1 }));
    guest.post(path, &pair("person=ada", "person=ada", json!(6))).expect(400);
    guest.post(path, &pair("person=ada", "person=ada", json!("3"))).expect(400);
    guest.twin.next(Fault::Shape(1));
    assert_eq!(guest.post(path, &pair("person=ada", "person=bob", Value::Null)).expect(200).json()["matchLevel"], 0);
}

#[test]
fn sessions_are_taken_as_a_form_or_as_json() {
    let guest = signed_in(ServiceKind::Uqudo);
    assert!(guest.post_parts("/api/v1/face", &[("idPhoto", &jpeg("person=ada"))]).expect(201).json()["sessionId"].is_string());
    assert!(guest.post("/api/v1/face", &json!({ "idPhoto": face("person=ada") })).expect(201).json()["sessionId"].is_string());
    guest.post_parts("/api/v1/face", &[("photo", &jpeg("person=ada"))]).expect(400);
}

#[test]
fn statuses_come_without_a_body() {
    let mut guest = guest(ServiceKind::Uqudo);
    let photo = json!({ "idPhoto": face("person=ada") });
    assert_eq!(guest.post(INSERT, &photo).expect(401).body, b"");
    guest.sign_in_as(credentials::LIMITED_CLIENT_ID);
    guest.post("/api/v1/face", &photo).expect(201);
    assert_eq!(guest.post(INSERT, &photo).expect(403).body, b"");
    guest.post(SEARCH, &photo).expect(403);
    guest.sign_in();
    guest.post(INSERT, &json!({})).expect(400);
    guest.post(INSERT, &json!({ "idPhoto": "***" })).expect(400);
    guest.post(INSERT, &json!({ "idPhoto": format!("data:image/jpeg;base64,{}", face("person=ada")) })).expect(400);
    assert_eq!(guest.post(INSERT, &json!({ "idPhoto": base64(b"GIF89a") })).expect(415).body, b"");
    let large = [jpeg("person=ada"), vec![0; 5 * 1024 * 1024]].concat();
    assert_eq!(guest.post(INSERT, &json!({ "idPhoto": base64(&large) })).expect(413).body, b"");
    guest.pass(1800);
    guest.post(INSERT, &photo).expect(401);
    assert_eq!(guest.twin.ledger().holdings, []);
}
