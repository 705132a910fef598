//! The synthetic subject as a camera.

use super::renderer::Renderer;
use super::scenario::Scenario;
use super::state::{GroundTruth, SubjectState};
use crate::imaging::Frame;
use crate::ports::camera::{CameraError, CameraFormat, FrameSource, Origin, Pacer, PixelFormat};
use std::time::Duration;

/// Changes the subjects' states of the moment, given in seconds.
pub type Direction = Box<dyn FnMut(&mut [SubjectState], f32) + Send>;

/// Plays a scenario. Its time is the number of frames over the rate, so that the same scenario gives the same frames at any speed.
pub struct SyntheticSource {
    direction: Option<Direction>,
    scenario: Scenario,
    renderer: Renderer,
    pace: Pacer,
    number: u64,
    truth: Vec<GroundTruth>,
}

impl SyntheticSource {
    /// Models the subjects of a scenario, as [`Scenario::parse`] reads it.
    ///
    /// - `pace`: called before every frame but the first with the time the previous one stays.
    ///
    /// # Errors
    /// [`CameraError::Unplayable`] with the list of scenarios when the text is none.
    pub fn open(text: &str, pace: Pacer) -> Result<Self, CameraError> {
        let scenario =
            Scenario::parse(text).map_err(|e| CameraError::Unplayable { what: format!("synthetic:{text}"), reason: e.to_string() })?;
        Ok(Self::play(scenario, pace))
    }

    /// Models the subjects of a scenario that was read before.
    #[must_use]
    pub fn play(scenario: Scenario, pace: Pacer) -> Self {
        let mut renderer = Renderer::empty(scenario.size);
        for person in &scenario.people {
            renderer.add(person);
        }
        Self { scenario, renderer, pace, number: 0, truth: Vec::new(), direction: None }
    }

    /// The same with somebody who tells the subjects what to do beyond the scenario.
    #[must_use]
    pub fn directed(self, direction: Direction) -> Self {
        Self { direction: Some(direction), ..self }
    }

    /// The truth of the frame delivered last, one entry per subject.
    #[must_use]
    pub fn truth(&self) -> &[GroundTruth] {
        &self.truth
    }
}

impl FrameSource for SyntheticSource {
    fn format(&self) -> CameraFormat {
        let size = self.renderer.size();
        CameraFormat { pixels: PixelFormat::Rgb, width: size.width, height: size.height, rate: self.scenario.rate }
    }

    fn origin(&self) -> Origin {
        Origin::Practice
    }

    fn takes_exposure(&self) -> bool {
        true
    }

    fn expose(&mut self, stops: Option<f32>) -> Result<(), CameraError> {
        self.renderer.set_exposure(stops.unwrap_or(0.0));
        Ok(())
    }

    fn next_frame(&mut self) -> Result<Frame, CameraError> {
        if self.number > 0 {
            (self.pace)(Duration::from_secs_f32(1.0 / self.scenario.rate));
        }
        // Doubles keep the moment exact over days of running.
        let seconds = (self.number as f64 / f64::from(self.scenario.rate)) % 86_400.0;
        let mut states = self.scenario.states(seconds as f32);
        if let Some(direct) = &mut self.direction {
            direct(&mut states, seconds as f32);
        }
        let rendered = self.renderer.render_all(&states, &self.scenario.scene, self.number);
        self.number += 1;
        self.truth = rendered.truth;
        Ok(rendered.frame)
    }
}
