//! Inference backends.

pub mod ort;
