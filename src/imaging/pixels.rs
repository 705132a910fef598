//! Camera pixel formats to RGB8.
