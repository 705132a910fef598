//! Documents in pictures: looked for in live frames, captured, cut out, read, decided about, and the report about it.

pub mod answer;
pub mod chip;
pub mod desk;
pub mod duplicate;
mod faults;
pub mod gathered;
pub mod line_reader;
pub mod matching;
pub mod pages;
pub mod private_file;
pub mod reading;
pub mod report;
pub mod session;
pub mod typed;
pub mod watch;
