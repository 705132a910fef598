//! What nokhwa does not tell about V4L2 devices: which nodes can stream, every format offered, who is behind them. Sets nothing while
//! listing, so a camera in use is not disturbed.

use super::exposure::{Bounds, Controls, Exposure};
use super::identity;
use crate::ports::camera::{CameraFormat, PixelFormat};
use std::collections::BTreeMap;
use std::path::Path;
use v4l::capability::Flags;
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::video::Capture as _;
use v4l::{Device, Format, FourCC, control};

/// Sizes tried where a driver offers a range, so that the usual ones are found.
const USUAL_SIZES: &[(u32, u32)] = &[(1920, 1080), (1280, 960), (1280, 720), (1024, 768), (800, 600), (640, 480), (640, 360), (320, 240)];
/// Rates tried where a driver offers a range.
const USUAL_RATES: &[u32] = &[60, 50, 30, 25, 20, 15, 10, 5];

/// A node that can stream.
pub(super) struct Node {
    pub(super) index: u32,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) virtual_device: bool,
    pub(super) formats: Vec<CameraFormat>,
    /// Codes of formats offered that are not in `formats`.
    pub(super) unreadable: Vec<String>,
}

/// Every node that can stream, in the system's order. Nodes that cannot be opened are listed without formats.
pub(super) fn nodes() -> Vec<Node> {
    let (by_id, by_path) = (links(Path::new("/dev/v4l/by-id")), links(Path::new("/dev/v4l/by-path")));
    let mut indices: Vec<u32> = std::fs::read_dir("/dev")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("video")?.parse().ok())
        .collect();
    indices.sort_unstable();
    let node = |index| {
        let link = |links: &BTreeMap<u32, String>| links.get(&index).cloned();
        node(index, link(&by_id), link(&by_path))
    };
    indices.into_iter().filter_map(node).collect()
}

fn node(index: u32, by_id: Option<String>, by_path: Option<String>) -> Option<Node> {
    let system = format!("/sys/class/video4linux/video{index}");
    let read = |file: &str| std::fs::read_to_string(format!("{system}/{file}")).map(|t| t.trim().to_owned()).ok();
    let sys_name = read("name").unwrap_or_else(|| format!("video{index}"));
    let Ok(device) = Device::new(index as usize) else {
        // Another node of the same camera (metadata) counts from 1; without opening there is no better sign.
        let first = read("index").is_none_or(|i| i == "0");
        let id = identity::identity(by_id.as_deref(), by_path.as_deref(), &sys_name, &format!("video{index}"));
        let virtual_device = identity::is_virtual(&sys_name, "", "");
        return first.then_some(Node { index, id, name: sys_name, virtual_device, formats: vec![], unreadable: vec![] });
    };
    let caps = device.query_caps().ok()?;
    if !caps.capabilities.contains(Flags::VIDEO_CAPTURE | Flags::STREAMING) {
        return None;
    }
    let (formats, unreadable) = offered(&device);
    Some(Node {
        index,
        id: identity::identity(by_id.as_deref(), by_path.as_deref(), &caps.card, &caps.bus),
        virtual_device: identity::is_virtual(&caps.card, &caps.driver, &caps.bus),
        name: caps.card,
        formats: super::format_choice::best_first(formats),
        unreadable,
    })
}

/// Sets size, layout and rate. nokhwa refuses to open a device whose *current* setting it does not know, so it is set beforehand.
pub(super) fn prepare(index: u32, format: &CameraFormat) -> std::io::Result<()> {
    let device = Device::new(index as usize)?;
    device.set_format(&Format::new(format.width, format.height, FourCC::new(code(format.pixels))))?;
    // Drivers without adjustable rate answer an error: then the rate is what it is.
    let _ = device.set_params(&v4l::video::capture::Parameters::with_fps(format.rate as u32));
    Ok(())
}

/// Commands to a camera that streams, over a handle of their own; without one it takes none.
pub(super) struct Commands(Option<(Device, Exposure)>);

impl Commands {
    pub(super) fn of(index: u32) -> Self {
        let device = Device::new(index as usize).ok();
        let offered = device.and_then(|device| {
            let listed = device.query_controls().ok()?;
            let fixed = control::Flags::DISABLED | control::Flags::READ_ONLY;
            let bounds = listed.into_iter().map(|c| Bounds {
                id: c.id,
                least: c.minimum,
                most: c.maximum,
                step: i64::try_from(c.step).unwrap_or(0),
                writable: !c.flags.intersects(fixed),
            });
            let exposure = Exposure::offered(&bounds.collect::<Vec<_>>())?;
            Some((device, exposure))
        });
        Self(offered)
    }

    pub(super) const fn takes_exposure(&self) -> bool {
        self.0.is_some()
    }

    /// The driver's words where it refuses.
    pub(super) fn expose(&mut self, stops: Option<f32>) -> Result<(), String> {
        let Some((device, exposure)) = &mut self.0 else { return Ok(()) };
        exposure.command(device, stops).map_err(|error| error.to_string())
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        // Whoever uses the camera next finds it as it was; one that is gone needs nothing.
        let _ = self.expose(None);
    }
}

impl Controls for Device {
    fn read(&self, id: u32) -> std::io::Result<i64> {
        match self.control(id)?.value {
            control::Value::Integer(value) => Ok(value),
            _ => Err(std::io::Error::other("the control is no number")),
        }
    }

