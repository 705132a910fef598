//! The drill: rendered people and rendered attacks before the whole capture flow, with the real networks and the real state machines, in
//! simulated time. The same seed gives the same presentations.
//!
//! Every presentation is seen by three flows at once, which take in the very same frames:
//!
//! | Flow | Layers in force | Tells |
//! | --- | --- | --- |
//! | control | none | whether it would have got through at all |
//! | open | all but `passive`, which is only noted | what each layer says by itself |
//! | full | all | the decision |

pub mod eyes;
pub mod obliging;
pub mod performer;
pub mod presentation;
pub mod reaction;
pub mod report;
pub mod species;
mod swap;

use crate::biometrics::pad::rules::PadRules;
use crate::config::LivenessConfig;
use crate::geometry::Size;
use crate::workflow::capture_profile::CaptureProfile;
use eyes::Eyes;
use presentation::{Presented, present, studio};
use species::Species;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Presentations by species and number.
pub type Results = HashMap<(Species, usize), Presented>;

/// What is played.
#[derive(Debug, Clone)]
pub struct DrillPlan {
    /// Draws people, rooms, reactions and sequences.
    pub seed: u64,
    /// Presentations of genuine people, and of every species.
    pub presentations: usize,
    /// In one of so many presentations of a species every layer is heard, whatever the earlier ones said; at least 1.
    pub heard_every: usize,
    /// Species played beside the genuine people.
    pub species: Vec<Species>,
    /// Size of the simulated camera's frames.
    pub size: Size,
    /// Its frames a second.
    pub rate: f32,
    /// The capture profile; one attempt, no retry.
    pub profile: Arc<CaptureProfile>,
    /// The PAD preset.
    pub rules: PadRules,
    /// The challenge's configuration.
    pub liveness: LivenessConfig,
}

/// Why a drill came to no end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrillError {
    /// A network failed.
    #[error("the networks failed during the drill ({code})")]
    Networks {
        /// Support code.
        code: &'static str,
    },
    /// A worker ended without an answer.
    #[error("a worker of the drill has stopped")]
    WorkerLost,
    /// What was played could not be noted down.
    #[error("the drill's record cannot be written: {reason}")]
    Unwritable {
        /// What the system said.
        reason: String,
    },
}

/// What is told of every presentation that has been played.
pub type Played<'a> = &'a (dyn Fn(Species, usize, &Presented) -> Result<(), DrillError> + Sync);

impl crate::advice::Advised for DrillError {
    fn advice(&self) -> crate::advice::Advice {
        use crate::advice::Advice;
        match self {
            Self::Networks { .. } => Advice::environment("MOD-30", "Run `visavis models verify`, then the drill again."),
            Self::Unwritable { .. } => Advice::environment("SYS-31", "Name a file in a folder that exists and can be written."),
            Self::WorkerLost => Advice::environment("SYS-30", "Run the drill again, with fewer workers if memory is short."),
        }
    }
}

impl DrillPlan {
    /// What every person is played as: in person, then by every species.
    fn roles(&self) -> Vec<Species> {
        std::iter::once(Species::Genuine).chain(self.species.iter().copied().filter(|s| *s != Species::Genuine)).collect()
    }

    /// Every presentation of the plan, in its order.
    pub fn jobs(&self) -> impl Iterator<Item = (Species, usize)> {
        let numbers = self.presentations;
        self.roles().into_iter().flat_map(move |species| (0..numbers).map(move |number| (species, number)))
    }

    /// What decides how the presentations of a number turn out, besides the networks: two plans that say the same here may share results.
    #[must_use]
    pub fn conditions(&self) -> String {
        let Self { seed, presentations: _, heard_every, species: _, size, rate, profile, rules, liveness } = self;
        format!("seed {seed}, heard every {heard_every}, {size} at {rate}/s, {profile:?}, {rules:?}, {liveness:?}")
    }

    /// Plays everything that is not `known` from an earlier run, one worker thread for each of `workers`. The results are in the order of the
    /// plan whatever the number of workers.
    ///
    /// - `played`: called by the workers after every presentation.
    ///
    /// # Errors
    /// [`DrillError`].
    pub fn play(&self, workers: Vec<Eyes>, mut known: Results, played: Played<'_>) -> Result<Vec<(Species, Presented)>, DrillError> {
        let roles = self.roles();
        let next = AtomicUsize::new(0);
        let before = &known;
        let work = |mut eyes: Eyes| {
            let mut done = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.presentations {
                    break;
                }
                let mut missing = roles.iter().filter(|species| !before.contains_key(&(**species, number))).peekable();
                if missing.peek().is_none() {
                    continue;
                }
                // Modelling a person takes as long as a second of film: once for all that is played of them.
                let mut studio = studio(self, number);
                for species in missing {
                    let presented = present(self, *species, number, &mut studio, &mut eyes)?;
                    played(*species, number, &presented)?;
                    done.push(((*species, number), presented));
                }
            }
            Ok::<_, DrillError>(done)
        };
        let parts: Vec<_> = std::thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> = workers
                .into_iter()
                .enumerate()
                .map(|(n, eyes)| {
                    std::thread::Builder::new()
                        .name(format!("drill-{n}"))
                        .spawn_scoped(scope, move || work(eyes))
                        .map_err(|_| DrillError::WorkerLost)
                })
                .collect();
            threads.into_iter().map(|t| t.and_then(|t| t.join().unwrap_or(Err(DrillError::WorkerLost)))).collect()
        });
        for part in parts {
            known.extend(part?);
        }
        self.jobs().map(|job| Ok((job.0, known.remove(&job).ok_or(DrillError::WorkerLost)?))).collect()
    }
}
