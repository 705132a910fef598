//! The machine's key pair for sealed files, and public keys as people exchange them.

use super::SealedError;
use crate::units::SensitiveBytes;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::SecretKey;
use p256::ecdsa::SigningKey;
use p256::pkcs8::DecodePublicKey as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A P-256 public key, compressed (33 bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey(pub(super) [u8; 33]);

impl PublicKey {
    /// Reads a key as [`Self::to_text`] writes it, or a PEM `PUBLIC KEY` as other tools write it.
    ///
    /// # Errors
    /// [`SealedError::BadKey`].
    pub fn from_text(text: &str) -> Result<Self, SealedError> {
        if text.contains("-----BEGIN") {
            let key = p256::PublicKey::from_public_key_pem(text.trim()).map_err(|_| SealedError::BadKey)?;
            return Ok(Self::of(&key));
        }
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| SealedError::BadKey)?;
        Self::from_bytes(&bytes)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, SealedError> {
        let point = p256::PublicKey::from_sec1_bytes(bytes).map_err(|_| SealedError::BadKey)?;
        Ok(Self::of(&point))
    }

    pub(super) fn of(key: &p256::PublicKey) -> Self {
        use p256::elliptic_curve::sec1::ToSec1Point as _;
        let mut bytes = [0; 33];
        bytes.copy_from_slice(key.to_sec1_point(true).as_bytes());
        Self(bytes)
    }

    pub(super) fn point(&self) -> Result<p256::PublicKey, SealedError> {
        p256::PublicKey::from_sec1_bytes(&self.0).map_err(|_| SealedError::BadKey)
    }

    /// 44 characters of URL-safe base 64.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// First 16 hexadecimal digits of its SHA-256, in fours, for comparing by telephone.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        Sha256::digest(self.0)[..8].chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect::<Vec<_>>().join("-")
    }
}

/// Name of the machine's key in the key store.
pub const MACHINE_KEY: &str = "machine";

/// What a machine seals and opens with: one key pair signs, another one agrees; both follow from the machine's key.
pub struct Identity {
    pub(super) signing: SigningKey,
    pub(super) agreement: SecretKey,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("signs_as", &self.signs_as().fingerprint()).finish_non_exhaustive()
    }
}

impl Identity {
    /// Derives both pairs from the 32 bytes of the key store.
    #[must_use]
    pub fn derive(machine_key: &SensitiveBytes) -> Self {
        let root = Hkdf::<Sha256>::new(None, &machine_key.0);
        let scalar = |purpose: &str| {
            // A 32-byte string is no scalar of the curve about once in 2^32: the next one is taken then.
            (0u32..)
                .find_map(|counter| {
                    let mut bytes = Zeroizing::new([0u8; 32]);
                    let info = format!("visavis/identity/1 {purpose} {counter}");
                    root.expand(info.as_bytes(), &mut *bytes).expect("32 bytes are fewer than HKDF's limit of 8160");
                    SecretKey::from_slice(&bytes[..]).ok()
                })
                .expect("nearly every string is a scalar")
        };
        Self { signing: SigningKey::from(scalar("signing")), agreement: scalar("agreement") }
    }

    /// The key others know our files by.
    #[must_use]
    pub fn signs_as(&self) -> PublicKey {
        PublicKey::of(&p256::PublicKey::from(self.signing.verifying_key()))
    }

    /// The key others seal files for us with.
    #[must_use]
    pub fn receives_as(&self) -> PublicKey {
        PublicKey::of(&self.agreement.public_key())
    }
}
