//! The rendered subject as a camera before which somebody does what the screen asks: for the demonstration.

use super::reaction::{Reaction, Shown};
use crate::adapters::camera::synthetic::{Renderer, Scenario};
use crate::imaging::Frame;
use crate::ports::camera::{CameraError, CameraFormat, FrameSource, Origin, Pacer, PixelFormat};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

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

/// Plays a scenario whose first subject also looks at the screen.
pub struct ObligingCamera {
    scenario: Scenario,
    renderer: Renderer,
    prompt: Prompt,
    reaction: Reaction,
    random: StdRng,
    pace: Pacer,
    number: u64,
}

impl ObligingCamera {
    /// A camera over a scenario, as [`Scenario::parse`] reads it.
    ///
    /// # Errors
    /// [`CameraError::Unplayable`] when the text is none.
    pub fn open(text: &str, prompt: Prompt, pace: Pacer) -> Result<Self, CameraError> {
        let scenario =
            Scenario::parse(text).map_err(|e| CameraError::Unplayable { what: format!("synthetic:{text}"), reason: e.to_string() })?;
        let mut renderer = Renderer::empty(scenario.size);
        for person in &scenario.people {
            renderer.add(person);
        }
        let random = StdRng::seed_from_u64(scenario.people.first().map_or(0, |p| p.seed()));
        Ok(Self { scenario, renderer, prompt, reaction: Reaction::default(), random, pace, number: 0 })
    }
}

impl FrameSource for ObligingCamera {
    fn format(&self) -> CameraFormat {
        let size = self.renderer.size();
        CameraFormat { pixels: PixelFormat::Rgb, width: size.width, height: size.height, rate: self.scenario.rate }
    }

    fn origin(&self) -> Origin {
        Origin::Practice
    }

    fn next_frame(&mut self) -> Result<Frame, CameraError> {
        if self.number > 0 {
            (self.pace)(Duration::from_secs_f32(1.0 / self.scenario.rate));
        }
        let seconds = (self.number as f64 / f64::from(self.scenario.rate)) as f32;
        let mut states = self.scenario.states(seconds);
        self.reaction.look(self.prompt.get(), seconds, &mut self.random);
        if let Some(first) = states.first_mut() {
            self.reaction.apply(first, seconds);
        }
        let rendered = self.renderer.render_all(&states, &self.scenario.scene, self.number);
        self.number += 1;
        Ok(rendered.frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::challenge::gesture::Gesture;

    fn frames(prompt: &Prompt, ask: Option<Gesture>) -> Vec<Frame> {
        let mut camera = ObligingCamera::open("still,width=160", prompt.clone(), Box::new(|_| ())).unwrap();
        prompt.set(Shown { challenge: true, gesture: ask.map(|g| (0, g)) });
        (0..30).map(|_| camera.next_frame().unwrap()).collect()
    }

    #[test]
    fn the_subject_moves_when_asked_and_only_then() {
        let difference = |a: &Frame, b: &Frame| a.bytes().iter().zip(b.bytes()).filter(|(a, b)| a.abs_diff(**b) > 24).count();
        let idle = frames(&Prompt::default(), None);
        let asked = frames(&Prompt::default(), Some(Gesture::TurnLeft));
        assert!(difference(&idle[25], &asked[25]) > 4 * difference(&idle[25], &idle[0]).max(50));
        assert_eq!(idle[0].bytes(), asked[0].bytes(), "nobody reacts at once");
        assert!(ObligingCamera::open("dancing", Prompt::default(), Box::new(|_| ())).is_err());
    }
}
