//! Signs that a picture shows no document but a copy of one: on a screen, or from an office machine. Hints, never proof.
//!
//! | Sign | Where it comes from |
//! | --- | --- |
//! | fine changes of colour where print is calm | the coloured stripes of a screen's pixels against the camera's |
//! | a dark frame around the page | the bezel of a device, or the background of its viewer |
//! | no colour on the page although the camera sees colours | a grey copy |
//! | ink that is far from black | a colour print, whose dots the camera averages with the paper |
//!
//! The limits were set on rendered scenes of one seed and are measured on others by `visavis evaluate document-scenes`. Real devices and machines
//! differ: what is said here sends a document to a person, it does not refuse it.

use super::find::Found;
use super::quad::Quad;
use crate::documents::checks::{Sign, Suspicion};
use crate::documents::mrz::Format;
use crate::geometry::{Point, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::{grey, grey_plane};
use crate::imaging::perspective::{Homography, sample_perspective};
use crate::imaging::statistics::Histogram;

/// Where a document lies, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Its corners in the picture, or those of a part of it.
    pub corners: Quad,
    /// Width and height of what they enclose, millimetres.
    pub size_mm: (f32, f32),
    /// Whether the corners are the page's own, so that what surrounds it can be looked at.
    pub whole: bool,
}

impl Place {
    /// The page that was found.
    #[must_use]
    pub const fn of_page(found: &Found) -> Self {
        let (width, height) = found.form.shape.size_mm();
        Self { corners: found.corners, size_mm: (width as f32, height as f32), whole: true }
    }

    /// A picture that shows the page and nothing else.
    #[must_use]
    pub fn of_picture(size: Size, (width, height): (f64, f64)) -> Self {
        let (right, bottom) = (size.width as f32, size.height as f32);
        let corners = Quad([(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)].map(|(x, y)| Point::new(x, y)));
        Self { corners, size_mm: (width as f32, height as f32), whole: true }
    }

