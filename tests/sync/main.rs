//! Delivery to identity services, end to end: outbox, engine, packets, and the fault run.
#![allow(dead_code, reason = "services and people are shared with the benchmark and the fault tests")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on panics, and says which checks ran")]

mod book;
mod delivery;
mod erasure;
mod fault_run;
mod network;
mod packets;
#[path = "../faults/pages.rs"]
mod pages;
#[path = "../faults/people.rs"]
mod people;
mod stage;
mod twins;
