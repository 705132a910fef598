//! DynamicRange: entropy of the linear luminance of the face region, bits. Varies with skin tone: never a gate.

use super::aligned_face::AlignedFace;
use super::{Assessment, Component};

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(|a| a.histogram.entropy());
    let estimate = aligned.is_some_and(|a| a.region_is_fixed);
    Assessment::new(Component::DynamicRange, "dynamic-range/1", estimate, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    12.5 * native
}
