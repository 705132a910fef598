//! The consent screen.

pub mod model;
pub mod view;
