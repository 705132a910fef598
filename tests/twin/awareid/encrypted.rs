//! The envelope `key/iv/p`, made here as a client makes it.

use super::{awareid, enroll, package};
use crate::guest::Guest;
use crate::pictures::base64;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use rand::SeedableRng as _;
use rsa::pkcs8::DecodePublicKey as _;
use serde_json::{Value, json};

pub(super) fn sealed(guest: &Guest, body: &Value) -> Value {
    let pem = guest.get("/onboarding/admin/getPublicKey").expect(200).text();
    let public = rsa::PublicKey::from_public_key_pem(&pem).expect("a public key");
    let (key, iv) = ([7u8; 32], [9u8; 16]);
    let mut generator = rand::rngs::StdRng::seed_from_u64(3);
    let wrapped = public.oaep_encrypt_with_rng::<sha1::Sha1, _>(&mut generator, &key).expect("wrapped");
    let text = body.to_string();
    let p = cbc::Encryptor::<aes::Aes256>::new(&key.into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(text.as_bytes());
    json!({ "key": base64(&wrapped), "iv": base64(&iv), "p": base64(&p) })
}

#[test]
fn encrypted_packages_are_opened_wherever_they_may_come() {
    let guest = awareid();
    let live = sealed(&guest, &package("person=ada"));
    let decision = |reply: Value| reply["video"]["liveness_result"]["decision"].clone();
    assert_eq!(decision(guest.post("/faceliveness/analyzeEncrypted", &live).expect(200).json()), "LIVE");
    let spoof = sealed(&guest, &package("person=ada;spoof=1"));
    assert_eq!(decision(guest.post("/faceliveness/checkLivenessEncrypted", &spoof).expect(200).json()), "SPOOF");
    assert_eq!(decision(guest.post("/faceliveness/checkActiveLivenessEncrypted", &live).expect(200).json()), "LIVE");
    let plain_text = guest.request("POST", "/b2c/sdk/faceliveness/analyzeEncrypted").header("content-type", "text/plain");
    assert_eq!(decision(guest.send(plain_text.body(live.to_string())).expect("a reply").expect(200).json()), "LIVE");
    let token = enroll(&guest, "ada");
    let body = json!({ "enrollmentToken": token, "faceLivenessData": live });
    assert_eq!(guest.post("/onboarding/enrollment/addFace", &body).expect(200).json()["livenessResult"], true);
}

#[test]
fn broken_envelopes_are_refused_with_codes() {
    let guest = awareid();
    let good = sealed(&guest, &package("person=ada"));
    let code = |envelope: &Value| guest.post("/faceliveness/analyzeEncrypted", envelope).expect(400).json()["error"]["code"].clone();
    for member in ["key", "iv", "p"] {
        let mut broken = good.clone();
        broken.as_object_mut().expect("an object").remove(member);
        assert_eq!(code(&broken), -3, "{member} missing");
        let mut broken = good.clone();
        broken[member] = json!("***");
        assert_eq!(code(&broken), -5, "{member} not base 64");
    }
    let mut foreign = good.clone();
    foreign["key"] = json!(base64(&[1; 256]));
    assert_eq!(code(&foreign), -6);
    let mut altered = good;
    altered["iv"] = json!(base64(&[0; 16]));
    assert_eq!(code(&altered), -2, "the first block of the plain text is garbled");
}

#[test]
fn the_key_comes_from_the_seed() {
    let pem = || awareid().get("/onboarding/admin/getPublicKey").expect(200).text();
    assert_eq!(pem(), pem());
}
