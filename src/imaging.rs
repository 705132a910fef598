//! Floor 2: pictures and what is done to their pixels. No face is known here.

pub mod frame;

pub use frame::Frame;
