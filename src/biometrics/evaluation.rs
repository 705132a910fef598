//! Error rates with exact intervals: what `visavis evaluate` computes.
