//! Documents in pictures: where they lie, flattened, and how good the picture of them is.
//!
//! ```text
//! frame ─▶ edges ─▶ lines ─▶ candidates ─▶ refine ─▶ likelihood ─▶ Found { corners, form, confidence }
//!      (reduced picture)  (four lines each) (full size)      ├─▶ rectify ─▶ a flat picture at 10 or 12 px/mm
//!                                                            ├─▶ measures ─▶ light, glare, sharpness, tilt
//!                                                            └─▶ copies, alterations ─▶ signs of a screen, a photocopy, somebody's work
//! ```
//!
//! No network is needed for any of it: a document is a rectangle of known proportions, and its sides are straight edges.

pub mod alterations;
mod candidates;
mod completion;
pub mod copies;
mod edges;
mod find;
mod form;
mod likelihood;
mod lines;
mod look;
pub mod measures;
pub mod quad;
pub mod rectify;
mod refine;

pub use find::{Found, LEAST_CONFIDENCE, find};
pub use form::PageForm;
pub use look::Look;
pub use measures::{Measures, measure};
pub use quad::Quad;
pub use rectify::{Turn, rectify, rectify_area};
