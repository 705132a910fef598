//! Floor 5: the outside world, one foreign crate per adapter. Adapters never import each other.

pub mod audit;
pub mod barcode;
pub mod camera;
pub mod chip;
pub mod gallery;
pub mod inference;
pub mod keys;
pub mod packs;
pub mod sealed;
pub mod services;
pub mod twin;
