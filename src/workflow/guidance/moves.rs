//! The smallest move that would help, in centimetres and degrees.
//!
//! Distances follow from the pinhole model and a mean adult's eye distance. Two errors add up: adults' eye distances spread by about ±12 %
//! (63 mm, standard deviation about 3.7 mm), and the camera's field of view is assumed unless the configuration states it (55 instead of 62
//! degrees is 15 %). An amount is therefore right to about ±20 %: good for "about 12 cm closer", not a measurement. Children have smaller
//! eye distances; they are told to move further than they need, and stop when the instruction changes.

use crate::geometry::Size;
use crate::workflow::view::Amount;

/// Mean distance of adults' pupils, centimetres.
///
/// # Source
/// Dodgson 2004, "Variation and extrema of human interpupillary distance": mean 63 mm.
pub const INTER_EYE_CM: f32 = 6.3;

/// What has to be known of the camera to turn pixels into centimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optics {
    /// Field of view along the longer side of the frame, degrees, between 20 and 150.
    pub field_of_view_degrees: f32,
}

impl Default for Optics {
    /// 62 degrees, in the middle of what webcams have (assumed, not measured).
    fn default() -> Self {
        Self { field_of_view_degrees: 62.0 }
    }
}

impl Optics {
    /// Focal length in pixels of a frame of the given size.
    #[must_use]
    pub fn focal_length_px(self, frame: Size) -> f32 {
        let half = self.field_of_view_degrees.clamp(20.0, 150.0).to_radians() / 2.0;
        frame.width.max(frame.height) as f32 / 2.0 / half.tan()
    }

    /// Distance of the subject's eyes from the camera, centimetres, from their distance in frame pixels; `None` if that is not above 0.
    #[must_use]
    pub fn distance_cm(self, frame: Size, inter_eye_px: f32) -> Option<f32> {
        (inter_eye_px > 0.0 && inter_eye_px.is_finite()).then(|| self.focal_length_px(frame) * INTER_EYE_CM / inter_eye_px)
    }

    /// The move towards the camera that makes the face `growth` times as large (below 1: away from it).
    #[must_use]
    pub fn approach(self, frame: Size, inter_eye_px: f32, growth: f32) -> Option<Amount> {
        let distance = self.distance_cm(frame, inter_eye_px)?;
        (growth > 0.0 && growth.is_finite()).then(|| centimetres((distance - distance / growth).abs()))
    }
}

/// The move parallel to the picture that shifts the face by `pixels`, where the eyes are `inter_eye_px` apart.
#[must_use]
pub fn sideways(pixels: f32, inter_eye_px: f32) -> Option<Amount> {
    let cm = pixels.abs() * INTER_EYE_CM / inter_eye_px;
    (inter_eye_px > 0.0 && cm.is_finite()).then(|| centimetres(cm))
}

/// Whole degrees, at least one.
#[must_use]
pub fn degrees(angle: f32) -> Option<Amount> {
    angle.is_finite().then(|| Amount::Degrees(angle.abs().round().max(1.0)))
}

/// Whole centimetres up to 20, then steps of 5, at least one: finer than the error would only flicker.
fn centimetres(cm: f32) -> Amount {
    let step = if cm < 20.0 { 1.0 } else { 5.0 };
    Amount::Centimetres(((cm / step).round() * step).clamp(1.0, 300.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_scene_gives_its_distance() {
        // At 90 degrees the half width equals the distance: 1280 pixels show 2 m at 1 m, so 6.3 cm are 40.3 pixels.
        let optics = Optics { field_of_view_degrees: 90.0 };
        let distance = optics.distance_cm(Size::new(1280, 720), 40.32).unwrap();
        assert!((distance - 100.0).abs() < 0.1, "{distance}");
        // The same camera turned on its side.
        let turned = optics.distance_cm(Size::new(720, 1280), 40.32).unwrap();
        assert!((turned - distance).abs() < 1e-3);
        assert_eq!(optics.distance_cm(Size::new(1280, 720), 0.0), None);
    }

    #[test]
    fn moves_are_smallest_and_rounded() {
        let (optics, frame) = (Optics { field_of_view_degrees: 90.0 }, Size::new(1280, 720));
        // From 100 cm, 1.136 times as large is at 88 cm.
        assert_eq!(optics.approach(frame, 40.32, 1.136), Some(Amount::Centimetres(12.0)));
        assert_eq!(optics.approach(frame, 40.32, 2.0), Some(Amount::Centimetres(50.0)));
        assert_eq!(optics.approach(frame, 403.2, 0.5), Some(Amount::Centimetres(10.0)));
        assert_eq!(optics.approach(frame, f32::NAN, 2.0), None);
        assert_eq!(sideways(-80.0, 40.0), Some(Amount::Centimetres(13.0)));
        assert_eq!(sideways(1.0, 0.0), None);
        assert_eq!(degrees(-0.2), Some(Amount::Degrees(1.0)));
        assert_eq!(degrees(f32::NAN), None);
    }
}
