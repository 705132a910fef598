//! How good a picture of a document is: size, tilt, light, glare and sharpness, measured on the flattened page.

use super::find::Found;
use super::look::Look;
use super::quad::{Quad, page_normal};
use super::rectify::{rectify, rectify_area, resolution};
use crate::documents::document_type::PageShape;
use crate::geometry::{Rect, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::grey_plane;
use crate::imaging::statistics::Histogram;

/// Pixels a millimetre at which light and layout are measured: print is still there, and the page is small.
const OVERVIEW: f64 = 4.0;
/// Most pixels a millimetre at which sharpness is measured.
const FINEST: f64 = 10.0;
/// Grey levels from which a pixel counts as saturated.
const SATURATED: u8 = 252;
/// Side of a cell that glare fills, pixels at [`OVERVIEW`]: 2 mm, more than the white inside a letter or between bars.
const CELL: usize = 8;
/// Share of pixels at a step from which a card's strip counts as full of print, as zones and barcodes are. Of 86 rendered portrait sides (seeds 5 to 7
/// of `evaluate document-scenes`) the densest had 0.088; of 45 sides with a zone whose lines were not told apart, or a barcode, the sparsest 0.102.
const DENSE: f32 = 0.095;
/// Least difference between print and paper for a strip to have print, levels.
const PRINT: f64 = 28.0;

/// A part of the page along its upper or lower long side, where zones and barcodes are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strip {
    /// Where it is, millimetres from the page's first corner.
    pub area_mm: Rect,
    /// Share of its pixels at a step from print to paper, 0-1.
    pub density: f32,
    /// Share of its area under glare, 0-1: saturated places larger than white between print.
    pub glare: f32,
    /// Lines of even print across the page that could be a machine-readable zone: 0, or two or three.
    pub lines: usize,
}

/// What was measured on one picture of a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Area of the document over that of the picture, 0-1.
    pub fill: f32,
    /// Least distance of a corner from the picture's border, pixels; negative outside.
    pub margin_px: f32,
    /// Pixels a millimetre the picture has on the page, where it has least.
    pub resolution: f32,
    /// Angle between the page and the sensor, degrees.
    pub tilt_deg: f32,
    /// How far the ratio lies from the known shape's, as a fraction.
    pub ratio_deviation: f32,
    /// Mean grey value of the page, 0-255.
    pub brightness: f32,
    /// Share of the whole page that is saturated, 0-1.
    pub saturated: f32,
    /// Where the glare is, millimetres from the page's first corner: the box around saturated places that are not the page's white.
    pub glare_mm: Option<Rect>,
    /// Along the upper and along the lower long side.
    pub strips: [Strip; 2],
    /// Millimetres in which print rises to paper, in the blurrier direction, on the strip with more print; `None` where no print is seen.
    pub rise_mm: Option<f32>,
    /// What the page looks like from afar.
    pub look: Look,
}

impl Measures {
    /// The strip that has to be read: the one with lines of a zone, else the one with more print. 0 is the upper one.
    #[must_use]
    pub fn strip_to_read(&self) -> usize {
        let [upper, lower] = &self.strips;
        match (upper.lines > 0, lower.lines > 0) {
            (true, false) => 0,
            (false, true) => 1,
            _ => usize::from(lower.density >= upper.density),
        }
    }

    /// Whether lines that could be a machine-readable zone are seen along one of the long sides.
    #[must_use]
    pub fn shows_zone(&self) -> bool {
        self.strips.iter().any(|strip| strip.lines > 0)
    }

    /// Whether the machine-readable zone stands at the upper side; `None` where no zone is seen.
    #[must_use]
    pub fn is_upside_down(&self) -> Option<bool> {
        let [upper, lower] = &self.strips;
        match (upper.lines, lower.lines) {
            (0, 0) => None,
            (above, below) => Some(above > below),
        }
    }
}

