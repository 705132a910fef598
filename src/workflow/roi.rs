//! The region of interest of a capture profile in a frame.
