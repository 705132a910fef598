//! The error tables of the services' descriptions, over HTTP: our fault, whether it had an effect, whether trying again helps.

use super::server::{Reply, Server};
use super::stage::{TOKEN, client, config, delivery, picture};
use visavis::advice::Advised as _;
use visavis::ports::services::ServiceFault::{
    AttemptsUsed, BadPicture, Busy, Closed, Forbidden, Garbled, Misconfigured, NotFound, Rejected, ServiceFailed, Unauthorised, Unfit,
};
use visavis::ports::services::{Effect, IdentityService, ServiceError, ServiceFault, ServiceKind};

/// Calls against a server that answers everything but tokens with `status` and `body`.
fn answered<T: std::fmt::Debug>(
    kind: ServiceKind,
    status: u16,
    body: &str,
    call: impl Fn(&mut dyn IdentityService) -> Result<T, ServiceError>,
) -> Result<T, ServiceError> {
    let body = body.to_owned();
    let server = Server::start(move |r| if r.path() == "/token" { Reply::json(200, TOKEN) } else { Reply::json(status, &body) });
    // The selfie itself is answered, not the document step before it.
    let more = "[services.onboarding]\ndocument = \"none\"\n";
    call(&mut *client(kind, &config(&server.address(), more)))
}

fn check_table(kind: ServiceKind, rows: &[(u16, &str, ServiceFault)]) {
    for (status, body, fault) in rows {
        let error = answered(kind, *status, body, |c| c.enrol(&delivery())).expect_err(body);
        assert_eq!(error.fault, *fault, "{status} {body}: {error:?}");
        let unexplained = matches!(fault, ServiceFailed | Garbled) && !(400..500).contains(status) && *status != 503;
        assert_eq!(error.effect, if unexplained { Effect::Unknown } else { Effect::None }, "{status} {body}");
        // A failure of the service itself or of the moment may pass; what the service decided does not change by itself.
        let passing = matches!(fault, ServiceFailed | Garbled | Busy | BadPicture);
        assert_eq!(error.advice().retry, passing, "{status} {body}");
    }
}