/// Measures a document that was found in `frame`. Takes about 10 ms for 1280x720 on one core. `None` for corners that cannot be flattened.
#[must_use]
pub fn measure(frame: &Frame, found: &Found) -> Option<Measures> {
    let (corners, shape) = (&found.corners, found.form.shape);
    let page = rectify(frame, corners, shape, OVERVIEW)?;
    let overview = Overview::of(&page);
    let areas = strips(shape);
    let strips = areas.map(|area| overview.strip(area));
    let fine = resolution(corners, shape);
    let mut measures = Measures {
        fill: corners.area() / frame.size().pixels() as f32,
        margin_px: corners.margin(frame.size()),
        resolution: fine as f32,
        tilt_deg: tilt(corners, frame.size()),
        ratio_deviation: found.form.deviation() as f32,
        brightness: overview.histogram.mean().unwrap_or_default() as f32,
        saturated: overview.saturated_share(0, overview.height),
        glare_mm: overview.glare(),
        strips,
        rise_mm: None,
        look: overview.look,
    };
    let strip = strips[measures.strip_to_read()];
    // A zone or a barcode fills its strip with edges; the few words of a portrait side do not.
    let sparse = shape == PageShape::Id1 && strip.lines == 0 && strip.density < DENSE;
    let share = if sparse { 500 } else { 100 };
    let fine = fine.clamp(1.0, FINEST);
    measures.rise_mm = rectify_area(frame, corners, shape, strip.area_mm, fine).and_then(|strip| rise(&strip, fine, share));
    Some(measures)
}

/// Upper and lower strip: the height of a zone, half a card.
fn strips(shape: PageShape) -> [Rect; 2] {
    let (width, height) = shape.size_mm();
    let (width, height) = (width as f32, height as f32);
    let deep = if shape == PageShape::Id1 { height / 2.0 } else { 0.27 * height };
    // The very edge may show what is beside the page.
    let (inset, deep) = (1.2, deep - 1.2);
    [Rect::new(inset, inset, width - 2.0 * inset, deep), Rect::new(inset, height - inset - deep, width - 2.0 * inset, deep)]
}

/// Degrees between the page's normal and the lens's axis.
fn tilt(corners: &Quad, picture: Size) -> f32 {
    page_normal(corners, picture).map_or(0.0, |normal| normal[2].abs().clamp(0.0, 1.0).acos().to_degrees() as f32)
}

/// The page at [`OVERVIEW`].
struct Overview {
    grey: Vec<u8>,
    width: usize,
    height: usize,
    histogram: Histogram,
    /// Smallest step that counts as print.
    step: i32,
    look: Look,
}

impl Overview {
    fn of(page: &Frame) -> Self {
        let plane = grey_plane(page);
        let histogram = Histogram::of(plane.values.iter().copied());
        let spread = |low, high| i32::from(histogram.percentile(high).unwrap_or(0)) - i32::from(histogram.percentile(low).unwrap_or(0));
        let step = (spread(0.02, 0.9) / 5).max(7);
        let look = Look::of(&plane);
        Self { grey: plane.values, width: page.width() as usize, height: page.height() as usize, histogram, step, look }
    }

    fn saturated_share(&self, from: usize, to: usize) -> f32 {
        let part = &self.grey[from * self.width..to * self.width];
        part.iter().filter(|v| **v >= SATURATED).count() as f32 / part.len().max(1) as f32
    }

    /// Whether there is a step from print to paper to the right of a pixel.
    fn is_step(&self, x: usize, y: usize) -> bool {
        let row = &self.grey[y * self.width..][..self.width];
        x + 2 < self.width && (i32::from(row[x + 2]) - i32::from(row[x])).abs() >= self.step
    }

    fn strip(&self, area_mm: Rect) -> Strip {
        let at = |mm: f32| (mm * OVERVIEW as f32) as usize;
        let (left, right) = (at(area_mm.x), at(area_mm.right()).min(self.width));
        let (top, bottom) = (at(area_mm.y), at(area_mm.bottom()).min(self.height));
        let rows: Vec<f32> =
            (top..bottom).map(|y| (left..right).filter(|x| self.is_step(*x, y)).count() as f32 / (right - left).max(1) as f32).collect();
        let density = rows.iter().sum::<f32>() / rows.len().max(1) as f32;
        let cells = (top..bottom.saturating_sub(CELL))
            .step_by(CELL)
            .flat_map(|y| (left..right.saturating_sub(CELL)).step_by(CELL).map(move |x| (x, y)));
        let (lit, all) = cells.fold((0, 0), |(lit, all), (x, y)| (lit + u32::from(self.is_lit(x, y)), all + 1));
        // A page that is white all over is overexposed, which is another fault.
        let glare = if self.saturated_share(0, self.height) > 0.5 { 0.0 } else { lit as f32 / all.max(1) as f32 };
        Strip { area_mm, density, glare, lines: self.lines(&rows, (left, right), top) }
    }

