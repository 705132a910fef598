//! A scripted face that does gestures, for the tests of this floor.

use super::gesture::Gesture;
use crate::biometrics::detection::{FaceDetection, FiveLandmarks};
use crate::biometrics::landmarks::{EyeShape, FaceShape, MouthShape, facemesh};
use crate::biometrics::observation::{Observation, ObservedFace, StageTimes};
use crate::biometrics::pad::look::{Look, RIGID};
use crate::biometrics::pad::test_looks;
use crate::biometrics::pose::HeadPose;
use crate::biometrics::quality::QualityReport;
use crate::geometry::{Point, Rect, Size};
use crate::imaging::Frame;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::units::Moment;
use std::sync::Arc;

/// How much of a gesture is done `t` seconds after its beginning: up in 0.5 s, held for 0.4 s, back in 0.5 s.
pub(crate) fn envelope(t: f32) -> f32 {
    let smooth = |x: f32| {
        let x = x.clamp(0.0, 1.0);
        x * x * (3.0 - 2.0 * x)
    };
    smooth(t / 0.5) * (1.0 - smooth((t - 0.9) / 0.5))
}

/// Makes a look show a gesture `t` seconds after its beginning; nothing before and after.
pub(crate) fn perform(gesture: Gesture, t: f32, look: &mut Look) {
    let amount = envelope(t);
    match gesture {
        Gesture::TurnLeft => look.pose.yaw += 22.0 * amount,
        Gesture::TurnRight => look.pose.yaw -= 22.0 * amount,
        Gesture::LookUp => look.pose.pitch += 15.0 * amount,
        Gesture::LookDown => look.pose.pitch -= 15.0 * amount,
        Gesture::Smile => look.mouth_width *= 1.0 + 0.16 * amount,
        Gesture::OpenMouth => look.mouth_open += 0.25 * amount,
        Gesture::ComeCloser => look.size *= 1.0 + 0.34 * amount,
        Gesture::Blink => {
            let shut = (0.1..0.3).contains(&t) || (0.6..0.8).contains(&t);
            look.eyes = look.eyes.map(|e| if shut { 0.1 * e } else { e });
        }
    }
}

/// A head before a camera of 160 x 120 pixels, or a flat picture of one that is waved about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Actor {
    /// Share of a head's depth: 1 for a head, 0 for a picture.
    pub depth: f32,
    /// Whether the sensor has noise.
    pub noise: bool,
    pub origin: Origin,
    /// Exposure of the camera, stops.
    pub exposure: f32,
}

impl Default for Actor {
    fn default() -> Self {
        Self { depth: 1.0, noise: true, origin: Origin::Camera, exposure: 0.0 }
    }
}

const SIZE: Size = Size::new(160, 120);
const FOCAL: f32 = 133.0;

impl Actor {
    /// The frame at `now` in which the actor is `t` seconds into a gesture, and what is observed in it.
    pub fn show(&self, act: Option<(Gesture, f32)>, number: u64, now: Moment) -> (CapturedFrame, Arc<Observation>) {
        let mut wish = test_looks::look(number, 0);
        if let Some((gesture, t)) = act {
            perform(gesture, t, &mut wish);
        }
        let face = self.face(&wish, number);
        let observation = Observation {
            frame_number: number,
            frame_size: SIZE,
            faces: vec![face.detection],
            face: Some(face),
            times: StageTimes::default(),
        };
        let frame = Arc::new(self.picture(number));
        (CapturedFrame { frame, number, captured_at: now, origin: self.origin }, Arc::new(observation))
    }

    fn picture(&self, number: u64) -> Frame {
        Frame::from_fn(SIZE, |x, y| {
            let mix = (u64::from(x) * 7919 + u64::from(y) * 104_729 + number * 15_485_863).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60;
            let lit = (90 + x / 8) as f32 * (self.exposure / 2.0).exp2();
            [lit as u8 + if self.noise { (mix % 7) as u8 } else { 0 }; 3]
        })
    }

    fn face(&self, wish: &Look, number: u64) -> ObservedFace {
        let (yaw, pitch) = (wish.pose.yaw.to_radians(), wish.pose.pitch.to_radians());
        let grown = wish.size / test_looks::look(0, 0).size;
        let distance = 0.5 / grown;
        let sway = 0.0015 * (number as f32 * 0.21).sin();
        let at = |p: [f32; 3]| {
            let z = p[2] * self.depth;
            let (x, z) = (p[0] * yaw.cos() - z * yaw.sin(), p[0] * yaw.sin() + z * yaw.cos());
            let (y, z) = (p[1] * pitch.cos() + z * pitch.sin(), z * pitch.cos() - p[1] * pitch.sin());
            let scale = FOCAL / (distance + z);
            let jitter = |k: f32| 0.04 * (number as f32 * 3.7 + p[0] * 900.0 + p[1] * 700.0 + k).sin();
            Point::new(80.0 + (x + sway) * scale + jitter(0.0), 56.0 + y * scale + jitter(2.0))
        };
        let eye = |side: f32, open: f32| {
            let (outer, inner) = (at([0.046 * side, 0.0, 0.010]), at([0.016 * side, 0.0, 0.004]));
            let half = open * outer.distance(inner) / 2.0;
            let middle = outer.midpoint(inner);
            let lids = (Point::new(middle.x, middle.y - half), Point::new(middle.x, middle.y + half));
            EyeShape { outer, inner, lid_pairs: [lids; 3], outline: Vec::new() }
        };
        let wide = wish.mouth_width / test_looks::look(0, 0).mouth_width;
        let (right_corner, left_corner) = (at([-0.025 * wide, 0.072, -0.012]), at([0.025 * wide, 0.072, -0.012]));
        let lips = right_corner.midpoint(left_corner);
        let size = 0.062 * FOCAL / distance;
        let gap = wish.mouth_open * size / 2.0;
        let mut points = vec![[0.0f32; 3]; facemesh::POINTS];
        for (index, p) in RIGID.iter().zip(test_looks::POINTS) {
            let seen = at(p);
            // What the network says of depth is a face's in either case.
            points[*index] = [seen.x, seen.y, p[2] * FOCAL / distance];
        }
        let (right_eye, left_eye) = (eye(-1.0, wish.eyes[0]), eye(1.0, wish.eyes[1]));
        let nose = at([0.0, 0.040, -0.034]);
        let shape = FaceShape {
            nose_tip: nose,
            mouth: MouthShape {
                right_corner,
                left_corner,
                inner_lip_pairs: [(Point::new(lips.x, lips.y - gap), Point::new(lips.x, lips.y + gap)); 3],
                outline: Vec::new(),
            },
            presence: 0.99,
            points,
            right_eye,
            left_eye,
            ..FaceShape::default()
        };
        let (right, left) = shape.eye_centres();
        let landmarks = FiveLandmarks { right_eye: right, left_eye: left, nose, mouth_right: right_corner, mouth_left: left_corner };
        let (width, height) = (0.14 * FOCAL / distance, 0.18 * FOCAL / distance);
        let bounds = Rect::new(80.0 - width / 2.0, 30.0, width, height);
        ObservedFace {
            detection: FaceDetection { bounds, score: 0.95, landmarks },
            shape: Some(shape),
            pose: Some(HeadPose { roll: 0.0, ..wish.pose }),
            quality: QualityReport { assessments: Vec::new(), capture_score: 70.0 },
        }
    }
}
