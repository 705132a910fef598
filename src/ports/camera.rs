//! Where frames come from.

use crate::advice::{Advice, Advised};
use crate::imaging::Frame;
use crate::units::Moment;
use std::sync::Arc;
use std::time::Duration;

/// Where a picture came from; decides what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A physical camera.
    Camera,
    /// A picture given as a file; allowed only in flows that say so.
    File,
    /// A stand-in camera: practice mode, a separate gallery file, never trusted.
    Practice,
}

impl Origin {
    /// `camera`, `file` or `practice`, as in storage and JSON.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::File => "file",
            Self::Practice => "practice",
        }
    }

    /// Reads [`Self::text`].
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::Camera, Self::File, Self::Practice].into_iter().find(|origin| origin.text() == text)
    }
}

/// One frame as it left the camera, decoded.
#[derive(Debug, Clone)]
pub struct CapturedFrame {
    /// The picture.
    pub frame: Arc<Frame>,
    /// Counts up by one per frame delivered by the source; gaps are frames that were dropped.
    pub number: u64,
    /// When it was delivered.
    pub captured_at: Moment,
    /// Whether it may be trusted.
    pub origin: Origin,
}

/// How a camera stores one pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names are the format's own")]
pub enum PixelFormat {
    Mjpeg,
    Yuyv,
    Nv12,
    Rgb,
    Bgr,
    Grey,
}

/// One format a camera offers, or the one in force.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct CameraFormat {
    /// Pixel layout.
    pub pixels: PixelFormat,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Frames a second promised.
    pub rate: f32,
}

/// What a camera's format is to be; what is `None` is left to the program.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FormatWish {
    /// Pixel layout.
    pub pixels: Option<PixelFormat>,
    /// Columns.
    pub width: Option<u32>,
    /// Rows.
    pub height: Option<u32>,
    /// Frames a second.
    pub rate: Option<f32>,
}

impl FormatWish {
    /// Exactly this format.
    #[must_use]
    pub const fn exactly(format: &CameraFormat) -> Self {
        Self { pixels: Some(format.pixels), width: Some(format.width), height: Some(format.height), rate: Some(format.rate) }
    }

    /// Whether a format is what is wished for. Rates agree to half a frame a second: cameras state 29.97 as often as 30.
    #[must_use]
    pub fn fits(&self, format: &CameraFormat) -> bool {
        self.pixels.is_none_or(|pixels| pixels == format.pixels)
            && self.width.is_none_or(|width| width == format.width)
            && self.height.is_none_or(|height| height == format.height)
            && self.rate.is_none_or(|rate| (rate - format.rate).abs() <= 0.5)
    }

    /// Whether everything is left to the program.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// `1280x720 MJPEG 30/s`, with `any` for what is left open.
impl std::fmt::Display for FormatWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let any = || "any".to_owned();
        let side = |side: Option<u32>| side.map_or_else(any, |s| s.to_string());
        let pixels = self.pixels.map_or_else(any, |p| format!("{p:?}").to_uppercase());
        let rate = self.rate.map_or_else(any, |r| r.to_string());
        write!(f, "{}x{} {pixels} {rate}/s", side(self.width), side(self.height))
    }
}

/// A camera as listed.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CameraDescription {
    /// Identity that survives a restart and a replug into the same port, for `--camera webcam:<id>`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whether the device or driver is known to play recorded pictures.
    pub virtual_device: bool,
    /// Formats offered, best first; empty when they could not be read.
    pub formats: Vec<CameraFormat>,
}

/// Why there are no frames.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// No device answers to that identity, or there is none at all.
    #[error("no camera answers to {id}")]
    NotFound {
        /// Identity asked for.
        id: String,
    },
    /// Another program streams from it.
    #[error("another program is using the camera {id}")]
    Busy {
        /// Identity asked for.
        id: String,
    },
    /// The system does not let us open it.
    #[error("access to the camera {id} was refused")]
    Denied {
        /// Identity asked for.
        id: String,
    },
    /// It went away while streaming.
    #[error("the camera was unplugged")]
    Unplugged,
    /// It is there and delivers nothing.
    #[error("the camera has delivered no frame for {} s", .silent_for.as_secs())]
    Stalled {
        /// Time since the last frame.
        silent_for: Duration,
    },
    /// It delivers only formats that cannot be read here.
    #[error("the camera {id} offers no format that can be read: {offered}")]
    UnsupportedFormat {
        /// Identity asked for.
        id: String,
        /// What it offers.
        offered: String,
    },
    /// It does not offer the format that was chosen by hand.
    #[error("the camera {id} does not offer the format chosen: {wanted}")]
    FormatNotOffered {
        /// Identity asked for.
        id: String,
        /// What was chosen.
        wanted: String,
    },
    /// A frame's bytes are not what its format says.
    #[error("a frame could not be decoded: {reason}")]
    BadFrame {
        /// Why.
        reason: String,
    },
    /// A stand-in has played all it had.
    #[error("the recording has ended")]
    Ended,
    /// A stand-in's file or scenario cannot be read.
    #[error("{what} cannot be played: {reason}")]
    Unplayable {
        /// Path or scenario as given.
        what: String,
        /// Why.
        reason: String,
    },
    /// Anything else the driver said.
    #[error("the camera failed: {reason}")]
    Driver {
        /// The driver's words.
        reason: String,
    },
}

