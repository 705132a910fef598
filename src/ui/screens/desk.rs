//! The desk screen.

pub mod model;
pub mod palette;
pub mod status_bar;
pub mod view;
