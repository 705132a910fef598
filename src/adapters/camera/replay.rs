//! Pictures, folders, animations and simple video files played as a camera. Always practice: nothing played is ever trusted.
//!
//! | given | played as |
//! | --- | --- |
//! | a picture | the same frame again and again |
//! | a folder | its pictures by name |
//! | animated GIF, PNG, WebP | its frames with their own delays |
//! | `.y4m` | raw video at its own rate: 4:2:0, 4:2:2, 4:4:4 or luma only, 8 bits |
//! | `.mjpeg`, `.mjpg` | JPEG pictures one behind the other |

mod animation;
mod mjpeg;
mod pictures;
mod y4m;

use super::STAND_IN_RATE;
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, is_animation};
use crate::ports::camera::{CameraError, CameraFormat, FrameSource, Origin, Pacer, PixelFormat};
use std::path::Path;
use std::time::Duration;

/// A frame and how long it stays; `None` leaves that to the rate.
type Shown = (Frame, Option<Duration>);

/// A recording that can be played from its beginning any number of times.
trait Reel {
    /// Frames a second, where the recording says.
    fn rate(&self) -> Option<f32>;
    /// The next frame; `None` at the end. The error says in words what is wrong.
    fn next(&mut self) -> Result<Option<Shown>, String>;
    /// Back to the beginning.
    fn rewind(&mut self) -> Result<(), String>;
}

/// A recording, playing.
pub struct ReplaySource {
    what: String,
    reel: Box<dyn Reel>,
    /// Read when opened, to learn the size.
    first: Option<Shown>,
    format: CameraFormat,
    rate_forced: bool,
    once: bool,
    pace: Pacer,
    stays: Duration,
}

impl ReplaySource {
    /// Opens a file or a folder and reads its first frame.
    ///
    /// - `rate`: frames a second; `None` leaves it to the recording, 30 where it states none.
    /// - `pace`: called before every frame with the time the previous one stays.
    ///
    /// # Errors
    /// [`CameraError::Unplayable`] when it is not there, holds no picture or its first frame cannot be read.
    pub fn open(path: &Path, once: bool, rate: Option<f32>, pace: Pacer) -> Result<Self, CameraError> {
        let what = format!("replay:{}", path.display());
        let unplayable = |reason| CameraError::Unplayable { what: what.clone(), reason };
        let mut reel = reel(path).map_err(unplayable)?;
        let first = reel.next().map_err(unplayable)?.ok_or_else(|| unplayable("it holds no picture".to_owned()))?;
        let shown_rate = rate.or(reel.rate()).or(first.1.map(|d| 1.0 / d.as_secs_f32())).unwrap_or(STAND_IN_RATE).clamp(0.1, 240.0);
        let format = CameraFormat { pixels: PixelFormat::Rgb, width: first.0.width(), height: first.0.height(), rate: shown_rate };
        let (rate_forced, stays) = (rate.is_some(), Duration::ZERO);
        Ok(Self { what, reel, first: Some(first), format, rate_forced, once, pace, stays })
    }

    fn next_shown(&mut self) -> Result<Shown, CameraError> {
        let unplayable = |what: &str, reason| CameraError::Unplayable { what: what.to_owned(), reason };
        if let Some(first) = self.first.take() {
            return Ok(first);
        }
        if let Some(shown) = self.reel.next().map_err(|e| unplayable(&self.what, e))? {
            return Ok(shown);
        }
        if self.once {
            return Err(CameraError::Ended);
        }
        self.reel.rewind().map_err(|e| unplayable(&self.what, e))?;
        let shown = self.reel.next().map_err(|e| unplayable(&self.what, e))?;
        shown.ok_or_else(|| unplayable(&self.what, "it no longer holds a picture".to_owned()))
    }
}

impl FrameSource for ReplaySource {
    fn format(&self) -> CameraFormat {
        self.format
    }

    fn origin(&self) -> Origin {
        Origin::Practice
    }

    fn next_frame(&mut self) -> Result<Frame, CameraError> {
        let (frame, stays) = self.next_shown()?;
        (self.pace)(self.stays);
        let by_rate = Duration::from_secs_f64(1.0 / f64::from(self.format.rate));
        self.stays = if self.rate_forced { by_rate } else { stays.unwrap_or(by_rate) };
        (self.format.width, self.format.height) = (frame.width(), frame.height());
        Ok(frame)
    }
}

impl std::fmt::Debug for ReplaySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReplaySource({}, {:?})", self.what, self.format)
    }
}

fn reel(path: &Path) -> Result<Box<dyn Reel>, String> {
    let metadata = std::fs::metadata(path).map_err(|e| words(&e))?;
    if metadata.is_dir() {
        return Ok(Box::new(pictures::Folder::open(path)?));
    }
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    match extension.as_str() {
        "y4m" => return Ok(Box::new(y4m::Y4m::open(path)?)),
        "mjpeg" | "mjpg" => return Ok(Box::new(mjpeg::MotionJpeg::open(path)?)),
        _ => {}
    }
    let limits = DecodeLimits::default();
    let bytes = read_picture(path, &limits)?;
    if is_animation(&bytes, &limits) {
        return Ok(Box::new(animation::Animated::new(bytes)));
    }
    Ok(Box::new(pictures::Still::new(&bytes)?))
}

/// A file's bytes, refused by length before they are read.
fn read_picture(path: &Path, limits: &DecodeLimits) -> Result<Vec<u8>, String> {
    let length = std::fs::metadata(path).map_err(|e| words(&e))?.len();
    limits.check_file_bytes(length).map_err(|e| words(&e))?;
    std::fs::read(path).map_err(|e| words(&e))
}

fn words(error: &dyn std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
