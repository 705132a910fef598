//! Sharpness: how much fine detail the face has beside its middle detail.
//!
//! An estimate. The standard's forest of decision trees is replaced by one ratio: mean of abs(Laplacian of the smoothed
//! grey) over mean of abs(grey - 7x7 box mean) + 1. Being a ratio it hardly depends on contrast, light and skin tone. It is
//! taken at the camera's own pixels up to 113 pixels between the eyes, and at that size for larger faces, so it tells blur
//! from distance. Noise counts as detail: in poor light the value is too high.

use super::aligned_face::{fixed_region_616, scaled};
use super::face_measures::FaceMeasures;
use super::mapping::curve;
use super::{Assessment, Component, QualityInput};
use crate::geometry::{Point, Rect, Size};
use crate::imaging::luminance::{Plane, grey_plane};
use crate::imaging::statistics::{Mask, convex_hull};
use crate::imaging::warp;

/// Below this many pixels inside the region nothing is said.
const FEWEST_PIXELS: u32 = 400;

pub(super) fn assess(input: &QualityInput<'_>, measures: &FaceMeasures) -> Assessment {
    Assessment::new(Component::Sharpness, "detail-ratio/1", true, native(input, measures), score)
}

/// The ratio, about 0.6 for a sharp face down to 0.25 for a hopeless one.
fn native(input: &QualityInput<'_>, measures: &FaceMeasures) -> Option<f64> {
    let aligned_from_frame = measures.aligned_from_frame?;
    let frame_from_aligned = aligned_from_frame.inverse()?;
    let corners = match input.shape {
        Some(shape) => convex_hull(&shape.hull.iter().map(|p| aligned_from_frame.apply(*p)).collect::<Vec<_>>()),
        None => fixed_region_616(),
    };
    // Aligned pixels per frame pixel: above 1 the face is small, and the frame's own pixels are taken.
    let m = aligned_from_frame.0;
    let pixel = m[0].hypot(m[3]).max(1.0);
    let bounds = bounds(&corners)?;
    let size = Size::new((bounds.width / pixel).ceil() as u32, (bounds.height / pixel).ceil() as u32);
    let origin = Point::new(bounds.x, bounds.y);
    let patch = warp::sample_affine(input.frame, &scaled(&frame_from_aligned, pixel, origin), size, [0; 3]);
    let in_patch: Vec<Point> = corners.iter().map(|p| Point::new((p.x - origin.x) / pixel, (p.y - origin.y) / pixel)).collect();
    detail_ratio(&grey_plane(&patch), &Mask::convex_polygon(patch.size(), &in_patch))
}

/// The corners' bounding box, cut to the 616x616 picture.
fn bounds(corners: &[Point]) -> Option<Rect> {
    let (mut low, mut high) = (Point::new(616.0, 616.0), Point::new(0.0, 0.0));
    for p in corners {
        low = Point::new(low.x.min(p.x.max(0.0)), low.y.min(p.y.max(0.0)));
        high = Point::new(high.x.max(p.x.min(616.0)), high.y.max(p.y.min(616.0)));
    }
    (low.x < high.x && low.y < high.y).then(|| Rect::new(low.x.floor(), low.y.floor(), high.x - low.x.floor(), high.y - low.y.floor()))
}

/// Fine over middle detail inside the mask, three pixels of border left out; `None` when too few pixels remain.
fn detail_ratio(grey: &Plane, mask: &Mask) -> Option<f64> {
    let (width, height) = (grey.size.width as usize, grey.size.height as usize);
    if width < 7 || height < 7 {
        return None;
    }
    let rows: Vec<&[u8]> = grey.values.chunks_exact(width).collect();
    // Sums of seven rows, kept up to date column by column.
    let mut column_sums: Vec<u32> = (0..width).map(|x| rows[..7].iter().map(|r| u32::from(r[x])).sum()).collect();
    // The smoothed picture needs three rows at a time: 1-2-1 in both directions, scaled by 16.
    let smooth = |y: usize| -> Vec<i32> {
        let (above, here, below) = (rows[y - 1], rows[y], rows[y + 1]);
        let vertical: Vec<i32> =
            above.iter().zip(here).zip(below).map(|((a, h), b)| i32::from(*a) + 2 * i32::from(*h) + i32::from(*b)).collect();
        let mut row = vec![0; width];
        for (out, v) in row[1..width - 1].iter_mut().zip(vertical.windows(3)) {
            *out = v[0] + 2 * v[1] + v[2];
        }
        row
    };
    let mut smoothed = [smooth(2), smooth(3), smooth(4)];
    let (mut fine, mut middle, mut count) = (0_u64, 0_u64, 0_u32);
    for y in 3..height - 3 {
        if y > 3 {
            let (leaving, entering) = (rows[y - 4], rows[y + 3]);
            for ((sum, l), e) in column_sums.iter_mut().zip(leaving).zip(entering) {
                *sum = *sum + u32::from(*e) - u32::from(*l);
            }
            smoothed.rotate_left(1);
            smoothed[2] = smooth(y + 1);
        }
        let inside = mask.row(y as u32);
        let mut box_sum: u32 = column_sums[..7].iter().sum();
        for x in 3..width - 3 {
            if x > 3 {
                box_sum = box_sum + column_sums[x + 3] - column_sums[x - 4];
            }
            if inside[x] == 1 {
                let [above, here, below] = &smoothed;
                let laplacian = above[x] + below[x] + here[x - 1] + here[x + 1] - 4 * here[x];
                fine += u64::from(laplacian.unsigned_abs());
                middle += u64::from((49 * u32::from(rows[y][x])).abs_diff(box_sum));
                count += 1;
            }
        }
    }
    if count < FEWEST_PIXELS {
        return None;
    }
    let count = f64::from(count);
    let (fine, middle) = (fine as f64 / 16.0 / count, middle as f64 / 49.0 / count);
    Some(fine / (middle + 1.0))
}

