//! LuminanceMean: mean linear luminance of the face region, 0-1. Varies with skin tone: never a gate.

use super::aligned_face::AlignedFace;
use super::mapping::sigmoid;
use super::{Assessment, Component};

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(|a| a.histogram.mean()).map(|m| m / 255.0);
    let estimate = aligned.is_some_and(|a| a.region_is_fixed);
    Assessment::new(Component::LuminanceMean, "luminance-mean/1", estimate, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    100.0 * sigmoid(native, 0.2, 0.05) * (1.0 - sigmoid(native, 0.8, 0.05))
}
