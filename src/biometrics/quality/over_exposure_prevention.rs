//! OverExposurePrevention: share of the face region with linear luminance 247-255.
//!
//! An estimate: the standard leaves out covered parts of the face, which takes a network.

use super::aligned_face::AlignedFace;
use super::{Assessment, Component};

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(|a| a.histogram.share(247, 255));
    Assessment::new(Component::OverExposurePrevention, "over-exposure-prevention/unmasked/1", true, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    1.0 / (native + 0.01)
}
