//! Key stores: the operating system's, with a file as fallback.
