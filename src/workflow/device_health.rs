//! Loss and recovery of the camera as states.
