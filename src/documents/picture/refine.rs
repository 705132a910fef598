//! Corners at the full resolution: every side is looked for again along short profiles across it.

use super::completion::{Straight, complete};
use super::quad::Quad;
use crate::geometry::Point;
use crate::imaging::Frame;

/// Profiles along one side.
const PROFILES: usize = 60;
/// Part of a side at either end that is left out: corners are rounded.
const ENDS: f32 = 0.06;

/// Least support of a side that is taken for seen.
const SEEN: f32 = 0.4;
/// Least contrast of the fourth side over that of the faintest of the three others.
const FAINT: f32 = 0.2;

/// A quadrilateral whose sides were found again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refined {
    pub quad: Quad,
    /// Per side: share of the profiles whose edge lies on the line.
    pub support: [f32; 4],
    /// Per side: step across the edge, levels.
    pub contrast: [f32; 4],
    /// Per side: the colour just inside; not a number where the side was not seen.
    pub margin: [[f32; 3]; 4],
    /// Per side: how much the colour just inside varies along it, levels.
    pub unrest: [f32; 4],
}

/// Looks for the sides of `quad` within `reach` pixels. `None` if a side cannot be found or the result is no quadrilateral near the first.
pub(super) fn refine(frame: &Frame, quad: &Quad, reach: f32) -> Option<Refined> {
    let mut sides = [Side::default(); 4];
    for (side, (from, to)) in sides.iter_mut().zip(quad.sides()) {
        *side = find_side(frame, from, to, reach)?;
    }
    joined(&sides).filter(|r| r.quad.largest_move(quad) < 3.0 * reach)
}

/// As [`refine`], for a quadrilateral whose side `open` was not seen: it is put where the proportions want it, and left there unless an edge is
/// close by. `times`: length of the open side's neighbours over that of its opposite.
pub(super) fn refine_three(frame: &Frame, quad: &Quad, (open, times): (usize, f64), reach: f32) -> Option<Refined> {
    let mut sides = [Side::default(); 4];
    for (k, (side, (from, to))) in sides.iter_mut().zip(quad.sides()).enumerate() {
        *side = if k == open { Side::unseen(from, to) } else { find_side(frame, from, to, reach)? };
    }
    let three = joined(&sides).filter(|r| r.quad.largest_move(quad) < 3.0 * reach)?;
    let completed = complete(&three.quad, open, times, frame.size())?;
    let (from, to) = completed.sides()[open];
    // Next to three clear sides a faint edge is something printed, or the desk's.
    let faint = FAINT * (0..4).filter(|k| *k != open).map(|k| sides[k].contrast).fold(f32::INFINITY, f32::min);
    sides[open] = match find_side(frame, from, to, reach.min(0.012 * completed.diagonal())) {
        Some(side) if side.support >= SEEN && side.contrast >= faint => side,
        _ => Side::unseen(from, to),
    };
    joined(&sides).filter(|r| r.quad.largest_move(&completed) < 3.0 * reach)
}

