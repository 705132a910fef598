//! The start screen.

pub mod model;
pub mod view;
