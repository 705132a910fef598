//! Who runs networks.

use crate::advice::{Advice, Advised};
use crate::biometrics::model::Model;

/// Which backend serves, for `doctor` and `bench`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BackendDescription {
    /// `onnxruntime` or `tract`.
    pub name: &'static str,
    /// Version as the library states it.
    pub version: String,
    /// Where the library was found; `None` for the built-in backend.
    pub library: Option<std::path::PathBuf>,
    /// Threads one run uses.
    pub threads: usize,
}

impl std::fmt::Display for BackendDescription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}, {} thread(s)", self.name, self.version, self.threads)
    }
}

/// Why a model could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InferenceError {
    /// The backend does not accept the model.
    #[error("the model {model} cannot be loaded: {reason}")]
    Unloadable {
        /// Model identifier.
        model: String,
        /// The backend's words.
        reason: String,
    },
    /// No backend could be started.
    #[error("no inference backend could be started: {reason}")]
    NoBackend {
        /// Why.
        reason: String,
    },
}

impl Advised for InferenceError {
    fn advice(&self) -> Advice {
        match self {
            Self::Unloadable { .. } => {
                Advice::environment("MOD-11", "Run `visavis models verify`; install the pack again if it reports a fault.")
            }
            Self::NoBackend { .. } => Advice::environment("MOD-12", "Run `visavis doctor` to see which libraries were tried."),
        }
    }
}

/// Loads networks.
pub trait Inference: Send + Sync {
    /// The backend that serves this process.
    fn backend(&self) -> BackendDescription;

    /// Loads a network from bytes whose hash was verified already.
    ///
    /// # Errors
    /// [`InferenceError::Unloadable`] when the backend refuses it.
    fn load(&self, model: &str, onnx: &[u8]) -> Result<Box<dyn Model>, InferenceError>;
}
