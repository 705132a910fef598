//! Corners at the full resolution: every side is looked for again along short profiles across it.

use super::quad::Quad;
use crate::geometry::Point;
use crate::imaging::Frame;

/// Profiles along one side.
const PROFILES: usize = 72;
/// Part of a side at either end that is left out: corners are rounded.
const ENDS: f32 = 0.06;

/// A quadrilateral whose sides were found again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refined {
    pub quad: Quad,
    /// Per side: share of the profiles whose edge lies on the line.
    pub support: [f32; 4],
    /// Per side: step across the edge, levels.
    pub contrast: [f32; 4],
}

/// Looks for the sides of `quad` within `reach` pixels. `None` if a side cannot be found or the result is no quadrilateral near the first.
pub(super) fn refine(frame: &Frame, quad: &Quad, reach: f32) -> Option<Refined> {
    let mut sides = [Side::default(); 4];
    for (side, (from, to)) in sides.iter_mut().zip(quad.sides()) {
        *side = find_side(frame, from, to, reach)?;
    }
    let corners: [Option<Point>; 4] = std::array::from_fn(|i| sides[(i + 3) % 4].crossing(&sides[i]));
    let [Some(a), Some(b), Some(c), Some(d)] = corners else { return None };
    let refined = Quad([a, b, c, d]);
    (refined.is_convex() && refined.largest_move(quad) < 3.0 * reach).then_some(Refined {
        quad: refined,
        support: sides.map(|s| s.support),
        contrast: sides.map(|s| s.contrast),
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
}

impl Side {
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
    weight: f32,
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
    let (toward, contrast) = colour_step(&profiles, count);
    let marks: Vec<Mark> = places.iter().zip(profiles.chunks_exact(count)).filter_map(|(at, p)| mark(p, *at, half, toward)).collect();
    let (slope, offset, support) = straight(&marks, reach)?;
    // Back to the picture: the point at `along` 0 and the direction.
    let (sx, sy) = (from.x + nx * offset, from.y + ny * offset);
    let (dx, dy) = (ux + nx * slope, uy + ny * slope);
    let size = dx.hypot(dy);
    let (lx, ly) = (-dy / size, dx / size);
    Some(Side { nx: lx, ny: ly, d: lx * sx + ly * sy, support, contrast })
}

/// The colour direction in which inside and outside differ most, and by how many levels.
fn colour_step(profiles: &[[f32; 3]], count: usize) -> ([f32; 3], f32) {
    let third = (count / 3).max(1);
    let mut channels: [Vec<f32>; 3] = Default::default();
    for profile in profiles.chunks_exact(count) {
        for (c, differences) in channels.iter_mut().enumerate() {
            let mean = |part: &[[f32; 3]]| part.iter().map(|v| v[c]).sum::<f32>() / part.len() as f32;
            differences.push(mean(&profile[count - third..]) - mean(&profile[..third]));
        }
    }
    let step = channels.map(|mut v| {
        let middle = v.len() / 2;
        *v.select_nth_unstable_by(middle, f32::total_cmp).1
    });
    let size = step.iter().map(|v| v * v).sum::<f32>().sqrt();
    if size < 1e-3 { ([0.577; 3], 0.0) } else { (step.map(|v| v / size), size) }
}

/// The strongest step in the right direction.
fn mark(profile: &[[f32; 3]], along: f32, half: i32, toward: [f32; 3]) -> Option<Mark> {
    let value: Vec<f32> = profile.iter().map(|v| v[0] * toward[0] + v[1] * toward[1] + v[2] * toward[2]).collect();
    // A step of two pixels' width, smoothed once.
    let slope: Vec<f32> = value.windows(3).map(|w| w[2] - w[0]).collect();
    let smooth: Vec<f32> = slope.windows(3).map(|w| (w[0] + 2.0 * w[1] + w[2]) / 8.0).collect();
    let (best, strength) = smooth.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    if strength < 0.35 {
        return None;
    }
    let shift = if best == 0 || best + 1 == smooth.len() {
        0.0
    } else {
        let (a, b, c) = (smooth[best - 1], strength, smooth[best + 1]);
        let curvature = a - 2.0 * b + c;
        if curvature < -1e-4 { (0.5 * (a - c) / curvature).clamp(-0.5, 0.5) } else { 0.0 }
    };
    Some(Mark { along, across: best as f32 + 2.0 + shift - half as f32, weight: strength.min(12.0) })
}

/// The straight line most marks lie on: slope, offset and the share of all profiles on it.
fn straight(marks: &[Mark], reach: f32) -> Option<(f32, f32, f32)> {
    if marks.len() < PROFILES / 5 {
        return None;
    }
    let count = |slope: f32, offset: f32, tolerance: f32| {
        marks.iter().filter(|m| (m.across - offset - slope * m.along).abs() <= tolerance).map(|m| m.weight).sum::<f32>()
    };
    // Every line through two marks far enough apart, coarsely.
    let (mut best, mut best_count) = ((0.0, 0.0), count(0.0, 0.0, 1.2));
    for i in (0..marks.len()).step_by(2) {
        for j in (i + marks.len() / 4..marks.len()).step_by(3) {
            let (a, b) = (&marks[i], &marks[j]);
            let slope = (b.across - a.across) / (b.along - a.along).max(1.0);
            if slope.abs() * (b.along - a.along) > 2.0 * reach {
                continue;
            }
            let offset = a.across - slope * a.along;
            let n = count(slope, offset, 1.2);
            if n > best_count {
                (best, best_count) = ((slope, offset), n);
            }
        }
    }
    for tolerance in [1.5, 1.2, 1.2] {
        let (slope, offset) = best;
        let mut s = [0.0_f64; 5];
        for m in marks.iter().filter(|m| (m.across - offset - slope * m.along).abs() <= tolerance) {
            let (w, x, y) = (f64::from(m.weight), f64::from(m.along), f64::from(m.across));
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
    let (fx, fy) = (x.floor(), y.floor());
    let (tx, ty) = (x - fx, y - fy);
    let (ix, iy) = (fx as i64, fy as i64);
    let at = |dx: i64, dy: i64| frame.pixel_clamped(ix.saturating_add(dx), iy.saturating_add(dy));
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|k| {
        let top = f32::from(a[k]) + (f32::from(b[k]) - f32::from(a[k])) * tx;
        let bottom = f32::from(c[k]) + (f32::from(d[k]) - f32::from(c[k])) * tx;
        top + (bottom - top) * ty
    })
}
