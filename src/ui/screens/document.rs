//! An identity document is laid under the camera, or a scan of it opened.

pub mod model;
mod overlay;
pub mod stated;
pub mod view;
