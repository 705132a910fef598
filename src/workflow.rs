//! Floor 5: what happens in which order. Pure state machines with injected time; no clock, file, socket, thread or window.

pub mod input;
pub mod view;
