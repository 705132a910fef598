//! Certificate revocation lists of country authorities.

use super::algorithms::{Scheme, SignatureFault};
use super::certificate::{Certificate, CertificateFault, same_name, signed_parts};
use std::collections::BTreeSet;
use x509_cert::certificate::Raw;
use x509_cert::crl::CertificateList;
use x509_cert::der::Decode as _;
use x509_cert::name::Name;

/// A list as read; who signed it is checked when it is used.
#[derive(Debug, Clone)]
pub(super) struct RevocationList {
    signed: Vec<u8>,
    scheme: Scheme,
    signature: Vec<u8>,
    issuer: Name,
    /// Seconds since 1970.
    this_update: u64,
    next_update: Option<u64>,
    revoked: BTreeSet<Vec<u8>>,
    /// It covers only some certificates, or in a way that is not understood.
    partial: bool,
}

/// What the lists say about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Revoked {
    /// A list in force does not name it.
    No,
    /// A list names it.
    Yes,
    /// No list of its issuer is there.
    NoList,
    /// Only lists that are out of date, not yet valid, partial, or not signed by the issuer.
    NoUsableList,
}

/// Bytes of a serial number without leading zeros.
pub(super) fn plain_serial(serial: &[u8]) -> &[u8] {
    let first = serial.iter().position(|b| *b != 0).unwrap_or(serial.len());
    &serial[first..]
}

impl RevocationList {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CertificateFault> {
        let (signed, scheme, signature) = signed_parts(bytes)?;
        let parsed = CertificateList::<Raw>::from_der(bytes).map_err(|_| CertificateFault::Encoding)?;
        if parsed.tbs_cert_list.signature != parsed.signature_algorithm {
            return Err(CertificateFault::TwoAlgorithms);
        }
        let list = parsed.tbs_cert_list;
        let revoked = list.revoked_certificates.unwrap_or_default();
        Ok(Self {
            signed: signed.to_vec(),
            scheme,
            signature: signature.to_vec(),
            issuer: list.issuer,
            this_update: list.this_update.to_unix_duration().as_secs(),
            next_update: list.next_update.map(|t| t.to_unix_duration().as_secs()),
            revoked: revoked.iter().map(|r| plain_serial(r.serial_number.as_bytes()).to_vec()).collect(),
            partial: list.crl_extensions.is_some_and(|extensions| extensions.iter().any(|e| e.critical)),
        })
    }

    fn is_signed_by(&self, issuer: &Certificate) -> Result<(), SignatureFault> {
        issuer.key.verify(self.scheme, &self.signed, &self.signature)
    }
}

/// What the lists say about `certificate`, issued by `issuer`. `now`: seconds since 1970.
///
/// An entry counts even on a list that is out of date: nobody becomes trustworthy by waiting.
pub(super) fn revoked(lists: &[RevocationList], certificate: &Certificate, issuer: &Certificate, now: u64) -> Revoked {
    let mut answer = Revoked::NoList;
    for list in lists.iter().filter(|l| same_name(&l.issuer, &issuer.subject)) {
        if list.is_signed_by(issuer).is_err() || issuer.usage.is_some_and(|u| !u.crl_sign()) {
            answer = if answer == Revoked::NoList { Revoked::NoUsableList } else { answer };
        } else if list.revoked.contains(plain_serial(&certificate.serial)) {
            return Revoked::Yes;
        } else if list.partial || list.this_update > now || list.next_update.is_some_and(|next| next < now) {
            answer = if answer == Revoked::NoList { Revoked::NoUsableList } else { answer };
        } else {
            answer = Revoked::No;
        }
    }
    answer
}
