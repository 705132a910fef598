//! Published and measured values against ours; needs the reference data for some of them and says so.

mod backends;
mod exposure;
mod packs;
mod quality;
mod reference;
mod synthetic;
mod vision;

#[path = "../tiny_pack.rs"]
mod tiny_pack;
