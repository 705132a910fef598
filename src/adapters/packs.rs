//! Model packs on disk: finding, verifying, loading, installing.

pub mod embedded;
mod error;
mod store;

pub use error::PackError;
pub use store::{ModelCheck, PackLocation, PackStore, PackSummary};
