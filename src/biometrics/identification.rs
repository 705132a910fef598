//! 1:N identification: the exact in-memory index, candidate lists and the decision.
//!
//! ```text
//! Index ── rows in blocks (rows.rs), f32 and optionally i8
//!   │ coarse pass over a row range with a kernel (kernels/): an upper bound of every row's score
//!   ▼
//! search.rs: rows whose bound reaches the k-th best exact score so far are scored exactly in f64; best row per subject (ranking.rs)
//!   ▼
//! runtime splits the range over threads and merges ── decision.rs: identified, ambiguous or an honest unknown
//! ```

pub mod decision;
pub mod index;
pub mod kernels;
pub mod ranking;
mod rows;
pub mod search;

pub use index::{Index, Restriction, Storage};
pub use kernels::Kernel;
pub use ranking::Candidate;
