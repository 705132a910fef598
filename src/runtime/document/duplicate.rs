//! Who is enrolled with a document's number, and whether that is the person who stands there.
//!
//! The number is looked up among the details people gave at their enrolment, decrypted in memory: nothing about it is written, logged or
//! audited, and what comes back is a registration code, no name. Somebody may be enrolled with the number because it is their document; only a
//! person whose face is another one, or cannot be compared, makes it a duplicate.

use crate::biometrics::comparison::{Calibration, MatchLevel, VerificationDecision, verify};
use crate::biometrics::template::Template;
use crate::documents::checks::DuplicateSearch;
use crate::ports::gallery::{GalleryError, GalleryStore, SubjectId};
use crate::units::SensitiveText;
use crate::workflow::document::NumberSearch;

/// Whether enrolled templates and those of the living face are of one person, by the best of their pairs; `None` where nothing can be compared,
/// for want of a calibration too: that is for a person to decide.
#[must_use]
pub fn is_same(references: &[Template], probes: &[Template], calibration: Option<&Calibration>, level: MatchLevel) -> Option<bool> {
    let pairs = references.iter().flat_map(|reference| probes.iter().map(move |probe| (reference, probe)));
    let compared = pairs.filter_map(|(reference, probe)| verify(reference, probe, calibration?, level).ok());
    compared.map(|comparison| comparison.decision == VerificationDecision::Match).reduce(|a, b| a || b)
}

/// Looks for the holders of any of the numbers.
///
/// - `is_same`: whether the enrolled person is the one who stands there; `None` where that cannot be compared.
///
/// # Errors
/// [`GalleryError`] as the store gives it.
pub fn search_number(
    store: &dyn GalleryStore,
    numbers: &[SensitiveText],
    is_same: &mut dyn FnMut(SubjectId) -> Result<Option<bool>, GalleryError>,
) -> Result<NumberSearch, GalleryError> {
    let mut holders: Vec<SubjectId> = Vec::new();
    for number in numbers {
        for holder in store.holders_of_document(&number.0)? {
            if !holders.contains(&holder) {
                holders.push(holder);
            }
        }
    }
    let mut worst = NumberSearch { found: DuplicateSearch::Unused, record: None };
    for holder in holders {
        let found = match is_same(holder)? {
            Some(true) => DuplicateSearch::SamePerson,
            Some(false) => DuplicateSearch::OtherPerson,
            None => DuplicateSearch::NotCompared,
        };
        if found > worst.found {
            worst = NumberSearch { found, record: Some(store.subject(holder)?.summary.registration_code) };
        }
    }
    Ok(worst)
}
