//! Quadrilaterals that four of the lines could make, scored by what speaks for them.

use super::PageForm;
use super::completion::{Straight, ThreeSides};
use super::form::RATIOS;
use super::lines::{Line, Spot};
use super::quad::Quad;
use crate::geometry::{Point, Size};

/// Most that are handed on; in 945 rendered scenes, 48 gave no document more and took a quarter longer.
const MOST: usize = 32;
/// Most from which these are picked; in rendered scenes the picking ends before the 300th.
const SHORTLISTED: usize = 300;
/// Most of the same kind that differ little from each other: a shadow or a border printed along the edge gives a second line close by. Another
/// shape that three of the sides allow is of another kind: which of them is right shows at full size.
const MOST_ALIKE: usize = 3;
/// How little that is, as a corner error.
const ALIKE: f32 = 0.08;
/// Least score that is worth a closer look.
const LEAST_SCORE: f32 = 0.36;
/// Least share of a side that must show an edge: fingers may cover the rest.
const LEAST_SIDE: f32 = 0.3;
/// The same for each of the three sides of a page whose fourth cannot be seen, and for their mean: fingers that cover one side lie over part of
/// another as well, but not over two.
const CLEAR_SIDE: f32 = 0.3;
const CLEAR_MEAN: f32 = 0.66;
/// The same for the one of them that lies opposite the fourth: its two ends say how large the page is.
const CLEAR_BASE: f32 = 0.45;
/// How much such a page counts against one with four sides.
const THREE_SIDES: f32 = 0.62;
/// Least mean over the four sides.
const LEAST_MEAN: f32 = 0.48;
/// Least length of a side over the picture's longer side.
const SHORTEST: f32 = 0.07;

/// A quadrilateral of the reduced picture and its score, 0-1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub quad: Quad,
    pub score: f32,
    /// The side (after the corner of that number) that no line was seen of, and how long its neighbours are for its opposite's length.
    pub inferred: Option<(usize, f64)>,
    /// How surely its sides end at its corners, 0.3-1, and whether all are brighter on the same side, 0.9-1.
    pub ends: f32,
    pub polarity: f32,
    /// Mean support of the sides that lines were seen of, 0-1.
    pub clearness: f32,
    /// What makes two of a kind: which side is supposed and from which proportions, or the shape.
    pub kin: (usize, u32),
}

/// The best candidates, best first.
pub(super) fn candidates(lines: &[Line], size: Size) -> Vec<Candidate> {
    let field = Field::new(lines, size);
    let mut found = Shortlist::default();
    for i in 0..lines.len() {
        for j in i + 1..lines.len() {
            field.between(i, j, &mut found);
        }
    }
    let mut best: Vec<Candidate> = Vec::new();
    for c in found.best_first() {
        if best.len() >= MOST {
            break;
        }
        let centre = c.quad.centre();
        // No corner error is smaller than the distance of the centres.
        let near = best.iter().filter(|b| centre.distance(b.quad.centre()) < ALIKE * b.quad.diagonal());
        let close = near.map(|b| (c.quad.corner_error(&b.quad), c.kin == b.kin));
        let (same, alike) = close.fold((false, 0), |(same, alike), (e, kin)| (same || e < 0.01, alike + usize::from(kin && e < ALIKE)));
        if !same && alike < MOST_ALIKE {
            best.push(c);
        }
    }
    best
}

/// The best of many candidates, and the score that another one must have to be among them.
#[derive(Default)]
struct Shortlist {
    kept: Vec<Candidate>,
    floor: f32,
}

impl Shortlist {
    /// Whether a candidate that scores no more than `most` may count.
    fn admits(&self, most: f32) -> bool {
        most >= LEAST_SCORE && most >= self.floor
    }

    fn push(&mut self, candidate: Candidate) {
        self.kept.push(candidate);
        if self.kept.len() >= 2 * SHORTLISTED {
            self.kept.select_nth_unstable_by(SHORTLISTED, |a, b| b.score.total_cmp(&a.score));
            self.kept.truncate(SHORTLISTED);
            self.floor = self.kept.iter().map(|c| c.score).fold(f32::INFINITY, f32::min);
        }
    }

    fn best_first(mut self) -> Vec<Candidate> {
        self.kept.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.kept
    }
}

struct Field<'a> {
    lines: &'a [Line],
    size: Size,
    /// Where each line crosses each other one, in the picture and on the former.
    crossings: Vec<Option<(Point, Spot)>>,
    shortest: f32,
}

