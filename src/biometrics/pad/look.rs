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
    /// Width of the mouth over the face's size, both as they are seen.
    pub mouth_width: f32,
    /// How far the corners of the mouth lie above the middle of the upper lip, over the face's size.
    pub mouth_lift: f32,
    /// Size of the face, corrected for yaw, frame pixels: the distance of the eyes, as the breadth of the head tells it where there is a mesh.
    pub size: f32,
    /// Point between the eyes, frame pixels.
    pub centre: Point,
    /// The nose's tip, frame pixels.
    pub nose: Point,
    /// Points that expressions do not move: x, y and depth in frame pixels, towards the camera negative; empty without a mesh.
    pub rigid: Vec<[f32; 3]>,
}

impl Look {
    /// Reads a face; `None` where landmarks or pose are missing, do not form a face, or form one of another size than the one detected.
    #[must_use]
    pub fn of(face: &ObservedFace, number: u64, at: Moment) -> Option<Self> {
        let (shape, pose) = (face.shape.as_ref()?, face.pose?);
        let (right, left) = shape.eye_centres();
        let distance = right.distance(left);
        if !distance.is_finite() || distance < 4.0 {
            return None;
        }
        let turned = pose.yaw.clamp(-55.0, 55.0).to_radians();
        let size = match breadth(&shape.points) {
            Some(breadth) if !WIDTHS.contains(&(face.detection.bounds.width / breadth)) => return None,
            Some(breadth) => breadth * EYES / (turned * ROUND).cos(),
            None => distance / turned.cos(),
        };
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
            mouth_width: shape.mouth.right_corner.distance(shape.mouth.left_corner) / (size * turned.cos()),
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

/// Mesh points of the temples.
const TEMPLES: (usize, usize) = (127, 356);
/// Distance of the eyes over that of the temples, as on the faces that the built-in network was shown.
const EYES: f32 = 0.455;
/// A head is round: its breadth shrinks as if it turned only so much. Of rendered heads turned by 24 and 36 degrees.
const ROUND: f32 = 0.8;
/// Width of the detected face over the breadth of its mesh. In a frame whose detection is far off, the landmarks are as well.
const WIDTHS: std::ops::RangeInclusive<f32> = 0.6..=1.3;

/// Distance of the temples, frame pixels; `None` without a mesh. Lids do not move it: networks misplace the corners of closed eyes, which made
/// a face that blinked a fifth larger.
fn breadth(points: &[[f32; 3]]) -> Option<f32> {
    let point = |at: usize| Point::new(points[at][0], points[at][1]);
    (points.len() == facemesh::POINTS).then(|| point(TEMPLES.0).distance(point(TEMPLES.1))).filter(|b| b.is_finite() && *b >= 8.0)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::detection::{FaceDetection, FiveLandmarks};
    use crate::biometrics::landmarks::{FaceShape, MouthShape};
    use crate::biometrics::quality::QualityReport;

    /// A face whose eyes are `eyes` pixels apart and whose temples are 80, in a box of `width`.
    fn face(eyes: f32, width: f32) -> ObservedFace {
        let mut points = vec![[100.0, 100.0, 0.0]; facemesh::POINTS];
        points[TEMPLES.0][0] -= 40.0;
        points[TEMPLES.1][0] += 40.0;
        let eye = |at: f32| EyeShape {
            outer: Point::new(at - 5.0, 90.0),
            inner: Point::new(at + 5.0, 90.0),
            lid_pairs: [(Point::new(at, 88.0), Point::new(at, 92.0)); 3],
            outline: Vec::new(),
        };
        let (right_corner, left_corner) = (Point::new(85.0, 130.0), Point::new(115.0, 130.0));
        let lip = Point::new(100.0, 130.0);
        let mouth = MouthShape { right_corner, left_corner, inner_lip_pairs: [(lip, lip); 3], outline: Vec::new() };
        let (right_eye, left_eye) = (eye(100.0 - eyes / 2.0), eye(100.0 + eyes / 2.0));
        let bounds = Rect::new(100.0 - width / 2.0, 50.0, width, 100.0);
        ObservedFace {
            detection: FaceDetection { bounds, score: 0.9, landmarks: FiveLandmarks::default() },
            shape: Some(FaceShape { right_eye, left_eye, mouth, points, presence: 1.0, ..FaceShape::default() }),
            pose: Some(HeadPose::default()),
            quality: QualityReport { assessments: Vec::new(), capture_score: 50.0 },
        }
    }

    #[test]
    fn a_blink_whose_corners_are_misplaced_makes_no_face_larger_and_no_mouth_narrower() {
        let open = Look::of(&face(36.0, 84.0), 1, Moment::default()).unwrap();
        let shut = Look::of(&face(44.0, 84.0), 2, Moment::default()).unwrap();
        assert!((open.size - 36.4).abs() < 1e-3, "{}", open.size);
        assert_eq!((open.size, open.mouth_width), (shut.size, shut.mouth_width));
    }

    #[test]
    fn landmarks_in_a_detection_of_another_size_are_no_look() {
        assert!(Look::of(&face(36.0, 84.0), 1, Moment::default()).is_some());
        for width in [30.0, 125.0] {
            assert!(Look::of(&face(36.0, width), 1, Moment::default()).is_none(), "{width}");
        }
        let mut without = face(36.0, 125.0);
        without.shape.as_mut().unwrap().points.clear();
        assert_eq!(Look::of(&without, 1, Moment::default()).map(|l| l.size), Some(36.0), "no mesh, no breadth");
    }
}
