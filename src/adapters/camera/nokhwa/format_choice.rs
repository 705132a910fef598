//! Which of a webcam's formats to use.

use crate::ports::camera::{CameraFormat, PixelFormat};

/// The picture aimed at: faces at arm's length are large enough for every gate, and two cores keep up.
const WANTED_PIXELS: f32 = 1280.0 * 720.0;
/// The rate aimed at, frames a second.
const WANTED_RATE: f32 = 30.0;
/// Sides below which a face at a kiosk's distance is too small for enrolment.
const SMALLEST: (u32, u32) = (640, 480);

/// Whether nokhwa can ask a camera of this system for 8-bit grey; it cannot through Video4Linux.
pub(super) const GREY: bool = !cfg!(target_os = "linux");

/// How far a format is from what is wanted; 0 is ideal. `None` when frames of it cannot be read here.
///
/// The weights were picked by hand: halving the rate costs as much as a fourfold or a quarter of the pixels. Uncompressed formats win only
/// where they reach the same rate, because over USB 2 they usually do not.
fn distance(format: &CameraFormat, grey: bool) -> Option<f32> {
    let by_layout = match format.pixels {
        PixelFormat::Yuyv | PixelFormat::Nv12 => 0.0,
        PixelFormat::Rgb | PixelFormat::Bgr => 0.01,
        PixelFormat::Mjpeg => 0.02,
        // A camera for infrared light, or without colour: before one that is far too slow or too small only.
        PixelFormat::Grey if grey => 1.0,
        PixelFormat::Grey => return None,
    };
    let pixels = format.width as f32 * format.height as f32;
    if pixels <= 0.0 || !format.rate.is_finite() || format.rate <= 0.0 {
        return None;
    }
    let by_size = (pixels / WANTED_PIXELS).log2().abs() * 0.5;
    let too_small = if format.width < SMALLEST.0 || format.height < SMALLEST.1 { 2.0 } else { 0.0 };
    let by_rate = (WANTED_RATE / format.rate).log2();
    // More frames than wanted are harmless; they only cost bandwidth.
    let by_rate = if by_rate > 0.0 { by_rate } else { -by_rate * 0.05 };
    Some(by_size + too_small + by_rate + by_layout)
}

/// Best first; formats that cannot be read here come last. Duplicates are removed.
pub(super) fn best_first(formats: Vec<CameraFormat>) -> Vec<CameraFormat> {
    ordered(formats, GREY)
}

fn ordered(mut formats: Vec<CameraFormat>, grey: bool) -> Vec<CameraFormat> {
    let key = |f: &CameraFormat| distance(f, grey).unwrap_or(f32::MAX);
    formats.sort_by(|a, b| key(a).total_cmp(&key(b)).then((a.pixels, a.width, a.height).cmp(&(b.pixels, b.width, b.height))));
    formats.dedup();
    formats
}

/// The best one that can be read here.
pub(super) fn choose(formats: &[CameraFormat]) -> Option<CameraFormat> {
    chosen(formats, GREY)
}

fn chosen(formats: &[CameraFormat], grey: bool) -> Option<CameraFormat> {
    ordered(formats.to_vec(), grey).into_iter().find(|f| distance(f, grey).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use PixelFormat::{Grey, Mjpeg, Nv12, Yuyv};

    const fn format(pixels: PixelFormat, width: u32, height: u32, rate: f32) -> CameraFormat {
        CameraFormat { pixels, width, height, rate }
    }

    #[test]
    fn the_wanted_picture_at_the_wanted_rate_is_chosen() {
        let usb2 = vec![
            format(Yuyv, 1920, 1080, 5.0),
            format(Yuyv, 1280, 720, 10.0),
            format(Yuyv, 640, 480, 30.0),
            format(Mjpeg, 1920, 1080, 30.0),
            format(Mjpeg, 1280, 720, 30.0),
            format(Mjpeg, 1280, 720, 15.0),
            format(Mjpeg, 320, 240, 60.0),
        ];
        let usb3 = vec![format(Mjpeg, 1280, 720, 30.0), format(Nv12, 1280, 720, 30.0), format(Nv12, 3840, 2160, 30.0)];
        let colour_bars =
            vec![format(Yuyv, 320, 180, 1.0), format(Yuyv, 3840, 2160, 2.0), format(Yuyv, 640, 480, 25.0), format(Yuyv, 320, 180, 60.0)];
        let infrared_too = vec![format(Grey, 1280, 720, 30.0), format(Yuyv, 640, 360, 15.0)];
        let cases = [
            (usb2, format(Mjpeg, 1280, 720, 30.0)),
            (usb3, format(Nv12, 1280, 720, 30.0)),
            (colour_bars, format(Yuyv, 640, 480, 25.0)),
            (infrared_too, format(Yuyv, 640, 360, 15.0)),
        ];
        for (offered, expected) in cases {
            assert_eq!(chosen(&offered, false), Some(expected));
            let backwards: Vec<_> = offered.into_iter().rev().collect();
            assert_eq!(chosen(&backwards, false), Some(expected), "the order offered does not matter");
        }
        assert_eq!(choose(&[]), None);
        assert_eq!(choose(&[format(Yuyv, 0, 0, 30.0), format(Yuyv, 640, 480, 0.0), format(Yuyv, 640, 480, f32::NAN)]), None);
    }

    #[test]
    fn grey_is_read_where_it_can_be_asked_for_and_colour_comes_first() {
        let grey = format(Grey, 1280, 720, 30.0);
        assert_eq!((chosen(&[grey], false), chosen(&[grey], true)), (None, Some(grey)));
        assert_eq!(chosen(&[grey, format(Yuyv, 640, 480, 30.0)], true), Some(format(Yuyv, 640, 480, 30.0)));
        assert_eq!(chosen(&[grey, format(Yuyv, 320, 180, 5.0)], true), Some(grey), "a face is too small and too slow in the other");
    }

    #[test]
    fn lists_hold_no_duplicates_and_put_unreadable_formats_last() {
        let yuyv = format(Yuyv, 640, 480, 30.0);
        assert_eq!(ordered(vec![format(Grey, 1280, 720, 30.0), yuyv, yuyv], false), [yuyv, format(Grey, 1280, 720, 30.0)]);
    }
}
