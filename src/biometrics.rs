//! Floor 3: what is known about faces. Pure: no file, clock, socket, thread, window or database.

pub mod comparison;
pub mod detection;
pub mod identification;
pub mod landmarks;
pub mod model;
pub mod observation;
pub mod pad;
pub mod pose;
pub mod quality;
pub mod template;
