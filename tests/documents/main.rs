//! Machine-readable zones and barcodes of licences: the case tables of the reference data, own cases, and properties.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helper functions of tests fail by panicking and say which data they ran on")]

mod aamva_cases;
mod barcode_pictures;
mod chip;
mod fuzz;
mod mrz_cases;
mod mrz_properties;
mod picture;
mod pictures;
mod practice;
mod reference;
#[path = "../said.rs"]
mod said;
