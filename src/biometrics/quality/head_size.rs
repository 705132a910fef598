//! HeadSize: distance from the midpoint of the eyes to the chin over the frame's height.

use super::face_measures::FaceMeasures;
use super::mapping::curve;
use super::{Assessment, Component};

pub(super) fn assess(measures: &FaceMeasures) -> Assessment {
    let native = measures.chin.map(|t| t / f64::from(measures.frame.height));
    Assessment::new(Component::HeadSize, "head-size/1", measures.chin_is_estimated, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    curve((native - 0.45).abs(), 200.0, 1.0, -1.0, 0.0, 0.05)
}
