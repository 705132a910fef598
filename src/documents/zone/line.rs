//! One line of text in a picture: its course, the height of its capitals, where it starts and ends, and its picture for the network.

use super::pyramid::{Level, Pyramid};
use super::ridges::{Curve, HALF_SPAN, Track, steps};
use crate::geometry::{Affine, Point, Size};
use crate::imaging::luminance::Plane;

/// Samples per pixel of the view when a line is measured.
const FINE: f32 = 2.0;
/// How far a line is measured above and below its middle, pixels of the view.
const HALF_HEIGHT: f32 = 16.0;
/// How far beyond its traced ends a line is looked for, pixels of the view.
const BEYOND: f32 = HALF_SPAN as f32 + 4.0;
/// From one character to the next, in heights of capitals: 2.54 mm over 2.4 mm.
pub const PITCH: f32 = 1.06;
/// Heights of capitals that can be told apart in a view, in its pixels.
const CAPITALS: std::ops::Range<f32> = 4.0..14.0;
/// Fewest and most characters of a line of a zone, with room for errors of the measurement.
const CHARACTERS: std::ops::Range<f32> = 20.0..66.0;

/// A line of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextLine {
    /// Middle of the capitals, pixels of the view.
    pub middle: Curve,
    /// Left edge of its first character, pixels of the view.
    pub left: f32,
    /// Right edge of its last character, pixels of the view.
    pub right: f32,
    /// Height of its capitals, pixels of the view.
    pub capitals: f32,
    /// From the view to the picture.
    pub picture_from_level: Affine,
}

impl TextLine {
    /// How many characters it would hold at the pitch of OCR-B.
    #[must_use]
    pub fn characters(&self) -> f32 {
        (self.right - self.left) / (self.capitals * PITCH)
    }

    /// The point of the picture at column `x` of the view, `off` pixels of the view below the middle of the line.
    #[must_use]
    pub fn point(&self, x: f32, off: f32) -> Point {
        point(&self.middle, &self.picture_from_level, x, off)
    }

    /// Pixels of the picture that one pixel of the view covers.
    #[must_use]
    pub fn scale(&self) -> f32 {
        scale(&self.picture_from_level)
    }

    /// Measures what a track is the middle of; `None` where it is no line of a zone.
    #[must_use]
    pub fn measure(track: &Track, level: &Level, pyramid: &Pyramid) -> Option<Self> {
        let strip = Strip::new(track, level, pyramid);
        let (top, bottom) = strip.capitals()?;
        let capitals = (bottom - top) as f32 / FINE;
        if !CAPITALS.contains(&capitals) {
            return None;
        }
        let (left, right) = strip.ends(top, bottom, capitals * PITCH * FINE)?;
        let off = (top + bottom) as f32 / 2.0 / FINE - HALF_HEIGHT;
        let [a, b, c] = track.curve.0;
        let line = Self {
            middle: Curve([a + off * (1.0 + b * b).sqrt(), b, c]),
            left: strip.first + left as f32 / FINE,
            right: strip.first + (right + 1) as f32 / FINE,
            capitals,
            picture_from_level: level.picture_from_level,
        };
        CHARACTERS.contains(&line.characters()).then_some(line)
    }
}

fn point(curve: &Curve, picture_from_level: &Affine, x: f32, off: f32) -> Point {
    let slope = curve.slope(x);
    let along = off / (1.0 + slope * slope).sqrt();
    picture_from_level.apply(Point::new(x - slope * along, curve.at(x) + along))
}

fn scale(map: &Affine) -> f32 {
    let [a, b, _, d, e, _] = map.0;
    (a * e - b * d).abs().sqrt()
}

/// A track straightened, with its steps.
struct Strip {
    /// Column of the view at its left edge.
    first: f32,
    width: usize,
    height: usize,
    steps: Vec<u8>,
}

