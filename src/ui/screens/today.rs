//! The today screen.

pub mod model;
pub mod view;
