//! IlluminationUniformity: shared area of the luminance histograms of the two cheek zones.
//!
//! Two samples of the very same distribution share 0.77-0.92 only, because a zone holds about 33x33 pixels.

use super::aligned_face::{AlignedFace, CheekZone};
use super::{Assessment, Component};
use crate::geometry::PixelRect;
use crate::imaging::statistics::Histogram;

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(|a| a.cheeks.as_ref()).and_then(|[left, right]| histogram(left)?.intersection(&histogram(right)?));
    let estimate = aligned.is_some_and(|a| a.region_is_fixed);
    Assessment::new(Component::IlluminationUniformity, "illumination-uniformity/1", estimate, native, score)
}

fn histogram(zone: &CheekZone) -> Option<Histogram> {
    let area = PixelRect { x: 0, y: 0, width: zone.luminance.size.width, height: zone.luminance.size.height };
    Histogram::of_area(&zone.luminance, &zone.region, area)
}

pub(super) fn score(native: f64) -> f64 {
    100.0 * native.powf(0.3)
}
