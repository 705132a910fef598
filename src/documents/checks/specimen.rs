//! Specimens: the state Utopia, the word itself, numbers every sample of the standard has.

use super::{Check, Consequence, Evidence, Outcome, Reason, Rules};
use crate::documents::names;
use crate::documents::states::{self, StateKind};

/// Numbers of the samples in Doc 9303.
const SAMPLE_NUMBERS: [&str; 5] = ["L898902C3", "L898902C", "D23145890", "D23145890734", "L8988901C"];
/// Words no holder is named by: specimen in several languages.
const SAMPLE_WORDS: [&str; 5] = ["SPECIMEN", "MUSTERMANN", "VZOR", "VZOREC", "ESPECIMEN"];

pub(super) fn check(evidence: &Evidence<'_>, rules: &Rules) -> Outcome {
    let sources = evidence.document();
    if sources.is_empty() {
        return Outcome::not_checked(Check::Specimen, Reason::NothingRead);
    }
    let utopia = |code: &Option<String>| code.as_deref().and_then(states::find).is_some_and(|s| s.kind == StateKind::Specimen);
    let sample_word =
        |name: &Option<String>| name.as_deref().is_some_and(|n| names::to_mrz(n).split('<').any(|w| SAMPLE_WORDS.contains(&w)));
    let specimen = sources.iter().any(|(_, d)| {
        utopia(&d.issuing_state)
            || utopia(&d.nationality)
            || d.document_number.as_deref().is_some_and(|n| SAMPLE_NUMBERS.contains(&n))
            || sample_word(&d.family_name)
            || sample_word(&d.given_names)
    });
    match (specimen, rules.allow_specimens) {
        (false, _) => Outcome::passed(Check::Specimen, Reason::NoSpecimen, Some(0.8)),
        (true, true) => Outcome::failed(Check::Specimen, Reason::SpecimenAccepted, Consequence::Hint, Some(0.95)),
        (true, false) => Outcome::failed(Check::Specimen, Reason::Specimen, Consequence::Refuse, Some(0.95)),
    }
}
