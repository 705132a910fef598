//! Capture profiles as data: quick, liveness, portrait, knomi.
