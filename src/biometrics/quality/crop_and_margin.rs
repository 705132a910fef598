//! LeftwardCrop, RightwardCrop, MarginAbove and MarginBelow of the face in the frame.
//!
//! The crops are in inter-eye distances, the margins in distances from the midpoint of the eyes to the chin.

use super::face_measures::FaceMeasures;
use super::mapping::curve;
use super::{Assessment, Component};

/// From the left edge of the frame to the eye that is further right in the picture.
pub(super) fn leftward_crop(measures: &FaceMeasures) -> Assessment {
    let right_most = measures.points.right_eye.x.max(measures.points.left_eye.x);
    let native = measures.inter_eye.map(|d| f64::from(right_most) / d);
    Assessment::new(Component::LeftwardCrop, "leftward-crop/1", false, native, crop_score)
}

/// From the eye that is further left in the picture to the right edge of the frame.
pub(super) fn rightward_crop(measures: &FaceMeasures) -> Assessment {
    let left_most = measures.points.right_eye.x.min(measures.points.left_eye.x);
    let native = measures.inter_eye.map(|d| (f64::from(measures.frame.width) - f64::from(left_most)) / d);
    Assessment::new(Component::RightwardCrop, "rightward-crop/1", false, native, crop_score)
}

/// From the top edge of the frame to the midpoint of the eyes.
pub(super) fn margin_above(measures: &FaceMeasures) -> Assessment {
    let native = measures.chin.map(|t| f64::from(measures.eye_midpoint().y) / t);
    Assessment::new(Component::MarginAbove, "margin-above/1", measures.chin_is_estimated, native, margin_above_score)
}

/// From the midpoint of the eyes to the bottom edge of the frame.
pub(super) fn margin_below(measures: &FaceMeasures) -> Assessment {
    let below = f64::from(measures.frame.height) - f64::from(measures.eye_midpoint().y);
    let native = measures.chin.map(|t| below / t);
    Assessment::new(Component::MarginBelow, "margin-below/1", measures.chin_is_estimated, native, margin_below_score)
}

pub(super) fn crop_score(native: f64) -> f64 {
    curve(native, 100.0, 0.0, 1.0, 0.9, 0.1)
}

pub(super) fn margin_above_score(native: f64) -> f64 {
    curve(native, 100.0, 0.0, 1.0, 1.4, 0.1)
}

pub(super) fn margin_below_score(native: f64) -> f64 {
    curve(native, 100.0, 0.0, 1.0, 1.8, 0.1)
}
