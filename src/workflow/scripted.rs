//! Scripted faces for the tests of this floor: what the analysis would say of a face that stands as told.

use crate::biometrics::detection::{FaceDetection, FiveLandmarks};
use crate::biometrics::landmarks::{EyeShape, FaceShape};
use crate::biometrics::observation::{Observation, ObservedFace, StageTimes};
use crate::biometrics::pose::HeadPose;
use crate::biometrics::quality::{Assessment, Component, QualityReport};
use crate::geometry::{Point, Rect, Size};
use crate::imaging::Frame;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::units::{Moment, QualityScore};
use crate::workflow::capture_profile::{CaptureProfile, CaptureProfiles};
use crate::workflow::roi::roi;
use std::sync::{Arc, OnceLock};

pub(crate) const FRAME: Size = Size::new(1280, 720);

pub(crate) fn profile(name: &str) -> Arc<CaptureProfile> {
    static PROFILES: OnceLock<CaptureProfiles> = OnceLock::new();
    PROFILES.get_or_init(CaptureProfiles::builtin).get(name).unwrap()
}

/// One face in the frame, or none. Everything is compliant unless it is changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scene {
    pub present: bool,
    pub score: f32,
    pub presence: Option<f32>,
    pub upside_down: bool,
    /// Box height over region height.
    pub height: f32,
    /// Offset of the box's centre over the region's sides.
    pub offset: (f32, f32),
    pub pose: Option<HeadPose>,
    pub glasses: Option<f64>,
    pub eyes_open: Option<f64>,
    pub right_eye_closed: bool,
    pub mouth_open: Option<f64>,
    pub clipped: Option<f64>,
    pub exposure: Option<f64>,
    pub sharpness: Option<f64>,
    pub capture_score: f32,
    /// Area of a second face over the first one's; 0 for none.
    pub second_face: f32,
    pub origin: Origin,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            present: true,
            score: 0.9,
            presence: Some(0.95),
            upside_down: false,
            height: 0.6,
            offset: (0.0, 0.0),
            pose: Some(HeadPose::default()),
            glasses: Some(0.9),
            eyes_open: Some(0.06),
            right_eye_closed: false,
            mouth_open: Some(0.02),
            clipped: Some(0.0),
            exposure: Some(0.2),
            sharpness: Some(0.6),
            capture_score: 70.0,
            second_face: 0.0,
            origin: Origin::Camera,
        }
    }
}

impl Scene {
    pub(crate) fn empty() -> Self {
        Self { present: false, ..Self::default() }
    }

    pub(crate) fn observation(&self, number: u64) -> Observation {
        let region = roi(&profile("quick").roi, FRAME).unwrap().to_rect();
        let height = self.height * region.height;
        let width = height * 0.78;
        let centre = Point::new(region.centre().x + self.offset.0 * region.width, region.centre().y + self.offset.1 * region.height);
        let bounds = Rect::new(centre.x - width / 2.0, centre.y - height / 2.0, width, height);
        let eye = height * 0.185;
        let sign = if self.upside_down { -1.0 } else { 1.0 };
        let at = |x: f32, y: f32| Point::new(centre.x + x, centre.y + sign * y);
        let landmarks = FiveLandmarks::from_array([
            at(-eye, -0.1 * height),
            at(eye, -0.1 * height),
            at(0.0, 0.08 * height),
            at(-0.7 * eye, 0.25 * height),
            at(0.7 * eye, 0.25 * height),
        ]);
        let detection = FaceDetection { bounds, score: self.score, landmarks };
        let eye_shape = |centre: Point, gap: f32| EyeShape {
            outer: Point::new(centre.x - 12.0, centre.y),
            inner: Point::new(centre.x + 12.0, centre.y),
            lid_pairs: [(Point::new(centre.x, centre.y - gap), Point::new(centre.x, centre.y + gap)); 3],
            outline: Vec::new(),
        };
        let shape = self.presence.map(|presence| FaceShape {
            right_eye: eye_shape(landmarks.right_eye, if self.right_eye_closed { 0.5 } else { 4.0 }),
            left_eye: eye_shape(landmarks.left_eye, 3.0),
            presence,
            ..FaceShape::default()
        });
        let native = |component, native: Option<f64>| Assessment {
            component,
            native,
            score: native.map(|_| QualityScore::from_f64(80.0)),
            algorithm: "scripted/1",
            estimate: true,
        };
        let quality = QualityReport {
            assessments: vec![
                native(Component::DarkGlasses, self.glasses),
                native(Component::EyesOpen, self.eyes_open),
                native(Component::MouthClosed, self.mouth_open),
                native(Component::OverExposurePrevention, self.clipped),
                native(Component::FaceExposure, self.exposure),
                native(Component::Sharpness, self.sharpness),
            ],
            capture_score: self.capture_score,
        };
        let second = Rect::new(0.0, 0.0, width * self.second_face.sqrt(), height * self.second_face.sqrt());
        let mut faces = vec![detection];
        if self.second_face > 0.0 {
            faces.push(FaceDetection { bounds: second, ..detection });
        }
        let face = ObservedFace { detection, shape, pose: self.pose, quality };
        Observation {
            frame_number: number,
            frame_size: FRAME,
            faces: if self.present { faces } else { Vec::new() },
            face: self.present.then_some(face),
            times: StageTimes::default(),
        }
    }

    pub(crate) fn captured(&self, number: u64, at: Moment) -> (CapturedFrame, Arc<Observation>) {
        static PICTURE: OnceLock<Arc<Frame>> = OnceLock::new();
        let frame = Arc::clone(PICTURE.get_or_init(|| Arc::new(Frame::filled(FRAME, [90; 3]))));
        (CapturedFrame { frame, number, captured_at: at, origin: self.origin }, Arc::new(self.observation(number)))
    }
}
