//! The document number looks like numbers of its issuer. Only where a format is known for certain; elsewhere it is *not
//! checked*, and only characters that no number has make it fail.

use super::{Check, Consequence, Evidence, Outcome, Reason};
use crate::documents::mrz::Format;

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    let Some((number, state)) = evidence.first(|d| Some((d.document_number.clone()?, d.issuing_state.clone().unwrap_or_default()))) else {
        return Outcome::not_checked(Check::NumberFormat, Reason::NoNumber);
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || (evidence.barcode.is_some() && matches!(c, '-' | '*' | ' ' | '/'));
    if !number.chars().all(allowed) {
        return Outcome::failed(Check::NumberFormat, Reason::NumberCharacters, Consequence::Person, Some(0.9));
    }
    if number.len() >= 6 && number.chars().all(|c| c == '0') {
        return Outcome::failed(Check::NumberFormat, Reason::NumberZeros, Consequence::Person, Some(0.9));
    }
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_passport = evidence.zone.is_some_and(|z| z.mrz.format == Format::Td3);
    let fits = match state.as_str() {
        "GBR" if is_passport => Some(number.len() == 9 && digits(&number)),
        "USA" if is_passport => {
            let rest = number.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(&number);
            Some(number.len() == 9 && digits(rest))
        }
        _ => None,
    };
    match fits {
        Some(false) => Outcome::failed(Check::NumberFormat, Reason::NumberUnlike, Consequence::Person, Some(0.8)),
        Some(true) => Outcome::passed(Check::NumberFormat, Reason::NumberLike, Some(0.8)),
        // That nothing is wrong with its characters says nothing about its format.
        None => Outcome::not_checked(Check::NumberFormat, Reason::NumberPlausible),
    }
}
