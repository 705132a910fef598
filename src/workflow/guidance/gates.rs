//! Every gate of a capture profile applied to one observation. Stateless: hysteresis is the guidance's.

use super::moves::{self, Optics};
use crate::biometrics::landmarks::{EyeShape, FaceShape};
use crate::biometrics::observation::{Observation, ObservedFace};
use crate::biometrics::quality::Component;
use crate::geometry::{PixelRect, Size};
use crate::workflow::capture_profile::{Band, CaptureProfile, Limit, PoseGates};
use crate::workflow::view::{Amount, Feedback};

/// What is checked, in the order in which it is asked for: whether there is a face at all, where it is, what hides it, how it is held.
/// Farther down the list measures get worse while something above is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Gate {
    Face,
    OneFace,
    Distance,
    Horizontal,
    Vertical,
    Exposure,
    Clipping,
    Roll,
    Yaw,
    Pitch,
    Glasses,
    Eyes,
    Mouth,
    Evenness,
    Sharpness,
}

/// How many gates there are.
pub const GATE_COUNT: usize = Gate::Sharpness as usize + 1;

/// How a value stands to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Inside what is asked for.
    pub hint: bool,
    /// Clearly inside what is accepted: at least a tenth of the way from the block limit to the hint limit.
    pub accepted: bool,
    /// Not beyond what stops capture.
    pub block: bool,
}

impl Standing {
    const FAILED: Self = Self { hint: false, accepted: false, block: false };

    fn all(self, other: Self) -> Self {
        Self { hint: self.hint && other.hint, accepted: self.accepted && other.accepted, block: self.block && other.block }
    }

    fn of(met: bool) -> Self {
        Self { hint: met, accepted: met, block: met }
    }
}

fn at_most(value: f32, limit: Limit) -> Standing {
    let accepted = limit.block.map(|block| block - 0.1 * (block - limit.hint));
    let within = |bound: Option<f32>| bound.map_or(value.is_finite(), |b| value <= b);
    Standing { hint: value <= limit.hint, accepted: within(accepted), block: within(limit.block) }
}

fn at_least(value: f32, limit: Limit) -> Standing {
    at_most(-value, Limit { hint: -limit.hint, block: limit.block.map(|b| -b) })
}

/// One gate's answer about one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Which gate.
    pub gate: Gate,
    /// What the subject could change if it is not met.
    pub feedback: Feedback,
    /// By how much.
    pub amount: Option<Amount>,
    /// How the value stands to the gate's limits.
    pub standing: Standing,
}

/// Whether the chosen detection is a face: confident detector, landmarks that are sure and agree with it, eyes above the mouth.
///
/// Every test fails for values that are not numbers. A pack without a landmark network finds no face: fails closed.
pub fn is_face(profile: &CaptureProfile, face: &ObservedFace) -> bool {
    let points = face.detection.landmarks;
    let inter_eye = points.inter_eye_distance();
    let eyes = points.right_eye.midpoint(points.left_eye);
    let mouth = points.mouth_right.midpoint(points.mouth_left);
    let upright = inter_eye >= 1.0 && mouth.y - eyes.y >= 0.3 * inter_eye;
    let bounds = face.detection.bounds;
    let inside = bounds.area() > 0.0 && bounds.scaled_about_centre(1.5).contains(eyes) && bounds.scaled_about_centre(1.5).contains(mouth);
    let landmarks = face.shape.as_ref().is_some_and(|shape| {
        let (right, left) = shape.eye_centres();
        let apart = right.midpoint(left).distance(eyes);
        shape.presence >= profile.face.presence && apart <= 0.5 * inter_eye
    });
    face.detection.score >= profile.face.score && upright && inside && landmarks
}

/// Distance of the eye centres in frame pixels, as if the head were not turned.
pub fn inter_eye_px(face: &ObservedFace) -> f32 {
    let yaw = face.pose.map(|pose| pose.yaw).filter(|yaw| yaw.is_finite()).unwrap_or(0.0).clamp(-60.0, 60.0);
    let seen = || face.detection.landmarks.inter_eye_distance() / yaw.to_radians().cos();
    face.quality.native(Component::InterEyeDistance).map_or_else(seen, |native| native as f32)
}

/// Where the face is to be.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Size of the frame.
    pub frame: Size,
    /// Region of interest in frame pixels.
    pub roi_in_frame: PixelRect,
    /// The camera's optics.
    pub optics: Optics,
}

/// Readings of all gates that could be judged, in priority order. Only [`Gate::Face`] when there is no face. A quality component that was
/// not asked for in this frame gives no reading; one that failed to be assessed fails its gate.
pub fn readings(profile: &CaptureProfile, observation: &Observation, place: Place) -> Vec<Reading> {
    let (first, face) = face(profile, observation);
    let mut found = vec![first];
    let Some(face) = face else { return found };
    found.push(one_face(profile, observation, face));
    found.push(distance(profile, face, place));
    found.extend(position(profile, face, place));
    found.extend(pose(&profile.pose, face));
    found.extend(quality(profile, face));
    found.sort_by_key(|reading| reading.gate);
    found
}

