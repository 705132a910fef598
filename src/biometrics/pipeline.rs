//! From a frame to an observation, and from a chosen picture to a template.
