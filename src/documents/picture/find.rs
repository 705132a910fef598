//! From a frame to the documents in it.

use super::candidates::{Candidate, candidates};
use super::edges::edges;
use super::form::PageForm;
use super::lines::lines;
use super::quad::Quad;
use super::refine::{Refined, refine};
use crate::geometry::Point;
use crate::imaging::Frame;

/// Least confidence that is reported.
pub const LEAST_CONFIDENCE: f32 = 0.5;

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
    let mut all: Vec<Found> = candidates(&lines, edges.size).iter().filter_map(|c| full_size(frame, c, (sx, sy))).collect();
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Found> = Vec::new();
    for found in all {
        if kept.iter().all(|k| !k.corners.overlaps(&found.corners)) {
            kept.push(found);
        }
    }
    kept
}

/// The candidate refined at full resolution.
fn full_size(frame: &Frame, candidate: &Candidate, (sx, sy): (f32, f32)) -> Option<Found> {
    let rough = candidate.quad.scaled(sx, sy);
    let reach = 1.8 * sx.max(sy) + 1.5;
    let first = refine(frame, &rough, reach)?;
    let refined = refine(frame, &first.quad, 3.0)?;
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

/// From the share of the sides that was seen at both resolutions, the proportions, and what spoke against the corners.
fn confidence(candidate: &Candidate, refined: &Refined, form: &PageForm) -> f32 {
    let mean = refined.support.iter().sum::<f32>() / 4.0;
    let least = refined.support.iter().copied().fold(1.0, f32::min);
    let seen = (0.6 * mean + 0.4 * least).min(1.0);
    let contrast = refined.contrast.iter().copied().fold(f32::INFINITY, f32::min);
    let faint = if contrast < 4.0 { 0.85 } else { 1.0 };
    ((seen * form.likeness() * faint).max(0.0) * candidate.score.max(0.0)).sqrt()
}
