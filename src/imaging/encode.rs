//! Frames to JPEG and PNG.
