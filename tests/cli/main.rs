//! The command line from outside: exit codes, JSON, bad input. Runs the built program as a user would.

mod alike;
mod answers;
mod bad_input;
mod cameras;
mod chip;
mod document_capture;
mod documents;
mod events;
mod flows;
mod models;
mod pad;
mod program;
mod remote;
#[path = "../said.rs"]
mod said;
mod sync;
#[path = "../tiny_pack.rs"]
mod tiny_pack;
mod transfer;
mod window;
