//! The rendered subject as a camera before which somebody does what the screen asks: for the demonstration.

use super::reaction::{Reaction, Shown};
use crate::adapters::camera::synthetic::{Scenario, SubjectState, SyntheticSource};
use crate::ports::camera::{CameraError, Pacer};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::sync::{Arc, Mutex, PoisonError};

/// What the subject sees on the screen. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Prompt(Arc<Mutex<Shown>>);

impl Prompt {
    /// Shows something else.
    pub fn set(&self, shown: Shown) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    fn get(&self) -> Shown {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A camera over a scenario, as [`Scenario::parse`] reads it, whose first subject also looks at the screen.
///
/// # Errors
/// [`CameraError::Unplayable`] when the text is none.
pub fn obliging_camera(text: &str, prompt: Prompt, pace: Pacer) -> Result<SyntheticSource, CameraError> {
    let scenario =
        Scenario::parse(text).map_err(|e| CameraError::Unplayable { what: format!("synthetic:{text}"), reason: e.to_string() })?;
    let mut random = StdRng::seed_from_u64(scenario.people.first().map_or(0, |p| p.seed()));
    let mut reaction = Reaction::default();
    let look = move |states: &mut [SubjectState], seconds: f32| {
        reaction.look(prompt.get(), seconds, &mut random);
        if let Some(first) = states.first_mut() {
            reaction.apply(first, seconds);
        }
    };
    Ok(SyntheticSource::play(scenario, pace).directed(Box::new(look)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::Frame;
    use crate::ports::camera::FrameSource as _;
    use crate::workflow::challenge::gesture::Gesture;

    fn frames(prompt: &Prompt, ask: Option<Gesture>) -> Vec<Frame> {
        let mut camera = obliging_camera("still,width=160", prompt.clone(), Box::new(|_| ())).unwrap();
        prompt.set(Shown { challenge: true, gesture: ask.map(|g| (0, g)), ..Shown::default() });
        (0..30).map(|_| camera.next_frame().unwrap()).collect()
    }

    #[test]
    fn the_simulated_camera_takes_commands_for_its_exposure() {
        let mut camera = obliging_camera("still,width=160,noise=0", Prompt::default(), Box::new(|_| ())).unwrap();
        let mut mean = |stops: Option<f32>| {
            camera.expose(stops).unwrap();
            let frame = camera.next_frame().unwrap();
            frame.bytes().iter().map(|v| f64::from(*v)).sum::<f64>() / frame.bytes().len() as f64
        };
        let (own, bright, dark, given_back) = (mean(None), mean(Some(0.15)), mean(Some(-0.15)), mean(None));
        assert!(bright > 1.03 * own && dark < 0.97 * own, "{dark} {own} {bright}");
        assert!((own - given_back).abs() < 0.5, "{own} {given_back}");
        assert!(camera.takes_exposure());
    }

    #[test]
    fn the_subject_moves_when_asked_and_only_then() {
        let difference = |a: &Frame, b: &Frame| a.bytes().iter().zip(b.bytes()).filter(|(a, b)| a.abs_diff(**b) > 24).count();
        let idle = frames(&Prompt::default(), None);
        let asked = frames(&Prompt::default(), Some(Gesture::TurnLeft));
        assert!(difference(&idle[25], &asked[25]) > 4 * difference(&idle[25], &idle[0]).max(50));
        assert_eq!(idle[0].bytes(), asked[0].bytes(), "nobody reacts at once");
        assert!(obliging_camera("dancing", Prompt::default(), Box::new(|_| ())).is_err());
    }
}
