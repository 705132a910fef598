//! BackgroundUniformity: mean gradient of the luminance beside and above the head.
//!
//! An estimate: an ellipse around the head stands for the standard's face parsing, so long hair counts as background.

use super::aligned_face::scaled;
use super::face_measures::FaceMeasures;
use super::mapping::curve;
use super::{Assessment, Component};
use crate::geometry::{Affine, Point, Size};
use crate::imaging::luminance::{Plane, linear_luminance_plane};
use crate::imaging::statistics::Mask;
use crate::imaging::{Frame, warp};

/// The crop of the aligned picture that is looked at: columns 62-553, rows 0-405, scaled to 354x292.
const CROP_ORIGIN: Point = Point::new(62.0, 0.0);
const CROP: Size = Size::new(354, 292);
const CROP_PIXEL: f32 = 492.0 / 354.0;
/// Ellipse around head and hair in the aligned picture: centre and half axes.
const HEAD_CENTRE: Point = Point::new(308.5, 265.5);
const HEAD_HALF_AXES: (f32, f32) = (165.0, 235.0);
/// Below this share of the crop there is too little background to judge.
const LEAST_SHARE: f64 = 0.05;

pub(super) fn assess(frame: &Frame, measures: &FaceMeasures) -> Assessment {
    Assessment::new(Component::BackgroundUniformity, "background-uniformity/ellipse/1", true, native(frame, measures), score)
}

fn native(frame: &Frame, measures: &FaceMeasures) -> Option<f64> {
    let frame_from_crop = scaled(&measures.aligned_from_frame?.inverse()?, CROP_PIXEL, CROP_ORIGIN);
    let luminance = linear_luminance_plane(&warp::sample_affine(frame, &frame_from_crop, CROP, [0; 3]));
    let background = eroded(&background(frame.size(), &frame_from_crop));
    let share = background.count() as f64 / CROP.pixels() as f64;
    if share < LEAST_SHARE {
        return None;
    }
    mean_gradient(&luminance, &background)
}

/// Pixels of the crop outside the head's ellipse and inside the frame.
fn background(frame: Size, frame_from_crop: &Affine) -> Mask {
    let mut mask = Mask::empty(CROP);
    let inside = crate::geometry::Rect::new(0.5, 0.5, frame.width as f32 - 1.0, frame.height as f32 - 1.0);
    for (i, value) in mask.values.iter_mut().enumerate() {
        let in_crop = Point::new((i as u32 % CROP.width) as f32 + 0.5, (i as u32 / CROP.width) as f32 + 0.5);
        let (x, y) = (in_crop.x * CROP_PIXEL + CROP_ORIGIN.x, in_crop.y * CROP_PIXEL + CROP_ORIGIN.y);
        let (dx, dy) = ((x - HEAD_CENTRE.x) / HEAD_HALF_AXES.0, (y - HEAD_CENTRE.y) / HEAD_HALF_AXES.1);
        *value = u8::from(dx * dx + dy * dy > 1.0 && inside.contains(frame_from_crop.apply(in_crop)));
    }
    mask
}

/// Erosion by a 4x4 square; what lies outside the crop counts as background.
fn eroded(mask: &Mask) -> Mask {
    let (width, height) = (mask.size.width as usize, mask.size.height as usize);
    // The square reaches from two pixels before to one pixel behind.
    let reach = |i: usize, length: usize| i.saturating_sub(2)..(i + 2).min(length);
    let mut rows = mask.clone();
    for y in 0..height {
        for x in 0..width {
            rows.values[y * width + x] = reach(x, width).map(|k| mask.values[y * width + k]).min().unwrap_or(0);
        }
    }
    let mut both = rows.clone();
    for y in 0..height {
        for x in 0..width {
            both.values[y * width + x] = reach(y, height).map(|k| rows.values[k * width + x]).min().unwrap_or(0);
        }
    }
    both
}

/// Mean of the Scharr gradient's length over the mask, borders mirrored without repeating the edge pixel.
fn mean_gradient(plane: &Plane, mask: &Mask) -> Option<f64> {
    let (width, height) = (plane.size.width as i64, plane.size.height as i64);
    let mirrored = |i: i64, length: i64| {
        if i < 0 {
            -i
        } else if i >= length {
            2 * length - 2 - i
        } else {
            i
        }
    };
    let at = |x: i64, y: i64| f64::from(plane.values[(mirrored(y, height) * width + mirrored(x, width)) as usize]);
    let (mut sum, mut count) = (0.0, 0_u32);
    for y in 0..height {
        for x in 0..width {
            if mask.values[(y * width + x) as usize] == 1 {
                let gx = 3.0 * (at(x + 1, y - 1) - at(x - 1, y - 1))
                    + 10.0 * (at(x + 1, y) - at(x - 1, y))
                    + 3.0 * (at(x + 1, y + 1) - at(x - 1, y + 1));
                let gy = 3.0 * (at(x - 1, y + 1) - at(x - 1, y - 1))
                    + 10.0 * (at(x, y + 1) - at(x, y - 1))
                    + 3.0 * (at(x + 1, y + 1) - at(x + 1, y - 1));
                sum += gx.hypot(gy);
                count += 1;
            }
        }
    }
    (count > 0).then(|| sum / f64::from(count))
}

pub(super) fn score(native: f64) -> f64 {
    curve(native, 190.0, 1.0, -1.0, 10.0, 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_of_one_level_gives_thirty_two() {
        let size = Size::new(20, 20);
        let plane = Plane { size, values: (0..400).map(|i| (i % 20) as u8).collect() };
        let mut mask = Mask::empty(size);
        (5..15).for_each(|y| mask.values[y * 20 + 5..y * 20 + 15].fill(1));
        assert_eq!(mean_gradient(&plane, &mask), Some(32.0));
        assert_eq!(mean_gradient(&plane, &Mask::empty(size)), None);
    }

    #[test]
    fn erosion_takes_two_before_and_one_behind() {
        let size = Size::new(12, 12);
        let mut mask = Mask { size, values: vec![1; 144] };
        mask.values[6 * 12 + 6] = 0;
        let eroded = eroded(&mask);
        assert_eq!(eroded.count(), 144 - 16);
        assert_eq!(eroded.row(6)[4..10], [1, 0, 0, 0, 0, 1]);
    }
}
