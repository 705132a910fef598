//! Events: told to receivers on loopback, signed, encrypted, tried again, set aside, over restarts; and never told to anybody else.

use super::people::{enrolment, open, subject};
use super::server::{Reply, Request, Server};
use super::stage::{Hands, NOW};
use base64::Engine as _;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;
use visavis::adapters::services::post::{Poster, decrypt, is_signed};
use visavis::config::{Config, Effective, SignatureEncoding};
use visavis::ports::events::{EventStore, NewEvent, PostState, Registration};
use visavis::ports::gallery::{GalleryError, GalleryStore as _};
use visavis::ports::services::ServiceFault;
use visavis::runtime::events::Teller;
use visavis::units::{SensitiveBytes, SensitiveText, UtcTime};

const SESSION: Uuid = Uuid::from_u128(0x0196_0000_0000_7000_8000_0000_0000_0007);

fn config(more: &str) -> Config {
    let text = format!("[events]\nmax_tries = 3\nfirst_delay_seconds = 2\n{more}");
    Effective::from_layers(Some(&text), &[]).expect("valid").config
}

fn poster(config: &Config) -> Poster {
    Poster::new(&config.events, &config.services.http, Hands::default().surroundings()).expect("a poster")
}

fn teller(folder: &Path, config: &Config) -> Teller {
    Teller::new(Box::new(open(folder).expect("a gallery")), poster(config), &config.events)
}

fn registration(url: &str, encrypt: bool) -> Registration {
    let events = ["enrollment.started", "enrollment.completed", "authentication.completed"].map(str::to_owned).to_vec();
    Registration { url: url.to_owned(), auth: None, encrypt, sign: true, events }
}

fn secret(fill: u8) -> SensitiveBytes {
    SensitiveBytes(vec![fill; 32])
}

fn event(kind: &str) -> NewEvent {
    let data = json!({ "livenessResult": true });
    NewEvent { kind: kind.to_owned(), session: SESSION, subject: None, username: SensitiveText::default(), data, at: NOW }
}

fn later(seconds: i64) -> UtcTime {
    UtcTime(NOW.0 + seconds * 1000)
}

fn signature(request: &Request) -> &str {
    request.header("x-aware-signature").expect("a signature")
}

const BASE64: SignatureEncoding = SignatureEncoding::Base64;

#[test]
fn an_event_is_told_once_signed_and_found_again_by_each_of_its_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(|_| Reply::json(200, "{}"));
    let mut teller = teller(folder.path(), &config(""));
    let webhook = teller.store.register(&registration(&server.address(), false), &secret(1), NOW).expect("registered");
    assert_eq!(teller.store.announce(&event("enrollment.started")), Ok(1));
    assert_eq!(teller.store.announce(&event("authentication.started")), Ok(0), "nobody wants it");
    let tally = teller.round(NOW).expect("a round");
    assert_eq!((tally.delivered, tally.failed_tries), (1, 0));
    assert_eq!(teller.round(later(3600)).expect("a round").delivered, 0, "told once");
    let seen = server.seen();
    let message: Value = serde_json::from_slice(&seen[0].body).expect("JSON");
    assert_eq!((&message["type"], &message["operationToken"]), (&json!("enrollment.started"), &json!(SESSION)));
    assert_eq!(message["created"], "2026-01-01T00:00:00.000+0000");
    assert!(is_signed(&[secret(1)], signature(&seen[0]), &seen[0].body, BASE64));
    assert!(!is_signed(&[secret(2)], signature(&seen[0]), &seen[0].body, BASE64), "another secret is not right");
    for name in [message["id"].as_str().expect("an id").to_owned(), SESSION.to_string(), "1".to_owned()] {
        let found = teller.store.events(webhook.id, &[name]).expect("events");
        assert_eq!(found.iter().map(|event| event.message()).collect::<Vec<_>>(), vec![message.clone()]);
    }
    assert!(teller.store.events(webhook.id, &["2".to_owned()]).expect("events").is_empty());
}

