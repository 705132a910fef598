//! Guidance on scripted faces.
