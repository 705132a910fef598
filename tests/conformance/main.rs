//! Published and measured values against ours; needs the reference data for some of them and says so.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helper functions of tests fail by panicking and say which data they ran on")]

mod backends;
mod exposure;
mod glasses;
mod packs;
mod quality;
mod reference;
#[path = "../said.rs"]
mod said;
mod synthetic;
mod vision;

#[path = "../tiny_pack.rs"]
mod tiny_pack;
