//! Finds a machine-readable zone in a picture without being told where, cuts its lines out and reads them.
//!
//! [`search::find`] looks at the picture at several sizes and turns; [`ridges`] finds rows of text, [`mod@line`] measures and straightens them,
//! [`grouping`] puts two or three together, the caller's network reads them, [`decode`] turns its columns into characters, and
//! [`crate::documents::mrz`] says what they mean. On a page that was flattened, [`standard`] says where the lines must be. The network stays with the caller: nothing here knows how it is run.

pub mod decode;
pub mod fragments;
pub mod grouping;
pub mod line;
pub mod pyramid;
pub mod ridges;
pub mod search;
pub mod standard;

#[cfg(test)]
mod tests;
