//! The files of one chip, read from a folder.

use super::{ChipFolderError, bytes, listed};
use crate::documents::chip::{ChipFiles, ElementaryFile, LONGEST_FILE};
use std::path::Path;

/// Files that are looked at in a chip's folder.
const MOST_FILES: usize = 256;

/// A chip's files, and what else lay there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipFolder {
    /// The files.
    pub files: ChipFiles,
    /// Names of files that mean nothing here.
    pub ignored: Vec<String>,
}

/// Reads the files of one chip from a folder, by their names (see [`ElementaryFile::from_file_name`]).
///
/// # Errors
/// [`ChipFolderError`].
pub fn read_folder(folder: &Path) -> Result<ChipFolder, ChipFolderError> {
    let mut read = ChipFolder { files: ChipFiles::new(), ignored: Vec::new() };
    let mut names: Vec<(ElementaryFile, String)> = Vec::new();
    for (name, path) in listed(folder, MOST_FILES)? {
        let Some(file) = ElementaryFile::from_file_name(&name) else {
            read.ignored.push(name);
            continue;
        };
        if let Some((_, first)) = names.iter().find(|(f, _)| *f == file) {
            return Err(ChipFolderError::Twice { file: file.to_string(), first: first.clone(), second: name });
        }
        read.files.insert(file, bytes(&path, LONGEST_FILE as u64)?);
        names.push((file, name));
    }
    if read.files.is_empty() {
        return Err(ChipFolderError::NoFiles(folder.to_owned()));
    }
    Ok(read)
}
