//! Documents in pictures: the network that reads lines, what a picture holds, what follows from it, and the report about it.

pub mod answer;
pub mod desk;
pub mod line_reader;
pub mod matching;
pub mod reading;
pub mod report;
pub mod typed;
