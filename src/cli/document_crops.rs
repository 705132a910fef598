//! What is cut out of the pictures of a document, a file each, named as services name their crops.

use super::Failure;
use super::document_capture::unwritable;
use crate::imaging::{Frame, encode};
use crate::runtime::document::gathered::Gathered;
use crate::runtime::document::private_file;
use std::path::Path;

/// Names of the pages, the side that was given first before the other.
const PAGES: [&str; 2] = ["cropped_front", "cropped_back"];

/// Writes pages, portrait and signature, as far as there are any; only this user may read them.
///
/// # Errors
/// `SYS-17` when the folder cannot be written.
pub(super) fn write(folder: &Path, gathered: &Gathered<'_>, pages: &[Frame]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    let mut crops: Vec<(&str, &Frame)> = PAGES.into_iter().zip(pages).collect();
    crops.extend(gathered.portrait.map(|portrait| ("cropped_portrait", &portrait.crop)));
    crops.extend(gathered.signature.map(|signature| ("cropped_signature", &signature.crop)));
    for (name, picture) in crops {
        let file = folder.join(format!("{name}.png"));
        private_file::write(&file, &encode::png(picture)?).map_err(|e| unwritable(&file, &e))?;
    }
    Ok(())
}
