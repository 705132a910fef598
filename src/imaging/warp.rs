//! Affine sampling of a frame.
