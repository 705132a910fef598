//! Published and measured values against ours; needs the reference data for some of them and says so.

mod reference;
mod vision;
