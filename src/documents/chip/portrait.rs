//! The portrait in DG2: from the biometric templates of Doc 9303-10 down to the picture's bytes.

use super::tlv::{Objects, TlvError, only};
use std::fmt;

/// Encodings of portraits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PortraitFormat {
    /// JPEG.
    Jpeg,
    /// JPEG 2000, as a file or as a bare codestream.
    Jpeg2000,
}

impl PortraitFormat {
    /// Its usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Jpeg2000 => "JPEG 2000",
        }
    }
}

/// A portrait as it stands in the chip.
#[derive(Clone, PartialEq, Eq)]
pub struct ChipPortrait {
    /// How `bytes` are encoded; by their first bytes, whatever the header says.
    pub format: PortraitFormat,
    /// The picture file.
    pub bytes: Vec<u8>,
    /// Columns and rows as the header gives them; 0 where it does not say. The picture itself decides.
    pub stated_size: (u16, u16),
    /// How many portraits the file holds; the first is taken.
    pub count: usize,
}

/// Biometric data: says format and length only.
impl fmt::Debug for ChipPortrait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChipPortrait({}, {} bytes)", self.format.name(), self.bytes.len())
    }
}

/// Why there is no portrait.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortraitFault {
    /// The bytes are not what they should be.
    #[error(transparent)]
    Encoding(#[from] TlvError),
    /// The face record ends too early or is none.
    #[error("the face record is damaged")]
    Record,
    /// A record of ISO/IEC 39794-5, which is not read.
    #[error("the face record is of ISO/IEC 39794-5, which is not read")]
    NewerRecord,
    /// Neither JPEG nor JPEG 2000.
    #[error("the picture is neither JPEG nor JPEG 2000")]
    Format,
}

/// Reads the first portrait of DG2.
///
/// # Errors
/// [`PortraitFault`].
pub fn portrait(file: &[u8]) -> Result<ChipPortrait, PortraitFault> {
    let group = only(only(file, 0x75)?, 0x7F61)?;
    let count = Objects::new(group).take_if(0x02)?.and_then(|c| c.value.last().copied()).map_or(1, usize::from);
    let template = Objects::new(group).find(0x7F60)?.value;
    let mut objects = Objects::new(template);
    while let Some(object) = objects.next()? {
        match object.tag {
            0x5F2E => return face(object.value, count),
            // Constructed: the newer record, or the older one wrapped once more.
            0x7F2E if object.value.starts_with(MAGIC) => return face(object.value, count),
            0x7F2E => return Objects::new(object.value).find(0x5F2E).map_or(Err(PortraitFault::NewerRecord), |o| face(o.value, count)),
            _ => {}
        }
    }
    Err(TlvError::Missing { expected: 0x5F2E }.into())
}

const MAGIC: &[u8] = b"FAC\0";

/// A facial record of ISO/IEC 19794-5:2005: header, information, feature points, image information, picture.
fn face(record: &[u8], count: usize) -> Result<ChipPortrait, PortraitFault> {
    const HEADER: usize = 14;
    const INFORMATION: usize = 20;
    const POINT: usize = 8;
    const IMAGE: usize = 12;
    if !record.starts_with(MAGIC) {
        return Err(PortraitFault::Record);
    }
    let two = |at: usize| record.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]])).ok_or(PortraitFault::Record);
    let faces = usize::from(two(12)?);
    let points = usize::from(two(HEADER + 4)?);
    let image = HEADER + INFORMATION + points * POINT;
    let stated_size = (two(image + 2)?, two(image + 4)?);
    let rest = record.get(image + IMAGE..).ok_or(PortraitFault::Record)?;
    // Stated lengths are off by some bytes on known chips; they are needed only where another face follows.
    let bytes = if faces > 1 {
        let length = record.get(HEADER..HEADER + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize);
        let end = length.and_then(|l| l.checked_sub(image + IMAGE - HEADER)).unwrap_or(rest.len());
        &rest[..end.min(rest.len())]
    } else {
        rest
    };
    let format = if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        PortraitFormat::Jpeg
    } else if bytes.starts_with(b"\0\0\0\x0CjP  ") || bytes.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]) {
        PortraitFormat::Jpeg2000
    } else {
        return Err(PortraitFault::Format);
    };
    Ok(ChipPortrait { format, bytes: bytes.to_vec(), stated_size, count: count.max(faces) })
}
