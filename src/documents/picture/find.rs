//! From a frame to the documents in it.

use super::candidates::{Candidate, candidates};
use super::edges::edges;
use super::form::PageForm;
use super::likelihood::{confidence, log_odds};
use super::lines::lines;
use super::quad::Quad;
use super::refine::{refine, refine_three};
use crate::geometry::Point;
use crate::imaging::Frame;

/// Least confidence that is reported, log-odds of -3.3: three of ten rendered desks without a document show something of that confidence. It is
/// enough for a first outline on the picture, not for taking it; what is no document is told by what can be read of it.
pub const LEAST_CONFIDENCE: f32 = 0.0356;

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
    /// How likely these are the corners of a document, 0-1. At least [`LEAST_CONFIDENCE`].
    pub confidence: f32,
}

/// Finds the documents in a frame, the likeliest first; they do not overlap. Takes about 35 ms for 1280x720 on one core.
///
/// A document is a rectangle in perspective whose proportions are those of a known page and of whose sides three can be seen, or of all four
/// three tenths each and together nearly half. It may lie at any angle, on anything, lighter or darker than what it lies on.
#[must_use]
pub fn find(frame: &Frame) -> Vec<Found> {
    if frame.width().min(frame.height()) < SMALLEST {
        return Vec::new();
    }
    let edges = edges(frame);
    let lines = lines(&edges);
    let all: Vec<Likely> = candidates(&lines, edges.size).iter().filter_map(|c| full_size(frame, c, edges.scale)).collect();
    let printed: Vec<bool> = all.iter().map(|likely| all.iter().any(|page| is_printed_on(likely, page))).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| printed[*a].cmp(&printed[*b]).then(all[*b].log_odds.total_cmp(&all[*a].log_odds)));
    let mut kept: Vec<Found> = Vec::new();
    for found in order.into_iter().map(|i| all[i].found) {
        if kept.iter().all(|k| !k.corners.overlaps(&found.corners)) {
            kept.push(found);
        }
    }
    kept
}

/// What was found, and the log-odds that it is a document.
#[derive(Debug, Clone, Copy)]
struct Likely {
    found: Found,
    log_odds: f32,
}

/// How much likelier, in log-odds, than the page around it something printed may be and still count as printed on it.
const SURER: f32 = 1.0;

/// Whether `inner` is something printed on `page`, a portrait or a zone: that comes after everything that is not.
fn is_printed_on(inner: &Likely, page: &Likely) -> bool {
    page.log_odds + SURER >= inner.log_odds && frames(&page.found.corners, &inner.found.corners)
}

/// Whether `inner` lies on `outer` and is much smaller.
fn frames(outer: &Quad, inner: &Quad) -> bool {
    let margin = 0.02 * outer.diagonal();
    inner.area() < 0.45 * outer.area() && inner.0.iter().all(|p| outer.contains_nearly(*p, margin))
}

/// The candidate refined at full resolution.
fn full_size(frame: &Frame, candidate: &Candidate, (sx, sy): (f32, f32)) -> Option<Likely> {
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
    let log_odds = log_odds(candidate, &refined, &form);
    let confidence = confidence(log_odds);
    (confidence >= LEAST_CONFIDENCE).then_some(Likely { found: Found { corners, form, confidence }, log_odds })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::document_type::PageShape;

    fn likely(left: f32, top: f32, width: f32, height: f32, log_odds: f32) -> Likely {
        let corner = |x: f32, y: f32| Point::new(left + x * width, top + y * height);
        let corners = Quad([corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)]);
        let form = PageForm { shape: PageShape::Id1, ratio: PageShape::Id1.ratio(), skew: 0.0, long_side: 0 };
        Likely { found: Found { corners, form, confidence: confidence(log_odds) }, log_odds }
    }

    #[test]
    fn what_is_printed_on_a_page_comes_after_it_even_where_it_ends_at_the_very_edge() {
        let page = likely(100.0, 100.0, 856.0, 540.0, 0.6);
        // A portrait with the strip below it, half a pixel beyond the page's edge as its side was fitted.
        let portrait = likely(140.0, 220.0, 280.0, 420.5, 1.4);
        let cut_short = likely(140.0, 100.0, 816.0, 540.0, 0.7);
        assert!(is_printed_on(&portrait, &page));
        assert!(!is_printed_on(&page, &portrait) && !is_printed_on(&cut_short, &page));
        // A print that is much likelier than what seems to be around it is a document of its own on something.
        assert!(!is_printed_on(&Likely { log_odds: 4.0, ..portrait }, &page));
    }
}
