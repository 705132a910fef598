//! Device keys: ECDSA on P-256 or secp256k1, as the key itself says.

use k256::ecdsa as k;
use p256::ecdsa as p;
use p256::ecdsa::signature::Verifier as _;
use p256::pkcs8::DecodePublicKey as _;

/// A device's public key.
#[derive(Debug, Clone)]
pub(super) enum DeviceKey {
    P256(Box<p::VerifyingKey>),
    Secp256k1(Box<k::VerifyingKey>),
}

impl DeviceKey {
    /// Reads a DER SubjectPublicKeyInfo.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let p256 = || p::VerifyingKey::from_public_key_der(der).ok().map(|key| Self::P256(Box::new(key)));
        let k256 = || k::VerifyingKey::from_public_key_der(der).ok().map(|key| Self::Secp256k1(Box::new(key)));
        p256().or_else(k256)
    }

    /// Whether a DER signature over the SHA-256 of `message` is this key's.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p::Signature::from_der(signature).is_ok_and(|s| key.verify(message, &s).is_ok()),
            // Both forms of a signature are taken, as most verifiers do; the crate takes the lower one alone.
            Self::Secp256k1(key) => k::Signature::from_der(signature).is_ok_and(|s| key.verify(message, &s.normalize_s()).is_ok()),
        }
    }
}
