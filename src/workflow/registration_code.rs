//! Registration codes: eight characters of Crockford base 32, the last a check character.
