//! The decision about a document: everything on one page, every check opens.

pub mod model;
pub mod view;
