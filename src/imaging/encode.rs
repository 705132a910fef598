//! Frames to JPEG and PNG bytes.

use super::Frame;
use crate::advice::{Advice, Advised};
use image::ExtendedColorType::Rgb8;
use image::ImageEncoder as _;
use image::codecs::{jpeg::JpegEncoder, png::PngEncoder};

/// A picture could not be written in the format asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the picture could not be encoded: {reason}")]
pub struct EncodeError {
    /// The encoder's words.
    pub reason: String,
}

impl Advised for EncodeError {
    fn advice(&self) -> Advice {
        Advice::input("IMG-11", "Save the picture as PNG; JPEG holds at most 65535 pixels a side.")
    }
}

/// Encodes as baseline JPEG, 4:2:0-free (every pixel keeps its colour); `quality` 1-100 is clamped.
///
/// # Errors
/// [`EncodeError`] for a side longer than 65535 pixels.
pub fn jpeg(frame: &Frame, quality: u8) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100))
        .write_image(frame.bytes(), frame.width(), frame.height(), Rgb8)
        .map_err(|e| EncodeError { reason: e.to_string() })?;
    Ok(bytes)
}

/// Encodes as PNG, lossless.
///
/// # Errors
/// [`EncodeError`] when the encoder refuses the size.
pub fn png(frame: &Frame) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(frame.bytes(), frame.width(), frame.height(), Rgb8)
        .map_err(|e| EncodeError { reason: e.to_string() })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::imaging::decode::{DecodeLimits, decode_picture};

    #[test]
    fn pictures_come_back() {
        let frame = Frame::from_fn(Size::new(33, 21), |x, y| [(x * 7) as u8, (y * 11) as u8, (x * y) as u8]);
        let limits = DecodeLimits::default();
        assert_eq!(decode_picture(&png(&frame).unwrap(), &limits).unwrap(), frame);
        let lossy = decode_picture(&jpeg(&frame, 95).unwrap(), &limits).unwrap();
        let total: u64 = lossy.bytes().iter().zip(frame.bytes()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(total / frame.bytes().len() as u64 <= 3);
        assert!(jpeg(&Frame::filled(Size::new(70_000, 1), [0; 3]), 90).is_err());
    }
}
