//! One folder per screen: `model.rs` says what is shown (no egui), `view.rs` draws it.

pub mod attract;
pub mod consent;
pub mod details;
pub mod face;
pub mod identify;
pub mod result;
pub mod review;
pub mod trouble;
pub mod working;
