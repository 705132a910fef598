//! Animated GIF, PNG and WebP files, one frame at a time.

use super::{DecodeError, DecodeLimits, picture_format, samples};
use crate::geometry::Size;
use crate::imaging::Frame;
use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{AnimationDecoder, Frames, ImageDecoder, ImageFormat};
use std::io::Cursor;
use std::time::Duration;

/// Delays at or below this are not meant: viewers show such frames for [`UNMEANT_DELAY`].
const SHORTEST_MEANT_DELAY: Duration = Duration::from_millis(10);
/// What viewers make of a delay of nothing.
const UNMEANT_DELAY: Duration = Duration::from_millis(100);

/// A frame and how long it stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedFrame {
    /// The whole picture at that moment.
    pub frame: Frame,
    /// Time until the next one.
    pub delay: Duration,
}

/// The frames of an animation in order, decoded as they are asked for; ends after the first fault.
pub struct Animation<'a> {
    size: Size,
    frames: Option<Frames<'a>>,
}

impl Animation<'_> {
    /// Size of every frame.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }
}

impl Iterator for Animation<'_> {
    type Item = Result<TimedFrame, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.frames.as_mut()?.next();
        let result = next.map(|frame| {
            let frame = frame?;
            let delay = Duration::from(frame.delay());
            let delay = if delay <= SHORTEST_MEANT_DELAY { UNMEANT_DELAY } else { delay };
            let buffer = frame.into_buffer();
            let size = Size::new(buffer.width(), buffer.height());
            let frame =
                Frame::new(size, samples::rgba_over_white(buffer.as_raw())).map_err(|e| DecodeError::Damaged { reason: e.to_string() })?;
            Ok(TimedFrame { frame, delay })
        });
        if !matches!(result, Some(Ok(_))) {
            self.frames = None;
        }
        result
    }
}

impl std::fmt::Debug for Animation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Animation({})", self.size)
    }
}

/// Opens an animated GIF, PNG or WebP; a still GIF is an animation of one frame.
///
/// Frames are decoded one by one, so memory stays at a few frames however long the animation is.
///
/// # Errors
/// As [`super::decode_picture`]; [`DecodeError::Unsupported`] for a picture that is not animated.
pub fn decode_animation<'a>(bytes: &'a [u8], limits: &DecodeLimits) -> Result<Animation<'a>, DecodeError> {
    limits.check_file_bytes(bytes.len() as u64)?;
    let codec_limits = limits.for_codec();
    let cursor = Cursor::new(bytes);
    let not_animated = || DecodeError::Unsupported { reason: "the picture is not animated".to_owned() };
    let (size, frames) = match picture_format(bytes)? {
        ImageFormat::Gif => {
            let mut decoder = GifDecoder::new(cursor)?;
            let size = checked_size(&decoder, limits)?;
            decoder.set_limits(codec_limits)?;
            (size, decoder.into_frames())
        }
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(cursor, codec_limits)?;
            let size = checked_size(&decoder, limits)?;
            if !decoder.is_apng()? {
                return Err(not_animated());
            }
            (size, decoder.apng()?.into_frames())
        }
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(cursor)?;
            let size = checked_size(&decoder, limits)?;
            if !decoder.has_animation() {
                return Err(not_animated());
            }
            (size, decoder.into_frames())
        }
        _ => return Err(not_animated()),
    };
    Ok(Animation { size, frames: Some(frames) })
}

/// Whether [`decode_animation`] would open these bytes; reads headers only.
#[must_use]
pub fn is_animation(bytes: &[u8], limits: &DecodeLimits) -> bool {
    decode_animation(bytes, limits).is_ok()
}

fn checked_size(decoder: &impl ImageDecoder, limits: &DecodeLimits) -> Result<Size, DecodeError> {
    let (width, height) = decoder.dimensions();
    let size = Size::new(width, height);
    limits.check_size(size)?;
    // Three RGBA pictures: the frame, the one before it and the canvas.
    limits.check_sample_bytes(size.pixels() * 12)?;
    Ok(size)
}
