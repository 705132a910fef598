//! Text lines of one size in a level view: long rows of upright strokes with quiet rows above and below.
//!
//! Upright strokes leave steps along the rows. A row of text is a band in which such steps are many while the bands over and under it have
//! few; waves and tints of security printing step everywhere alike and cancel out. Rules and frames along the rows have no steps at all.

use crate::imaging::luminance::Plane;

/// Height of capitals that this size of the view shows best, pixels; text from 0.65 to 1.5 times as high is found too.
pub const CAPITALS: f32 = 8.0;
/// Half the length of the row over which steps are averaged.
pub const HALF_SPAN: usize = 30;
/// A step counts at most this much, so that one bright edge does not make a row of text.
const HIGHEST_STEP: u8 = 80;
/// Rows of the band: from the middle to both sides.
const BAND: usize = 3;
/// Middle of the quiet rows above and below, and how far they reach to both sides.
const QUIET: (usize, usize) = (7, 1);
/// Least mean step of a row of text.
const LEAST_STEPS: f32 = 4.0;
/// Least share of the band's steps that the quiet rows lack.
const LEAST_CONTRAST: f32 = 0.25;
/// Shortest track that is followed up, pixels; thirty characters are more than twice as long.
const SHORTEST: usize = 110;
/// Widest gap within a track, pixels.
const WIDEST_GAP: usize = 12;

/// A line of text as a parabola: `y = a + b x + c x²` in pixels of the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve(pub [f32; 3]);

impl Curve {
    /// Height at a column.
    #[must_use]
    pub fn at(&self, x: f32) -> f32 {
        let [a, b, c] = self.0;
        a + x * (b + x * c)
    }

    /// Slope at a column.
    #[must_use]
    pub fn slope(&self, x: f32) -> f32 {
        self.0[1] + 2.0 * x * self.0[2]
    }
}

/// A row of text that may be longer than what was traced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Track {
    /// Its middle.
    pub curve: Curve,
    /// First column traced.
    pub from: f32,
    /// Last column traced.
    pub to: f32,
}

/// Sums over rectangles in four look-ups.
struct Sums {
    width: usize,
    height: usize,
    sums: Vec<u32>,
}

impl Sums {
    fn new(values: &[u8], width: usize, height: usize) -> Self {
        let mut sums = vec![0_u32; (width + 1) * (height + 1)];
        for y in 0..height {
            let mut row = 0_u32;
            for x in 0..width {
                row = row.wrapping_add(u32::from(values[y * width + x]));
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1].wrapping_add(row);
            }
        }
        Self { width, height, sums }
    }

    /// Mean over columns `x ± HALF_SPAN` and rows `y ± half`, both cut at the borders.
    fn mean(&self, x: usize, y: usize, half: usize) -> f32 {
        let (left, right) = (x.saturating_sub(HALF_SPAN), (x + HALF_SPAN + 1).min(self.width));
        let (top, bottom) = (y.saturating_sub(half), (y + half + 1).min(self.height));
        let at = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        let sum = at(right, bottom).wrapping_sub(at(left, bottom)).wrapping_sub(at(right, top)).wrapping_add(at(left, top));
        sum as f32 / ((right - left) * (bottom - top)) as f32
    }
}

/// How much neighbouring values along a row differ, capped.
#[must_use]
pub fn steps(plane: &Plane) -> Vec<u8> {
    let width = plane.size.width as usize;
    let mut steps = vec![0_u8; plane.values.len()];
    if width < 3 {
        return steps;
    }
    for (row, out) in plane.values.chunks_exact(width).zip(steps.chunks_exact_mut(width)) {
        for (x, step) in out[1..width - 1].iter_mut().enumerate() {
            *step = row[x].abs_diff(row[x + 2]).min(HIGHEST_STEP);
        }
    }
    steps
}

/// Finds the rows of text.
#[must_use]
pub fn tracks(plane: &Plane) -> Vec<Track> {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    if width < SHORTEST || height < 2 * (QUIET.0 + QUIET.1) {
        return Vec::new();
    }
    let sums = Sums::new(&steps(plane), width, height);
    let columns = ridge_points(&sums, width, height);
    let mut live: Vec<Vec<(u32, u32)>> = Vec::new();
    let mut done: Vec<Vec<(u32, u32)>> = Vec::new();
    for (x, rows) in columns.into_iter().enumerate() {
        follow(&mut live, &mut done, x as u32, rows);
    }
    done.append(&mut live);
    done.iter().filter_map(|points| track(points)).collect()
}

/// For each column the rows that are the middle of a band of steps between quiet rows.
fn ridge_points(sums: &Sums, width: usize, height: usize) -> Vec<Vec<u32>> {
    let mut columns = vec![Vec::new(); width];
    let margin = QUIET.0 + QUIET.1;
    // Every second column is enough for lines this long.
    for x in (0..width).step_by(2) {
        let narrow = |y: usize| sums.mean(x, y, BAND - 1);
        let mut before = narrow(margin.saturating_sub(1));
        let mut here = narrow(margin);
        for y in margin..height - margin {
            let after = narrow(y + 1);
            if here >= before && here > after {
                let band = sums.mean(x, y, BAND);
                if band > LEAST_STEPS {
                    let quiet = sums.mean(x, y - QUIET.0, QUIET.1).max(sums.mean(x, y + QUIET.0, QUIET.1));
                    if (band - quiet) / (band + 3.0) > LEAST_CONTRAST {
                        columns[x].push(y as u32);
                    }
                }
            }
            (before, here) = (here, after);
        }
    }
    columns
}

