//! A client of a twin that knows HTTP and credentials, and nothing of the services.

use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use visavis::adapters::twin::{Twin, TwinOptions, credentials};
use visavis::ports::services::ServiceKind;
use visavis::units::UtcTime;

/// Where every test's clock starts.
pub const START: i64 = 1_800_000_000_000;

/// A twin, signed in to.
pub struct Guest {
    pub twin: Twin,
    http: Client,
    clock: Arc<AtomicI64>,
    token: Option<String>,
    /// Whether calls are none that a client would make, or answers none that it waits for.
    loose: bool,
}

/// A reply.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answered {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// A twin of `service` with a clock that stands still.
pub fn guest(service: ServiceKind) -> Guest {
    guest_with(service, |_| {})
}

pub fn guest_with(service: ServiceKind, change: impl FnOnce(&mut TwinOptions)) -> Guest {
    let clock = Arc::new(AtomicI64::new(START));
    let hands = Arc::clone(&clock);
    let mut options = TwinOptions::new(Arc::new(move || UtcTime(hands.load(Ordering::SeqCst))));
    change(&mut options);
    let twin = Twin::start(service, options).expect("the twin starts");
    let http = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
    Guest { twin, http, clock, token: None, loose: false }
}

impl Guest {
    /// Says what no client of ours would say, from here on.
    pub fn loosely(mut self) -> Self {
        self.loose = true;
        self
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.http.request(method, format!("{}{path}", self.twin.base_url()));
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")).header("apikey", credentials::API_KEY),
            None => request,
        }
    }

    /// Sends, and says what came back; an error when the exchange did not come to its end. A success is held to the client's types.
    #[track_caller]
    pub fn send(&self, request: RequestBuilder) -> Result<Answered, String> {
        let request = request.build().map_err(|e| format!("{e:?}"))?;
        let (method, path) = (request.method().to_string(), request.url().path().to_owned());
        let sent = request.body().and_then(|body| body.as_bytes()).map(<[u8]>::to_vec);
        let reply = self.http.execute(request).map_err(|e| format!("{e:?}"))?;
        let headers = reply.headers().iter().map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().to_owned())).collect();
        let status = reply.status().as_u16();
        let body = reply.bytes().map_err(|e| format!("{e:?}"))?.to_vec();
        if !self.loose && (200..300).contains(&status) {
            crate::contract::check(self.twin.service(), &method, &path, sent.as_deref(), &body);
        }
        Ok(Answered { status, headers, body })
    }

    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answered, String> {
        self.send(self.request("POST", path).json(body))
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answered {
        self.try_post(path, body).expect("a reply")
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answered {
        self.send(self.request("GET", path)).expect("a reply")
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Answered {
        self.send(self.request("DELETE", path)).expect("a reply")
    }

    #[track_caller]
    pub fn put(&self, path: &str, body: &Value) -> Answered {
        self.send(self.request("PUT", path).json(body)).expect("a reply")
    }

    /// Posts a form of named parts; a part's name, file name if it is a file, and bytes.
    #[track_caller]
    pub fn post_parts(&self, path: &str, parts: &[(&str, &[u8])]) -> Answered {
        let mut body = Vec::new();
        for (name, bytes) in parts {
            body.extend(format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}.jpg\"\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--part--\r\n");
        let request = self.request("POST", path).header("content-type", "multipart/form-data; boundary=part").body(body);
        self.send(request).expect("a reply")
    }

    #[track_caller]
    pub fn sign_in(&mut self) {
        self.sign_in_as(credentials::CLIENT_ID);
    }

    #[track_caller]
    pub fn sign_in_as(&mut self, client: &str) {
        self.token = None;
        let form = format!("grant_type=client_credentials&scope=openid&client_id={client}&client_secret={}", credentials::CLIENT_SECRET);
        let token = |this: &Self, path: &str, body: String| {
            this.send(this.request("POST", path).header("content-type", "application/x-www-form-urlencoded").body(body)).expect("a reply")
        };
        let token = match self.twin.service() {
            ServiceKind::AwareId => {
                let path = format!("/auth/realms/{}/protocol/openid-connect/token", credentials::REALM);
                token(self, &path, form).expect(200).json()["access_token"].clone()
            }
            ServiceKind::Uqudo => token(self, "/api/oauth/token", form).expect(200).json()["access_token"].clone(),
            ServiceKind::Faceki => {
                let path = format!("/auth/api/access-token?clientId={client}&clientSecret={}", credentials::CLIENT_SECRET);
                self.get(&path).expect(200).json()["data"]["access_token"].clone()
            }
            ServiceKind::Baf => json!(credentials::SECRET_KEY),
            ServiceKind::Onboarding => {
                let body = json!({ "tenantId": client, "tenantSecret": credentials::CLIENT_SECRET, "userId": "user-1" });
                let path = "/Onboarding/api/v1/Auth/GenerateOnboardingSessionToken";
                self.post(path, &body).expect(200).json()["token"].clone()
            }
        };
        self.token = Some(token.as_str().expect("a token").to_owned());
    }

    pub fn with_token(&mut self, token: &str) {
        self.token = Some(token.to_owned());
    }
}

/// A guest who is signed in.
pub fn signed_in(service: ServiceKind) -> Guest {
    let mut guest = guest(service);
    guest.sign_in();
    guest
}