impl Strip {
    fn new(track: &Track, level: &Level, pyramid: &Pyramid) -> Self {
        let first = track.from - BEYOND;
        let width = ((track.to - track.from + 2.0 * BEYOND) * FINE).round().max(1.0) as usize;
        let height = (2.0 * HALF_HEIGHT * FINE) as usize;
        let sampler = pyramid.at_scale(scale(&level.picture_from_level) / FINE);
        let mut values = vec![0_u8; width * height];
        for x in 0..width {
            let column = first + (x as f32 + 0.5) / FINE;
            for y in 0..height {
                let off = (y as f32 + 0.5) / FINE - HALF_HEIGHT;
                let at = point(&track.curve, &level.picture_from_level, column, off);
                values[y * width + x] = sampler.sample(at).round() as u8;
            }
        }
        let plane = Plane { size: Size::new(width as u32, height as u32), values };
        Self { first, width, height, steps: steps(&plane) }
    }

    /// First and last row of the capitals.
    fn capitals(&self) -> Option<(usize, usize)> {
        let (from, to) = (self.width / 6, self.width - self.width / 6);
        let row = |y: usize| self.steps[y * self.width + from..y * self.width + to].iter().map(|v| u32::from(*v)).sum::<u32>() as f32;
        let raw: Vec<f32> = (0..self.height).map(row).collect();
        let profile: Vec<f32> = (0..self.height)
            .map(|y| {
                let near = &raw[y.saturating_sub(1)..(y + 2).min(self.height)];
                near.iter().sum::<f32>() / near.len() as f32
            })
            .collect();
        let reach = |pixels: f32| (pixels * FINE) as usize;
        let peak = (self.height * 3 / 10..self.height * 7 / 10).max_by(|a, b| profile[*a].total_cmp(&profile[*b]))?;
        let mut near = profile[peak.saturating_sub(reach(3.0))..(peak + reach(3.0)).min(self.height)].to_vec();
        near.sort_by(f32::total_cmp);
        let high = near[near.len().saturating_sub(3)];
        let lowest = |rows: &[f32]| rows.iter().copied().fold(high, f32::min);
        let above = lowest(&profile[peak.saturating_sub(reach(9.0))..peak]);
        let below = lowest(&profile[peak..(peak + reach(9.0)).min(self.height)]);
        let mut top = peak;
        while top > 0 && profile[top] > above + 0.45 * (high - above) {
            top -= 1;
        }
        let mut bottom = peak;
        while bottom + 1 < self.height && profile[bottom] > below + 0.45 * (high - below) {
            bottom += 1;
        }
        Some((top, bottom))
    }

    /// First and last column of the longest stretch of text.
    fn ends(&self, top: usize, bottom: usize, pitch: f32) -> Option<(usize, usize)> {
        let tall = bottom - top;
        let mean = |rows: &[usize], x: usize| {
            let sum: u32 = rows.iter().map(|y| u32::from(self.steps[y * self.width + x])).sum();
            sum as f32 / rows.len().max(1) as f32
        };
        let inside: Vec<usize> = (top..=bottom).collect();
        let above = top.saturating_sub(tall / 2 + 2)..top.saturating_sub(2);
        let below = (bottom + 3).min(self.height)..(bottom + 4 + tall / 2).min(self.height);
        let outside: Vec<usize> = above.chain(below).collect();
        let text: Vec<f32> = (0..self.width).map(|x| mean(&inside, x)).collect();
        let quiet: Vec<f32> = (0..self.width).map(|x| mean(&outside, x)).collect();
        let half = pitch as usize;
        let (text_mean, quiet_mean) = (running_mean(&text, half), running_mean(&quiet, half));
        let surplus: Vec<f32> = text_mean.iter().zip(&quiet_mean).map(|(t, q)| t - q).collect();
        let mut middle = surplus[self.width / 4..self.width - self.width / 4].to_vec();
        middle.sort_by(f32::total_cmp);
        let least = 0.4 * middle.get(middle.len() / 2)?;
        let (from, to) = longest(&surplus, least.max(0.5), (2.0 * pitch) as usize)?;
        // The running mean reaches beyond the text: back to the outermost strong columns.
        let mut strong = text[from..=to].to_vec();
        strong.sort_by(f32::total_cmp);
        let strong = 0.5 * strong[strong.len() * 3 / 4];
        let (from, to) = (from.saturating_sub(half), (to + half).min(self.width - 1));
        let left = (from..=to).find(|x| text[*x] >= strong)?;
        let right = (left..=to).rev().find(|x| text[*x] >= strong)?;
        Some((left, right))
    }
}

