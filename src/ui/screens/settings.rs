//! Settings: appearance, match levels, rules of a search, capture profiles with their gates.

mod appearance;
mod decisions;
pub mod draft;
pub mod gates;
pub mod model;
mod profiles;
pub mod view;
