//! 1:N identification: candidate lists and the exact in-memory index.
