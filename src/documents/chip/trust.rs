//! Whom the operator trusts: certificates of country authorities, and their revocation lists.

use super::algorithms::SignatureFault;
use super::certificate::{Certificate, CertificateFault, same_name};
use super::revocation::{RevocationList, Revoked, revoked};

/// Certificates of country authorities (CSCA) and their revocation lists, as the operator imported them.
///
/// A certificate that signed itself is trusted because the operator put it here; any other (a link between two generations of keys) only if
/// one of those stands behind it.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    authorities: Vec<Authority>,
    lists: Vec<RevocationList>,
}

#[derive(Debug, Clone)]
struct Authority {
    certificate: Certificate,
    signed_itself: bool,
}

/// Links from a certificate to one that signed itself: a country renews its keys every few years.
const MOST_LINKS: usize = 8;

/// The issuer of a signer's certificate.
#[derive(Debug, Clone)]
pub(super) enum IssuerSearch<'a> {
    /// Found, and its signature on the certificate is right.
    Found(&'a Certificate),
    /// No authority of this name or key is here.
    Unknown,
    /// Authorities of this name are here, none with the key that the certificate names.
    OtherKey,
    /// The one that the certificate names did not sign it.
    Wrong(SignatureFault),
}

impl Trust {
    /// Nobody is trusted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the certificate of a country authority, DER.
    ///
    /// # Errors
    /// [`CertificateFault`] if it cannot be read, or if it claims to have signed itself and did not.
    pub fn add_certificate(&mut self, bytes: &[u8]) -> Result<(), CertificateFault> {
        let certificate = Certificate::read(bytes)?;
        // Names of two generations of one authority can be equal, so that a link certificate looks self-issued: the keys tell them apart.
        let own_key = certificate.authority_key.is_none() || certificate.authority_key == certificate.subject_key;
        let signed_itself = certificate.is_self_issued() && own_key;
        if signed_itself {
            certificate.is_signed_by(&certificate.key)?;
        }
        if !self.authorities.iter().any(|a| a.certificate.fingerprint == certificate.fingerprint) {
            self.authorities.push(Authority { certificate, signed_itself });
        }
        Ok(())
    }

    /// Adds a revocation list, DER.
    ///
    /// # Errors
    /// [`CertificateFault`] if it cannot be read.
    pub fn add_revocation_list(&mut self, bytes: &[u8]) -> Result<(), CertificateFault> {
        self.lists.push(RevocationList::read(bytes)?);
        Ok(())
    }

    /// How many authorities are trusted.
    #[must_use]
    pub fn authorities(&self) -> usize {
        self.authorities.len()
    }

    /// How many revocation lists there are.
    #[must_use]
    pub fn revocation_lists(&self) -> usize {
        self.lists.len()
    }

    /// Finds who issued `signer`: by the key it names, then by name.
    pub(super) fn issuer_of(&self, signer: &Certificate) -> IssuerSearch<'_> {
        search(&self.standing(signer.country().as_deref()), signer)
    }

    /// The authorities of a country that signed themselves, and those that links lead to from them.
    fn standing(&self, country: Option<&str>) -> Vec<&Certificate> {
        let here = || self.authorities.iter().filter(|a| a.certificate.country().as_deref() == country);
        let mut standing: Vec<&Certificate> = here().filter(|a| a.signed_itself).map(|a| &a.certificate).collect();
        let mut links: Vec<&Certificate> = here().filter(|a| !a.signed_itself).map(|a| &a.certificate).collect();
        for _ in 0..MOST_LINKS {
            let issues = |a: &Certificate| a.is_authority && a.usage.is_some_and(|u| u.key_cert_sign());
            let (linked, rest): (Vec<_>, Vec<_>) =
                links.into_iter().partition(|link| matches!(search(&standing, link), IssuerSearch::Found(issuer) if issues(issuer)));
            if linked.is_empty() {
                break;
            }
            standing.extend(linked);
            links = rest;
        }
        standing
    }

    pub(super) fn revoked(&self, certificate: &Certificate, issuer: &Certificate, now: u64) -> Revoked {
        revoked(&self.lists, certificate, issuer, now)
    }
}

fn search<'a>(authorities: &[&'a Certificate], signer: &Certificate) -> IssuerSearch<'a> {
    let named = || authorities.iter().filter(|a| same_name(&a.subject, &signer.issuer));
    let keyed = || authorities.iter().filter(|a| signer.authority_key.is_some() && a.subject_key == signer.authority_key);
    let mut wrong = None;
    for authority in keyed().chain(named()) {
        match signer.is_signed_by(&authority.key) {
            Ok(()) => return IssuerSearch::Found(authority),
            Err(fault) => wrong = wrong.or(Some(fault)),
        }
    }
    let other_keys = signer.authority_key.is_some() && keyed().next().is_none() && named().all(|a| a.subject_key.is_some());
    match wrong {
        None => IssuerSearch::Unknown,
        Some(_) if other_keys => IssuerSearch::OtherKey,
        Some(fault) => IssuerSearch::Wrong(fault),
    }
}
