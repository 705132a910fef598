//! The chip of a travel document (ICAO Doc 9303-10, -11 and -12): its files, who signed them, what they say.
//!
//! Bytes come in, typed findings go out. [`verify`] makes every check of passive authentication and says for each what it saw; data count as
//! authentic only if a country authority that the operator trusts stands behind them. Passive authentication does not see a copied chip.

pub mod access;
mod algorithms;
mod certificate;
mod curves;
pub mod data_groups;
mod files;
mod findings;
mod passive;
mod portrait;
mod reason;
mod revocation;
mod security_object;
mod signature;
pub mod tlv;
mod trust;

pub use certificate::CertificateFault;
pub use files::{ChipFiles, DataGroup, ElementaryFile, LONGEST_FILE};
pub use findings::{Cause, ChipCheck, ChipFindings, ChipOutcome, GroupFinding, Verdict};
pub use passive::{ChipRules, Question, verify};
pub use portrait::{ChipPortrait, PortraitFault, PortraitFormat, portrait};
pub use reason::{ChipReason, ChipValue, ChipWord, Unsupported, known_faults};
pub use trust::Trust;
