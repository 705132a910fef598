//! Certificates of document signers and of the country authorities that issue them.

use super::algorithms::{BIT_STRING, SEQUENCE, Scheme, SignatureFault};
use super::signature::PublicKey;
use super::tlv::{Objects, only};
use sha2::{Digest as _, Sha256};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode as _, Encode as _, Tagged as _};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};
use x509_cert::name::Name;

/// Why a certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// The bytes are no certificate.
    #[error("the bytes are no certificate")]
    Encoding,
    /// Inside and outside name different signature algorithms.
    #[error("the certificate names two signature algorithms")]
    TwoAlgorithms,
    /// Its key or its signature cannot be used.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
}

/// What a certificate says, as far as it matters here.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    signed: Vec<u8>,
    scheme: Scheme,
    signature: Vec<u8>,
    pub(super) key: PublicKey,
    pub(super) subject: Name,
    pub(super) issuer: Name,
    pub(super) serial: Vec<u8>,
    /// Seconds since 1970.
    pub(super) not_before: u64,
    /// Seconds since 1970; the certificate is valid in this second.
    pub(super) not_after: u64,
    pub(super) usage: Option<KeyUsage>,
    pub(super) is_authority: bool,
    pub(super) extended_usage: Vec<ObjectIdentifier>,
    pub(super) subject_key: Option<Vec<u8>>,
    pub(super) authority_key: Option<Vec<u8>>,
    /// A critical extension that is not understood.
    pub(super) unknown_critical: Option<ObjectIdentifier>,
    /// SHA-256 of the whole certificate, hexadecimal.
    pub(super) fingerprint: String,
}

/// Extensions that are understood, or that restrict nothing that is done here: key usage, basic constraints, extended key usage, key
/// identifiers, alternative names, private key usage period, policies, distribution points, document types.
const UNDERSTOOD: [&str; 11] = [
    "2.5.29.15",
    "2.5.29.19",
    "2.5.29.37",
    "2.5.29.35",
    "2.5.29.14",
    "2.5.29.17",
    "2.5.29.18",
    "2.5.29.16",
    "2.5.29.32",
    "2.5.29.31",
    "2.23.136.1.1.6.2",
];

impl Certificate {
    /// Reads a DER certificate.
    ///
    /// # Errors
    /// [`CertificateFault`].
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CertificateFault> {
        let (signed, outer_algorithm, signature) = parts(bytes)?;
        let parsed = CertificateInner::<Raw>::from_der(bytes).map_err(|_| CertificateFault::Encoding)?;
        let inner = parsed.tbs_certificate();
        let encoded = |value: x509_cert::der::Result<Vec<u8>>| value.map_err(|_| CertificateFault::Encoding);
        if encoded(inner.signature().to_der())? != encoded(parsed.signature_algorithm().to_der())? {
            return Err(CertificateFault::TwoAlgorithms);
        }
        let key = encoded(inner.subject_public_key_info().to_der())?;
        let extensions = Extensions(inner.extensions().map_or(&[], |e| e.as_slice()));
        Ok(Self {
            scheme: Scheme::read(outer_algorithm, None)?,
            key: PublicKey::read(only(&key, SEQUENCE).map_err(SignatureFault::from)?)?,
            signed: signed.to_vec(),
            signature: signature.to_vec(),
            subject: inner.subject().clone(),
            issuer: inner.issuer().clone(),
            serial: inner.serial_number().as_bytes().to_vec(),
            not_before: inner.validity().not_before.to_unix_duration().as_secs(),
            not_after: inner.validity().not_after.to_unix_duration().as_secs(),
            usage: extensions.read::<KeyUsage>()?,
            is_authority: extensions.read::<BasicConstraints>()?.is_some_and(|c| c.ca),
            extended_usage: extensions.read::<ExtendedKeyUsage>()?.map_or_else(Vec::new, |usage| usage.0),
            subject_key: extensions.read::<SubjectKeyIdentifier>()?.map(|k| k.0.as_bytes().to_vec()),
            authority_key: extensions.read::<AuthorityKeyIdentifier>()?.and_then(|k| k.key_identifier.map(|i| i.as_bytes().to_vec())),
            unknown_critical: extensions.unknown_critical(),
            fingerprint: Sha256::digest(bytes).iter().map(|b| format!("{b:02X}")).collect(),
        })
    }

