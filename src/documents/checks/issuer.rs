//! The issuing state is known, and accepted by the rules. An unknown code is no forgery: a person looks at it.

use super::{Check, Consequence, Evidence, Outcome, Reason, Rules};
use crate::documents::states;

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules) -> Outcome {
    let Some(code) = evidence.first(|d| d.issuing_state.clone()) else {
        return Outcome::not_checked(Check::IssuingState, Reason::NoIssuer);
    };
    // No check digit covers the state in a zone.
    let confidence = Some(if evidence.barcode.is_some() { 1.0 } else { 0.8 });
    match states::find(&code) {
        None => Outcome::failed(Check::IssuingState, Reason::IssuerUnknown, Consequence::Person, confidence),
        Some(state) if !state.issues() => Outcome::failed(Check::IssuingState, Reason::NationalityOnly, Consequence::Person, confidence),
        Some(_) if !rules.issuers.is_empty() && !rules.issuers.iter().any(|i| states::same(i, &code)) => {
            Outcome::failed(Check::IssuingState, Reason::IssuerNotAccepted, Consequence::Refuse, confidence)
        }
        Some(_) => Outcome::passed(Check::IssuingState, Reason::IssuerKnown, confidence),
    }
}
