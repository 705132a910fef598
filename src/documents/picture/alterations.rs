//! Signs that somebody worked on a document. Hints, never proof, and never a reason to refuse by themselves.
//!
//! | Sign | Where it comes from |
//! | --- | --- |
//! | a few characters of the zone on paper of another tone, sharply bounded | other characters on a patch, or the old ones scraped off |
//! | a portrait whose edges do not run along the page's | a photograph that was pasted over the printed one |
//!
//! What is done with care shows neither. The limits were set on rendered pages of one seed and are measured on others by
//! `visavis evaluate document-scenes`.

use super::copies::{Place, flattened};
use super::refine::median;
use crate::documents::checks::{Sign, Suspicion};
use crate::documents::mrz::Format;
use crate::geometry::{Point, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::{Plane, grey_plane};
use crate::imaging::perspective::{Homography, sample_perspective};
use crate::imaging::statistics::Histogram;

/// Pixels a millimetre at which both are looked at: about what a webcam has on a page.
const FLAT: f32 = 6.0;

/// Whether characters of the zone stand on a patch.
///
/// - `zone`: corners of its lines in the picture, top left first as it is read, then clockwise.
#[must_use]
pub fn zone_patched(frame: &Frame, format: Format, zone: &[Point; 4]) -> Suspicion {
    let Some(lines) = paper_of(frame, format.widths(), zone).filter(|_| format.is_icao()) else { return Suspicion::NotLooked };
    let strongest = lines.iter().map(Vec::as_slice).map(patch).fold(0.0_f32, f32::max);
    if strongest >= PATCH {
        return Suspicion::Suspected { confidence: 0.5, sign: Sign::ZonePatched };
    }
    Suspicion::None { confidence: 1.0 - (strongest / PATCH).clamp(0.0, 0.9) }
}

/// Smallest step at both ends of a patch, over the paper's level and over what such steps come to elsewhere in the line.
const PATCH: f32 = 1.0;
/// Step over the paper's level that counts as one.
const STEP: f32 = 0.02;
/// Step over the usual difference of neighbours in the same line.
const UNUSUAL: f32 = 4.0;
/// Difference from the line's paper that no paper has, over its level, and places around a patch that have to be clear of it.
const FAR_OFF: f32 = 0.16;
const CLEAR: usize = 4;
/// Characters of a patch, at least and at most.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=9;
/// Height of capitals and distance of lines in a zone, millimetres.
const CAPITAL_MM: f32 = 2.5;
/// Half height of the strip around a line in which its paper is looked at, millimetres.
const STRIP_MM: f32 = 2.1;
/// Share of a character's place that is darker than its paper.
const PAPER: f64 = 0.85;

/// Level of the paper under every character of every line; `None` where the zone is too small in the picture.
fn paper_of(frame: &Frame, widths: &[usize], zone: &[Point; 4]) -> Option<Vec<Vec<f32>>> {
    let characters = *widths.first()?;
    let length = zone[0].distance(zone[1]).min(zone[3].distance(zone[2]));
    // Fewer pixels than that, and letters run into the paper between them.
    if !length.is_finite() || length < 8.0 * characters as f32 {
        return None;
    }
    let pitch = if widths.len() > 2 { 4.23 } else { 6.35 };
    let width = characters as f32 * 2.54;
    let height = CAPITAL_MM + (widths.len() - 1) as f32 * pitch;
    let to_picture = Homography::from_corners(
        &[(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| Point::new(x * FLAT, (y + STRIP_MM) * FLAT)),
        zone,
    )?;
    let size = Size::new((width * FLAT) as u32, ((height + 2.0 * STRIP_MM) * FLAT) as u32);
    let flat = grey_plane(&sample_perspective(frame, &to_picture, size, [0; 3]));
    let of_line = |line: usize| {
        let middle = (STRIP_MM + CAPITAL_MM / 2.0 + line as f32 * pitch) * FLAT;
        let rows = ((middle - STRIP_MM * FLAT).max(0.0) as u32, ((middle + STRIP_MM * FLAT) as u32).min(size.height));
        let step = size.width as f32 / characters as f32;
        let paper = |at: usize| percentile(&flat, ((at as f32 * step) as u32, ((at + 1) as f32 * step) as u32), rows, PAPER);
        (0..characters).map(paper).collect()
    };
    Some((0..widths.len()).map(of_line).collect())
}

/// Level below which that part of a piece of a picture lies.
fn percentile(plane: &Plane, columns: (u32, u32), rows: (u32, u32), part: f64) -> f32 {
    let row = |y: u32| &plane.row(y)[columns.0 as usize..(columns.1.min(plane.size.width)) as usize];
    Histogram::of((rows.0..rows.1).flat_map(|y| row(y).iter().copied())).percentile(part).map_or(0.0, f32::from)
}

/// How much the clearest patch of a line stands out: 1 is the limit.
///
/// A patch is a few neighbours that are all lighter, or all darker, than those before and after them. Light falls off slowly and gives no step;
/// a shadow that reaches in from one end gives only one.
fn patch(paper: &[f32]) -> f32 {
    let level = median(&mut paper.to_vec());
    let usual = median(&mut paper.windows(2).map(|w| (w[1] - w[0]).abs()).collect::<Vec<_>>()).max(level * 0.002);
    let mut strongest = 0.0_f32;
    for length in LENGTHS {
        for start in 2..paper.len().saturating_sub(length + 1) {
            let inside = &paper[start..start + length];
            let (before, after) = (&paper[start - 2..start], &paper[start + length..start + length + 2]);
            let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
            let middle = mean(inside);
            let steps = [middle - mean(before), middle - mean(after)];
            if steps[0] * steps[1] <= 0.0 {
                continue;
            }
            // What is far off is no paper: a finger, its shadow, glare.
            let around = &paper[start.saturating_sub(CLEAR)..(start + length + CLEAR).min(paper.len())];
            if around.iter().any(|v| (v - level).abs() > FAR_OFF * level) {
                continue;
            }
            let step = steps[0].abs().min(steps[1].abs());
            // Within it the paper is one.
            let spread = mean(&inside.iter().map(|v| (v - middle).abs()).collect::<Vec<_>>());
            let even = (step - spread).max(0.0);
            strongest = strongest.max((even / (level.max(1.0) * STEP)).min(even / (usual * UNUSUAL)));
        }
    }
    strongest
}

/// Whether the portrait stands askew on its page.
///
/// - `place`: the page; of a part of one nothing is known.
/// - `face`: corners of the face's box in the picture.
#[must_use]
pub fn portrait_askew(frame: &Frame, place: &Place, face: &[Point; 4]) -> Suspicion {
    let Some(askew) = askew(frame, place, face) else { return Suspicion::NotLooked };
    if askew >= ASKEW {
        return Suspicion::Suspected { confidence: 0.5, sign: Sign::PortraitAskew };
    }
    Suspicion::None { confidence: 1.0 - (askew / ASKEW).clamp(0.0, 0.9) }
}

/// Angle between a portrait's sides and its page's from which on it is askew, degrees. Corners that are found a little off turn a page by less.
const ASKEW: f32 = 1.0;
/// Sides of a photograph are parallel within, degrees.
const PARALLEL: f32 = 0.5;
/// Largest angle looked for, and its steps, degrees.
const STEEPEST: f32 = 4.0;
const ANGLE_STEP: f32 = 0.25;
/// Where a portrait's side lies: distance from the middle of the face over the width of its box.
const SIDE: (f32, f32) = (0.6, 1.25);
/// Rows that are looked at, over the height of the face's box, from its upper edge.
const ROWS: (f32, f32) = (-0.2, 0.95);
/// Fewest levels of a side.
const LEAST_STEP: f32 = 5.0;
/// Share of a side along which it has to be seen.
const SEEN: f32 = 0.75;

/// Degrees by which the portrait's two upright sides lean against the page, where both are seen and agree.
fn askew(frame: &Frame, place: &Place, face: &[Point; 4]) -> Option<f32> {
    if !place.whole {
        return None;
    }
    let (flat, to_picture) = flattened(frame, place, FLAT)?;
    let (flat, to_page) = (grey_plane(&flat), to_picture.inverse()?);
    let corners = face.map(|p| to_page.apply(p));
    let range = |of: fn(&Point) -> f32| corners.iter().map(of).fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let ((left, right), (top, bottom)) = (range(|p| p.x), range(|p| p.y));
    let (width, height) = (right - left, bottom - top);
    if !(width >= 24.0 && height >= 24.0) {
        return None;
    }
    let middle = (left + right) / 2.0;
    // A face that stands on its head shows its portrait's sides alike; its rows are the same ones from the other end.
    let over = corners[0].y > corners[3].y;
    let along = if over { (bottom - ROWS.1 * height, bottom - ROWS.0 * height) } else { (top + ROWS.0 * height, top + ROWS.1 * height) };
    let sides = [(middle - SIDE.1 * width, middle - SIDE.0 * width), (middle + SIDE.0 * width, middle + SIDE.1 * width)];
    let [a, b] = sides.map(|across| side(&flat, across, along));
    let (a, b) = (a?, b?);
    ((a - b).abs() <= PARALLEL).then(|| ((a + b) / 2.0).abs())
}

/// Angle of the strongest upright edge between two columns, degrees from upright; `None` where no straight edge is seen.
fn side(flat: &Plane, across: (f32, f32), along: (f32, f32)) -> Option<f32> {
    let limit = |v: f32, most: u32| v.clamp(2.0, most.saturating_sub(3) as f32) as i64;
    let (left, right) = (limit(across.0, flat.size.width), limit(across.1, flat.size.width));
    let (top, bottom) = (limit(along.0, flat.size.height), limit(along.1, flat.size.height));
    // The portrait has to be whole on the page that was found.
    if right - left < 8 || bottom - top < 24 {
        return None;
    }
    let step = |x: i64, y: i64| {
        let row = flat.row(y as u32);
        let at = |dx: i64| f32::from(row[(x + dx).clamp(0, i64::from(flat.size.width) - 1) as usize]);
        at(1) + at(2) - at(-1) - at(-2)
    };
    let centre = (top + bottom) as f32 / 2.0;
    let angles = (2.0 * STEEPEST / ANGLE_STEP) as i32;
    let mut best = (0.0_f32, 0.0_f32);
    for turn in 0..=angles {
        let degrees = turn as f32 * ANGLE_STEP - STEEPEST;
        let slope = degrees.to_radians().tan();
        for x in left..=right {
            let steps: Vec<f32> = (top..=bottom).map(|y| step((x as f32 + slope * (y as f32 - centre)).round() as i64, y) / 2.0).collect();
            let mean = steps.iter().sum::<f32>() / steps.len() as f32;
            if mean.abs() < LEAST_STEP || mean.abs() <= best.0 {
                continue;
            }
            let seen = steps.iter().filter(|s| *s * mean.signum() > 0.35 * mean.abs()).count();
            if seen as f32 >= SEEN * steps.len() as f32 {
                best = (mean.abs(), degrees);
            }
        }
    }
    (best.0 > 0.0).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::super::quad::Quad;
    use super::*;

    /// Two lines of 44 capitals on paper whose tone under each character is `tone`.
    fn zone(tone: impl Fn(u32) -> f32) -> (Frame, [Point; 4]) {
        let (left, top, pitch) = (60.0, 100.0, 16.0);
        let frame = Frame::from_fn(Size::new(840, 260), |x, y| {
            let at = ((x as f32 - left) / pitch).floor();
            let inside = (x as f32 - left).rem_euclid(pitch);
            let line = |from: f32| (y as f32) >= from && (y as f32) < from + 15.0;
            let ink = (0.0..44.0).contains(&at) && (line(top) || line(top + 40.0)) && (3.0..6.0).contains(&inside);
            [if ink { 40 } else { tone(at.max(0.0) as u32) as u8 }; 3]
        });
        let (right, bottom) = (left + 44.0 * pitch, top + 55.0);
        (frame, [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point::new(x, y)))
    }

    #[test]
    fn a_patch_under_some_characters_is_seen_and_a_shadow_is_none() {
        let looked = |tone: &dyn Fn(u32) -> f32| {
            let (frame, corners) = zone(tone);
            zone_patched(&frame, Format::Td3, &corners)
        };
        assert!(matches!(looked(&|_| 220.0), Suspicion::None { .. }));
        assert!(matches!(looked(&|at| 230.0 - at as f32), Suspicion::None { .. }), "light that falls off");
        assert!(matches!(looked(&|at| if at < 9 { 150.0 } else { 220.0 }), Suspicion::None { .. }), "a shadow from one end");
        assert!(matches!(looked(&|at| if (12..17).contains(&at) { 206.0 } else { 220.0 }), Suspicion::Suspected { .. }));
        assert!(matches!(looked(&|at| if (30..33).contains(&at) { 240.0 } else { 220.0 }), Suspicion::Suspected { .. }), "lighter");
    }

    #[test]
    fn a_zone_too_small_is_not_looked_at() {
        let (frame, corners) = zone(|at| if (12..17).contains(&at) { 190.0 } else { 220.0 });
        let small = corners.map(|p| Point::new(p.x / 3.0, p.y / 3.0));
        assert_eq!(zone_patched(&frame, Format::Td3, &small), Suspicion::NotLooked);
    }

    /// A card with a grey portrait turned by so many degrees, and the corners of the face in it.
    fn card(degrees: f32) -> (Frame, Place, [Point; 4]) {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let frame = Frame::from_fn(Size::new(640, 420), |x, y| {
            let (dx, dy) = (x as f32 - 160.0, y as f32 - 200.0);
            let (u, v) = (cos * dx + sin * dy, cos * dy - sin * dx);
            let face = (u / 44.0).powi(2) + (v / 60.0).powi(2) < 1.0;
            let photograph = u.abs() < 78.0 && v.abs() < 100.0;
            [if face {
                90
            } else if photograph {
                170
            } else {
                225
            }; 3]
        });
        let corner = |x, y| Point::new(x, y);
        let corners = Quad([corner(20.0, 20.0), corner(620.0, 20.0), corner(620.0, 398.0), corner(20.0, 398.0)]);
        let face = [corner(116.0, 140.0), corner(204.0, 140.0), corner(204.0, 260.0), corner(116.0, 260.0)];
        (frame, Place { corners, size_mm: (85.6, 53.98), whole: true }, face)
    }

    #[test]
    fn a_portrait_that_was_pasted_in_askew_is_seen() {
        for (degrees, suspected) in [(0.0, false), (0.3, false), (1.8, true), (-2.5, true)] {
            let (frame, place, face) = card(degrees);
            let found = portrait_askew(&frame, &place, &face);
            assert_eq!(matches!(found, Suspicion::Suspected { .. }), suspected, "{degrees}: {found:?}");
            assert!(found != Suspicion::NotLooked);
            let over = [face[2], face[3], face[0], face[1]];
            assert_eq!(matches!(portrait_askew(&frame, &place, &over), Suspicion::Suspected { .. }), suspected, "on its head");
        }
    }

    #[test]
    fn without_edges_or_a_whole_page_nothing_is_said_of_a_portrait() {
        let (frame, place, face) = card(2.0);
        assert_eq!(portrait_askew(&Frame::filled(frame.size(), [200; 3]), &place, &face), Suspicion::NotLooked);
        assert_eq!(portrait_askew(&frame, &Place { whole: false, ..place }, &face), Suspicion::NotLooked);
        let tiny = [face[0]; 4];
        assert_eq!(portrait_askew(&frame, &place, &tiny), Suspicion::NotLooked);
    }
}
