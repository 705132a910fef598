//! Long straight edges, and which parts of them are really there.

use super::edges::{Edge, Edges};
use crate::geometry::Point;

/// Most lines that are kept, strongest first.
const MOST: usize = 56;
/// Directions that are told apart: two degrees each; a line knows its brighter side.
const DIRECTIONS: usize = 180;
/// An edge votes for its own direction and this many bins to either side: weak edges know theirs to about 5 degrees.
const SPREAD: usize = 3;
/// Least edge pixels of a line.
const FEWEST: u32 = 22;
/// Farthest that an edge pixel may lie from its line, reduced pixels.
const REACH: f32 = 1.6;
/// Cosine of the largest angle between an edge pixel and its line: 22 degrees.
const SAME_DIRECTION: f32 = 0.927;

/// A straight edge: `nx·x + ny·y = d`, with the normal towards the brighter side.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub nx: f32,
    pub ny: f32,
    pub d: f32,
    /// First place along the line that is counted.
    from: f32,
    /// Covered places before each place, one pixel each.
    covered: Vec<u32>,
}

impl Line {
    /// Position of a point along the line.
    pub fn along(&self, p: Point) -> f32 {
        self.nx * p.y - self.ny * p.x
    }

    /// Share of the stretch between two positions along the line that has edges; 0 for less than a pixel.
    pub fn support(&self, a: f32, b: f32) -> f32 {
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        let last = self.covered.len() as f32 - 1.0;
        let (i, j) = (((a - self.from).clamp(0.0, last)) as usize, ((b - self.from).clamp(0.0, last)) as usize);
        if b - a < 1.0 { 0.0 } else { ((self.covered[j] - self.covered[i]) as f32 / (b - a)).min(1.0) }
    }

    /// Where two lines cross, if they do at more than 25 degrees.
    pub fn crossing(&self, other: &Self) -> Option<Point> {
        let determinant = self.nx * other.ny - self.ny * other.nx;
        (determinant.abs() > 0.42).then(|| {
            Point::new((self.d * other.ny - other.d * self.ny) / determinant, (self.nx * other.d - other.nx * self.d) / determinant)
        })
    }
}

/// The strongest lines among the edges.
pub(super) fn lines(edges: &Edges) -> Vec<Line> {
    let votes = Votes::of(edges);
    let mut lines: Vec<Line> = Vec::new();
    for (direction, distance) in votes.peaks() {
        let angle = (direction as f32 + 0.5) * std::f32::consts::TAU / DIRECTIONS as f32;
        let start = (angle.cos(), angle.sin(), distance);
        let Some(line) = settle(edges, start) else { continue };
        let known = lines.iter().any(|l| l.nx * line.nx + l.ny * line.ny > 0.9995 && (l.d - line.d).abs() < 1.0);
        if !known {
            lines.push(line);
        }
        if lines.len() >= MOST {
            break;
        }
    }
    lines
}

/// Votes for directions and distances.
struct Votes {
    counts: Vec<u16>,
    /// Distances from `-reach` to `reach`.
    reach: i32,
    width: usize,
}

impl Votes {
    fn of(edges: &Edges) -> Self {
        let reach = (edges.size.width as f32).hypot(edges.size.height as f32).ceil() as i32 + 1;
        let width = reach as usize * 2 + 1;
        let mut counts = vec![0_u16; DIRECTIONS * width];
        let table: Vec<(f32, f32)> = (0..DIRECTIONS)
            .map(|i| (i as f32 + 0.5) * std::f32::consts::TAU / DIRECTIONS as f32)
            .map(|angle| (angle.cos(), angle.sin()))
            .collect();
        for e in &edges.all {
            let turn = e.ny.atan2(e.nx).rem_euclid(std::f32::consts::TAU) / std::f32::consts::TAU;
            let own = ((turn * DIRECTIONS as f32) as usize).min(DIRECTIONS - 1);
            for k in 0..=2 * SPREAD {
                let direction = (own + DIRECTIONS + k - SPREAD) % DIRECTIONS;
                let (nx, ny) = table[direction];
                let distance = (nx * e.x + ny * e.y).round() as i32 + reach;
                counts[direction * width + distance as usize] += 1;
            }
        }
        Self { counts, reach, width }
    }

