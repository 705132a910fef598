//! The region of interest of a capture profile in a frame.

use super::capture_profile::{RoiAnchor, RoiRule};
use crate::advice::{Advice, Advised};
use crate::geometry::{PixelRect, Size};

/// Why there is no region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a {frame} frame has no pixel for a region of interest")]
pub struct RoiError {
    /// The size asked for.
    pub frame: Size,
}

impl Advised for RoiError {
    fn advice(&self) -> Advice {
        Advice::input("FLW-11", "Give a frame size of at least 1x1.")
    }
}

/// The region of interest that `rule` sets in a frame of the given size, frame pixels.
///
/// The height is the rule's share of the frame's height, the width follows from the aspect ratio, both rounded. Where that would be wider
/// than the rule allows in this frame (narrow frames), the width is what is allowed and the height follows from it. Centred in x, rounded
/// down; in y at the top or centred, as the rule says. The region always lies inside the frame and has at least one pixel.
///
/// # Errors
/// [`RoiError`] if a side of the frame is zero.
///
/// # Source
/// The rule `knomi` (0.8 of the height, 356/512, at the top) reproduces the vendor's sample reply: 480x640 gives 62, 0, 356, 512.
pub fn roi(rule: &RoiRule, frame: Size) -> Result<PixelRect, RoiError> {
    if frame.width == 0 || frame.height == 0 {
        return Err(RoiError { frame });
    }
    let aspect = f64::from(rule.aspect[0]) / f64::from(rule.aspect[1]);
    let whole = |value: f64, most: u32| (value.round() as u32).clamp(1, most);
    let mut height = whole(f64::from(frame.height) * rule.height, frame.height);
    let widest = f64::from(frame.width) * rule.max_width;
    let mut exact_width = f64::from(height) * aspect;
    if exact_width.round() > widest {
        exact_width = widest;
        height = whole(widest / aspect, height);
    }
    let width = whole(exact_width, frame.width);
    let y = match rule.anchor {
        RoiAnchor::Top => 0,
        RoiAnchor::Centre => (frame.height - height) / 2,
    };
    Ok(PixelRect { x: (frame.width - width) / 2, y, width, height })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::capture_profile::CaptureProfiles;

    fn of(profile: &str, width: u32, height: u32) -> [u32; 4] {
        let profiles = CaptureProfiles::builtin();
        let found = roi(&profiles.get(profile).unwrap().roi, Size::new(width, height)).unwrap();
        [found.x, found.y, found.width, found.height]
    }

    #[test]
    fn knomi_agrees_with_the_vendors_numbers() {
        assert_eq!(of("knomi", 480, 640), [62, 0, 356, 512]);
        assert_eq!(of("knomi", 640, 480), [186, 0, 267, 384]);
        assert_eq!(of("knomi", 720, 1280), [4, 0, 712, 1024]);
    }

    #[test]
    fn narrow_frames_keep_the_aspect_ratio() {
        // 0.8 · 1000 = 800 rows would need 556 columns; 300 are there, so 300 · 512/356 = 431 rows.
        assert_eq!(of("knomi", 300, 1000), [0, 0, 300, 431]);
        assert_eq!(of("knomi", 1, 1000), [0, 0, 1, 1]);
        assert_eq!(of("knomi", 1000, 1), [499, 0, 1, 1]);
    }

    #[test]
    fn our_profiles_are_centred_in_both_directions() {
        for name in ["quick", "liveness", "portrait"] {
            for (w, h) in [(1280, 720), (720, 1280), (640, 480), (480, 640), (1920, 1080), (300, 1000)] {
                let [x, y, width, height] = of(name, w, h);
                assert!(x.abs_diff(w - width - x) <= 1, "{name} {w}x{h}: {x} + {width}");
                assert!(y.abs_diff(h - height - y) <= 1, "{name} {w}x{h}: {y} + {height}");
            }
        }
    }

    #[test]
    fn empty_frames_are_refused() {
        let rule = CaptureProfiles::builtin().get("quick").unwrap().roi.clone();
        for frame in [Size::new(0, 480), Size::new(640, 0), Size::new(0, 0)] {
            assert_eq!(roi(&rule, frame), Err(RoiError { frame }));
        }
    }

    proptest::proptest! {
        #[test]
        fn the_region_lies_inside_the_frame(width in 1u32..20_000, height in 1u32..20_000) {
            for profile in ["quick", "knomi"].map(crate::workflow::scripted::profile) {
                let found = roi(&profile.roi, Size::new(width, height)).unwrap();
                proptest::prop_assert!(found.width >= 1 && found.height >= 1);
                proptest::prop_assert!(found.x + found.width <= width && found.y + found.height <= height);
                let wanted = f64::from(profile.roi.aspect[0]) / f64::from(profile.roi.aspect[1]);
                // Rounding moves each side by half a pixel at most; tiny regions are clamped to one pixel.
                let error = (f64::from(found.width) - f64::from(found.height) * wanted).abs();
                proptest::prop_assert!(error <= 1.0 + wanted, "{:?}", found);
            }
        }

        #[test]
        fn no_size_overflows(width: u32, height: u32) {
            for profile in ["quick", "knomi"].map(crate::workflow::scripted::profile) {
                if let Ok(found) = roi(&profile.roi, Size::new(width, height)) {
                    proptest::prop_assert!(u64::from(found.x) + u64::from(found.width) <= u64::from(width));
                    proptest::prop_assert!(u64::from(found.y) + u64::from(found.height) <= u64::from(height));
                }
            }
        }
    }
}
