//! Which of the faces in a picture of a document is its portrait: the largest in the window Doc 9303 gives it, never a ghost portrait, never
//! somebody who holds the document.

use super::mrz::Format;
use crate::geometry::{Affine, Point, Rect, Size};

/// From brow to chin, as detectors box a face, to crown to chin.
pub const CROWN_TO_CHIN: f32 = 1.25;
/// A face lower than this is a ghost portrait, millimetres of its box: the smallest portrait is 32 mm high with a head of 70 %.
const SMALLEST_MM: f32 = 13.0;
/// A face higher than this is none of the page's: the largest portrait is 45 mm high.
const LARGEST_MM: f32 = 42.0;
/// Without a zone to measure by: a face less than this share of the largest is a ghost portrait.
const GHOST: f32 = 0.6;
/// How far a portrait's middle may lie from the first character of the zone, along it and above it, millimetres.
const ALONG_MM: std::ops::Range<f32> = -8.0..62.0;
const ABOVE_MM: std::ops::Range<f32> = 6.0..85.0;
/// The page about the zone, millimetres: faces outside it belong to nobody on the document.
const PAGE_ALONG_MM: std::ops::Range<f32> = -10.0..122.0;

/// Where a page begins, millimetres along the zone from its first character.
const STRIP_ALONG_MM: f32 = -6.5;

/// The scale and place that a zone gives a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageScale {
    /// Left upper corner of the zone.
    origin: Point,
    /// Pixels per millimetre along the zone.
    along: Point,
    /// Millimetres that the zone's lines are long.
    length_mm: f32,
}

impl PageScale {
    /// From the corners of a zone, top left first as it is read, then clockwise; `None` for corners in one place or a zone on a back.
    #[must_use]
    pub fn of(format: Format, corners: [Point; 4]) -> Option<Self> {
        let length_mm = match format {
            Format::Td3 | Format::MrvA => 111.0,
            Format::Td2 | Format::MrvB | Format::FrenchIdentityCard => 90.7,
            Format::Td1 | Format::FrenchDrivingLicence | Format::SwissDrivingLicence => return None,
        };
        let [left, right, ..] = corners;
        let along = Point::new((right.x - left.x) / length_mm, (right.y - left.y) / length_mm);
        (along.x.hypot(along.y) > 1e-3).then_some(Self { origin: left, along, length_mm })
    }

    /// Pixels per millimetre.
    #[must_use]
    pub fn pixels_per_mm(&self) -> f32 {
        self.along.x.hypot(self.along.y)
    }

    /// The page about the zone cut out and turned upright: the map from its pixels to the picture's, and its size. Its longer side has at most
    /// `longest` pixels, and no more than the picture shows.
    #[must_use]
    pub fn cut_out(&self, longest: f32) -> (Affine, Size) {
        let (wide, high) = (PAGE_ALONG_MM.end.min(self.length_mm + 12.0) - PAGE_ALONG_MM.start, ABOVE_MM.end + 12.0);
        let pixels_per_mm = self.pixels_per_mm().min(longest / wide.max(high));
        self.piece((PAGE_ALONG_MM.start, ABOVE_MM.end + 4.0), (wide, high), pixels_per_mm)
    }

    /// The whole width of the page between two heights above the zone's first line, cut out and turned upright at so many pixels a millimetre: the
    /// map from its pixels to the picture's, and its size.
    #[must_use]
    pub fn strip(&self, above_mm: std::ops::Range<f32>, pixels_per_mm: f32) -> (Affine, Size) {
        let size = (self.length_mm - 2.0 * STRIP_ALONG_MM, above_mm.end - above_mm.start);
        self.piece((STRIP_ALONG_MM, above_mm.end), size, pixels_per_mm)
    }

    /// What lies right of and below a place, of this width and height; everything in millimetres along the zone and above its first line.
    fn piece(&self, (along, above): (f32, f32), (wide, high): (f32, f32), pixels_per_mm: f32) -> (Affine, Size) {
        // Along the zone, and a quarter turn further: down the page.
        let (x, y) = (self.along.x / pixels_per_mm, self.along.y / pixels_per_mm);
        let (left, top) = (along * pixels_per_mm, -above * pixels_per_mm);
        let map = Affine([x, -y, self.origin.x + left * x - top * y, y, x, self.origin.y + left * y + top * x]);
        let side = |mm: f32| ((mm * pixels_per_mm).round() as u32).max(1);
        (map, Size::new(side(wide), side(high)))
    }

    /// The same page in the pixels of a cut-out.
    #[must_use]
    pub fn within(&self, picture_from_cut: &Affine) -> Option<Self> {
        let back = picture_from_cut.inverse()?;
        let end = Point::new(self.origin.x + self.along.x, self.origin.y + self.along.y);
        let (origin, end) = (back.apply(self.origin), back.apply(end));
        Some(Self { origin, along: Point::new(end.x - origin.x, end.y - origin.y), ..*self })
    }

    /// Millimetres along the zone from its first character, and above its first line.
    fn place(&self, at: Point) -> (f32, f32) {
        let square = self.pixels_per_mm().powi(2);
        let (dx, dy) = (at.x - self.origin.x, at.y - self.origin.y);
        ((dx * self.along.x + dy * self.along.y) / square, (dx * self.along.y - dy * self.along.x) / square)
    }
}

