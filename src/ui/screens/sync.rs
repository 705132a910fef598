//! The sync screen: how delivery to each service goes, the queue with each record's history, and delivery by hand.

pub mod decide;
pub mod drawer;
pub mod model;
pub mod packets;
pub mod view;
