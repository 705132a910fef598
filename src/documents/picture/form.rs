//! Which page a quadrilateral could be, by its proportions.

use super::quad::Quad;
use crate::documents::document_type::PageShape;
use crate::geometry::Size;

/// Farthest that a quadrilateral may be from a known shape, as a difference of logarithms: 8.5 %. More than a capture allows, so that guidance
/// can say what is wrong with a document held askew; less than makes a page of the frame around a portrait (35x45 mm).
const FARTHEST: f64 = 0.085;

/// Standard deviation of the ratio seen: of 160 rendered documents held at up to 26 degrees before lenses of 54 to 68 degrees, 95 % lay within
/// 0.8 % of the truth; real pages are cut to 0.9 % and lie less flat.
const USUAL: f64 = 0.018;

/// Most of a skew that the lens explains.
const STEEP: f64 = 0.06;
/// Skew that speaks against a page.
const ASKEW: f64 = 0.14;

/// Ratios of the pages that are looked for.
pub(super) const RATIOS: [f64; 3] = [PageShape::Id1.ratio(), PageShape::Id2OrId3.ratio(), PageShape::VisaA.ratio()];

/// A known shape, the ratio seen and how it lies in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageForm {
    /// Nearest known shape.
    pub shape: PageShape,
    /// Long side over short side as seen, perspective taken out.
    pub ratio: f64,
    /// How far from square the corners are, perspective taken out: 0 is square, the sine of the angle that is missing otherwise. A real page
    /// before a lens of another focal length than the one assumed comes out up to 0.06 askew.
    pub skew: f64,
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
        let skew = quad.skew(picture)?;
        (distance(ratio, shape) <= FARTHEST).then_some(Self { shape, ratio, skew, long_side })
    }

    /// How far the ratio lies from the shape's, as a fraction: 0.03 is 3 %.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        (self.ratio / self.shape.ratio() - 1.0).abs()
    }

    /// The same, less where the corners are askew: the ratio of a page that is seen steeply, through a lens that is not quite the one assumed, is
    /// as uncertain as its corners come out askew.
    pub(super) fn deviation_for_skew(&self) -> f64 {
        self.deviation() * USUAL / self.spread()
    }

    /// Standard deviation of the ratio, corners as askew as these.
    fn spread(&self) -> f64 {
        USUAL.hypot(self.skew.min(STEEP))
    }

    /// 1 for a perfect ratio of square corners, 0.65 far from it. The ratio of a page that is seen steeply, through a lens that is not quite the
    /// one assumed, is as uncertain as its corners come out askew; corners further askew than that are of no page.
    pub(super) fn likeness(&self) -> f32 {
        let far = (distance(self.ratio, self.shape) / self.spread()) as f32;
        let askew = (self.skew / ASKEW) as f32;
        // A visa is a sticker in a passport: rarely shown by itself, and its ratio lies half-way between the other two.
        let rare = if self.shape == PageShape::VisaA { 0.95 } else { 1.0 };
        rare * (0.65 + 0.35 * (-0.5 * far * far).exp()) * (-0.5 * askew * askew).exp()
    }
}

fn distance(ratio: f64, shape: PageShape) -> f64 {
    (ratio / shape.ratio()).ln().abs()
}
