//! One folder per screen: `model.rs` says what is shown (no egui), `view.rs` draws it.

pub mod attract;
pub mod challenge;
pub mod consent;
pub mod desk;
pub mod details;
pub mod devices;
pub mod document;
pub mod face;
pub mod gallery;
pub mod identify;
pub mod result;
pub mod review;
pub mod services;
pub mod settings;
pub mod start;
pub mod sync;
pub mod today;
pub mod trouble;
pub mod verify_id;
pub mod working;
