//! Screens as pictures, without a display.

mod pictures;