#[test]
fn both_secrets_are_valid_for_the_overlap_and_the_old_one_not_a_moment_longer() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(|_| Reply::json(204, ""));
    let mut teller = teller(folder.path(), &config(""));
    let id = teller.store.register(&registration(&server.address(), true), &secret(1), NOW).expect("registered").id;
    teller.store.rotate(id, &secret(2), later(3600), NOW).expect("rotated");
    for at in [NOW, later(3599), later(3600)] {
        teller.store.announce(&event("enrollment.started")).expect("announced");
        teller.round(at).expect("a round");
    }
    let seen = server.seen();
    for request in &seen[..2] {
        for old_or_new in [secret(1), secret(2)] {
            assert!(is_signed(&[old_or_new], signature(request), &request.body, BASE64));
        }
        assert!(decrypt(&[secret(1)], &request.body).is_some(), "a receiver that has only the old secret reads it");
    }
    assert!(!is_signed(&[secret(1)], signature(&seen[2]), &seen[2].body, BASE64), "the overlap is over");
    assert!(is_signed(&[secret(2)], signature(&seen[2]), &seen[2].body, BASE64));
    assert!(decrypt(&[secret(2)], &seen[2].body).is_some() && decrypt(&[secret(1)], &seen[2].body).is_none());
    let (_, secrets) = teller.store.webhook(id, later(3600)).expect("a webhook");
    assert_eq!(secrets.previous, None);
}

#[test]
fn a_receiver_that_refuses_is_asked_again_later_and_then_set_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    // It checks the signature with a secret it was never given.
    let server = Server::start(|request| {
        let wrong = is_signed(&[secret(9)], signature(request), &request.body, BASE64);
        Reply::json(if wrong { 200 } else { 401 }, "{}")
    });
    let mut teller = teller(folder.path(), &config(""));
    let id = teller.store.register(&registration(&server.address(), false), &secret(1), NOW).expect("registered").id;
    teller.store.announce(&event("enrollment.started")).expect("announced");
    assert_eq!(teller.round(NOW).expect("a round").failed_tries, 1);
    assert_eq!(teller.round(NOW).expect("a round").failed_tries, 0, "not before its time");
    assert_eq!(teller.round(later(60)).expect("a round").failed_tries, 1);
    assert_eq!(teller.round(later(600)).expect("a round").set_aside, 1);
    let set_aside = teller.store.posts(Some(id), Some(PostState::SetAside), 0, 10).expect("posts");
    assert_eq!((set_aside.total, set_aside.entries[0].tries, set_aside.entries[0].last.as_str()), (1, 3, "status 401"));
    assert_eq!(server.seen().len(), 3);
    assert_eq!(teller.store.retry(Some(id), later(700)), Ok(1));
    assert_eq!(teller.round(later(700)).expect("a round").failed_tries, 1, "a person has it tried again");
}

#[test]
fn a_busy_receiver_is_left_alone_for_as_long_as_it_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::Full(503, vec![("Retry-After", "120".to_owned())], Vec::new()),
        _ => Reply::json(200, "{}"),
    });
    let mut teller = teller(folder.path(), &config(""));
    teller.store.register(&registration(&server.address(), false), &secret(1), NOW).expect("registered");
    teller.store.announce(&event("enrollment.started")).expect("announced");
    teller.round(NOW).expect("a round");
    assert_eq!(teller.round(later(119)).expect("a round").delivered, 0);
    assert_eq!(teller.round(later(120)).expect("a round").delivered, 1);
}

#[test]
fn what_was_announced_survives_a_restart_in_the_middle_and_repetitions_carry_the_same_identifier() {
    let folder = tempfile::tempdir().expect("a folder");
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    // The second message is taken, and its answer lost.
    let server = Server::start(move |_| if count.fetch_add(1, Ordering::SeqCst) == 1 { Reply::Nothing } else { Reply::json(200, "{}") });
    let config = config("");
    let mut before = teller(folder.path(), &config);
    before.store.register(&registration(&server.address(), false), &secret(1), NOW).expect("registered");
    for _ in 0..3 {
        before.store.announce(&event("enrollment.started")).expect("announced");
    }
    let due = before.store.due(NOW, 1).expect("due");
    assert_eq!(due.len(), 1);
    assert_eq!(before.round(NOW).expect("a round").delivered, 2);
    drop(before);
    let mut after = teller(folder.path(), &config);
    assert_eq!(after.store.posts(None, Some(PostState::Queued), 0, 10).expect("posts").total, 1);
    assert_eq!(after.round(later(3600)).expect("a round").delivered, 1);
    let ids: Vec<String> =
        server.seen().iter().map(|r| serde_json::from_slice::<Value>(&r.body).expect("JSON")["id"].to_string()).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(ids[1], ids[3], "told again under its own identifier");
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
}

