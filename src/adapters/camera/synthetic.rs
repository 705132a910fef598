//! The synthetic subject: a rendered face with commanded identity, pose, expression, distance and light, and the truth with it.
//!
//! It stands in for a camera in practice mode, and it is the ground truth for guidance, quality and liveness: a human head in three
//! dimensions before a pinhole camera, drawn on the processor alone, the same bytes for the same calls.

mod anatomy;
mod attack;
mod background;
mod body;
mod detail;
pub mod document;
mod expression;
mod eyes;
mod face;
mod glasses;
mod hair;
mod head;
mod identity;
mod light;
mod mesh;
mod mouth;
mod random;
mod raster;
mod renderer;
mod scenario;
mod sensor_noise;
mod sitter;
mod skin;
mod source;
mod state;
mod truth;
mod vector;
mod view;

pub use identity::{Beard, Glasses, HairStyle, SubjectIdentity};
pub use light::Light;
pub use renderer::{HORIZONTAL_FOV_DEG, Renderer, portrait};
pub use scenario::{Scenario, ScenarioError, scenarios};
pub use source::{Direction, SyntheticSource};
pub use state::{Background, GroundTruth, Presentation, Rendered, Scene, SubjectState};
