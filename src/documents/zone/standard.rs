//! Where Doc 9303 prints the lines of a zone: on a page that was cut out and flattened they can be read without being found first. A reflection
//! that pales half a line hides it from a search for rows of print, not from a look at its place.

use super::grouping::Group;
use super::line::TextLine;
use super::ridges::Curve;
use crate::documents::document_type::PageShape;
use crate::geometry::{Affine, Size};

/// Height of capitals, millimetres.
const CAPITALS: f32 = 2.4;

/// A page with a zone, millimetres.
struct Layout {
    /// Width of the page.
    page: f32,
    /// Left edge of the first character, from the page's left edge.
    left: f32,
    /// Printed width of a line.
    width: f32,
    /// Middles of the lines above the page's lower edge, the first line first.
    lines: &'static [f32],
}

/// # Source
/// ICAO Doc 9303 parts 4 to 7, the dimensions of the zone; each may be off by a millimetre.
const TD3: Layout = Layout { page: 125.0, left: 6.0, width: 112.0, lines: &[15.75, 9.40] };
const TD2_OR_MRV_B: Layout = Layout { page: 105.0, left: 4.0, width: 91.5, lines: &[15.75, 9.40] };
const MRV_A: Layout = Layout { page: 120.0, left: 4.0, width: 112.0, lines: &[15.75, 9.40] };
const TD1: Layout = Layout { page: 85.6, left: 5.0, width: 76.2, lines: &[15.73, 11.5, 7.27] };

const fn layouts(shape: PageShape) -> &'static [Layout] {
    match shape {
        PageShape::Id1 => &[TD1],
        PageShape::Id2OrId3 => &[TD3, TD2_OR_MRV_B],
        PageShape::VisaA => &[MRV_A],
        // The zone is on the lower of the two pages.
        PageShape::OpenPassport => &[TD3],
    }
}

/// Where a flat page of that shape and size, pixels, may have its zone: for each format upright, then on its head.
#[must_use]
pub fn places(shape: PageShape, size: Size) -> Vec<Group> {
    layouts(shape).iter().flat_map(|layout| [layout.group(size, false), layout.group(size, true)]).collect()
}

impl Layout {
    fn group(&self, size: Size, over: bool) -> Group {
        let (width, height) = (size.width as f32, size.height as f32);
        let scale = width / self.page;
        let (from, to) = (self.left * scale, (self.left + self.width) * scale);
        let line = |above: &f32| {
            let below = height - above * scale;
            let (middle, left, right) = if over { (height - below, width - to, width - from) } else { (below, from, to) };
            let capitals = CAPITALS * scale;
            TextLine { middle: Curve([middle, 0.0, 0.0]), left, right, capitals, picture_from_level: Affine::IDENTITY }
        };
        let mut lines: Vec<TextLine> = self.lines.iter().map(line).collect();
        if over {
            lines.reverse();
        }
        Group { lines, oddness: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lie_on_the_page_from_top_to_bottom_at_the_lower_or_the_upper_edge() {
        for (shape, size, formats) in [
            (PageShape::Id1, Size::new(1027, 648), 1),
            (PageShape::Id2OrId3, Size::new(1250, 880), 2),
            (PageShape::VisaA, Size::new(1200, 800), 1),
            (PageShape::OpenPassport, Size::new(1250, 1760), 1),
        ] {
            let groups = places(shape, size);
            assert_eq!(groups.len(), 2 * formats);
            for (i, group) in groups.iter().enumerate() {
                let middles: Vec<f32> = group.lines.iter().map(|l| l.middle.at(0.0)).collect();
                assert!(middles.is_sorted(), "{shape:?}: {middles:?}");
                let strip = 0.45 * size.height as f32;
                let in_strip = |y: &f32| if i % 2 == 0 { *y > size.height as f32 - strip } else { *y < strip };
                assert!(middles.iter().all(in_strip), "{shape:?}: {middles:?}");
                assert!(group.lines.iter().all(|l| l.left > 0.0 && l.right < size.width as f32));
                // As wide as so many characters of OCR-B.
                let characters = group.lines[0].characters();
                assert!([30.0, 36.0, 44.0].iter().any(|n: &f32| (characters - n).abs() < 0.7), "{shape:?}: {characters}");
            }
        }
    }
}
