//! Landmarks of the drawn face in frame pixels, from the same vertices that were drawn.

use super::eyes::Eye;
use super::face::Face;
use super::head::{GridPoint, sample};
use super::state::{GroundTruth, Presentation, SubjectState, bounds};
use super::view::{Placement, View};
use crate::biometrics::detection::{FaceDetection, FiveLandmarks};
use crate::biometrics::landmarks::{EyeShape, FaceShape, MouthShape, facemesh};
use crate::biometrics::pad::look::RIGID;
use crate::geometry::Point;

/// Places on the grid that every frame needs; found once per identity.
pub(super) struct Marks {
    nose_tip: GridPoint,
    chin: GridPoint,
    corners: [GridPoint; 2],
    /// Outer outline of the lips, right to left above, back below.
    lips: Vec<GridPoint>,
    /// Right, middle and left of the inner lips.
    inner: [f32; 3],
    /// From the right temple along the jaw to the left temple.
    jaw: Vec<GridPoint>,
    brows: Vec<GridPoint>,
    forehead: Vec<GridPoint>,
    /// Where the points of [`RIGID`] lie, in its order.
    rigid: [GridPoint; RIGID.len()],
}

impl Marks {
    pub fn new(face: &Face, identity: &super::SubjectIdentity) -> Self {
        let head = &face.head;
        let s = &identity.shape;
        let a = &head.anatomy;
        let lip = head.lip_row as f32;
        let on_lip = |x: f32| GridPoint { column: head.locate(x, a.mouth_y).column, row: lip };
        let half = s.mouth_half_width * 0.97;
        let mut lips = Vec::new();
        for k in 0..=8 {
            let t = -1.0 + k as f32 / 4.0;
            lips.push(head.locate(t * half, a.mouth_y + s.lip_upper * (1.0 - t * t).max(0.0).powf(0.75)));
        }
        for k in 1..8 {
            let t = 1.0 - k as f32 / 4.0;
            lips.push(head.locate(t * half, a.mouth_y - s.lip_lower * (1.0 - t * t).max(0.0).powf(0.62)));
        }
        let chin_y = a.chin_y - 0.008;
        let outline = |degrees: f32, upper: f32| {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let height = if cos < 0.0 { -chin_y } else { upper };
            head.locate(sin * 0.0605 * s.width * (1.0 - 0.12 * (-cos).max(0.0)), cos * height)
        };
        let tip = a.nose_tip.y;
        let corner = |eye: &Eye, u: f32| {
            let (x, y) = eye.place(u, 0.0);
            head.locate(x, y)
        };
        let [right, left] = &face.eyes;
        let wing = 0.0125 * s.nose_width;
        let rigid = [
            corner(right, 1.0),
            corner(right, -1.0),
            corner(left, -1.0),
            corner(left, 1.0),
            head.locate(0.0, 0.004),
            head.locate(0.0, -0.006),
            head.locate(0.0, tip),
            head.locate(0.0, tip - 0.004),
            head.locate(0.0, tip - 0.0115),
            head.locate(-wing, tip - 0.005),
            head.locate(wing, tip - 0.005),
            outline(-90.0, 0.06),
            outline(90.0, 0.06),
            head.locate(0.0, 0.062),
        ];
        Self {
            rigid,
            nose_tip: head.locate(0.0, a.nose_tip.y),
            chin: head.locate(0.0, chin_y),
            corners: [on_lip(-half), on_lip(half)],
            lips,
            inner: [-0.5 * half, 0.0, 0.5 * half].map(|x| on_lip(x).column),
            jaw: (0..=16).map(|k| outline(-90.0 - k as f32 * 11.25, 0.06)).collect(),
            brows: (0..=8).map(|k| head.locate((k as f32 / 4.0 - 1.0) * -0.048, s.brow_y + 0.004)).collect(),
            forehead: (1..8).map(|k| outline(90.0 - k as f32 * 22.5, 0.062)).collect(),
        }
    }

