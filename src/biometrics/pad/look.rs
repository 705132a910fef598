//! One look at a moving face: what the challenge and the layers over time read off a frame.

use crate::biometrics::landmarks::{EyeShape, facemesh};
use crate::biometrics::observation::ObservedFace;
use crate::biometrics::pose::{HeadPose, proxy};
use crate::geometry::{Point, Rect};
use crate::units::Moment;

/// Mesh points that neither lids nor lips move: corners of the eyes, bridge, tip, base and wings of the nose, temples.
pub const RIGID: [usize; 14] = [33, 133, 362, 263, 168, 6, 4, 1, 2, 98, 327, 127, 356, 10];

/// What one frame tells about a face that is asked to move.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Number of the frame.
    pub number: u64,
    /// When it was taken.
    pub at: Moment,
    /// Box of the face, frame pixels.
    pub bounds: Rect,
    /// Pose, degrees.
    pub pose: HeadPose,
    /// Yaw as the place of the nose between the eyes alone tells it, degrees.
    pub nose_yaw: Option<f32>,
    /// Opening of the right and the left eye: lid gap over width of the eye.
    pub eyes: [f32; 2],
    /// Gap of the lips over the face's size.
    pub mouth_open: f32,
    /// Width of the mouth over the distance of the eyes.
    pub mouth_width: f32,
    /// How far the corners of the mouth lie above the middle of the upper lip, over the face's size.
    pub mouth_lift: f32,
    /// Size of the face: distance of the eyes, corrected for yaw, frame pixels.
    pub size: f32,
    /// Point between the eyes, frame pixels.
    pub centre: Point,
    /// The nose's tip, frame pixels.
    pub nose: Point,
    /// Points that expressions do not move: x, y and depth in frame pixels, towards the camera negative; empty without a mesh.
    pub rigid: Vec<[f32; 3]>,
}

impl Look {
    /// Reads a face; `None` where landmarks or pose are missing or do not form a face.
    #[must_use]
    pub fn of(face: &ObservedFace, number: u64, at: Moment) -> Option<Self> {
        let (shape, pose) = (face.shape.as_ref()?, face.pose?);
        let (right, left) = shape.eye_centres();
        let distance = right.distance(left);
        if !distance.is_finite() || distance < 4.0 {
            return None;
        }
        let size = distance / pose.yaw.clamp(-55.0, 55.0).to_radians().cos();
        let lips = shape.mouth.inner_lip_pairs[1];
        let corners = shape.mouth.right_corner.midpoint(shape.mouth.left_corner);
        // Down the face, whichever way the head is tilted.
        let down = ((right.y - left.y) / distance, (left.x - right.x) / distance);
        let look = Self {
            number,
            at,
            bounds: face.detection.bounds,
            pose,
            nose_yaw: proxy::from_five_points(&face.detection.landmarks).map(|p| p.yaw),
            eyes: [opening(&shape.right_eye), opening(&shape.left_eye)],
            mouth_open: lips.0.distance(lips.1) / size,
            mouth_width: shape.mouth.right_corner.distance(shape.mouth.left_corner) / distance,
            mouth_lift: ((lips.0.x - corners.x) * down.0 + (lips.0.y - corners.y) * down.1) / size,
            size,
            centre: right.midpoint(left),
            nose: shape.nose_tip,
            rigid: if shape.points.len() == facemesh::POINTS { RIGID.iter().map(|i| shape.points[*i]).collect() } else { Vec::new() },
        };
        let finite =
            [pose.yaw, pose.pitch, pose.roll, look.eyes[0], look.eyes[1], look.mouth_open, look.mouth_width, look.mouth_lift, look.size];
        finite.iter().all(|v| v.is_finite()).then_some(look)
    }
}

fn opening(eye: &EyeShape) -> f32 {
    let gap = eye.lid_pairs.iter().map(|(upper, lower)| upper.distance(*lower)).sum::<f32>() / 3.0;
    gap / eye.outer.distance(eye.inner).max(1e-3)
}

/// The middle of some values; 0 for none. Of an even number the upper one of the two.
#[must_use]
pub fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut sorted: Vec<f32> = values.collect();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