/// Takes one column's points into the tracks that come near them.
fn follow(live: &mut Vec<Vec<(u32, u32)>>, done: &mut Vec<Vec<(u32, u32)>>, x: u32, mut rows: Vec<u32>) {
    let mut still = Vec::with_capacity(live.len() + rows.len());
    for mut track in live.drain(..) {
        let Some(&(last_x, last_y)) = track.last() else { continue };
        let reach = 1 + (x - last_x) / 4;
        let nearest = (0..rows.len()).filter(|i| rows[*i].abs_diff(last_y) <= reach).min_by_key(|i| rows[*i].abs_diff(last_y));
        if let Some(i) = nearest {
            track.push((x, rows.swap_remove(i)));
            still.push(track);
        } else if (x - last_x) as usize <= WIDEST_GAP {
            still.push(track);
        } else {
            done.push(track);
        }
    }
    still.extend(rows.into_iter().map(|y| vec![(x, y)]));
    *live = still;
}

/// A parabola through the points where they are bent, a straight line elsewhere; `None` if they are too few.
fn track(points: &[(u32, u32)]) -> Option<Track> {
    let (first, last) = (points.first()?.0, points.last()?.0);
    let span = (last - first) as usize;
    // Every second column has at most one point.
    if span < SHORTEST || points.len() * 10 < span * 3 {
        return None;
    }
    let straight = fit(points, 1)?;
    let error = |curve: &Curve| {
        let sum: f32 = points.iter().map(|(x, y)| (curve.at(*x as f32 + 0.5) - (*y as f32 + 0.5)).powi(2)).sum();
        (sum / points.len() as f32).sqrt()
    };
    let mut curve = straight;
    if span > 200
        && let Some(bent) = fit(points, 2).filter(|bent| error(&straight) > 0.7 && error(bent) < 0.75 * error(&straight))
    {
        curve = bent;
    }
    (error(&curve) < 4.0 && curve.slope(0.0).abs() < 0.35).then_some(Track { curve, from: first as f32, to: last as f32 + 1.0 })
}

/// Least squares of a polynomial of first or second degree, solved about the middle of the points.
pub(super) fn fit(points: &[(u32, u32)], degree: usize) -> Option<Curve> {
    let n = points.len() as f64;
    let middle = points.iter().map(|p| f64::from(p.0) + 0.5).sum::<f64>() / n;
    let scale = 100.0;
    let mut sums = [0.0_f64; 5];
    let mut right = [0.0_f64; 3];
    for (x, y) in points {
        let (x, y) = ((f64::from(*x) + 0.5 - middle) / scale, f64::from(*y) + 0.5);
        let powers = [1.0, x, x * x];
        for i in 0..3 {
            right[i] += powers[i] * y;
        }
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += x.powi(k as i32);
        }
    }
    let [s0, s1, s2, s3, s4] = sums;
    let (a, b, c) = if degree == 1 {
        let det = s0 * s2 - s1 * s1;
        if det.abs() < 1e-9 {
            return None;
        }
        ((right[0] * s2 - right[1] * s1) / det, (s0 * right[1] - s1 * right[0]) / det, 0.0)
    } else {
        let det3 = |m: [[f64; 3]; 3]| {
            m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
        };
        let matrix = [[s0, s1, s2], [s1, s2, s3], [s2, s3, s4]];
        let det = det3(matrix);
        if det.abs() < 1e-9 {
            return None;
        }
        let column = |k: usize| {
            let mut m = matrix;
            for (row, value) in m.iter_mut().zip(right) {
                row[k] = value;
            }
            det3(m) / det
        };
        (column(0), column(1), column(2))
    };
    // Back from (x - middle) / scale.
    let (b, c) = (b / scale, c / (scale * scale));
    Some(Curve([(a - b * middle + c * middle * middle) as f32, (b - 2.0 * c * middle) as f32, c as f32]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    /// Strokes two pixels wide every five pixels, eight high, along `y(x)`.
    fn strokes(y: impl Fn(f32) -> f32) -> Plane {
        let size = Size::new(400, 120);
        let values = (0..size.height)
            .flat_map(|row| {
                let y = &y;
                (0..size.width).map(move |x| {
                    let inside = (row as f32 - y(x as f32)).abs() < 4.0 && (40..360).contains(&x);
                    if inside && x % 5 < 2 { 40 } else { 200 }
                })
            })
            .collect();
        Plane { size, values }
    }

    #[test]
    fn a_straight_a_leaning_and_a_bent_line_are_followed() {
        for y in [|_: f32| 60.0_f32, |x: f32| 45.0 + 0.07 * x, |x: f32| 70.0 - 12.0 * ((x - 200.0) / 200.0).powi(2)] {
            let found = tracks(&strokes(y));
            let longest = found.iter().max_by(|a, b| (a.to - a.from).total_cmp(&(b.to - b.from))).expect("a line");
            assert!(longest.to - longest.from > 250.0, "{longest:?}");
            for x in [80.0, 200.0, 320.0] {
                assert!((longest.curve.at(x) - y(x)).abs() < 2.0, "{x}: {longest:?}");
            }
        }
    }

    #[test]
    fn even_texture_rules_and_tiny_pictures_hold_no_line() {
        let size = Size::new(300, 100);
        let texture = Plane { size, values: (0..30_000_u32).map(|i| if i % 5 < 2 { 40 } else { 200 }).collect() };
        assert_eq!(tracks(&texture), []);
        let rule = Plane { size, values: (0..30_000_u32).map(|i| if (48..52).contains(&(i / 300)) { 0 } else { 220 }).collect() };
        assert_eq!(tracks(&rule), []);
        for (width, height) in [(1, 1), (2, 50), (500, 3)] {
            assert_eq!(tracks(&Plane { size: Size::new(width, height), values: vec![7; (width * height) as usize] }), []);
        }
    }
}
