//! The configuration: TOML as written, then checked values with their origin.
