//! Screens: by role and label, and as pictures.

mod pictures;