    /// Directions and distances with more votes than their surroundings, most votes first.
    fn peaks(&self) -> Vec<(usize, f32)> {
        let mut found: Vec<(u32, usize, usize)> = Vec::new();
        // Two neighbouring distances count together: an edge lies between them as often as on one.
        let pair = |direction: usize, at: usize| {
            let row = &self.counts[direction * self.width..][..self.width];
            u32::from(row[at]) + u32::from(row[at + 1])
        };
        for direction in 0..DIRECTIONS {
            for at in 2..self.width - 3 {
                let count = pair(direction, at);
                if count < FEWEST {
                    continue;
                }
                let highest = (0..5).all(|i| {
                    let other = (direction + DIRECTIONS + i - 2) % DIRECTIONS;
                    (at - 2..=at + 2).all(|o| {
                        let c = pair(other, o);
                        c < count || (c == count && (other, o) >= (direction, at))
                    })
                });
                if highest {
                    found.push((count, direction, at));
                }
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        found.truncate(MOST * 2);
        found.into_iter().map(|(_, direction, at)| (direction, at as f32 + 0.5 - self.reach as f32)).collect()
    }
}

/// Fits the line to its edge pixels, and notes where it has some.
fn settle(edges: &Edges, start: (f32, f32, f32)) -> Option<Line> {
    let (mut nx, mut ny, mut d) = start;
    let near = |nx: f32, ny: f32, d: f32, reach: f32| {
        edges.all.iter().filter(move |e| (nx * e.x + ny * e.y - d).abs() <= reach && nx * e.nx + ny * e.ny >= SAME_DIRECTION)
    };
    for reach in [REACH * 1.6, REACH, REACH] {
        let (fx, fy, fd) = fit(near(nx, ny, d, reach))?;
        // The fit does not know the brighter side.
        let sign = if fx * nx + fy * ny < 0.0 { -1.0 } else { 1.0 };
        (nx, ny, d) = (fx * sign, fy * sign, fd * sign);
    }
    let reach = (edges.size.width as f32).hypot(edges.size.height as f32);
    let mut places = vec![0_u32; (2.0 * reach) as usize + 4];
    let mut count = 0;
    for e in near(nx, ny, d, REACH) {
        let at = (nx * e.y - ny * e.x + reach) as usize;
        // A slanted edge leaves gaps of one pixel.
        places[at..at + 3].fill(1);
        count += 1;
    }
    let mut sum = 0;
    for place in &mut places {
        sum += std::mem::replace(place, sum);
    }
    (count >= FEWEST).then_some(Line { nx, ny, d, from: 1.0 - reach, covered: places })
}

/// Total least squares.
fn fit<'a>(edges: impl Iterator<Item = &'a Edge>) -> Option<(f32, f32, f32)> {
    let mut s = [0.0_f64; 6];
    for e in edges {
        let (x, y) = (f64::from(e.x), f64::from(e.y));
        [1.0, x, y, x * x, x * y, y * y].iter().zip(&mut s).for_each(|(v, s)| *s += v);
    }
    let [n, x, y, xx, xy, yy] = s;
    if n < f64::from(FEWEST) * 0.5 {
        return None;
    }
    let (mx, my) = (x / n, y / n);
    let (vxx, vxy, vyy) = (xx / n - mx * mx, xy / n - mx * my, yy / n - my * my);
    // Normal: direction of least spread.
    let angle = 0.5 * (2.0 * vxy).atan2(vxx - vyy) + std::f64::consts::FRAC_PI_2;
    let (sin, cos) = angle.sin_cos();
    Some((cos as f32, sin as f32, (cos * mx + sin * my) as f32))
}