/// Readings of the gates that a picture given as a file has to pass, in priority order.
pub fn file_readings(profile: &CaptureProfile, observation: &Observation) -> Vec<Reading> {
    let (first, face) = face(profile, observation);
    let mut found = vec![first];
    let Some(face) = face else { return found };
    found.push(one_face(profile, observation, face));
    let standing = at_least(inter_eye_px(face), profile.file.inter_eye_px);
    found.push(Reading { gate: Gate::Distance, feedback: Feedback::FaceTooFar, amount: None, standing });
    let either = profile.file.pose;
    found.extend(pose(&PoseGates { yaw: either, pitch: either, roll: either }, face));
    found
}

fn face<'a>(profile: &CaptureProfile, observation: &'a Observation) -> (Reading, Option<&'a ObservedFace>) {
    let face = observation.face.as_ref().filter(|face| is_face(profile, face));
    let standing = Standing::of(face.is_some());
    (Reading { gate: Gate::Face, feedback: Feedback::NoFaceDetected, amount: None, standing }, face)
}

fn one_face(profile: &CaptureProfile, observation: &Observation, face: &ObservedFace) -> Reading {
    let chosen = face.detection.bounds.area();
    // A face narrower than 7 % of the frame stands far behind (the quality reference's rule for SingleFacePresent).
    let counts = |width: f32| width >= 0.07 * observation.frame_size.width as f32;
    let others = observation.faces.iter().filter(|f| **f != face.detection && f.score >= profile.face.score && counts(f.bounds.width));
    let largest = others.map(|f| f.bounds.area()).fold(0.0, f32::max);
    let standing = at_most(largest / chosen, profile.face.second_face);
    Reading { gate: Gate::OneFace, feedback: Feedback::MultipleFacesDetected, amount: None, standing }
}

fn distance(profile: &CaptureProfile, face: &ObservedFace, place: Place) -> Reading {
    let gates = &profile.face;
    let height = face.detection.bounds.height / place.roi_in_frame.height as f32;
    let inter_eye = inter_eye_px(face);
    // In a small frame the eye distance asked for may need a face larger than the region takes: then what the region takes is asked for.
    let attainable = inter_eye / height * gates.height.max.hint * 0.95;
    let hint = gates.inter_eye_px.hint.min(attainable).max(gates.inter_eye_px.block.unwrap_or(0.0));
    let wanted = Limit { hint, block: gates.inter_eye_px.block };
    let far = at_least(height, gates.height.min).all(at_least(inter_eye, wanted));
    let close = at_most(height, gates.height.max);
    let standing = far.all(close);
    let (feedback, growth) = if !close.hint && (far.hint || !close.block) {
        (Feedback::FaceTooClose, 0.97 * gates.height.max.hint / height)
    } else {
        (Feedback::FaceTooFar, 1.03 * (gates.height.min.hint / height).max(hint / inter_eye))
    };
    let amount = if standing.hint { None } else { place.optics.approach(place.frame, inter_eye, growth) };
    Reading { gate: Gate::Distance, feedback, amount, standing }
}

fn position(profile: &CaptureProfile, face: &ObservedFace, place: Place) -> [Reading; 2] {
    let centre = face.detection.bounds.centre();
    let roi = place.roi_in_frame.to_rect();
    let axis = |gate, offset: f32, side: f32, limit: Limit, [before, after]: [Feedback; 2]| {
        let beyond = (offset.abs() - 0.8 * limit.hint) * side;
        let amount = moves::sideways(beyond, inter_eye_px(face));
        Reading { gate, feedback: if offset < 0.0 { before } else { after }, amount, standing: at_most(offset.abs(), limit) }
    };
    let x = (centre.x - roi.centre().x) / roi.width;
    let y = (centre.y - roi.centre().y) / roi.height;
    [
        axis(Gate::Horizontal, x, roi.width, profile.face.offset_x, [Feedback::FaceOnLeft, Feedback::FaceOnRight]),
        axis(Gate::Vertical, y, roi.height, profile.face.offset_y, [Feedback::FaceTooHigh, Feedback::FaceTooLow]),
    ]
}

fn pose(gates: &PoseGates, face: &ObservedFace) -> Vec<Reading> {
    let Some(pose) = face.pose else {
        return vec![Reading { gate: Gate::Yaw, feedback: Feedback::InvalidPose, amount: None, standing: Standing::FAILED }];
    };
    // The instruction undoes the turn: a head turned to the subject's left (positive) is asked to turn right.
    let angle = |gate, value: f32, limit: Limit, positive, negative| {
        let amount = moves::degrees(value.abs() - 0.8 * limit.hint);
        Reading { gate, feedback: if value >= 0.0 { positive } else { negative }, amount, standing: at_most(value.abs(), limit) }
    };
    vec![
        angle(Gate::Roll, pose.roll, gates.roll, Feedback::TiltLeft, Feedback::TiltRight),
        angle(Gate::Yaw, pose.yaw, gates.yaw, Feedback::TurnRight, Feedback::TurnLeft),
        angle(Gate::Pitch, pose.pitch, gates.pitch, Feedback::ChinDown, Feedback::ChinUp),
    ]
}

