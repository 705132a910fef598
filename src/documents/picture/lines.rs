//! Long straight edges, and which parts of them are really there.

use super::edges::{Edge, Edges};
use crate::geometry::Point;

/// Most lines that are kept, those with the longest unbroken stretches first.
const MOST: usize = 84;
/// Most peaks of the votes that are looked at.
const MOST_PEAKS: usize = 200;
/// An unbroken stretch counts from this length on, reduced pixels: print has shorter ones.
const STRETCH: u32 = 9;
/// Longer than this is not better: sides of documents are seldom so long, seams and grain of the desk are.
const LONG: u32 = 110;
/// Directions that are told apart: two degrees each; a line knows its brighter side.
const DIRECTIONS: usize = 180;
/// An edge votes for its own direction and this many bins to either side: weak edges know theirs to about 5 degrees.
const SPREAD: usize = 3;
/// Least edge pixels of a line.
const FEWEST: u32 = 22;
/// Farthest that an edge pixel may lie from its line, reduced pixels.
const REACH: f32 = 1.6;
/// Edges of opposite directions within this distance are the two sides of a line that is drawn: no side of a document.
const RIDGE: f32 = 3.3;
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
    /// Stretches that begin before each place.
    begun: Vec<u32>,
    /// Weight of the edges before each place.
    weighed: Vec<f32>,
    /// How long, unbroken and clear it is: what its stretches have beyond [`STRETCH`], times the mean weight of its edges.
    strength: f32,
}

impl Line {
    /// Position of a point along the line.
    pub fn along(&self, p: Point) -> f32 {
        self.nx * p.y - self.ny * p.x
    }

    /// A place of the line, with what lies before it.
    pub fn spot(&self, along: f32) -> Spot {
        let at = (along - self.from).clamp(0.0, self.covered.len() as f32 - 1.0) as usize;
        Spot { along, covered: self.covered[at], begun: self.begun[at] }
    }

    /// [`Spot::unbroken_support`] between two positions along the line.
    pub fn unbroken_support(&self, a: f32, b: f32) -> f32 {
        self.spot(a).unbroken_support(self.spot(b))
    }

    /// How clear the line is between two positions along it: mean weight of its edges, 0 where it has none.
    pub fn clearness(&self, a: f32, b: f32) -> f32 {
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        let last = self.weighed.len() as f32 - 1.0;
        let at = |v: f32| (v - self.from).clamp(0.0, last) as usize;
        if b - a < 1.0 { 0.0 } else { (self.weighed[at(b)] - self.weighed[at(a)]) / (b - a) }
    }

    /// Where two lines cross, if they do at more than 25 degrees.
    pub fn crossing(&self, other: &Self) -> Option<Point> {
        let determinant = self.nx * other.ny - self.ny * other.nx;
        (determinant.abs() > 0.42).then(|| {
            Point::new((self.d * other.ny - other.d * self.ny) / determinant, (self.nx * other.d - other.nx * self.d) / determinant)
        })
    }
}

/// A place of a line: support between two of them costs no further look at the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    along: f32,
    /// Covered places before it.
    covered: u32,
    /// Stretches that begin before it.
    begun: u32,
}

impl Spot {
    /// How far along the line the other place is, pixels.
    pub fn distance(self, other: Self) -> f32 {
        (self.along - other.along).abs()
    }

    /// Share of the way to another place of the same line that has edges, less for every gap: a side is unbroken but for what lies over it, print
    /// is broken everywhere. 0 for less than a pixel.
    pub fn unbroken_support(self, other: Self) -> f32 {
        let length = self.distance(other);
        if length < 1.0 {
            return 0.0;
        }
        let support = (self.covered.abs_diff(other.covered) as f32 / length).min(1.0);
        let gaps = self.begun.abs_diff(other.begun).saturating_sub(1) as f32;
        (support - (gaps * 3.5 / length).min(0.35)).max(0.0)
    }
}

/// The strongest lines among the edges.
pub(super) fn lines(edges: &Edges) -> Vec<Line> {
    let sorted = Sorted::of(edges);
    let votes = Votes::of(edges);
    let mut lines: Vec<Line> = Vec::new();
    for (direction, distance) in votes.peaks() {
        let angle = (direction as f32 + 0.5) * std::f32::consts::TAU / DIRECTIONS as f32;
        let start = (angle.cos(), angle.sin(), distance);
        let Some(line) = settle(&sorted, start) else { continue };
        let known = lines.iter().any(|l| {
            let along = l.nx * line.nx + l.ny * line.ny;
            along.abs() > 0.9995 && (l.d - line.d * along.signum()).abs() < 1.0
        });
        if !known && line.strength > 0.0 {
            lines.push(line);
        }
    }
    lines.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    lines.truncate(MOST);
    lines
}

