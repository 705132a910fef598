//! DarkGlasses: is what lies around the eyes much darker than the cheeks? Our own component, an estimate from brightness alone.
//!
//! Skin just below an eye is lit like the cheek under it and of the same colour, so that three fifths of a strip there seldom lie below a
//! quarter of the cheek's light, whatever the tone of the skin. A dark lens covers the whole strip and lets little light through. The native
//! value is that share for the brighter of both eyes: light from one side darkens one eye, glasses darken both.
//!
//! # Limits
//! Chosen on 5 035 pictures of two public sets of faces. 17 of them lie below 0.18: 13 people with dark lenses, and four with the eyes in a
//! hard shadow from above or turned far away. What this does not see: lightly tinted lenses, lenses that mirror a bright room, and dark
//! lenses on very dark skin in poor light, where lens and skin are equally dark.

use super::aligned_face::AlignedFace;
use super::mapping::sigmoid;
use super::{Assessment, Component};
use crate::geometry::Point;
use crate::imaging::Frame;
use crate::imaging::luminance::linear_from_srgb;
use std::sync::LazyLock;

/// A lens and the skin behind it, in eye distances: half axes, and how far its middle lies below the eye.
const HALF_AXES: (f32, f32) = (0.336, 0.16);
const DROP: f32 = 0.10;
/// The share of the region that is darker than what is compared: reflections on a lens are left out above it, lashes and iris below it.
const QUANTILE: f32 = 0.6;
/// Added to the cheek's light, so that a black cheek divides nothing by zero.
const LEAST_LIGHT: f32 = 0.002;
/// Native value with the score 50.
const LIMIT: f64 = 0.2;

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    Assessment::new(Component::DarkGlasses, "visavis-dark-glasses/1", true, aligned.and_then(native), score)
}

fn native(aligned: &AlignedFace) -> Option<f64> {
    let cheeks = aligned.cheeks.as_ref()?;
    let distance = aligned.eyes[0].distance(aligned.eyes[1]);
    let share = |eye: Point, cheek: &Frame| {
        let around = quantile(around_eye(&aligned.picture, eye, distance), QUANTILE)?;
        let pixels = cheek.bytes().as_chunks::<3>().0.iter();
        Some(around / (quantile(pixels.map(light).collect(), 0.5)? + LEAST_LIGHT))
    };
    let [right, left] = [share(aligned.eyes[0], &cheeks[0].pixels)?, share(aligned.eyes[1], &cheeks[1].pixels)?];
    Some(f64::from(right.max(left)))
}

/// Linear luminance, 0-1. In eight bits the skin of a dark face would be a handful of values.
fn light([r, g, b]: &[u8; 3]) -> f32 {
    static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| std::array::from_fn(|v| linear_from_srgb(v as f64 / 255.0) as f32));
    0.2126 * LINEAR[usize::from(*r)] + 0.7152 * LINEAR[usize::from(*g)] + 0.0722 * LINEAR[usize::from(*b)]
}

/// Light of the pixels inside the ellipse of a lens, as far as it lies in the picture.
fn around_eye(picture: &Frame, eye: Point, distance: f32) -> Vec<f32> {
    let (a, b) = (HALF_AXES.0 * distance, HALF_AXES.1 * distance);
    let middle = Point::new(eye.x, eye.y + DROP * distance);
    let span = |centre: f32, reach: f32, length: u32| {
        let bound = |v: f32| i64::from(v.clamp(0.0, length as f32) as u32);
        bound((centre - reach).floor())..bound((centre + reach).ceil())
    };
    let columns = span(middle.x, a, picture.width());
    let inside = |x: i64, y: i64| {
        let (u, v) = ((x as f32 + 0.5 - middle.x) / a, (y as f32 + 0.5 - middle.y) / b);
        u * u + v * v <= 1.0
    };
    let rows = span(middle.y, b, picture.height()).flat_map(|y| columns.clone().map(move |x| (x, y)));
    rows.filter(|(x, y)| inside(*x, *y)).map(|(x, y)| light(&picture.pixel_clamped(x, y))).collect()
}

fn quantile(mut values: Vec<f32>, share: f32) -> Option<f32> {
    let last = values.len().checked_sub(1)?;
    let at = (last as f32 * share).round() as usize;
    Some(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}

pub(super) fn score(native: f64) -> f64 {
    100.0 * sigmoid(native, LIMIT, 0.03)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn quantiles_are_values_of_the_sample() {
        assert_eq!(quantile(vec![3.0, 1.0, 2.0, 5.0, 4.0], 0.75), Some(4.0));
        assert_eq!(quantile(vec![7.0], 0.5), Some(7.0));
        assert_eq!(quantile(Vec::new(), 0.5), None);
    }

    #[test]
    fn the_region_is_cut_at_the_border_and_never_outside() {
        let picture = Frame::filled(Size::new(40, 30), [90; 3]);
        let whole = around_eye(&picture, Point::new(20.0, 15.0), 30.0).len();
        let cut = around_eye(&picture, Point::new(0.0, 15.0), 30.0).len();
        let area = std::f32::consts::PI * (HALF_AXES.0 * 30.0) * (HALF_AXES.1 * 30.0);
        assert!((whole as f32 / area - 1.0).abs() < 0.1, "{whole} pixels of an ellipse of {area}");
        assert!((cut as f32 / area - 0.5).abs() < 0.1, "{cut} pixels of half an ellipse of {area}");
        assert!(around_eye(&picture, Point::new(-500.0, 900.0), 30.0).is_empty());
    }

    #[test]
    fn half_the_score_lies_at_the_limit() {
        assert!((score(LIMIT) - 50.0).abs() < 1.0 && score(0.05) < 5.0 && score(0.7) > 95.0);
    }
}
