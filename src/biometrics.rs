//! Floor 3: what is known about faces. Pure: no file, clock, socket, thread, window or database.

pub mod alignment;
pub mod comparison;
pub mod detection;
pub mod evaluation;
pub mod identification;
pub mod landmarks;
pub mod model;
pub mod observation;
pub mod pack;
pub mod pad;
pub mod pipeline;
pub mod pose;
pub mod quality;
pub mod recogniser;
pub mod template;