    /// The truth of a frame, or nothing when the face is behind the camera.
    pub fn truth(&self, face: &Face, view: &View, placement: &Placement, state: &SubjectState) -> Option<GroundTruth> {
        let frame = |at: GridPoint| {
            let (x, y, near) = view.project(placement.to_world(sample(&face.moved, at)));
            (near > 0.0).then_some(Point::new(x, y))
        };
        let smile = 1.0 - 0.16 * state.smile.clamp(0.0, 1.0);
        let right_eye = eye_shape(face, &face.eyes[0], state.eye_openness_right * smile, &frame)?;
        let left_eye = eye_shape(face, &face.eyes[1], state.eye_openness_left * smile, &frame)?;
        let nose_tip = frame(self.nose_tip)?;
        let lip = face.head.lip_row as f32;
        let mut pairs = [(Point::default(), Point::default()); 3];
        for (pair, column) in pairs.iter_mut().zip(self.inner) {
            *pair = (frame(GridPoint { column, row: lip })?, frame(GridPoint { column, row: lip + 1.0 })?);
        }
        let all = |marks: &[GridPoint]| marks.iter().map(|at| frame(*at)).collect::<Option<Vec<Point>>>();
        let mouth = MouthShape {
            right_corner: frame(self.corners[0])?,
            left_corner: frame(self.corners[1])?,
            inner_lip_pairs: pairs,
            outline: all(&self.lips)?,
        };
        let mut hull = all(&self.jaw)?;
        let mut contour = hull.clone();
        hull.extend(all(&self.brows)?);
        contour.extend(all(&self.forehead)?);
        let landmarks = FiveLandmarks {
            right_eye: right_eye.outer.midpoint(right_eye.inner),
            left_eye: left_eye.outer.midpoint(left_eye.inner),
            nose: nose_tip,
            mouth_right: mouth.right_corner,
            mouth_left: mouth.left_corner,
        };
        let opening = |e: &EyeShape| e.lid_pairs[1].0.distance(e.lid_pairs[1].1) / e.outer.distance(e.inner).max(1e-3);
        let eye_openings = [opening(&right_eye), opening(&left_eye)];
        let mouth_opening = pairs[1].0.distance(pairs[1].1) / mouth.right_corner.distance(mouth.left_corner).max(1e-3);
        Some(GroundTruth {
            detection: FaceDetection { bounds: bounds(&contour), score: 1.0, landmarks },
            shape: FaceShape {
                right_eye,
                left_eye,
                nose_tip,
                mouth,
                chin: frame(self.chin)?,
                hull,
                contour,
                points: self.points(face, view, placement, state)?,
                presence: 1.0,
            },
            pose: state.pose,
            distance_m: state.distance_m,
            eye_openings,
            mouth_opening,
            presentation: Presentation::Genuine,
        })
    }
}

impl Marks {
    /// The mesh in frame pixels with depth: the rigid points and the chin in their places, all others at the nose's tip.
    fn points(&self, face: &Face, view: &View, placement: &Placement, state: &SubjectState) -> Option<Vec<[f32; 3]>> {
        let place = |at: GridPoint| {
            let (x, y, near) = view.project(placement.to_world(sample(&face.moved, at)));
            let distance = state.distance_m.max(0.12);
            (near > 0.0).then(|| [x, y, (1.0 / near - distance) * view.focal / distance])
        };
        let mut points = vec![place(self.nose_tip)?; facemesh::POINTS];
        for (index, at) in RIGID.iter().zip(self.rigid).chain([(&facemesh::CHIN, self.chin)]) {
            points[*index] = place(at)?;
        }
        Some(points)
    }
}

fn eye_shape(face: &Face, eye: &Eye, openness: f32, frame: &impl Fn(GridPoint) -> Option<Point>) -> Option<EyeShape> {
    let at = |u: f32, v: f32| {
        let (x, y) = eye.place(u, v);
        frame(face.head.locate(x, y))
    };
    let mut lid_pairs = [(Point::default(), Point::default()); 3];
    for (pair, u) in lid_pairs.iter_mut().zip([-0.45, 0.0, 0.45]) {
        let (low, high) = eye.lids(u, openness);
        *pair = (at(u, high)?, at(u, low)?);
    }
    let mut outline = Vec::with_capacity(16);
    for k in 0..16 {
        let u = (k as f32 / 16.0 * std::f32::consts::TAU).cos();
        let (low, high) = eye.lids(u, openness);
        outline.push(at(u, if k <= 8 { high } else { low })?);
    }
    Some(EyeShape { outer: at(1.0, 0.0)?, inner: at(-1.0, 0.0)?, lid_pairs, outline })
}
