//! A still picture, and a folder of them.

use super::{Reel, Shown, read_picture, words};
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use std::path::{Path, PathBuf};

/// Endings of files that a folder plays.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "jpe", "gif", "webp", "bmp", "tif", "tiff", "pnm", "ppm", "pgm", "pbm"];

/// One picture, shown once per round.
pub(super) struct Still {
    frame: Frame,
    shown: bool,
}

impl Still {
    pub(super) fn new(bytes: &[u8]) -> Result<Self, String> {
        let frame = decode_picture(bytes, &DecodeLimits::default()).map_err(|e| words(&e))?;
        Ok(Self { frame, shown: false })
    }
}

impl Reel for Still {
    fn rate(&self) -> Option<f32> {
        None
    }

    fn next(&mut self) -> Result<Option<Shown>, String> {
        let due = !std::mem::replace(&mut self.shown, true);
        Ok(due.then(|| (self.frame.clone(), None)))
    }

    fn rewind(&mut self) -> Result<(), String> {
        self.shown = false;
        Ok(())
    }
}

/// The pictures of a folder by name, each decoded when its turn comes.
pub(super) struct Folder {
    pictures: Vec<PathBuf>,
    at: usize,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let is_picture = |path: &PathBuf| {
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
            PICTURES.contains(&ending.as_str()) && path.is_file()
        };
        let entries = std::fs::read_dir(path).map_err(|e| words(&e))?;
        let mut pictures: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).filter(is_picture).collect();
        pictures.sort_by_cached_key(|path| by_number(&path.to_string_lossy()));
        Ok(Self { pictures, at: 0 })
    }
}

/// A key that puts `frame2` before `frame10`: digits are padded to one width.
fn by_number(name: &str) -> String {
    let mut key = String::new();
    let mut digits = String::new();
    for c in name.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push_str(&format!("{:0>20}", digits.trim_start_matches('0')));
            digits.clear();
        }
        key.push(c);
    }
    key
}

impl Reel for Folder {
    fn rate(&self) -> Option<f32> {
        None
    }

    fn next(&mut self) -> Result<Option<Shown>, String> {
        let Some(path) = self.pictures.get(self.at) else { return Ok(None) };
        self.at += 1;
        let limits = DecodeLimits::default();
        let decoded = read_picture(path, &limits).and_then(|bytes| decode_picture(&bytes, &limits).map_err(|e| words(&e)));
        let named = |reason| format!("{}: {reason}", path.file_name().unwrap_or_default().to_string_lossy());
        decoded.map(|frame| Some((frame, None))).map_err(named)
    }

    fn rewind(&mut self) -> Result<(), String> {
        self.at = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_by_their_numbers() {
        let mut names = ["f10.png", "f2.png", "f001.png", "a3b20", "a3b9", "f.png"];
        names.sort_by_cached_key(|n| by_number(n));
        assert_eq!(names, ["a3b9", "a3b20", "f.png", "f001.png", "f2.png", "f10.png"]);
    }
}
