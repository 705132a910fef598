//! Where chips' files come from: folders of files, folders of trusted certificates, and (feature `pcsc`) contactless readers.

mod folder;
#[cfg(feature = "pcsc")]
pub mod pcsc;
mod trust_folder;

pub use folder::{ChipFolder, read_folder};
pub use trust_folder::{TrustFolder, read_trust};

use crate::advice::{Advice, Advised};
use std::path::{Path, PathBuf};

/// Why a folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ChipFolderError {
    /// The folder or a file in it cannot be read.
    #[error("{} cannot be read", .path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// No file has the name of an elementary file.
    #[error("no file in {} has the name of a chip's file", .0.display())]
    NoFiles(PathBuf),
    /// A file is empty or longer than any file of a chip.
    #[error("{} has {bytes} bytes, 1 to {limit} are read", .path.display())]
    Size {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
        /// The most that is read.
        limit: u64,
    },
    /// Two files mean the same elementary file.
    #[error("{first} and {second} both mean {file}")]
    Twice {
        /// The elementary file.
        file: String,
        /// One name.
        first: String,
        /// The other.
        second: String,
    },
    /// The folder holds more than anybody would put there.
    #[error("{} holds more than {limit} files", .path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// The most that is looked at.
        limit: usize,
    },
    /// No file is a certificate that can be used.
    #[error("no file in {} is a certificate of a country authority that can be used", .0.display())]
    NoCertificates(PathBuf),
}

impl Advised for ChipFolderError {
    fn advice(&self) -> Advice {
        match self {
            Self::Unreadable { source, .. } => {
                Advice::environment("DOC-40", "Check that the folder exists and that this program may read it.")
                    .or_input(source.kind() == std::io::ErrorKind::NotFound)
            }
            Self::NoFiles(_) => Advice::input("DOC-41", "Name the files EF.COM, EF.SOD, EF.DG1, EF.DG2 and so on, or EF_SOD.bin, DG1.bin."),
            Self::Size { .. } => Advice::input("DOC-42", "Read the chip again; the file is not what a chip holds."),
            Self::Twice { .. } => Advice::input("DOC-43", "Keep the files of one chip only, each once."),
            Self::TooMany { .. } => Advice::input("DOC-44", "Point to the folder that holds only these files."),
            Self::NoCertificates(_) => Advice::input(
                "DOC-45",
                "Put the country authorities' certificates (DER or PEM) and their revocation lists into the folder.",
            ),
        }
    }
}

/// The files of a folder by name, sorted; folders in it are left out.
fn listed(folder: &Path, limit: usize) -> Result<Vec<(String, PathBuf)>, ChipFolderError> {
    let unreadable = |source| ChipFolderError::Unreadable { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !path.is_file() {
            continue;
        }
        if files.len() == limit {
            return Err(ChipFolderError::TooMany { path: folder.to_owned(), limit });
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        files.push((name, path));
    }
    files.sort();
    Ok(files)
}

/// The bytes of a file, refused by its length before and while it is read.
fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, ChipFolderError> {
    use std::io::Read as _;
    let unreadable = |source| ChipFolderError::Unreadable { path: path.to_owned(), source };
    let mut read = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(limit + 1).read_to_end(&mut read).map_err(unreadable)?;
    let length = read.len() as u64;
    if length == 0 || length > limit {
        let stated = std::fs::metadata(path).map_or(length, |m| m.len());
        return Err(ChipFolderError::Size { path: path.to_owned(), bytes: stated.max(length), limit });
    }
    Ok(read)
}
