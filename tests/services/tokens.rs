//! Tokens: kept, renewed early, renewed once after 401, or asked of a broker.

use super::server::{Reply, Request, Server};
use super::stage::{Hands, TOKEN, client, config, secret_reference};
use visavis::adapters::services::connect;
use visavis::ports::services::{ServiceFault, ServiceKind};

fn is_token(request: &Request) -> bool {
    request.path() == "/token"
}

fn uqudo_reply(request: &Request) -> Reply {
    if is_token(request) { Reply::json(200, TOKEN) } else { Reply::json(200, r#"{"oneToNVerificationMatch":false}"#) }
}

#[test]
fn a_token_is_kept_until_four_fifths_of_its_life_are_over() {
    let server = Server::start(uqudo_reply);
    let hands = Hands::default();
    let mut client = connect(ServiceKind::Uqudo, &config(&server.address(), ""), hands.surroundings()).expect("a client");
    let tokens = || server.seen().iter().filter(|r| is_token(r)).count();
    for (forward, expected) in [(0, 1), (200, 1), (39, 1), (2, 2), (100, 2), (200, 3)] {
        hands.forward(forward);
        client.search(&super::stage::picture()).expect("an answer");
        assert_eq!(tokens(), expected, "after {forward} more seconds");
    }
    let form = server.seen()[0].text();
    for field in ["grant_type=client_credentials", "client_id=client", "client_secret="] {
        assert!(form.contains(field), "{field}");
    }
    assert_eq!(server.seen()[1].header("authorization"), Some("Bearer tkn-1"));
}

#[test]
fn after_401_the_token_is_renewed_and_the_call_made_once_more() {
    let server = Server::start(|request| if is_token(request) { Reply::json(200, TOKEN) } else { Reply::json(401, "") });
    let error = client(ServiceKind::Uqudo, &config(&server.address(), "")).search(&super::stage::picture()).expect_err("always 401");
    assert_eq!(error.fault, ServiceFault::Unauthorised);
    let seen = server.seen();
    assert_eq!((seen.iter().filter(|r| is_token(r)).count(), seen.len()), (2, 4), "two tokens, two calls, no more");
}

#[test]
fn a_text_that_says_expired_counts_as_401_at_awareid() {
    let server = Server::start(|request| match request.path() {
        "/token" => Reply::json(200, TOKEN),
        _ => Reply::Full(403, Vec::new(), b"Jwt is expired".to_vec()),
    });
    let error = client(ServiceKind::AwareId, &config(&server.address(), "")).check().expect_err("always expired");
    assert_eq!(error.fault, ServiceFault::Forbidden);
    assert_eq!(server.seen().len(), 4);
    assert!(server.seen()[1].header("apikey").is_some());
}

#[test]
fn credentials_go_where_the_configuration_says() {
    for (place, method) in [("query", "GET"), ("header", "GET"), ("json", "POST"), ("form", "POST")] {
        let server = Server::start(|request| if is_token(request) { Reply::json(200, TOKEN) } else { Reply::json(200, "{}") });
        let more = format!("[services.faceki.endpoint.token]\ncredentials_in = \"{place}\"\nmethod = \"{method}\"\n");
        client(ServiceKind::Faceki, &config(&server.address(), &more)).check().expect("usable");
        let token = &server.seen()[0];
        assert_eq!(token.method, method);
        let held = match place {
            "query" => token.target.contains("clientId=client&clientSecret="),
            "header" => token.header("clientSecret").is_some() && !token.target.contains('?'),
            "json" => token.text().contains("\"clientSecret\":"),
            _ => token.text().contains("clientSecret="),
        };
        assert!(held, "{place}: {token:?}");
    }
}

#[test]
fn a_broker_is_asked_instead_and_the_service_never_sees_the_secret() {
    let broker = Server::start(|_| Reply::json(200, r#"{"access_token":"from-broker","expires_in":60}"#));
    let server = Server::start(uqudo_reply);
    let more = format!(
        "[services.uqudo.endpoint.token]\nsource = \"broker\"\nsecret = \"\"\nbroker_url = \"{}/tokens\"\nbroker_secret = \"{}\"\n",
        broker.address(),
        secret_reference()
    );
    client(ServiceKind::Uqudo, &config(&server.address(), &more)).search(&super::stage::picture()).expect("an answer");
    assert_eq!(broker.seen()[0].target, "/tokens?service=uqudo");
    assert!(broker.seen()[0].header("authorization").is_some());
    assert_eq!(server.seen().len(), 1);
    assert_eq!(server.seen()[0].header("authorization"), Some("Bearer from-broker"));
}

#[test]
fn refused_credentials_are_told_apart_from_a_broken_token_server() {
    for (status, fault) in [(401, ServiceFault::Unauthorised), (400, ServiceFault::Unauthorised), (500, ServiceFault::ServiceFailed)] {
        let server = Server::start(move |_| Reply::json(status, r#"{"error":"invalid_client"}"#));
        let error = client(ServiceKind::Uqudo, &config(&server.address(), "")).enrol(&super::stage::delivery()).expect_err("no token");
        assert_eq!(error.fault, fault, "{status}");
        assert_eq!(error.effect, visavis::ports::services::Effect::None, "the call itself never began");
    }
}

#[test]
fn every_onboarding_enrolment_has_a_session_of_its_own() {
    let server = Server::start(|request| match request.path() {
        "/token" => Reply::json(200, r#"{"token":"session","expirationDate":"2026-01-01T01:00:00Z"}"#),
        path if path.ends_with("Approve") => Reply::json(200, r#"{"status":0}"#),
        _ => Reply::json(200, r#"{"isSuccess":true,"message":null}"#),
    });
    let mut client = client(ServiceKind::Onboarding, &config(&server.address(), ""));
    for _ in 0..2 {
        client.enrol(&super::stage::delivery()).expect("delivered");
    }
    let seen = server.seen();
    assert_eq!(seen.iter().filter(|r| is_token(r)).count(), 2);
    assert!(seen[0].text().contains("correlationId"));
    // Token, initialisation, choice, front, selfie, approval, applicant.
    assert_eq!(seen.len(), 14);
}

#[test]
fn a_proxy_gets_its_credentials_by_reference_and_the_service_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("proxy");
    std::fs::write(&file, "kiosk:pass word").expect("a file");
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("permissions");
    // It answers in place of the service: plain HTTP goes to a proxy whole.
    let proxy = Server::start(|request| if is_token_at(request) { Reply::json(200, TOKEN) } else { uqudo_reply(request) });
    let more = format!("[services.http]\nproxy = \"{}\"\nproxy_credentials = \"file:{}\"\n", proxy.address(), file.display());
    client(ServiceKind::Uqudo, &config("http://127.0.0.1:9", &more)).search(&super::stage::picture()).expect("an answer");
    let expected = {
        use base64::Engine as _;
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode("kiosk:pass word"))
    };
    assert!(!proxy.seen().is_empty());
    assert!(proxy.seen().iter().all(|request| request.header("proxy-authorization") == Some(expected.as_str())));
    std::fs::write(&file, "no colon").expect("a file");
    let unusable = connect(ServiceKind::Uqudo, &config("http://127.0.0.1:9", &more), Hands::default().surroundings()).err();
    assert_eq!(unusable.map(|error| error.fault), Some(ServiceFault::Misconfigured));
}

/// A proxy sees whole addresses.
fn is_token_at(request: &Request) -> bool {
    request.target.ends_with("/token")
}
