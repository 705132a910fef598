//! Searches and changes over a real store.
