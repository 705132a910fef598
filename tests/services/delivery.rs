//! What a failed call may have done, as told by the transport.

use super::server::{Reply, Server};
use super::stage::{TOKEN, client, config, delivery, picture};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use visavis::advice::Advised as _;
use visavis::geometry::Size;
use visavis::imaging::{Frame, encode};
use visavis::ports::services::{Delivery, Effect, EvidencePicture, Expression, Known, ServiceError, ServiceFault, ServiceKind};
use visavis::units::{SensitiveBytes, UtcTime};

fn enrol_against(reply: Reply) -> ServiceError {
    let server = Server::start(move |request| if request.path() == "/token" { Reply::json(200, TOKEN) } else { reply.clone() });
    client(ServiceKind::Uqudo, &config(&server.address(), "")).enrol(&delivery()).expect_err("not delivered")
}

#[test]
fn without_a_connection_nothing_was_sent() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let error = client(ServiceKind::Baf, &config(&format!("http://127.0.0.1:{free}"), "")).enrol(&delivery()).expect_err("nobody listens");
    assert_eq!((error.fault, error.effect), (ServiceFault::Unreachable, Effect::None));
    assert!(error.advice().retry);
}

#[test]
fn a_lost_or_broken_reply_to_a_change_leaves_the_outcome_unknown() {
    for reply in [Reply::Nothing, Reply::Truncated(200, br#"{"oneToNVerificationId":"#.to_vec())] {
        let error = enrol_against(reply.clone());
        assert_eq!((error.fault, error.effect), (ServiceFault::Interrupted, Effect::Unknown), "{reply:?}");
    }
    let garbled = enrol_against(Reply::json(200, r#"{"oneToNVerificationId":"#));
    assert_eq!((garbled.fault, garbled.effect), (ServiceFault::Garbled, Effect::Unknown));
}

#[test]
fn a_read_that_broke_had_no_effect() {
    let server = Server::start(|request| if request.path() == "/token" { Reply::json(200, TOKEN) } else { Reply::Nothing });
    let error = client(ServiceKind::Uqudo, &config(&server.address(), "")).search(&picture()).expect_err("no reply");
    assert_eq!((error.fault, error.effect), (ServiceFault::Interrupted, Effect::None));
}

#[test]
fn an_answer_that_does_not_come_in_time_is_unknown() {
    let server = Server::start(|request| {
        if request.path() != "/token" {
            std::thread::sleep(Duration::from_millis(1500));
        }
        Reply::json(200, TOKEN)
    });
    let more = "[services.uqudo.endpoint]\ntimeout_seconds = 1\n";
    let error = client(ServiceKind::Uqudo, &config(&server.address(), more)).enrol(&delivery()).expect_err("too late");
    assert_eq!((error.fault, error.effect), (ServiceFault::Interrupted, Effect::Unknown));
}

#[test]
fn a_refusal_is_complete_and_says_how_long_to_wait() {
    for status in [429, 503] {
        let error = enrol_against(Reply::Full(status, vec![("Retry-After", "17".to_owned())], Vec::new()));
        assert_eq!((error.fault, error.effect), (ServiceFault::Busy, Effect::None));
        assert_eq!(error.retry_after, Some(Duration::from_secs(17)));
    }
}

#[test]
fn redirections_and_endless_replies_are_refused() {
    let elsewhere = enrol_against(Reply::Full(307, vec![("Location", "https://evil.test/".to_owned())], Vec::new()));
    assert_eq!(elsewhere.fault, ServiceFault::NotAllowed);
    let server =
        Server::start(|request| if request.path() == "/token" { Reply::json(200, TOKEN) } else { Reply::json(200, &" ".repeat(5000)) });
    let more = "[services.http]\nmax_reply_bytes = 4096\n";
    let error = client(ServiceKind::Uqudo, &config(&server.address(), more)).enrol(&delivery()).expect_err("too long");
    assert_eq!(error.fault, ServiceFault::Garbled);
}

#[test]
fn the_services_clock_is_compared_with_ours() {
    let date = vec![("Date", "Thu, 01 Jan 2026 00:02:00 GMT".to_owned())];
    let server = Server::start(move |_| Reply::Full(200, date.clone(), TOKEN.as_bytes().to_vec()));
    let mut client = client(ServiceKind::Onboarding, &config(&server.address(), ""));
    assert_eq!(client.clock_offset(), None);
    client.check().expect("a token");
    assert_eq!(client.clock_offset(), Some(120));
}

#[test]
fn pictures_that_break_a_limit_are_not_sent() {
    let server = Server::start(|_| Reply::json(200, TOKEN));
    let config = config(&server.address(), "");
    for kind in ServiceKind::ALL {
        let mut bad = delivery();
        bad.faces[0].0 = b"GIF89a no picture a service takes".to_vec();
        let error = client(kind, &config).enrol(&bad).expect_err("not sent");
        assert_eq!((error.fault, error.effect), (ServiceFault::Unfit, Effect::None), "{kind:?}");
    }
    assert!(server.seen().is_empty(), "{:?}", server.seen());
}

#[test]
fn an_applicant_is_created_before_and_registered_once() {
    let server = Server::start(|request| match request.path() {
        "/api/v2/private/Applicants" => Reply::json(200, r#"{"applicantId":"app-7","validationLink":"x"}"#),
        _ => Reply::json(400, r#"{"code":120036,"message":"Request \"app-7\" was already completed"}"#),
    });
    let mut baf = client(ServiceKind::Baf, &config(&server.address(), ""));
    let mut delivery = delivery();
    delivery.remote_reference = None;
    let refused = baf.enrol(&delivery).expect_err("without an applicant a repetition could not be told");
    assert_eq!((refused.fault, refused.effect), (ServiceFault::Misconfigured, Effect::None));
    delivery.remote_reference = baf.prepare(&delivery).expect("created");
    assert_eq!(delivery.remote_reference.as_deref(), Some("app-7"));
    assert_eq!(baf.prepare(&delivery).expect("known"), None);
    let receipt = baf.enrol(&delivery).expect("finished by an earlier try");
    assert!(receipt.repeated);
    let created = server.seen()[0].text();
    assert!(created.contains(&delivery.key.to_string()) && !created.contains("Ada"), "{created}");
}

#[test]
fn a_lost_enrolment_is_found_again_where_there_is_a_look_up() {
    let server = Server::start(|request| match (request.path(), request.text()) {
        ("/token", _) => Reply::json(200, TOKEN),
        ("/api/v1/face/one-to-n/search", body) if body.contains("\"insert\":false") => {
            Reply::json(200, r#"{"oneToNVerificationId":"u-1","oneToNVerificationMatch":"true"}"#)
        }
        ("/api/v3/kyc_verification/search-by-face", _) => {
            let record = format!(r#"{{"record_identifier":"{}","requestId":"r","decision":"DECLINED"}}"#, delivery().key);
            Reply::json(200, &format!(r#"{{"status":true,"code":200,"result":[{record}]}}"#))
        }
        ("/onboarding/gallery/isRegistrationInGallery", body) if body.contains("VIS-0001") => Reply::json(200, r#"{"exist":true}"#),
        ("/onboarding/gallery/matchFace", _) => Reply::json(
            200,
            r#"{"matchCount":2,"list":[{"username":"x","registrationCode":1,"scorePercent":99},{"username":"VIS-0001","registrationCode":4711}]}"#,
        ),
        _ => Reply::json(404, ""),
    });
    let config = config(&server.address(), "");
    for (kind, reference) in
        [(ServiceKind::Uqudo, "u-1"), (ServiceKind::Faceki, &*delivery().key.to_string()), (ServiceKind::AwareId, "4711")]
    {
        match client(kind, &config).status(&delivery()).expect("an answer") {
            Known::Arrived(receipt) => assert_eq!(receipt.remote_reference.as_deref(), Some(reference), "{kind:?}"),
            other => panic!("{kind:?}: {other:?}"),
        }
    }
    for kind in [ServiceKind::Baf, ServiceKind::Onboarding] {
        assert_eq!(client(kind, &config).status(&delivery()).expect_err("no look-up").fault, ServiceFault::NotOffered);
    }
}

#[test]
fn somebody_whose_code_is_unknown_is_looked_for_only_where_the_service_has_them() {
    let listing = r#"{"pageNumber":1,"totalPages":1,"list":[{"name":"VIS-0001","username":"x","registrationCode":1},{"username":"VIS-0001","name":"Ada","registrationCode":4711}]}"#;
    for (exists, calls) in [("true", 4), ("false", 2)] {
        let server = Server::start(move |request| match request.path() {
            "/token" => Reply::json(200, TOKEN),
            "/onboarding/gallery/isRegistrationInGallery" => Reply::json(200, &format!(r#"{{"exist":{exists}}}"#)),
            "/onboarding/admin/registration" => Reply::json(200, listing),
            _ => Reply::json(200, "{}"),
        });
        let mut erased = delivery();
        (erased.remote_reference, erased.faces, erased.document) = (None, Vec::new(), Vec::new());
        let receipt = client(ServiceKind::AwareId, &config(&server.address(), "")).delete(&erased).expect("gone");
        assert_eq!(
            (receipt.remote_reference.as_deref(), receipt.repeated),
            if exists == "true" { (Some("4711"), false) } else { (None, true) }
        );
        assert_eq!(server.seen().len(), calls, "{exists}");
    }
}

#[test]
fn a_deletion_whose_reply_was_lost_is_asked_about_by_the_one_name_it_has_kept() {
    let server = Server::start(|request| match (request.path(), request.text()) {
        ("/token", _) => Reply::json(200, TOKEN),
        ("/onboarding/gallery/isRegistrationInGallery", body) if body.contains("username") => {
            Reply::json(400, r#"{"errorCode":"INPUT_FORMAT_ERROR","errorMsg":"Field is missing: username"}"#)
        }
        ("/onboarding/gallery/isRegistrationInGallery", body) if body.contains("4711") => {
            Reply::json(400, r#"{"errorCode":"INPUT_VALUES_ERROR","errorMsg":"Registration is not found"}"#)
        }
        ("/onboarding/gallery/isRegistrationInGallery", body) if body.contains("4712") => Reply::json(200, r#"{"exist":true}"#),
        _ => Reply::json(500, r#"{"errorCode":"INPUT_VALUES_ERROR","errorMsg":"Registration is not found"}"#),
    });
    let config = config(&server.address(), "");
    let erased = |code: &str| Delivery {
        registration_code: String::new(),
        remote_reference: Some(code.to_owned()),
        faces: Vec::new(),
        document: Vec::new(),
        ..delivery()
    };
    let mut client = client(ServiceKind::AwareId, &config);
    assert!(matches!(client.status(&erased("4711")).expect("an answer"), Known::Absent));
    assert!(matches!(client.status(&erased("4712")).expect("an answer"), Known::Arrived(_)));
    assert!(client.delete(&erased("4711")).expect("gone").repeated);
}

#[test]
fn a_record_without_the_document_that_a_service_wants_is_not_sent() {
    let server = Server::start(|_| Reply::json(200, TOKEN));
    for kind in [ServiceKind::Faceki, ServiceKind::Onboarding] {
        let bare = visavis::ports::services::Delivery { document: Vec::new(), ..delivery() };
        let error = client(kind, &config(&server.address(), "")).enrol(&bare).expect_err("not sent");
        assert_eq!((error.fault, error.effect, error.advice().code), (ServiceFault::Incomplete, Effect::None, "SVC-21"), "{kind:?}");
    }
    assert!(server.seen().is_empty(), "{:?}", server.seen());
}

#[test]
fn the_onboarding_document_step_comes_before_the_selfie_and_fails_without_effect() {
    let paths = |more: &str, sides: usize, broken: &'static str| {
        let server = Server::start(move |request| match request.path() {
            "/token" => Reply::json(200, TOKEN),
            path if !broken.is_empty() && path.ends_with(broken) => Reply::json(401, ""),
            path if path.ends_with("Approve") => Reply::json(200, r#"{"status":0}"#),
            path if path.ends_with("GetApplicantId") => Reply::json(200, r#"{"isSuccess":true,"data":{"applicantId":"app-1"}}"#),
            _ => Reply::json(200, r#"{"isSuccess":true,"message":null}"#),
        });
        let delivery = visavis::ports::services::Delivery { document: vec![picture(); sides], ..delivery() };
        let done = client(ServiceKind::Onboarding, &config(&server.address(), more)).enrol(&delivery);
        let last = |request: &super::server::Request| request.path().rsplit('/').next().unwrap_or_default().to_owned();
        (done, server.seen().iter().map(last).collect::<Vec<_>>())
    };
    let (done, seen) = paths("", 2, "");
    assert_eq!(done.expect("taken").remote_reference.as_deref(), Some("app-1"));
    let national =
        ["token", "InitializeRequest", "true", "UploadFrontImage", "UploadBackImage", "UploadSelfieImage", "Approve", "GetApplicantId"];
    assert_eq!(seen, national);
    let (_, seen) = paths("[services.onboarding]\ndocument = \"passport\"\n", 1, "");
    let passport =
        ["token", "InitializeRequest", "false", "UploadPassportImage", "Approve", "UploadSelfieImage", "Approve", "GetApplicantId"];
    assert_eq!(seen, passport);
    let (_, seen) = paths("[services.onboarding]\ndocument = \"none\"\n", 1, "");
    assert_eq!(seen, ["token", "UploadSelfieImage", "Approve", "GetApplicantId"]);
    // A session that ends half-way is not quietly replaced by another, in which nothing was said yet.
    let (ended, seen) = paths("", 1, "UploadFrontImage");
    let error = ended.expect_err("the session is over");
    assert_eq!((error.fault, error.effect, seen.len()), (ServiceFault::Interrupted, Effect::None, 4));
    let (ended, _) = paths("", 1, "UploadSelfieImage");
    assert_eq!(ended.expect_err("over").fault, ServiceFault::Interrupted);
}

/// Pictures of a challenge in which a smile was asked for.
fn evidence() -> Vec<EvidencePicture> {
    let shown = [(98, 1), (90, 5), (20, 40), (0, 62), (70, 15), (96, 2)];
    let picture = |(i, (neutral, smile)): (usize, (u8, u8))| {
        let face = Frame::filled(Size::new(48, 64), [i as u8 * 30, 90, 120]);
        let taken_at = UtcTime(1_700_000_000_000 + i as i64 * 250);
        let jpeg = SensitiveBytes(encode::jpeg(&face, 90).expect("a picture"));
        EvidencePicture { taken_at, expression: Some(Expression { neutral, smile }), jpeg }
    };
    shown.into_iter().enumerate().map(picture).collect()
}

#[test]
fn the_onboarding_selfie_takes_along_what_the_configuration_says() {
    let uploaded = |more: &str, evidence: Vec<EvidencePicture>| {
        let server = Server::start(|request| match request.path() {
            "/token" => Reply::json(200, TOKEN),
            path if path.ends_with("Approve") => Reply::json(200, r#"{"status":0}"#),
            _ => Reply::json(200, r#"{"isSuccess":true,"message":null}"#),
        });
        let config = config(&server.address(), &format!("[services.onboarding]\ndocument = \"none\"\n{more}"));
        client(ServiceKind::Onboarding, &config).enrol(&Delivery { evidence, ..delivery() }).expect("taken");
        let seen = server.seen();
        let upload = seen.iter().find(|request| request.path().ends_with("UploadSelfieImage")).expect("the selfie");
        serde_json::from_slice::<serde_json::Value>(&upload.body).expect("JSON")
    };
    let plain = uploaded("", evidence());
    assert!(["naturalImageScore", "smileImageScore", "record"].iter().all(|name| plain.get(name).is_none_or(|v| v.is_null())), "{plain}");
    let scored = uploaded("send_scores = true\n", evidence());
    assert_eq!((scored["naturalImageScore"].as_f64(), scored["smileImageScore"].as_f64()), (Some(98.0), Some(62.0)));
    let unmeasured = uploaded("send_scores = true\nrecord = \"avi\"\n", Vec::new());
    assert!(["naturalImageScore", "record"].iter().all(|name| unmeasured.get(name).is_none_or(|v| v.is_null())), "nothing is made up");
    let selfie = uploaded("record = \"selfie\"\n", Vec::new());
    assert_eq!(selfie["record"], selfie["image"]);
    let recorded = uploaded("record = \"avi\"\n", evidence());
    let record = STANDARD.decode(recorded["record"].as_str().expect("text")).expect("base64");
    assert!(record.starts_with(b"RIFF") && record[8..].starts_with(b"AVI "), "a player's file");
    assert!(evidence().iter().all(|p| record.windows(p.jpeg.0.len()).any(|w| w == p.jpeg.0)), "with every picture");
}

#[test]
fn awareid_gets_frames_of_the_challenge_with_their_own_times() {
    let frames = |more: &str, evidence: Vec<EvidencePicture>| {
        let server = Server::start(|request| match request.path() {
            "/token" => Reply::json(200, TOKEN),
            path if path.ends_with("/enroll") => Reply::json(200, r#"{"enrollmentToken":"t-1","requiredChecks":["addFace"]}"#),
            _ => Reply::json(200, r#"{"enrollmentStatus":2,"registrationCode":"R-1"}"#),
        });
        let section = format!("[services.awareid]\nenrol_by = \"enroll\"\nworkflow = \"charlie4\"\n{more}");
        let done = client(ServiceKind::AwareId, &config(&server.address(), &section)).enrol(&Delivery { evidence, ..delivery() });
        done.expect("taken");
        let seen = server.seen();
        let body = seen.iter().find_map(|request| {
            let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
            body.pointer("/faceLivenessData/video/workflow_data/frames").cloned()
        });
        body.expect("a face package").as_array().expect("a list").clone()
    };
    let times = |frames: &[serde_json::Value]| frames.iter().filter_map(|f| f["timestamp"].as_i64()).collect::<Vec<_>>();
    let taken = frames("frames = 3\nframes_from = \"challenge\"\n", evidence());
    assert_eq!(times(&taken), [0, 250, 1250].map(|after| 1_700_000_000_000 + after), "the neutral ones, in order");
    assert_eq!(taken[1]["data"], STANDARD.encode(&evidence()[1].jpeg.0));
    for (more, pictures) in [("frames = 1\n", evidence()), ("frames = 1\nframes_from = \"challenge\"\n", Vec::new())] {
        let selfie = frames(more, pictures);
        assert_eq!((selfie.len(), &selfie[0]["data"]), (1, &STANDARD.encode(&picture().0).into()));
    }
}

/// Serves call after call on a connection, as long as the client likes; answers the most that one connection carried.
fn patient_server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (address, most) = (format!("http://{}", listener.local_addr().expect("an address")), Arc::new(AtomicUsize::new(0)));
    let told = Arc::clone(&most);
    let serve = move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let told = Arc::clone(&told);
            let answer = move || {
                let mut reader = BufReader::new(connection.try_clone().expect("a handle"));
                let mut connection = connection;
                for calls in 1.. {
                    let (mut token, mut length, mut line) = (false, 0, String::new());
                    while reader.read_line(&mut line).is_ok_and(|n| n > 0) && line != "\r\n" {
                        token |= line.contains(" /token ");
                        let header = line.to_ascii_lowercase();
                        length = header.strip_prefix("content-length:").map_or(length, |value| value.trim().parse().expect("a number"));
                        line.clear();
                    }
                    if line.is_empty() || reader.read_exact(&mut vec![0; length]).is_err() {
                        return;
                    }
                    told.fetch_max(calls, Ordering::SeqCst);
                    let body = if token { TOKEN } else { r#"{"isSuccess":true,"message":null,"status":0}"# };
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
                    if connection.write_all(format!("{head}{body}").as_bytes()).is_err() {
                        return;
                    }
                }
            };
            std::thread::Builder::new().name("patient-connection".to_owned()).spawn(answer).expect("a thread");
        }
    };
    std::thread::Builder::new().name("patient-server".to_owned()).spawn(serve).expect("a thread");
    (address, most)
}

#[test]
fn a_reply_that_comes_twice_cannot_answer_the_next_step_of_an_onboarding_session() {
    let (address, most) = patient_server();
    let delivery = Delivery { document: vec![picture()], ..delivery() };
    client(ServiceKind::Onboarding, &config(&address, "")).enrol(&delivery).expect("every step is taken");
    assert_eq!(most.load(Ordering::SeqCst), 1, "each call has a connection to itself");
}

#[test]
fn a_second_deletion_is_done_already() {
    let server = Server::start(|request| if request.path() == "/token" { Reply::json(200, TOKEN) } else { Reply::json(404, "") });
    let config = config(&server.address(), "");
    for kind in [ServiceKind::Uqudo, ServiceKind::AwareId] {
        let mut client = client(kind, &config);
        assert!(client.delete(&delivery()).expect("gone").repeated, "{kind:?}");
        assert_eq!(client.capabilities().delete_erases, kind == ServiceKind::AwareId, "Uqudo keeps the features");
    }
}

#[test]
fn the_promise_that_is_shown_is_the_clients_own() {
    for more in ["", "[services.faceki]\nreconcile_by_search = false\n", "[services.faceki]\nreconcile_by_search = true\n"] {
        let config = config("http://127.0.0.1:9", more);
        for kind in ServiceKind::ALL {
            let own = client(kind, &config).capabilities().enrol_guarantee;
            assert_eq!(visavis::adapters::services::enrol_guarantee(kind, &config), own, "{kind:?} {more}");
        }
    }
}
