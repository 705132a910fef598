//! Check digits and layout of the zone. Wrong digits mean: read again, then "not readable" – never "forged".

use super::{Check, Consequence, Evidence, Outcome, Rules};
use crate::documents::mrz::{Finding, Reading};
use crate::documents::mrz::confidence::field_confidences;

/// Least confidence of a field that no check digit covers.
const SURE: f32 = 0.7;

/// The confidence of the least sure field that no check digit covers, if it is not sure enough. Lines without confidences were typed.
fn unsure_without_digit(reading: &Reading) -> Option<f32> {
    let c = field_confidences(reading);
    let fields = [c.document_code, c.issuing_state, c.nationality, c.name, c.sex];
    fields.into_iter().flatten().reduce(f32::min).filter(|lowest| *lowest < SURE)
}

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules) -> Outcome {
    let Some(reading) = evidence.zone else {
        return Outcome::not_checked(Check::CheckDigits, "No machine-readable zone was read.");
    };
    let mrz = &reading.mrz;
    let confidence = field_confidences(reading).zone;
    // A few states print X for sex; the standard forbids it, a licence to refuse it is not.
    // Documents without end leave the expiry date blank: the expiry check sends them to a person.
    let tolerated = |f: &Finding| match f {
        Finding::Sex => mrz.findings.contains(&Finding::SexLetterX),
        Finding::ExpiryDate => mrz.findings.contains(&Finding::NoExpiry),
        _ => false,
    };
    let errors: Vec<&Finding> = mrz.findings.iter().filter(|f| f.is_error() && !tolerated(f)).collect();
    // Dates that contradict each other are the business of the consistency check.
    if errors.iter().all(|f| **f == Finding::ExpiryBeforeBirth) {
        if let Some(unsure) = unsure_without_digit(reading) {
            let again = evidence.captures < rules.most_captures;
            let consequence = if again { Consequence::Retry } else { Consequence::Person };
            let reason = "Characters that no check digit covers were not read surely; capture the document closer.";
            return Outcome::failed(Check::CheckDigits, reason, consequence, Some(unsure));
        }
        return Outcome::passed(Check::CheckDigits, "All check digits of the machine-readable zone are right.", confidence);
    }
    let codes = errors.iter().map(|f| f.code()).collect::<Vec<_>>().join(", ");
    let misread = mrz.looks_misread();
    let again = evidence.captures < rules.most_captures;
    let (reason, consequence) = match (misread, again) {
        (true, true) => (format!("The machine-readable zone was not read cleanly ({codes}); capture it again."), Consequence::Retry),
        (true, false) => (format!("The machine-readable zone is not readable ({codes})."), Consequence::Person),
        (false, _) => (format!("The machine-readable zone breaks the standard ({codes})."), Consequence::Person),
    };
    Outcome::failed(Check::CheckDigits, reason, consequence, confidence)
}
