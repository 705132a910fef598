//! EyesOpen: the smaller eye's largest lid distance over the distance from the eyes to the chin.

use super::face_measures::FaceMeasures;
use super::mapping::curve;
use super::{Assessment, Component};
use crate::biometrics::landmarks::{EyeShape, FaceShape};

pub(super) fn assess(shape: Option<&FaceShape>, measures: &FaceMeasures) -> Assessment {
    let opening = |eye: &EyeShape| eye.lid_pairs.iter().map(|(upper, lower)| f64::from(upper.distance(*lower))).fold(0.0, f64::max);
    let smaller = shape.map(|s| opening(&s.right_eye).min(opening(&s.left_eye)));
    let native = smaller.zip(measures.chin).map(|(opening, chin)| opening / chin);
    Assessment::new(Component::EyesOpen, "eyes-open/1", false, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    curve(native, 100.0, 0.0, 1.0, 0.02, 0.01)
}
