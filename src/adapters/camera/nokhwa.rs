//! Physical webcams through nokhwa.
//!
//! Opening, streaming and closing happen on the camera's thread; [`WebcamSource::next_frame`] may wait in the driver for ever (the runtime
//! wakes it), and dropping a source may panic inside the V4L2 binding when a stream cannot be stopped (the runtime survives that).

mod errors;
#[cfg(target_os = "linux")]
mod exposure;
mod format_choice;
mod identity;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

use self::errors::{Doing, classify};
use crate::geometry::Size;
use crate::imaging::{Frame, pixels};
use crate::ports::camera::{CameraDescription, CameraError, CameraFormat, FormatWish, FrameSource, Origin, PixelFormat};
use ::nokhwa::Camera;
use ::nokhwa::utils::{CameraFormat as NokhwaFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution};

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use other as platform;

/// Cameras of this machine, physical ones first, each with its formats, best first. A camera that another program holds is listed.
#[must_use]
pub fn list() -> Vec<CameraDescription> {
    let describe = |node: platform::Node| CameraDescription {
        id: node.id,
        name: node.name,
        virtual_device: node.virtual_device,
        formats: node.formats,
    };
    let mut cameras: Vec<_> = platform::nodes().into_iter().map(describe).collect();
    cameras.sort_by_key(|camera| camera.virtual_device);
    cameras
}

/// A webcam, streaming.
pub struct WebcamSource {
    camera: Camera,
    id: String,
    format: CameraFormat,
    origin: Origin,
    commands: platform::Commands,
}

impl WebcamSource {
    /// Opens the camera with that identity (or that name, or node such as `/dev/video2`); without one the first physical camera, or a
    /// virtual one where there is no other. Starts its stream in the best format that can be read.
    ///
    /// # Errors
    /// [`CameraError::NotFound`], `Busy`, `Denied`, `UnsupportedFormat` (among others: 8-bit grey on Linux, which nokhwa cannot ask for) or
    /// `Driver`.
    pub fn open(id: Option<&str>) -> Result<Self, CameraError> {
        Self::open_in(id, &FormatWish::default())
    }

    /// As [`Self::open`], in the best of the formats that fit `wish`.
    ///
    /// # Errors
    /// As [`Self::open`]; `FormatNotOffered` where the camera offers formats and none of them fits.
    pub fn open_in(id: Option<&str>, wish: &FormatWish) -> Result<Self, CameraError> {
        let mut nodes = platform::nodes();
        nodes.sort_by_key(|node| node.virtual_device);
        let answers = |node: &platform::Node, id: &str| {
            node.id == id || node.name == id || id.strip_prefix("/dev/video").unwrap_or(id) == node.index.to_string()
        };
        let chosen = nodes.into_iter().find(|node| id.is_none_or(|id| answers(node, id)));
        let mut node = chosen.ok_or_else(|| CameraError::NotFound { id: id.unwrap_or("webcam").to_owned() })?;
        let offered = node.formats.len();
        node.formats.retain(|format| wish.fits(format));
        if offered > 0 && node.formats.is_empty() {
            return Err(CameraError::FormatNotOffered { id: node.id, wanted: wish.to_string() });
        }
        let id = node.id.clone();
        let refused = |e: &::nokhwa::NokhwaError| classify(Doing::Opening, &id, &e.to_string());

        let mut camera = Self::open_camera(&node, wish)?;
        // What is in force can differ from what was asked for.
        let in_force = camera.refresh_camera_format().map_err(|e| refused(&e))?;
        let format = format_from(in_force);
        if format.pixels == PixelFormat::Grey && !format_choice::GREY {
            return Err(CameraError::UnsupportedFormat { id, offered: "GREY".to_owned() });
        }
        camera.open_stream().map_err(|e| classify(Doing::Streaming, &node.id, &e.to_string()))?;
        let origin = if node.virtual_device { Origin::Practice } else { Origin::Camera };
        tracing::info!(camera = %node.id, ?format, ?origin, "webcam opened");
        let commands = platform::Commands::of(node.index);
        Ok(Self { camera, id: node.id, format, origin, commands })
    }

