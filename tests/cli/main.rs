//! The command line from outside: exit codes, JSON, bad input. Runs the built program as a user would.
#![allow(clippy::print_stdout, reason = "says which checks ran")]

mod answers;
mod bad_input;
mod chip;
mod document_capture;
mod documents;
mod events;
mod flows;
mod pad;
mod program;
mod remote;
mod sync;
#[path = "../tiny_pack.rs"]
mod tiny_pack;
mod transfer;
