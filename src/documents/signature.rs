//! The holder's signature on a page: what is written above the zone in strokes that run on, beside print whose letters stand apart.
//!
//! Of 23 specimen pages with a signature and at least 3 pixels a millimetre, 20 gave one; of four without, one gave print that had run together. The crop is for people to look at: nothing is decided by it.

use super::portrait::PageScale;
use crate::geometry::{Affine, Point, Rect, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::{Plane, grey_plane};
use crate::imaging::statistics::Histogram;
use crate::imaging::warp::sample_affine;

/// Pixels a millimetre of the strip in which it is looked for.
const FINE: f32 = 6.0;
/// Least pixels a millimetre of the picture: below, print runs together too.
const COARSEST: f32 = 3.0;
/// Where it stands, millimetres above the zone's first line.
const ABOVE_MM: std::ops::Range<f32> = 1.2..17.5;
/// Side of a tile in which the paper's own level is taken, millimetres.
const TILE_MM: f32 = 2.5;
/// Ink over paper, both grey levels, below which a pixel is ink: a dark pen first, then lighter ones. With each, how much of its height a written
/// word fills at most, column by column.
const PENS: [(f32, f32); 3] = [(0.62, 0.62), (0.72, 0.55), (0.78, 0.55)];
/// Widths and heights of what may be a written word, millimetres.
const WORD_MM: (std::ops::Range<f32>, std::ops::Range<f32>) = (5.0..60.0, 2.0..16.0);
/// Widest gap to another word, and to a mark that is none, millimetres.
const GAPS_MM: (f32, f32) = (7.0, 1.8);
/// White around what is cut out, millimetres.
const MARGIN_MM: f32 = 1.0;

/// A signature.
#[derive(Clone)]
pub struct Signature {
    /// Its corners in the picture, top left first as the page is read, then clockwise.
    pub corners: [Point; 4],
    /// It cut out, upright, at the picture's own resolution.
    pub crop: Frame,
}

/// Says where it stands only: a signature is its holder's.
impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({} x {} px)", self.crop.width(), self.crop.height())
    }
}

/// Looks for the signature on the page that a zone tells.
///
/// - `face`: corners of the portrait's face in the picture; hair and clothes are no strokes of a pen.
#[must_use]
pub fn find(picture: &Frame, page: &PageScale, face: Option<&[Point; 4]>) -> Option<Signature> {
    if page.pixels_per_mm() < COARSEST {
        return None;
    }
    let (map, size) = page.strip(ABOVE_MM, FINE);
    let strip = grey_plane(&sample_affine(picture, &map, size, [255; 3]));
    let portrait = face.and_then(|face| Some(around(face, &map.inverse()?)));
    let found = PENS.iter().find_map(|(ink, filled)| Marks::of(&strip, *ink, *filled, portrait.as_ref()).signature())?;
    let margin = MARGIN_MM * FINE;
    let (wide, high) = (found.width() as f32 + 2.0 * margin, found.height() as f32 + 2.0 * margin);
    let place = Rect::new(found.left as f32 - margin, found.top as f32 - margin, wide, high);
    let corners = [(place.x, place.y), (place.right(), place.y), (place.right(), place.bottom()), (place.x, place.bottom())];
    // The same place at the picture's own resolution.
    let step = (FINE / page.pixels_per_mm()).min(1.0);
    let Affine([a, b, left, c, d, top]) = map;
    let (x, y) = (place.x, place.y);
    let crop_map = Affine([a * step, b * step, left + a * x + b * y, c * step, d * step, top + c * x + d * y]);
    let side = |length: f32| ((length / step).round() as u32).max(1);
    let crop = sample_affine(picture, &crop_map, Size::new(side(place.width), side(place.height)), [255; 3]);
    Some(Signature { corners: corners.map(|(x, y)| map.apply(Point::new(x, y))), crop })
}