    /// The formats of `node` fit the wish already.
    #[cfg(target_os = "linux")]
    fn open_camera(node: &platform::Node, _: &FormatWish) -> Result<Camera, CameraError> {
        let refused = |words: &dyn std::fmt::Display| classify(Doing::Opening, &node.id, &words.to_string());
        if node.formats.is_empty() && node.unreadable.is_empty() {
            // It could not be opened for listing: opening it again yields the reason.
            platform::prepare(node.index, &NOTHING_KNOWN).map_err(|e| refused(&e))?;
        }
        let chosen = format_choice::choose(&node.formats).ok_or_else(|| {
            let grey = node.formats.iter().any(|f| f.pixels == PixelFormat::Grey).then(|| "GREY".to_owned());
            let offered: Vec<String> = node.unreadable.iter().cloned().chain(grey).collect();
            CameraError::UnsupportedFormat { id: node.id.clone(), offered: offered.join(", ") }
        })?;
        platform::prepare(node.index, &chosen).map_err(|e| refused(&e))?;
        let exact = NokhwaFormat::new(Resolution::new(chosen.width, chosen.height), to_nokhwa(chosen.pixels), chosen.rate as u32);
        let request = RequestedFormat::with_formats(RequestedFormatType::Exact(exact), READABLE);
        Camera::new(CameraIndex::Index(node.index), request).map_err(|e| refused(&e))
    }

    #[cfg(not(target_os = "linux"))]
    fn open_camera(node: &platform::Node, wish: &FormatWish) -> Result<Camera, CameraError> {
        let refused = |e: &::nokhwa::NokhwaError| classify(Doing::Opening, &node.id, &e.to_string());
        // The list can be read from an open camera only, so it is opened in some format first.
        let any = RequestedFormat::with_formats(RequestedFormatType::AbsoluteHighestFrameRate, READABLE);
        let mut camera = Camera::new(CameraIndex::Index(node.index), any).map_err(|e| refused(&e))?;
        let offered = camera.compatible_camera_formats().map_err(|e| refused(&e))?;
        let formats: Vec<CameraFormat> = offered.into_iter().map(format_from).filter(|format| wish.fits(format)).collect();
        if formats.is_empty() && !wish.is_open() {
            return Err(CameraError::FormatNotOffered { id: node.id.clone(), wanted: wish.to_string() });
        }
        if let Some(chosen) = format_choice::choose(&formats) {
            let exact = NokhwaFormat::new(Resolution::new(chosen.width, chosen.height), to_nokhwa(chosen.pixels), chosen.rate as u32);
            let request = RequestedFormat::with_formats(RequestedFormatType::Exact(exact), READABLE);
            camera.set_camera_requset(request).map_err(|e| refused(&e))?;
        }
        Ok(camera)
    }
}

/// Asked for only to learn why a device cannot be opened.
#[cfg(target_os = "linux")]
const NOTHING_KNOWN: CameraFormat = CameraFormat { pixels: PixelFormat::Yuyv, width: 640, height: 480, rate: 30.0 };

/// Layouts that can be asked for and decoded here.
const READABLE: &[FrameFormat] = &[
    FrameFormat::MJPEG,
    FrameFormat::YUYV,
    FrameFormat::NV12,
    FrameFormat::RAWRGB,
    FrameFormat::RAWBGR,
    #[cfg(not(target_os = "linux"))]
    FrameFormat::GRAY,
];

impl FrameSource for WebcamSource {
    fn format(&self) -> CameraFormat {
        self.format
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn takes_exposure(&self) -> bool {
        self.commands.takes_exposure()
    }

    fn expose(&mut self, stops: Option<f32>) -> Result<(), CameraError> {
        self.commands.expose(stops).map_err(|reason| CameraError::Driver { reason })
    }

    fn next_frame(&mut self) -> Result<Frame, CameraError> {
        let buffer = self.camera.frame().map_err(|e| classify(Doing::Streaming, &self.id, &e.to_string()))?;
        let layout = format_from(NokhwaFormat::new(buffer.resolution(), buffer.source_frame_format(), 0));
        decode(layout, buffer.buffer())
    }
}

impl std::fmt::Debug for WebcamSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebcamSource({}, {:?})", self.id, self.format)
    }
}