fn quality(profile: &CaptureProfile, face: &ObservedFace) -> Vec<Reading> {
    let gates = &profile.quality;
    // Outer `None`: not asked for in this frame. Inner: failed to be assessed.
    let native = |component| {
        let found = face.quality.assessments.iter().find(|a| a.component == component)?;
        Some(found.native.map(|value| value as f32))
    };
    let judged = |gate, component, limit: Option<Limit>, feedback, judge: fn(f32, Limit) -> Standing| {
        let (limit, value) = (limit?, native(component)?);
        let standing = value.map_or(Standing::FAILED, |v| judge(v, limit));
        Some(Reading { gate, feedback, amount: None, standing })
    };
    let closed = face.shape.as_ref().map_or(Feedback::LeftEyeClosed, more_closed_eye);
    let exposure = || {
        let (Band { min, max }, value) = (gates.exposure?, native(Component::FaceExposure)?);
        let (dark, bright) = value.map_or((Standing::FAILED, Standing::FAILED), |v| (at_least(v, min), at_most(v, max)));
        let feedback = if dark.hint { Feedback::TooBright } else { Feedback::InsufficientLighting };
        Some(Reading { gate: Gate::Exposure, feedback, amount: None, standing: dark.all(bright) })
    };
    let found = [
        exposure(),
        judged(Gate::Clipping, Component::OverExposurePrevention, gates.over_exposed, Feedback::TooBright, at_most),
        judged(Gate::Glasses, Component::DarkGlasses, gates.dark_glasses, Feedback::DarkGlassesDetected, at_least),
        judged(Gate::Eyes, Component::EyesOpen, gates.eyes_open, closed, at_least),
        judged(Gate::Mouth, Component::MouthClosed, gates.mouth_open, Feedback::MouthOpen, at_most),
        judged(Gate::Evenness, Component::IlluminationUniformity, gates.uneven_light, Feedback::UnevenLighting, at_least),
        judged(Gate::Sharpness, Component::Sharpness, gates.sharpness, Feedback::Blurred, at_least),
    ];
    found.into_iter().flatten().collect()
}

/// Which of the subject's eyes is the more closed one, lid gap over eye width.
fn more_closed_eye(shape: &FaceShape) -> Feedback {
    let gap = |eye: &EyeShape| {
        let widest = eye.lid_pairs.iter().map(|(upper, lower)| upper.distance(*lower)).fold(0.0, f32::max);
        widest / eye.outer.distance(eye.inner).max(1e-3)
    };
    if gap(&shape.right_eye) < gap(&shape.left_eye) { Feedback::RightEyeClosed } else { Feedback::LeftEyeClosed }
}

/// Locale key of a component's bar on the officer's strip.
#[must_use]
pub fn label_key(component: Component) -> &'static str {
    match component {
        Component::BackgroundUniformity => "quality-background-uniformity",
        Component::IlluminationUniformity => "quality-illumination-uniformity",
        Component::LuminanceMean => "quality-luminance-mean",
        Component::LuminanceVariance => "quality-luminance-variance",
        Component::UnderExposurePrevention => "quality-under-exposure",
        Component::OverExposurePrevention => "quality-over-exposure",
        Component::DynamicRange => "quality-dynamic-range",
        Component::Sharpness => "quality-sharpness",
        Component::CompressionArtifacts => "quality-compression",
        Component::NaturalColour => "quality-natural-colour",
        Component::SingleFacePresent => "quality-single-face",
        Component::EyesOpen => "quality-eyes-open",
        Component::MouthClosed => "quality-mouth-closed",
        Component::InterEyeDistance => "quality-inter-eye-distance",
        Component::HeadSize => "quality-head-size",
        Component::LeftwardCrop => "quality-leftward-crop",
        Component::RightwardCrop => "quality-rightward-crop",
        Component::MarginAbove => "quality-margin-above",
        Component::MarginBelow => "quality-margin-below",
        Component::HeadPoseYaw => "quality-yaw",
        Component::HeadPosePitch => "quality-pitch",
        Component::HeadPoseRoll => "quality-roll",
        Component::FaceExposure => "quality-face-exposure",
        Component::DarkGlasses => "quality-dark-glasses",
    }
}

/// The gate that judges a component, if one does.
#[must_use]
pub const fn gate_of(component: Component) -> Option<Gate> {
    match component {
        Component::SingleFacePresent => Some(Gate::OneFace),
        Component::InterEyeDistance => Some(Gate::Distance),
        Component::HeadPoseYaw => Some(Gate::Yaw),
        Component::HeadPosePitch => Some(Gate::Pitch),
        Component::HeadPoseRoll => Some(Gate::Roll),
        Component::DarkGlasses => Some(Gate::Glasses),
        Component::EyesOpen => Some(Gate::Eyes),
        Component::MouthClosed => Some(Gate::Mouth),
        Component::FaceExposure => Some(Gate::Exposure),
        Component::OverExposurePrevention => Some(Gate::Clipping),
        Component::IlluminationUniformity => Some(Gate::Evenness),
        Component::Sharpness => Some(Gate::Sharpness),
        _ => None,
    }
}