/// The direction bin of an edge.
fn bin(e: &Edge) -> usize {
    let turn = e.ny.atan2(e.nx).rem_euclid(std::f32::consts::TAU) / std::f32::consts::TAU;
    ((turn * DIRECTIONS as f32) as usize).min(DIRECTIONS - 1)
}

/// Edges by direction.
struct Sorted {
    by_direction: Vec<Vec<Edge>>,
    /// The picture's diagonal.
    reach: f32,
}

impl Sorted {
    fn of(edges: &Edges) -> Self {
        let mut by_direction = vec![Vec::new(); DIRECTIONS];
        for e in &edges.all {
            by_direction[bin(e)].push(*e);
        }
        Self { by_direction, reach: (edges.size.width as f32).hypot(edges.size.height as f32) }
    }

    /// Edges close to a line that have its direction, brighter on the same side.
    fn near(&self, nx: f32, ny: f32, d: f32, reach: f32) -> impl Iterator<Item = &Edge> {
        // The largest angle, in bins, and one more for what the bins cut off.
        const WIDE: usize = 12;
        let own = bin(&Edge { x: 0.0, y: 0.0, nx, ny, weight: 0.0 });
        (0..=2 * WIDE)
            .flat_map(move |k| &self.by_direction[(own + DIRECTIONS + k - WIDE) % DIRECTIONS])
            .filter(move |e| (nx * e.x + ny * e.y - d).abs() <= reach && nx * e.nx + ny * e.ny >= SAME_DIRECTION)
    }
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
            let own = bin(e);
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
        found.truncate(MOST_PEAKS);
        found.into_iter().map(|(_, direction, at)| (direction, at as f32 + 0.5 - self.reach as f32)).collect()
    }
}

/// Fits the line to its edge pixels, and notes where it has some.
fn settle(edges: &Sorted, start: (f32, f32, f32)) -> Option<Line> {
    let (mut nx, mut ny, mut d) = start;
    for reach in [REACH * 1.5, REACH] {
        let (fx, fy, fd) = fit(edges.near(nx, ny, d, reach))?;
        // The fit does not know the brighter side.
        let sign = if fx * nx + fy * ny < 0.0 { -1.0 } else { 1.0 };
        (nx, ny, d) = (fx * sign, fy * sign, fd * sign);
    }
    let length = (2.0 * edges.reach) as usize + 4;
    let at = |e: &Edge| (nx * e.y - ny * e.x + edges.reach) as usize;
    let (mut own, mut reverse, mut beside) = (vec![false; length], vec![false; length], vec![false; length]);
    let mut weights = vec![0.0_f32; length];
    let (mut count, mut weight) = (0_u32, 0.0_f32);
    let mut add = |e: &Edge| {
        count += 1;
        weight += e.weight;
        weights[at(e) + 1] = weights[at(e) + 1].max(e.weight);
    };
    // A slanted edge leaves gaps of one pixel.
    for e in edges.near(nx, ny, d, REACH) {
        own[at(e)..at(e) + 3].fill(true);
        add(e);
    }
    for e in edges.near(-nx, -ny, -d, RIDGE) {
        let here = at(e)..at(e) + 3;
        beside[here.clone()].fill(true);
        // A document may lie across two surfaces, one darker and one lighter than it.
        if (nx * e.x + ny * e.y - d).abs() <= REACH {
            reverse[here].fill(true);
            add(e);
        }
    }
    let both = own.iter().zip(&beside).filter(|(a, b)| **a && **b).count();
    let is_ridge = both * 2 > own.iter().filter(|a| **a).count();
    let places = own.into_iter().zip(reverse).map(|(a, b)| a || b);
    let (mut covered, mut begun) = (Vec::with_capacity(length), Vec::with_capacity(length));
    let (mut sum, mut starts, mut run, mut beyond) = (0, 0, 0_u32, 0_u32);
    for place in places {
        covered.push(sum);
        begun.push(starts);
        starts += u32::from(place && run == 0);
        sum += u32::from(place);
        run = if place { run + 1 } else { 0 };
        beyond += u32::from(run > STRETCH);
    }
    let strength = beyond.min(LONG) as f32 * weight / count.max(1) as f32 * if is_ridge { 0.4 } else { 1.0 };
    let mut sum = 0.0;
    for w in &mut weights {
        sum += std::mem::replace(w, sum);
    }
    (count >= FEWEST).then_some(Line { nx, ny, d, from: 1.0 - edges.reach, covered, begun, weighed: weights, strength })
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
