//! A document as if it lay flat under the lens.

use super::quad::Quad;
use crate::documents::document_type::PageShape;
use crate::geometry::{Point, Rect, Size};
use crate::imaging::Frame;
use crate::imaging::perspective::{Homography, sample_perspective};

/// Longest side of a rectified picture, pixels.
const LONGEST: f64 = 4096.0;

impl PageShape {
    /// Width and height in millimetres. Of the two sizes that share a shape the larger, ID-3: of an ID-2 every length then reads 19 % long.
    #[must_use]
    pub const fn size_mm(self) -> (f64, f64) {
        match self {
            Self::Id1 => (85.60, 53.98),
            Self::Id2OrId3 => (125.0, 88.0),
            Self::VisaA => (120.0, 80.0),
            Self::OpenPassport => (125.0, 176.0),
        }
    }

    /// Pixels a millimetre at which a page is read: 300 dpi are 11.8. Cards carry smaller print.
    #[must_use]
    pub const fn reading_resolution(self) -> f64 {
        match self {
            Self::Id1 => 12.0,
            Self::Id2OrId3 | Self::VisaA | Self::OpenPassport => 10.0,
        }
    }
}

/// Quarter turns, clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// As it is.
    None,
    /// 90 degrees clockwise.
    Right,
    /// 180 degrees.
    Over,
    /// 90 degrees anticlockwise.
    Left,
}

impl Turn {
    /// In the order in which a page should be tried.
    pub const ALL: [Self; 4] = [Self::None, Self::Over, Self::Right, Self::Left];

    /// Degrees clockwise.
    #[must_use]
    pub const fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Over => 180,
            Self::Left => 270,
        }
    }

    /// The frame turned.
    #[must_use]
    pub fn of(self, frame: &Frame) -> Frame {
        let (w, h) = (frame.width(), frame.height());
        let size = if matches!(self, Self::Right | Self::Left) { Size::new(h, w) } else { frame.size() };
        let at = |x: u32, y: u32| frame.pixel_clamped(i64::from(x), i64::from(y));
        match self {
            Self::None => frame.clone(),
            Self::Right => Frame::from_fn(size, |x, y| at(y, h - 1 - x)),
            Self::Over => Frame::from_fn(size, |x, y| at(w - 1 - x, h - 1 - y)),
            Self::Left => Frame::from_fn(size, |x, y| at(w - 1 - y, x)),
        }
    }

    /// Which corner becomes the first when a page's corners are counted so that its picture comes out turned.
    #[must_use]
    pub fn corners(self, quad: &Quad) -> Quad {
        match self {
            Self::None => *quad,
            Self::Right => quad.starting_at(3),
            Self::Over => quad.starting_at(2),
            Self::Left => quad.starting_at(1),
        }
    }
}

/// Pixels a millimetre that the picture itself has on the page, along its shortest side for its length.
#[must_use]
pub fn resolution(corners: &Quad, shape: PageShape) -> f64 {
    let (width, height) = shape.size_mm();
    let [top, right, bottom, left] = corners.lengths().map(f64::from);
    (top.min(bottom) / width).min(left.min(right) / height)
}

/// The whole page at `px_per_mm`, its first corner at the top left: 125x88 mm at 10 px/mm are 1250x880 pixels.
///
/// Black where the page leaves the picture. `None` for corners that are no quadrilateral or a resolution that is not positive.
#[must_use]
pub fn rectify(frame: &Frame, corners: &Quad, shape: PageShape, px_per_mm: f64) -> Option<Frame> {
    let (width, height) = shape.size_mm();
    rectify_area(frame, corners, shape, Rect::new(0.0, 0.0, width as f32, height as f32), px_per_mm)
}

/// A part of the page; `area_mm` in millimetres from the page's first corner, inside or outside the page.
#[must_use]
pub fn rectify_area(frame: &Frame, corners: &Quad, shape: PageShape, area_mm: Rect, px_per_mm: f64) -> Option<Frame> {
    let (width, height) = shape.size_mm();
    let (columns, rows) = (f64::from(area_mm.width) * px_per_mm, f64::from(area_mm.height) * px_per_mm);
    if !(corners.is_convex() && columns >= 1.0 && rows >= 1.0 && columns <= LONGEST && rows <= LONGEST) {
        return None;
    }
    let area = Homography([1.0 / px_per_mm, 0.0, f64::from(area_mm.x), 0.0, 1.0 / px_per_mm, f64::from(area_mm.y), 0.0, 0.0, 1.0]);
    let frame_from_target = corners.picture_from_page(width, height)?.after(&area);
    Some(sample_perspective(frame, &frame_from_target, Size::new(columns.round() as u32, rows.round() as u32), [0; 3]))
}

/// Where a point of the page (millimetres) lies in the frame.
#[must_use]
pub fn point_in_frame(corners: &Quad, shape: PageShape, page_mm: Point) -> Option<Point> {
    let (width, height) = shape.size_mm();
    Some(corners.picture_from_page(width, height)?.apply(page_mm))
}
