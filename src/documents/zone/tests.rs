//! The search as a whole, with a reader that knows nothing.

use super::decode::{CLASSES, Scores};
use super::line::LinePicture;
use super::search::{LineReader, find};
use crate::geometry::Size;
use crate::imaging::Frame;
use std::convert::Infallible;
use time::macros::date;

/// Answers every picture with the same scores, and counts.
struct Mumbler {
    asked: usize,
}

impl LineReader for Mumbler {
    type Error = Infallible;

    fn size(&self) -> Size {
        Size::new(640, 32)
    }

    fn read(&mut self, lines: &[LinePicture]) -> Result<Vec<Scores>, Infallible> {
        self.asked += lines.len();
        assert!(lines.iter().all(|l| l.grey.iter().all(|v| (0.0..=1.0).contains(v)) && l.filled <= 640));
        let logits: Vec<f32> = (0..160 * CLASSES).map(|i| ((i * 7) % 13) as f32).collect();
        Ok(lines.iter().map(|_| Scores::from_logits(&logits).expect("finite")).collect())
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    /// Whatever the picture, the search ends, reads no more than it may, and no reading it invents is right.
    #[test]
    fn any_picture_is_survived(width in 1_u32..500, height in 1_u32..400, period in 1_u32..40, tilt in 0_u32..5, seed in 0_u32..1000) {
        let picture = Frame::from_fn(Size::new(width, height), |x, y| {
            let band = ((y + x * tilt / 20) / period) % 2 == 0;
            let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) ^ seed).wrapping_mul(2_246_822_519) >> 26;
            let ink = if band && (x / 3) % 2 == 0 { 60 } else { 190 };
            [(ink + noise) as u8; 3]
        });
        let mut reader = Mumbler { asked: 0 };
        let Ok(found) = find(&picture, &mut reader, date!(2026 - 01 - 01));
        proptest::prop_assert!(reader.asked <= 100 + 40, "{} lines read", reader.asked);
        proptest::prop_assert!(found.is_none_or(|f| !f.is_right()));
    }
}