    /// What lies above a zone, where the page's own edges were not found. `zone`: its corners, top left first as it is read, then clockwise.
    #[must_use]
    pub fn above_zone(format: Format, zone: &[Point; 4]) -> Self {
        const MARGIN: f32 = 2.0;
        let (length, high) = match format {
            Format::Td3 | Format::MrvA => (111.0, 52.0),
            Format::Td2 | Format::MrvB | Format::FrenchIdentityCard => (90.7, 40.0),
            Format::Td1 | Format::FrenchDrivingLicence | Format::SwissDrivingLicence => (75.4, 26.0),
        };
        let [left, right, ..] = *zone;
        let (x, y) = ((right.x - left.x) / length, (right.y - left.y) / length);
        let at = |along: f32, above: f32| Point::new(left.x + along * x + above * y, left.y + along * y - above * x);
        let (from, to) = (-MARGIN, length + MARGIN);
        let corners = Quad([at(from, high), at(to, high), at(to, MARGIN), at(from, MARGIN)]);
        Self { corners, size_mm: (length + 2.0 * MARGIN, high - MARGIN), whole: false }
    }
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signs {
    /// Root mean square of fine colour, levels: what remains of red and blue less luminance when their mean over 7x7 pixels is taken away, in the
    /// median of the calmer half of the page. Noise of a webcam gives 1 to 6.
    pub fine_colour: f32,
    /// Share of places 3 to 7 mm outside the page that are dark, 0-1; `None` where the page's edges are not known or out of the picture.
    pub dark_around: Option<f32>,
    /// Share of the page that has a colour of its own, 0-1; what reaches in from its edge, as fingers do, is not counted.
    pub coloured: f32,
    /// Share of the page that is covered by colour which reaches in from its edge, 0-1.
    pub covered: f32,
    /// Whether the picture itself has no colour at all: a camera or a scan that sees none.
    pub grey_picture: bool,
    /// Darkest ink over paper, both as encoded levels, 0-1.
    pub ink: f32,
}

/// Side of a cell in which fine colour is measured, pixels.
const CELL: i64 = 32;
/// Cells that are looked at, at most, in each direction.
const CELLS: i64 = 20;
/// Fewer cells than this say nothing.
const FEWEST_CELLS: usize = 8;
/// Half side of the window whose mean is taken away.
const REACH: i64 = 3;
/// Pixels a millimetre of the flat picture in which colour and ink are looked at.
const FLAT: f32 = 4.0;
/// Difference between the largest and the smallest channel, both balanced by the paper's own, that counts as colour, levels.
const COLOUR: f32 = 12.0;

/// Looks for them. `None` for a place too small to tell anything. Takes about 10 ms for 1280x720 on one core.
#[must_use]
pub fn signs(frame: &Frame, place: &Place) -> Option<Signs> {
    let (flat, _) = flattened(frame, place, FLAT)?;
    let histogram = Histogram::of(grey_plane(&flat).values.iter().copied());
    let paper = f32::from(histogram.percentile(0.9)?);
    let ink = f32::from(histogram.percentile(0.004)?) / paper.max(1.0);
    let (coloured, covered) = own_colour(&flat);
    Some(Signs {
        fine_colour: fine_colour(frame, &place.corners)?,
        dark_around: if place.whole { dark_around(frame, place, paper) } else { None },
        coloured,
        covered,
        grey_picture: is_grey(frame),
        ink,
    })
}

/// Fine colour of a calm part of a page above which a screen is suspected if a dark frame is around it.
const SCREEN_IN_A_FRAME: f32 = 10.0;
/// The same without a frame.
const SCREEN: f32 = 13.0;
/// Share of the surroundings that is dark around a device.
const FRAME: f32 = 0.5;

/// Whether a screen shows the document.
#[must_use]
pub fn screen_replay(signs: &Signs) -> Suspicion {
    let framed = signs.dark_around.is_some_and(|share| share > FRAME);
    if framed && signs.fine_colour > SCREEN_IN_A_FRAME {
        return Suspicion::Suspected { confidence: 0.9, sign: Sign::ScreenInFrame };
    }
    if signs.fine_colour > SCREEN {
        return Suspicion::Suspected { confidence: 0.8, sign: Sign::ScreenPixels };
    }
    Suspicion::None { confidence: 1.0 - (signs.fine_colour / SCREEN).clamp(0.0, 0.9) }
}

/// Less of a page in colour than this share is a grey copy.
const GREY: f32 = 0.002;
/// Fingers or other things that cover more than this share leave too little to tell.
const COVERED: f32 = 0.3;
/// Ink above this share of the paper's level is faded.
const FADED: f32 = 0.44;

/// Whether the page is a photocopy or a print.
#[must_use]
pub fn photocopy(signs: &Signs) -> Suspicion {
    let grey = signs.coloured < GREY && signs.covered < COVERED;
    if grey && !signs.grey_picture {
        return Suspicion::Suspected { confidence: 0.8, sign: Sign::NoColour };
    }
    // Of a part of a page it is not known whether it has any black ink.
    if signs.dark_around.is_some() && signs.ink > FADED && signs.fine_colour < SCREEN {
        return Suspicion::Suspected { confidence: 0.5, sign: Sign::PaleInk };
    }
    if grey || signs.covered >= COVERED {
        // A grey scan, or too little of the page in sight.
        return Suspicion::NotLooked;
    }
    Suspicion::None { confidence: (1.0 - signs.ink).clamp(0.1, 1.0) }
}

/// Of colours averaged over several pixels: whole levels, as a histogram counts them, would move the paper's own colour by up to half a level, and
/// with it the share of a page that counts as coloured.
fn quantile(values: &[f32], part: f32) -> Option<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted.get(((sorted.len().max(1) - 1) as f32 * part) as usize).copied()
}

/// The page at so many pixels a millimetre, and where its pixels lie in the picture; `None` for corners or sizes that are of no page.
pub(super) fn flattened(frame: &Frame, place: &Place, px_per_mm: f32) -> Option<(Frame, Homography)> {
    let (columns, rows) = ((place.size_mm.0 * px_per_mm).round(), (place.size_mm.1 * px_per_mm).round());
    if !(place.corners.is_convex() && (16.0..4096.0).contains(&columns) && (16.0..4096.0).contains(&rows)) {
        return None;
    }
    let map = place.corners.picture_from_page(f64::from(columns), f64::from(rows))?;
    Some((sample_perspective(frame, &map, Size::new(columns as u32, rows as u32), [0; 3]), map))
}

