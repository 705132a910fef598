//! One folder per screen: `model.rs` says what is shown (no egui), `view.rs` draws it.

pub mod attract;
pub mod face;
