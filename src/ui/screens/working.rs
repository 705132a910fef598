//! The working screen.

pub mod model;
pub mod view;
