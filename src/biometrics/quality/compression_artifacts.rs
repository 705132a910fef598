//! CompressionArtifacts: how far block borders stand out of the picture around the face.
//!
//! An estimate: the standard's network predicts the similarity to the uncompressed picture; this is the mean step across
//! the strongest phase of an 8-pixel grid over the mean step elsewhere. A picture that was scaled after compression hides
//! its grid and counts as clean.

use super::mapping::curve;
use super::{Assessment, Component, QualityInput};
use crate::geometry::{PixelRect, Rect};
use crate::imaging::Frame;

/// The face's bounds are enlarged by this before they are looked at.
const ENLARGED: f32 = 1.5;
/// Longest side looked at, around the centre of the face: large stills say the same at any size.
const LONGEST_SIDE: f32 = 1024.0;
/// Shorter sides hold too few blocks.
const SHORTEST_SIDE: u32 = 32;
/// Added to the step elsewhere, grey levels, so that a flat picture divides by something.
const STEP_FLOOR: f64 = 0.2;

pub(super) fn assess(input: &QualityInput<'_>) -> Assessment {
    let native = around_face(input.frame, input.face.bounds).map(|area| blockiness(input.frame, area));
    Assessment::new(Component::CompressionArtifacts, "grid-blockiness/1", true, native, score)
}

/// The whole pixels around the face that are looked at; `None` when too few lie inside the frame.
fn around_face(frame: &Frame, bounds: Rect) -> Option<PixelRect> {
    let centre = bounds.centre();
    let half = |side: f32| (side * ENLARGED).min(LONGEST_SIDE) / 2.0;
    let (half_width, half_height) = (half(bounds.width), half(bounds.height));
    let cut = |v: f32, limit: u32| v.clamp(0.0, limit as f32) as u32;
    let (left, right) = (cut(centre.x - half_width, frame.width()), cut(centre.x + half_width, frame.width()));
    let (top, bottom) = (cut(centre.y - half_height, frame.height()), cut(centre.y + half_height, frame.height()));
    let area = PixelRect { x: left, y: top, width: right.checked_sub(left)?, height: bottom.checked_sub(top)? };
    (area.width >= SHORTEST_SIDE && area.height >= SHORTEST_SIDE).then_some(area)
}

/// Mean of both directions; about 1.1 for a clean picture, 1.9 at JPEG quality 15.
fn blockiness(frame: &Frame, area: PixelRect) -> f64 {
    let (mut across, mut down) = ([(0_u64, 0_u32); 8], [(0_u64, 0_u32); 8]);
    let mut above: Option<Vec<i32>> = None;
    for y in area.y..area.y + area.height {
        let pixels = &frame.row(y).as_chunks::<3>().0[area.x as usize..][..area.width as usize];
        let grey: Vec<i32> = pixels.iter().map(|[r, g, b]| (77 * i32::from(*r) + 150 * i32::from(*g) + 29 * i32::from(*b)) >> 8).collect();
        for (i, pair) in grey.windows(2).enumerate() {
            // The border between columns i and i + 1 belongs to the phase of the right one.
            let (sum, count) = &mut across[(area.x as usize + i + 1) % 8];
            *sum += u64::from(pair[0].abs_diff(pair[1]));
            *count += 1;
        }
        if let Some(above) = &above {
            let (sum, count) = &mut down[y as usize % 8];
            *sum += above.iter().zip(&grey).map(|(a, h)| u64::from(a.abs_diff(*h))).sum::<u64>();
            *count += grey.len() as u32;
        }
        above = Some(grey);
    }
    (strongest_phase(&across) + strongest_phase(&down)) / 2.0
}

fn strongest_phase(phases: &[(u64, u32); 8]) -> f64 {
    let means = phases.map(|(sum, count)| sum as f64 / f64::from(count.max(1)));
    let strongest = means.iter().copied().fold(0.0, f64::max);
    let elsewhere = (means.iter().sum::<f64>() - strongest) / 7.0;
    strongest / (elsewhere + STEP_FLOOR)
}

/// Maps the ratio to 0-100.
///
/// # Source
/// Calibrated on 140 portraits, halved in size and compressed again. Median of the ratio, with the structural similarity to
/// the uncompressed picture: clean 1.09, quality 50: 1.30 (0.96), 20: 1.68 (0.92), 15: 1.87 (0.88), 10: 2.24 (0.86),
/// 5: 3.36 (0.74); the two agree in rank with -0.94.
pub(super) fn score(native: f64) -> f64 {
    curve(native, 104.0, 1.0, -1.0, 1.9, 0.25)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::imaging::decode::{DecodeLimits, decode_picture};
    use crate::imaging::encode;

    #[test]
    fn stronger_compression_scores_lower() {
        let wave = |x: u32, y: u32| {
            let (x, y) = (x as f32, y as f32);
            let v = 128.0 + 50.0 * (x / 9.0).sin() * (y / 7.0).cos() + 30.0 * ((x + 2.0 * y) / 5.0).sin();
            [v as u8, (v * 0.8) as u8, (v * 0.6) as u8]
        };
        let frame = Frame::from_fn(Size::new(160, 160), wave);
        let area = PixelRect { x: 13, y: 21, width: 120, height: 110 };
        let at = |quality| {
            let bytes = encode::jpeg(&frame, quality).unwrap();
            score(blockiness(&decode_picture(&bytes, &DecodeLimits::default()).unwrap(), area))
        };
        assert!(score(blockiness(&frame, area)) > 90.0);
        assert!(at(90) > 85.0);
        assert!(at(5) < at(90) - 30.0, "{} {}", at(5), at(90));
        assert_eq!(blockiness(&Frame::filled(Size::new(64, 64), [9; 3]), PixelRect { x: 0, y: 0, width: 64, height: 64 }), 0.0);
    }

    #[test]
    fn faces_outside_the_frame_are_not_assessed() {
        let frame = Frame::filled(Size::new(100, 100), [0; 3]);
        assert!(around_face(&frame, Rect::new(200.0, 0.0, 50.0, 50.0)).is_none());
        assert!(around_face(&frame, Rect::new(f32::NAN, 0.0, 50.0, 50.0)).is_none());
        assert_eq!(around_face(&frame, Rect::new(-2e9, -2e9, 4e9, 4e9)).map(|a| a.width), Some(100));
    }
}
