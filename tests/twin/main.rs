//! The twin of the identity services over real HTTP: what it answers, how it fails on request, and what its ledger says.

mod awareid;
mod baf;
mod contract;
mod coverage;
mod faceki;
mod faults;
mod guest;
mod onboarding;
mod pictures;
mod program;
mod table;
mod uqudo;
