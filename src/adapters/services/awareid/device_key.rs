//! The device key pair: made on this machine, kept in its key store, proved by signatures.
//!
//! The public key goes out as base64 of a DER `SubjectPublicKeyInfo`, from which the service reads the curve. Signatures are base64 of DER
//! ECDSA over SHA-256, deterministic (RFC 6979).

use crate::adapters::services::secrets::SecretBox;
use crate::adapters::services::wire::Private;
use crate::config::DeviceKeyConfig;
use crate::units::SensitiveBytes;
use p256::ecdsa::signature::Signer as _;
use std::sync::PoisonError;

/// A device key on one of the offered curves.
pub enum DeviceKey {
    /// NIST P-256.
    P256(p256::ecdsa::SigningKey),
    /// secp256k1.
    Secp256k1(k256::ecdsa::SigningKey),
}

impl DeviceKey {
    /// The key of this machine on `curve`, made and kept when there is none.
    ///
    /// # Errors
    /// Plain words, when the key store keeps or gives nothing usable, or the curve is unknown.
    pub fn open(curve: &str, secrets: &SecretBox) -> Result<Self, String> {
        let name = match curve {
            "p256" => "device-p256",
            "secp256k1" => "device-secp256k1",
            other => return Err(format!("the curve {other} is not known")),
        };
        let keys = secrets.keys().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scalar) = keys.get(name).map_err(|e| e.to_string())? {
            return Self::from_scalar(curve, &scalar).ok_or_else(|| "the device key is damaged".to_owned());
        }
        // Almost every 32 bytes are a key; the few that are none are passed over.
        let scalar = std::iter::repeat_with(|| SensitiveBytes(rand::random::<[u8; 32]>().to_vec()))
            .find(|scalar| Self::from_scalar(curve, scalar).is_some())
            .ok_or("no key was made")?;
        keys.put(name, &scalar).map_err(|e| e.to_string())?;
        Self::from_scalar(curve, &scalar).ok_or_else(|| "no key was made".to_owned())
    }

    fn from_scalar(curve: &str, scalar: &SensitiveBytes) -> Option<Self> {
        match curve {
            "p256" => p256::ecdsa::SigningKey::from_slice(&scalar.0).ok().map(Self::P256),
            _ => k256::ecdsa::SigningKey::from_slice(&scalar.0).ok().map(Self::Secp256k1),
        }
    }

    /// Base64 of the public key's DER form.
    ///
    /// # Errors
    /// Plain words.
    pub fn public_key(&self) -> Result<String, String> {
        use p256::pkcs8::EncodePublicKey as _;
        let der = match self {
            Self::P256(key) => key.verifying_key().to_public_key_der(),
            Self::Secp256k1(key) => key.verifying_key().to_public_key_der(),
        };
        let der = der.map_err(|_| "the public key cannot be written".to_owned())?;
        Ok(Private::base64(der.as_bytes()).0.clone())
    }

    /// Base64 of the DER signature of `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        let der = match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
        };
        Private::base64(&der).0.clone()
    }
}

/// What is signed, as configured.
#[must_use]
pub fn signed_message(config: &DeviceKeyConfig, auth_token: &str) -> String {
    match config.signed.as_str() {
        "deviceId" => config.device_id.clone(),
        "authToken+deviceId" => format!("{auth_token}{}", config.device_id),
        _ => auth_token.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::signature::Verifier as _;
    use p256::pkcs8::DecodePublicKey as _;

    fn key(curve: &str, byte: u8) -> DeviceKey {
        DeviceKey::from_scalar(curve, &SensitiveBytes(vec![byte; 32])).expect("a scalar below the order")
    }

    #[test]
    fn signatures_verify_under_the_published_key() {
        let bytes = |text: &str| Private(text.to_owned()).decode().expect("base64");
        let p = key("p256", 7);
        let verifying = p256::ecdsa::VerifyingKey::from_public_key_der(&bytes(&p.public_key().unwrap())).expect("SPKI");
        let signature = p256::ecdsa::Signature::from_der(&bytes(&p.sign(b"token"))).expect("DER");
        assert!(verifying.verify(b"token", &signature).is_ok());
        assert!(verifying.verify(b"other", &signature).is_err());

        let k = key("secp256k1", 7);
        let der = bytes(&k.public_key().unwrap());
        assert_eq!(der.len(), 88, "as long as the service's own sample: uncompressed point");
        let verifying = k256::ecdsa::VerifyingKey::from_public_key_der(&der).expect("SPKI");
        let signature = k256::ecdsa::Signature::from_der(&bytes(&k.sign(b"token"))).expect("DER");
        assert!(verifying.verify(b"token", &signature).is_ok());
    }

    #[test]
    fn what_is_signed_follows_the_configuration() {
        let message = |signed: &str| {
            let config = DeviceKeyConfig { device_id: "kiosk-1".into(), curve: "p256".into(), signed: signed.into() };
            signed_message(&config, "t")
        };
        assert_eq!(
            (message("authToken"), message("deviceId"), message("authToken+deviceId")),
            ("t".into(), "kiosk-1".into(), "tkiosk-1".into())
        );
    }
}
