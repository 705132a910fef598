//! Webhooks: registered, signed, sealed, delivered again, and their events asked for.

use super::{add_face, awareid, enroll};
use crate::guest::Guest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

struct Message {
    headers: String,
    body: Vec<u8>,
}

/// A receiver on loopback that refuses its first `refusals` messages.
fn receiver(refusals: usize) -> (String, Receiver<Message>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let (sender, messages) = sync_channel(100);
    let serve = move || {
        for (n, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { return };
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let mut headers = String::new();
            while reader.read_line(&mut headers).is_ok_and(|read| read > 2) {}
            let lower = headers.to_lowercase();
            let length = lower.lines().find_map(|l| l.strip_prefix("content-length: ")).and_then(|l| l.trim().parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let status = if n < refusals { "503 Busy" } else { "200 OK" };
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            if sender.send(Message { headers, body }).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().name("receiver".to_owned()).spawn(serve).expect("a thread");
    (url, messages)
}

fn next(messages: &Receiver<Message>) -> Message {
    messages.recv_timeout(Duration::from_secs(20)).expect("a message")
}

fn register(guest: &Guest, body: &Value) -> (String, Vec<u8>) {
    let reply = guest.post("/webhook/registration", body).expect(200).json();
    let secret = STANDARD.decode(reply["secret"].as_str().expect("a secret")).expect("base 64");
    assert_eq!(secret.len(), 32);
    (reply["webhookId"].as_str().expect("an id").to_owned(), secret)
}

fn signature(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).expect("a key");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[test]
fn events_are_delivered_signed_and_again_when_refused() {
    let guest = awareid();
    let (url, messages) = receiver(1);
    let events = ["enrollment.started", "enrollment.cancelled"];
    let (id, secret) = register(
        &guest,
        &json!({ "url": url, "authHeaderKey": "X-Mine", "authHeaderValue": "yes", "encryptMessageBody": false, "events": events }),
    );
    let token = enroll(&guest, "ada");
    add_face(&guest, &token, "person=ada").expect(200);
    let (refused, taken) = (next(&messages), next(&messages));
    assert_eq!(refused.body, taken.body);
    assert!(taken.headers.contains(&signature(&secret, &taken.body)) && taken.headers.to_lowercase().contains("x-mine: yes"));
    let event: Value = serde_json::from_slice(&taken.body).expect("JSON");
    assert_eq!(
        (&event["type"], &event["operationToken"], &event["username"]),
        (&json!("enrollment.started"), &json!(token), &json!("ada"))
    );
    assert_eq!(event["created"], "2027-01-15T08:00:00.000+0000");
    guest.post("/onboarding/enrollment/cancel", &json!({ "enrollmentToken": token })).expect(200);
    let cancelled: Value = serde_json::from_slice(&next(&messages).body).expect("JSON");
    assert_eq!(cancelled["type"], "enrollment.cancelled", "checks of the face were not asked for");
    let ask = |number: &Value| {
        guest.post("/webhook/event", &json!({ "webhookId": id, "list": [{ "transactionNum": number }] })).expect(200).json()["list"].clone()
    };
    assert_eq!(ask(&event["id"]), json!([event]));
    assert_eq!(ask(&json!(token)), json!([event, cancelled]));
    assert_eq!(ask(&json!(1)), json!([event]));
    assert_eq!(ask(&json!(999)), json!([]));
}

#[test]
fn bodies_are_sealed_with_the_secret_unless_told_otherwise() {
    let guest = awareid();
    let (url, messages) = receiver(0);
    let (_, secret) = register(&guest, &json!({ "url": url, "events": ["enrollment.started"] }));
    enroll(&guest, "ada");
    let message = next(&messages);
    assert!(message.headers.contains(&signature(&secret, &message.body)), "the signature covers the bytes as sent");
    let sealed = STANDARD.decode(&message.body).expect("base 64");
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&secret, &sealed[..16]).expect("lengths");
    let plain = cipher.decrypt_padded_vec::<Pkcs7>(&sealed[16..]).expect("padding");
    let event: Value = serde_json::from_slice(&plain).expect("JSON");
    assert_eq!(event["type"], "enrollment.started");
}

#[test]
fn webhooks_are_listed_changed_and_removed() {
    let guest = awareid();
    let list = "/webhook/registration";
    guest.post(list, &json!({ "url": "http://localhost:1", "events": [] })).expect(400);
    guest.post(list, &json!({ "url": "http://localhost:1", "events": ["weather.changed"] })).expect(400);
    guest.post(list, &json!({ "url": "ftp://localhost", "events": ["enrollment.started"] })).expect(400);
    guest.post(list, &json!({ "events": ["enrollment.started"] })).expect(400);
    let (id, secret) = register(&guest, &json!({ "url": "http://localhost:1", "events": ["enrollment.started"] }));
    let one = format!("{list}/{id}");
    let shown = guest.get(&one).expect(200).json();
    assert_eq!((&shown["encryptMessageBody"], &shown["secretKey"]), (&json!(true), &json!(STANDARD.encode(&secret))));
    let kept = guest.put(&one, &json!({ "events": ["authentication.started"], "addSignatureHeader": false })).expect(200).json();
    assert_eq!(kept["secret"], STANDARD.encode(&secret));
    let renewed = guest.put(&one, &json!({ "generateNewSecret": true })).expect(200).json();
    assert_ne!(renewed["secret"], kept["secret"]);
    let shown = guest.get(&one).expect(200).json();
    assert_eq!((&shown["secretKey"], &shown["events"]), (&renewed["secret"], &json!(["authentication.started"])));
    assert_eq!(guest.get(list).expect(200).json()["list"], json!([shown]));
    guest.delete(&one).expect(200);
    guest.delete(&one).expect(404);
    guest.get(&one).expect(404);
    guest.put(&one, &json!({})).expect(404);
}
