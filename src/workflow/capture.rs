//! Autocapture: from positioning to one good picture.

pub mod event;
