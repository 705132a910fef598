//! A file per fault: what happens when camera, disk, gallery, model or clock fail.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on panics, and says which checks ran")]

mod camera_lost;
mod clock_jump;
mod desk;
mod disk_full;
mod documents;
mod endings;
mod erasure;
mod events;
mod gallery_locked;
mod hooked;
mod model_corrupt;
mod opinions;
mod pages;
mod people;
mod power_loss;
#[path = "../said.rs"]
mod said;
mod stage;

#[path = "../tiny_pack.rs"]
mod tiny_pack;
mod worker_lost;
