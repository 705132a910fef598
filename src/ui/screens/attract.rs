//! The attract screen.

pub mod model;
pub mod view;
