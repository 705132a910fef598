//! Inference backends: ONNX Runtime where its library is found, the pure-Rust backend otherwise.

mod graph;
pub mod library;
pub mod ort;

pub use ort::{Backend, InferenceOptions, OrtInference};
