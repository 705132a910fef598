//! One successful call of every operation, by its number.

use super::{awareid, document, package, set_steps};
use crate::guest::Guest;
use crate::pictures::{face, voice};
use serde_json::{Value, json};
use std::collections::BTreeSet;

struct Tour {
    guest: Guest,
    seen: BTreeSet<u16>,
}

impl Tour {
    /// Calls the operation with this number, whose reply must be a success; braces in its path are filled with `parameter`.
    #[track_caller]
    fn call(&mut self, number: u16, parameter: &str, body: &Value) -> Value {
        let row = visavis::adapters::twin::operations().into_iter().find(|o| o.service == "awareid" && o.number == number);
        let row = row.expect("a row");
        let path = match (row.path.find('{'), row.path.find('}')) {
            (Some(from), Some(to)) => format!("{}{parameter}{}", &row.path[..from], &row.path[to + 1..]),
            _ => row.path,
        };
        let request = self.guest.request(row.method, &path);
        let request = if row.method == "GET" || row.method == "DELETE" { request } else { request.json(body) };
        let reply = self.guest.send(request).expect("a reply");
        assert!((200..300).contains(&reply.status), "{number} {path}: {} {}", reply.status, reply.text());
        self.seen.insert(number);
        serde_json::from_slice(&reply.body).unwrap_or_else(|_| json!(reply.text()))
    }

