//! Picture files to frames: PNG, JPEG, JPEG 2000, GIF, WebP, BMP, TIFF and PNM; upright, 8 bits, composited over white.
//!
//! Sizes are read from the header and held against [`DecodeLimits`] before a pixel buffer exists, so a small file that
//! unpacks to gigabytes is refused, not unpacked. Embedded colour profiles are not applied: values are taken as sRGB.

mod animation;
mod error;
mod jpeg;
mod jpeg2000;
mod samples;

pub use animation::{Animation, TimedFrame, decode_animation, is_animation};
pub use error::DecodeError;
pub(super) use jpeg::decode_motion_jpeg;

use super::Frame;
use crate::geometry::Size;
use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader};
use std::io::Cursor;

/// What is refused before anything large is allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Largest file, bytes.
    pub max_file_bytes: u64,
    /// Most pixels in the picture.
    pub max_pixels: u64,
    /// Most bytes of decoded samples held at once, the finished frame not counted.
    pub max_sample_bytes: u64,
}

impl Default for DecodeLimits {
    /// 64 MB of file, 100 megapixels, 1 GB of samples (100 megapixels of 16-bit RGBA need 800 MB).
    fn default() -> Self {
        Self { max_file_bytes: 64_000_000, max_pixels: 100_000_000, max_sample_bytes: 1_000_000_000 }
    }
}

impl DecodeLimits {
    /// Refuses a file by its length alone, so that a reader need not load it.
    ///
    /// # Errors
    /// [`DecodeError::Empty`] or [`DecodeError::TooLarge`].
    pub fn check_file_bytes(&self, bytes: u64) -> Result<(), DecodeError> {
        match bytes {
            0 => Err(DecodeError::Empty),
            _ if bytes > self.max_file_bytes => Err(DecodeError::TooLarge { bytes, limit: self.max_file_bytes }),
            _ => Ok(()),
        }
    }

    fn check_size(&self, size: Size) -> Result<(), DecodeError> {
        if size.pixels() == 0 {
            return Err(DecodeError::Damaged { reason: format!("its size is given as {size}") });
        }
        if size.pixels() > self.max_pixels {
            return Err(DecodeError::TooManyPixels { size, limit: self.max_pixels });
        }
        Ok(())
    }

    fn check_sample_bytes(&self, bytes: u64) -> Result<(), DecodeError> {
        if bytes > self.max_sample_bytes { Err(DecodeError::TooMuchMemory) } else { Ok(()) }
    }

    fn for_codec(&self) -> image::Limits {
        let mut limits = image::Limits::default();
        limits.max_alloc = Some(self.max_sample_bytes);
        limits
    }
}

/// Decodes one picture file; of an animation, the first frame.
///
/// EXIF orientation is applied; 16-bit and float samples are rounded to 8; grey, palette, CMYK and YCCK become RGB;
/// transparency is composited over white.
///
/// # Errors
/// A [`DecodeError`] with a stable code for every input that is not a readable picture within the limits. Never panics.
pub fn decode_picture(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    limits.check_file_bytes(bytes.len() as u64)?;
    if jpeg2000::is_jpeg2000(bytes) {
        return jpeg2000::decode_jpeg2000(bytes, limits);
    }
    let format = picture_format(bytes)?;
    if format == ImageFormat::Jpeg {
        return jpeg::decode_jpeg(bytes, limits);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.for_codec());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let size = Size::new(width, height);
    limits.check_size(size)?;
    limits.check_sample_bytes(decoder.total_bytes())?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let colour = decoder.color_type();
    let length = usize::try_from(decoder.total_bytes()).map_err(|_| DecodeError::TooMuchMemory)?;
    let mut buffer = vec![0; length];
    decoder.read_image(&mut buffer)?;
    upright(size, samples::to_rgb8(buffer, colour)?, orientation)
}

/// The format by its first bytes, among those that are read here.
fn picture_format(bytes: &[u8]) -> Result<ImageFormat, DecodeError> {
    let format = image::guess_format(bytes).map_err(|_| DecodeError::UnknownFormat)?;
    match format {
        ImageFormat::Png
        | ImageFormat::Jpeg
        | ImageFormat::Gif
        | ImageFormat::WebP
        | ImageFormat::Bmp
        | ImageFormat::Tiff
        | ImageFormat::Pnm => Ok(format),
        _ => Err(DecodeError::UnknownFormat),
    }
}

/// Turns RGB8 samples upright.
fn upright(size: Size, rgb: Vec<u8>, orientation: Orientation) -> Result<Frame, DecodeError> {
    let not_the_size = || DecodeError::Damaged { reason: "its samples do not fill its size".to_owned() };
    if orientation == Orientation::NoTransforms {
        return Frame::new(size, rgb).map_err(|_| not_the_size());
    }
    let picture = image::RgbImage::from_raw(size.width, size.height, rgb).ok_or_else(not_the_size)?;
    let mut picture = image::DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation);
    let turned = Size::new(picture.width(), picture.height());
    Frame::new(turned, picture.into_rgb8().into_raw()).map_err(|_| not_the_size())
}

#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod tests;
