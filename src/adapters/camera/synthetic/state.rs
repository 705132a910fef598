//! What a frame shows: the subject's state, the scene, and the truth that goes with the picture.

use super::light::Light;
use crate::biometrics::detection::{FaceDetection, FiveLandmarks};
use crate::biometrics::landmarks::{EyeShape, FaceShape, MouthShape};
use crate::biometrics::pose::HeadPose;
use crate::geometry::{Point, Rect};
use crate::imaging::Frame;

/// What the subject does in one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SubjectState {
    /// Turn of the head.
    pub pose: HeadPose,
    /// Opening of the subject's right eye: 0 closed, 1 at rest, up to 1.3.
    pub eye_openness_right: f32,
    /// Opening of the subject's left eye.
    pub eye_openness_left: f32,
    /// Opening of the mouth: 0 closed to 1 as wide as it goes.
    pub mouth_open: f32,
    /// Smile, 0-1; negative values turn the corners down.
    pub smile: f32,
    /// Raised brows, 0-1; negative values lower them.
    pub brow_raise: f32,
    /// From the camera to the point between the eyes of the unturned head, metres.
    pub distance_m: f32,
    /// To the right in the picture, metres, in the plane of the face.
    pub offset_x_m: f32,
    /// Upwards, metres.
    pub offset_y_m: f32,
    /// Gaze away from the camera: degrees to the subject's left.
    pub gaze_yaw: f32,
    /// Gaze away from the camera: degrees upwards.
    pub gaze_pitch: f32,
}

impl Default for SubjectState {
    fn default() -> Self {
        Self {
            pose: HeadPose::default(),
            eye_openness_right: 1.0,
            eye_openness_left: 1.0,
            mouth_open: 0.0,
            smile: 0.0,
            brow_raise: 0.0,
            distance_m: 0.6,
            offset_x_m: 0.0,
            offset_y_m: 0.0,
            gaze_yaw: 0.0,
            gaze_pitch: 0.0,
        }
    }
}

/// What is behind the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// An evenly lit light wall.
    Plain,
    /// A wall, a window, shelves, out of focus.
    Office,
    /// Many coloured things with edges.
    Busy,
}

/// Whether the subject is there in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presentation {
    /// In person.
    Genuine,
    /// A printed photograph, held up.
    Print,
    /// A photograph or recording on a screen, held up.
    Screen,
    /// A printed photograph cut along the outline of the head.
    CutOut,
}

/// Everything about the picture but the subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scene {
    /// The light.
    pub light: Light,
    /// What is behind.
    pub background: Background,
    /// Standard deviation of the sensor's noise in the mid tones, 0-255 levels.
    pub noise: f32,
    /// Standard deviation of the blur, frame pixels; 0 is sharp.
    pub blur: f32,
    /// In person or an attack.
    pub presentation: Presentation,
}

impl Default for Scene {
    fn default() -> Self {
        Self { light: Light::default(), background: Background::Office, noise: 1.6, blur: 0.0, presentation: Presentation::Genuine }
    }
}

/// What the picture shows, in frame pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct GroundTruth {
    /// Five landmarks and the box from the hairline to the chin; score 1.
    pub detection: FaceDetection,
    /// Lids, lips, chin and outlines; of the mesh's points those that the rigid fit and the pose use, the others at the nose's tip.
    pub shape: FaceShape,
    /// Pose of the head as commanded.
    pub pose: HeadPose,
    /// Camera to the point between the eyes, metres.
    pub distance_m: f32,
    /// Opening of the eyes in the picture, right and left: distance of the lids over distance of the corners.
    pub eye_openings: [f32; 2],
    /// Opening of the mouth in the picture: distance of the lips over distance of the corners.
    pub mouth_opening: f32,
    /// In person or an attack.
    pub presentation: Presentation,
}

impl GroundTruth {
    /// The same face in a picture of the picture: every point moved by `map`, depths grown by `growth`.
    #[must_use]
    pub fn mapped(&self, map: impl Fn(Point) -> Point, growth: f32) -> Self {
        let many = |points: &[Point]| points.iter().map(|p| map(*p)).collect::<Vec<_>>();
        let pair = |p: (Point, Point)| (map(p.0), map(p.1));
        let eye = |e: &EyeShape| EyeShape {
            outer: map(e.outer),
            inner: map(e.inner),
            lid_pairs: e.lid_pairs.map(pair),
            outline: many(&e.outline),
        };
        let shape = &self.shape;
        let contour = many(&shape.contour);
        Self {
            detection: FaceDetection {
                bounds: bounds(&contour),
                landmarks: FiveLandmarks::from_array(self.detection.landmarks.to_array().map(&map)),
                ..self.detection
            },
            shape: FaceShape {
                right_eye: eye(&shape.right_eye),
                left_eye: eye(&shape.left_eye),
                nose_tip: map(shape.nose_tip),
                mouth: MouthShape {
                    right_corner: map(shape.mouth.right_corner),
                    left_corner: map(shape.mouth.left_corner),
                    inner_lip_pairs: shape.mouth.inner_lip_pairs.map(pair),
                    outline: many(&shape.mouth.outline),
                },
                chin: map(shape.chin),
                hull: many(&shape.hull),
                contour,
                points: shape
                    .points
                    .iter()
                    .map(|[x, y, z]| {
                        let at = map(Point::new(*x, *y));
                        [at.x, at.y, z * growth]
                    })
                    .collect(),
                presence: shape.presence,
            },
            ..self.clone()
        }
    }
}

/// The box around points.
pub(super) fn bounds(points: &[Point]) -> Rect {
    let fold = |f: fn(f32, f32) -> f32, start: f32, get: fn(&Point) -> f32| points.iter().map(get).fold(start, f);
    let (left, right) = (fold(f32::min, f32::MAX, |p| p.x), fold(f32::max, f32::MIN, |p| p.x));
    let (top, bottom) = (fold(f32::min, f32::MAX, |p| p.y), fold(f32::max, f32::MIN, |p| p.y));
    Rect::new(left, top, right - left, bottom - top)
}

/// A picture with its truth.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The picture.
    pub frame: Frame,
    /// One entry per subject, in the order given; subjects behind the camera are left out.
    pub truth: Vec<GroundTruth>,
}