    fn write(&self, id: u32, value: i64) -> std::io::Result<()> {
        self.set_control(control::Control { id, value: control::Value::Integer(value) })
    }
}

fn offered(device: &Device) -> (Vec<CameraFormat>, Vec<String>) {
    let (mut formats, mut unreadable) = (Vec::new(), Vec::new());
    for description in device.enum_formats().unwrap_or_default() {
        let Some(pixels) = layout(description.fourcc) else {
            unreadable.push(description.fourcc.str().unwrap_or("????").trim().to_owned());
            continue;
        };
        for (width, height) in sizes(device, description.fourcc) {
            let rates = rates(device, description.fourcc, width, height);
            formats.extend(rates.into_iter().map(|rate| CameraFormat { pixels, width, height, rate: rate as f32 }));
        }
    }
    (formats, unreadable)
}

fn sizes(device: &Device, fourcc: FourCC) -> Vec<(u32, u32)> {
    let mut sizes = Vec::new();
    for entry in device.enum_framesizes(fourcc).unwrap_or_default() {
        match entry.size {
            FrameSizeEnum::Discrete(size) => sizes.push((size.width, size.height)),
            FrameSizeEnum::Stepwise(range) => {
                let fits =
                    |value: u32, min: u32, max: u32, step: u32| (min..=max).contains(&value) && (value - min).is_multiple_of(step.max(1));
                sizes.extend(USUAL_SIZES.iter().filter(|(w, h)| {
                    fits(*w, range.min_width, range.max_width, range.step_width)
                        && fits(*h, range.min_height, range.max_height, range.step_height)
                }));
            }
        }
    }
    sizes
}

/// Whole frames a second; nokhwa cannot set others (29.97).
fn rates(device: &Device, fourcc: FourCC, width: u32, height: u32) -> Vec<u32> {
    let Ok(intervals) = device.enum_frameintervals(fourcc, width, height) else {
        // A driver that lists no rates still delivers at some rate; the usual one is asked for.
        return vec![30];
    };
    let mut rates = Vec::new();
    for entry in intervals {
        match entry.interval {
            FrameIntervalEnum::Discrete(f) if f.numerator > 0 && f.denominator.is_multiple_of(f.numerator) => {
                rates.push(f.denominator / f.numerator);
            }
            FrameIntervalEnum::Discrete(_) => {}
            FrameIntervalEnum::Stepwise(range) => {
                let seconds = |f: &v4l::Fraction| f64::from(f.numerator) / f64::from(f.denominator.max(1));
                let (shortest, longest) = (seconds(&range.min), seconds(&range.max));
                rates.extend(USUAL_RATES.iter().filter(|r| (shortest..=longest).contains(&(1.0 / f64::from(**r)))));
            }
        }
    }
    rates.retain(|r| *r > 0);
    rates
}

fn layout(fourcc: FourCC) -> Option<PixelFormat> {
    match &fourcc.repr {
        b"MJPG" | b"JPEG" => Some(PixelFormat::Mjpeg),
        b"YUYV" => Some(PixelFormat::Yuyv),
        b"NV12" => Some(PixelFormat::Nv12),
        b"RGB3" => Some(PixelFormat::Rgb),
        b"BGR3" => Some(PixelFormat::Bgr),
        b"GREY" => Some(PixelFormat::Grey),
        _ => None,
    }
}

const fn code(pixels: PixelFormat) -> &'static [u8; 4] {
    match pixels {
        PixelFormat::Mjpeg => b"MJPG",
        PixelFormat::Yuyv => b"YUYV",
        PixelFormat::Nv12 => b"NV12",
        PixelFormat::Rgb => b"RGB3",
        PixelFormat::Bgr => b"BGR3",
        PixelFormat::Grey => b"GREY",
    }
}

/// Node number to link name. Of several links to one node the first by name counts.
fn links(folder: &Path) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let target = std::fs::read_link(entry.path()).ok();
        let number =
            target.as_deref().and_then(Path::file_name).and_then(|f| f.to_str()).and_then(|f| f.strip_prefix("video")?.parse().ok());
        if let (Some(number), Some(name)) = (number, entry.file_name().to_str()) {
            let kept: &mut String = found.entry(number).or_insert_with(|| name.to_owned());
            if name < kept.as_str() {
                *kept = name.to_owned();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_the_nodes_they_lead_to() {
        let dir = tempfile::tempdir().unwrap();
        let link = |name: &str, target: &str| std::os::unix::fs::symlink(target, dir.path().join(name)).unwrap();
        link("usb-b-video-index0", "../../video2");
        link("usb-a-video-index0", "../../video2");
        link("usb-c-video-index1", "../../video3");
        link("stray", "../../media0");
        let found = links(dir.path());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [(2, "usb-a-video-index0".to_owned()), (3, "usb-c-video-index1".to_owned())]);
        assert!(links(Path::new("/nowhere")).is_empty());
    }

    #[test]
    fn codes_and_layouts_are_inverse() {
        for pixels in [PixelFormat::Mjpeg, PixelFormat::Yuyv, PixelFormat::Nv12, PixelFormat::Rgb, PixelFormat::Bgr, PixelFormat::Grey] {
            assert_eq!(layout(FourCC::new(code(pixels))), Some(pixels));
        }
        assert_eq!(layout(FourCC::new(b"H264")), None);
    }
}
