//! Benchmark: stages.

fn main() {}