#[test]
fn baf() {
    check_table(
        ServiceKind::Baf,
        &[
            (400, r#"{"code":120029,"message":"Graphql error: \"x\""}"#, ServiceFailed),
            (400, r#"{"errorCode":"120037","description":"All available attempts were used for requestId \"x\""}"#, AttemptsUsed),
            (400, r#"{"code":120038,"message":"Face image is empty"}"#, Unfit),
            (400, r#"{"code":120038,"message":"No faces found"}"#, BadPicture),
            (400, r#"{"code":120038,"message":"Multiple faces found"}"#, BadPicture),
            (400, r#"{"code":120039,"message":"Profile search is missing"}"#, ServiceFailed),
            (400, r#"{"code":120039,"message":"Quality calculation failed"}"#, ServiceFailed),
            (400, r#"{"code":120039,"message":"Liveness calculation failed"}"#, ServiceFailed),
            (400, r#"{"code":120040,"message":"Request is closed"}"#, Closed),
            (400, r#"{"errors":[{"code":120041,"message":"This document type is not supported"}]}"#, Misconfigured),
            (400, r#"{"code":120042,"message":"Face image is required"}"#, Unfit),
            (400, r#"{"code":120043,"message":"Applicant doesn't have verified face"}"#, NotFound),
            (400, r#"{"code":120043,"message":"Applicant profile not found"}"#, NotFound),
            (400, r#"{"code":120044,"message":"Invalid endeavor info"}"#, Unfit),
            (400, "120037 All available attempts were used", AttemptsUsed),
            (400, r#"{"message":"Account with id 7 not found"}"#, NotFound),
            (400, "", Unfit),
            (401, "", Unauthorised),
            (500, "", ServiceFailed),
            (200, r#"{"status":1,"faceSuccess":false}"#, Rejected),
            (200, r#"{"status":2,"invalidDataErrors":["x"]}"#, Unfit),
            (200, r#"{"status":3}"#, ServiceFailed),
            (200, r#"{"status":9}"#, Garbled),
            (200, r#"{"faceSuccess":true}"#, Garbled),
            (200, "<html>", Garbled),
        ],
    );
    let done =
        answered(ServiceKind::Baf, 400, r#"{"code":120036,"message":"Request \"x\" was already completed"}"#, |c| c.enrol(&delivery()));
    assert!(done.expect("done before").repeated);
    let last = answered(ServiceKind::Baf, 200, r#"{"status":0,"attemptsLeft":0,"attemptId":3}"#, |c| c.enrol(&delivery()));
    assert!(!last.expect("no attempts left is no failure").repeated);
}

#[test]
fn baf_says_matched_by_status_and_face() {
    let ask = |body: &str| answered(ServiceKind::Baf, 200, body, |c| c.authenticate("a", &[picture()])).map(|o| o.matched);
    assert_eq!(ask(r#"{"status":0,"faceSuccess":true}"#).expect("an opinion"), Some(true));
    assert_eq!(ask(r#"{"status":0,"faceSuccess":false}"#).expect("an opinion"), Some(false));
    assert_eq!(ask(r#"{"status":0}"#).expect("an opinion"), Some(false));
    assert_eq!(ask(r#"{"status":1,"faceSuccess":true}"#).expect("an opinion"), Some(false));
}

#[test]
fn uqudo() {
    check_table(
        ServiceKind::Uqudo,
        &[
            (400, "", Unfit),
            (401, "", Unauthorised),
            (403, "", Forbidden),
            (413, r#"{"message":"too large"}"#, Unfit),
            (415, "", Unfit),
            (429, "", Busy),
            (500, "oops", ServiceFailed),
            (503, "", Busy),
            (200, r#"{"oneToNVerificationMatch":false}"#, Garbled),
        ],
    );
    let missing = answered(ServiceKind::Uqudo, 404, "", |c| c.enrol(&delivery())).expect_err("a wrong address");
    assert_eq!((missing.fault, missing.effect), (Garbled, Effect::None), "404 is documented for the removal alone");
}

#[test]
fn uqudo_keeps_the_identifier_and_says_when_the_face_was_there() {
    for (body, repeated) in [
        (r#"{"oneToNVerificationId":"u-1","oneToNVerificationMatch":false}"#, false),
        (r#"{"oneToNVerificationId":"u-1","oneToNVerificationMatch":1}"#, true),
    ] {
        let receipt = answered(ServiceKind::Uqudo, 200, body, |c| c.enrol(&delivery())).expect("taken");
        assert_eq!((receipt.remote_reference.as_deref(), receipt.repeated), (Some("u-1"), repeated));
    }
    let opinion = answered(ServiceKind::Uqudo, 200, r#"{"match":true,"matchLevel":7}"#, |c| c.verify(&picture(), &picture()));
    let opinion = opinion.expect("levels beyond 5 are taken");
    assert_eq!((opinion.matched, opinion.checks[0].value.as_deref()), (Some(true), Some("7")));
}

#[test]
fn faceki() {
    let code = |code: i64| format!(r#"{{"status":false,"code":{code},"message":"m"}}"#);
    let rows: Vec<(String, ServiceFault)> = [
        (1, Unauthorised),
        (400, Unfit),
        (500, ServiceFailed),
        (1000, ServiceFailed),
        (5001, Misconfigured),
        (5002, Unfit),
        (5003, Forbidden),
        (5004, BadPicture),
        (5005, Rejected),
        (5006, Unfit),
        (5007, Rejected),
        (5008, Rejected),
        (5009, AttemptsUsed),
        (7001, Misconfigured),
        (8001, Unfit),
        (8002, Rejected),
        (8003, BadPicture),
        (8004, BadPicture),
        (8005, BadPicture),
        (8006, BadPicture),
        (8007, BadPicture),
        (8008, BadPicture),
        (8009, BadPicture),
        (8010, Rejected),
        (8011, Rejected),
        (8012, Rejected),
        (8013, NotFound),
        (8014, NotFound),
        (8015, Closed),
        (8016, ServiceFailed),
        (8017, AttemptsUsed),
        (8018, BadPicture),
        (8019, BadPicture),
        (8020, Unfit),
        (9999, Garbled),
    ]
    .into_iter()
    .map(|(c, fault)| (code(c), fault))
    .collect();
    let table: Vec<(u16, &str, ServiceFault)> = rows.iter().map(|(body, fault)| (200, body.as_str(), *fault)).collect();
    check_table(ServiceKind::Faceki, &table);
    check_table(
        ServiceKind::Faceki,
        &[
            (400, r#"{"responseCode":"8006"}"#, BadPicture),
            (401, "", Unauthorised),
            (500, "<html>", ServiceFailed),
            (200, r#"{"status":false,"message":"no"}"#, Garbled),
            (200, r#"{"status":true,"code":200,"result":[]}"#, Garbled),
        ],
    );
}

#[test]
fn nobody_on_file_is_an_answer_at_faceki() {
    for body in [r#"{"status":true,"code":200,"result":[]}"#, r#"{"code":200,"result":null}"#, r#"{"status":false,"code":8013}"#] {
        let opinion = answered(ServiceKind::Faceki, 200, body, |c| c.search(&picture())).expect("an opinion");
        assert_eq!((opinion.matched, opinion.candidates.len()), (Some(false), 0), "{body}");
    }
}

#[test]
fn onboarding() {
    check_table(
        ServiceKind::Onboarding,
        &[
            (200, r#"{"isSuccess":false,"message":"no match"}"#, Rejected),
            (200, r#"{"isSuccess":false,"message":null,"errorCode":"7"}"#, Rejected),
            (400, r#"{"message":"Bad Request","errorCode":"x"}"#, Unfit),
            (401, "", Unauthorised),
            (500, "", ServiceFailed),
            (200, r#"{"message":"hm"}"#, Garbled),
            (200, r#"{"Data":"AAAA"}"#, Misconfigured),
            (400, r#""{\"Data\":\"AAAA\"}""#, Misconfigured),
        ],
    );
}

#[test]
fn an_upload_that_is_not_approved_is_not_delivered() {
    let approve = |status: u16, body: &'static str| {
        let server = Server::start(move |r| match r.path() {
            "/token" => Reply::json(200, TOKEN),
            path if path.ends_with("/Approve") => Reply::json(status, body),
            _ => Reply::json(200, r#"{"isSuccess":true}"#),
        });
        client(ServiceKind::Onboarding, &config(&server.address(), "")).enrol(&delivery())
    };
    let refused = approve(200, r#"{"status":1}"#).expect_err("not approved");
    assert_eq!((refused.fault, refused.effect), (Rejected, Effect::None));
    let lost = approve(503, "").expect_err("busy after the upload");
    assert_eq!((lost.fault, lost.effect), (Busy, Effect::Unknown), "the upload stands there");
    assert!(approve(200, r#"{"status":"0"}"#).is_ok());
}

#[test]
fn awareid() {
    let knomi = |code: i64| format!(r#"{{"error":{{"code":{code},"description":"Required field \"probe\" is missing."}}}}"#);
    let platform = |code: &str| format!(r#"{{"errorCode":"{code}","errorMsg":"Field is missing","status":400}}"#);
    let rows = [
        (400, knomi(-1), ServiceFailed),
        (400, knomi(-2), Unfit),
        (400, knomi(-3), Unfit),
        (500, knomi(-4), Unfit),
        (400, knomi(-5), Unfit),
        (400, knomi(-6), Unfit),
        (400, knomi(-7), BadPicture),
        (400, knomi(-8), Unfit),
        (500, knomi(113), Misconfigured),
        (500, knomi(1015), Busy),
        (400, platform("INPUT_FORMAT_ERROR"), Unfit),
        (500, platform("INPUT_VALUES_ERROR"), Unfit),
        (400, platform("INVALID_INPUT"), Unfit),
        (500, platform("OCR_PROCESSING_ERROR"), BadPicture),
        (500, platform("INTERNAL_SERVER_ERROR"), ServiceFailed),
        (400, r#"{"errorCode":"INPUT_VALUES_ERROR","errorMsg":"Registration is not found"}"#.to_owned(), NotFound),
        (400, platform("SOMETHING_NEW"), Unfit),
        (500, platform("SOMETHING_NEW"), ServiceFailed),
        (200, r#"{"error":{"description":"through the proxy"}}"#.to_owned(), ServiceFailed),
        (400, String::new(), Unfit),
        (401, String::new(), Unauthorised),
        (403, String::new(), Forbidden),
        (404, platform("INPUT_VALUES_ERROR"), NotFound),
        (500, "plain text".to_owned(), ServiceFailed),
        (502, String::new(), ServiceFailed),
        (503, String::new(), Busy),
        (200, r#"{"registrationCode":""}"#.to_owned(), Garbled),
    ];
    let table: Vec<(u16, &str, ServiceFault)> = rows.iter().map(|(status, body, fault)| (*status, body.as_str(), *fault)).collect();
    check_table(ServiceKind::AwareId, &table);
}

#[test]
fn an_awareid_authentication_is_judged_by_its_state() {
    let ask = |device: &'static str, face: &'static str| {
        let server = Server::start(move |r| match r.path().rsplit('/').next() {
            Some("token") => Reply::json(200, TOKEN),
            Some("authenticate") => Reply::json(200, r#"{"authToken":"t","requiredChecks":["verifyFace"]}"#),
            Some("verifyFace") => Reply::json(200, face),
            _ => Reply::json(200, device),
        });
        let opinion = client(ServiceKind::AwareId, &config(&server.address(), "")).authenticate("4711", &[picture()]);
        let cancelled = server.seen().iter().any(|r| r.path().ends_with("/cancel"));
        (opinion.map(|o| o.matched), cancelled)
    };
    let cases = [
        (r#"{"authStatus":2,"livenessResult":true,"matchResult":true,"matchScore":100,"faceLivenessResults":""}"#, Some(true), false),
        (r#"{"authStatus":"2 (Complete)","livenessResult":true,"matchResult":true}"#, Some(true), false),
        (r#"{"authStatus":1,"message":"Face verified."}"#, None, true),
        (r#"{"authStatus":1,"livenessResult":true,"matchResult":false}"#, Some(false), true),
        (r#"{"authStatus":0}"#, Some(false), true),
        (r#"{"authStatus":2,"livenessResult":false}"#, Some(false), true),
        ("{}", None, true),
    ];
    for (face, matched, cancelled) in cases {
        let (opinion, given_up) = ask("{}", face);
        assert_eq!((opinion.expect(face), given_up), (matched, cancelled), "{face}");
    }
}

#[test]
fn an_awareid_enrolment_with_checks_ends_with_a_code_or_is_given_up() {
    let ask = |face: &'static str| {
        let server = Server::start(move |r| match r.path().rsplit('/').next() {
            Some("token") => Reply::json(200, TOKEN),
            Some("enroll") => Reply::json(200, r#"{"enrollmentToken":"e","userExistsAlready":false,"requiredChecks":["addFace"]}"#),
            Some("addFace") => Reply::json(200, face),
            _ => Reply::json(200, ""),
        });
        let config = config(&server.address(), "[services.awareid]\nenrol_by = \"enroll\"\n");
        let done = client(ServiceKind::AwareId, &config).enrol(&delivery());
        let cancelled = server.seen().iter().any(|r| r.path().ends_with("/cancel"));
        (done.map(|r| r.remote_reference).map_err(|e| (e.fault, e.effect)), cancelled)
    };
    assert_eq!(ask(r#"{"enrollmentStatus":2,"registrationCode":123456,"livenessResult":true}"#), (Ok(Some("123456".into())), false));
    assert_eq!(ask(r#"{"enrollmentStatus":0,"registrationCode":""}"#), (Err((Rejected, Effect::None)), true));
    assert_eq!(ask(r#"{"enrollmentStatus":1,"livenessResult":false}"#), (Err((Rejected, Effect::None)), true));
    assert_eq!(ask(r#"{"enrollmentStatus":1,"registrationCode":""}"#), (Err((Garbled, Effect::Unknown)), false));
    assert_eq!(ask("{}"), (Err((Garbled, Effect::Unknown)), false));
}
