//! The checks of a document: what each needs, what it found, and what follows from all of them.
//!
//! Every check has three states; *not checked* never counts as passed. A zone proves nothing about authenticity – anybody can calculate
//! check digits – so accepted means: readable, consistent and within the rules, not: genuine.

mod age;
mod agreement;
mod check_digits;
mod chip;
mod consistency;
mod decision;
mod demands;
mod duplicate;
mod evidence;
mod expiry;
mod issuer;
mod living_face;
mod not_yet_valid;
mod number_format;
mod one_document;
mod portrait;
mod portrait_match;
mod reason;
mod replay;
mod services;
mod specimen;

pub use decision::{Decision, Overall};
pub use evidence::{ChipAnswer, Comparison, Details, DuplicateSearch, Evidence, LivingFace, Portrait, Sign, Source, Suspicion, Suspicions};
pub use reason::{Claim, Contradiction, Reason};
pub use services::{BafEntry, ServiceNames};

use time::Date;

/// State of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// In order.
    Passed,
    /// Not in order.
    Failed,
    /// Nothing to check with, or switched off by the rules.
    NotChecked,
}

/// What a failed check leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consequence {
    /// Nothing; shown as a hint.
    Hint,
    /// Capture the document again.
    Retry,
    /// A person decides.
    Person,
    /// Refused.
    Refuse,
}

/// The checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// Check digits and layout of the zone.
    CheckDigits,
    /// Dates exist and fit each other.
    Consistency,
    /// Not expired today.
    Expiry,
    /// Already valid today.
    NotYetValid,
    /// At least the minimum age.
    MinimumAge,
    /// At most the maximum age.
    MaximumAge,
    /// Zone against print.
    ZoneAgainstPrint,
    /// Zone against barcode.
    ZoneAgainstBarcode,
    /// Barcode against print.
    BarcodeAgainstPrint,
    /// What was typed in against the document.
    TypedAgainstDocument,
    /// The issuing state is known and allowed.
    IssuingState,
    /// The number looks like numbers of its issuer.
    NumberFormat,
    /// There is a portrait that can be compared.
    PortraitPresent,
    /// No other document lies in the picture.
    OneDocument,
    /// Nobody else is enrolled with the same document.
    DuplicateNumber,
    /// No specimen.
    Specimen,
    /// The portrait shows the person who stands there.
    PortraitMatch,
    /// That person was seen alive.
    LivingFace,
    /// No screen shows the document. A hint.
    ScreenReplay,
    /// No photocopy or print-out of the document. A hint.
    Photocopy,
    /// No sign that somebody worked on the document. A hint.
    Tampering,
    /// The chip is genuine and says the same as the print.
    Chip,
}

impl Check {
    /// Every check, in the order in which they are made.
    pub const ALL: [Self; 22] = [
        Self::CheckDigits,
        Self::Consistency,
        Self::Expiry,
        Self::NotYetValid,
        Self::MinimumAge,
        Self::MaximumAge,
        Self::ZoneAgainstPrint,
        Self::ZoneAgainstBarcode,
        Self::BarcodeAgainstPrint,
        Self::TypedAgainstDocument,
        Self::IssuingState,
        Self::NumberFormat,
        Self::PortraitPresent,
        Self::OneDocument,
        Self::DuplicateNumber,
        Self::Specimen,
        Self::PortraitMatch,
        Self::LivingFace,
        Self::ScreenReplay,
        Self::Photocopy,
        Self::Tampering,
        Self::Chip,
    ];
}

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Which check.
    pub check: Check,
    /// Its state.
    pub status: Status,
    /// Why, for the officer.
    pub reason: Reason,
    /// 0 to 1; `None` where nothing was measured.
    pub confidence: Option<f32>,
    /// What follows if it failed.
    pub consequence: Consequence,
    /// What differs.
    pub claims: Vec<Claim>,
    /// Registration code of the enrolled record it is about.
    pub record: Option<String>,
}

impl Outcome {
    fn passed(check: Check, reason: Reason, confidence: Option<f32>) -> Self {
        Self { check, status: Status::Passed, reason, confidence, consequence: Consequence::Hint, claims: Vec::new(), record: None }
    }

    fn not_checked(check: Check, reason: Reason) -> Self {
        Self {
            check,
            status: Status::NotChecked,
            reason,
            confidence: None,
            consequence: Consequence::Hint,
            claims: Vec::new(),
            record: None,
        }
    }

    fn failed(check: Check, reason: Reason, consequence: Consequence, confidence: Option<f32>) -> Self {
        Self { check, status: Status::Failed, reason, confidence, consequence, claims: Vec::new(), record: None }
    }
}

/// What the operator demands of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Youngest age accepted.
    pub minimum_age: Option<i32>,
    /// Oldest age accepted.
    pub maximum_age: Option<i32>,
    /// Whether expired documents are refused.
    pub refuse_expired: bool,
    /// Days after its last one that a document is accepted all the same.
    pub expired_days: u32,
    /// Whether specimens are accepted: demonstrations and tests only.
    pub allow_specimens: bool,
    /// Issuers accepted; empty accepts every known one.
    pub issuers: Vec<String>,
    /// Whether a portrait must be there.
    pub portrait_required: bool,
    /// Fewest pixels between crown and chin with which a portrait can be compared.
    pub smallest_portrait_px: u32,
    /// How often a document is captured again before misread characters mean "not readable".
    pub most_captures: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            minimum_age: None,
            maximum_age: None,
            refuse_expired: true,
            expired_days: 0,
            allow_specimens: false,
            issuers: Vec::new(),
            portrait_required: true,
            smallest_portrait_px: 90,
            most_captures: 3,
        }
    }
}

/// Runs every check, in the order of [`Check`]. `today` is the day in the time zone of the desk.
#[must_use]
pub fn run(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Vec<Outcome> {
    vec![
        check_digits::check(evidence, rules),
        consistency::check(evidence, today),
        expiry::check(evidence, rules, today),
        not_yet_valid::check(evidence, today),
        age::minimum(evidence, rules, today),
        age::maximum(evidence, rules, today),
        agreement::check(Check::ZoneAgainstPrint, evidence),
        agreement::check(Check::ZoneAgainstBarcode, evidence),
        agreement::check(Check::BarcodeAgainstPrint, evidence),
        agreement::check(Check::TypedAgainstDocument, evidence),
        issuer::check(evidence, rules),
        number_format::check(evidence),
        portrait::check(evidence, rules),
        one_document::check(evidence),
        duplicate::check(evidence),
        specimen::check(evidence, rules),
        portrait_match::check(evidence),
        living_face::check(evidence),
        replay::check(Check::ScreenReplay, evidence.suspicions.screen_replay),
        replay::check(Check::Photocopy, evidence.suspicions.photocopy),
        replay::check(Check::Tampering, evidence.suspicions.tampering),
        chip::check(evidence),
    ]
}

/// Runs every check and decides.
#[must_use]
pub fn decide(evidence: &Evidence<'_>, rules: &Rules, today: Date) -> Decision {
    decision::decide(run(evidence, rules, today), evidence, rules)
}

#[cfg(test)]
mod tests;
