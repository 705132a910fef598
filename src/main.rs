//! Visavis: parse arguments, build the parts, run.

fn main() {}
