//! The result screen.

pub mod model;
pub mod view;
