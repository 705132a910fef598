//! The configuration: one TOML text over documented defaults, checked once, every value with its origin.
//!
//! Pure: whoever reads the file hands its text in. Unknown keys are errors, so that a typing mistake in a security setting cannot pass.

mod merge;
mod values;

pub use merge::{ConfigError, Effective, Origin, Setting};
pub use values::{
    BackendChoice, CameraConfig, CaptureConfig, Config, DetailsConfig, FieldConfig, FlowConfig, FlowsConfig, IdentificationConfig,
    InferenceConfig, KeyStoreChoice, KeysConfig, KioskConfig, LivenessConfig, MatchingConfig, ModelsConfig, PadConfig, PadPresetConfig,
    PadPresetName, PadPresets, ThemeChoice, WindowConfig,
};

/// The documented defaults, as TOML.
pub const DEFAULTS: &str = include_str!("../assets/config/defaults.toml");