/// Shares of a flat page that have colour of their own, and that colour covers from the edge inwards.
fn own_colour(flat: &Frame) -> (f32, f32) {
    let (columns, rows) = (flat.width() as usize / 2, flat.height() as usize / 2);
    let mean = |column: usize, row: usize| -> [f32; 3] {
        let at = |dx, dy| flat.pixel_clamped((2 * column + dx) as i64, (2 * row + dy) as i64);
        std::array::from_fn(|c| [at(0, 0), at(1, 0), at(0, 1), at(1, 1)].iter().map(|p| f32::from(p[c])).sum::<f32>() / 4.0)
    };
    let cells: Vec<[f32; 3]> = (0..columns * rows).map(|i| mean(i % columns, i / columns)).collect();
    let has = coloured(&cells);
    let mut from_edge = vec![false; cells.len()];
    let mut open: Vec<usize> = (0..cells.len())
        .filter(|i| has[*i] && (i % columns == 0 || i % columns == columns - 1 || i / columns == 0 || i / columns == rows - 1))
        .collect();
    while let Some(i) = open.pop() {
        if std::mem::replace(&mut from_edge[i], true) {
            continue;
        }
        let (column, row) = (i % columns, i / columns);
        for (c, r) in [(column.wrapping_sub(1), row), (column + 1, row), (column, row.wrapping_sub(1)), (column, row + 1)] {
            if c < columns && r < rows && has[r * columns + c] && !from_edge[r * columns + c] {
                open.push(r * columns + c);
            }
        }
    }
    let share = |count: usize| count as f32 / cells.len().max(1) as f32;
    let covered = from_edge.iter().filter(|v| **v).count();
    (share(has.iter().filter(|v| **v).count() - covered), share(covered))
}

/// Which colours differ from the colour of the lighter ones among them, the paper's.
fn coloured(cells: &[[f32; 3]]) -> Vec<bool> {
    let sums: Vec<f32> = cells.iter().map(|c| c.iter().sum()).collect();
    let light = quantile(&sums, 0.6).unwrap_or(0.0);
    let paper: [f32; 3] = std::array::from_fn(|c| {
        let channel: Vec<f32> = cells.iter().zip(&sums).filter(|(_, sum)| **sum >= light).map(|(cell, _)| cell[c]).collect();
        quantile(&channel, 0.5).unwrap_or(255.0).max(1.0)
    });
    let level = paper.iter().sum::<f32>() / 3.0;
    let differs = |cell: &[f32; 3]| {
        let balanced: [f32; 3] = std::array::from_fn(|c| cell[c] * level / paper[c]);
        balanced.iter().fold(0.0_f32, |a, v| a.max(*v)) - balanced.iter().fold(f32::INFINITY, |a, v| a.min(*v)) > COLOUR
    };
    cells.iter().map(differs).collect()
}

/// Whether the channels of a coarse grid of pixels agree, as they do in grey pictures and never in a colour camera's, whose noise has colour.
fn is_grey(frame: &Frame) -> bool {
    const GRID: u32 = 96;
    const AGREE: u8 = 2;
    const SHARE: f32 = 0.999;
    let at = |i: u32| frame.pixel_clamped(i64::from(i % GRID * frame.width() / GRID), i64::from(i / GRID * frame.height() / GRID));
    let agree = |rgb: [u8; 3]| rgb.iter().max().zip(rgb.iter().min()).is_some_and(|(high, low)| high - low <= AGREE);
    (0..GRID * GRID).filter(|i| agree(at(*i))).count() as f32 >= SHARE * (GRID * GRID) as f32
}

/// Share of dark places outside the page's four sides.
fn dark_around(frame: &Frame, place: &Place, paper: f32) -> Option<f32> {
    const STEPS: u32 = 40;
    const DARK: f32 = 0.3;
    let (width, height) = place.size_mm;
    let map = place.corners.picture_from_page(f64::from(width), f64::from(height))?;
    let (mut dark, mut seen) = (0_u32, 0_u32);
    for step in 0..STEPS {
        let along = 0.1 + 0.8 * (step as f32 + 0.5) / STEPS as f32;
        for away in [3.0, 5.0, 7.0] {
            let (x, y) = (along * width, along * height);
            for at in [(x, -away), (width + away, y), (x, height + away), (-away, y)] {
                let p = map.apply(Point::new(at.0, at.1));
                if p.x >= 0.0 && p.y >= 0.0 && p.x < frame.width() as f32 && p.y < frame.height() as f32 {
                    seen += 1;
                    dark += u32::from(f32::from(grey(frame.pixel_clamped(p.x as i64, p.y as i64))) < DARK * paper);
                }
            }
        }
    }
    (seen >= STEPS * 3).then(|| dark as f32 / seen as f32)
}

/// One cell: how much coarse luminance and fine colour vary in it, levels.
struct Calm {
    unrest: f32,
    fine_colour: f32,
}

