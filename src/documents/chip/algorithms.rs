//! Hash functions and signature schemes of documents, by their object identifiers.

use super::reason::Unsupported;
use super::tlv::{Objects, Tlv, TlvError, small_integer};
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use x509_cert::der::asn1::ObjectIdentifier;

pub(super) const SEQUENCE: u32 = 0x30;
pub(super) const SET: u32 = 0x31;
pub(super) const INTEGER: u32 = 0x02;
pub(super) const BIT_STRING: u32 = 0x03;
pub(super) const OCTET_STRING: u32 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u32 = 0x06;

/// Why something signed could not be verified, or was not signed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// The bytes are not what they should be.
    #[error(transparent)]
    Encoding(#[from] TlvError),
    /// A hash function, scheme or curve that is not read here.
    #[error("{0} is not supported")]
    Unsupported(Unsupported),
    /// A key that is none.
    #[error("the public key is not usable")]
    Key,
    /// The signature does not belong to data and key.
    #[error("the signature is wrong")]
    Wrong,
}

/// Reads an OBJECT IDENTIFIER.
pub(super) fn identifier(object: &Tlv<'_>) -> Result<ObjectIdentifier, TlvError> {
    if object.tag != OBJECT_IDENTIFIER {
        return Err(TlvError::Unexpected { expected: OBJECT_IDENTIFIER, found: object.tag });
    }
    ObjectIdentifier::from_bytes(object.value).map_err(|_| TlvError::Value { tag: object.tag })
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashFunction {
    /// SHA-1: broken for new signatures, still found on old chips.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashFunction {
    const ALL: [(Self, ObjectIdentifier); 5] = [
        (Self::Sha1, oid("1.3.14.3.2.26")),
        (Self::Sha224, oid("2.16.840.1.101.3.4.2.4")),
        (Self::Sha256, oid("2.16.840.1.101.3.4.2.1")),
        (Self::Sha384, oid("2.16.840.1.101.3.4.2.2")),
        (Self::Sha512, oid("2.16.840.1.101.3.4.2.3")),
    ];

    /// Its usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The hash of `bytes`.
    #[must_use]
    pub fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    pub(super) fn of(identifier: ObjectIdentifier) -> Result<Self, SignatureFault> {
        let found = Self::ALL.iter().find(|(_, o)| *o == identifier).map(|(f, _)| *f);
        found.ok_or_else(|| SignatureFault::Unsupported(Unsupported::HashFunction { id: identifier.to_string() }))
    }

    /// Reads an AlgorithmIdentifier; its parameters say nothing.
    pub(super) fn read(algorithm: &[u8]) -> Result<Self, SignatureFault> {
        Self::of(identifier(&Objects::new(algorithm).take(OBJECT_IDENTIFIER)?)?)
    }
}

/// How something is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(HashFunction),
    /// RSASSA-PSS; the mask uses the same hash function.
    RsaPss {
        /// The hash function.
        hash: HashFunction,
        /// Bytes of salt.
        salt: usize,
    },
    /// ECDSA, signature as a SEQUENCE.
    Ecdsa(HashFunction),
    /// ECDSA, signature as two numbers one after the other (BSI TR-03111).
    EcdsaPlain(HashFunction),
}

const RSA_ENCRYPTION: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
pub(super) const RSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");
const EC_PUBLIC_KEY: ObjectIdentifier = oid("1.2.840.10045.2.1");

const RSA: [(ObjectIdentifier, HashFunction); 5] = [
    (oid("1.2.840.113549.1.1.5"), HashFunction::Sha1),
    (oid("1.2.840.113549.1.1.14"), HashFunction::Sha224),
    (oid("1.2.840.113549.1.1.11"), HashFunction::Sha256),
    (oid("1.2.840.113549.1.1.12"), HashFunction::Sha384),
    (oid("1.2.840.113549.1.1.13"), HashFunction::Sha512),
];
const ECDSA: [(ObjectIdentifier, HashFunction); 5] = [
    (oid("1.2.840.10045.4.1"), HashFunction::Sha1),
    (oid("1.2.840.10045.4.3.1"), HashFunction::Sha224),
    (oid("1.2.840.10045.4.3.2"), HashFunction::Sha256),
    (oid("1.2.840.10045.4.3.3"), HashFunction::Sha384),
    (oid("1.2.840.10045.4.3.4"), HashFunction::Sha512),
];
const ECDSA_PLAIN: [(ObjectIdentifier, HashFunction); 5] = [
    (oid("0.4.0.127.0.7.1.1.4.1.1"), HashFunction::Sha1),
    (oid("0.4.0.127.0.7.1.1.4.1.2"), HashFunction::Sha224),
    (oid("0.4.0.127.0.7.1.1.4.1.3"), HashFunction::Sha256),
    (oid("0.4.0.127.0.7.1.1.4.1.4"), HashFunction::Sha384),
    (oid("0.4.0.127.0.7.1.1.4.1.5"), HashFunction::Sha512),
];