fn joined(sides: &[Side; 4]) -> Option<Refined> {
    let corners: [Option<Point>; 4] = std::array::from_fn(|i| sides[(i + 3) % 4].crossing(&sides[i]));
    let [Some(a), Some(b), Some(c), Some(d)] = corners else { return None };
    let quad = Quad([a, b, c, d]);
    quad.is_convex().then_some(Refined {
        quad,
        support: sides.map(|s| s.support),
        contrast: sides.map(|s| s.contrast),
        margin: sides.map(|s| s.margin),
        unrest: sides.map(|s| s.unrest),
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct Side {
    /// `nx·x + ny·y = d`.
    nx: f32,
    ny: f32,
    d: f32,
    support: f32,
    contrast: f32,
    margin: [f32; 3],
    unrest: f32,
}

impl Side {
    /// A side that is only supposed.
    fn unseen(from: Point, to: Point) -> Self {
        let Straight { nx, ny, d } = Straight::through(from, to);
        Self { nx, ny, d, support: 0.0, contrast: 0.0, margin: [f32::NAN; 3], unrest: 0.0 }
    }

    fn crossing(&self, other: &Self) -> Option<Point> {
        let determinant = self.nx * other.ny - self.ny * other.nx;
        (determinant.abs() > 0.3).then(|| {
            Point::new((self.d * other.ny - other.d * self.ny) / determinant, (self.nx * other.d - other.nx * self.d) / determinant)
        })
    }
}

/// One place on a side where an edge was seen.
#[derive(Clone, Copy)]
struct Mark {
    /// Along the side from its first corner, and across it towards the inside, pixels.
    along: f32,
    across: f32,
    /// Levels a pixel.
    strength: f32,
}

impl Mark {
    /// Strong steps are placed better, up to a point.
    fn weight(&self) -> f32 {
        self.strength.min(12.0)
    }
}

fn find_side(frame: &Frame, from: Point, to: Point, reach: f32) -> Option<Side> {
    let length = from.distance(to);
    let (ux, uy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    // Clockwise corners have the inside to the right of the way.
    let (nx, ny) = (-uy, ux);
    let half = reach.ceil() as i32 + 2;
    let count = (2 * half + 1) as usize;
    let mut profiles = vec![[0.0_f32; 3]; PROFILES * count];
    let places: Vec<f32> = (0..PROFILES).map(|i| length * (ENDS + (1.0 - 2.0 * ENDS) * (i as f32 + 0.5) / PROFILES as f32)).collect();
    for (place, profile) in places.iter().zip(profiles.chunks_exact_mut(count)) {
        for (sample, k) in profile.iter_mut().zip(-half..) {
            let (px, py) = (from.x + ux * place + nx * k as f32, from.y + uy * place + ny * k as f32);
            *sample = bilinear(frame, px, py);
        }
    }
    let mut slopes = Vec::with_capacity(count);
    let marks: Vec<Mark> = places.iter().zip(profiles.chunks_exact(count)).filter_map(|(at, p)| mark(p, *at, half, &mut slopes)).collect();
    let (slope, offset, support) = straight(&marks, reach)?;
    let contrast = step(&profiles, count);
    let (margin, unrest) = margin(&profiles, count);
    // Back to the picture: the point at `along` 0 and the direction.
    let (sx, sy) = (from.x + nx * offset, from.y + ny * offset);
    let (dx, dy) = (ux + nx * slope, uy + ny * slope);
    let size = dx.hypot(dy);
    let (lx, ly) = (-dy / size, dx / size);
    Some(Side { nx: lx, ny: ly, d: lx * sx + ly * sy, support, contrast, margin, unrest })
}

/// The middle of some values, of an even number the upper one of the two. There must be one.
pub(super) fn median(values: &mut [f32]) -> f32 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// The usual colour at the inner ends of the profiles, and the usual distance from it.
fn margin(profiles: &[[f32; 3]], count: usize) -> ([f32; 3], f32) {
    let inner: Vec<[f32; 3]> =
        profiles.chunks_exact(count).map(|p| std::array::from_fn(|c| p[count - 2..].iter().map(|v| v[c]).sum::<f32>() / 2.0)).collect();
    let usual: [f32; 3] = std::array::from_fn(|c| median(&mut inner.iter().map(|v| v[c]).collect::<Vec<_>>()));
    let mut away: Vec<f32> = inner.iter().map(|v| (0..3).map(|c| (v[c] - usual[c]).abs()).fold(0.0, f32::max)).collect();
    (usual, median(&mut away))
}

/// Usual step from the outer to the inner third of the profiles, levels, whichever is brighter.
fn step(profiles: &[[f32; 3]], count: usize) -> f32 {
    let third = (count / 3).max(1);
    let mut steps: Vec<f32> = profiles
        .chunks_exact(count)
        .map(|profile| {
            let mean = |part: &[[f32; 3]], c: usize| part.iter().map(|v| v[c]).sum::<f32>() / part.len() as f32;
            (0..3).map(|c| mean(&profile[count - third..], c) - mean(&profile[..third], c)).map(|v| v * v).sum::<f32>().sqrt()
        })
        .collect();
    median(&mut steps)
}

/// The strongest step along a profile, in any colour. `slopes`: room for what is worked out on the way.
fn mark(profile: &[[f32; 3]], along: f32, half: i32, slopes: &mut Vec<[f32; 3]>) -> Option<Mark> {
    // Differences over two pixels, smoothed once.
    slopes.clear();
    slopes.extend(profile.windows(3).map(|w| std::array::from_fn::<f32, 3, _>(|c| w[2][c] - w[0][c])));
    let squared = |at: usize| {
        let [a, b, c] = [slopes[at], slopes[at + 1], slopes[at + 2]];
        (0..3).map(|k| a[k] + 2.0 * b[k] + c[k]).map(|v| v * v).sum::<f32>()
    };
    let last = slopes.len().checked_sub(3)?;
    let (mut best, mut most) = (0, squared(0));
    for at in 1..=last {
        let here = squared(at);
        if here >= most {
            (best, most) = (at, here);
        }
    }
    let steepness = |squared: f32| squared.sqrt() / 8.0;
    let strength = steepness(most);
    if strength < 0.5 {
        return None;
    }
    let shift = if best == 0 || best == last {
        0.0
    } else {
        let (a, b, c) = (steepness(squared(best - 1)), strength, steepness(squared(best + 1)));
        let curvature = a - 2.0 * b + c;
        if curvature < -1e-4 { (0.5 * (a - c) / curvature).clamp(-0.5, 0.5) } else { 0.0 }
    };
    Some(Mark { along, across: best as f32 + 2.0 + shift - half as f32, strength })
}

/// Marks as columns of numbers, so that what lies near a line is counted several at a time.
struct Marks {
    along: [f32; Self::ROOM],
    across: [f32; Self::ROOM],
    /// 0 beyond the last mark.
    weight: [f32; Self::ROOM],
}

impl Marks {
    const LANES: usize = 8;
    const ROOM: usize = PROFILES.next_multiple_of(Self::LANES);

    fn of(marks: &[Mark]) -> Self {
        let column = |value: fn(&Mark) -> f32| {
            let mut column = [0.0; Self::ROOM];
            column.iter_mut().zip(marks).for_each(|(place, mark)| *place = value(mark));
            column
        };
        Self { along: column(|m| m.along), across: column(|m| m.across), weight: column(Mark::weight) }
    }

    /// Weight of the marks near a line.
    fn near(&self, slope: f32, offset: f32, tolerance: f32) -> f32 {
        let mut sums = [0.0_f32; Self::LANES];
        for at in (0..Self::ROOM).step_by(Self::LANES) {
            for (lane, sum) in sums.iter_mut().enumerate() {
                let off = self.across[at + lane] - offset - slope * self.along[at + lane];
                *sum += if off.abs() <= tolerance { self.weight[at + lane] } else { 0.0 };
            }
        }
        sums.iter().sum()
    }
}

/// The straight line most marks lie on: slope, offset and the share of all profiles on it.
fn straight(marks: &[Mark], reach: f32) -> Option<(f32, f32, f32)> {
    if marks.len() < PROFILES / 5 {
        return None;
    }
    let columns = Marks::of(marks);
    // Every line through two marks far enough apart, coarsely.
    let (mut best, mut best_count) = ((0.0, 0.0), columns.near(0.0, 0.0, 1.2));
    for i in (0..marks.len()).step_by(4) {
        for j in (i + marks.len() / 4..marks.len()).step_by(5) {
            let (a, b) = (&marks[i], &marks[j]);
            let slope = (b.across - a.across) / (b.along - a.along).max(1.0);
            if slope.abs() * (b.along - a.along) > 2.0 * reach {
                continue;
            }
            let offset = a.across - slope * a.along;
            let n = columns.near(slope, offset, 1.2);
            if n > best_count {
                (best, best_count) = ((slope, offset), n);
            }
        }
    }
    for tolerance in [1.5, 1.2, 1.2] {
        let (slope, offset) = best;
        let mut s = [0.0_f64; 5];
        for m in marks.iter().filter(|m| (m.across - offset - slope * m.along).abs() <= tolerance) {
            let (w, x, y) = (f64::from(m.weight()), f64::from(m.along), f64::from(m.across));
            [w, w * x, w * y, w * x * x, w * x * y].iter().zip(&mut s).for_each(|(v, s)| *s += v);
        }
        let [n, x, y, xx, xy] = s;
        let determinant = n * xx - x * x;
        if n <= 0.0 || determinant <= 1e-6 {
            return None;
        }
        let slope = (n * xy - x * y) / determinant;
        best = (slope as f32, ((y - slope * x) / n) as f32);
    }
    let (slope, offset) = best;
    let on_it = marks.iter().filter(|m| (m.across - offset - slope * m.along).abs() <= 1.6).count();
    Some((slope, offset, on_it as f32 / PROFILES as f32))
}

/// The frame between its pixels' centres; its border continued outwards.
fn bilinear(frame: &Frame, x: f32, y: f32) -> [f32; 3] {
    let (x, y) = (x - 0.5, y - 0.5);
    let (width, height) = (frame.width(), frame.height());
    let between = |[a, b]: [&[u8]; 2], tx: f32, ty: f32| -> [f32; 3] {
        std::array::from_fn(|k| {
            let across = |row: &[u8]| f32::from(row[k]) + (f32::from(row[k + 3]) - f32::from(row[k])) * tx;
            let (top, bottom) = (across(a), across(b));
            top + (bottom - top) * ty
        })
    };
    if x >= 0.0 && y >= 0.0 && x < (width - 1) as f32 && y < (height - 1) as f32 {
        // Not negative: cutting off the fraction is rounding down.
        let (ix, iy) = (x as usize, y as usize);
        let stride = width as usize * 3;
        let at = iy * stride + ix * 3;
        let bytes = frame.bytes();
        return between([&bytes[at..at + 6], &bytes[at + stride..at + stride + 6]], x - ix as f32, y - iy as f32);
    }
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i64, fy as i64);
    let row = |dy: i64| {
        let pixel = |dx: i64| frame.pixel_clamped(ix.saturating_add(dx), iy.saturating_add(dy));
        let ([a, b, c], [d, e, f]) = (pixel(0), pixel(1));
        [a, b, c, d, e, f]
    };
    between([&row(0), &row(1)], x - fx, y - fy)
}
