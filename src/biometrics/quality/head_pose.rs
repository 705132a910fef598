//! HeadPoseYaw, HeadPosePitch and HeadPoseRoll: angles in degrees. Only their size matters for the score.

use super::face_measures::FaceMeasures;
use super::{Assessment, Component};

pub(super) fn yaw(measures: &FaceMeasures) -> Assessment {
    let native = measures.pose.map(|p| f64::from(p.yaw));
    Assessment::new(Component::HeadPoseYaw, "head-pose-yaw/1", measures.pose_is_estimate, native, score)
}

pub(super) fn pitch(measures: &FaceMeasures) -> Assessment {
    let native = measures.pose.map(|p| f64::from(p.pitch));
    Assessment::new(Component::HeadPosePitch, "head-pose-pitch/1", measures.pose_is_estimate, native, score)
}

/// Without a pose, the slope of the line between the eyes.
pub(super) fn roll(measures: &FaceMeasures) -> Assessment {
    let of_eyes = || {
        let (right, left) = (measures.points.right_eye, measures.points.left_eye);
        measures.inter_eye.map(|_| f64::from((right.y - left.y).atan2(left.x - right.x)).to_degrees())
    };
    let native = measures.pose.map(|p| f64::from(p.roll)).or_else(of_eyes);
    Assessment::new(Component::HeadPoseRoll, "head-pose-roll/1", measures.pose_is_estimate, native, score)
}

pub(super) fn score(degrees: f64) -> f64 {
    100.0 * degrees.to_radians().cos().max(0.0).powi(2)
}
