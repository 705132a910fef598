//! The details screen.

pub mod model;
pub mod view;
