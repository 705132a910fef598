//! Certificates: only what a trusted authority signed for this host and this time is spoken to.

use super::server::{Reply, read_request, write_reply};
use super::stage::{TOKEN, client, config};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use visavis::ports::services::{Effect, ServiceError, ServiceFault, ServiceKind};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "Test authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"))
    }

    fn issue(&self, host: &str, years: std::ops::Range<i32>) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let certificate = params(host, years).signed_by(&key, &self.0).expect("a certificate");
        Identity { pem: format!("{}{}", certificate.pem(), key.serialize_pem()), certificate: certificate.der().clone(), key }
    }
}

fn params(host: &str, years: std::ops::Range<i32>) -> CertificateParams {
    let mut params = CertificateParams::new(vec![host.to_owned()]).expect("a host");
    params.not_before = rcgen::date_time_ymd(years.start, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.end, 1, 1);
    params
}

struct Identity {
    pem: String,
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn self_signed(host: &str) -> Identity {
    let key = KeyPair::generate().expect("a key");
    let certificate = params(host, 2020..2090).self_signed(&key).expect("a certificate");
    Identity { pem: certificate.pem(), certificate: certificate.der().clone(), key }
}

/// Serves tokens over TLS and says where; `clients`: the authority whose certificates callers must show.
fn serve(identity: Identity, clients: Option<&Authority>) -> u16 {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        rustls::ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().expect("versions");
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(authority.0.der().clone()).expect("a root");
            let verifier =
                rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().expect("a verifier");
            builder.with_client_cert_verifier(verifier)
        }
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
    let config = Arc::new(builder.with_single_cert(vec![identity.certificate], key).expect("a certificate with its key"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::Builder::new()
        .name("tls-server".into())
        .spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let Ok(mut connection) = rustls::ServerConnection::new(Arc::clone(&config)) else { continue };
                let mut tls = rustls::Stream::new(&mut connection, &mut stream);
                if read_request(&mut tls).is_some() {
                    write_reply(&mut tls, &Reply::json(200, TOKEN));
                    tls.conn.send_close_notify();
                    let _ = tls.flush();
                }
            }
        })
        .expect("a thread");
    port
}

fn ask(port: u16, folder: &Path, authority: &Authority, only: bool, more: &str) -> Result<(), ServiceError> {
    let ca_file = folder.join("ca.pem");
    std::fs::write(&ca_file, authority.0.pem()).expect("a file");
    let more = format!("[services.http]\nca_file = \"{}\"\nonly_ca_file = {only}\n{more}", ca_file.display());
    client(ServiceKind::Onboarding, &config(&format!("https://localhost:{port}"), &more)).check()
}

#[test]
fn a_private_authority_is_trusted_where_it_is_named() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().expect("a folder"));
    let port = serve(authority.issue("localhost", 2020..2090), None);
    for only in [true, false] {
        ask(port, folder.path(), &authority, only, "").unwrap_or_else(|e| panic!("only {only}: {e:?}"));
    }
    let stranger = ask(port, folder.path(), &Authority::new(), true, "").expect_err("another authority");
    assert_eq!((stranger.fault, stranger.effect), (ServiceFault::Untrusted, Effect::None));
}

#[test]
fn expired_self_signed_and_wrong_host_certificates_are_refused() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().expect("a folder"));
    let cases = [
        ("expired", authority.issue("localhost", 2020..2021)),
        ("not yet valid", authority.issue("localhost", 2080..2090)),
        ("another host", authority.issue("other.test", 2020..2090)),
        ("self-signed", self_signed("localhost")),
    ];
    for (what, identity) in cases {
        let port = serve(identity, None);
        for only in [true, false] {
            let error = ask(port, folder.path(), &authority, only, "").expect_err(what);
            assert_eq!((error.fault, error.effect), (ServiceFault::Untrusted, Effect::None), "{what}, only {only}: {error:?}");
        }
    }
}

#[test]
fn a_service_that_asks_for_our_certificate_gets_it() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().expect("a folder"));
    let port = serve(authority.issue("localhost", 2020..2090), Some(&authority));
    assert!(ask(port, folder.path(), &authority, true, "").is_err(), "without one the service closes the door");
    let file = folder.path().join("identity.pem");
    std::fs::write(&file, authority.issue("kiosk", 2020..2090).pem).expect("a file");
    let more = format!("identity_file = \"{}\"\n", file.display());
    #[cfg(unix)]
    {
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("permissions");
        let ca_file = folder.path().join("ca.pem");
        let config = config("https://localhost:1", &format!("[services.http]\nca_file = \"{}\"\n{more}", ca_file.display()));
        let exposed = visavis::adapters::services::connect(ServiceKind::Onboarding, &config, super::stage::Hands::default().surroundings());
        assert_eq!(exposed.err().map(|e| e.fault), Some(ServiceFault::Misconfigured), "others can read the key");
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("permissions");
    }
    ask(port, folder.path(), &authority, true, &more).expect("known by its certificate");
}
