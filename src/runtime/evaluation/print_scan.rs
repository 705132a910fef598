//! Simulated print and scan: what happens to a picture on its way onto a document and back through a camera. No printed document was
//! photographed for it; whatever rests on it is labelled simulated.
//!
//! In order, each with a strength of its own: colour fades towards grey and one tone; blacks lift and contrast falls; the finest detail goes
//! (print resolution); a raster of dots and fine waves of security print lie over it; the camera adds noise and a JPEG of middling quality.

use crate::geometry::Size;
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::imaging::encode::jpeg;
use crate::imaging::resize::resize;
use std::f32::consts::TAU;

/// Words for the data of a calibration.
pub const LABEL: &str = "simulated print and scan of one side against the picture as it is";

/// Numbers that follow from a seed alone.
struct Dice(u64);

impl Dice {
    /// Evenly in `low..high`.
    fn between(&mut self, low: f32, high: f32) -> f32 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        low + (high - low) * ((z >> 40) as f32 / (1_u64 << 24) as f32)
    }
}

/// A picture as a portrait printed on a document shows it. The same seed gives the same picture.
#[must_use]
pub fn printed_and_scanned(picture: &Frame, seed: u64) -> Frame {
    let mut dice = Dice(seed);
    let (colour, contrast, lift) = (dice.between(0.0, 0.7), dice.between(0.62, 0.9), dice.between(12.0, 40.0));
    let tone = [dice.between(-9.0, 9.0), dice.between(-5.0, 5.0), dice.between(-9.0, 9.0)];
    let coarser = dice.between(1.15, 1.9);
    let side = |length: u32| ((length as f32 / coarser).round() as u32).max(1);
    let coarse = resize(&resize(picture, Size::new(side(picture.width()), side(picture.height()))), picture.size());
    let raster = Wave::new(&mut dice, (2.0, 5.0), (2.3, 4.0));
    let waves = [Wave::new(&mut dice, (2.0, 7.0), (6.0, 18.0)), Wave::new(&mut dice, (2.0, 7.0), (6.0, 18.0))];
    let noise = dice.between(1.5, 4.0);
    let quality = dice.between(55.0, 88.0) as u8;
    let mut grain = Dice(seed ^ 0xA5A5_A5A5);
    let printed = Frame::from_fn(picture.size(), |x, y| {
        let rgb = coarse.pixel_clamped(i64::from(x), i64::from(y)).map(f32::from);
        let grey = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
        let over = raster.at(x, y) + waves.iter().map(|w| w.at(x, y)).sum::<f32>();
        [0, 1, 2].map(|k| {
            let faded = grey + colour * (rgb[k] - grey);
            let value = lift + contrast * faded + tone[k] + over + grain.between(-noise, noise);
            value.round().clamp(0.0, 255.0) as u8
        })
    });
    // A JPEG that cannot be written or read back leaves the picture as it was printed.
    let scanned = jpeg(&printed, quality).ok().and_then(|bytes| decode_picture(&bytes, &DecodeLimits::default()).ok());
    scanned.unwrap_or(printed)
}

/// A wave over the page, bent a little.
struct Wave {
    strength: f32,
    across: (f32, f32),
    bend: (f32, f32),
}

impl Wave {
    fn new(dice: &mut Dice, strength: (f32, f32), period: (f32, f32)) -> Self {
        let angle = dice.between(0.0, TAU);
        let rate = TAU / dice.between(period.0, period.1);
        let strength = dice.between(strength.0, strength.1);
        let bend = (dice.between(0.0, 2.5), TAU / dice.between(30.0, 120.0));
        Self { strength, across: (angle.cos() * rate, angle.sin() * rate), bend }
    }

    fn at(&self, x: u32, y: u32) -> f32 {
        let (x, y) = (x as f32, y as f32);
        let bent = self.bend.0 * (self.bend.1 * (x - y)).sin();
        self.strength * (self.across.0 * x + self.across.1 * y + bent).sin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_is_paler_coarser_and_the_same_for_the_same_seed() {
        let picture = Frame::from_fn(Size::new(96, 120), |x, y| if (x / 12 + y / 12) % 2 == 0 { [230, 40, 30] } else { [20, 30, 60] });
        let first = printed_and_scanned(&picture, 7);
        assert_eq!(first, printed_and_scanned(&picture, 7));
        assert_ne!(first, printed_and_scanned(&picture, 8));
        assert_eq!(first.size(), picture.size());
        let spread = |f: &Frame| f.bytes().iter().max().copied().unwrap_or(0) - f.bytes().iter().min().copied().unwrap_or(0);
        assert!(spread(&first) < spread(&picture), "contrast falls");
        let colour = |f: &Frame| f.bytes().as_chunks::<3>().0.iter().map(|p| u64::from(p[0].abs_diff(p[2]))).sum::<u64>();
        assert!(colour(&first) < colour(&picture), "colour fades");
        for size in [Size::new(1, 1), Size::new(3, 200)] {
            assert_eq!(printed_and_scanned(&Frame::filled(size, [9, 9, 9]), 1).size(), size);
        }
    }
}
