//! Gallery stores.

pub mod sqlite;
