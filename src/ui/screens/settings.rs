//! The settings screen.

pub mod model;
pub mod view;
