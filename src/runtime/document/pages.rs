//! From a side as it was captured to a page: cut out, flattened, read, and put upright.

use super::reading::{DocumentError, Networks, Side, copy_signs};
use crate::documents::document_type::PageShape;
use crate::documents::picture::rectify::resolution;
use crate::documents::picture::{Quad, Turn, rectify};
use crate::geometry::Point;
use crate::imaging::Frame;
use crate::runtime::clock::Clock;
use crate::workflow::document_capture::DocumentShot;
use time::Date;

/// Most pixels a millimetre of a page.
const FINEST: f64 = 24.0;
/// Millimetres in an inch.
const INCH: f64 = 25.4;

/// A page cut out of a picture and flattened.
#[derive(Debug, Clone)]
pub struct Page {
    /// The page; the whole picture where its corners are not known.
    pub picture: Frame,
    /// Shape and corners in the picture it was cut from.
    pub place: Option<(PageShape, Quad)>,
    /// Dots an inch of [`Self::picture`]; `None` where the size is not known.
    pub dpi: Option<f64>,
    /// Dots an inch that the camera had on the page; more are made up between them, never seen.
    pub camera_dpi: Option<f64>,
    /// Whether it stood on its head and was turned.
    pub upside_down: bool,
}

/// Cuts the page out of a shot: with every pixel that the camera has on it, so that 300 dpi seen are 300 dpi cut out, and never below what
/// reading wants. Where the camera has less than that, pixels between those that were seen are made up and [`Page::camera_dpi`] says what there was.
#[must_use]
pub fn cut(shot: &DocumentShot) -> Page {
    let frame = &shot.frame.frame;
    let flat = shot.found.and_then(|found| {
        let (corners, shape) = (found.corners, found.form.shape);
        let seen = resolution(&corners, shape);
        let made = seen.clamp(shape.reading_resolution(), FINEST);
        let picture = rectify(frame, &corners, shape, made)?;
        let (dpi, camera_dpi) = (Some(made * INCH), Some(seen * INCH));
        Some(Page { picture, place: Some((shape, corners)), dpi, camera_dpi, upside_down: false })
    });
    flat.unwrap_or_else(|| Page { picture: Frame::clone(frame), place: None, dpi: None, camera_dpi: None, upside_down: false })
}

/// Reads a shot: its page, and where that tells less than it should the whole frame as well; a card with a portrait and no trace of a zone is the front
/// of one. Returns what was read with the page, upright.
///
/// # Errors
/// As [`Networks::side`].
pub fn read_shot(networks: &mut Networks<'_>, shot: &DocumentShot, today: Date, clock: &dyn Clock) -> Result<(Side, Page), DocumentError> {
    let mut page = cut(shot);
    let mut side = match page.place {
        Some((shape, _)) => networks.side_of_page(&page.picture, shape, today, clock)?,
        None => networks.side(&page.picture, today, clock)?,
    };
    if let (Some(found), Some(_), false) = (&shot.found, page.place, side.anchors().is_empty()) {
        // Stripes of a screen and what surrounds the page are in the frame; the flat picture is drawn anew.
        side.signs = copy_signs(&shot.frame.frame, Some(found), None);
    }
    let mut over = stands_on_its_head(&side).or_else(|| shot.measures.and_then(|m| m.is_upside_down()));
    let front = page.place.is_some_and(|(shape, _)| shape == PageShape::Id1) && side.reading().is_none() && side.portrait.is_some();
    if page.place.is_some() && worth(&side) < 2 && !front {
        // Corners that are a little off cost the zone its last line; the frame has it still.
        let whole = networks.side(&shot.frame.frame, today, clock)?;
        if worth(&whole) > worth(&side) {
            over = over.or_else(|| stands_on_its_head(&whole));
            side = whole;
        }
    }
    if over == Some(true) {
        page.picture = Turn::Over.of(&page.picture);
        page.upside_down = true;
    }
    Ok((side, page))
}

/// How much a picture told: 2 for a zone or barcode that is right, 1 for anything.
fn worth(side: &Side) -> u8 {
    let right = side.reading().is_some_and(|r| r.mrz.is_right()) || side.licence().is_some();
    match (right, side.reading().is_some() || side.portrait.is_some()) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    }
}

/// Whether zone or portrait stand upside down in the picture; `None` where neither is there, or the picture lies on its side.
pub(super) fn stands_on_its_head(side: &Side) -> Option<bool> {
    let down = |corners: &[Point; 4]| (corners[3].x - corners[0].x, corners[3].y - corners[0].y);
    let zone = side.zone.as_ref().map(|z| down(&z.corners));
    let (x, y) = zone.or_else(|| side.portrait.as_ref().map(|p| down(&p.corners)))?;
    (y.abs() > x.abs()).then_some(y < 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::picture::{Found, PageForm};
    use crate::geometry::Size;
    use crate::ports::camera::{CapturedFrame, Origin};
    use crate::units::Moment;
    use crate::workflow::document_capture::Side as Which;
    use std::sync::Arc;

    /// A page whose left edge is at 40 pixels, at so many pixels a millimetre.
    fn shot(shape: PageShape, px_per_mm: f32) -> DocumentShot {
        let (wide, high) = shape.size_mm();
        let (right, bottom) = (40.0 + wide as f32 * px_per_mm, 30.0 + high as f32 * px_per_mm);
        let corners = Quad([(40.0, 30.0), (right, 30.0), (right, bottom), (40.0, bottom)].map(|(x, y)| Point::new(x, y)));
        let frame = Arc::new(Frame::filled(Size::new(right as u32 + 40, bottom as u32 + 30), [120; 3]));
        let form = PageForm { shape, ratio: wide / high, skew: 0.0, long_side: 0 };
        DocumentShot {
            side: Which::First,
            frame: CapturedFrame { frame, number: 1, captured_at: Moment::default(), origin: Origin::Practice },
            found: Some(Found { corners, form, confidence: 0.9 }),
            measures: None,
            by_hand: false,
        }
    }

    #[test]
    fn a_page_has_300_dpi_where_the_camera_has_them_and_says_what_it_had() {
        use PageShape::{Id1, Id2OrId3};
        for (shape, seen, made) in [
            (Id1, 6.0, 12.0),
            (Id1, 12.5, 12.5),
            (Id1, 30.0, 24.0),
            (Id2OrId3, 6.0, 10.0),
            // 295 and 302 dpi: neither is thrown away.
            (Id2OrId3, 11.6, 11.6),
            (Id2OrId3, 11.9, 11.9),
        ] {
            let page = cut(&shot(shape, seen));
            let (dpi, camera) = (page.dpi.expect("known"), page.camera_dpi.expect("known"));
            assert!((dpi - made * INCH).abs() < 0.5, "{seen}: {dpi}");
            assert!((camera - f64::from(seen) * INCH).abs() < 0.5, "{seen}: {camera}");
            assert!((f64::from(page.picture.width()) - shape.size_mm().0 * made).abs() < 1.0);
        }
        let whole = cut(&DocumentShot { found: None, ..shot(Id1, 6.0) });
        assert_eq!((whole.dpi, whole.place), (None, None));
    }
}
