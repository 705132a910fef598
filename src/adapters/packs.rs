//! Model packs on disk: finding, verifying, installing.
