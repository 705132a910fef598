//! Floor 3: identity documents – machine-readable zones, barcodes of licences, what they claim and whether it holds together.
//!
//! Nothing here opens a file, reads a clock or runs a network: pictures, characters, payload bytes and today's date come in, typed fields,
//! findings and decisions go out. Only [`zone`] and [`picture`] look at pixels; the network that reads lines is handed in. What a document
//! says about a person stays out of every `Debug`.

pub mod aamva;
pub mod barcode;
pub mod checks;
pub mod chip;
pub mod dates;
pub mod document_type;
pub mod mrz;
pub mod names;
pub mod picture;
pub mod portrait;
pub mod remarks;
pub mod signature;
pub mod states;
pub mod typed;
pub mod zone;
