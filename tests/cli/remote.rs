//! `visavis remote` from outside.

use crate::program::Place;
use std::io::Write as _;
use std::net::TcpListener;

/// Answers every request with `reply` as JSON and keeps what was asked.
fn server(reply: &'static str) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (asked, seen) = std::sync::mpsc::sync_channel(16);
    std::thread::Builder::new()
        .name("service".into())
        .spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = asked.try_send(request(&mut stream));
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", reply.len());
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(reply.as_bytes()));
            }
        })
        .expect("a thread");
    (address, seen)
}

/// Head and body of one request.
fn request(stream: &mut impl std::io::Read) -> String {
    let (mut text, mut chunk) = (String::new(), [0; 4096]);
    loop {
        let wanted = text.split_once("\r\n\r\n").map(|(head, body)| {
            let length = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok());
            body.len() >= length.unwrap_or(0)
        });
        if wanted == Some(true) {
            return text;
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return text,
            Ok(length) => text.push_str(&String::from_utf8_lossy(&chunk[..length])),
        }
    }
}

#[test]
fn every_operation_is_listed() {
    let listed = Place::new().run(&["remote", "list"]).expect(0).json();
    assert_eq!(listed["schema"], "visavis.remote_list/1");
    let operations = listed["operations"].as_array().expect("a list");
    for (service, count) in [("awareid", 95), ("uqudo", 5), ("faceki", 5), ("baf", 6), ("onboarding", 4)] {
        let own: Vec<_> = operations.iter().filter(|o| o["service"] == service).collect();
        assert_eq!(own.len(), count, "{service}");
        for operation in own {
            assert!(operation["path"].as_str().is_some_and(|p| p.starts_with('/')), "{operation}");
            assert!(["seed", "doc", "inferred"].contains(&operation["origin"].as_str().expect("text")), "{operation}");
            assert!(["GET", "POST", "PUT", "DELETE"].contains(&operation["method"].as_str().expect("text")), "{operation}");
        }
    }
}

#[test]
fn a_call_goes_out_with_what_it_is_given() {
    let (address, seen) = server(r#"{"match":true,"matchLevel":4}"#);
    let configuration =
        format!("[services.uqudo.endpoint]\nbase_url = \"{address}\"\n[services.uqudo.endpoint.token]\nsource = \"none\"\n");
    let place = Place::new();
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(48, 64).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    let picture = format!("sourceImage={}", place.file("a.png", &png.into_inner()).display());
    let body = br#"{"targetImage":"AAAA"}"#;
    let arguments = ["remote", "call", "uqudo", "2", "--body", "-", "--set", "minimumMatchLevel=3", "--file", &picture];
    let answer = place.run_with(&configuration, body, &arguments).expect(0).json();
    assert_eq!(
        (&answer["reply"]["matchLevel"], &answer["name"], &answer["surprise"]),
        (&4.into(), &"face_match".into(), &serde_json::Value::Null)
    );
    let asked = seen.recv().expect("one call");
    assert!(asked.starts_with("POST /api/v1/face/match HTTP/1.1"), "{asked}");
    let damaged = format!("sourceImage={}", place.file("b.png", b"\x89PNG\r\n\x1a\nnothing").display());
    let refused = ["remote", "call", "uqudo", "2", "--body", "-", "--file", &damaged];
    place.run_with(&configuration, body, &refused).expect_error(2, "SVC-10");
    assert!(seen.try_recv().is_err(), "nothing was sent");
    assert!(asked.contains(r#""minimumMatchLevel":3"#) && asked.contains(r#""sourceImage":"iVBOR"#), "{asked}");
}

#[test]
fn what_cannot_be_called_says_why() {
    let place = Place::new();
    place.run(&["remote", "check"]).expect_error(2, "SVC-19");
    place.run(&["remote", "call", "baf", "4"]).expect_error(2, "SVC-17");
    place.run(&["remote", "call", "uqudo", "99"]).expect_error(2, "USE-01");
    place.run(&["remote", "call", "uqudo", "2"]).expect_error(3, "SVC-18");
    let plain = "[services.uqudo.endpoint]\nbase_url = \"http://id.example.org\"\n";
    place.run_with(plain, b"", &["remote", "call", "uqudo", "5", "--set", "one_to_n_verification_id=x"]).expect_error(3, "SVC-04");
    let literal = "[services.uqudo.endpoint.token]\nsecret = \"hunter2\"\n";
    let refused = place.run_with(literal, b"", &["remote", "list"]).expect(2);
    assert!(!refused.stderr.contains("hunter2") && !refused.stdout.contains("hunter2"), "{}", refused.stderr);
}

#[test]
fn a_secret_is_taken_from_standard_input_and_used() {
    let (address, seen) = server(r#"{"access_token":"t","expires_in":60}"#);
    let configuration = format!(
        "[services.onboarding.endpoint]\nbase_url = \"{address}\"\n[services.onboarding.endpoint.token]\nclient_id = \"bank\"\nsecret = \"keyring:tenant\"\n"
    );
    let place = Place::new();
    let unusable = place.run_with(&configuration, b"", &["remote", "check", "onboarding"]).expect(1).json();
    assert_eq!(unusable["services"][0]["code"], "SVC-18");
    place.run_with(&configuration, b"s3cret-of-the-bank\n", &["remote", "secret", "set", "tenant"]).expect(0);
    let usable = place.run_with(&configuration, b"", &["remote", "check"]).expect(0).json();
    assert_eq!(usable["services"][0]["usable"], true);
    assert_eq!(usable["services"][0]["capabilities"]["enrol_guarantee"], "at_most_once");
    assert!(seen.recv().expect("a token").contains(r#""tenantSecret":"s3cret-of-the-bank""#));
    place.run_with(&configuration, b"", &["remote", "secret", "remove", "tenant"]).expect(0);
    place.run_with(&configuration, b"", &["remote", "check"]).expect(1);
    place.run_with(&configuration, b"", &["remote", "secret", "set", "tenant"]).expect_error(3, "SVC-20");
}
