//! Why a picture file was refused.

use crate::advice::{Advice, Advised};
use crate::geometry::Size;
use image::ImageError;

/// Why bytes did not become a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The file is longer than the limit.
    #[error("the picture file has {bytes} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Length of the file.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The header promises more pixels than the limit.
    #[error("the picture is {size}, more than the {} megapixels allowed", .limit / 1_000_000)]
    TooManyPixels {
        /// Size given in the header.
        size: Size,
        /// The limit, pixels.
        limit: u64,
    },
    /// There are no bytes.
    #[error("the picture file is empty")]
    Empty,
    /// The file ends before its picture does.
    #[error("the picture file ends too early")]
    Truncated,
    /// The first bytes are not of a format that is read here, whatever the file is called.
    #[error("the file is not a picture of a known format")]
    UnknownFormat,
    /// The content contradicts its format.
    #[error("the picture file is damaged: {reason}")]
    Damaged {
        /// The decoder's words.
        reason: String,
    },
    /// A variant of the format that is not read here.
    #[error("the picture's format variant is not supported: {reason}")]
    Unsupported {
        /// The decoder's words.
        reason: String,
    },
    /// Decoding would need more working memory than the limit.
    #[error("the picture needs too much memory to decode")]
    TooMuchMemory,
}

impl Advised for DecodeError {
    fn advice(&self) -> Advice {
        match self {
            Self::TooLarge { .. } => Advice::input("IMG-01", "Give a picture file of at most 64 MB."),
            Self::TooManyPixels { .. } => Advice::input("IMG-02", "Scale the picture to at most 100 megapixels."),
            Self::Empty => Advice::input("IMG-03", "The file has no content; copy or export it again."),
            Self::Truncated => Advice::input("IMG-04", "The end of the file is missing; copy or export it again."),
            Self::UnknownFormat => Advice::input("IMG-05", "Give a PNG, JPEG, JPEG 2000, GIF, WebP, BMP, TIFF or PNM picture."),
            Self::Damaged { .. } => Advice::input("IMG-06", "Open the picture in a viewer and export it again."),
            Self::Unsupported { .. } => Advice::input("IMG-07", "Export the picture as an ordinary PNG or JPEG."),
            Self::TooMuchMemory => Advice::input("IMG-08", "Scale the picture down or export it with 8 bits a channel."),
        }
    }
}

impl From<ImageError> for DecodeError {
    fn from(error: ImageError) -> Self {
        if ended_early(&error) {
            return Self::Truncated;
        }
        match error {
            ImageError::Limits(_) => Self::TooMuchMemory,
            ImageError::Unsupported(e) => Self::Unsupported { reason: e.to_string() },
            other => Self::Damaged { reason: other.to_string() },
        }
    }
}

/// Whether any link of the chain is an input that ended; decoders wrap it at different depths, some only in words.
fn ended_early(error: &ImageError) -> bool {
    let mut link: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(e) = link {
        if e.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::UnexpectedEof) {
            return true;
        }
        link = e.source();
    }
    let words = error.to_string().to_ascii_lowercase();
    ["unexpected end", "unexpected eof", "end of file", "failed to fill whole buffer"].iter().any(|w| words.contains(w))
}
