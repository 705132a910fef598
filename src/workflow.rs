//! Floor 5: what happens in which order. Pure state machines with injected time; no clock, file, socket, thread or window.

pub mod admission;
pub mod capture;
pub mod capture_profile;
pub mod challenge;
pub mod device_health;
pub mod document_capture;
pub mod flow;
pub mod guidance;
pub mod input;
pub mod registration_code;
pub mod roi;
#[cfg(test)]
mod scripted;
pub mod sync;
pub mod timeline;
pub mod view;