impl Advised for CameraError {
    fn advice(&self) -> Advice {
        match self {
            Self::NotFound { .. } => Advice::environment(
                "CAM-01",
                "Plug a camera in, or name one of several with --camera webcam:ID; `--camera synthetic` practises without one.",
            ),
            Self::Busy { .. } => Advice::environment("CAM-02", "Close the other program that shows the camera's picture."),
            Self::Denied { .. } => Advice::environment("CAM-03", "Allow this account to use the camera (on Linux: the group `video`)."),
            Self::Unplugged => Advice::environment("CAM-04", "Plug the camera back in; the preview resumes by itself."),
            Self::Stalled { .. } => {
                Advice::environment("CAM-05", "Wait for the automatic restart of the camera, or unplug it and plug it in again.")
            }
            Self::UnsupportedFormat { .. } => Advice::environment("CAM-06", "Choose another camera or format."),
            Self::FormatNotOffered { .. } => Advice::input(
                "CAM-13",
                "Choose a format that the devices page lists, or set camera.width, height, pixels and rate to auto.",
            ),
            Self::BadFrame { .. } => Advice::environment("CAM-07", "Check the cable; choose another format if it goes on."),
            Self::Ended => Advice::environment("CAM-08", "Start the recording again."),
            Self::Unplayable { .. } => {
                Advice::input("CAM-09", "Name a picture, a folder of pictures, an animation or a scenario that exists.")
            }
            Self::Driver { .. } => {
                Advice::environment("CAM-10", "Unplug the camera and plug it in again; restart the application if it goes on.")
            }
        }
    }
}

/// Holds a stand-in camera to its rate: every call blocks until one period after the previous call was due. Made by the runtime, which has
/// the clock; a call-back that returns at once plays a recording as fast as it can be read.
pub type Pacer = Box<dyn FnMut(Duration) + Send>;

/// A stream of frames, opened. It lives and dies on the camera thread that opened it.
pub trait FrameSource {
    /// The format in force, re-read after opening.
    fn format(&self) -> CameraFormat;

    /// Whether frames of this source may be trusted.
    fn origin(&self) -> Origin;

    /// Whether [`Self::expose`] does anything.
    fn takes_exposure(&self) -> bool {
        false
    }

    /// Commands the exposure: so many stops above or below what was in force before the first command; `None` gives the camera back to its
    /// own choice. Frames show it after a frame or two.
    ///
    /// # Errors
    /// [`CameraError::Driver`] where the camera refuses; the stream goes on.
    fn expose(&mut self, stops: Option<f32>) -> Result<(), CameraError> {
        let _ = stops;
        Ok(())
    }

    /// Blocks for the next frame; stand-ins pace themselves to their rate.
    ///
    /// # Errors
    /// [`CameraError`]; after `Unplugged`, `Ended` or `Driver` the source is done and must be dropped.
    fn next_frame(&mut self) -> Result<Frame, CameraError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_fits_what_it_names_and_leaves_the_rest() {
        let format = CameraFormat { pixels: PixelFormat::Mjpeg, width: 1280, height: 720, rate: 29.97 };
        let wish = FormatWish::exactly(&CameraFormat { rate: 30.0, ..format });
        assert!(FormatWish::default().fits(&format) && FormatWish::default().is_open());
        assert!(wish.fits(&format) && !wish.is_open());
        for other in [
            FormatWish { pixels: Some(PixelFormat::Yuyv), ..wish },
            FormatWish { width: Some(1920), ..wish },
            FormatWish { height: Some(1080), ..wish },
            FormatWish { rate: Some(25.0), ..wish },
            FormatWish { rate: Some(f32::NAN), ..wish },
        ] {
            assert!(!other.fits(&format), "{other}");
        }
        assert_eq!(FormatWish { rate: None, ..wish }.to_string(), "1280x720 MJPEG any/s");
    }
}