/// A line that crosses both of a pair, and where.
struct Crossing {
    line: usize,
    first: Point,
    second: Point,
    /// The same places on the two lines of the pair.
    on: [Spot; 2],
    support: f32,
}

impl<'a> Field<'a> {
    fn new(lines: &'a [Line], size: Size) -> Self {
        let (w, h) = (size.width as f32, size.height as f32);
        let inside = |p: &Point| p.x > -0.02 * w && p.y > -0.02 * h && p.x < 1.02 * w && p.y < 1.02 * h;
        let crossing = |a: &Line, b: &Line| a.crossing(b).filter(inside).map(|p| (p, a.spot(a.along(p))));
        let crossings = lines.iter().flat_map(|a| lines.iter().map(move |b| crossing(a, b))).collect();
        Self { lines, size, crossings, shortest: SHORTEST * w.max(h) }
    }

    /// Where line `a` crosses line `b`, and that place on `a`.
    fn crossing(&self, a: usize, b: usize) -> Option<(Point, Spot)> {
        self.crossings[a * self.lines.len() + b]
    }

    /// Everything that has lines `i` and `j` as opposite sides.
    fn between(&self, i: usize, j: usize, found: &mut Shortlist) {
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
            let (Some((first, on_i)), Some((second, on_j))) = (self.crossing(i, k), self.crossing(j, k)) else { continue };
            let (Some((_, from)), Some((_, to))) = (self.crossing(k, i), self.crossing(k, j)) else { continue };
            if from.distance(to) < self.shortest {
                continue;
            }
            let support = from.unbroken_support(to);
            if support >= LEAST_SIDE {
                across.push(Crossing { line: k, first, second, on: [on_i, on_j], support });
            }
        }
        for p in across.iter().filter(|p| p.support >= CLEAR_BASE) {
            self.complete([i, j], p, found);
        }
        for (n, p) in across.iter().enumerate() {
            for q in &across[n + 1..] {
                // Each quadrilateral turns up for both pairs of its opposite sides: once is enough.
                if p.line.min(q.line) > i.min(j) {
                    self.judge([i, p.line, j, q.line], p, q, found);
                }
            }
        }
    }

    /// Pages of which only three sides are seen: `p` and, from its ends, lines `i` and `j`.
    fn complete(&self, [i, j]: [usize; 2], p: &Crossing, found: &mut Shortlist) {
        if !found.admits((p.support + 2.0) / 3.0 * THREE_SIDES) {
            return;
        }
        let straight = |k: usize| Straight { nx: self.lines[k].nx, ny: self.lines[k].ny, d: self.lines[k].d };
        let Some(known) = ThreeSides::new(straight(p.line), [straight(i), straight(j)], self.size) else { return };
        let (w, h) = (self.size.width as f32, self.size.height as f32);
        let inside = |p: &Point| p.x > 0.0 && p.y > 0.0 && p.x < w && p.y < h;
        let support = |line: usize, from: Spot, to: Point| from.unbroken_support(self.lines[line].spot(self.lines[line].along(to)));
        for ratio in RATIOS {
            for (times, forward) in [(ratio, true), (ratio, false), (1.0 / ratio, true), (1.0 / ratio, false)] {
                // Corners: i∩p, j∩p, the far end on j, the far end on i.
                let Some(page) = known.page(times, forward).filter(|page| page.iter().all(inside)) else { continue };
                let on_i = support(i, p.on[0], page[3]);
                if on_i < CLEAR_SIDE || p.support + on_i + 1.0 < 3.0 * CLEAR_MEAN {
                    continue;
                }
                let on_j = support(j, p.on[1], page[2]);
                let clearness = (p.support + on_i + on_j) / 3.0;
                if on_j < CLEAR_SIDE || clearness < CLEAR_MEAN {
                    continue;
                }
                // The open side is the third, or the first when turned round.
                let (quad, order, open) = if Quad(page).area() > 0.0 {
                    (Quad(page), [p.line, j, usize::MAX, i], 2)
                } else {
                    (Quad([page[3], page[2], page[1], page[0]]), [usize::MAX, j, p.line, i], 0)
                };
                if quad.is_convex() {
                    self.judge_three(&quad, order, (open, times), clearness, found);
                }
            }
        }
    }

    fn judge_three(&self, quad: &Quad, order: [usize; 4], (open, times): (usize, f64), clearness: f32, found: &mut Shortlist) {
        let sides = quad.sides();
        let most = clearness * THREE_SIDES * self.largeness(quad);
        let too_short = (0..4).any(|k| k != open && sides[k].0.distance(sides[k].1) < self.shortest);
        if too_short || !found.admits(most) {
            return;
        }
        // The neighbours end where the open side is, unless the page goes on there: out of the picture, for instance.
        let (before, after) = ((open + 3) % 4, (open + 1) % 4);
        if self.runs_on(order[before], sides[before], true) + self.runs_on(order[after], sides[after], false) > 0.9 {
            return;
        }
        let (ends, polarity) = (self.ends(quad, order), self.polarity(quad, order));
        let kin = (open, (times * 100.0) as u32);
        found.push(Candidate { quad: *quad, score: most * ends * polarity, inferred: Some((open, times)), ends, polarity, clearness, kin });
    }

    fn judge(&self, sides: [usize; 4], p: &Crossing, q: &Crossing, found: &mut Shortlist) {
        if (0..2).any(|n| p.on[n].distance(q.on[n]) < self.shortest) {
            return;
        }
        let supports = [p.on[0].unbroken_support(q.on[0]), p.support, p.on[1].unbroken_support(q.on[1]), q.support];
        let (least, mean) = (supports.iter().copied().fold(1.0, f32::min), supports.iter().sum::<f32>() / 4.0);
        let clear = 0.6 * mean + 0.4 * least;
        if least < LEAST_SIDE || mean < LEAST_MEAN || !found.admits(clear) {
            return;
        }
        // The corners in the order of the sides: a∩q, a∩p, b∩p, b∩q; turned round if they run anticlockwise.
        let mut quad = Quad([q.first, p.first, p.second, q.second]);
        let mut order = sides;
        if quad.area() < 0.0 {
            quad = Quad([p.first, q.first, q.second, p.second]);
            order = [sides[0], sides[3], sides[2], sides[1]];
        }
        let most = clear * self.largeness(&quad);
        if !found.admits(most) || !quad.is_convex() {
            return;
        }
        let Some(form) = PageForm::of(&quad, self.size) else { return };
        let (ends, polarity) = (self.ends(&quad, order), self.polarity(&quad, order));
        let score = most * form.likeness() * ends * polarity;
        found.push(Candidate { quad, score, inferred: None, ends, polarity, clearness: mean, kin: (4, form.shape as u32) });
    }

    /// Lower where the sides run on beyond the corners as clearly as between them: then the corners are not corners.
    fn ends(&self, quad: &Quad, order: [usize; 4]) -> f32 {
        let mut beyond = 0.0;
        for (k, side) in quad.sides().into_iter().enumerate().filter(|(k, _)| order[*k] < self.lines.len()) {
            beyond += self.runs_on(order[k], side, false) + self.runs_on(order[k], side, true);
        }
        (1.0 - 0.22 * beyond).max(0.3)
    }

    /// How clearly a side's line runs on before its first or after its last corner, against the side itself: 0-1.
    fn runs_on(&self, line: usize, (from, to): (Point, Point), after: bool) -> f32 {
        let line = &self.lines[line];
        let (s, t) = (line.along(from), line.along(to));
        let run = (t - s) * 0.22;
        // A step away from the corner, where the rounding of a neighbour's edge would count.
        let gap = run.signum() * 3.0;
        let (a, b) = if after { (t + gap, t + gap + run) } else { (s - gap - run, s - gap) };
        line.unbroken_support(a, b) * (line.clearness(a, b) / line.clearness(s, t).max(1e-3)).min(1.0).powi(2)
    }

    /// Lower where some sides are brighter inside and some outside.
    fn polarity(&self, quad: &Quad, order: [usize; 4]) -> f32 {
        let centre = quad.centre();
        let seen: Vec<&Line> = order.iter().filter_map(|k| self.lines.get(*k)).collect();
        let brighter_inside = seen.iter().filter(|line| line.nx * centre.x + line.ny * centre.y > line.d).count();
        match brighter_inside.min(seen.len() - brighter_inside) {
            0 => 1.0,
            1 => 0.94,
            _ => 0.9,
        }
    }

    /// Higher for the larger of two: what lies inside a document has outlines too, and who shows a document shows it large.
    fn largeness(&self, quad: &Quad) -> f32 {
        let share = quad.area() / self.size.pixels() as f32;
        0.5 + 0.5 * (share / 0.2).min(1.0).sqrt()
    }
}
