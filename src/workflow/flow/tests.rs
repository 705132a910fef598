//! Flows on scripted events, and under any sequence of them.
