//! The result screen.

pub mod model;
pub mod opinions;
pub mod view;
