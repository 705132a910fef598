//! What a frame must show to be taken, and what to ask for where it does not.

use super::instruction::Instruction;
use super::{DocumentObservation, DocumentShot};
use crate::documents::document_type::PageShape;
use crate::documents::picture::{Found, Quad};

/// Limits of a compliant frame. Starting values are those of the facts about capture, tuned on drawn frames that have one fault each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DocumentGates {
    /// Least confidence that the outline is that of a document. Of what is less likely, another one beside it is no second document, and one alone
    /// is shown but not taken.
    pub confidence: f32,
    /// Least distance of a corner from the picture's border, pixels.
    pub margin_px: f32,
    /// Least pixels a millimetre: 5 are 13 a character of a zone.
    pub resolution: f32,
    /// Largest share of the picture.
    pub fill: f32,
    /// Largest tilt, degrees.
    pub tilt_deg: f32,
    /// Largest deviation of the ratio, a fraction.
    pub ratio_deviation: f32,
    /// Mean grey value, darkest and brightest.
    pub brightness: (f32, f32),
    /// Largest share of the strip to read that is under glare.
    pub glare: f32,
    /// Largest share of the page that is saturated.
    pub saturated: f32,
    /// Most millimetres from print to paper.
    pub rise_mm: f32,
    /// Largest movement of a corner from frame to frame, over the diagonal.
    pub movement: f32,
    /// Largest movement between two frames of one run, over the diagonal.
    pub same_place: f32,
}

impl Default for DocumentGates {
    fn default() -> Self {
        Self {
            confidence: 0.8,
            margin_px: 4.0,
            resolution: 5.0,
            fill: 0.92,
            tilt_deg: 30.0,
            ratio_deviation: 0.065,
            brightness: (60.0, 245.0),
            glare: 0.01,
            saturated: 0.5,
            rise_mm: 0.4,
            movement: 0.012,
            same_place: 0.03,
        }
    }
}

impl DocumentGates {
    /// Whether the outline counts as that of a document.
    fn believes(&self, found: &Found) -> bool {
        found.confidence >= self.confidence
    }
}

/// What is not met, the most important first; empty for a frame that may be taken.
///
/// - `before`: where the document was in the frame before, for its movement; without it nothing is said about movement.
#[must_use]
pub fn findings(gates: &DocumentGates, seen: &DocumentObservation, before: Option<Quad>) -> Vec<Instruction> {
    let (Some(first), Some(measures)) = (seen.found.first(), &seen.measures) else { return vec![Instruction::ShowDocument] };
    let strip = &measures.strips[measures.strip_to_read()];
    let moved = before.is_some_and(|b| b.largest_move(&first.corners) > gates.movement * first.corners.diagonal());
    let checks = [
        (seen.found.iter().filter(|f| gates.believes(f)).count() > 1, Instruction::OneDocument),
        (measures.margin_px < gates.margin_px, Instruction::WholeDocument),
        (measures.resolution < gates.resolution, Instruction::Closer),
        (measures.fill > gates.fill, Instruction::Farther),
        (measures.tilt_deg > gates.tilt_deg || measures.ratio_deviation > gates.ratio_deviation, Instruction::Flatten),
        (measures.brightness < gates.brightness.0, Instruction::MoreLight),
        (measures.brightness > gates.brightness.1 || measures.saturated > gates.saturated, Instruction::LessLight),
        (strip.glare > gates.glare, Instruction::AvoidGlare),
        (moved, Instruction::HoldSteady),
        // Without any print it is no document, or so far out of focus that none is left.
        (measures.rise_mm.is_none_or(|rise| rise > gates.rise_mm), Instruction::Focus),
        // Only cards have a side without a zone; a cover, a blank page or a sheet of paper has none either.
        (first.form.shape != PageShape::Id1 && !measures.shows_zone(), Instruction::ShowZone),
        // Nothing else is amiss: a corner or a side of it is covered or outside the picture, and what was found is another outline on it.
        (!gates.believes(first), Instruction::WholeDocument),
    ];
    checks.into_iter().filter(|(unmet, _)| *unmet).map(|(_, instruction)| instruction).collect()
}

/// Ranks shots of one run: sharp print on many pixels first.
#[must_use]
pub(super) fn merit(shot: &DocumentShot) -> f32 {
    let (Some(found), Some(m)) = (&shot.found, &shot.measures) else { return 0.0 };
    let rise = m.rise_mm.unwrap_or(f32::MAX).max(0.05);
    m.resolution.min(12.0) * found.confidence * (1.0 - m.strips[m.strip_to_read()].glare) / rise
}
