//! Autocapture: from positioning to one good picture.