/// Whether an identifier names a kind of key, and which.
pub(super) fn is_rsa_key(identifier: ObjectIdentifier) -> bool {
    identifier == RSA_ENCRYPTION || identifier == RSA_PSS
}

pub(super) fn is_ec_key(identifier: ObjectIdentifier) -> bool {
    identifier == EC_PUBLIC_KEY
}

impl Scheme {
    /// Its hash function.
    #[must_use]
    pub const fn hash(self) -> HashFunction {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss { hash, .. } | Self::Ecdsa(hash) | Self::EcdsaPlain(hash) => hash,
        }
    }

    /// A name for reports, for instance `ECDSA with SHA-256`.
    #[must_use]
    pub fn name(self) -> String {
        let family = match self {
            Self::RsaPkcs1(_) => "RSA",
            Self::RsaPss { .. } => "RSA-PSS",
            Self::Ecdsa(_) | Self::EcdsaPlain(_) => "ECDSA",
        };
        format!("{family} with {}", self.hash().name())
    }

    /// Reads the value of an AlgorithmIdentifier. `named_apart`: the hash function where the identifier names only the kind of key, as
    /// signer infos may.
    pub(super) fn read(algorithm: &[u8], named_apart: Option<HashFunction>) -> Result<Self, SignatureFault> {
        let mut objects = Objects::new(algorithm);
        let id = identifier(&objects.take(OBJECT_IDENTIFIER)?)?;
        let in_table = |table: &[(ObjectIdentifier, HashFunction)]| table.iter().find(|(o, _)| *o == id).map(|(_, hash)| *hash);
        if let Some(hash) = in_table(&RSA) {
            return Ok(Self::RsaPkcs1(hash));
        }
        if let Some(hash) = in_table(&ECDSA) {
            return Ok(Self::Ecdsa(hash));
        }
        if let Some(hash) = in_table(&ECDSA_PLAIN) {
            return Ok(Self::EcdsaPlain(hash));
        }
        match named_apart {
            _ if id == RSA_PSS => pss(objects.next()?),
            Some(hash) if id == RSA_ENCRYPTION => Ok(Self::RsaPkcs1(hash)),
            Some(hash) if id == EC_PUBLIC_KEY => Ok(Self::Ecdsa(hash)),
            _ => Err(SignatureFault::Unsupported(Unsupported::SignatureAlgorithm { id: id.to_string() })),
        }
    }
}

/// The parameters of RSASSA-PSS, each with its default.
fn pss(parameters: Option<Tlv<'_>>) -> Result<Scheme, SignatureFault> {
    let (mut hash, mut mask, mut salt) = (HashFunction::Sha1, HashFunction::Sha1, 20);
    let mut fields = Objects::new(parameters.filter(|p| p.tag == SEQUENCE).map_or(&[], |p| p.value));
    while let Some(field) = fields.next()? {
        let mut inner = Objects::new(field.value);
        match field.tag {
            0xA0 => hash = HashFunction::read(inner.take(SEQUENCE)?.value)?,
            0xA1 => {
                let mut generator = Objects::new(inner.take(SEQUENCE)?.value);
                let id = identifier(&generator.take(OBJECT_IDENTIFIER)?)?;
                if id != MGF1 {
                    return Err(SignatureFault::Unsupported(Unsupported::MaskGeneration { id: id.to_string() }));
                }
                mask = HashFunction::read(generator.take(SEQUENCE)?.value)?;
            }
            0xA2 => salt = small_integer(&inner.take(INTEGER)?)? as usize,
            0xA3 if small_integer(&inner.take(INTEGER)?)? == 1 => {}
            _ => return Err(SignatureFault::Unsupported(Unsupported::PssParameter)),
        }
    }
    if mask != hash {
        return Err(SignatureFault::Unsupported(Unsupported::PssTwoHashes));
    }
    Ok(Scheme::RsaPss { hash, salt })
}
