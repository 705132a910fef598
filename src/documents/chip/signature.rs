//! Public keys and the signatures made with them.

use super::algorithms::{BIT_STRING, HashFunction, OBJECT_IDENTIFIER, SEQUENCE, Scheme, SignatureFault, identifier, is_ec_key, is_rsa_key};
use super::curves::Curve;
use super::reason::Unsupported;
use super::tlv::{Objects, TlvError};
use ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A key that signatures are verified with.
#[derive(Debug, Clone)]
pub(super) enum PublicKey {
    Rsa(Box<rsa::PublicKey>),
    Ec { curve: Curve, point: Vec<u8> },
}

impl PublicKey {
    /// Reads the value of a SubjectPublicKeyInfo.
    pub(super) fn read(info: &[u8]) -> Result<Self, SignatureFault> {
        let mut fields = Objects::new(info);
        let mut algorithm = Objects::new(fields.take(SEQUENCE)?.value);
        let id = identifier(&algorithm.take(OBJECT_IDENTIFIER)?)?;
        let bits = fields.take(BIT_STRING)?.value;
        // The first byte counts unused bits; keys are whole bytes.
        let Some((0, key)) = bits.split_first() else { return Err(SignatureFault::Key) };
        if is_rsa_key(id) {
            let key = rsa::PublicKey::from_pkcs1_der(key).map_err(|_| SignatureFault::Key)?;
            return Ok(Self::Rsa(Box::new(key)));
        }
        if is_ec_key(id) {
            let parameters = algorithm.next()?.ok_or(TlvError::Missing { expected: OBJECT_IDENTIFIER })?;
            return Ok(Self::Ec { curve: Curve::read(&parameters)?, point: key.to_vec() });
        }
        Err(SignatureFault::Unsupported(Unsupported::PublicKey { id: id.to_string() }))
    }

    /// A name for reports, for instance `EC P-256`.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Rsa(key) => format!("RSA, {} bits", rsa::traits::PublicKeyParts::size(key.as_ref()) * 8),
            Self::Ec { curve, .. } => format!("EC {}", curve.name()),
        }
    }

    /// Whether `signature` over `data` was made with this key.
    pub(super) fn verify(&self, scheme: Scheme, data: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        let hash = scheme.hash().hash(data);
        match (self, scheme) {
            (Self::Rsa(key), Scheme::RsaPkcs1(function)) => pkcs1(key, function, &hash, signature),
            (Self::Rsa(key), Scheme::RsaPss { hash: function, salt }) => pss(key, function, salt, &hash, signature),
            (Self::Ec { curve, point }, Scheme::Ecdsa(_)) => elliptic(*curve, point, &hash, signature, false),
            (Self::Ec { curve, point }, Scheme::EcdsaPlain(_)) => elliptic(*curve, point, &hash, signature, true),
            // A scheme of the other kind of key.
            _ => Err(SignatureFault::Wrong),
        }
    }
}

fn pkcs1(key: &rsa::PublicKey, function: HashFunction, hash: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
    let verified = match function {
        HashFunction::Sha1 => key.pkcs1v15_verify_prehash::<Sha1>(hash, signature),
        HashFunction::Sha224 => key.pkcs1v15_verify_prehash::<Sha224>(hash, signature),
        HashFunction::Sha256 => key.pkcs1v15_verify_prehash::<Sha256>(hash, signature),
        HashFunction::Sha384 => key.pkcs1v15_verify_prehash::<Sha384>(hash, signature),
        HashFunction::Sha512 => key.pkcs1v15_verify_prehash::<Sha512>(hash, signature),
    };
    verified.map_err(|_| SignatureFault::Wrong)
}

fn pss(key: &rsa::PublicKey, function: HashFunction, salt: usize, hash: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
    use rsa::pss::{Signature, VerifyingKey};
    let signature = Signature::try_from(signature).map_err(|_| SignatureFault::Wrong)?;
    let key = key.clone();
    let verified = match function {
        HashFunction::Sha1 => VerifyingKey::<Sha1>::new_with_salt_len(key, salt).verify_prehash(hash, &signature),
        HashFunction::Sha224 => VerifyingKey::<Sha224>::new_with_salt_len(key, salt).verify_prehash(hash, &signature),
        HashFunction::Sha256 => VerifyingKey::<Sha256>::new_with_salt_len(key, salt).verify_prehash(hash, &signature),
        HashFunction::Sha384 => VerifyingKey::<Sha384>::new_with_salt_len(key, salt).verify_prehash(hash, &signature),
        HashFunction::Sha512 => VerifyingKey::<Sha512>::new_with_salt_len(key, salt).verify_prehash(hash, &signature),
    };
    verified.map_err(|_| SignatureFault::Wrong)
}

/// Verifies on one curve; the same lines for each, because every curve has its own types.
macro_rules! verify_on {
    ($curve:ty, $field_bytes:expr, $point:expr, $hash:expr, $signature:expr, $plain:expr) => {{
        let key = ecdsa::VerifyingKey::<$curve>::from_sec1_bytes($point).map_err(|_| SignatureFault::Key)?;
        let signature =
            if $plain { ecdsa::Signature::<$curve>::try_from($signature) } else { ecdsa::Signature::<$curve>::from_der($signature) };
        let signature = signature.map_err(|_| SignatureFault::Wrong)?;
        // A short hash stands for the same number with leading zeros, which the library would refuse to be without.
        let mut number = vec![0; usize::saturating_sub($field_bytes, $hash.len())];
        number.extend_from_slice($hash);
        key.verify_prehash(&number, &signature).map_err(|_| SignatureFault::Wrong)
    }};
}

fn elliptic(curve: Curve, point: &[u8], hash: &[u8], signature: &[u8], plain: bool) -> Result<(), SignatureFault> {
    match curve {
        Curve::NistP256 => verify_on!(p256::NistP256, 32, point, hash, signature, plain),
        Curve::NistP384 => verify_on!(p384::NistP384, 48, point, hash, signature, plain),
        Curve::NistP521 => verify_on!(p521::NistP521, 66, point, hash, signature, plain),
        Curve::BrainpoolP256 => verify_on!(bp256::BrainpoolP256r1, 32, point, hash, signature, plain),
        Curve::BrainpoolP384 => verify_on!(bp384::BrainpoolP384r1, 48, point, hash, signature, plain),
    }
}
