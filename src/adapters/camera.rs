//! Frame sources: physical webcams, recordings and the synthetic subject.

pub mod nokhwa;
pub mod replay;
pub mod synthetic;
