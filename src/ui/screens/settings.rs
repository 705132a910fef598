//! Settings: appearance, match levels, rules of a search, what is demanded of documents, capture profiles with their gates.

mod appearance;
mod decisions;
pub mod demands;
mod documents;
pub mod draft;
pub mod gates;
pub mod model;
mod profiles;
pub mod view;