/// The whole portrait around a face, in the strip.
fn around(face: &[Point; 4], strip_from_picture: &Affine) -> Rect {
    let at = face.map(|p| strip_from_picture.apply(p));
    let span = |of: fn(&Point) -> f32| {
        let values = at.iter().map(of);
        (values.clone().fold(f32::INFINITY, f32::min), values.fold(f32::NEG_INFINITY, f32::max))
    };
    let ((left, right), (top, bottom)) = (span(|p| p.x), span(|p| p.y));
    let (wide, high) = (right - left, bottom - top);
    Rect::new(left - 0.6 * wide, top - 0.8 * high, 2.2 * wide, 2.5 * high)
}

/// A box of whole pixels; the right and lower ends are not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extent {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Extent {
    const fn width(&self) -> usize {
        self.right - self.left
    }

    const fn height(&self) -> usize {
        self.bottom - self.top
    }

    fn joined(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn holds(&self, other: &Self) -> bool {
        self.joined(other) == *self
    }

    /// Columns between the two; 0 where one stands over the other.
    fn gap(&self, other: &Self) -> usize {
        self.left.saturating_sub(other.right).max(other.left.saturating_sub(self.right))
    }
}

/// What a mark looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A letter, a rule, a speck.
    Other,
    /// Perhaps a part of a written word.
    Stroke,
    /// A written word.
    Word,
}

/// Connected ink.
#[derive(Debug, Clone, Copy)]
struct Mark {
    place: Extent,
    kind: Kind,
}

struct Marks(Vec<Mark>);

impl Marks {
    fn of(strip: &Plane, level: f32, filled: f32, portrait: Option<&Rect>) -> Self {
        let (width, height) = (strip.size.width as usize, strip.size.height as usize);
        let mut ink = ink(strip, level);
        if let Some(portrait) = portrait {
            for (i, dark) in ink.iter_mut().enumerate() {
                *dark &= !portrait.contains(Point::new((i % width) as f32, (i / width) as f32));
            }
        }
        let mut marks = Vec::new();
        let mut pixels: Vec<usize> = Vec::new();
        for start in 0..ink.len() {
            if !std::mem::take(&mut ink[start]) {
                continue;
            }
            pixels.clear();
            pixels.push(start);
            let mut next = 0;
            while next < pixels.len() {
                let (x, y) = (pixels[next] % width, pixels[next] / width);
                next += 1;
                for ny in y.saturating_sub(1)..(y + 2).min(height) {
                    for nx in x.saturating_sub(1)..(x + 2).min(width) {
                        if std::mem::take(&mut ink[ny * width + nx]) {
                            pixels.push(ny * width + nx);
                        }
                    }
                }
            }
            marks.push(mark(&pixels, width, height, filled));
        }
        Self(marks)
    }

    /// The largest written word with what belongs to it.
    fn signature(&self) -> Option<Extent> {
        let words = self.0.iter().filter(|m| m.kind == Kind::Word);
        words.map(|word| self.grown(word.place)).max_by_key(|place| place.width() * place.height())
    }

    /// With the other words, and the dots and letters close by.
    fn grown(&self, word: Extent) -> Extent {
        let mut whole = word;
        loop {
            let joins = |mark: &&Mark| {
                let widest = if mark.kind == Kind::Other { GAPS_MM.1 } else { GAPS_MM.0 };
                let middle = (mark.place.top + mark.place.bottom) / 2;
                let (long, high) = ((60.0 * FINE) as usize, (18.0 * FINE) as usize);
                let both = whole.joined(&mark.place);
                !whole.holds(&mark.place)
                    && (whole.gap(&mark.place) as f32) <= widest * FINE
                    && (whole.top..=whole.bottom).contains(&middle)
                    && mark.place.top > 0
                    && mark.place.width() <= long
                    && both.height() <= high
                    && both.width() <= long + long / 2
            };
            let Some(mark) = self.0.iter().find(joins) else { return whole };
            whole = whole.joined(&mark.place);
        }
    }
}

