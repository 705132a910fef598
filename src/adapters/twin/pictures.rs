//! What a twin reads off a picture: its size, whose it is, and what a test says about it.
//!
//! A mark is the text `visavis-twin:` followed by `key=value` pairs, each closed by `;`, in a comment of the file (JPEG `COM`; any place
//! that keeps text serves in PNG and WAV). It ends at the first byte that is not printable ASCII.
//!
//! | pair | meaning |
//! | --- | --- |
//! | `person=NAME` | whose picture it is; without it, the SHA-256 of the file |
//! | `faces=N` | how many faces a detector would find, at most 16; 1 without it |
//! | `spoof=1` | not a living person |
//! | `poor=1` | too blurred or dark |
//! | `expired=1` | of a document: no longer valid |
//! | `declined=1` | the service's reviewer declines this person |

use sha2::{Digest as _, Sha256};

const MARK: &[u8] = b"visavis-twin:";
/// Marks are looked for this far into a file.
const SEARCHED: usize = 64 * 1024;
/// More faces than this are counted as so many.
const MOST_FACES: u32 = 16;

/// What is known of a picture or a voice sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Whose it is.
    pub person: String,
    /// Whether a mark says whose it is.
    pub marked: bool,
    /// How many faces it shows.
    pub faces: u32,
    /// Not a living person.
    pub spoof: bool,
    /// Too blurred or dark.
    pub poor: bool,
    /// A document that is no longer valid.
    pub expired: bool,
    /// A person whom the service's reviewer declines.
    pub declined: bool,
    /// Width and height, pixels; 0 × 0 for a voice sample.
    pub size: (u32, u32),
}

/// Why bytes are no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureFlaw {
    /// Neither JPEG nor PNG.
    NotAPicture,
    /// Starts as one and cannot be read.
    Unreadable,
}

impl Picture {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PictureFlaw> {
        let format = match bytes {
            [0xFF, 0xD8, 0xFF, ..] => image::ImageFormat::Jpeg,
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => image::ImageFormat::Png,
            _ => return Err(PictureFlaw::NotAPicture),
        };
        let reader = image::ImageReader::with_format(std::io::Cursor::new(bytes), format);
        let size = reader.into_dimensions().map_err(|_| PictureFlaw::Unreadable)?;
        Ok(Self { size, ..Self::of(bytes) })
    }

    /// A voice sample; `None` when it is not a WAV file.
    pub(super) fn voice(bytes: &[u8]) -> Option<Self> {
        (bytes.len() > 44 && bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WAVE").then(|| Self::of(bytes))
    }

    fn of(bytes: &[u8]) -> Self {
        let pairs = marks(bytes);
        let value = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        let set = |key| value(key) == Some("1");
        let digest = || Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
        Self {
            marked: value("person").is_some(),
            person: value("person").map_or_else(digest, str::to_owned),
            faces: value("faces").and_then(|v| v.parse().ok()).map_or(1, |n: u32| n.min(MOST_FACES)),
            spoof: set("spoof"),
            poor: set("poor"),
            expired: set("expired"),
            declined: set("declined"),
            size: (0, 0),
        }
    }

    /// Whether this document may belong to the person of `face`.
    pub(super) fn belongs_to(&self, face: &Self) -> bool {
        !self.marked || self.person == face.person
    }
}

fn marks(bytes: &[u8]) -> Vec<(String, String)> {
    let head = &bytes[..bytes.len().min(SEARCHED)];
    let Some(at) = head.windows(MARK.len()).position(|w| w == MARK) else { return Vec::new() };
    let text = &head[at + MARK.len()..];
    let end = text.iter().position(|b| !(0x20..0x7F).contains(b)).unwrap_or(text.len());
    let text = String::from_utf8_lossy(&text[..end]).into_owned();
    let closed = text.rfind(';').map_or("", |last| &text[..last]);
    closed.split(';').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned())).collect()
}

/// `jpeg` with a mark such as `person=ada;spoof=1` in a comment; `None` when it is not a JPEG or the mark is too long.
#[must_use]
pub fn marked(jpeg: &[u8], pairs: &str) -> Option<Vec<u8>> {
    let rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    let closing = if pairs.ends_with(';') { "" } else { ";" };
    let comment = [MARK, pairs.as_bytes(), closing.as_bytes()].concat();
    let length = u16::try_from(comment.len() + 2).ok()?;
    Some([&[0xFF, 0xD8, 0xFF, 0xFE][..], &length.to_be_bytes(), &comment, rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(grey: u8) -> Vec<u8> {
        let picture = image::GrayImage::from_pixel(8, 6, image::Luma([grey]));
        let mut out = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut out, image::ImageFormat::Jpeg).expect("a JPEG");
        out.into_inner()
    }

    #[test]
    fn people_are_told_apart_by_bytes_or_by_mark() {
        let (one, other) = (jpeg(10), jpeg(200));
        let read = |bytes: &[u8]| Picture::read(bytes).expect("a picture");
        assert_eq!(read(&one).person, read(&one).person);
        assert_ne!(read(&one).person, read(&other).person);
        assert_eq!(read(&one).size, (8, 6));
        let ada = [marked(&one, "person=ada").expect("marked"), marked(&other, "person=ada;spoof=1").expect("marked")];
        assert_eq!(read(&ada[0]).person, "ada");
        assert_eq!(read(&ada[1]).person, "ada");
        assert_eq!([read(&ada[0]).spoof, read(&ada[1]).spoof], [false, true]);
        assert!(image::load_from_memory(&ada[1]).is_ok(), "a marked picture is still a picture");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(Picture::read(b"GIF89a"), Err(PictureFlaw::NotAPicture));
        assert_eq!(Picture::read(&[0xFF, 0xD8, 0xFF, 0xE0]), Err(PictureFlaw::Unreadable));
        assert_eq!(marked(b"no", "person=a"), None);
    }
}
