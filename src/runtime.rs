//! Floor 6: named threads, channels, effect dispatch, supervision and the clock. Knows no window: it is handed a [`messages::Waker`].

pub mod application;
pub mod clock;
pub mod mailbox;
pub mod messages;