fn fine_colour(frame: &Frame, corners: &Quad) -> Option<f32> {
    let bound = |of: fn(&Point) -> f32, most: u32| {
        let (low, high) = corners.0.iter().map(of).fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        (low.max(REACH as f32) as i64, (high as i64).min(i64::from(most) - REACH) - CELL)
    };
    let ((left, right), (top, bottom)) = (bound(|p| p.x, frame.width()), bound(|p| p.y, frame.height()));
    let step = |from: i64, to: i64| ((to - from) / CELLS).max(CELL) as usize;
    let mut cells = Vec::new();
    for y in (top..=bottom).step_by(step(top, bottom)) {
        for x in (left..=right).step_by(step(left, right)) {
            let ends = [(0, 0), (CELL, 0), (0, CELL), (CELL, CELL)];
            if ends.iter().all(|(dx, dy)| corners.contains(Point::new((x + dx) as f32, (y + dy) as f32))) {
                cells.push(cell(frame, x, y));
            }
        }
    }
    if cells.len() < FEWEST_CELLS {
        return None;
    }
    cells.sort_by(|a, b| a.unrest.total_cmp(&b.unrest));
    let mut calm: Vec<f32> = cells[..cells.len().div_ceil(2)].iter().map(|c| c.fine_colour).collect();
    calm.sort_by(f32::total_cmp);
    Some(calm[calm.len() / 2])
}

fn cell(frame: &Frame, left: i64, top: i64) -> Calm {
    let side = (CELL + 2 * REACH) as usize;
    let mut planes = [const { Vec::new() }; 3];
    for y in 0..side as i64 {
        for x in 0..side as i64 {
            let [r, g, b] = frame.pixel_clamped(left + x - REACH, top + y - REACH);
            let grey = f32::from(grey([r, g, b]));
            planes[0].push(grey);
            planes[1].push(f32::from(r) - grey);
            planes[2].push(f32::from(b) - grey);
        }
    }
    let [grey, red, blue] = planes.map(|plane| (mean_around(&plane, side), plane));
    let inner = CELL as usize;
    let fine = |(mean, plane): &(Vec<f32>, Vec<f32>)| {
        let middle = |i: usize| plane[(i / inner + REACH as usize) * side + i % inner + REACH as usize];
        mean.iter().enumerate().map(|(i, m)| (middle(i) - m).powi(2)).sum::<f32>() / mean.len() as f32
    };
    let mean = grey.0.iter().sum::<f32>() / grey.0.len() as f32;
    let unrest = (grey.0.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / grey.0.len() as f32).sqrt();
    Calm { unrest, fine_colour: (fine(&red) + fine(&blue)).sqrt() }
}

