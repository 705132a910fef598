//! What goes wrong on request, seen from the other end of the line.

use crate::guest::{Guest, START, guest, guest_with, signed_in};
use crate::pictures::face;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use visavis::adapters::twin::{Fault, FaultRates, Twin, TwinOptions};
use visavis::ports::services::ServiceKind;
use visavis::units::UtcTime;

const INSERT: &str = "/api/v1/face/one-to-n/insert";

fn insert(guest: &Guest, person: &str) -> Result<crate::guest::Answered, String> {
    guest.try_post(INSERT, &json!({ "idPhoto": face(&format!("person={person}")) }))
}

fn held(guest: &Guest, person: &str) -> u32 {
    guest.twin.ledger().registrations_of_person(person)
}

#[test]
fn a_lost_reply_leaves_the_change_behind_and_a_reset_does_not() {
    let guest = signed_in(ServiceKind::Uqudo);
    guest.twin.next(Fault::LoseReply);
    assert!(insert(&guest, "ada").is_err());
    assert_eq!(held(&guest, "ada"), 1);
    guest.twin.next(Fault::Reset);
    assert!(insert(&guest, "bob").is_err());
    assert_eq!(held(&guest, "bob"), 0);
    guest.twin.next(Fault::Truncate);
    assert!(insert(&guest, "cy").is_err());
    assert_eq!(held(&guest, "cy"), 1);
    guest.twin.next(Fault::FailAfterApplying);
    assert_eq!(insert(&guest, "dee").expect("a reply").status, 500);
    assert_eq!(held(&guest, "dee"), 1);
    guest.twin.next(Fault::ProcessTwice);
    assert_eq!(insert(&guest, "eve").expect("a reply").status, 200);
    assert_eq!(held(&guest, "eve"), 2);
    assert_eq!(insert(&guest, "fay").expect("a reply").status, 200);
    assert_eq!(guest.twin.ledger().doubled(), ["eve"]);
}

#[test]
fn a_busy_service_changes_nothing_and_says_when_to_come_back() {
    let guest = signed_in(ServiceKind::Uqudo);
    for (fault, status) in [(Fault::Busy(Duration::from_secs(7)), 429), (Fault::Unavailable(Duration::from_secs(7)), 503)] {
        guest.twin.next(fault);
        let reply = insert(&guest, "ada").expect("a reply");
        assert_eq!((reply.status, reply.headers.get("retry-after").map(String::as_str)), (status, Some("7")));
    }
    assert_eq!(held(&guest, "ada"), 0);
}

#[test]
fn tokens_end_early_and_dates_lie() {
    let mut guest = signed_in(ServiceKind::Uqudo);
    guest.twin.next(Fault::ExpireTokens);
    assert_eq!(insert(&guest, "ada").expect("a reply").status, 401);
    guest.sign_in();
    guest.twin.next(Fault::SkewClock(-3600));
    let skewed = insert(&guest, "ada").expect("a reply");
    let honest = insert(&guest, "ada").expect("a reply");
    assert_eq!(UtcTime(START).to_rfc3339(), "2027-01-15T08:00:00.000Z");
    assert_eq!(skewed.headers["date"], "Fri, 15 Jan 2027 07:00:00 GMT");
    assert_eq!(honest.headers["date"], "Fri, 15 Jan 2027 08:00:00 GMT");
}

