//! Floor 2: pictures and what is done to their pixels. No face is known here.

pub mod decode;
pub mod encode;
pub mod frame;
pub mod luminance;
pub mod perspective;
pub mod pixels;
pub mod resize;
pub mod statistics;
pub mod warp;

pub use frame::Frame;
