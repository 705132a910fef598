//! The tables of operations and of documented errors.

use crate::guest::{guest, signed_in};
use std::collections::BTreeSet;
use visavis::adapters::twin::{self, Fault};
use visavis::ports::services::ServiceKind;

fn numbers(service: ServiceKind) -> BTreeSet<u16> {
    twin::operations().iter().filter(|o| o.service == service.name()).map(|o| o.number).collect()
}

#[test]
fn every_numbered_operation_has_a_row() {
    for (service, last) in
        [(ServiceKind::AwareId, 95), (ServiceKind::Uqudo, 5), (ServiceKind::Faceki, 5), (ServiceKind::Baf, 6), (ServiceKind::Onboarding, 4)]
    {
        let numbers = numbers(service);
        let missing: Vec<u16> = (1..=last).filter(|n| !numbers.contains(n)).collect();
        assert_eq!(missing, Vec::<u16>::new(), "{}", service.name());
        assert_eq!(
            numbers.iter().filter(|n| (last + 1..=60).contains(*n)).count(),
            0,
            "{} lists a number its page has not",
            service.name()
        );
    }
}

/// A call without a body reaches every row: its answer is the service's, never "no such path" or "not that method".
#[test]
fn every_row_is_reached() {
    for service in ServiceKind::ALL {
        let guest = signed_in(service);
        let unknown = guest.get("/no/such/path").expect(404).body;
        for row in twin::operations().into_iter().filter(|o| o.service == service.name() && !o.path.is_empty()) {
            let path = row.path.replace(['{', '}'], "");
            let before = guest.twin.ledger().calls;
            let reply = guest.send(guest.request(row.method, &path)).expect("a reply");
            let counted = guest.twin.ledger().calls != before;
            assert!(counted && reply.status != 405, "{} {} {}: {}", row.service, row.number, row.path, reply.status);
            assert!(reply.status != 404 || reply.body != unknown || service == ServiceKind::Uqudo, "{} {}", row.service, row.path);
        }
    }
}

/// Whatever is sent, every row answers, and nobody is registered by it.
#[test]
fn nonsense_is_answered() {
    let deep = "[".repeat(5000);
    let long = format!("{{\"username\":\"{}\"}}", "x".repeat(100_000));
    let bodies = ["", "{", "[]", "null", "{}", "\u{0}", deep.as_str(), long.as_str(), "{\"video\":{\"workflow_data\":[]},\"image\":{}}"];
    for service in ServiceKind::ALL {
        let guest = signed_in(service).loosely();
        for row in twin::operations().into_iter().filter(|o| o.service == service.name() && o.method != "GET" && !o.path.is_empty()) {
            let path = row.path.replace(['{', '}'], "");
            for body in bodies {
                let reply = guest.send(guest.request(row.method, &path).body(body.to_owned())).expect("a reply");
                let in_words = reply.status < 500 || !reply.body.is_empty();
                assert!(in_words, "{} {} answers {} to {:.40}", row.service, row.path, reply.status, body);
            }
        }
        assert_eq!(guest.twin.ledger().holdings, [], "{} registered nonsense", service.name());
    }
}

#[test]
fn methods_that_a_path_does_not_take_are_refused() {
    for service in ServiceKind::ALL {
        let guest = guest(service);
        for row in twin::operations().into_iter().filter(|o| o.service == service.name() && o.method == "POST").take(3) {
            let path = row.path.replace(['{', '}'], "");
            assert_eq!(guest.send(guest.request("PATCH", &path)).expect("a reply").status, 405, "{}", row.path);
        }
    }
}

/// Every documented error comes on demand, with its code somewhere in the reply where the service states codes.
#[test]
fn every_documented_error_comes_on_demand() {
    for (service, method, path) in [
        (ServiceKind::AwareId, "GET", "/faceliveness/version"),
        (ServiceKind::Uqudo, "POST", "/api/v1/face/match"),
        (ServiceKind::Faceki, "GET", "/api/v3/workflows/rules"),
        (ServiceKind::Baf, "POST", "/api/v2/private/Applicants"),
        (ServiceKind::Onboarding, "POST", "/Onboarding/api/v1/onboarding/BiometricTest/Approve"),
    ] {
        let guest = signed_in(service).loosely();
        let names = twin::errors(service);
        assert!(names.len() >= 5, "{}", service.name());
        for name in names {
            guest.twin.next(Fault::Documented(name.to_owned()));
            let reply = guest.send(guest.request(method, path)).expect("a reply");
            assert!(!reply.text().contains("knows no error"), "{name}");
            if let Some(code) = name.strip_prefix("knomi-").and_then(|n| n.parse::<i64>().ok()) {
                assert_eq!(reply.json()["error"]["code"], if code == 113 { code } else { -code }, "{name}");
                continue;
            }
            let code = name.split('-').next().unwrap_or(name);
            if let Ok(code) = code.parse::<u32>() {
                let stated = reply.status == u16::try_from(code).unwrap_or(0) || reply.text().contains(&code.to_string());
                assert!(stated, "{} {name}: {} {}", service.name(), reply.status, reply.text());
            }
        }
    }
}
