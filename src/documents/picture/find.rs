//! From a frame to the documents in it.

use super::candidates::{Candidate, candidates};
use super::edges::edges;
use super::form::PageForm;
use super::lines::lines;
use super::quad::Quad;
use super::refine::{Refined, refine, refine_three};
use crate::geometry::Point;
use crate::imaging::Frame;

/// Least confidence that is reported.
pub const LEAST_CONFIDENCE: f32 = 0.55;

/// Least side of a frame that is looked at, pixels.
const SMALLEST: u32 = 48;

/// A document in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Corners in frame pixels, clockwise, to a fraction of a pixel. The first side is a long one, the upper of the two in the picture; what
    /// stands on the document may be upright or upside down.
    pub corners: Quad,
    /// Nearest known shape and the ratio seen.
    pub form: PageForm,
    /// 0-1: how much speaks for it. At least [`LEAST_CONFIDENCE`].
    pub confidence: f32,
}

/// Finds the documents in a frame, the likeliest first; they do not overlap. Takes about 10 ms for 1280x720 on one core.
///
/// A document is a rectangle in perspective whose proportions are those of a known page and of whose sides at least a third, of all four together
/// more than half, can be seen. It may lie at any angle, on anything, lighter or darker than what it lies on.
#[must_use]
pub fn find(frame: &Frame) -> Vec<Found> {
    if frame.width().min(frame.height()) < SMALLEST {
        return Vec::new();
    }
    let edges = edges(frame);
    let lines = lines(&edges);
    let (sx, sy) = edges.scale;
    let all: Vec<Found> = candidates(&lines, edges.size).iter().filter_map(|c| full_size(frame, c, (sx, sy))).collect();
    let ranks: Vec<f32> = all.iter().map(|found| rank(found, &all)).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| ranks[*b].total_cmp(&ranks[*a]));
    let all: Vec<Found> = order.into_iter().map(|i| all[i]).collect();
    let mut kept: Vec<Found> = Vec::new();
    for found in all {
        if kept.iter().all(|k| !k.corners.overlaps(&found.corners)) {
            kept.push(found);
        }
    }
    kept
}

/// How much a page counts of which one side could not be seen at all.
const UNSEEN: f32 = 0.72;

/// How much surer than the page around it something printed may be and still count as printed on it.
const SURER: f32 = 0.2;

/// How much more a page counts on which something printed was found.
const BEARS: f32 = 0.08;

/// By what documents are ordered: what is printed on a page that was found too comes after everything that is not.
fn rank(found: &Found, all: &[Found]) -> f32 {
    let printed = all.iter().any(|page| page.confidence + SURER >= found.confidence && frames(page, found));
    let bears = all.iter().any(|print| frames(found, print));
    found.confidence + if bears { BEARS } else { 0.0 } - if printed { 1.0 } else { 0.0 }
}

/// Whether `inner` is something printed on `outer`: a portrait, a zone.
fn frames(outer: &Found, inner: &Found) -> bool {
    let margin = 0.02 * outer.corners.diagonal();
    inner.corners.area() < 0.45 * outer.corners.area() && inner.corners.0.iter().all(|p| outer.corners.contains_nearly(*p, margin))
}

/// The candidate refined at full resolution.
fn full_size(frame: &Frame, candidate: &Candidate, (sx, sy): (f32, f32)) -> Option<Found> {
    let rough = candidate.quad.scaled(sx, sy);
    let reach = 1.8 * sx.max(sy) + 1.5;
    let refined = match candidate.inferred {
        None => refine(frame, &refine(frame, &rough, reach)?.quad, 3.0)?,
        Some(open) => refine_three(frame, &refine_three(frame, &rough, open, reach)?.quad, open, 4.0)?,
    };
    let quad = upright(&refined.quad);
    let form = PageForm::of(&quad, frame.size())?;
    let corners = if form.long_side == 0 { quad } else { upper_first(&quad.starting_at(1)) };
    let form = PageForm { long_side: 0, ..form };
    let confidence = confidence(candidate, &refined, &form);
    (confidence >= LEAST_CONFIDENCE).then_some(Found { corners, form, confidence })
}

/// The same corners from the one nearest to the picture's top left on.
fn upright(quad: &Quad) -> Quad {
    let first = (0..4).min_by(|a, b| sum(quad.0[*a]).total_cmp(&sum(quad.0[*b]))).unwrap_or(0);
    quad.starting_at(first)
}

