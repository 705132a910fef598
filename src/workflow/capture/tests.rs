//! The autocapture on scripted faces, and under any sequence of events.
