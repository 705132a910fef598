//! Resizing and letterboxing.