/// A driver's buffer as a picture. The buffer can be longer than its picture: it is the whole mapped area.
fn decode(format: CameraFormat, buffer: &[u8]) -> Result<Frame, CameraError> {
    let size = Size::new(format.width, format.height);
    let frame = match format.pixels {
        PixelFormat::Mjpeg => pixels::mjpeg(buffer),
        PixelFormat::Yuyv => pixels::yuyv(size, buffer),
        PixelFormat::Nv12 => pixels::nv12(size, buffer),
        PixelFormat::Rgb if cfg!(target_os = "windows") => pixels::bgr(size, buffer), // Media Foundation's RGB24 is stored blue first.
        PixelFormat::Rgb => pixels::rgb(size, buffer),
        PixelFormat::Bgr => pixels::bgr(size, buffer),
        PixelFormat::Grey => pixels::grey(size, buffer),
    };
    frame.map_err(|e| CameraError::BadFrame { reason: e.to_string() })
}

fn format_from(format: NokhwaFormat) -> CameraFormat {
    let pixels = match format.format() {
        FrameFormat::MJPEG => PixelFormat::Mjpeg,
        FrameFormat::YUYV => PixelFormat::Yuyv,
        FrameFormat::NV12 => PixelFormat::Nv12,
        FrameFormat::RAWRGB => PixelFormat::Rgb,
        FrameFormat::RAWBGR => PixelFormat::Bgr,
        FrameFormat::GRAY => PixelFormat::Grey,
    };
    CameraFormat { pixels, width: format.width(), height: format.height(), rate: format.frame_rate() as f32 }
}

const fn to_nokhwa(pixels: PixelFormat) -> FrameFormat {
    match pixels {
        PixelFormat::Mjpeg => FrameFormat::MJPEG,
        PixelFormat::Yuyv => FrameFormat::YUYV,
        PixelFormat::Nv12 => FrameFormat::NV12,
        PixelFormat::Rgb => FrameFormat::RAWRGB,
        PixelFormat::Bgr => FrameFormat::RAWBGR,
        PixelFormat::Grey => FrameFormat::GRAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::Advised as _;

    #[test]
    fn a_camera_that_is_not_there_is_said_so() {
        let error = WebcamSource::open(Some("no-such-camera")).expect_err("it is not there");
        assert_eq!((error.advice().code, error.to_string().as_str()), ("CAM-01", "no camera answers to no-such-camera"));
    }

    #[test]
    fn buffers_longer_than_the_picture_are_read_and_shorter_ones_refused() {
        let format = |pixels| CameraFormat { pixels, width: 4, height: 2, rate: 30.0 };
        for (pixels, bytes) in
            [(PixelFormat::Yuyv, 16), (PixelFormat::Nv12, 12), (PixelFormat::Rgb, 24), (PixelFormat::Bgr, 24), (PixelFormat::Grey, 8)]
        {
            let buffer = vec![128; bytes + 100];
            assert_eq!(decode(format(pixels), &buffer).map(|f| f.size()), Ok(Size::new(4, 2)), "{pixels:?}");
            let short = decode(format(pixels), &buffer[..bytes - 1]).expect_err("too short");
            assert_eq!(short.advice().code, "CAM-07", "{pixels:?}");
        }
        assert!(matches!(decode(format(PixelFormat::Mjpeg), &[0; 64]), Err(CameraError::BadFrame { .. })));
    }

    #[test]
    fn layouts_survive_the_way_there_and_back() {
        for layout in READABLE {
            let there = format_from(NokhwaFormat::new(Resolution::new(2, 2), *layout, 30));
            assert_eq!(to_nokhwa(there.pixels), *layout);
        }
    }
}
