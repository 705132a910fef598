//! Delivery to identity services, end to end: outbox, engine, packets, and the fault run.
#![allow(dead_code, reason = "services and people are shared with the benchmark and the fault tests")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on panics, and says which checks ran")]

mod backfill;
mod book;
mod child;
mod delivery;
mod documents;
mod erasure;
mod fault_run;
mod local_twins;
mod look_ups;
mod network;
mod packets;
#[path = "../faults/pages.rs"]
mod pages;
#[path = "../faults/people.rs"]
mod people;
mod schedule;
mod stage;
mod twins;
