//! One answer from all checks: OK, refused or undecided, and whether capturing again can help.

use super::{Check, Consequence, Evidence, LivingFace, Outcome, Rules, Status};
use crate::advice::Advised as _;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Overall {
    /// Readable, consistent, within the rules.
    Ok,
    /// Refused.
    Refused,
    /// A person decides, or the document is captured again.
    Undecided,
}

impl Overall {
    /// AwareID's `overallAuthenticationResult`.
    #[must_use]
    pub const fn awareid(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Refused => "FAILED",
            Self::Undecided => "UNDEFINED",
        }
    }

    /// FACEKI's `decision`.
    #[must_use]
    pub const fn faceki(self) -> &'static str {
        match self {
            Self::Ok => "ACCEPTED",
            Self::Refused => "DECLINED",
            Self::Undecided => "REVIEW",
        }
    }
}

/// The answer with everything it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The answer.
    pub overall: Overall,
    /// `retryDocumentCapture`: capturing again can change the answer.
    pub retry_document_capture: bool,
    /// Every check.
    pub outcomes: Vec<Outcome>,
    /// The checks the answer rests on, worst first.
    pub because: Vec<Check>,
}

/// Checks that must have been made before anything is accepted.
fn required(evidence: &Evidence<'_>, rules: &Rules) -> Vec<Check> {
    let wanted = [
        (Check::Consistency, true),
        (Check::IssuingState, true),
        (Check::Expiry, rules.refuse_expired),
        (Check::MinimumAge, rules.minimum_age.is_some()),
        (Check::MaximumAge, rules.maximum_age.is_some()),
        (Check::PortraitPresent, rules.portrait_required),
        (Check::LivingFace, evidence.living != LivingFace::NotAsked),
    ];
    wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(check, _)| check).collect()
}

pub(super) fn decide(outcomes: Vec<Outcome>, evidence: &Evidence<'_>, rules: &Rules) -> Decision {
    let required = required(evidence, rules);
    let cut_off = evidence.barcode.and_then(|b| b.refusal).is_some_and(|r| r.advice().retry);
    let barcode_refused = evidence.barcode.is_some_and(|b| b.refusal.is_some());
    let machine_read = evidence.zone.is_some() || evidence.barcode.is_some_and(|b| b.refusal.is_none());
    let failed = |consequence: Consequence| outcomes.iter().filter(move |o| o.status == Status::Failed && o.consequence == consequence);
    let unchecked: Vec<Check> =
        outcomes.iter().filter(|o| o.status == Status::NotChecked && required.contains(&o.check)).map(|o| o.check).collect();
    // A refusal rests on data that were read cleanly; while something was misread, reading again comes first.
    let misread = failed(Consequence::Retry).next().is_some();
    let refused = failed(Consequence::Refuse).next().is_some();
    let person = failed(Consequence::Person).next().is_some();
    // What a chip is refused for was not read from print: its checks allow for misread characters themselves.
    let chip_refused = failed(Consequence::Refuse).any(|o| o.check == Check::Chip);
    let overall = if chip_refused || (refused && !misread) {
        Overall::Refused
    } else if refused || misread || person || !machine_read || barcode_refused || !unchecked.is_empty() {
        Overall::Undecided
    } else {
        Overall::Ok
    };
    let mut because: Vec<Check> =
        [Consequence::Refuse, Consequence::Person, Consequence::Retry].into_iter().flat_map(failed).map(|o| o.check).collect();
    because.extend(unchecked);
    let retry_document_capture = overall == Overall::Undecided && (misread || cut_off || !machine_read);
    Decision { overall, retry_document_capture, because, outcomes }
}
