//! InterEyeDistance: distance of the eye centres over cos(yaw), frame pixels.

use super::face_measures::FaceMeasures;
use super::mapping::curve;
use super::{Assessment, Component};

pub(super) fn assess(measures: &FaceMeasures) -> Assessment {
    let cosine = measures.pose.map_or(1.0, |p| f64::from(p.yaw).to_radians().cos().abs());
    let native = measures.inter_eye.filter(|_| cosine >= 1e-6).map(|d| d / cosine);
    Assessment::new(Component::InterEyeDistance, "inter-eye-distance/1", measures.pose_is_estimate, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    curve(native, 100.0, 0.0, 1.0, 70.0, 20.0)
}
