//! Lengths and points of a face in frame pixels that several components share.

use super::QualityInput;
use crate::biometrics::detection::FiveLandmarks;
use crate::biometrics::pose::HeadPose;
use crate::geometry::{Affine, Point, Size};

/// Chin distance over inter-eye distance where no chin is known: median of the standard's 28 conformance pictures
/// (1.36-1.95), as derived in this project's notes on them.
const CHIN_PER_INTER_EYE: f64 = 1.8;

/// The 616x616 picture of the standard: its five target points, pixel centres at whole numbers.
const TARGET_616: [(f64, f64); 5] = [(251.0, 272.0), (364.0, 272.0), (308.0, 336.0), (262.0, 402.0), (355.0, 402.0)];

/// Shared lengths and points; left and right are the subject's.
#[derive(Debug, Clone)]
pub(super) struct FaceMeasures {
    /// Size of the frame.
    pub frame: Size,
    /// Eye centres, nose tip and mouth corners: of the dense landmarks where they are known.
    pub points: FiveLandmarks,
    /// Distance of the eye centres, pixels; positive.
    pub inter_eye: Option<f64>,
    /// From the midpoint of the eyes to the chin, pixels; positive.
    pub chin: Option<f64>,
    /// Whether `chin` is derived from the eyes because no chin is known.
    pub chin_is_estimated: bool,
    /// Head pose, if assessed.
    pub pose: Option<HeadPose>,
    /// Whether the pose is missing or derived from landmarks.
    pub pose_is_estimate: bool,
    /// From frame pixels to the standard's 616x616 picture, pixel centres at half numbers; `None` for degenerate landmarks.
    pub aligned_from_frame: Option<Affine>,
}

impl FaceMeasures {
    pub(super) fn new(input: &QualityInput<'_>) -> Self {
        let points = match input.shape {
            Some(shape) => {
                let (right_eye, left_eye) = shape.eye_centres();
                FiveLandmarks {
                    right_eye,
                    left_eye,
                    nose: shape.nose_tip,
                    mouth_right: shape.mouth.right_corner,
                    mouth_left: shape.mouth.left_corner,
                }
            }
            None => input.face.landmarks,
        };
        let positive = |v: f64| (v.is_finite() && v > 1e-3).then_some(v);
        let inter_eye = positive(f64::from(points.inter_eye_distance()));
        let middle = points.right_eye.midpoint(points.left_eye);
        let chin = match input.shape {
            Some(shape) => positive(f64::from(middle.distance(shape.chin))),
            None => inter_eye.map(|d| d * CHIN_PER_INTER_EYE),
        };
        Self {
            frame: input.frame.size(),
            points,
            inter_eye,
            chin,
            chin_is_estimated: input.shape.is_none(),
            pose: input.pose,
            pose_is_estimate: input.pose.is_none() || input.pose_is_estimate,
            aligned_from_frame: aligned_from_frame(&points),
        }
    }

    /// The midpoint of the eyes.
    pub(super) fn eye_midpoint(&self) -> Point {
        self.points.right_eye.midpoint(self.points.left_eye)
    }
}

/// The least-squares similarity (rotation, one scale, shift) from the five points to the 616x616 picture.
///
/// # Source
/// The standard fits robustly (least median of squares); the plain fit differs only when one of the points is an outlier.
fn aligned_from_frame(points: &FiveLandmarks) -> Option<Affine> {
    let source = points.to_array().map(|p| (f64::from(p.x), f64::from(p.y)));
    // Whole numbers are pixel centres there, half numbers here.
    let target = TARGET_616.map(|(x, y)| (x + 0.5, y + 0.5));
    let mean = |p: &[(f64, f64); 5]| (p.iter().map(|v| v.0).sum::<f64>() / 5.0, p.iter().map(|v| v.1).sum::<f64>() / 5.0);
    let (from, to) = (mean(&source), mean(&target));
    let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
    for (s, t) in source.iter().zip(&target) {
        let (sx, sy, tx, ty) = (s.0 - from.0, s.1 - from.1, t.0 - to.0, t.1 - to.1);
        along += sx * tx + sy * ty;
        across += sx * ty - sy * tx;
        spread += sx * sx + sy * sy;
    }
    let (a, b) = (along / spread, across / spread);
    let map = [a, -b, to.0 - a * from.0 + b * from.1, b, a, to.1 - b * from.0 - a * from.1];
    // A face of less than a pixel or larger than any picture is no face.
    let scale = a.hypot(b);
    (map.iter().all(|v| v.is_finite()) && (1e-3..1e3).contains(&scale)).then(|| Affine(map.map(|v| v as f32)))
}