/// Which pixels are darker than the paper about them.
fn ink(strip: &Plane, level: f32) -> Vec<bool> {
    let (width, height) = (strip.size.width as usize, strip.size.height as usize);
    let tile = (TILE_MM * FINE) as usize;
    let (across, down) = (width.div_ceil(tile), height.div_ceil(tile));
    let paper: Vec<u8> = (0..across * down)
        .map(|i| {
            let (x, y) = (i % across * tile, i / across * tile);
            let rows = (y..(y + tile).min(height)).flat_map(|row| &strip.values[row * width + x..row * width + (x + tile).min(width)]);
            Histogram::of(rows.copied()).percentile(0.9).unwrap_or(255)
        })
        .collect();
    let brightest = |x: usize, y: usize| {
        let near = |at: usize, most: usize| at.saturating_sub(1)..(at + 2).min(most);
        near(y, down).flat_map(|row| near(x, across).map(move |column| (row, column))).map(|(r, c)| paper[r * across + c]).max()
    };
    let paper: Vec<f32> = (0..across * down).map(|i| f32::from(brightest(i % across, i / across).unwrap_or(255))).collect();
    let dark = |(i, value): (usize, &u8)| f32::from(*value) < level * paper[i / width / tile * across + i % width / tile];
    strip.values.iter().enumerate().map(dark).collect()
}

/// What connected pixels look like.
fn mark(pixels: &[usize], width: usize, height: usize, filled: f32) -> Mark {
    let mut place = Extent { left: width, top: height, right: 0, bottom: 0 };
    for i in pixels {
        let (x, y) = (i % width, i / width);
        place = place.joined(&Extent { left: x, top: y, right: x + 1, bottom: y + 1 });
    }
    let (wide, high) = (place.width() as f32 / FINE, place.height() as f32 / FINE);
    if wide < 2.2 || high < 1.5 || high > WORD_MM.1.end || place.width() * place.height() > 40 * pixels.len() {
        return Mark { place, kind: Kind::Other };
    }
    let form = Form::of(pixels, width, &place);
    let whole = place.left > 0 && place.top > 0 && place.right < width;
    let word = WORD_MM.0.contains(&wide)
        && WORD_MM.1.contains(&high)
        && wide >= 1.1 * high
        && whole
        && form.filled <= filled
        && form.unrest >= 0.24
        && (1.15..4.0).contains(&form.strokes);
    let stroke = form.filled <= 0.72 && form.strokes >= 1.1;
    let kind = match (form.thickness_mm <= 1.1, word, stroke) {
        (true, true, _) => Kind::Word,
        (true, false, true) => Kind::Stroke,
        _ => Kind::Other,
    };
    Mark { place, kind }
}

/// How a mark's ink runs, column by column.
struct Form {
    /// From the uppermost to the lowest ink of a column, over the mark's height, in the mean.
    filled: f32,
    /// How much the upper and the lower ends of the columns vary, as standard deviations over the height: print has level ends.
    unrest: f32,
    /// Strokes that a column crosses, in the mean.
    strokes: f32,
    /// Ink of one crossing, millimetres, in the mean.
    thickness_mm: f32,
}

