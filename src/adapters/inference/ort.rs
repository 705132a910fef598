//! ONNX Runtime loaded at run time where it is found, the pure-Rust backend otherwise.
