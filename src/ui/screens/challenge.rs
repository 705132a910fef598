//! The liveness challenge: one movement at a time, drawn so that nobody needs to read.

pub mod model;
pub mod view;