    /// Whether a cell is saturated throughout.
    fn is_lit(&self, x: usize, y: usize) -> bool {
        (y..y + CELL).all(|row| self.grey[row * self.width + x..][..CELL].iter().all(|v| *v >= SATURATED))
    }

    /// Two or three bands of print with clear rows between them, of the height of OCR-B, printed over most of the width; else 0.
    fn lines(&self, rows: &[f32], (left, right): (usize, usize), top: usize) -> usize {
        let peak = rows.iter().copied().fold(0.0, f32::max);
        if peak < 0.12 {
            return 0;
        }
        let (mut lines, mut start) = (0, None);
        for (y, dense) in rows.iter().map(|r| *r > 0.38 * peak).chain([false]).enumerate() {
            match (dense, start) {
                (true, None) => start = Some(y),
                (false, Some(from)) => {
                    let height = (y - from) as f32 / OVERVIEW as f32;
                    if (1.2..=4.6).contains(&height) && self.is_full(top + from, top + y, (left, right)) {
                        lines += 1;
                    }
                    start = None;
                }
                _ => {}
            }
        }
        if (2..=3).contains(&lines) { lines } else { 0 }
    }

    /// Whether print reaches over the width: of sixteen parts at least thirteen have some.
    fn is_full(&self, top: usize, bottom: usize, (left, right): (usize, usize)) -> bool {
        let part = (right - left) / 16;
        let has = |k: usize| {
            let columns = left + k * part..left + (k + 1) * part;
            let steps = (top..bottom).map(|y| columns.clone().filter(|x| self.is_step(*x, y)).count()).sum::<usize>();
            steps as f32 > 0.06 * ((bottom - top) * part) as f32
        };
        part > 0 && (0..16).filter(|k| has(*k)).count() >= 13
    }

    /// Box around saturated cells of 2 mm; none where the page is white all over or nothing is saturated.
    fn glare(&self) -> Option<Rect> {
        if self.saturated_share(0, self.height) > 0.5 {
            return None;
        }
        let mut found: Option<(usize, usize, usize, usize)> = None;
        for y in (0..self.height.saturating_sub(CELL)).step_by(CELL) {
            for x in (0..self.width.saturating_sub(CELL)).step_by(CELL) {
                if self.is_lit(x, y) {
                    let (l, t, r, b) = found.unwrap_or((x, y, x, y));
                    found = Some((l.min(x), t.min(y), r.max(x), b.max(y)));
                }
            }
        }
        let mm = |v: usize| v as f32 / OVERVIEW as f32;
        found.map(|(l, t, r, b)| Rect::new(mm(l), mm(t), mm(r - l + CELL), mm(b - t + CELL)))
    }
}

/// Millimetres from print to paper, in the direction where it takes longer: the spread of the grey values over their steepest slope.
///
/// - `share`: one pixel in so many counts as steepest.
fn rise(strip: &Frame, px_per_mm: f64, share: u32) -> Option<f32> {
    let plane = grey_plane(strip);
    let (width, height) = (strip.width() as usize, strip.height() as usize);
    let all = Histogram::of(plane.values.iter().copied());
    let spread = f64::from(all.percentile(0.9)?) - f64::from(all.percentile(0.03)?);
    if spread < PRINT || width < 8 || height < 8 {
        return None;
    }
    let mut slopes = [[0_u32; 256]; 2];
    for y in 1..height - 1 {
        let (above, row, below) = (plane.row(y as u32 - 1), plane.row(y as u32), plane.row(y as u32 + 1));
        for x in 1..width - 1 {
            slopes[0][usize::from(row[x + 1].abs_diff(row[x - 1]))] += 1;
            slopes[1][usize::from(below[x].abs_diff(above[x]))] += 1;
        }
    }
    let total = ((width - 2) * (height - 2)) as u32;
    // Over two pixels.
    let steepest = slopes.map(|bins| {
        let mut above = 0;
        let at = bins.iter().enumerate().rev().find(|(_, n)| {
            above += **n;
            above * share >= total
        });
        at.map_or(0, |(v, _)| v)
    });
    let slope = f64::from(steepest[0].min(steepest[1]).max(1) as u32) / 2.0;
    Some((spread / slope / px_per_mm) as f32)
}
