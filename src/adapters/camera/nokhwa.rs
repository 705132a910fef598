//! Physical webcams through nokhwa.
