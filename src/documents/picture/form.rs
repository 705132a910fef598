//! Which page a quadrilateral could be, by its proportions.

use super::quad::Quad;
use crate::documents::document_type::PageShape;
use crate::geometry::Size;

/// Farthest that a quadrilateral may be from a known shape, as a difference of logarithms: 11 %. Twice what a capture allows, so that
/// guidance can say what is wrong with a document held askew.
const FARTHEST: f64 = 0.11;

/// Half of [`FARTHEST`]: deviation at which a candidate's score begins to suffer noticeably.
const USUAL: f64 = 0.055;

/// A known shape, the ratio seen and how it lies in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageForm {
    /// Nearest known shape.
    pub shape: PageShape,
    /// Long side over short side as seen, perspective taken out.
    pub ratio: f64,
    /// Which of the quadrilateral's sides is the page's upper or lower long side: 0 or 1.
    pub long_side: usize,
}

impl PageForm {
    /// The nearest known shape; `None` when no known page looks like that.
    #[must_use]
    pub fn of(quad: &Quad, picture: Size) -> Option<Self> {
        let seen = quad.ratio(picture)?;
        let (ratio, long_side) = if seen >= 1.0 { (seen, 0) } else { (quad.starting_at(1).ratio(picture)?, 1) };
        let shapes = [PageShape::Id1, PageShape::Id2OrId3, PageShape::VisaA];
        let shape = shapes.into_iter().min_by(|a, b| distance(ratio, *a).total_cmp(&distance(ratio, *b)))?;
        (distance(ratio, shape) <= FARTHEST).then_some(Self { shape, ratio, long_side })
    }

    /// How far the ratio lies from the shape's, as a fraction: 0.03 is 3 %.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        (self.ratio / self.shape.ratio() - 1.0).abs()
    }

    /// 1 for a perfect ratio, about 0.6 at the farthest.
    pub(super) fn likeness(&self) -> f32 {
        let far = (distance(self.ratio, self.shape) / USUAL) as f32;
        (-0.125 * far * far).exp()
    }
}

fn distance(ratio: f64, shape: PageShape) -> f64 {
    (ratio / shape.ratio()).ln().abs()
}
