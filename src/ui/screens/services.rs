//! The services screen: every identity service, what it can do and promise, where its secret is, a test of its connection.

pub mod form;
pub mod form_view;
pub mod model;
pub mod view;
