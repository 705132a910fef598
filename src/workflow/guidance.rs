//! One instruction at a time, and the smallest move that would help.