/// What the faces are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Choice {
    /// Index of the portrait.
    pub portrait: Option<usize>,
    /// Ghost portraits on the document.
    pub ghosts: usize,
}

/// Chooses among the boxes of faces. `page` is what the zone says about the page, where one was read on it.
#[must_use]
pub fn choose(faces: &[Rect], page: Option<&PageScale>) -> Choice {
    let larger = |a: &usize, b: &usize| faces[*a].area().total_cmp(&faces[*b].area());
    let Some(page) = page else {
        let portrait = (0..faces.len()).max_by(larger);
        let least = portrait.map_or(0.0, |p| faces[p].height * GHOST);
        let ghosts = (0..faces.len()).filter(|i| Some(*i) != portrait && faces[*i].height < least).count();
        return Choice { portrait, ghosts };
    };
    let heights = SMALLEST_MM * page.pixels_per_mm()..LARGEST_MM * page.pixels_per_mm();
    let on_page = |i: &usize| {
        let (along, above) = page.place(faces[*i].centre());
        PAGE_ALONG_MM.contains(&along) && ABOVE_MM.contains(&above) && along < page.length_mm + 12.0
    };
    let in_window = |i: &usize| ALONG_MM.contains(&page.place(faces[*i].centre()).0);
    let on_page: Vec<usize> = (0..faces.len()).filter(|i| on_page(i)).collect();
    let portrait = on_page.iter().copied().filter(|i| in_window(i) && heights.contains(&faces[*i].height)).max_by(larger);
    let ghosts = on_page.iter().filter(|i| Some(**i) != portrait).count();
    Choice { portrait, ghosts }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A passport page at 5 px/mm whose zone starts at (130, 600).
    fn page() -> PageScale {
        let at = |x, y| Point::new(x, y);
        PageScale::of(Format::Td3, [at(130.0, 600.0), at(685.0, 600.0), at(685.0, 640.0), at(130.0, 640.0)]).expect("a page")
    }

    #[test]
    fn the_portrait_is_the_largest_face_in_its_window() {
        let portrait = Rect::new(150.0, 360.0, 110.0, 130.0);
        let ghost = Rect::new(560.0, 420.0, 40.0, 50.0);
        let holder = Rect::new(900.0, 0.0, 300.0, 360.0);
        let choice = choose(&[ghost, holder, portrait], Some(&page()));
        assert_eq!(choice, Choice { portrait: Some(2), ghosts: 1 });
        assert_eq!(choose(&[ghost, holder], Some(&page())), Choice { portrait: None, ghosts: 1 });
        assert_eq!(choose(&[], Some(&page())), Choice::default());
    }

    #[test]
    fn an_upside_down_page_is_measured_the_same_way() {
        let at = |x, y| Point::new(x, y);
        let page = PageScale::of(Format::Td3, [at(685.0, 100.0), at(130.0, 100.0), at(130.0, 60.0), at(685.0, 60.0)]).expect("a page");
        let portrait = Rect::new(540.0, 210.0, 110.0, 130.0);
        assert_eq!(choose(&[portrait], Some(&page)).portrait, Some(0));
        assert_eq!(choose(&[Rect::new(150.0, 210.0, 110.0, 130.0)], Some(&page)).portrait, None, "the far side of the page");
    }

    #[test]
    fn the_page_is_cut_out_upright() {
        let at = |x, y| Point::new(x, y);
        // The zone runs up the left side of the picture: the page is turned a quarter to the left.
        let page = PageScale::of(Format::Td3, [at(100.0, 700.0), at(100.0, 145.0), at(140.0, 145.0), at(140.0, 700.0)]).expect("a page");
        let (map, size) = page.cut_out(1200.0);
        assert!(size.width > size.height, "{size}");
        let inside = page.within(&map).expect("a map that can be undone");
        assert!((inside.pixels_per_mm() - 5.0).abs() < 0.01);
        // Above the zone's first character lies to its left in the picture.
        let portrait = map.inverse().expect("not singular").apply(at(100.0 - 200.0, 600.0));
        assert!(portrait.x > 0.0 && portrait.y > 0.0 && portrait.x < size.width as f32 / 2.0, "{portrait:?}");
        let face = Rect::new(portrait.x - 55.0, portrait.y - 65.0, 110.0, 130.0);
        assert_eq!(choose(&[face], Some(&inside)).portrait, Some(0));
        let (_, small) = page.cut_out(300.0);
        assert!(small.width.max(small.height) <= 300);
    }

    #[test]
    fn without_a_zone_the_largest_face_counts() {
        let faces = [Rect::new(0.0, 0.0, 30.0, 40.0), Rect::new(100.0, 0.0, 90.0, 110.0)];
        assert_eq!(choose(&faces, None), Choice { portrait: Some(1), ghosts: 1 });
        assert_eq!(choose(&[], None), Choice::default());
        let corner = Point::new(1.0, 1.0);
        assert_eq!(PageScale::of(Format::Td3, [corner; 4]), None);
        assert_eq!(PageScale::of(Format::Td1, [corner; 4]), None, "the back of a card has no portrait");
    }
}
