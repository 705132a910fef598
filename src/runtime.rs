//! Floor 6: named threads, channels, effect dispatch, supervision and the clock. Knows no window: it is handed a [`Waker`](messages::Waker).

pub mod messages;
