//! From an aligned face to a template.
