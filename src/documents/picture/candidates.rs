//! Quadrilaterals that four of the lines could make, scored by what speaks for them.

use super::PageForm;
use super::lines::Line;
use super::quad::Quad;
use crate::geometry::{Point, Size};

/// Most that are handed on.
const MOST: usize = 24;
/// Least share of a side that must show an edge: fingers may cover the rest.
const LEAST_SIDE: f32 = 0.34;
/// Least mean over the four sides.
const LEAST_MEAN: f32 = 0.58;
/// Least length of a side over the picture's longer side.
const SHORTEST: f32 = 0.07;

/// A quadrilateral of the reduced picture and its score, 0-1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub quad: Quad,
    pub score: f32,
}

/// The best candidates, best first.
pub(super) fn candidates(lines: &[Line], size: Size) -> Vec<Candidate> {
    let field = Field::new(lines, size);
    let mut found: Vec<Candidate> = Vec::new();
    for i in 0..lines.len() {
        for j in i + 1..lines.len() {
            field.between(i, j, &mut found);
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut best: Vec<Candidate> = Vec::new();
    for c in found {
        if best.len() >= MOST {
            break;
        }
        if best.iter().all(|b| c.quad.corner_error(&b.quad) > 0.012) {
            best.push(c);
        }
    }
    best
}

struct Field<'a> {
    lines: &'a [Line],
    size: Size,
    crossings: Vec<Option<Point>>,
    shortest: f32,
}

/// A line that crosses both of a pair, and where.
struct Crossing {
    line: usize,
    first: Point,
    second: Point,
    support: f32,
}

impl<'a> Field<'a> {
    fn new(lines: &'a [Line], size: Size) -> Self {
        let (w, h) = (size.width as f32, size.height as f32);
        let inside = |p: &Point| p.x > -0.02 * w && p.y > -0.02 * h && p.x < 1.02 * w && p.y < 1.02 * h;
        let crossings = lines.iter().flat_map(|a| lines.iter().map(move |b| a.crossing(b).filter(inside))).collect();
        Self { lines, size, crossings, shortest: SHORTEST * w.max(h) }
    }

    fn crossing(&self, a: usize, b: usize) -> Option<Point> {
        self.crossings[a * self.lines.len() + b]
    }

    /// Everything that has lines `i` and `j` as opposite sides.
    fn between(&self, i: usize, j: usize, found: &mut Vec<Candidate>) {
        let (a, b) = (&self.lines[i], &self.lines[j]);
        // Opposite sides diverge by at most 37 degrees.
        if (a.nx * b.nx + a.ny * b.ny).abs() < 0.8 {
            return;
        }
        let mut across: Vec<Crossing> = Vec::new();
        for k in 0..self.lines.len() {
            if k == i || k == j {
                continue;
            }
            let (Some(first), Some(second)) = (self.crossing(i, k), self.crossing(j, k)) else { continue };
            if first.distance(second) < self.shortest {
                continue;
            }
            let line = &self.lines[k];
            let support = line.support(line.along(first), line.along(second));
            if support >= LEAST_SIDE {
                across.push(Crossing { line: k, first, second, support });
            }
        }
        for (n, p) in across.iter().enumerate() {
            for q in &across[n + 1..] {
                // Each quadrilateral turns up for both pairs of its opposite sides: once is enough.
                if p.line.min(q.line) > i.min(j) {
                    found.extend(self.judge([i, p.line, j, q.line], p, q));
                }
            }
        }
    }

    fn judge(&self, sides: [usize; 4], p: &Crossing, q: &Crossing) -> Option<Candidate> {
        let (a, b) = (&self.lines[sides[0]], &self.lines[sides[2]]);
        if p.first.distance(q.first) < self.shortest || p.second.distance(q.second) < self.shortest {
            return None;
        }
        let on_a = a.support(a.along(p.first), a.along(q.first));
        let on_b = b.support(b.along(p.second), b.along(q.second));
        let supports = [on_a, p.support, on_b, q.support];
        let (least, mean) = (supports.iter().copied().fold(1.0, f32::min), supports.iter().sum::<f32>() / 4.0);
        if least < LEAST_SIDE || mean < LEAST_MEAN {
            return None;
        }
        // The corners in the order of the sides: a∩q, a∩p, b∩p, b∩q; turned round if they run anticlockwise.
        let mut quad = Quad([q.first, p.first, p.second, q.second]);
        let mut order = sides;
        if quad.area() < 0.0 {
            quad = Quad([p.first, q.first, q.second, p.second]);
            order = [sides[0], sides[3], sides[2], sides[1]];
        }
        if !quad.is_convex() {
            return None;
        }
        let form = PageForm::of(&quad, self.size)?;
        let score =
            (0.6 * mean + 0.4 * least) * form.likeness() * self.ends(&quad, order) * self.polarity(&quad, order) * self.largeness(&quad);
        Some(Candidate { quad, score })
    }

    /// Lower where the sides run on beyond the corners: then the corners are not corners.
    fn ends(&self, quad: &Quad, order: [usize; 4]) -> f32 {
        let mut beyond = 0.0;
        for (k, (from, to)) in quad.sides().into_iter().enumerate() {
            let line = &self.lines[order[k]];
            let (s, t) = (line.along(from), line.along(to));
            let run = (t - s) * 0.22;
            // A step away from the corner, where the rounding of a neighbour's edge would count.
            let gap = run.signum() * 3.0;
            beyond += line.support(s - gap - run, s - gap) + line.support(t + gap, t + gap + run);
        }
        1.0 - 0.55 * (beyond / 8.0)
    }

    /// Lower where some sides are brighter inside and some outside.
    fn polarity(&self, quad: &Quad, order: [usize; 4]) -> f32 {
        let centre = quad.centre();
        let brighter_inside = order.iter().filter(|k| {
            let line = &self.lines[**k];
            line.nx * centre.x + line.ny * centre.y > line.d
        });
        match brighter_inside.count() {
            0 | 4 => 1.0,
            1 | 3 => 0.88,
            _ => 0.8,
        }
    }

    /// Slightly higher for the larger of two: what lies inside a document has outlines too.
    fn largeness(&self, quad: &Quad) -> f32 {
        let share = quad.area() / self.size.pixels() as f32;
        0.9 + 0.1 * (share / 0.25).min(1.0).sqrt()
    }
}
