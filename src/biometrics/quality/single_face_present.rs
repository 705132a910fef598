//! SingleFacePresent: area of the second largest face over the largest; 0 when there is one face.

use super::{Assessment, Component, QualityInput};

/// Faces narrower than this share of the frame are bystanders far away: the standard's 0.05 of its frame with a 20 % border.
const MIN_WIDTH_SHARE: f32 = 0.07;

pub(super) fn assess(input: &QualityInput<'_>) -> Assessment {
    let narrowest = MIN_WIDTH_SHARE * input.frame.width() as f32;
    let others = input.faces.iter().filter(|f| f.bounds.width >= narrowest && f.bounds != input.face.bounds);
    let mut areas: Vec<f32> = others.map(|f| f.bounds.area()).collect();
    areas.push(input.face.bounds.area());
    areas.sort_by(|a, b| b.total_cmp(a));
    let native = match areas[..] {
        [largest, second, ..] if largest > 0.0 => Some(f64::from(second / largest)),
        [largest] if largest > 0.0 => Some(0.0),
        _ => None,
    };
    Assessment::new(Component::SingleFacePresent, "single-face-present/1", false, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    100.0 * (1.0 - native)
}