/// Maps the ratio to 0-100.
///
/// # Source
/// Calibrated on 21 press portraits (median 103 pixels between the eyes) blurred by a Gaussian of sigma pixels at the
/// measured size; medians of the ratio: sigma 0: 0.60, 0.5: 0.57, 1: 0.49, 1.5: 0.43, 2: 0.39, 3: 0.32, 4: 0.28. 50 points
/// stand for sigma 2. Small web pictures (250 LFW, 250 UTKFace faces) start at 0.55 and 0.48.
pub(super) fn score(native: f64) -> f64 {
    curve(native, 100.0, 0.0, 1.0, 0.38, 0.045)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise with detail at every scale, like skin and hair: sums of random pictures at several sizes.
    fn texture(size: u32) -> Plane {
        let mut state = 1_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 16) / 65_536.0 - 0.5
        };
        let mut values = vec![128.0; (size * size) as usize];
        for cell in [1_u32, 2, 4, 8, 16, 32] {
            let across = size / cell + 2;
            let grid: Vec<f64> = (0..across * across).map(|_| random()).collect();
            for (i, v) in values.iter_mut().enumerate() {
                let (x, y) = (i as u32 % size / cell, i as u32 / size / cell);
                *v += grid[(y * across + x) as usize] * f64::from(cell).sqrt() * 12.0;
            }
        }
        Plane { size: Size::new(size, size), values: values.iter().map(|v| v.clamp(0.0, 255.0) as u8).collect() }
    }

    /// A 1-4-6-4-1 blur in both directions: sigma 1.
    fn blurred(plane: &Plane) -> Plane {
        let (w, h) = (plane.size.width as i64, plane.size.height as i64);
        let at = |values: &[f64], x: i64, y: i64| values[(y.clamp(0, h - 1) * w + x.clamp(0, w - 1)) as usize];
        let taps = [(-2, 1.0), (-1, 4.0), (0, 6.0), (1, 4.0), (2, 1.0)];
        let start: Vec<f64> = plane.values.iter().map(|v| f64::from(*v)).collect();
        let pass = |values: &[f64], dx: i64, dy: i64| -> Vec<f64> {
            let one = |i: i64| taps.iter().map(|(k, weight)| at(values, i % w + k * dx, i / w + k * dy) * weight / 16.0).sum();
            (0..w * h).map(one).collect()
        };
        let values = pass(&pass(&start, 1, 0), 0, 1);
        Plane { size: plane.size, values: values.iter().map(|v| v.round() as u8).collect() }
    }

    fn whole(size: Size) -> Mask {
        Mask { size, values: vec![1; size.pixels() as usize] }
    }

    #[test]
    fn the_ratio_is_its_formula() {
        let plane = texture(40);
        let mask = whole(plane.size);
        let at = |x: usize, y: usize| f64::from(plane.values[y * 40 + x]);
        let smooth = |x: usize, y: usize| {
            let row = |y: usize| at(x - 1, y) + 2.0 * at(x, y) + at(x + 1, y);
            (row(y - 1) + 2.0 * row(y) + row(y + 1)) / 16.0
        };
        let (mut fine, mut middle, mut n) = (0.0, 0.0, 0.0);
        for y in 3..37 {
            for x in 3..37 {
                let laplacian = smooth(x - 1, y) + smooth(x + 1, y) + smooth(x, y - 1) + smooth(x, y + 1) - 4.0 * smooth(x, y);
                let mean: f64 = (0..49).map(|i| at(x - 3 + i % 7, y - 3 + i / 7)).sum::<f64>() / 49.0;
                fine += laplacian.abs();
                middle += (at(x, y) - mean).abs();
                n += 1.0;
            }
        }
        let expected = fine / n / (middle / n + 1.0);
        assert!((detail_ratio(&plane, &mask).unwrap() - expected).abs() < 1e-9);
    }

    #[test]
    fn blur_lowers_it_and_contrast_does_not() {
        let sharp = texture(120);
        let mask = whole(sharp.size);
        let ratio = |p: &Plane| detail_ratio(p, &mask).unwrap();
        let (once, twice) = (blurred(&sharp), blurred(&blurred(&sharp)));
        assert!(ratio(&sharp) > ratio(&once) * 1.15 && ratio(&once) > ratio(&twice) * 1.05);
        let faint = Plane { size: sharp.size, values: sharp.values.iter().map(|v| v / 2 + 40).collect() };
        assert!((ratio(&faint) / ratio(&sharp) - 1.0).abs() < 0.1);
        assert_eq!(detail_ratio(&sharp, &Mask::empty(sharp.size)), None);
        assert_eq!(detail_ratio(&texture(6), &whole(Size::new(6, 6))), None);
    }
}
