//! The header: what the file is, who sealed it, for whom. Its bytes are hashed as they stand, so its spelling needs no rules.

use super::{Kind, MAGIC, SealedError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::io::Read;

/// Longest header read.
const LONGEST: usize = 64 * 1024;
const CIPHER: &str = "AES-256-GCM chunks of 64 KiB";
const SIGNATURE: &str = "ECDSA P-256 SHA-256";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub version: u32,
    pub kind: Kind,
    pub cipher: String,
    pub signature: String,
    pub sealed_by: Bytes,
    pub file: Bytes,
    /// Milliseconds since 1970.
    pub sealed_at: i64,
    pub commitment: Bytes,
    pub recipients: Vec<Wrapped>,
}

/// A wrapped file key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Wrapped {
    /// For whoever has the private key of `recipient`.
    P256 { recipient: Bytes, ephemeral: Bytes, key: Bytes },
    /// For whoever knows the passphrase.
    Passphrase { memory_kib: u32, passes: u32, salt: Bytes, key: Bytes },
}

/// Bytes as base 64 in JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Header {
    pub fn new(kind: Kind, sealed_by: Vec<u8>, file: [u8; 16], sealed_at: i64, commitment: [u8; 32], recipients: Vec<Wrapped>) -> Self {
        Self {
            version: 1,
            kind,
            cipher: CIPHER.into(),
            signature: SIGNATURE.into(),
            sealed_by: Bytes(sealed_by),
            file: Bytes(file.to_vec()),
            sealed_at,
            commitment: Bytes(commitment.to_vec()),
            recipients,
        }
    }

    /// Magic, length and header.
    pub fn encode(&self) -> Vec<u8> {
        let text = serde_json::to_vec(self).expect("text, lists and numbers always have a JSON form");
        let length = u32::try_from(text.len()).expect("64 recipients fit");
        [&MAGIC[..], &length.to_be_bytes(), &text].concat()
    }

    /// Reads magic, length and header; also returns all bytes read.
    pub fn decode(from: &mut impl Read) -> Result<(Self, Vec<u8>), SealedError> {
        let mut bytes = vec![0; MAGIC.len() + 4];
        from.read_exact(&mut bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => SealedError::NotSealed,
            _ => error.into(),
        })?;
        if bytes[..7] != MAGIC[..7] {
            return Err(SealedError::NotSealed);
        }
        if bytes[7] != MAGIC[7] {
            return Err(SealedError::Unsupported { reason: "it has a newer format".into() });
        }
        let length = u32::from_be_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize;
        if length > LONGEST {
            return Err(damaged());
        }
        bytes.resize(12 + length, 0);
        from.read_exact(&mut bytes[12..])?;
        let version: Version = serde_json::from_slice(&bytes[12..]).map_err(|_| damaged())?;
        if version.version != 1 {
            return Err(SealedError::Unsupported { reason: format!("it has version {}", version.version) });
        }
        let header: Self = serde_json::from_slice(&bytes[12..]).map_err(|_| damaged())?;
        if header.cipher != CIPHER || header.signature != SIGNATURE {
            return Err(SealedError::Unsupported { reason: "it uses other algorithms".into() });
        }
        Ok((header, bytes))
    }

    /// The file's random identifier.
    pub fn file(&self) -> Result<[u8; 16], SealedError> {
        self.file.0.as_slice().try_into().map_err(|_| damaged())
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

pub(super) const fn damaged() -> SealedError {
    SealedError::Damaged { what: "its header" }
}
