//! Drives the real webcam path inside a test machine: lists, streams under supervision, feeds a loopback device, unplugs `vivid`.
//!
//! Every line on standard output is one fact for `tests/camera/run.sh` to look for. Linux only.

#[cfg(target_os = "linux")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["list"] => linux::list(),
        ["watch", id, seconds, layout] => linux::watch(id, seconds.parse().expect("seconds"), layout),
        ["feed", node, layout, seconds] => linux::feed(node, layout, seconds.parse().expect("seconds")),
        ["unplug", node] => linux::unplug(node),
        _ => panic!("probe list | watch ID SECONDS LAYOUT | feed NODE yuyv|mjpeg|grey SECONDS | unplug NODE"),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
#[allow(clippy::print_stdout, reason = "the output is what the probe is for")]
mod linux {
    use std::io::Write as _;
    use std::sync::Arc;
    use std::time::Duration;
    use v4l::video::Output as _;
    use visavis::adapters::camera::nokhwa::{WebcamSource, list as cameras};
    use visavis::geometry::Size;
    use visavis::imaging::{Frame, encode};
    use visavis::ports::camera::{FormatWish, FrameSource, PixelFormat};
    use visavis::runtime::camera::{CameraWorker, FrameSlots, SourceFactory};
    use visavis::runtime::clock::{Clock as _, SystemClock};
    use visavis::runtime::mailbox::Mailbox;
    use visavis::runtime::messages::CameraHealth;
    use visavis::workflow::device_health::HealthDelays;

    pub fn list() {
        let found = cameras();
        println!("LIST {}", found.len());
        for camera in found {
            println!("CAMERA id={} name={:?} virtual={} formats={}", camera.id, camera.name, camera.virtual_device, camera.formats.len());
            camera.formats.iter().take(3).for_each(|f| println!("FORMAT {:?} {}x{} at {}", f.pixels, f.width, f.height, f.rate));
        }
    }

    /// Streams as the application does, for some seconds, and says every change of health, the mean colour now and then, and the sum.
    pub fn watch(id: &str, seconds: u64, layout: &str) {
        let layout = match layout {
            "mjpeg" => Some(PixelFormat::Mjpeg),
            "yuyv" => Some(PixelFormat::Yuyv),
            "nv12" => Some(PixelFormat::Nv12),
            "rgb" => Some(PixelFormat::Rgb),
            "bgr" => Some(PixelFormat::Bgr),
            _ => None,
        };
        let id = (id != "-").then(|| id.to_owned());
        let wish = FormatWish { pixels: layout, ..FormatWish::default() };
        let factory: SourceFactory = Arc::new(move || Ok(Box::new(WebcamSource::open_in(id.as_deref(), &wish)?) as Box<dyn FrameSource>));
        let clock = Arc::new(SystemClock::start());
        let slots = FrameSlots { preview: Mailbox::default(), analysis: Mailbox::default() };
        let mut worker = CameraWorker::new(factory, HealthDelays::default(), clock.clone(), slots.clone(), Arc::new(|| ()));
        worker.want(true);
        let (mut said, mut frames) = (String::new(), 0_u64);
        while clock.now().0 < Duration::from_secs(seconds) {
            worker.poll();
            let health = match worker.health() {
                CameraHealth::Off => "off".to_owned(),
                CameraHealth::Opening { .. } => "opening".to_owned(),
                CameraHealth::Streaming { format, .. } => {
                    format!("streaming {:?} {}x{} at {}", format.pixels, format.width, format.height, format.rate)
                }
                CameraHealth::Recovering { what, code } => format!("recovering {code} {what}"),
            };
            if health != said {
                println!("HEALTH {:.1} {health}", clock.now().0.as_secs_f32());
                said = health;
            }
            if let Some(frame) = slots.analysis.take() {
                frames += 1;
                if frames % 20 == 1 {
                    println!("FRAME {} {} mean {:?}", frame.number, frame.frame.size(), mean(&frame.frame));
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let began = clock.now();
        let ended = worker.shut_down(Duration::from_secs(5));
        println!("END frames={frames} origin={:?} ended={ended} in {} ms", worker.origin(), clock.now().since(began).as_millis());
    }

    fn mean(frame: &Frame) -> [u64; 3] {
        let pixels = frame.bytes().len() as u64 / 3;
        [0, 1, 2].map(|c| frame.bytes().iter().skip(c).step_by(3).map(|v| u64::from(*v)).sum::<u64>() / pixels)
    }

    /// Plays one orange picture into a v4l2loopback device, 15 times a second.
    pub fn feed(node: &str, layout: &str, seconds: u64) {
        let size = Size::new(640, 480);
        let (code, picture): (&[u8; 4], Vec<u8>) = match layout {
            "mjpeg" => (b"MJPG", encode::jpeg(&Frame::filled(size, [230, 120, 30]), 90).expect("it is small")),
            "grey" => (b"GREY", vec![128; 640 * 480]),
            _ => (b"YUYV", [139, 68, 139, 185].repeat(640 * 480 / 2)),
        };
        let mut device = v4l::Device::with_path(node).expect("the loopback device opens");
        device.set_format(&v4l::Format::new(size.width, size.height, v4l::FourCC::new(code))).expect("it takes the format");
        for _ in 0..seconds * 15 {
            device.write_all(&picture).expect("it takes the picture");
            std::thread::sleep(Duration::from_millis(66));
        }
        println!("FED");
    }

    /// Has `vivid` act as if its plug were pulled.
    pub fn unplug(node: &str) {
        let device = v4l::Device::with_path(node).expect("the device opens");
        let controls = device.query_controls().expect("it lists controls");
        let plug = controls.iter().find(|c| c.name == "Disconnect").expect("vivid has this control");
        device.set_control(v4l::Control { id: plug.id, value: v4l::control::Value::Integer(1) }).expect("it can be pulled");
        println!("UNPLUGGED");
    }
}
