//! The face screen.

pub mod model;
pub mod view;
