//! The configuration: one TOML text over documented defaults, checked once, every value with its origin.
//!
//! Pure: whoever reads the file hands its text in. Unknown keys are errors, so that a typing mistake in a security setting cannot pass.

mod camera;
mod documents;
mod edit;
mod events;
mod merge;
mod schedule;
mod services;
mod sync;
mod values;

pub use camera::{CameraConfig, PixelLayout, Wanted};
pub use documents::{DocumentsConfig, DocumentsProblem};
pub use edit::{Change, with_changes};
pub use events::{EventsConfig, SignatureEncoding};
pub use merge::{ConfigError, Effective, Origin, Setting, put};
pub use schedule::Schedule;
pub use services::{
    AwareIdConfig, BafConfig, CredentialPlace, DeviceKeyConfig, EndpointConfig, EnvelopeConfig, FacekiConfig, OnboardingConfig,
    OperationOverride, PictureLimits, ServiceHttpConfig, ServicesConfig, TokenConfig, TokenSource, UqudoConfig,
};
pub use sync::{SERVICE_NAMES, SyncConfig};
pub use values::{
    BackendChoice, CaptureConfig, Config, DetailsConfig, FieldConfig, FlowConfig, FlowsConfig, IdentificationConfig, InferenceConfig,
    KeyStoreChoice, KeysConfig, KioskConfig, LivenessConfig, MatchingConfig, ModelsConfig, OpinionsConfig, PadConfig, PadPresetConfig,
    PadPresetName, PadPresets, ThemeChoice, WindowConfig,
};

/// The documented defaults, as TOML.
pub const DEFAULTS: &str = include_str!("../assets/config/defaults.toml");
