//! Delivery by hand: sealed packets leave on a stick, a connected machine delivers them, receipts come back the same way.
//!
//! ```text
//! <folder>/packets/0000000012-<key>.visavis   one delivery, signed by the machine's key, for the branch's key
//! <folder>/manifest.visavis                   names, sizes and hashes of the packets, sealed alike
//! <folder>/receipts/<key>.visavis             how it ended, sealed for the machine that made the packet
//! ```
//!
//! A delivery is marked as exported before its packet is written, so it never goes both ways; run again, an export writes what is missing.
//! Broken off, it leaves what was done and takes back what it had only marked.
//! The connected machine enters every packet's key in its own outbox before it delivers: a packet that comes twice is delivered once.

mod content;
mod courier;
mod export;
mod import;
#[cfg(test)]
mod tests;

pub use crate::runtime::progress::Progress;
pub use export::{ExportReport, ExportTo, export_packets};
pub use import::{ImportFrom, Importer, PacketProblem, PacketsReport};

use crate::adapters::sealed::SealedError;
use crate::advice::{Advice, Advised};
use crate::ports::gallery::GalleryError;
use std::path::{Path, PathBuf};

const PACKETS: &str = "packets";
const RECEIPTS: &str = "receipts";
const MANIFEST: &str = "manifest.visavis";
const EXTENSION: &str = "visavis";

/// Why a folder of packets could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum PacketError {
    /// The outbox could not.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// A file could not.
    #[error(transparent)]
    Sealed(#[from] SealedError),
    /// The folder cannot be used.
    #[error("the folder {} cannot be used", .folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Advised for PacketError {
    fn advice(&self) -> Advice {
        match self {
            Self::Gallery(error) => error.advice(),
            Self::Sealed(error) => error.advice(),
            Self::Folder { .. } => {
                Advice::environment("SYN-20", "Check that the stick is in and its folder can be used; run the same command again.")
            }
        }
    }
}

fn make_folder(folder: &Path) -> Result<(), PacketError> {
    std::fs::create_dir_all(folder).map_err(|source| PacketError::Folder { folder: folder.to_owned(), source })
}

/// Sealed files of a folder by name; none where there is no folder.
fn sealed_files(folder: &Path) -> Result<Vec<PathBuf>, PacketError> {
    let refuse = |source| PacketError::Folder { folder: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refuse(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(refuse)?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            found.push(path);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Length and SHA-256 of a file, lower-case hexadecimal.
fn fingerprint(path: &Path) -> std::io::Result<(u64, String)> {
    use sha2::Digest as _;
    use std::io::Read as _;
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut length, mut buffer) = (sha2::Sha256::new(), 0, vec![0; 64 << 10]);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        length += count as u64;
    }
    Ok((length, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
