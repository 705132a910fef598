//! The flows: enrol, authenticate, re-enrol, identify.
