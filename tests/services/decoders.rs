//! Damaged replies: every decoder answers, none panics, and half a JSON document is never taken for a whole one.
//!
//! The normal run makes 2 000 bodies a service; `VISAVIS_FUZZ_BODIES=100000` makes more.

use serde_json::{Value, json};
use visavis::adapters::services::operation::{Impact, Operation};
use visavis::adapters::services::transport::Answer;
use visavis::adapters::services::{awareid, baf, faceki, onboarding, operations, supporting, typed, uqudo};
use visavis::ports::services::ServiceKind;

const BODIES: usize = 2000;

/// xorshift64*: the same bodies in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Replies as the descriptions show them, with every member that a decoder reads.
fn samples(kind: ServiceKind) -> Vec<Value> {
    let liveness = json!({ "decision": "LIVE", "feedback": [], "score": 100, "score_frr": 0.53 });
    let face = json!({ "video": { "autocapture_result": { "captured_frame": "AAAA", "captured_frame_is_constructed": false, "feedback": [] },
        "liveness_result": liveness, "version": "x" } });
    match kind {
        ServiceKind::AwareId => vec![
            face.clone(),
            json!({ "voice": { "livenessResult": liveness, "length": 3.5 } }),
            json!({ "score": 13.99, "scorePercent": 98.02, "export": "AAAA" }),
            json!({ "validDocument": true, "nextpageExpected": false, "rfidPresence": 1, "mrzPresence": true, "childDocumentIDs": [1, "2"] }),
            json!({ "overallAuthenticationResult": "OK", "documentAuthenticationResult": { "overallResultScore": 1, "fieldType": [{}] },
                "biometricsAuthenticationResult": { "matchScore": 2.5 }, "icaoChipValidationResults": "" }),
            json!({ "images": [{ "id": "i", "faces": [{ "output": [{ "isCompliant": true, "metrics": [{ "name": "n", "value": 1 }] }] }] }] }),
            json!({ "frameResults": [{ "compliant": true, "feedback": ["FACE_TOO_FAR"] }], "results": { "captured": true, "capturedFrameIndex": 0 } }),
            json!({ "enrollmentToken": "t", "reEnrollmentToken": "r", "userExistsAlready": false, "requiredChecks": ["addFace"] }),
            json!({ "enrollmentStatus": 2, "registrationCode": "A1", "livenessResult": true, "faceLivenessResults": face, "errorCode": 0,
                "questions": [{}], "ocrResults": {}, "matchScore": "5" }),
            json!({ "authToken": "t", "authStatus": "2 (Complete)", "matchResult": true, "matchScore": 53.15, "voiceLivenessResults": "" }),
            json!({ "matchCount": 1, "list": [{ "registrationCode": 123456, "scorePercent": 98.5, "username": "u", "image": "AAAA" }] }),
            json!({ "list": ["(default)", { "galleryName": "g" }], "pageNumber": 1, "pageSize": 100, "totalRecords": 1, "totalPages": 1 }),
            json!({ "height": 512, "width": 356, "x": 62, "y": 0, "exist": true, "allowed": true, "isEnabled": true }),
            json!({ "vendor": "AWS", "credential": { "accessKeyId": "a" }, "onboardingConfig": {}, "secret": "s", "webhookId": "w", "events": ["e"] }),
            json!("Aware FaceLiveness Library, version x.x.x"),
            json!({ "errorCode": "INPUT_FORMAT_ERROR", "errorMsg": "Field is missing", "status": 400 }),
            json!({ "error": { "code": -3, "description": "Required field is missing." } }),
        ],
        ServiceKind::Uqudo => vec![
            json!({ "sessionId": "s" }),
            json!({ "match": true, "matchLevel": 4 }),
            json!({ "oneToNVerificationId": "u", "oneToNVerificationMatch": "true" }),
            json!({ "message": "m", "error": "e" }),
        ],
        ServiceKind::Faceki => {
            let record = json!({ "link": "l", "record_identifier": "r", "requestId": "q", "face_id": "f", "decision": "DECLINED",
                "selfie_data": { "liveness_pass": true }, "verification_summary": { "face_verified": true, "selfie_liveness_verified": true },
                "warnings": [], "errorCodes": [], "createdAt": "2025-01-01T00:00:00.000Z", "__v": 0, "document_data": [{ "mrz": "P<" }] });
            vec![
                json!({ "status": true, "code": 200, "message": "m", "appVersion": "v3.0.0", "result": [record] }),
                json!({ "status": true, "responseCode": "200", "result": record }),
                json!({ "responseCode": 0, "data": { "access_token": "t", "expires_in": 3600, "token_type": "Bearer" } }),
                json!({ "code": 200, "result": { "minAge": "20", "maxAge": 30, "gender": "male", "livenessScore": 0.9 } }),
                json!({ "status": false, "code": 8006, "message": "FACE_NOT_FOUND" }),
            ]
        }
        ServiceKind::Baf => vec![
            json!({ "applicantId": "a", "attemptId": 3, "documentType": 1, "document": { "firstName": "A", "dob": null }, "attemptsCount": 5,
                "attemptsLeft": 0, "status": 0, "validationStatus": { "expired": false, "faceIsValid": true, "qualityIsValid": null },
                "invalidDataErrors": [], "faceSuccess": true, "documentSuccess": null,
                "documentValidationTests": [{ "displayName": "d", "name": "n", "status": 2, "statusString": "Skipped", "reason": "" }],
                "callBackUrl": null }),
            json!({ "applicantId": "a", "validationLink": "l" }),
            json!({ "patterns": [{ "id": "p", "pattern": ["up", "left"], "creationDate": "2025" }] }),
            json!({ "code": 120038, "message": "No faces found" }),
        ],
        ServiceKind::Onboarding => vec![
            json!({ "isSuccess": true, "message": null, "errorCode": null,
                "data": { "customerId": "c", "photoMatched": true, "photoMatchPercentage": 97, "detectedAge": "30", "detectedGender": "F" } }),
            json!({ "status": 0 }),
            json!({ "image": "AAAA" }),
            json!("AAAA"),
            json!({ "Data": "AAAA" }),
        ],
    }
}

