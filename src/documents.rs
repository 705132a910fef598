//! Floor 3: identity documents – machine-readable zones, barcodes of licences, what they claim and whether it holds together.
//!
//! Nothing here opens a file or reads a clock: characters, payload bytes, pictures and today's date come in, typed fields, findings and
//! decisions go out. What a document says about a person stays out of every `Debug`. Only `picture` looks at pixels.

pub mod aamva;
pub mod barcode;
pub mod checks;
pub mod dates;
pub mod document_type;
pub mod mrz;
pub mod names;
pub mod picture;
pub mod states;