fn running_mean(values: &[f32], half: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64];
    for value in values {
        sums.push(sums.last().copied().unwrap_or(0.0) + f64::from(*value));
    }
    let mean = |i: usize| {
        let (from, to) = (i.saturating_sub(half), (i + half + 1).min(values.len()));
        ((sums[to] - sums[from]) / (to - from) as f64) as f32
    };
    (0..values.len()).map(mean).collect()
}

/// The longest stretch of values above `least`, gaps up to `gap` included.
fn longest(values: &[f32], least: f32, gap: usize) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut open: Option<(usize, usize)> = None;
    for i in (0..values.len()).filter(|i| values[*i] > least) {
        open = Some(match open {
            Some((from, to)) if i - to <= gap => (from, i),
            _ => (i, i),
        });
        if let Some((from, to)) = open
            && best.is_none_or(|(a, b)| to - from > b - a)
        {
            best = open;
        }
    }
    best
}

/// How a line is cut for the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// Height of the cut in heights of capitals.
    pub tall: f32,
    /// How far the cut lies below the middle of the capitals, in their heights.
    pub shift: f32,
    /// What is left of the first and right of the last character, in heights of capitals.
    pub beside: f32,
    /// Whether the line is read upside down.
    pub upside_down: bool,
}

impl Default for Cut {
    /// 5.6 mm high where capitals are 2.4 mm, as the network of pack `builtin` was trained.
    fn default() -> Self {
        Self { tall: 2.33, shift: 0.0, beside: 0.64, upside_down: false }
    }
}

/// The network's picture of a line: grey 0-1, row by row, the line scaled to the height and continued to the right with the mean of its border.
#[derive(Clone, PartialEq)]
pub struct LinePicture {
    /// Columns and rows.
    pub size: Size,
    /// `width * height` values.
    pub grey: Vec<f32>,
    /// Columns that the line fills.
    pub filled: usize,
}

/// A line of a document is personal: says its size only.
impl std::fmt::Debug for LinePicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LinePicture({})", self.size)
    }
}

/// Cuts a line out of the picture and straightens it.
#[must_use]
pub fn cut(line: &TextLine, pyramid: &Pyramid, size: Size, how: &Cut) -> LinePicture {
    let (columns, rows) = (size.width as usize, size.height as usize);
    let (high, beside) = (line.capitals * how.tall, line.capitals * how.beside);
    let wide = line.right - line.left + 2.0 * beside;
    // The same for every height of the cut, so that the same characters of several cuts stand in the same columns.
    let usual = line.capitals * Cut::default().tall;
    let filled = ((wide * rows as f32 / usual).round().max(rows as f32) as usize).min(columns);
    let (across, down) = (wide / filled as f32, high / rows as f32);
    let sampler = pyramid.at_scale(line.scale() * down);
    let mut grey = vec![0.0; columns * rows];
    for x in 0..filled {
        let column = line.left - beside + (x as f32 + 0.5) * across;
        let target = if how.upside_down { filled - 1 - x } else { x };
        for y in 0..rows {
            let off = line.capitals * how.shift - high / 2.0 + (y as f32 + 0.5) * down;
            let row = if how.upside_down { rows - 1 - y } else { y };
            grey[row * columns + target] = sampler.sample(line.point(column, off)) / 255.0;
        }
    }
    let edge = |x: usize, y: usize| grey[y * columns + x];
    let rim: f32 =
        (0..filled).map(|x| edge(x, 0) + edge(x, rows - 1)).sum::<f32>() + (0..rows).map(|y| edge(0, y) + edge(filled - 1, y)).sum::<f32>();
    let paper = rim / (2 * (filled + rows)) as f32;
    for row in grey.chunks_exact_mut(columns) {
        row[filled..].fill(paper);
    }
    LinePicture { size, grey, filled }
}