    /// Whether `issuer`'s key signed this certificate.
    pub(super) fn is_signed_by(&self, issuer: &PublicKey) -> Result<(), SignatureFault> {
        issuer.verify(self.scheme, &self.signed, &self.signature)
    }

    pub(super) const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether subject and issuer are one.
    pub(super) fn is_self_issued(&self) -> bool {
        same_name(&self.subject, &self.issuer)
    }

    /// The two letters of its country, in capitals.
    pub(super) fn country(&self) -> Option<String> {
        country(&self.subject)
    }
}

/// What is signed (with tag and length), the value of the algorithm outside, and the signature.
fn parts(bytes: &[u8]) -> Result<(&[u8], &[u8], &[u8]), CertificateFault> {
    let read = || {
        let mut fields = Objects::new(only(bytes, SEQUENCE)?);
        let parts = (fields.take(SEQUENCE)?.raw, fields.take(SEQUENCE)?.value, fields.take(BIT_STRING)?.value);
        fields.end()?;
        Ok::<_, super::tlv::TlvError>(parts)
    };
    let (signed, algorithm, bits) = read().map_err(|_| CertificateFault::Encoding)?;
    match bits.split_first() {
        Some((0, signature)) => Ok((signed, algorithm, signature)),
        _ => Err(CertificateFault::Encoding),
    }
}

/// What is signed in a certificate or revocation list, its scheme, and the signature.
pub(super) fn signed_parts(bytes: &[u8]) -> Result<(&[u8], Scheme, &[u8]), CertificateFault> {
    let (signed, algorithm, signature) = parts(bytes)?;
    Ok((signed, Scheme::read(algorithm, None)?, signature))
}

struct Extensions<'a>(&'a [Extension]);

impl Extensions<'_> {
    /// The extension of a type; twice the same is no certificate.
    fn read<T>(&self) -> Result<Option<T>, CertificateFault>
    where
        T: for<'d> x509_cert::der::Decode<'d> + x509_cert::der::oid::AssociatedOid,
    {
        let mut found = self.0.iter().filter(|e| e.extn_id == T::OID);
        let Some(first) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(CertificateFault::Encoding);
        }
        T::from_der(first.extn_value.as_bytes()).map(Some).map_err(|_| CertificateFault::Encoding)
    }

    fn unknown_critical(&self) -> Option<ObjectIdentifier> {
        let known = |id: &ObjectIdentifier| UNDERSTOOD.iter().any(|u| ObjectIdentifier::new(u).is_ok_and(|u| u == *id));
        self.0.iter().find(|e| e.critical && !known(&e.extn_id)).map(|e| e.extn_id)
    }
}

/// The attributes of a name as comparable text: states write the same name in different string types, cases and widths of blanks.
fn comparable(name: &Name) -> Vec<(ObjectIdentifier, String)> {
    let plain = |text: &[u8]| String::from_utf8_lossy(text).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    name.iter().map(|a| (a.oid, plain(a.value.value()))).collect()
}

/// Whether two names mean the same.
pub(super) fn same_name(a: &Name, b: &Name) -> bool {
    comparable(a) == comparable(b)
}

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");

fn country(name: &Name) -> Option<String> {
    let value = name.iter().find(|a| a.oid == COUNTRY)?;
    let text = std::str::from_utf8(value.value.value()).ok()?;
    // A country is letters, whatever string type holds it.
    (value.value.tag() != x509_cert::der::Tag::Null && text.chars().all(|c| c.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}
