//! The envelope `key/iv/p`: RSA-2048 with OAEP and SHA-1 around an AES-256 key, CBC with PKCS#7 around the body.

use super::super::exchange::Flaw;
use super::super::fields::Fields as _;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use rand::rngs::StdRng;
use rsa::pkcs8::{EncodePublicKey as _, LineEnding};
use serde_json::Value;

const BITS: usize = 2048;

/// The server's key pair, made when it is first needed: that takes a while.
pub(super) enum KeyPair {
    Seed(Box<StdRng>),
    Made(Box<rsa::PrivateKey>),
    /// No key could be made of this seed.
    None,
}

impl From<StdRng> for KeyPair {
    fn from(generator: StdRng) -> Self {
        Self::Seed(Box::new(generator))
    }
}

impl KeyPair {
    fn private(&mut self) -> Option<&rsa::PrivateKey> {
        if let Self::Seed(generator) = self {
            *self = rsa::PrivateKey::new(&mut **generator, BITS).map_or(Self::None, |key| Self::Made(Box::new(key)));
        }
        match self {
            Self::Made(key) => Some(key),
            Self::Seed(_) | Self::None => None,
        }
    }

    /// PEM text.
    pub(super) fn public_pem(&mut self) -> Option<String> {
        self.private()?.to_public_key().to_public_key_pem(LineEnding::LF).ok()
    }

    /// The JSON inside an envelope.
    pub(super) fn open(&mut self, envelope: &Value) -> Result<Value, Flaw> {
        let (key, iv, body) = (envelope.bytes("key")?, envelope.bytes("iv")?, envelope.bytes("p")?);
        let key = self.private().and_then(|k| k.oaep_decrypt::<sha1::Sha1>(&key).ok()).ok_or_else(|| Flaw::NotAllowed("key".to_owned()))?;
        let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&key, &iv).map_err(|_| Flaw::NotAllowed("iv".to_owned()))?;
        let plain = cipher.decrypt_padded_vec::<Pkcs7>(&body).map_err(|_| Flaw::NotJson)?;
        serde_json::from_slice(&plain).map_err(|_| Flaw::NotJson)
    }

    /// The object itself, or what is inside when it is an envelope.
    pub(super) fn open_if_closed(&mut self, package: &Value) -> Result<Value, Flaw> {
        let closed = package.get("p").is_some() && package.get("key").is_some();
        if closed { self.open(package) } else { Ok(package.clone()) }
    }
}

/// Encrypts a webhook's body with its secret: 16-byte vector in front, the whole in base 64.
pub(super) fn seal(secret: &[u8; 32], iv: &[u8; 16], body: &[u8]) -> Vec<u8> {
    let sealed = cbc::Encryptor::<aes::Aes256>::new(secret.into(), iv.into()).encrypt_padded_vec::<Pkcs7>(body);
    super::super::fields::base64(&[&iv[..], &sealed].concat()).into_bytes()
}
