//! Screens: by role and label, for their layout, and as pictures.

mod desk;
mod kiosk;
mod layout;
mod pictures;
mod settings;
mod stage;
mod transfer;
