//! Check digits and layout of the zone. Wrong digits mean: read again, then "not readable" – never "forged".

use super::{Check, Consequence, Evidence, Outcome, Reason, Rules};
use crate::documents::mrz::confidence::field_confidences;
use crate::documents::mrz::{Finding, Reading};

/// Least confidence of a field that no check digit covers.
const SURE: f32 = 0.7;

/// Least confidence of a character of the number and the optional data: one check digit lets one wrong reading in ten through.
const SURE_WITH_ONE_DIGIT: f32 = 0.4;

/// The confidence of the least sure field, if it is not sure enough and nothing but luck speaks for it: no check digit, or a single one over
/// characters that were hardly recognised. Lines without confidences were typed.
fn unsure(reading: &Reading) -> Option<f32> {
    let c = field_confidences(reading);
    let fields = [c.document_code, c.issuing_state, c.nationality, c.name, c.sex];
    let free = fields.into_iter().flatten().filter(|c| *c < SURE);
    let layout = reading.mrz.format.layout();
    let single = [Some(layout.number), layout.optional[0]].into_iter().flatten().flat_map(|s| (s.from..s.to).map(move |p| (s.line, p)));
    let recognised = single.filter_map(|(line, place)| reading.lines.get(line)?.confidence(place));
    free.chain(recognised.filter(|c| *c < SURE_WITH_ONE_DIGIT)).reduce(f32::min)
}

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules) -> Outcome {
    let Some(reading) = evidence.zone else {
        // Whoever can print a symbol can calculate the digits in it.
        if evidence.symbol_zone.is_some() {
            return Outcome::failed(Check::CheckDigits, Reason::ZoneOnlyInSymbol, Consequence::Person, None);
        }
        return Outcome::not_checked(Check::CheckDigits, Reason::NoZone);
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
    let findings: Vec<Finding> = mrz.findings.iter().copied().filter(|f| f.is_error() && !tolerated(f)).collect();
    // Dates that contradict each other are the business of the consistency check.
    if findings.iter().all(|f| *f == Finding::ExpiryBeforeBirth) {
        if let Some(unsure) = unsure(reading) {
            let again = evidence.captures < rules.most_captures;
            let consequence = if again { Consequence::Retry } else { Consequence::Person };
            let reason = Reason::UnsureCharacters;
            return Outcome::failed(Check::CheckDigits, reason, consequence, Some(unsure));
        }
        return Outcome::passed(Check::CheckDigits, Reason::CheckDigitsRight, confidence);
    }
    let misread = mrz.looks_misread();
    let again = evidence.captures < rules.most_captures;
    let (reason, consequence) = match (misread, again) {
        (true, true) => (Reason::ZoneUnclear { findings }, Consequence::Retry),
        (true, false) => (Reason::ZoneUnreadable { findings }, Consequence::Person),
        (false, _) => (Reason::ZoneBreaksStandard { findings }, Consequence::Person),
    };
    Outcome::failed(Check::CheckDigits, reason, consequence, confidence)
}
