//! Looks for the tests of the layers: a face that stands before a camera and does as told, and what a head or a picture of one shows.

use super::look::Look;
use crate::biometrics::pose::HeadPose;
use crate::geometry::{Point, Rect};
use crate::units::Moment;

/// A neutral look.
pub(crate) fn look(number: u64, millis: u64) -> Look {
    Look {
        number,
        at: Moment::from_millis(millis),
        bounds: Rect::new(500.0, 200.0, 240.0, 300.0),
        pose: HeadPose::default(),
        nose_yaw: Some(0.0),
        eyes: [0.3; 2],
        mouth_open: 0.02,
        mouth_width: 0.8,
        mouth_lift: 0.0,
        size: 110.0,
        centre: Point::new(620.0, 320.0),
        nose: Point::new(620.0, 380.0),
        rigid: Vec::new(),
    }
}

/// Looks at 30 frames/s with the small sway of a standing person, changed by `act` at each time in seconds.
pub(crate) fn track(count: u64, act: impl Fn(f32, &mut Look)) -> Vec<Look> {
    (0..count)
        .map(|i| {
            let t = i as f32 / 30.0;
            let mut l = look(i, i * 33);
            l.centre.x += 3.0 * (t * 2.1).sin() + 0.2 * (i as f32 * 7.7).sin();
            l.nose.x += 3.0 * (t * 2.0).sin();
            l.size *= 1.0 + 0.004 * (t * 1.3).sin();
            act(t, &mut l);
            l
        })
        .collect()
}

/// What stands before the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Head,
    Picture,
}

/// The fourteen rigid points of a head, metres; towards the camera is negative z as the mesh has it.
pub(crate) const POINTS: [[f32; 3]; 14] = [
    [-0.045, 0.000, 0.010],
    [-0.017, 0.000, 0.004],
    [0.017, 0.000, 0.004],
    [0.045, 0.000, 0.010],
    [0.0, -0.005, -0.008],
    [0.0, 0.005, -0.012],
    [0.0, 0.040, -0.034],
    [0.0, 0.045, -0.033],
    [0.0, 0.052, -0.020],
    [-0.016, 0.048, -0.016],
    [0.016, 0.048, -0.016],
    [-0.070, 0.005, 0.062],
    [0.070, 0.005, 0.062],
    [0.0, -0.075, 0.008],
];

/// A look at a body turned by `yaw` degrees at `distance` metres, camera of 1065 pixels focal length.
pub(crate) fn seen(body: Body, number: u64, yaw: f32, distance: f32) -> Look {
    let (sin, cos) = yaw.to_radians().sin_cos();
    let focal = 1065.0;
    let rigid: Vec<[f32; 3]> = POINTS
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let depth = if body == Body::Head { p[2] } else { 0.0 };
            let (x, z) = (p[0] * cos - depth * sin, p[0] * sin + depth * cos);
            let scale = focal / (distance + z);
            let jitter = |k: f32| 0.25 * (number as f32 * 3.7 + i as f32 * 5.3 + k).sin();
            // The network sees a face in either case and says what depth a face has.
            [640.0 + x * scale + jitter(0.0), 360.0 + p[1] * scale + jitter(1.0), p[2] * focal / distance]
        })
        .collect();
    let size = 0.062 * focal / distance;
    let nose_yaw = if body == Body::Head { yaw } else { 0.0 };
    Look {
        pose: HeadPose { yaw, ..HeadPose::default() },
        nose_yaw: Some(nose_yaw),
        size,
        centre: Point::new(640.0, 360.0),
        rigid,
        ..look(number, number * 33)
    }
}
