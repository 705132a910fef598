//! The review screen.

pub mod model;
pub mod view;
