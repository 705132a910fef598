//! The score that ranks shots of one person: a weighted mean in which the worst part counts most.

use super::{Component, QualityReport};

/// Weights after the standard's error-versus-discard results: what loses matches counts 3 (high), 2 (medium) or 1 (low).
const HIGH: f64 = 3.0;
const MEDIUM: f64 = 2.0;
const LOW: f64 = 1.0;

/// Exponent of the power mean: -2 lies between the harmonic mean and the minimum.
const EXPONENT: f64 = -2.0;

/// No part counts as less than this, so that one zero does not hide the order of the rest.
const LEAST_PART: f64 = 0.02;

/// 0-100. Parts that could not be assessed are left out, so scores compare within one tier and one set of models only.
///
/// - `presence`: confidence of the landmark network that a whole face is there, [0, 1]; covered faces lower it.
pub(super) fn capture_score(report: &QualityReport, presence: Option<f32>) -> f32 {
    let share = |component| report.score(component).map(|s| f64::from(s.get()) / 100.0);
    // The standard's cosine is flat where it matters (93 points at 15 degrees), so angles count by a bell of 25 degrees.
    let upright = |component| report.native(component).map(|degrees: f64| (-(degrees / 25.0).powi(2)).exp());
    let parts = [
        (HIGH, share(Component::Sharpness)),
        (HIGH, share(Component::EyesOpen)),
        (HIGH, share(Component::InterEyeDistance)),
        (HIGH, upright(Component::HeadPoseYaw)),
        (HIGH, presence.map(f64::from)),
        (HIGH, share(Component::FaceExposure)),
        (MEDIUM, upright(Component::HeadPosePitch)),
        (MEDIUM, upright(Component::HeadPoseRoll)),
        (LOW, share(Component::MouthClosed)),
        (LOW, share(Component::IlluminationUniformity)),
    ];
    let (mut sum, mut weights) = (0.0, 0.0);
    for (weight, part) in parts {
        if let Some(part) = part.filter(|p| p.is_finite()) {
            sum += weight * part.clamp(LEAST_PART, 1.0).powf(EXPONENT);
            weights += weight;
        }
    }
    if weights == 0.0 { 0.0 } else { (100.0 * (sum / weights).powf(1.0 / EXPONENT)) as f32 }
}
