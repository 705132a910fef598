//! The search as a whole, with a reader that knows nothing.

use super::decode::{CLASSES, SYMBOLS, Scores};
use super::line::LinePicture;
use super::search::{LineReader, find, read_at};
use super::standard::places;
use crate::documents::document_type::PageShape;
use crate::geometry::{Point, Size};
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

const ZONE: [&str; 2] = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];

/// Says the lines of a specimen, whatever it is shown.
struct Reciter {
    next: usize,
}

impl LineReader for Reciter {
    type Error = Infallible;

    fn size(&self) -> Size {
        Size::new(640, 32)
    }

    fn read(&mut self, lines: &[LinePicture]) -> Result<Vec<Scores>, Infallible> {
        let mut say = |_: &LinePicture| {
            let text = ZONE[self.next % 2];
            self.next += 1;
            let mut logits = vec![0.0; 160 * CLASSES];
            logits.chunks_exact_mut(CLASSES).for_each(|column| column[CLASSES - 1] = 9.0);
            for (i, c) in text.chars().enumerate() {
                let class = SYMBOLS.iter().position(|s| *s == c).expect("a symbol");
                let column = &mut logits[(3 + i * 7 / 2) * CLASSES..][..CLASSES];
                column[CLASSES - 1] = 0.0;
                column[class] = 12.0;
            }
            Scores::from_logits(&logits).expect("finite")
        };
        Ok(lines.iter().map(&mut say).collect())
    }
}

/// Two lines of 44 pairs of strokes below the middle of a page, turned clockwise about it; with the corners of both together.
fn page(degrees: f32) -> (Frame, [Point; 4]) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let size = Size::new(1000, 1000);
    let picture = Frame::from_fn(size, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - 500.0, y as f32 + 0.5 - 500.0);
        let (u, v) = (dx * cos + dy * sin, -dx * sin + dy * cos);
        let along = u.rem_euclid(18.0);
        let stroke = (2.0..6.0).contains(&along) || (10.0..14.0).contains(&along);
        let line = (v - 150.0).abs() < 8.5 || (v - 195.0).abs() < 8.5;
        if stroke && line && u.abs() < 396.0 { [40; 3] } else { [200; 3] }
    });
    let at = |u: f32, v: f32| Point::new(500.0 + u * cos - v * sin, 500.0 + u * sin + v * cos);
    (picture, [at(-394.0, 141.5), at(392.0, 141.5), at(392.0, 203.5), at(-394.0, 203.5)])
}

#[test]
fn a_zone_is_found_where_it_is_at_any_turn() {
    for degrees in [0.0, 7.0, -25.0, 40.0] {
        let (picture, corners) = page(degrees);
        let Ok(found) = find(&picture, &mut Reciter { next: 0 }, date!(2026 - 01 - 01));
        let found = found.unwrap_or_else(|| panic!("no zone at {degrees}"));
        assert!(found.is_right() && found.reading.mrz.lines == ZONE, "{degrees}");
        for (seen, true_one) in found.corners.iter().zip(&corners) {
            assert!(seen.distance(*true_one) < 14.0, "{degrees}: {:?} instead of {corners:?}", found.corners);
        }
        assert!((found.turn().to_degrees() - degrees).abs() < 1.5, "{degrees}: {}", found.turn().to_degrees());
        assert!((14.0..23.0).contains(&found.capitals), "{degrees}: {}", found.capitals);
    }
}

#[test]
fn places_are_read_until_one_is_right_and_print_that_says_nothing_is_no_zone() {
    let picture = Frame::filled(Size::new(1250, 880), [230; 3]);
    let places = places(PageShape::Id2OrId3, picture.size());
    let today = date!(2026 - 01 - 01);
    let Ok(found) = read_at(&picture, &places, &mut Reciter { next: 0 }, today);
    let found = found.expect("a zone");
    assert!(found.is_right() && found.reading.mrz.lines == ZONE);
    // The lower edge of the page, upright.
    assert!(found.corners.iter().all(|c| c.y > 700.0) && found.turn().abs() < 0.01, "{:?}", found.corners);
    let mut mumbler = Mumbler { asked: 0 };
    assert_eq!(read_at(&picture, &places, &mut mumbler, today), Ok(None));
    assert!(mumbler.asked >= 4 * 2 * 2, "every place is tried either way up: {} lines", mumbler.asked);
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