    /// Puts `body` in an envelope.
    fn sealed(&self, body: &Value) -> Value {
        super::encrypted::sealed(&self.guest, body)
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

#[test]
fn every_operation_succeeds() {
    let mut tour = Tour { guest: awareid(), seen: BTreeSet::new() };
    liveness_and_matchers(&mut tour);
    documents_and_preface(&mut tour);
    let code = enrolment(&mut tour);
    authentication(&mut tour, &code);
    re_enrolment(&mut tour);
    galleries(&mut tour);
    geofences_and_compliance(&mut tour);
    administration(&mut tour, &code);
    let missing: Vec<u16> = (1..=95).filter(|n| !tour.seen.contains(n)).collect();
    assert_eq!(missing, Vec::<u16>::new());
}

fn liveness_and_matchers(tour: &mut Tour) {
    for number in [1, 7, 12, 15] {
        assert!(text(&tour.call(number, "", &json!({}))).contains("Library, version"), "{number}");
    }
    let live = package("person=ada");
    let decision = |reply: &Value| reply["video"]["liveness_result"]["decision"].clone();
    for number in [2, 3] {
        assert_eq!(decision(&tour.call(number, "", &live)), "LIVE");
    }
    let sealed = tour.sealed(&live);
    for number in [4, 5, 6, 25] {
        assert_eq!(decision(&tour.call(number, "", &sealed)), "LIVE");
    }
    let spoken = json!({ "voice": { "voiceSamples": [{ "data": voice(1) }], "workflow": "alfa4", "meta_data": { "username": "t" } } });
    let sealed = tour.sealed(&spoken);
    for (number, body) in [(8, &spoken), (9, &sealed)] {
        assert_eq!(tour.call(number, "", body)["voice"]["livenessResult"]["decision"], "LIVE");
    }
    for (number, body) in [(10, &spoken), (11, &sealed)] {
        assert_eq!(tour.call(number, "", body)["voice"]["length"], 1.0);
    }
    let template = tour.call(14, "", &json!({ "encounter": { "VISIBLE_FRONTAL": face("person=ada"), "id": "e" } }))["export"].clone();
    let comparator = json!({ "comparator": { "algorithm": "F500", "faceTypes": ["VISIBLE_FRONTAL"] } });
    let pair = json!({ "probe": { "VISIBLE_FRONTAL": face("person=ada") }, "gallery": { "import": template }, "workflow": comparator });
    assert!(tour.call(13, "", &pair)["score"].as_f64() > Some(13.0));
    let sample = |tone| json!({ "voiceSamples": [{ "data": voice(tone), "voiceSampleType": "STATIC_PHRASE" }] });
    let comparator = json!({ "comparator": { "algorithm": "V500", "voiceTypes": ["STATIC_PHRASE"] } });
    let pair = json!({ "probe": sample(1), "gallery": sample(2), "workflow": comparator });
    assert!(tour.call(16, "", &pair)["scorePercent"].as_f64() < Some(50.0));
    for body in [json!({ "encounter": sample(1)["voiceSamples"][0] }), sample(1)["voiceSamples"][0].clone()] {
        assert!(tour.call(17, "", &body)["export"].is_string());
    }
}

fn documents_and_preface(tour: &mut Tour) {
    let page = json!({ "documentImage": { "lightingScheme": 6, "image": face("person=ada"), "format": ".jpeg" } });
    for number in [18, 26, 34] {
        assert_eq!(tour.call(number, "", &page)["validDocument"], true);
    }
    let instructions = json!({
        "checkLiveness": true,
        "documentValidationRules": { "validateDocumentNotExpired": true, "validateMinimumAge": true, "minimumAge": 18 },
    });
    let body = json!({
        "documentsInfo": document("person=ada"), "biometricsInfo": { "facialImage": { "image": face("person=ada") } },
        "processingInstructions": instructions, "metadata": {},
    });
    for number in [19, 27] {
        assert_eq!(tour.call(number, "", &body)["overallAuthenticationResult"], "OK");
    }
    assert!(text(&tour.call(20, "", &json!({}))).contains("KnomiFaceAnalyzer"));
    let (profile, size) = (json!({ "xml": "<profile/>" }), json!({ "width": 480, "height": 640 }));
    let region = tour.call(21, "", &json!({ "profile": profile, "resolution": size }));
    assert!(region["x"].as_i64().zip(region["width"].as_i64()).is_some_and(|(x, w)| x >= 0 && x + w <= 480));
    let input = json!({ "imageData": face("person=ada"), "rotation": 0 });
    let output = json!([{ "id": "o", "profileXml": "<profile/>", "metrics": ["IMAGE_WIDTH", "IMAGE_HEIGHT"] }]);
    let analysed = tour.call(22, "", &json!({ "images": [{ "id": "i", "input": input, "output": output }] }));
    assert_eq!(analysed["images"][0]["faces"][0]["output"][0]["metrics"][1]["value"], 64);
    let frame = |mark: &str| json!({ "data": face(mark), "tags": [], "timestamp": 1 });
    let video = json!({
        "profile": profile, "rotation": "0", "frames": [frame("faces=0"), frame("person=ada"), frame("person=ada")],
        "resolutionPreview": { "width": 240, "height": 320 }, "resolutionCapture": size, "autocaptureMinimumFrameCount": 2,
    });
    let sealed = tour.sealed(&video);
    for (number, body) in [(23, &video), (24, &sealed)] {
        let reply = tour.call(number, "", body);
        assert_eq!(reply["results"], json!({ "captured": true, "capturedFrameIndex": 2 }));
        assert_eq!(reply["frameResults"][0]["feedback"], json!(["NO_FACE_DETECTED"]));
    }
}

fn voice_package() -> Value {
    json!({ "voice": { "voiceSamples": [{ "data": voice(9) }] } })
}

/// An enrolment through every check; the registration code.
fn enrolment(tour: &mut Tour) -> String {
    let on = ["addVoice", "addDocument", "addPIN", "checkDeviceSecurity"].map(|step| (step, true));
    set_steps(&tour.guest, &on);
    let start = |tour: &mut Tour, username: &str| {
        let body = json!({ "username": username, "email": "a@b.invalid", "firstName": "Ada", "lastName": "Example" });
        text(&tour.call(30, "", &body)["enrollmentToken"])
    };
    let given_up = start(tour, "gone");
    tour.call(47, "", &json!({ "enrollmentToken": given_up }));
    let token = start(tour, "ada");
    let with = |more: Value| {
        let mut body = json!({ "enrollmentToken": token });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    let pending = |reply: &Value| assert_eq!(reply["enrollmentStatus"], 1, "{reply}");
    pending(&tour.call(31, "", &with(json!({ "deviceId": "kiosk" }))));
    pending(&tour.call(32, "", &with(json!({ "faceLivenessData": package("person=ada") }))));
    pending(&tour.call(33, "", &with(json!({ "livenessData": voice_package() }))));
    let challenge = tour.call(36, "", &with(json!({})));
    assert_eq!(text(&challenge["challenge"]).len(), 12, "eight bytes in base 64");
    let chip = tour.call(37, "", &with(json!({ "icaoDataGroups": { "com": "AAAA" } })));
    assert_eq!(chip["icaoVerificationResult"], false);
    pending(&tour.call(35, "", &with(json!({ "documentsInfo": document("person=ada") }))));
    assert!(tour.call(38, "", &with(json!({})))["expireTime"].as_i64() > Some(1_800_000_000));
    pending(&tour.call(39, "", &with(json!({}))));
    pending(&tour.call(40, "", &with(json!({ "pii": { "phoneNumber": "1" } }))));
    assert_eq!(tour.call(41, "", &with(json!({ "pinCode": "123456" })))["policyDecision"], "approve");
    let questions = tour.call(42, "", &with(json!({ "pii": {} })))["questions"].clone();
    let answer = |q: &Value| json!({ "questionId": q["questionId"], "choiceId": q["choices"][0]["choiceId"] });
    let answers: Vec<Value> = questions.as_array().expect("questions").iter().map(answer).collect();
    assert_eq!(tour.call(43, "", &with(json!({ "answers": answers })))["policyDecision"], "approve");
    assert_eq!(tour.call(45, "", &with(json!({ "pii": { "lastName": "Example" } })))["errorCode"], 0);
    let id = json!({ "nationalIdType": "CPF", "nationalIdNumber": "123", "fields": {} });
    assert_eq!(tour.call(46, "", &with(id))["checks"]["nationalId"], "OK");
    let done = tour.call(44, "", &with(json!({ "apSessionId": "s" })));
    assert_eq!(done["enrollmentStatus"], 2);
    let listed = tour.call(84, "", &json!({ "pageNumber": 1, "pageSize": 10 }));
    text(&listed["list"][0]["registrationCode"])
}

fn authentication(tour: &mut Tour, code: &str) {
    let start = |tour: &mut Tour| text(&tour.call(48, "", &json!({ "registrationCode": code }))["authToken"]);
    let given_up = start(tour);
    tour.call(55, "", &json!({ "authToken": given_up }));
    let token = start(tour);
    let status = |reply: &Value| reply["authStatus"].as_u64().expect("a status");
    let signature = json!({ "authToken": token, "deviceId": "kiosk", "signature": "AAAA" });
    assert_eq!(status(&tour.call(49, "", &signature)), 1, "the device has no key");
    assert_eq!(status(&tour.call(52, "", &json!({ "authToken": token, "authorizationCode": "123456" }))), 1);
    assert_eq!(status(&tour.call(53, "", &json!({ "authToken": token, "apSessionId": "s" }))), 1);
    let id = json!({ "authToken": token, "nationalIdType": "CPF", "nationalIdNumber": "123" });
    assert_eq!(status(&tour.call(54, "", &id)), 1);
    let face = json!({ "authToken": token, "faceLivenessData": package("person=ada") });
    assert_eq!(status(&tour.call(50, "", &face)), 1);
    let spoken = json!({ "authToken": token, "livenessData": voice_package() });
    assert_eq!(status(&tour.call(51, "", &spoken)), 2);
}

fn re_enrolment(tour: &mut Tour) {
    let start = |tour: &mut Tour| text(&tour.call(30, "", &json!({ "username": "ada", "email": "e" }))["reEnrollmentToken"]);
    let given_up = start(tour);
    tour.call(62, "", &json!({ "reEnrollmentToken": given_up }));
    let token = start(tour);
    tour.call(56, "", &json!({ "reEnrollmentToken": token, "faceLivenessData": package("person=ada") }));
    assert_eq!(tour.call(57, "", &json!({ "reEnrollmentToken": token, "livenessData": voice_package() }))["authStatus"], 2);
    let device = json!({ "reEnrollmentToken": token, "deviceId": "kiosk", "addOrUpdate": 0 });
    let pin = tour.call(58, "", &device)["mpinId"].clone();
    let mut finish = device.clone();
    finish["pinId"] = pin;
    tour.call(59, "", &finish);
    tour.call(60, "", &json!({ "reEnrollmentToken": token, "apSessionId": "s" }));
    assert!(tour.call(61, "", &device)["registrationCode"].is_string());
    let options = json!({ "notifyByEmail": true });
    let session = tour.call(63, "", &json!({ "username": "new", "phoneNumber": "1", "notifyOptions": options }));
    assert_eq!(tour.call(65, &text(&session["sessionToken"]), &json!({}))["completionStatus"], "Pending");
    assert_eq!(tour.call(64, "", &json!({ "username": "ada" }))["status"], "SUCCESS");
}

fn galleries(tour: &mut Tour) {
    let body = json!({ "username": "bob", "email": "e", "image": face("person=bob") });
    let bob = tour.call(66, "", &body)["registrationCode"].clone();
    assert_eq!(tour.call(67, "", &json!({ "image": face("person=bob"), "includeImage": true }))["list"][0]["registrationCode"], bob);
    for name in ["a", "b"] {
        tour.call(68, "", &json!({ "galleryName": name }));
    }
    assert_eq!(tour.call(70, "", &json!({}))["list"], json!(["(default)", "a", "b"]));
    let one = json!({ "galleryName": "a", "registrationCode": bob });
    tour.call(71, "", &one);
    assert_eq!(tour.call(75, "", &one)["exist"], true);
    tour.call(73, "", &one);
    assert_eq!(tour.call(75, "", &one)["exist"], false);
    let many = json!({ "galleryNames": ["a", "b"], "usernames": ["ada"], "registrationCodes": [bob] });
    tour.call(72, "", &many);
    assert_eq!(tour.call(76, "", &json!({ "username": "bob" }))["list"], json!(["(default)", "a", "b"]));
    assert_eq!(tour.call(77, "", &json!({ "galleryName": "b" }))["totalRecords"], 2);
    tour.call(74, "", &many);
    assert_eq!(tour.call(77, "", &json!({ "galleryName": "b" }))["totalRecords"], 0);
    tour.call(69, "", &json!({ "galleryName": "b" }));
}

fn geofences_and_compliance(tour: &mut Tour) {
    assert_eq!(tour.call(28, "", &json!({ "nationalIdType": "CPF", "nationalIdNumber": "120" }))["errorCode"], 1);
    let circle = |radius: u32| json!({ "type": "include", "geofence": { "center": { "lat": 42.36, "lon": -71.06 }, "radius": radius } });
    tour.call(81, "campus", &circle(10));
    let place = json!({ "lat": 42.365, "lon": -71.06, "names": ["campus"] });
    assert_eq!(tour.call(29, "", &place)["allowed"], false);
    tour.call(80, "campus", &circle(1000));
    assert_eq!(tour.call(29, "", &place)["allowed"], true);
    assert_eq!(tour.call(79, "campus", &json!({})), circle(1000));
    let toggled = tour.call(83, "campus", &json!({}));
    assert_eq!(toggled, json!({ "isEnabled": false, "message": "Geofence 'campus' was successfully 'disabled'" }));
    assert_eq!(tour.call(78, "", &json!({}))[0]["isEnabled"], false);
    tour.call(82, "campus", &json!({}));
    assert_eq!(tour.call(78, "", &json!({})), json!([]));
}

fn administration(tour: &mut Tour, code: &str) {
    let details = tour.call(85, code, &json!({}));
    assert_eq!((&details["name"], &details["registrationCode"]), (&json!("Ada Example"), &json!(code)));
    let settings = tour.call(87, "", &json!({}));
    assert_eq!(settings["expirationTime"], "2027-01-16 08:00:00 +0000 UTC");
    tour.call(88, "", &json!({ "onboardingConfig": settings["onboardingConfig"] }));
    let token = text(&tour.call(48, "", &json!({ "registrationCode": code }))["authToken"]);
    let recording = tour.call(89, "", &json!({ "type": "authentication", "token": token, "presignedURL": true }));
    assert!(recording["presignedURL"].is_string() && recording["vendor"] == "AWS");
    let hook = json!({ "url": "http://localhost:1", "events": ["authentication.started"] });
    let id = text(&tour.call(91, "", &hook)["webhookId"]);
    assert_eq!(tour.call(90, "", &json!({}))["list"][0]["webhookId"], id.as_str());
    assert_eq!(tour.call(92, &id, &json!({}))["addSignatureHeader"], true);
    tour.call(94, &id, &json!({ "generateNewSecret": true }));
    assert_eq!(tour.call(95, "", &json!({ "webhookId": id, "list": [{ "transactionNum": 1 }] }))["list"], json!([]));
    tour.call(93, &id, &json!({}));
    tour.call(86, code, &json!({}));
}
