//! The two error shapes, credentials, and what the page says of wrong input.

use super::{awareid, package, package_of, register};
use crate::guest::guest;
use crate::pictures::{base64, face, sized};
use serde_json::{Value, json};
use visavis::adapters::twin::{Fault, credentials};
use visavis::ports::services::ServiceKind;

#[test]
fn liveness_answers_with_its_own_codes() {
    let guest = awareid();
    let mut cases = vec![
        (json!({}), -3),
        (json!({ "video": "text" }), -4),
        (package_of("hotel", "", 1), -6),
        (package_of("hotel4", "", 3), -6),
        (package_of("charlie4", "", 2), -6),
        (package_of("hotel4", "", 0), -3),
    ];
    let altered = |change: &dyn Fn(&mut Value)| {
        let mut package = package_of("charlie4", "", 3);
        change(&mut package["video"]);
        package
    };
    let frame = |name: &'static str, value: Value| move |video: &mut Value| video["workflow_data"]["frames"][1][name] = value.clone();
    cases.push((altered(&frame("data", json!("***"))), -5));
    cases.push((altered(&frame("data", json!(base64(b"no picture")))), -7));
    cases.push((altered(&frame("data", json!(base64(&sized(8, 8))))), -8));
    cases.push((altered(&frame("timestamp", json!("now"))), -4));
    cases.push((altered(&frame("tags", Value::Null)), -3));
    cases.push((altered(&|video| video["meta_data"]["username"] = json!(1)), -4));
    cases.push((altered(&|video| video["workflow_data"]["workflow"] = Value::Null), -3));
    for (body, code) in cases {
        let reply = guest.post("/faceliveness/analyze", &body).expect(400).json();
        assert_eq!(reply["error"]["code"], code, "{reply}");
    }
    let text = guest.send(guest.request("POST", "/faceliveness/analyze").body("{")).expect("a reply").expect(400).json();
    assert_eq!(text["error"]["code"], -2);
    for (workflow, frames) in [("charlie2", 1), ("delta6", 3), ("foxtrot4", 1), ("charlie4", 5)] {
        guest.post("/faceliveness/analyze", &package_of(workflow, "", frames)).expect(200);
    }
}

#[test]
fn the_matcher_knows_its_algorithm_and_its_templates() {
    let guest = awareid();
    let compare = |probe: Value, gallery: Value, algorithm: &str| {
        let workflow = json!({ "comparator": { "algorithm": algorithm, "faceTypes": ["VISIBLE_FRONTAL"] } });
        guest.post("/nexaface/compare", &json!({ "probe": probe, "gallery": gallery, "workflow": workflow }))
    };
    let picture = |mark: &str| json!({ "VISIBLE_FRONTAL": face(mark) });
    let encounter = json!({ "encounter": { "VISIBLE_FRONTAL": face("person=ada") } });
    let template = json!({ "import": guest.post("/nexaface/export", &encounter).expect(200).json()["export"] });
    let percent = |reply: crate::guest::Answered| reply.expect(200).json()["scorePercent"].as_f64().expect("a number");
    assert!(percent(compare(picture("person=ada"), template.clone(), "F500")) > 90.0);
    assert!(percent(compare(picture("person=bob"), template.clone(), "F500")) < 10.0);
    assert_eq!(compare(picture(""), template.clone(), "F200").expect(500).json()["error"]["code"], 113);
    assert_eq!(compare(picture(""), template, "F900").expect(400).json()["error"]["code"], -6);
    assert_eq!(compare(picture(""), json!({ "import": base64(b"x") }), "F500").expect(400).json()["error"]["code"], -6);
    let missing = guest.post("/nexaface/compare", &json!({})).expect(400).json();
    assert_eq!(missing["error"]["description"], "Required field \"probe\" is missing.");
}