fn odd(chance: &mut Chance) -> Value {
    match chance.below(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1e300),
        4 => json!(u64::MAX),
        5 => json!(""),
        6 => json!("2 (Complete)"),
        7 => json!("\u{0}\u{fffd}💥"),
        8 => json!([]),
        9 => json!([[[{}]]]),
        10 => json!({}),
        _ => json!({ "error": { "code": [] } }),
    }
}

/// Replaces one value somewhere inside.
fn twist(value: &mut Value, chance: &mut Chance) {
    let inner = match value {
        Value::Object(object) if !object.is_empty() => {
            let at = chance.below(object.len());
            object.values_mut().nth(at)
        }
        Value::Array(items) if !items.is_empty() => {
            let at = chance.below(items.len());
            items.get_mut(at)
        }
        _ => None,
    };
    match inner {
        Some(inner) if chance.below(3) > 0 => twist(inner, chance),
        Some(inner) => *inner = odd(chance),
        None => *value = odd(chance),
    }
}

fn damaged(samples: &[Value], chance: &mut Chance) -> Vec<u8> {
    let mut value = samples[chance.below(samples.len())].clone();
    for _ in 0..chance.below(4) {
        twist(&mut value, chance);
    }
    let mut bytes = value.to_string().into_bytes();
    match chance.below(6) {
        0 => bytes.truncate(chance.below(bytes.len() + 1)),
        1 => {
            for _ in 0..=chance.below(8) {
                let at = chance.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = chance.next() as u8;
                }
            }
        }
        2 => {
            let at = chance.below(bytes.len() + 1);
            bytes.splice(at..at, (0..chance.below(20)).map(|_| chance.next() as u8).collect::<Vec<_>>());
        }
        3 => {
            let depth = chance.below(400);
            bytes = [vec![b'['; depth], bytes, vec![b']'; depth]].concat();
        }
        _ => {}
    }
    bytes
}

fn classify(operation: &Operation, status: u16, body: &[u8]) -> bool {
    let answer = Answer { status, body: body.to_vec().into(), retry_after: None, impact: Impact::Changes };
    let verdict = match operation.service {
        ServiceKind::AwareId => awareid::classify(operation, &answer),
        ServiceKind::Uqudo => uqudo::classify(operation, &answer),
        ServiceKind::Faceki => faceki::classify(operation, &answer),
        ServiceKind::Baf => baf::classify(operation, &answer),
        ServiceKind::Onboarding => onboarding::classify(operation, &answer),
    };
    // What is shown to people is short and on one line, whatever the service sent.
    verdict.inspect(|v| assert!(v.message.chars().count() < 400 && !v.message.contains('\n'), "{}", v.message)).is_some()
}

#[test]
fn damaged_replies_are_answers_too() {
    let bodies = std::env::var("VISAVIS_FUZZ_BODIES").ok().and_then(|n| n.parse().ok()).unwrap_or(BODIES);
    for kind in ServiceKind::ALL {
        let samples = samples(kind);
        let decoders = typed(kind);
        let all: Vec<&Operation> = operations(kind).iter().chain(supporting(kind)).collect();
        let mut chance = Chance(0x5eed_0000 + kind as u64);
        let (mut read, mut refused, mut judged) = (0u64, 0u64, 0u64);
        for _ in 0..bodies {
            let body = damaged(&samples, &mut chance);
            for decoder in &decoders {
                match (decoder.reply)(&body) {
                    Ok(()) => read += 1,
                    Err(_) => refused += 1,
                }
            }
            let operation = all[chance.below(all.len())];
            let status = [200, 201, 204, 400, 401, 404, 429, 500, 503][chance.below(9)];
            judged += u64::from(classify(operation, status, &body));
        }
        assert!(read > 0 && refused > 0 && judged > 0, "{kind:?}: {read} {refused} {judged}");
    }
}

#[test]
fn half_a_reply_is_never_a_whole_one() {
    for kind in ServiceKind::ALL {
        for sample in samples(kind).into_iter().filter(Value::is_object) {
            let whole = sample.to_string().into_bytes();
            for end in 0..whole.len() {
                for decoder in typed(kind) {
                    // `Done` reads nothing, so it cannot notice; every reply with content must.
                    let reads_nothing = (decoder.reply)(b"\xff\xff").is_ok();
                    let taken = !reads_nothing && (decoder.reply)(&whole[..end]).is_ok();
                    assert!(!taken, "{kind:?} {}: {end} of {} bytes were taken", decoder.name, whole.len());
                }
            }
        }
    }
}
