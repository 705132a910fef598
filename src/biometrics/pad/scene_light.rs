//! The PAD layer `scene-light`: whether the face answers to light that the kiosk's own screen throws on it, in steps that nobody can foresee.
//!
//! A recording that is fed in answers to nothing, a screen held up to the camera answers little; a person answers, and more than the wall
//! behind them. A bright room drowns the answer: then the layer has none, and never speaks for the subject.

use super::look::median;
use super::{PadLayer, PadOutcome};
use crate::units::Moment;
use std::time::Duration;

/// Name of the layer.
pub const NAME: &str = "scene-light";
/// Name and version of the method.
pub const METHOD: &str = "screen-steps/1";

/// After a step, screen, exposure and transport take a while before frames show it.
const STEPS: Steps = Steps { settling: Duration::from_millis(150), least: 5 };
/// Frames so long before and after a step are compared.
const WINDOW: Duration = Duration::from_millis(380);
/// Frames needed on each side of a step.
const LEAST_FRAMES: usize = 2;
/// Least change of the face's light at a step, natural logarithm. Picked by hand: a screen adds a few per cent to a lit room.
const LEAST_RESPONSE: f32 = 0.012;
/// The median change over its own uncertainty.
const LEAST_CERTAINTY: f32 = 3.0;

/// Light in one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LightSample {
    /// When the frame was taken.
    pub at: Moment,
    /// Level of the screen, or of the exposure commanded, at that time.
    pub level: f32,
    /// Mean code value of the face, 0-255.
    pub face: f32,
    /// The same of what is behind; `None` where too little of it is seen.
    pub background: Option<f32>,
}

/// How steps are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// After a step frames do not show it for so long.
    pub settling: Duration,
    /// Steps needed.
    pub least: usize,
}

/// What the steps showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Response {
    /// Median change of the face's light over the background's at a step up, natural logarithm.
    pub change: f32,
    /// Its standard error.
    pub error: f32,
    /// Steps that were seen whole.
    pub steps: usize,
}

impl Steps {
    /// Measures the answer; `None` when too few steps were seen whole.
    #[must_use]
    pub fn measure(&self, samples: &[LightSample]) -> Option<Response> {
        let changes: Vec<f32> = (1..samples.len()).filter_map(|i| change(samples, i, self.settling)).collect();
        if changes.len() < self.least {
            return None;
        }
        let middle = median(changes.iter().copied());
        // From the median deviation, so that a step during which the head moved does not hide the others.
        let deviation = 1.48 * median(changes.iter().map(|c| (c - middle).abs()));
        let error = 1.25 * deviation / (changes.len() as f32).sqrt();
        Some(Response { change: middle, error, steps: changes.len() })
    }
}

/// Measures the answer to the screen; `None` when too few steps were seen whole.
#[must_use]
pub fn measure(samples: &[LightSample]) -> Option<Response> {
    STEPS.measure(samples)
}

/// Change at the step between samples `i - 1` and `i`, positive where the face follows the screen.
fn change(samples: &[LightSample], i: usize, settling: Duration) -> Option<f32> {
    let (before, after) = (samples.get(i - 1)?, samples.get(i)?);
    let up = after.level - before.level;
    if up.abs() < 1e-3 || after.at <= before.at {
        return None;
    }
    let step = after.at;
    let mean = |chosen: Vec<f32>| (chosen.len() >= LEAST_FRAMES).then(|| chosen.iter().sum::<f32>() / chosen.len() as f32);
    let earlier = samples[..i].iter().rev().take_while(|s| s.level == before.level && s.at + WINDOW >= step);
    let later = samples[i..].iter().take_while(|s| s.level == after.level && s.at <= step + settling + WINDOW);
    let earlier = mean(earlier.filter_map(relative).collect())?;
    let later = mean(later.filter(|s| s.at >= step + settling).filter_map(relative).collect())?;
    Some((later - earlier) * up.signum())
}

/// Logarithm of the face's light over the background's.
fn relative(sample: &LightSample) -> Option<f32> {
    // Code values are about the square root of light.
    let light = |code: f32| (code > 4.0).then(|| 2.0 * (code / 255.0).ln());
    let behind = sample.background.map_or(Some(0.0), light)?;
    let value = light(sample.face)? - behind;
    value.is_finite().then_some(value)
}

/// Judges the samples in the order of time. The value is x / (1 + x), x being the weaker of size and certainty over what is needed, so that
/// 0.5 is the limit. Without an answer that stands out there is none: a bright room is no attack.
#[must_use]
pub fn assess(samples: &[LightSample]) -> PadLayer {
    let layer = |value: Option<f32>, outcome| PadLayer { name: NAME, method: METHOD.to_owned(), value, limit: 0.5, outcome };
    let Some(response) = measure(samples) else { return layer(None, PadOutcome::NonResponse) };
    let certainty = response.change / response.error.max(1e-4);
    let over = (response.change / LEAST_RESPONSE).min(certainty / LEAST_CERTAINTY).max(0.0);
    layer(Some(over / (1.0 + over)), if over >= 1.0 { PadOutcome::BonaFide } else { PadOutcome::NonResponse })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten seconds at 30 frames/s, a step every half second; the face answers by `face`, the wall by `wall`, with a little noise.
    fn samples(face: f32, wall: f32, rate: u64) -> Vec<LightSample> {
        (0..10 * rate)
            .map(|i| {
                let millis = i * 1000 / rate;
                let level = if (millis / 500).is_multiple_of(2) { 0.0 } else { 1.0 };
                // Screens, sensors and queues are late by a frame or two.
                let late = if (millis.saturating_sub(70) / 500).is_multiple_of(2) { 0.0 } else { 1.0 };
                let noise = 0.4 * (i as f32 * 2.399).sin() + 1.5 * (i as f32 * 0.021).sin();
                LightSample {
                    at: Moment::from_millis(millis),
                    level,
                    face: 120.0 * (1.0 + face * late) + noise,
                    background: Some(100.0 * (1.0 + wall * late)),
                }
            })
            .collect()
    }

    #[test]
    fn a_face_before_the_screen_answers_and_a_recording_does_not() {
        for rate in [15, 30] {
            assert_eq!(assess(&samples(0.03, 0.004, rate)).outcome, PadOutcome::BonaFide, "{:?}", measure(&samples(0.03, 0.004, rate)));
            assert_eq!(assess(&samples(0.0, 0.0, rate)).outcome, PadOutcome::NonResponse);
        }
    }

    #[test]
    fn a_camera_that_dims_the_whole_picture_is_no_answer() {
        assert_eq!(assess(&samples(0.03, 0.03, 30)).outcome, PadOutcome::NonResponse, "face and wall alike");
        assert_eq!(assess(&samples(-0.03, 0.0, 30)).outcome, PadOutcome::NonResponse, "the wrong way round");
    }

    #[test]
    fn without_steps_there_is_nothing_to_say() {
        let still: Vec<LightSample> = samples(0.03, 0.0, 30).into_iter().map(|s| LightSample { level: 1.0, ..s }).collect();
        assert_eq!((measure(&still), assess(&still).value), (None, None));
        assert_eq!(assess(&[]).outcome, PadOutcome::NonResponse);
        let dark: Vec<LightSample> = samples(0.03, 0.0, 30).into_iter().map(|s| LightSample { face: 0.0, ..s }).collect();
        assert_eq!(assess(&dark).value, None);
        let backwards: Vec<LightSample> = samples(0.03, 0.0, 30).into_iter().rev().collect();
        assert_eq!(assess(&backwards).outcome, PadOutcome::NonResponse);
    }
}
