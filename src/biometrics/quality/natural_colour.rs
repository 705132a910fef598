//! NaturalColour: how far the cheeks' colour lies outside the a*, b* range of skin; 0 inside. Grey pictures count as natural.

use super::aligned_face::{AlignedFace, CheekZone};
use super::mapping::curve;
use super::{Assessment, Component};
use crate::imaging::luminance::linear_from_srgb;

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(native);
    let estimate = aligned.is_some_and(|a| a.region_is_fixed);
    Assessment::new(Component::NaturalColour, "natural-colour/1", estimate, native, score)
}

fn native(aligned: &AlignedFace) -> Option<f64> {
    let [left, right] = aligned.cheeks.as_ref()?;
    if aligned.picture.bytes().as_chunks::<3>().0.iter().all(|[r, g, b]| r == g && g == b) {
        return Some(0.0);
    }
    let (left, right) = (sums(left), sums(right));
    let count = left.1 + right.1;
    (count > 0.0).then(|| from_encoded([0, 1, 2].map(|c| (left.0[c] + right.0[c]) / count)))
}

/// Sums of the encoded channels, pixels outside the region as black, and the number of pixels.
fn sums(zone: &CheekZone) -> ([f64; 3], f64) {
    let mut sums = [0_u64; 3];
    for (pixel, inside) in zone.pixels.bytes().as_chunks::<3>().0.iter().zip(&zone.region.values) {
        for (sum, v) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(*v) * u64::from(*inside);
        }
    }
    (sums.map(|s| s as f64), zone.region.values.len() as f64)
}

/// Distance outside the skin range of a mean encoded colour, 0-255 a channel.
///
/// # Source
/// CIE L*a*b* under D50. The reference implementation computes with k = 24289/27 where CIE has 24389/27; so does this.
pub(super) fn from_encoded(rgb: [f64; 3]) -> f64 {
    let [r, g, b] = rgb.map(|v| linear_from_srgb(v / 255.0));
    let xyz = [0.43605 * r + 0.38508 * g + 0.14309 * b, 0.22249 * r + 0.71689 * g + 0.06062 * b, 0.01393 * r + 0.09710 * g + 0.71419 * b];
    let white = [0.964_221, 1.0, 0.825_211];
    let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24289.0 / 27.0 * t + 16.0) / 116.0 };
    let [fx, fy, fz] = [0, 1, 2].map(|i| f(xyz[i] / white[i]));
    let (a, b) = (500.0 * (fx - fy), 200.0 * (fy - fz));
    if a < 0.0 || b < 0.0 {
        return 100.0;
    }
    let outside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    outside(a, 5.0, 25.0).hypot(outside(b, 5.0, 35.0))
}

pub(super) fn score(native: f64) -> f64 {
    curve(native, 200.0, 1.0, -1.0, 0.0, 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skin_of_every_tone_is_natural_and_a_blue_cast_is_not() {
        for skin in [[241.0, 194.0, 167.0], [198.0, 134.0, 102.0], [141.0, 85.0, 56.0], [80.0, 50.0, 38.0]] {
            assert!(from_encoded(skin) < 3.0, "{skin:?}: {}", from_encoded(skin));
        }
        assert_eq!(from_encoded([100.0, 120.0, 200.0]), 100.0);
        assert!(from_encoded([220.0, 90.0, 60.0]) > 10.0);
    }
}
