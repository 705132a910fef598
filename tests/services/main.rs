//! The clients of the identity services against small servers of their own: trust, meaning of replies, tokens, decoders.
#![allow(dead_code, reason = "people are shared with the fault tests")]
#![allow(clippy::unwrap_used, reason = "people are shared with the fault tests")]

mod decoders;
mod delivery;
mod events;
mod meaning;
#[path = "../faults/people.rs"]
mod people;
mod request_bodies;
mod requests;
mod secrecy;
mod server;
mod stage;
mod tls;
mod tokens;