#[test]
fn a_network_that_is_down_counts_against_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let mut teller = teller(folder.path(), &config(""));
    teller.store.register(&registration(&format!("http://{free}"), false), &secret(1), NOW).expect("registered");
    for _ in 0..2 {
        teller.store.announce(&event("enrollment.started")).expect("announced");
    }
    for hour in 0..20 {
        let tally = teller.round(later(hour * 3600)).expect("a round");
        assert_eq!((tally.failed_tries, tally.set_aside), (1, 0), "one try an hour, and the other message waits with it");
    }
    assert_eq!(teller.store.posts(None, Some(PostState::Queued), 0, 10).expect("posts").total, 2);
    assert_eq!(teller.round(later(31 * 86_400)).expect("a round").set_aside, 2, "after a month it is given up");
}

#[test]
fn only_allowed_addresses_are_told_and_redirections_are_not_followed() {
    let allowed = poster(&config("allowed_hosts = ['hooks.example']\n"));
    assert!(allowed.check("https://hooks.example/x").is_ok());
    for url in ["https://other.example/x", "http://hooks.example/x", "https://me:pw@hooks.example/", "nonsense"] {
        let fault = allowed.check(url).expect_err("refused").fault;
        assert!(matches!(fault, ServiceFault::NotAllowed | ServiceFault::Misconfigured), "{url}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = Server::start(|_| Reply::json(200, "{}"));
    let target = elsewhere.address();
    let server = Server::start(move |_| Reply::Full(307, vec![("Location", target.clone())], Vec::new()));
    let mut teller = teller(folder.path(), &config(""));
    teller.store.register(&registration(&server.address(), false), &secret(1), NOW).expect("registered");
    teller.store.announce(&event("enrollment.started")).expect("announced");
    assert_eq!(teller.round(NOW).expect("a round").failed_tries, 1);
    assert!(elsewhere.seen().is_empty());
}

#[test]
fn an_enrolment_and_its_event_are_one_write_and_erasing_takes_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut gallery = open(folder.path()).expect("a gallery");
    let id = gallery.register(&registration("https://hooks.example", false), &secret(1), NOW).expect("registered").id;
    let mut first = enrolment(1, 0);
    first.announce = Some(NewEvent { subject: Some(subject(1)), ..event("enrollment.completed") });
    gallery.enrol(&first).expect("enrolled");
    // The same record again is refused, and so is its event.
    assert!(matches!(gallery.enrol(&first), Err(GalleryError::Conflict { .. })));
    let found = gallery.events(id, &[SESSION.to_string()]).expect("events");
    assert_eq!(found.len(), 1);
    let message = found[0].message();
    assert_eq!(
        (&message["username"], &message["data"]["registrationCode"]),
        (&json!(first.registration_code), &json!(first.registration_code))
    );
    gallery.erase(subject(1), "asked for", NOW).expect("erased");
    assert!(gallery.events(id, &[SESSION.to_string()]).expect("events").is_empty());
    assert_eq!(gallery.posts(None, None, 0, 10).expect("posts").total, 0);
    assert_eq!(
        gallery.announce(&NewEvent { subject: Some(subject(1)), ..event("authentication.completed") }),
        Ok(0),
        "nobody is told of them"
    );
    gallery.verify().expect("whole");
}

#[test]
fn a_receiver_is_listed_changed_and_removed_without_its_secret_being_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut gallery = open(folder.path()).expect("a gallery");
    let id = gallery.register(&registration("https://hooks.example", true), &secret(7), NOW).expect("registered").id;
    let mut changed = registration("https://other.example", false);
    changed.events = vec!["authentication.completed".to_owned()];
    gallery.update(id, &changed).expect("changed");
    let listed = gallery.webhooks().expect("webhooks");
    assert_eq!(listed[0].registration, changed);
    assert!(!format!("{:?}", gallery.webhook(id, NOW).expect("a webhook")).contains("7, 7"), "never printed");
    assert_eq!(gallery.webhook(id, NOW).expect("a webhook").1.current, secret(7), "the secret stays");
    gallery.announce(&event("authentication.completed")).expect("announced");
    gallery.remove(id).expect("removed");
    assert!(gallery.webhooks().expect("webhooks").is_empty() && gallery.webhook(id, NOW).is_err());
    assert_eq!(gallery.posts(None, None, 0, 10).expect("posts").total, 0);
    let encoded = base64::engine::general_purpose::STANDARD.encode([7u8; 32]);
    let bytes = std::fs::read(folder.path().join("gallery.db")).expect("a file");
    assert!(!bytes.windows(encoded.len()).any(|w| w == encoded.as_bytes()) && !bytes.windows(32).any(|w| w == [7u8; 32]));
}