fn sum(p: Point) -> f32 {
    p.x + p.y
}

/// Of the two ways to count, the one whose first side is the upper one.
fn upper_first(quad: &Quad) -> Quad {
    let height = |from: usize| quad.0[from].y + quad.0[(from + 1) % 4].y;
    if height(0) <= height(2) { *quad } else { quad.starting_at(2) }
}

/// From the share of the sides that was seen at both resolutions, the proportions, and how much the sides look like those of one page.
fn confidence(candidate: &Candidate, refined: &Refined, form: &PageForm) -> f32 {
    let seen: Vec<usize> = (0..4).filter(|i| refined.support[*i] > 0.0).collect();
    let count = seen.len().max(1) as f32;
    let mean = seen.iter().map(|i| refined.support[*i]).sum::<f32>() / count;
    let least = seen.iter().map(|i| refined.support[*i]).fold(1.0, f32::min);
    let contrast = seen.iter().map(|i| refined.contrast[*i]).fold(f32::INFINITY, f32::min);
    let faint = if contrast < 4.0 { 0.85 } else { 1.0 };
    // A side between two surfaces is a step, a line drawn on one is not.
    let steps = seen.iter().map(|i| (refined.contrast[*i] / (refined.steepness[*i] * 2.2).max(1e-3)).min(1.0)).sum::<f32>() / count;
    let sides = (0.6 * mean + 0.4 * least) * (0.6 + 0.4 * steps) * faint;
    let whole = if seen.len() == 4 { 1.0 } else { UNSEEN };
    whole * ((sides * form.likeness() * one_page(refined)).max(0.0) * candidate.score.max(0.0)).sqrt()
}

/// Lower where the margins along the sides differ, or vary along a side: a page has one paper, and prints little at its very edge. One side
/// may differ from the other three, as the one along a white machine-readable zone does.
fn one_page(refined: &Refined) -> f32 {
    // The margin of a side that was not seen compares as no difference.
    let away = |i: usize, j: usize| (0..3).map(|c| (refined.margin[i][c] - refined.margin[j][c]).abs()).fold(0.0, f32::max);
    let without = |k: usize| {
        let others: Vec<usize> = (0..4).filter(|i| *i != k).collect();
        away(others[0], others[1]).max(away(others[1], others[2])).max(away(others[0], others[2]))
    };
    let differ = (0..4).map(without).fold(f32::INFINITY, f32::min);
    let unrest = refined.unrest.iter().sum::<f32>() / 4.0;
    let penalty = |v: f32, usual: f32| 1.0 / (1.0 + (v / usual).powi(2));
    0.35 + 0.65 * penalty(differ, 60.0) * penalty(unrest, 28.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::document_type::PageShape;

    fn found(left: f32, top: f32, width: f32, height: f32, confidence: f32) -> Found {
        let corner = |x: f32, y: f32| Point::new(left + x * width, top + y * height);
        let corners = Quad([corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)]);
        let form = PageForm { shape: PageShape::Id1, ratio: PageShape::Id1.ratio(), skew: 0.0, long_side: 0 };
        Found { corners, form, confidence }
    }

    #[test]
    fn what_is_printed_on_a_page_comes_after_it_even_where_it_ends_at_the_very_edge() {
        let page = found(100.0, 100.0, 856.0, 540.0, 0.6);
        // A portrait with the strip below it, half a pixel beyond the page's edge as its side was fitted.
        let portrait = found(140.0, 220.0, 280.0, 420.5, 0.75);
        let cut_short = found(140.0, 100.0, 816.0, 540.0, 0.62);
        let elsewhere = found(1100.0, 100.0, 150.0, 95.0, 0.65);
        let all = [portrait, cut_short, page, elsewhere];
        let rank = |f: &Found| rank(f, &all);
        assert!(rank(&page) > rank(&portrait) && rank(&elsewhere) > rank(&portrait), "{:?}", all.map(|f| rank(&f)));
        // A print that is much surer than what seems to be around it is a document of its own on something.
        let sure = Found { confidence: 0.95, ..portrait };
        assert!(super::rank(&sure, &[sure, page]) > super::rank(&page, &[sure, page]));
        assert!(super::rank(&page, &all) > super::rank(&Found { confidence: 0.6, ..elsewhere }, &all), "print speaks for a page");
    }
}
