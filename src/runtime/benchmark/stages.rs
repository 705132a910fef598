//! Times the stages between a frame and a template on this machine.

use crate::biometrics::detection::{DetectorSettings, FaceDetection};
use crate::biometrics::pack::Role;
use crate::biometrics::pipeline::{FacePipeline, ObserveOptions, PipelineError};
use crate::imaging::Frame;
use crate::runtime::clock::{Clock as _, SystemClock};
use serde::Serialize;

/// One step that can be timed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Finding faces.
    Detector,
    /// Dense landmarks of one face.
    Landmarks,
    /// Head pose of one face.
    Pose,
    /// Live quality components of one face.
    Quality,
    /// Presentation attack detection of one face.
    Pad,
    /// Aligning and embedding one face.
    Recogniser,
    /// A live frame: detector, landmarks, pose and quality.
    Pipeline,
    /// A picture to a template: detector and recogniser.
    Template,
}

impl Stage {
    /// In the order in which a frame passes them.
    pub const ALL: [Self; 8] =
        [Self::Detector, Self::Landmarks, Self::Pose, Self::Quality, Self::Pad, Self::Recogniser, Self::Pipeline, Self::Template];

    const fn needs(self) -> Option<Role> {
        match self {
            Self::Landmarks => Some(Role::Landmarks),
            Self::Pad => Some(Role::Pad),
            Self::Recogniser | Self::Template => Some(Role::Recogniser),
            Self::Detector | Self::Pose | Self::Quality | Self::Pipeline => None,
        }
    }
}

/// One stage, timed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StageTiming {
    /// Which stage.
    pub stage: Stage,
    /// Fastest run, milliseconds.
    pub best_ms: f64,
    /// Median run, milliseconds.
    pub median_ms: f64,
    /// Runs counted.
    pub rounds: usize,
}

/// Runs that warm up and are not counted.
const WARM_UP: usize = 3;

/// Times stages on one picture; those that the pack has no network for are left out.
///
/// - `assumed`: the face to work on where the detector finds none, so that every pack can be timed.
///
/// # Errors
/// [`PipelineError`] when a network fails.
pub fn time_stages(
    pipeline: &mut FacePipeline,
    frame: &Frame,
    assumed: &FaceDetection,
    stages: &[Stage],
    rounds: usize,
) -> Result<Vec<StageTiming>, PipelineError> {
    let settings = DetectorSettings::default();
    let faces = match pipeline.detect(frame, &settings)? {
        found if found.is_empty() => vec![*assumed],
        found => found,
    };
    let face = faces[0];
    let shape = pipeline.landmarks(frame, &face)?;
    let pose = pipeline.pose(frame, &face)?;
    let options = ObserveOptions::default();
    let clock = SystemClock::start();
    let mut timings = Vec::new();
    for stage in stages.iter().copied() {
        if stage.needs().is_some_and(|role| !pipeline.has(role)) {
            continue;
        }
        let mut once = || -> Result<(), PipelineError> {
            match stage {
                Stage::Detector => drop(pipeline.detect(frame, &settings)?),
                Stage::Landmarks => drop(pipeline.landmarks(frame, &face)?),
                Stage::Pose => drop(pipeline.pose(frame, &face)?),
                Stage::Quality => drop(pipeline.quality(frame, &faces, &face, shape.as_ref(), pose, options.quality)),
                Stage::Pad => drop(pipeline.pad(frame, &face)?),
                Stage::Recogniser => drop(pipeline.embed(frame, &face)?),
                Stage::Pipeline => drop(pipeline.observe(frame, 0, &options, &|| clock.now())?),
                Stage::Template => {
                    let found = pipeline.detect(frame, &settings)?;
                    drop(pipeline.embed(frame, found.first().unwrap_or(&face))?);
                }
            }
            Ok(())
        };
        let mut times = Vec::with_capacity(rounds);
        for round in 0..rounds.max(1) + WARM_UP {
            let begun = clock.now();
            once()?;
            if round >= WARM_UP {
                times.push(clock.now().since(begun).as_secs_f64() * 1e3);
            }
        }
        times.sort_by(f64::total_cmp);
        timings.push(StageTiming { stage, best_ms: times[0], median_ms: times[times.len() / 2], rounds: times.len() });
    }
    Ok(timings)
}
