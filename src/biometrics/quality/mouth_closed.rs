//! MouthClosed: the largest inner-lip distance over the distance from the eyes to the chin.

use super::face_measures::FaceMeasures;
use super::mapping::curve;
use super::{Assessment, Component};
use crate::biometrics::landmarks::FaceShape;

pub(super) fn assess(shape: Option<&FaceShape>, measures: &FaceMeasures) -> Assessment {
    let opening = shape.map(|s| s.mouth.inner_lip_pairs.iter().map(|(upper, lower)| f64::from(upper.distance(*lower))).fold(0.0, f64::max));
    let native = opening.zip(measures.chin).map(|(opening, chin)| opening / chin);
    Assessment::new(Component::MouthClosed, "mouth-closed/1", false, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    curve(native, 100.0, 1.0, -1.0, 0.2, 0.06)
}
