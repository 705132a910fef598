//! The gallery screen.

pub mod drawer;
pub mod erase;
pub mod model;
pub mod transfer;
mod transfer_view;
pub mod view;
