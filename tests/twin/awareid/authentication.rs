//! Authentications, device signatures among them.

use super::{authenticate, awareid, enroll, package, register};
use crate::guest::Guest;
use crate::pictures::{base64, voice};
use p256::pkcs8::EncodePublicKey as _;
use serde_json::{Value, json};
use visavis::adapters::twin::Fault;

fn verify_face(guest: &Guest, token: &str, mark: &str) -> Value {
    let body = json!({ "authToken": token, "faceLivenessData": package(mark) });
    guest.post("/onboarding/authentication/verifyFace", &body).expect(200).json()
}

#[test]
fn the_face_decides_and_attempts_are_counted() {
    let guest = awareid();
    register(&guest, "ada");
    let token = authenticate(&guest, "ada");
    let stranger = verify_face(&guest, &token, "person=bob");
    assert_eq!((&stranger["livenessResult"], &stranger["matchResult"], &stranger["authStatus"]), (&json!(true), &json!(false), &json!(1)));
    let good = verify_face(&guest, &token, "person=ada");
    assert_eq!((&good["matchResult"], &good["authStatus"]), (&json!(true), &json!(2)));
    let token = authenticate(&guest, "ada");
    let statuses: Vec<Value> = (0..3).map(|_| verify_face(&guest, &token, "person=ada;spoof=1")["authStatus"].clone()).collect();
    assert_eq!(statuses, [1, 1, 0]);
    guest
        .post("/onboarding/authentication/verifyFace", &json!({ "authToken": token, "faceLivenessData": package("person=ada") }))
        .expect(400);
}

/// Voice answers with text where face answers with a number.
#[test]
fn states_of_a_voice_may_come_as_text() {
    let guest = awareid();
    super::set_steps(&guest, &[("addDevice", false), ("addVoice", true)]);
    let spoken = |tone| json!({ "voice": { "voiceSamples": [{ "data": voice(tone) }] } });
    let token = enroll(&guest, "ada");
    super::add_face(&guest, &token, "person=ada").expect(200);
    let body = json!({ "enrollmentToken": token, "livenessData": spoken(3) });
    assert_eq!(guest.post("/onboarding/enrollment/addVoice", &body).expect(200).json()["enrollmentStatus"], 2);
    let token = authenticate(&guest, "ada");
    assert_eq!(verify_face(&guest, &token, "person=ada")["authStatus"], 1);
    let verify = |tone| {
        guest.twin.next(Fault::Shape(1));
        let body = json!({ "authToken": token, "livenessData": spoken(tone) });
        guest.post("/onboarding/authentication/verifyVoice", &body).expect(200).json()
    };
    assert_eq!(verify(4)["authStatus"], "1 (Pending)");
    assert_eq!(verify(3)["authStatus"], "2 (Complete)");
}

/// Enrols with a device key, then signs the authentication token with it.
fn device_flow(public_key: &[u8], sign: &dyn Fn(&[u8]) -> Vec<u8>) {
    let guest = awareid();
    let token = enroll(&guest, "ada");
    let body = json!({ "enrollmentToken": token, "deviceId": "kiosk", "publicKey": base64(public_key) });
    guest.post("/onboarding/enrollment/addDevice", &body).expect(200);
    super::add_face(&guest, &token, "person=ada").expect(200);
    let started = guest.post("/onboarding/authentication/authenticate", &json!({ "username": "ada" })).expect(200).json();
    assert_eq!(started["requiredChecks"], json!(["verifyDevice", "verifyFace"]));
    let token = started["authToken"].as_str().expect("a token").to_owned();
    let verify = |message: &[u8]| {
        let body = json!({ "authToken": token, "deviceId": "kiosk", "signature": base64(&sign(message)) });
        guest.post("/onboarding/authentication/verifyDevice", &body).expect(200).json()
    };
    assert_eq!(verify(b"another message"), json!({ "message": "Device signature is invalid", "authStatus": 1 }));
    assert_eq!(verify_face(&guest, &token, "person=ada")["authStatus"], 1, "the device is not verified yet");
    assert_eq!(verify(token.as_bytes()), json!({ "message": "Device verified.", "authStatus": 2 }));
}

#[test]
fn a_p256_key_signs() {
    use p256::ecdsa::signature::Signer as _;
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
    let der = key.verifying_key().to_public_key_der().expect("DER");
    device_flow(der.as_bytes(), &|message| {
        let signature: p256::ecdsa::Signature = key.sign(message);
        signature.to_der().as_bytes().to_vec()
    });
}

#[test]
fn a_secp256k1_key_signs() {
    use k256::ecdsa::signature::Signer as _;
    let key = k256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
    let der = key.verifying_key().to_public_key_der().expect("DER");
    assert_eq!(der.as_bytes().len(), 88, "as the sample of the page");
    device_flow(der.as_bytes(), &|message| {
        let signature: k256::ecdsa::Signature = key.sign(message);
        signature.to_der().as_bytes().to_vec()
    });
}

#[test]
fn a_key_that_is_none_is_refused() {
    let guest = awareid();
    let token = enroll(&guest, "ada");
    let body = json!({ "enrollmentToken": token, "deviceId": "kiosk", "publicKey": base64(&[0x30; 88]) });
    guest.post("/onboarding/enrollment/addDevice", &body).expect(400);
}

#[test]
fn a_session_on_a_phone_is_done_when_the_person_is() {
    let guest = awareid();
    register(&guest, "ada");
    let trigger = |path: &str, username: &str| {
        let body = json!({ "username": username, "notifyOptions": { "notifyByEmail": false } });
        guest.post(path, &body)
    };
    let session = trigger("/onboarding/b2c/triggerAuthenticate", "ada").expect(200).json();
    let token = session["sessionToken"].as_str().expect("a token");
    let status =
        |token: &str| guest.get(&format!("/onboarding/b2c/operationStatus/{token}")).expect(200).json()["completionStatus"].clone();
    assert_eq!(status(token), "Pending");
    let valid = guest.post("/tokenVerify/validateSession", &json!({ "sessionToken": token })).expect(200).json();
    assert!(valid["accessToken"].is_string());
    verify_face(&guest, &authenticate(&guest, "ada"), "person=ada");
    assert_eq!(status(token), "Completed");
    trigger("/onboarding/b2c/triggerAuthenticate", "nobody").expect(400);
    guest.get("/onboarding/b2c/operationStatus/nothing").expect(404);
}
