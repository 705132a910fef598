//! Sealed files: the one container for what leaves the machine (gallery exports, backups, packets, evidence).
//!
//! ```text
//! VISAVIS1 | u32 length | header (JSON) | chunk … chunk | signature (64 bytes)
//! chunk = u32 (highest bit: last; rest: length) | AES-256-GCM ciphertext and tag
//! ```
//!
//! Numbers are big-endian. The header names version, kind, algorithms, who sealed it and for whom. A random file key is wrapped for every
//! recipient: by ECDH on P-256 with a one-time key and HKDF-SHA-256, or by a passphrase through Argon2id. From it HKDF derives the content
//! key and a commitment, so a wrong key is told from damage and no file opens differently for two recipients. A chunk's nonce is its
//! counter and whether it is the last; its associated data are the hash of everything before the chunks and its own length word: chunks cannot
//! be cut off, reordered, left out or moved to another file. The signature (ECDSA P-256, SHA-256) by the machine's key covers every byte
//! before it.
//!
//! A reader hands out chunks as it goes, so memory stays bounded; nothing may be acted upon before [`SealedReader::finish`] has
//! checked the signature.

mod header;
mod identity;
mod reader;
mod recipients;
pub mod sized;
mod writer;

pub use identity::{Identity, MACHINE_KEY, PublicKey};
pub use reader::{SealedReader, Trust};
pub use recipients::{Opener, Recipient};
pub use writer::{SealedWriter, write_file};

use crate::advice::{Advice, Advised};

/// First bytes of every sealed file.
pub const MAGIC: &[u8; 8] = b"VISAVIS1";
/// Plain bytes of a full chunk.
pub const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// Highest bit of a chunk's length word: this is the last one.
const LAST: u32 = 1 << 31;

/// What a sealed file holds; a file of another kind is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// People leaving a gallery.
    GalleryExport,
    /// A delivery carried by hand.
    SyncPacket,
    /// How a delivery carried by hand ended.
    SyncReceipt,
    /// Which packets belong together.
    SyncManifest,
}

/// Why a sealed file cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// It does not begin like one.
    #[error("this is not a sealed file")]
    NotSealed,
    /// A newer version, another kind or an unknown algorithm.
    #[error("this sealed file cannot be read here: {reason}")]
    Unsupported {
        /// What is not supported.
        reason: String,
    },
    /// None of its recipients is us, or the passphrase is wrong.
    #[error("this sealed file is not for this machine, or the passphrase is wrong")]
    NotForUs,
    /// It was changed, cut or badly copied.
    #[error("this sealed file is damaged: {what}")]
    Damaged {
        /// Which part.
        what: &'static str,
    },
    /// Sealed by somebody who is not on the list.
    #[error("this sealed file was sealed by {signer}, who is not trusted here")]
    Untrusted {
        /// Fingerprint of the sealer's key.
        signer: String,
    },
    /// A key as text or from the key store is none.
    #[error("this is not a P-256 key")]
    BadKey,
    /// Nobody could ever open it.
    #[error("no recipient was named")]
    NoRecipient,
    /// The disk is full; no file was left.
    #[error("the disk is full; no file was written")]
    DiskFull,
    /// Reading or writing failed.
    #[error("the file cannot be read or written: {reason}")]
    Io {
        /// The system's words.
        reason: String,
        /// Whether the file or its folder is not there: then the name is at fault, not the machine.
        missing: bool,
    },
}

impl From<std::io::Error> for SealedError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::UnexpectedEof => Self::Damaged { what: "it ends too early" },
            kind => Self::Io { reason: error.to_string(), missing: kind == std::io::ErrorKind::NotFound },
        }
    }
}

impl Advised for SealedError {
    fn advice(&self) -> Advice {
        match self {
            Self::NotSealed => Advice::input("GAL-40", "Name a file that `visavis gallery export` wrote."),
            Self::Unsupported { .. } => Advice::input("GAL-41", "Update this program, or export again with the version used here."),
            Self::NotForUs => Advice::input("GAL-42", "Type the passphrase again, or have it exported for this machine's key."),
            Self::Damaged { .. } => Advice::input("GAL-43", "Copy the file again from where it was made; nothing of it was taken in."),
            Self::Untrusted { .. } => {
                Advice::input("GAL-44", "Compare the fingerprint with the sender, then add the key to the trusted ones.")
            }
            Self::BadKey => Advice::input("GAL-45", "Give a P-256 public key as PEM or as printed by `visavis doctor`."),
            Self::NoRecipient => Advice::input("GAL-46", "Name at least one recipient key or a passphrase."),
            Self::DiskFull => Advice::environment("GAL-47", "Free some space or choose another disk, then try again."),
            Self::Io { missing, .. } => {
                Advice::environment("GAL-48", "Check that the file and its folder exist and can be used.").or_input(*missing)
            }
        }
    }
}

#[cfg(test)]
mod tests;
