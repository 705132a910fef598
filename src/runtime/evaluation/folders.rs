//! Folders of pictures, one folder a person.

use super::EvaluationFault;
use std::path::{Path, PathBuf};

/// A picture and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledPicture {
    /// Where it is.
    pub path: PathBuf,
    /// Name of its folder.
    pub person: String,
}

/// Endings of files that are taken for pictures.
const PICTURE_ENDINGS: [&str; 12] = ["jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff", "gif", "pgm", "ppm", "pnm", "jfif"];

/// The pictures of every folder in `root`, ordered by name; a picture that lies in `root` itself is a person of its own.
///
/// # Errors
/// [`EvaluationFault::Unreadable`] for a folder that cannot be read, [`EvaluationFault::Nothing`] without a picture.
pub fn people(root: &Path) -> Result<Vec<LabelledPicture>, EvaluationFault> {
    let mut found = Vec::new();
    for path in entries(root)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let pictures = entries(&path)?.into_iter().filter(|p| is_picture(p));
            found.extend(pictures.map(|path| LabelledPicture { path, person: name.clone() }));
        } else if is_picture(&path) {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            found.push(LabelledPicture { path, person: stem });
        }
    }
    if found.is_empty() { Err(EvaluationFault::Nothing) } else { Ok(found) }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, EvaluationFault> {
    let unreadable = |e: std::io::Error| EvaluationFault::Unreadable { what: "folder", reason: e.to_string() };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    ending.is_some_and(|e| PICTURE_ENDINGS.contains(&e.as_str())) && path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_people() {
        let root = tempfile::tempdir().unwrap();
        for (folder, file) in [("b", "2.JPG"), ("b", "1.png"), ("a", "notes.txt"), ("c", "x.jpeg")] {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
            std::fs::write(root.path().join(folder).join(file), b"x").unwrap();
        }
        std::fs::write(root.path().join("alone.jpg"), b"x").unwrap();
        let found = people(root.path()).unwrap();
        let seen: Vec<_> = found.iter().map(|p| (p.person.as_str(), p.path.file_name().unwrap().to_str().unwrap())).collect();
        assert_eq!(seen, [("alone", "alone.jpg"), ("b", "1.png"), ("b", "2.JPG"), ("c", "x.jpeg")]);
        assert!(matches!(people(&root.path().join("a")), Err(EvaluationFault::Nothing)));
        assert!(matches!(people(&root.path().join("nowhere")), Err(EvaluationFault::Unreadable { .. })));
    }
}
