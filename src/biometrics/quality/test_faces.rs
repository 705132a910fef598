//! Hand-made faces for tests: frontal, of known size and place.

use crate::biometrics::detection::{FaceDetection, FiveLandmarks};
use crate::biometrics::landmarks::{EyeShape, FaceShape, MouthShape};
use crate::geometry::{Point, Rect};

/// A frontal face whose eyes are `inter_eye` pixels apart with their midpoint at `middle`.
pub(super) struct TestFace {
    pub detection: FaceDetection,
    pub shape: FaceShape,
}

impl TestFace {
    /// `opening` is the lid distance and `mouth` the lip distance, both in distances from eyes to chin (1.8 eye distances).
    pub(super) fn new(middle: Point, inter_eye: f32, opening: f32, mouth: f32) -> Self {
        // In units of the standard's aligned picture, where the eyes are 113 pixels apart around (307.5, 272).
        let at = |x: f32, y: f32| Point::new(middle.x + (x - 307.5) / 113.0 * inter_eye, middle.y + (y - 272.0) / 113.0 * inter_eye);
        let chin = 1.8 * 113.0;
        let eye = |centre: f32, outward: f32| {
            let lids = |x: f32| (at(x, 272.0 - opening * chin / 2.0), at(x, 272.0 + opening * chin / 2.0));
            EyeShape {
                outer: at(centre + 20.0 * outward, 272.0),
                inner: at(centre - 20.0 * outward, 272.0),
                lid_pairs: [lids(centre - 8.0), lids(centre), lids(centre + 8.0)],
                outline: vec![],
            }
        };
        let lips = |x: f32| (at(x, 402.0 - mouth * chin / 2.0), at(x, 402.0 + mouth * chin / 2.0));
        let hull = [(184.0, 232.0), (431.0, 232.0), (431.0, 290.0), (424.0, 400.0), (307.5, 475.0), (191.0, 400.0), (184.0, 290.0)];
        let shape = FaceShape {
            right_eye: eye(251.0, -1.0),
            left_eye: eye(364.0, 1.0),
            nose_tip: at(308.0, 336.0),
            mouth: MouthShape {
                right_corner: at(262.0, 402.0),
                left_corner: at(355.0, 402.0),
                inner_lip_pairs: [lips(300.0), lips(308.0), lips(316.0)],
                outline: vec![],
            },
            chin: at(307.5, 272.0 + chin),
            hull: hull.map(|(x, y)| at(x, y)).to_vec(),
            contour: vec![],
            points: vec![],
            presence: 1.0,
        };
        let landmarks = FiveLandmarks {
            right_eye: at(251.0, 272.0),
            left_eye: at(364.0, 272.0),
            nose: at(308.0, 336.0),
            mouth_right: at(262.0, 402.0),
            mouth_left: at(355.0, 402.0),
        };
        let (low, high) = (at(170.0, 170.0), at(445.0, 480.0));
        let bounds = Rect::new(low.x, low.y, high.x - low.x, high.y - low.y);
        Self { detection: FaceDetection { bounds, score: 0.95, landmarks }, shape }
    }
}
