//! The PAD layer `commanded-exposure`: whether the frames follow the exposure that the camera is told, in small steps that nobody can foresee.
//!
//! What is fed in instead of the camera's frames (a loop, a still, a model behind a virtual camera) follows nothing, and a face laid over a
//! live picture does not follow what is around it. Whatever stands before the lens follows, a print as well as a person: the layer speaks of
//! injection only.

use super::scene_light::{LightSample, Response, Steps};
use super::{PadLayer, PadOutcome};
use std::time::Duration;

/// Name of the layer.
pub const NAME: &str = "commanded-exposure";
/// Name and version of the method.
pub const METHOD: &str = "exposure-steps/1";
/// Stops above and below the middle that the camera is told: together a fifth of the light, which neither networks nor people mind.
pub const STOPS: f32 = 0.15;

/// Least part of what was commanded that has to be seen. Picked by hand: tone curves of webcams flatten a good half of it.
const LEAST_SHARE: f32 = 0.35;
/// The median change over its own uncertainty.
const LEAST_CERTAINTY: f32 = 3.0;
/// Mean code values that can follow a command: neither black nor burnt out.
const FOLLOWS: std::ops::Range<f32> = 16.0..235.0;
/// A command takes a frame or two until frames show it.
const STEPS: Steps = Steps { settling: Duration::from_millis(200), least: 4 };

/// Judges the samples in the order of time; their level is 1 where the camera was told the brighter exposure, 0 for the darker. Face and
/// background are held against the command each by itself, and the worse of them counts.
///
/// The value is x / (1 + x), x being the weaker of size and certainty over what is needed, so that 0.5 is the limit. A picture that clearly
/// does not follow is an attack; too few steps, or a picture too dark or too bright to follow, is no answer.
#[must_use]
pub fn assess(samples: &[LightSample]) -> PadLayer {
    let layer = |value: Option<f32>, outcome| PadLayer { name: NAME, method: METHOD.to_owned(), value, limit: 0.5, outcome };
    let face = series(samples, |s| Some(s.face));
    let background = series(samples, |s| s.background);
    let worst = face.into_iter().chain(background).min_by(|a, b| over(a).total_cmp(&over(b)));
    let Some(worst) = worst else { return layer(None, PadOutcome::NonResponse) };
    let over = over(&worst);
    let outcome = match () {
        () if over >= 1.0 => PadOutcome::BonaFide,
        // Even if all of the uncertainty spoke for it, it would not have followed.
        () if worst.change + LEAST_CERTAINTY * worst.error < least_change() => PadOutcome::Attack,
        () => PadOutcome::NonResponse,
    };
    layer(Some(over / (1.0 + over)), outcome)
}

/// What one part of the picture did; `None` where it could not follow or too few steps were seen whole.
fn series(samples: &[LightSample], part: impl Fn(&LightSample) -> Option<f32>) -> Option<Response> {
    let alone = samples.iter().filter_map(|s| Some(LightSample { face: part(s).filter(|v| FOLLOWS.contains(v))?, background: None, ..*s }));
    STEPS.measure(&alone.collect::<Vec<_>>())
}

/// Natural logarithm of light.
fn least_change() -> f32 {
    LEAST_SHARE * 2.0 * STOPS * std::f32::consts::LN_2
}

fn over(response: &Response) -> f32 {
    let certainty = response.change / response.error.max(1e-4);
    (response.change / least_change()).min(certainty / LEAST_CERTAINTY).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Moment;

    /// Six seconds, a command every 600 ms; face and background follow by a share of it, a little late, while somebody moves a little.
    fn samples(face: f32, background: f32, rate: u64) -> Vec<LightSample> {
        (0..6 * rate)
            .map(|i| {
                let millis = i * 1000 / rate;
                let up = |millis: u64| if (millis / 600).is_multiple_of(2) { 0.0f32 } else { 1.0 };
                let stops = (up(millis.saturating_sub(90)) - 0.5) * 2.0 * STOPS;
                let noise = 0.3 * (i as f32 * 2.399).sin() + 2.0 * (i as f32 * 0.05).sin();
                // Code values are about the square root of light.
                let code = |middle: f32, share: f32| middle * (share * stops / 2.0).exp2();
                LightSample {
                    at: Moment::from_millis(millis),
                    level: up(millis),
                    face: code(120.0, face) + noise,
                    background: Some(code(90.0, background) - 0.5 * noise),
                }
            })
            .collect()
    }

    #[test]
    fn a_camera_follows_and_what_is_fed_in_does_not() {
        for rate in [12, 15, 30] {
            for share in [0.6, 1.0] {
                let layer = assess(&samples(share, share, rate));
                assert_eq!(layer.outcome, PadOutcome::BonaFide, "{rate}/s, {share}: {layer:?}");
                assert!(layer.value.is_some_and(|v| v > layer.limit));
            }
            assert_eq!(assess(&samples(0.0, 0.0, rate)).outcome, PadOutcome::Attack);
            assert_eq!(assess(&samples(-1.0, -1.0, rate)).outcome, PadOutcome::Attack, "the wrong way round");
        }
    }

    #[test]
    fn a_face_laid_over_a_live_picture_does_not_follow_it() {
        assert_eq!(assess(&samples(0.0, 1.0, 15)).outcome, PadOutcome::Attack);
        assert_eq!(assess(&samples(1.0, 0.0, 15)).outcome, PadOutcome::Attack);
    }

    #[test]
    fn what_cannot_follow_is_not_held_against_anybody_and_speaks_for_nobody() {
        let burnt: Vec<LightSample> = samples(1.0, 0.0, 15).into_iter().map(|s| LightSample { background: Some(250.0), ..s }).collect();
        assert_eq!(assess(&burnt).outcome, PadOutcome::BonaFide, "the wall is burnt out, the face follows");
        let dark: Vec<LightSample> = burnt.iter().map(|s| LightSample { face: 5.0, ..*s }).collect();
        assert_eq!((assess(&dark).outcome, assess(&dark).value), (PadOutcome::NonResponse, None));
    }

    #[test]
    fn too_few_steps_are_no_answer() {
        let short: Vec<LightSample> = samples(1.0, 1.0, 15).into_iter().take(20).collect();
        assert_eq!((assess(&short).outcome, assess(&short).value), (PadOutcome::NonResponse, None));
        assert_eq!(assess(&[]).outcome, PadOutcome::NonResponse);
    }
}
