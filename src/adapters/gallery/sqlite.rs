//! The gallery in an encrypted SQLite file.
