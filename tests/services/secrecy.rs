//! No secret, token, name or picture appears in a log, at any level.

use super::server::{Reply, Server};
use super::stage::{client, config, delivery, picture};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use visavis::ports::services::ServiceKind;

/// The secret of every service in these tests.
pub const SECRET: &str = "CANARY-SECRET-71b2";
const TOKEN: &str = "CANARY-TOKEN-90ac";

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn logs_hold_no_secret_and_nothing_about_a_person() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    // For the whole process: the connections work on threads of their own.
    tracing::subscriber::set_global_default(subscriber).expect("the only subscriber of this test program");
    let token = format!(r#"{{"access_token":"{TOKEN}","token":"{TOKEN}","expires_in":300,"data":{{"access_token":"{TOKEN}"}}}}"#);
    for status in [200, 400, 500] {
        let token = token.clone();
        // A service that tells everything it was told.
        let server = Server::start(move |r| {
            if r.path() == "/token" {
                return Reply::json(200, &token);
            }
            let heard = [r.header("authorization"), r.header("apikey"), Some("ada@example.org")];
            let heard = heard.into_iter().flatten().collect::<Vec<_>>().join(" ");
            Reply::json(status, &format!(r#"{{"message":"CANARY-REPLY {heard}","registrationCode":"","isSuccess":false}}"#))
        });
        let config = config(&server.address(), "");
        for kind in ServiceKind::ALL {
            let mut client = client(kind, &config);
            let _ = client.check();
            let _ = client.prepare(&delivery());
            let error = client.enrol(&delivery()).expect_err("no service answers like that");
            tracing::error!(?error, %error, "delivery");
            let _ = client.search(&picture()).map_err(|error| tracing::error!(?error, "search"));
            let _ = client.verify(&picture(), &picture());
            let _ = client.authenticate("REF", &[picture()]);
            let _ = client.delete(&delivery());
        }
    }
    tracing::info!(delivery = ?delivery(), "the value itself");
    let log = String::from_utf8_lossy(&captured.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    assert!(log.contains("enrol") || log.contains("gallery_register_user"), "the log was captured");
    let base64 = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(&picture().0)
    };
    for canary in [SECRET, TOKEN, "Lovelace", "ada@example.org", &base64[..40], &base64[60..100]] {
        let at = log.find(canary);
        assert!(at.is_none(), "{canary} in: {}", &log[at.unwrap_or(0).saturating_sub(200)..][..300]);
    }
}
