//! The flows: enrol, authenticate, re-enrol, identify.

pub mod event;
