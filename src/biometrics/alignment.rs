//! Five-point alignment to the usual 112x112 recogniser template.

use crate::biometrics::detection::FiveLandmarks;
use crate::geometry::{Affine, Point};

/// Side of the aligned picture, pixels.
pub const ALIGNED_SIDE: usize = 112;

/// Eyes closer than this in the frame are refused, pixels; there is nothing to recognise in such a face. Picked by hand, not measured.
pub const MIN_INTER_EYE_DISTANCE_PX: f32 = 6.0;

/// Where the five landmarks lie in the aligned picture, pixels: right eye, left eye, nose, right and left mouth corner of the subject.
///
/// # Source
/// The 112x112 template that public recognisers are trained with, as published with ArcFace (Deng et al. 2019).
pub const TEMPLATE_112: [Point; 5] = [
    Point::new(38.2946, 51.6963),
    Point::new(73.5318, 51.5014),
    Point::new(56.0252, 71.7366),
    Point::new(41.5493, 92.3655),
    Point::new(70.7299, 92.2041),
];

/// Why a face could not be aligned.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AlignError {
    /// The eyes are too close, or a landmark is not finite.
    #[error("the face is too small or its landmarks do not form a face (eye distance {inter_eye_distance:.1} px)")]
    Degenerate {
        /// Distance of the eyes found, frame pixels.
        inter_eye_distance: f32,
    },
}

impl crate::advice::Advised for AlignError {
    fn advice(&self) -> crate::advice::Advice {
        crate::advice::Advice::input("BIO-03", "Use a picture in which the face is larger.")
    }
}

/// Maps the frame onto the aligned 112x112 picture by the similarity (rotation, one scale, shift) that fits the five points best.
///
/// - returns: `aligned_from_frame`, pixels to pixels.
///
/// # Errors
/// [`AlignError::Degenerate`] if the eyes are closer than [`MIN_INTER_EYE_DISTANCE_PX`] or a value is not finite.
pub fn aligned_from_frame(landmarks: &FiveLandmarks) -> Result<Affine, AlignError> {
    let inter_eye_distance = landmarks.inter_eye_distance();
    let points = landmarks.to_array();
    let finite = points.iter().all(|p| p.x.is_finite() && p.y.is_finite());
    if !finite || inter_eye_distance < MIN_INTER_EYE_DISTANCE_PX {
        return Err(AlignError::Degenerate { inter_eye_distance });
    }
    similarity(&points, &TEMPLATE_112).ok_or(AlignError::Degenerate { inter_eye_distance })
}

/// The similarity without reflection that maps `from` to `to` with the least sum of squared distances; `None` if `from` is one point.
///
/// # Source
/// Umeyama 1991, equations 40-43, which in the plane reduce to two sums.
#[must_use]
pub fn similarity<const N: usize>(from: &[Point; N], to: &[Point; N]) -> Option<Affine> {
    let mean = |points: &[Point; N]| {
        let sum = points.iter().fold((0.0f64, 0.0f64), |s, p| (s.0 + f64::from(p.x), s.1 + f64::from(p.y)));
        (sum.0 / N as f64, sum.1 / N as f64)
    };
    let (from_mean, to_mean) = (mean(from), mean(to));
    let (mut along, mut across, mut spread) = (0.0f64, 0.0f64, 0.0f64);
    for (p, q) in from.iter().zip(to) {
        let (x, y) = (f64::from(p.x) - from_mean.0, f64::from(p.y) - from_mean.1);
        let (u, v) = (f64::from(q.x) - to_mean.0, f64::from(q.y) - to_mean.1);
        along += x * u + y * v;
        across += x * v - y * u;
        spread += x * x + y * y;
    }
    if !spread.is_finite() || spread < 1e-9 {
        return None;
    }
    let (a, b) = (along / spread, across / spread);
    let m = [a, -b, to_mean.0 - a * from_mean.0 + b * from_mean.1, b, a, to_mean.1 - b * from_mean.0 - a * from_mean.1];
    Some(Affine(m.map(|v| v as f32)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_template_maps_to_itself() {
        let map = aligned_from_frame(&FiveLandmarks::from_array(TEMPLATE_112)).unwrap();
        for point in TEMPLATE_112 {
            assert!(map.apply(point).distance(point) < 1e-3);
        }
    }

    #[test]
    fn a_face_that_is_no_face_is_refused() {
        let one_point = FiveLandmarks::from_array([Point::new(5.0, 5.0); 5]);
        assert!(matches!(aligned_from_frame(&one_point), Err(AlignError::Degenerate { .. })));
        let mut broken = FiveLandmarks::from_array(TEMPLATE_112);
        broken.nose.x = f32::NAN;
        assert!(aligned_from_frame(&broken).is_err());
    }

    proptest! {
        #[test]
        fn a_moved_template_is_found_again(angle in -3.1f32..3.1, scale in 0.3f32..20.0, dx in -500f32..3000.0, dy in -500f32..3000.0) {
            let (sin, cos) = (angle.sin() * scale, angle.cos() * scale);
            let moved = Affine([cos, -sin, dx, sin, cos, dy]);
            let landmarks = FiveLandmarks::from_array(TEMPLATE_112.map(|p| moved.apply(p)));
            let map = aligned_from_frame(&landmarks).unwrap();
            for (found, expected) in landmarks.to_array().into_iter().zip(TEMPLATE_112) {
                prop_assert!(map.apply(found).distance(expected) < 0.05);
            }
        }
    }
}
