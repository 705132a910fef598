//! LuminanceVariance: variance of linear luminance (0-1) over the face region. Varies with skin tone: never a gate.

use super::aligned_face::AlignedFace;
use super::{Assessment, Component};

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(|a| a.histogram.variance()).map(|v| v / (255.0 * 255.0));
    let estimate = aligned.is_some_and(|a| a.region_is_fixed);
    Assessment::new(Component::LuminanceVariance, "luminance-variance/1", estimate, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    100.0 * (std::f64::consts::PI * 60.0 * native / (60.0 * native + 1.0)).sin()
}
