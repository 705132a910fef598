//! The encrypted envelope `key` / `iv` / `p`: a fresh symmetric key a package, wrapped to the service's public key.
//!
//! The algorithms are not published by the service; they are names in the configuration, off by default. All members are base64. With
//! AES-GCM `iv` is the 12-byte nonce and `p` ends with the 16-byte tag.

use crate::adapters::services::typed::request;
use crate::adapters::services::wire::Private;
use crate::config::EnvelopeConfig;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use rand::rngs::SysRng;
use rsa::PublicKey;
use rsa::pkcs8::DecodePublicKey as _;
use zeroize::Zeroizing;

request! {
    /// An encrypted package.
    Envelope {
        /// The symmetric key, encrypted.
        key: String,
        /// The initial vector.
        iv: String,
        /// The request, encrypted.
        p: Private,
    }
}

/// Seals packages to one public key.
pub struct Sealer {
    key: PublicKey,
    config: EnvelopeConfig,
}

impl Sealer {
    /// - `pem`: the service's public key, PKCS#8 or PKCS#1, 2048 bits or more.
    ///
    /// # Errors
    /// Plain words.
    pub fn new(pem: &str, config: &EnvelopeConfig) -> Result<Self, String> {
        use rsa::pkcs1::DecodeRsaPublicKey as _;
        use rsa::traits::PublicKeyParts as _;
        let pem = pem.trim();
        let key = PublicKey::from_public_key_pem(pem).or_else(|_| PublicKey::from_pkcs1_pem(pem));
        let key = key.map_err(|_| "the service's public key is no RSA key in PEM".to_owned())?;
        if key.size() < 256 {
            return Err("the service's public key has fewer than 2048 bits".to_owned());
        }
        Ok(Self { key, config: config.clone() })
    }

    /// Seals `plain`.
    ///
    /// # Errors
    /// Plain words, when an algorithm is unknown or the system gives no random bytes.
    pub fn seal(&self, plain: &[u8]) -> Result<Envelope, String> {
        let long = Zeroizing::new(rand::random::<[u8; 32]>());
        let (key, iv, sealed) = match self.config.cipher.as_str() {
            "aes-256-cbc" => {
                let iv = rand::random::<[u8; 16]>();
                let sealed = cbc::Encryptor::<aes::Aes256>::new(&(*long).into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(plain);
                (&long[..], iv.to_vec(), sealed)
            }
            "aes-128-cbc" => {
                let iv = rand::random::<[u8; 16]>();
                let short = Zeroizing::new(<[u8; 16]>::try_from(&long[..16]).map_err(|e| e.to_string())?);
                let sealed = cbc::Encryptor::<aes::Aes128>::new(&(*short).into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(plain);
                (&long[..16], iv.to_vec(), sealed)
            }
            "aes-256-gcm" => {
                let nonce = rand::random::<[u8; 12]>();
                let cipher = Aes256Gcm::new_from_slice(&long[..]).map_err(|e| e.to_string())?;
                let sealed = cipher.encrypt(&Nonce::from(nonce), plain).map_err(|_| "the package is too long".to_owned())?;
                (&long[..], nonce.to_vec(), sealed)
            }
            other => return Err(format!("the cipher {other} is not known")),
        };
        let wrapped = match self.config.key_wrap.as_str() {
            "oaep-sha1" => self.key.oaep_encrypt_with_rng::<sha1::Sha1, _>(&mut SysRng, key),
            "oaep-sha256" => self.key.oaep_encrypt_with_rng::<sha2::Sha256, _>(&mut SysRng, key),
            "pkcs1v15" => self.key.pkcs1v15_encrypt_with_rng(&mut SysRng, key),
            other => return Err(format!("the key encryption {other} is not known")),
        };
        let wrapped = wrapped.map_err(|_| "the key cannot be encrypted to the service's public key".to_owned())?;
        let text = |bytes: &[u8]| Private::base64(bytes).0.clone();
        Ok(Envelope { key: text(&wrapped), iv: text(&iv), p: Private::base64(&sealed) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::cipher::BlockModeDecrypt as _;
    use rsa::PrivateKey;
    use rsa::pkcs8::EncodePublicKey as _;

    fn open(private: &PrivateKey, config: &EnvelopeConfig, envelope: &Envelope) -> Vec<u8> {
        let bytes = |text: &str| Private(text.to_owned()).decode().expect("base64");
        let wrapped = bytes(&envelope.key);
        let key = match config.key_wrap.as_str() {
            "oaep-sha1" => private.oaep_decrypt::<sha1::Sha1>(&wrapped),
            "oaep-sha256" => private.oaep_decrypt::<sha2::Sha256>(&wrapped),
            _ => private.pkcs1v15_decrypt(&wrapped),
        }
        .expect("the wrapped key opens");
        let (iv, sealed) = (bytes(&envelope.iv), bytes(&envelope.p.0));
        match config.cipher.as_str() {
            "aes-256-cbc" => {
                cbc::Decryptor::<aes::Aes256>::new_from_slices(&key, &iv).unwrap().decrypt_padded_vec::<Pkcs7>(&sealed).unwrap()
            }
            "aes-128-cbc" => {
                cbc::Decryptor::<aes::Aes128>::new_from_slices(&key, &iv).unwrap().decrypt_padded_vec::<Pkcs7>(&sealed).unwrap()
            }
            _ => {
                let nonce = Nonce::try_from(&iv[..]).unwrap();
                Aes256Gcm::new_from_slice(&key).unwrap().decrypt(&nonce, &sealed[..]).unwrap()
            }
        }
    }

    #[test]
    fn every_configurable_algorithm_opens_again_and_never_repeats() {
        let private = PrivateKey::new(&mut rand::rng(), 2048).expect("a key");
        let pem = private.to_public_key().to_public_key_pem(rsa::pkcs8::LineEnding::LF).expect("PEM");
        for cipher in ["aes-256-cbc", "aes-128-cbc", "aes-256-gcm"] {
            for key_wrap in ["oaep-sha1", "oaep-sha256", "pkcs1v15"] {
                let config = EnvelopeConfig {
                    enabled: true,
                    cipher: cipher.to_owned(),
                    key_wrap: key_wrap.to_owned(),
                    public_key_file: String::new(),
                };
                let sealer = Sealer::new(&pem, &config).expect("a sealer");
                let (one, two) = (sealer.seal(br#"{"video":{}}"#).unwrap(), sealer.seal(br#"{"video":{}}"#).unwrap());
                assert_eq!(open(&private, &config, &one), br#"{"video":{}}"#, "{cipher} {key_wrap}");
                assert!(one.key != two.key && one.iv != two.iv && one.p != two.p);
            }
        }
        let unknown =
            EnvelopeConfig { enabled: true, cipher: "rot13".into(), key_wrap: "oaep-sha1".into(), public_key_file: String::new() };
        assert!(Sealer::new(&pem, &unknown).unwrap().seal(b"x").is_err());
        assert!(Sealer::new("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", &unknown).is_err());
    }
}
