//! Screens: by role and label, for their layout, as pictures, and over the running application.
#![allow(dead_code, reason = "people are shared with the fault tests")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on panics, and says which checks ran")]

mod accessibility;
mod desk;
mod documents;
mod kiosk;
mod layout;
mod live;
#[path = "../faults/people.rs"]
mod people;
mod pictures;
mod settings;
mod stage;
mod transfer;
