//! OCR-B letters drawn into a picture.

use crate::imaging::Frame;
use std::collections::HashMap;

const OUTLINES: &str = include_str!("../../../../../assets/specimen/ocr-b.txt");

/// Units of the outlines in one pitch, 2.54 mm.
pub(super) const PITCH_UNITS: f32 = 723.0;
/// Millimetres of a unit at size I.
pub(super) const UNIT_MM: f32 = 2.54 / PITCH_UNITS;
/// Height of a capital, units.
const CAPITAL: f32 = 706.0;

/// Rows of samples in one pixel.
const ROWS: i32 = 4;

/// The letters' outlines.
pub(super) struct Lettering {
    glyphs: HashMap<char, Vec<Vec<(f32, f32)>>>,
}

/// How a line of text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// Left end of the base line, pixels.
    pub x: f32,
    pub y: f32,
    /// Pixels of an outline's unit.
    pub scale: f32,
    /// From letter to letter over the font's own pitch.
    pub spacing: f32,
    pub ink: [u8; 3],
}

impl Lettering {
    pub fn new() -> Self {
        let point = |text: &str| {
            let (x, y) = text.split_once(',')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        };
        let glyph = |line: &str| {
            let (letter, contours) = line.split_once('\t')?;
            let contours = contours.split(';').map(|contour| contour.split(' ').filter_map(point).collect()).collect();
            Some((letter.chars().next()?, contours))
        };
        Self { glyphs: OUTLINES.lines().filter(|l| !l.starts_with('#')).filter_map(glyph).collect() }
    }

    /// Pixels of a unit for capitals of that height.
    pub fn scale_for(capital_px: f32) -> f32 {
        capital_px / CAPITAL
    }

    /// Draws one line; letters the font does not have are left blank, small letters are drawn as capitals.
    pub fn draw(&self, canvas: &mut Frame, text: &str, setting: &Setting) {
        for (i, letter) in text.chars().flat_map(char::to_uppercase).enumerate() {
            let Some(contours) = self.glyphs.get(&letter) else { continue };
            let left = setting.x + i as f32 * PITCH_UNITS * setting.scale * setting.spacing;
            let place = |(x, y): (f32, f32)| (left + x * setting.scale, setting.y - y * setting.scale);
            let edges: Vec<[(f32, f32); 2]> =
                contours.iter().flat_map(|c| c.iter().zip(c.iter().cycle().skip(1)).map(|(a, b)| [place(*a), place(*b)])).collect();
            fill(canvas, &edges, setting.ink);
        }
    }
}

/// Fills what the edges enclose under the non-zero rule, with smooth borders.
fn fill(canvas: &mut Frame, edges: &[[(f32, f32); 2]], ink: [u8; 3]) {
    let (width, height) = (canvas.width() as i32, canvas.height() as i32);
    let bounds = edges
        .iter()
        .flatten()
        .fold((f32::MAX, f32::MIN, f32::MAX, f32::MIN), |b, p| (b.0.min(p.0), b.1.max(p.0), b.2.min(p.1), b.3.max(p.1)));
    if bounds.0 > bounds.1 {
        return;
    }
    let (left, right) = ((bounds.0.floor() as i32).clamp(0, width), (bounds.1.ceil() as i32).clamp(0, width));
    let mut cover = vec![0.0_f32; (right - left).max(0) as usize];
    for y in (bounds.2.floor() as i32).clamp(0, height)..(bounds.3.ceil() as i32).clamp(0, height) {
        cover.fill(0.0);
        for row in 0..ROWS {
            let at = y as f32 + (row as f32 + 0.5) / ROWS as f32;
            let mut crossings: Vec<(f32, i32)> = edges.iter().filter_map(|e| crossing(e, at)).collect();
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut winding = 0;
            for pair in crossings.windows(2) {
                winding += pair[0].1;
                if winding != 0 {
                    span(&mut cover, pair[0].0 - left as f32, pair[1].0 - left as f32);
                }
            }
        }
        for (share, x) in cover.iter().zip(left..) {
            if *share > 0.0 {
                let at = (y * width + x) as usize * 3;
                let share = (share / ROWS as f32).min(1.0);
                for (v, i) in canvas.bytes_mut()[at..at + 3].iter_mut().zip(ink) {
                    *v = (f32::from(*v) + (f32::from(i) - f32::from(*v)) * share + 0.5) as u8;
                }
            }
        }
    }
}

/// Where an edge crosses a row, and in which direction.
fn crossing([a, b]: &[(f32, f32); 2], y: f32) -> Option<(f32, i32)> {
    ((a.1 <= y) != (b.1 <= y)).then(|| (a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0), if a.1 < b.1 { 1 } else { -1 }))
}

/// Adds the part of each pixel that lies between two places of a row.
fn span(cover: &mut [f32], from: f32, to: f32) {
    let first = from.floor().max(0.0) as usize;
    let last = (to.ceil().max(0.0) as usize).min(cover.len());
    for (c, x) in cover.iter_mut().take(last).skip(first).zip(first..) {
        *c += (to.min(x as f32 + 1.0) - from.max(x as f32)).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn every_letter_of_a_zone_is_there_and_looks_its_own() {
        let lettering = Lettering::new();
        let mut seen = std::collections::HashSet::new();
        for letter in ('0'..='9').chain('A'..='Z').chain(['<']) {
            let mut canvas = Frame::filled(Size::new(40, 40), [255; 3]);
            let setting = Setting { x: 5.0, y: 34.0, scale: 28.0 / CAPITAL, spacing: 1.0, ink: [0; 3] };
            lettering.draw(&mut canvas, &letter.to_string(), &setting);
            let ink: u32 = canvas.bytes().iter().step_by(3).map(|v| u32::from(255 - v)).sum::<u32>() / 255;
            assert!((30..400).contains(&ink), "{letter}: {ink} black pixels");
            assert!(seen.insert(canvas.into_bytes()), "{letter} looks like another letter");
        }
    }

    #[test]
    fn holes_stay_open() {
        let mut canvas = Frame::filled(Size::new(60, 60), [255; 3]);
        let setting = Setting { x: 5.0, y: 52.0, scale: 44.0 / CAPITAL, spacing: 1.0, ink: [0; 3] };
        Lettering::new().draw(&mut canvas, "O", &setting);
        let middle = 5 + (PITCH_UNITS / 2.0 * setting.scale) as i64;
        assert_eq!(canvas.pixel_clamped(middle, 30), [255; 3]);
    }
}
