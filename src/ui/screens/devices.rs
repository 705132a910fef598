//! The devices screen.

pub mod model;
pub mod view;
