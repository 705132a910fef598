//! Documents in pictures: the network that reads lines, what a picture holds, and the report about it.

pub mod line_reader;
