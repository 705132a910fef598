//! Five-point alignment to the recogniser's canonical pose.