/// Means over the window around every inner place of a square plane.
fn mean_around(plane: &[f32], side: usize) -> Vec<f32> {
    let window = 2 * REACH as usize + 1;
    let inner = side - window + 1;
    let across: Vec<f32> = (0..side * inner).map(|i| plane[i / inner * side + i % inner..][..window].iter().sum()).collect();
    let count = (window * window) as f32;
    (0..inner * inner).map(|i| (0..window).map(|k| across[(i / inner + k) * inner + i % inner]).sum::<f32>() / count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(size: Size) -> Place {
        let (w, h) = (size.width as f32, size.height as f32);
        let corner = |x, y| Point::new(x * w, y * h);
        let corners = Quad([corner(0.2, 0.2), corner(0.8, 0.2), corner(0.8, 0.8), corner(0.2, 0.8)]);
        Place { corners, size_mm: (85.6, 53.98), whole: true }
    }

    const SIZE: Size = Size::new(640, 404);

    /// A page with dark print and a red patch before a green desk.
    fn page(ink: [u8; 3], patch: [u8; 3], around: [u8; 3], paper: impl Fn(u32, u32) -> [u8; 3]) -> Frame {
        Frame::from_fn(SIZE, |x, y| {
            let (u, v) = (x as f32 / SIZE.width as f32, y as f32 / SIZE.height as f32);
            if !((0.2..0.8).contains(&u) && (0.2..0.8).contains(&v)) {
                around
            } else if (0.3..0.4).contains(&u) && (0.3..0.5).contains(&v) {
                patch
            } else if (0.6..0.7).contains(&v) && x % 8 < 2 {
                ink
            } else {
                paper(x, y)
            }
        })
    }

    #[test]
    fn a_coloured_page_on_a_desk_is_not_suspected() {
        let genuine = page([20; 3], [190, 60, 50], [60, 120, 60], |_, _| [225, 222, 214]);
        let signs = signs(&genuine, &place(SIZE)).expect("a place");
        assert!(matches!(screen_replay(&signs), Suspicion::None { .. }), "{signs:?}");
        assert!(matches!(photocopy(&signs), Suspicion::None { .. }), "{signs:?}");
    }

    #[test]
    fn stripes_of_pixels_in_a_dark_frame_are_a_screen() {
        let stripes = |x: u32, y: u32| if (x + y / 5).is_multiple_of(3) { [240, 190, 200] } else { [190, 220, 215] };
        let shown = page([20; 3], [190, 60, 50], [8; 3], stripes);
        let signs = signs(&shown, &place(SIZE)).expect("a place");
        assert!(matches!(screen_replay(&signs), Suspicion::Suspected { confidence, .. } if confidence > 0.85), "{signs:?}");
    }

    #[test]
    fn grey_copies_are_suspected_where_the_camera_sees_colour_and_not_in_grey_scans() {
        let copy = page([40; 3], [90; 3], [60, 120, 60], |_, _| [215; 3]);
        let scan = page([40; 3], [90; 3], [120; 3], |_, _| [215; 3]);
        assert!(matches!(photocopy(&signs(&copy, &place(SIZE)).expect("a place")), Suspicion::Suspected { .. }));
        assert_eq!(photocopy(&signs(&scan, &place(SIZE)).expect("a place")), Suspicion::NotLooked);
    }

    #[test]
    fn a_coloured_finger_does_not_make_a_copy_a_document() {
        let mut copy = page([40; 3], [90; 3], [60, 120, 60], |_, _| [215; 3]);
        let bare = signs(&copy, &place(SIZE)).expect("a place");
        for y in 250..404_i64 {
            for x in 300..330_i64 {
                let at = ((y * i64::from(SIZE.width) + x) * 3) as usize;
                copy.bytes_mut()[at..at + 3].copy_from_slice(&[200, 150, 120]);
            }
        }
        let held = signs(&copy, &place(SIZE)).expect("a place");
        assert!(held.covered > bare.covered + 0.01, "{held:?}");
        assert!(matches!(photocopy(&held), Suspicion::Suspected { .. }), "{held:?}");
    }

    #[test]
    fn pale_ink_is_a_hint_only() {
        let pale = page([120; 3], [190, 60, 50], [60, 120, 60], |_, _| [225, 222, 214]);
        // The patch is darker than the print.
        let pale = Frame::from_fn(SIZE, |x, y| pale.pixel_clamped(i64::from(x), i64::from(y)).map(|v| v.max(118)));
        let suspicion = photocopy(&signs(&pale, &place(SIZE)).expect("a place"));
        assert!(matches!(suspicion, Suspicion::Suspected { confidence, .. } if confidence < 0.8), "{suspicion:?}");
    }

    #[test]
    fn above_an_upside_down_zone_is_below_it_in_the_picture() {
        let corner = |x, y| Point::new(x, y);
        let upright = [corner(100.0, 500.0), corner(655.0, 500.0), corner(655.0, 530.0), corner(100.0, 530.0)];
        let place = Place::above_zone(Format::Td3, &upright);
        assert!(place.corners.is_convex() && place.corners.contains(corner(300.0, 400.0)) && !place.corners.contains(corner(300.0, 510.0)));
        let over = [corner(655.0, 230.0), corner(100.0, 230.0), corner(100.0, 200.0), corner(655.0, 200.0)];
        let place = Place::above_zone(Format::Td3, &over);
        assert!(place.corners.is_convex() && place.corners.contains(corner(300.0, 330.0)) && !place.corners.contains(corner(300.0, 215.0)));
    }

    #[test]
    fn a_place_too_small_says_nothing() {
        let corners = Quad([Point::new(1.0, 1.0), Point::new(30.0, 1.0), Point::new(30.0, 20.0), Point::new(1.0, 20.0)]);
        let frame = Frame::filled(SIZE, [200; 3]);
        assert_eq!(signs(&frame, &Place { corners, size_mm: (85.6, 53.98), whole: true }), None);
        let folded = Quad([Point::new(1.0, 1.0), Point::new(300.0, 200.0), Point::new(300.0, 1.0), Point::new(1.0, 200.0)]);
        assert_eq!(signs(&frame, &Place { corners: folded, size_mm: (85.6, 53.98), whole: true }), None);
    }
}