#[test]
fn the_platform_answers_with_its_own_shape() {
    let guest = awareid();
    let missing = guest.post("/onboarding/enrollment/enroll", &json!({ "username": "ada" })).expect(400).json();
    assert_eq!((&missing["errorCode"], &missing["status"]), (&json!("INPUT_FORMAT_ERROR"), &json!(400)));
    assert!(missing["timestamp"].is_string());
    let unknown = json!({ "authToken": "x", "faceLivenessData": package("") });
    assert_eq!(guest.post("/onboarding/authentication/verifyFace", &unknown).expect(400).json()["errorCode"], "INPUT_VALUES_ERROR");
    guest.twin.next(Fault::Shape(1));
    guest.post("/onboarding/authentication/verifyFace", &unknown).expect(500);
    let document = json!({ "documentImage": { "image": face(""), "format": ".gif" } });
    assert_eq!(guest.post("/documentVerification/validateDocumentType", &document).expect(400).json()["errorCode"], "INVALID_INPUT");
    let bare = json!({ "documentImage": { "image": face("") } });
    guest.post("/documentVerification/validateDocumentType", &bare).expect(200);
    guest.post("/b2c/sdk/documentVerification/validateDocumentType", &bare).expect(400);
    let spaced = json!({ "documentImage": { "image": format!(" {}", face("")), "format": "JPG" } });
    assert_eq!(guest.post("/documentVerification/validateDocumentType", &spaced).expect(400).json()["errorCode"], "INVALID_INPUT");
    let scheme = json!({ "documentImage": { "image": face(""), "format": "JPG", "lightingScheme": 999 } });
    guest.post("/b2c/sdk/documentVerification/validateDocumentType", &scheme).expect(400);
}

#[test]
fn both_headers_are_wanted_and_tokens_end() {
    let mut guest = guest(ServiceKind::AwareId);
    guest.get("/faceliveness/version").expect(401);
    guest.sign_in();
    guest.get("/faceliveness/version").expect(200);
    guest.pass(300);
    assert_eq!(guest.get("/faceliveness/version").expect(401).text(), "Jwt is expired");
    guest.sign_in();
    guest.get("/faceliveness/version").expect(200);
    let form = |realm: &str, secret: &str| {
        let body = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", credentials::CLIENT_ID);
        let path = format!("/auth/realms/{realm}/protocol/openid-connect/token");
        guest.send(guest.request("POST", &path).header("content-type", "application/x-www-form-urlencoded").body(body)).expect("a reply")
    };
    form(credentials::REALM, "wrong").expect(401);
    form("elsewhere", credentials::CLIENT_SECRET).expect(404);
    let token = form(credentials::REALM, credentials::CLIENT_SECRET).expect(200).json()["access_token"].clone();
    let only_token = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    let request = only_token.get(format!("{}/faceliveness/version", guest.twin.base_url()));
    let reply = guest.send(request.header("authorization", format!("Bearer {}", token.as_str().expect("a token")))).expect("a reply");
    assert_eq!(reply.status, 401, "the second header is missing");
}

#[test]
fn settings_are_written_whole_or_not_at_all() {
    // An empty body is one that no client of ours writes.
    let guest = awareid().loosely();
    let path = "/onboarding/admin/customerConfig";
    let settings = guest.get(path).expect(200).json()["onboardingConfig"].clone();
    guest.post(path, &json!({})).expect(200);
    let write = |change: &dyn Fn(&mut Value)| {
        let mut settings = settings.clone();
        change(&mut settings);
        guest.post(path, &json!({ "onboardingConfig": settings })).status
    };
    let without = |s: &mut Value| _ = s["onboardingOptions"].as_object_mut().expect("an object").remove("authentication");
    assert_eq!(write(&without), 500);
    assert_eq!(write(&|s| s["onboardingOptions"]["enrollment"]["addFace"] = json!(false)), 400);
    assert_eq!(write(&|s| s["onboardingOptions"]["enrollment"]["icaoVerification"] = json!("OPTIONAL")), 400);
    assert_eq!(write(&|s| s["maxDeviceIds"] = json!(0)), 400);
    assert_eq!(guest.get(path).expect(200).json()["onboardingConfig"], settings);
    assert_eq!(write(&|s| s["maxAuthenticationAttempts"] = json!(1)), 200);
    register(&guest, "ada");
    let token = super::authenticate(&guest, "ada");
    let body = json!({ "authToken": token, "faceLivenessData": package("person=bob") });
    assert_eq!(guest.post("/onboarding/authentication/verifyFace", &body).expect(200).json()["authStatus"], 0);
}
