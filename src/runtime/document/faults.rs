//! What is wrong with a picture of a document, so that whoever holds it can do better.

use super::reading::Side;
use crate::documents::remarks::Remark;
use crate::geometry::{Point, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::{Plane, grey_plane};
use crate::imaging::resize::resize;

/// Capitals of a zone lower than this are too small to be read surely, pixels.
const SMALL_CAPITALS: f32 = 8.0;
/// A zone whose corners come nearer to the border than this many capitals may be cut.
const CUT_MARGIN: f32 = 0.3;

/// What is wrong with the picture, most important first.
pub(super) fn remarks(picture: &Frame, side: &Side) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let machine_read = side.reading().is_some_and(|r| r.mrz.is_right()) || side.licence().is_some_and(|l| l.refusal.is_none());
    match (&side.zone, &side.symbol) {
        (Some(zone), _) if !zone.is_right() => {
            let border = |p: &Point| {
                let margin = CUT_MARGIN * zone.capitals;
                p.x < margin || p.y < margin || p.x > picture.width() as f32 - margin || p.y > picture.height() as f32 - margin
            };
            remarks.push(if zone.corners.iter().any(border) { Remark::ZoneCut } else { Remark::ZoneUnclear });
        }
        (Some(zone), _) if !zone.reading.mrz.format.is_icao() => remarks.push(Remark::NationalLayout),
        (None, Some((_, payload))) if !payload.is_document() => remarks.push(Remark::ForeignBarcode),
        (None, None) => remarks.push(if side.portrait.is_some() { Remark::NothingReadable } else { Remark::NothingRecognised }),
        _ => {}
    }
    let unsure = side.zone.as_ref().is_some_and(|z| z.weakest < 0.7 || !z.is_right());
    if unsure && side.zone.as_ref().is_some_and(|z| z.capitals < SMALL_CAPITALS) {
        remarks.push(Remark::ZoneSmall);
    }
    if side.zone.as_ref().is_some_and(|z| z.others > 0) {
        remarks.push(Remark::SeveralDocuments);
    }
    if !machine_read {
        remarks.extend(light_and_focus(picture));
    }
    remarks
}

/// Longer side at which light and focus are judged, pixels.
const JUDGED_SIDE: u32 = 640;
/// The strongest steps between neighbours of a sharp picture of print are larger than this share of its contrast.
const LEAST_SHARPNESS: f32 = 0.16;
/// Shares of a picture that are white with glare: less is a highlight, more is paper.
const GLARE: std::ops::Range<f32> = 0.004..0.12;
/// Mean below which a picture is too dark.
const LEAST_MEAN: f32 = 45.0;

/// Rough signs of why nothing could be read.
fn light_and_focus(picture: &Frame) -> Vec<Remark> {
    let longer = picture.width().max(picture.height());
    let scale = (f64::from(JUDGED_SIDE) / f64::from(longer)).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    let grey = grey_plane(&resize(picture, Size::new(side(picture.width()), side(picture.height()))));
    let count = grey.values.len() as f32;
    let mean = grey.values.iter().map(|v| f32::from(*v)).sum::<f32>() / count;
    let white = grey.values.iter().filter(|v| **v >= 252).count() as f32 / count;
    let mut found = Vec::new();
    if sharpness(&grey).is_some_and(|s| s < LEAST_SHARPNESS) {
        found.push(Remark::Blurred);
    }
    // Paper that is white all over is no glare, and neither is a picture that is dark elsewhere.
    if GLARE.contains(&white) && mean > LEAST_MEAN && mean < 215.0 {
        found.push(Remark::Glare);
    }
    if mean < LEAST_MEAN {
        found.push(Remark::Dark);
    }
    found
}

/// The strongest steps over the contrast; `None` for a picture of one tone.
fn sharpness(grey: &Plane) -> Option<f32> {
    let width = grey.size.width as usize;
    let mut steps: Vec<u8> = grey.values.chunks_exact(width).flat_map(|row| row.windows(2).map(|w| w[0].abs_diff(w[1]))).collect();
    let mut levels = grey.values.clone();
    if steps.is_empty() {
        return None;
    }
    steps.sort_unstable();
    levels.sort_unstable();
    let at = |sorted: &[u8], share: f32| f32::from(sorted[((sorted.len() - 1) as f32 * share) as usize]);
    let contrast = at(&levels, 0.99) - at(&levels, 0.01);
    (contrast >= 16.0).then(|| at(&steps, 0.995) / contrast)
}
