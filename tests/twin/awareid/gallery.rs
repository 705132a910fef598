//! Galleries, searches, paging and deletion.

use super::{awareid, register};
use crate::guest::Guest;
use crate::pictures::{base64, face};
use serde_json::{Value, json};
use visavis::adapters::twin::Fault;

fn matched(guest: &Guest, body: &Value) -> Vec<String> {
    let reply = guest.post("/onboarding/gallery/matchFace", body).expect(200).json();
    let list = reply["list"].as_array().expect("a list").clone();
    assert_eq!(reply["matchCount"], list.len());
    list.iter().map(|m| m["username"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn people_are_searched_over_all_or_within_a_gallery() {
    let guest = awareid();
    let ada = register(&guest, "ada");
    register(&guest, "bob");
    let search = |more: Value| {
        let mut body = json!({ "image": face("person=ada") });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        matched(&guest, &body)
    };
    assert_eq!(search(json!({})), ["ada"]);
    assert_eq!(search(json!({ "cutoffScorePercent": 0 })), ["ada", "bob"], "best first");
    assert_eq!(search(json!({ "cutoffScorePercent": 0, "candidateListSize": 1 })), ["ada"]);
    assert_eq!(search(json!({ "cutoffScorePercent": 98.02 })), Vec::<String>::new(), "strictly above");
    assert_eq!(search(json!({ "candidateList": [ada] })), ["ada"]);
    assert_eq!(search(json!({ "candidateList": ["other"] })), Vec::<String>::new());
    guest.post("/onboarding/gallery/addGallery", &json!({ "galleryName": "staff" })).expect(200);
    assert_eq!(search(json!({ "galleryName": "staff" })), Vec::<String>::new());
    guest.post("/onboarding/gallery/addRegistrationToGallery", &json!({ "galleryName": "staff", "username": "ada" })).expect(200);
    assert_eq!(search(json!({ "galleryName": "staff" })), ["ada"]);
    guest.post("/onboarding/gallery/matchFace", &json!({ "image": face(""), "galleryName": "none" })).expect(400);
    assert_eq!(matched(&guest, &json!({ "image": face("person=ada;spoof=1") })), ["ada"], "no liveness is checked here");
}

#[test]
fn the_same_name_is_refused_and_a_deletion_is_real() {
    let guest = awareid();
    let code = register(&guest, "ada");
    let again = json!({ "username": "ada", "email": "a@b.invalid", "image": face("person=ada") });
    guest.post("/onboarding/gallery/registerUser", &again).expect(400);
    guest.post("/onboarding/gallery/registerUser", &json!({ "username": "x", "email": "e", "image": base64(b"no") })).expect(400);
    let path = format!("/onboarding/admin/registration/{code}");
    guest.get(&path).expect(200);
    guest.delete(&path).expect(200);
    guest.delete(&path).expect(404);
    guest.get(&path).expect(404);
    assert_eq!(matched(&guest, &json!({ "image": face("person=ada") })), Vec::<String>::new());
    assert_eq!(guest.twin.ledger().holdings, []);
    register(&guest, "ada");
}

#[test]
fn the_default_gallery_is_neither_made_nor_emptied() {
    let guest = awareid();
    register(&guest, "ada");
    let name = json!({ "galleryName": "(default)", "username": "ada" });
    guest.post("/onboarding/gallery/addGallery", &name).expect(400);
    guest.post("/onboarding/gallery/deleteGallery", &name).expect(400);
    guest.post("/onboarding/gallery/deleteRegistrationFromGallery", &name).expect(400);
    assert_eq!(guest.post("/onboarding/gallery/isRegistrationInGallery", &name).expect(200).json()["exist"], true);
    assert_eq!(guest.get("/onboarding/gallery/listGallery").expect(200).json()["list"], json!(["(default)"]));
    guest.twin.next(Fault::Shape(1));
    let objects = guest.get("/onboarding/gallery/listGallery").expect(200).json();
    assert_eq!(objects["list"], json!([{ "galleryName": "(default)" }]));
}

#[test]
fn lists_are_paged() {
    let guest = awareid();
    (0..5).for_each(|n| _ = register(&guest, &format!("p{n}")));
    let list = |body: Value| guest.post("/onboarding/admin/registration", &body);
    let last = list(json!({ "pageNumber": 3, "pageSize": 2 })).expect(200).json();
    assert_eq!((&last["totalPages"], &last["totalRecords"]), (&json!(3), &json!(5)));
    assert_eq!(last["list"].as_array().map(Vec::len), Some(1));
    assert_eq!(list(json!({ "pageNumber": 9, "pageSize": 2 })).expect(200).json()["list"], json!([]));
    list(json!({ "pageSize": 2 })).expect(400);
    list(json!({ "pageNumber": 0, "pageSize": 2 })).expect(400);
    let members = guest.post("/onboarding/gallery/listRegistrationInGallery", &json!({ "includeTemplate": true })).expect(200).json();
    let codes: Vec<&str> = members["list"].as_array().expect("a list").iter().filter_map(|m| m["registrationCode"].as_str()).collect();
    assert!(codes.len() == 5 && codes.is_sorted());
    assert!(members["list"][0]["template"].is_string());
}