impl Form {
    fn of(pixels: &[usize], width: usize, place: &Extent) -> Self {
        let mut columns: Vec<Vec<usize>> = vec![Vec::new(); place.width()];
        pixels.iter().for_each(|i| columns[i % width - place.left].push(i / width - place.top));
        columns.iter_mut().for_each(|rows| rows.sort_unstable());
        let ends: Vec<(f32, f32)> = columns.iter().filter_map(|rows| Some((*rows.first()? as f32, *rows.last()? as f32))).collect();
        let count = ends.len().max(1) as f32;
        let high = place.height() as f32;
        let deviation = |of: fn(&(f32, f32)) -> f32| {
            let mean = ends.iter().map(of).sum::<f32>() / count;
            (ends.iter().map(|e| (of(e) - mean).powi(2)).sum::<f32>() / count).sqrt()
        };
        let crossings: usize =
            columns.iter().map(|rows| usize::from(!rows.is_empty()) + rows.windows(2).filter(|w| w[1] > w[0] + 1).count()).sum();
        Self {
            filled: ends.iter().map(|(top, bottom)| bottom - top + 1.0).sum::<f32>() / count / high,
            unrest: (deviation(|e| e.0) + deviation(|e| e.1)) / high,
            strokes: crossings as f32 / count,
            thickness_mm: pixels.len() as f32 / crossings.max(1) as f32 / FINE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::mrz::Format;

    /// A passport page at 8 px/mm: its zone from (60, 600), and what is drawn above it.
    fn page(draw: impl Fn(f32, f32) -> bool) -> (Frame, PageScale) {
        let mut frame = Frame::filled(Size::new(1000, 704), [225, 230, 215]);
        for y in 0..704_u32 {
            for x in 0..1000_u32 {
                if draw(x as f32 / 8.0, y as f32 / 8.0) {
                    let at = ((y * 1000 + x) * 3) as usize;
                    frame.bytes_mut()[at..at + 3].copy_from_slice(&[40, 40, 70]);
                }
            }
        }
        let corners = [(60.0, 600.0), (948.0, 600.0), (948.0, 680.0), (60.0, 680.0)].map(|(x, y)| Point::new(x, y));
        (frame, PageScale::of(Format::Td3, corners).expect("a page"))
    }

    /// Loops of a pen from 70 to 100 mm, about 66 mm down; `x` and `y` in millimetres.
    fn written(x: f32, y: f32) -> bool {
        (0..900).any(|i| {
            let t = i as f32 / 900.0;
            let swing = (1.0 - t) * 3.0 + 1.0;
            let (px, py) = (70.0 + 30.0 * t + 1.4 * (t * 50.0).cos(), 66.0 + swing * (t * 50.0).sin() * (0.5 + 0.5 * (t * 9.0).cos()));
            (px - x).abs() < 0.25 && (py - y).abs() < 0.25
        })
    }

    /// Letters of a typewriter: bars 2.4 mm high, 1.2 mm wide, 2 mm apart.
    fn printed(x: f32, y: f32) -> bool {
        (64.0..66.4).contains(&y) && (30.0..60.0).contains(&x) && x % 2.0 < 1.2 && (x % 2.0 < 0.4 || y > 66.0)
    }

    #[test]
    fn what_is_written_is_found_beside_print_and_print_alone_is_none() {
        let (both, scale) = page(|x, y| written(x, y) || printed(x, y));
        let found = find(&both, &scale, None).expect("a signature");
        let [upper_left, _, lower_right, _] = found.corners.map(|p| Point::new(p.x / 8.0, p.y / 8.0));
        assert!((66.0..70.5).contains(&upper_left.x) && (99.0..104.5).contains(&lower_right.x), "{:?}", found.corners);
        assert!((58.0..64.0).contains(&upper_left.y) && (67.0..73.0).contains(&lower_right.y), "{:?}", found.corners);
        assert!((found.crop.width() as f32 / 8.0 - (lower_right.x - upper_left.x)).abs() < 0.5);
        let dark = grey_plane(&found.crop).values.iter().filter(|v| **v < 100).count();
        assert!(dark > 500, "the crop shows it: {dark}");
        let (print, scale) = page(printed);
        assert!(find(&print, &scale, None).is_none());
    }

    #[test]
    fn a_portrait_and_a_rule_are_no_signature() {
        let face = [(640.0, 480.0), (720.0, 480.0), (720.0, 560.0), (640.0, 560.0)].map(|(x, y)| Point::new(x, y));
        let (hair, scale) = page(written);
        assert!(find(&hair, &scale, None).is_some());
        assert!(find(&hair, &scale, Some(&face)).is_none());
        let (rule, scale) = page(|x, y| (20.0..110.0).contains(&x) && (65.0..65.4).contains(&y));
        assert!(find(&rule, &scale, None).is_none());
    }
}
