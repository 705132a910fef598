//! UnderExposurePrevention: share of the face region with linear luminance 0-25.
//!
//! Everything up to an sRGB grey of 88 counts as dark, dark skin included: never a gate. `FaceExposure` is the gate.
//! An estimate: the standard leaves out covered parts of the face, which takes a network.

use super::aligned_face::AlignedFace;
use super::mapping::curve;
use super::{Assessment, Component};

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(|a| a.histogram.share(0, 25));
    Assessment::new(Component::UnderExposurePrevention, "under-exposure-prevention/unmasked/1", true, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    curve(native, 120.0, 0.832, -1.0, 0.92, 0.05)
}
