//! The identify screen.

pub mod model;
pub mod view;
