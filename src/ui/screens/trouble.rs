//! The trouble screen.

pub mod model;
pub mod view;