/// The same reply twice on one connection, as the bytes on the wire show.
#[test]
fn a_repeated_reply_is_on_the_wire_twice() {
    let guest = guest(ServiceKind::Uqudo);
    guest.twin.next(Fault::RepeatReply);
    let mut stream = TcpStream::connect(guest.twin.address()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
    let request = format!("POST {INSERT} HTTP/1.1\r\nHost: twin\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut seen = String::new();
    let mut buffer = [0; 4096];
    while seen.matches("HTTP/1.1 401").count() < 2 {
        let read = stream.read(&mut buffer).expect("both replies come");
        assert!(read > 0, "the connection ended after {seen:?}");
        seen.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    assert_eq!(guest.twin.ledger().calls.get(&4), Some(&1), "processed once");
}

#[test]
fn a_slow_reply_outlasts_a_client_without_patience() {
    let guest = signed_in(ServiceKind::Uqudo);
    guest.twin.next(Fault::Slow(Duration::from_secs(30)));
    let body = json!({ "idPhoto": face("person=ada") });
    let impatient = guest.send(guest.request("POST", INSERT).timeout(Duration::from_millis(300)).json(&body));
    assert!(impatient.is_err());
    assert_eq!(held(&guest, "ada"), 1, "the call was processed before the reply was held back");
}

#[test]
fn faults_are_aimed_at_one_operation() {
    let guest = signed_in(ServiceKind::Uqudo);
    guest.twin.next_for(2, Fault::Busy(Duration::ZERO));
    assert_eq!(insert(&guest, "ada").expect("a reply").status, 200);
    let pair = json!({ "sourceImage": face("person=ada"), "targetImage": face("person=ada") });
    assert_eq!(guest.post("/api/v1/face/match", &pair).status, 429);
    assert_eq!(guest.post("/api/v1/face/match", &pair).status, 200);
}

/// Half of all replies are lost; the ledger and the client's own count say the same.
#[test]
fn drawn_faults_come_at_their_rate_and_repeat_with_the_seed() {
    let outcomes = |seed: u64| {
        let mut guest = guest_with(ServiceKind::Uqudo, |o| o.seed = seed);
        guest.sign_in();
        guest.twin.set_rates(FaultRates::parse("lost=0.3,busy=0.2").expect("a plan"));
        let outcomes: Vec<Option<u16>> = (0..40).map(|n| insert(&guest, &format!("p{n}")).ok().map(|r| r.status)).collect();
        for (n, outcome) in outcomes.iter().enumerate() {
            let expected = u32::from(*outcome != Some(429));
            // A reply that is lost and busy at once was not processed either.
            assert!(held(&guest, &format!("p{n}")) == expected || outcome.is_none(), "p{n}: {outcome:?}");
        }
        outcomes
    };
    let row = outcomes(5);
    assert_eq!(row, outcomes(5));
    assert!(row.contains(&None) && row.contains(&Some(429)) && row.contains(&Some(200)), "{row:?}");
}

#[test]
fn the_ledger_and_the_faults_are_reached_over_http() {
    let guest = signed_in(ServiceKind::Uqudo);
    guest.post("/_twin/next/413", &json!({})).expect(204);
    assert_eq!(insert(&guest, "ada").expect("a reply").status, 413);
    guest.post("/_twin/next/busy?operation=2", &json!({})).expect(204);
    let rates = |plan: &'static str| guest.send(guest.request("PUT", "/_twin/rates").body(plan)).expect("a reply").status;
    assert_eq!([rates("wind=1"), rates("unavailable=1")], [400, 204]);
    assert_eq!(insert(&guest, "ada").expect("a reply").status, 503);
    assert_eq!(rates(""), 204);
    insert(&guest, "ada").expect("a reply");
    let ledger = guest.get("/_twin/ledger").expect(200).json();
    assert_eq!((&ledger["service"], &ledger["holdings"][0]["person"]), (&json!("uqudo"), &json!("ada")));
}

#[test]
fn a_dropped_twin_is_gone_and_frees_its_port() {
    let guest = guest(ServiceKind::Baf);
    let address = guest.twin.address();
    assert!(address.ip().is_loopback());
    let mut options = TwinOptions::new(std::sync::Arc::new(|| UtcTime(START)));
    options.port = address.port();
    assert!(Twin::start(ServiceKind::Baf, options.clone()).is_err(), "the port is taken");
    drop(guest);
    assert!(TcpStream::connect(address).is_err());
    let again = Twin::start(ServiceKind::Baf, options).expect("the port is free again");
    assert_eq!(again.address(), address);
}

#[test]
fn a_full_twin_refuses_and_keeps_what_it_has() {
    let mut guest = guest_with(ServiceKind::Uqudo, |o| o.max_people = 2);
    guest.sign_in();
    let statuses: Vec<u16> = (0..3).map(|n| insert(&guest, &format!("p{n}")).expect("a reply").status).collect();
    assert_eq!(statuses, [200, 200, 500]);
    assert_eq!(guest.twin.ledger().holdings.len(), 2);
}
