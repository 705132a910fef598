//! Model packs on disk: finding, verifying, loading, installing.

mod download;
pub mod embedded;
mod error;
mod install;
mod measured;
mod open;
mod store;

pub use error::PackError;
pub use install::{InstallError, Installed, Origin, Progress};
pub use measured::{CalibrationFileError, MeasuredCalibrations};
pub use open::{PublishedModel, PublishedPack};
pub use store::{ModelCheck, PackLocation, PackStore, PackSummary};
