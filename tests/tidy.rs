//! House rules as failing checks.
