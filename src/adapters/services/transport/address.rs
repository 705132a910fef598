//! Addresses that may be contacted.

use crate::adapters::services::wire::Private;
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};
use reqwest::Url;
use std::net::IpAddr;

/// An address that passed the rules. `Debug` shows the host only: paths and queries may hold secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({})", self.0.host_str().unwrap_or_default())
    }
}

/// Whether a host is this machine itself.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether an address leads to this machine itself; `false` where it is none.
#[must_use]
pub fn is_local(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.host_str().is_some_and(is_loopback))
}

impl Address {
    pub(super) fn parse(service: ServiceKind, text: &str, allowed_hosts: &[String]) -> Result<Self, ServiceError> {
        let refused = |fault, message: String| ServiceError::unsent(service, fault, message);
        let url = Url::parse(text).map_err(|_| refused(ServiceFault::Misconfigured, "the address is unusable".to_owned()))?;
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(ServiceFault::NotAllowed, "the address holds credentials".to_owned()));
        }
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&host)) {
            return Err(refused(ServiceFault::NotAllowed, format!("the connection to {host} would not be encrypted")));
        }
        if !allowed_hosts.is_empty() && !allowed_hosts.contains(&host) {
            return Err(refused(ServiceFault::NotAllowed, format!("{host} is not on the list of allowed hosts")));
        }
        Ok(Self(url))
    }

    /// Adds names and values to the query.
    #[must_use]
    pub fn with_query(mut self, values: &[(String, Private)]) -> Self {
        if !values.is_empty() {
            self.0.query_pairs_mut().extend_pairs(values.iter().map(|(n, v)| (n.as_str(), v.0.as_str())));
        }
        self
    }

    pub(super) fn into_url(self) -> Url {
        self.0
    }
}

/// Names and values as a form's body.
pub(super) fn form(fields: &[(String, Private)]) -> String {
    let mut url = Url::parse("http://form.invalid/").expect("a constant address");
    url.query_pairs_mut().extend_pairs(fields.iter().map(|(n, v)| (n.as_str(), v.0.as_str())));
    url.query().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str, hosts: &[&str]) -> Option<ServiceFault> {
        let hosts: Vec<String> = hosts.iter().map(|h| (*h).to_owned()).collect();
        Address::parse(ServiceKind::Baf, text, &hosts).err().map(|e| e.fault)
    }

    #[test]
    fn this_machine_is_told_from_others() {
        for local in ["http://127.0.0.1:8080/x", "https://localhost", "http://[::1]:1"] {
            assert!(is_local(local), "{local}");
        }
        for other in ["", "nonsense", "https://api.example.org", "http://localhost.example.org", "http://127.0.0.1.example.org"] {
            assert!(!is_local(other), "{other}");
        }
    }

    #[test]
    fn only_encrypted_allowed_hosts_pass() {
        let refused = Some(ServiceFault::NotAllowed);
        assert_eq!(fault("https://api.example.org/x", &[]), None);
        assert_eq!(fault("https://API.example.org/x", &["api.example.org"]), None);
        assert_eq!(fault("https://other.example.org/x", &["api.example.org"]), refused);
        assert_eq!(fault("https://api.example.org.evil.test/", &["api.example.org"]), refused);
        assert_eq!(fault("http://api.example.org/x", &[]), refused);
        assert_eq!(fault("http://127.0.0.1:8080/x", &[]), None);
        assert_eq!(fault("http://[::1]:8080/x", &[]), None);
        assert_eq!(fault("http://localhost.evil.test/", &[]), refused);
        assert_eq!(fault("https://user:secret@api.example.org/", &[]), refused);
        assert_eq!(fault("file:///etc/passwd", &[]), refused);
        assert_eq!(fault("no address", &[]), Some(ServiceFault::Misconfigured));
    }

    #[test]
    fn forms_are_escaped_and_addresses_hide_their_query() {
        assert_eq!(form(&[("a b".into(), "c&d=é".into())]), "a+b=c%26d%3D%C3%A9");
        let address =
            Address::parse(ServiceKind::Faceki, "https://x.test/t", &[]).unwrap().with_query(&[("clientSecret".into(), "s3cret".into())]);
        assert_eq!(format!("{address:?}"), "Address(x.test)");
        assert_eq!(address.into_url().query(), Some("clientSecret=s3cret"));
    }
}
