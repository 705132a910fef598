//! One source against another, field by field: names over alphabets, dates with unknown parts, numbers letter by letter.

use super::{Check, Claim, Consequence, Details, Evidence, Outcome, Reason, Source};
use crate::documents::dates::BirthDate;
use crate::documents::mrz::Sex;
use crate::documents::names::{self, NameMatch, Truncation};
use crate::documents::states;

/// How one field compares.
struct Compared {
    claim: Claim,
    agrees: bool,
    /// Certain disagreements refuse, others go to a person.
    certain: bool,
    confidence: f32,
}

pub(super) fn check(check: Check, evidence: &Evidence<'_>) -> Outcome {
    let (zone, print) = (evidence.details(Source::Zone), evidence.details(Source::Print));
    let pairs = match check {
        Check::ZoneAgainstPrint => vec![(zone, print, true)],
        // An enhanced licence numbers its zone apart from the licence; a symbol that repeats the zone repeats its number.
        Check::ZoneAgainstBarcode => vec![(zone.clone(), evidence.licence(), false), (zone, evidence.symbol(), true)],
        Check::BarcodeAgainstPrint => vec![(evidence.details(Source::Barcode), print, true)],
        _ => vec![(evidence.document().into_iter().next().map(|(_, d)| d), evidence.details(Source::Typed), true)],
    };
    let pairs: Vec<(Details, Details, bool)> = pairs.into_iter().filter_map(|(a, b, numbers)| Some((a?, b?, numbers))).collect();
    if pairs.is_empty() {
        return Outcome::not_checked(check, Reason::OneSource);
    }
    let typed = check == Check::TypedAgainstDocument;
    let compared: Vec<Compared> = pairs.iter().flat_map(|(first, second, numbers)| compare(first, second, *numbers, typed)).collect();
    if compared.is_empty() {
        return Outcome::not_checked(check, Reason::NothingInCommon);
    }
    let confidence = compared.iter().map(|c| c.confidence).reduce(f32::min);
    let differing: Vec<&Compared> = compared.iter().filter(|c| !c.agrees).collect();
    if differing.is_empty() {
        return Outcome::passed(check, Reason::SourcesAgree, confidence);
    }
    let mut claims: Vec<Claim> = Vec::new();
    for compared in &differing {
        if !claims.contains(&compared.claim) {
            claims.push(compared.claim);
        }
    }
    let misread = evidence.zone.is_some_and(|z| z.mrz.looks_misread()) && !matches!(check, Check::BarcodeAgainstPrint);
    let consequence = if misread {
        Consequence::Retry
    } else if !typed && differing.iter().any(|c| c.certain) {
        Consequence::Refuse
    } else {
        Consequence::Person
    };
    Outcome { claims: claims.clone(), ..Outcome::failed(check, Reason::SourcesDiffer { claims: claims.clone() }, consequence, confidence) }
}

/// - `numbers`: whether both number the same thing.
/// - `typed`: whether somebody typed the second.
fn compare(a: &Details, b: &Details, numbers: bool, typed: bool) -> Vec<Compared> {
    let mut compared = Vec::new();
    let name = |claim, x: &Option<String>, y: &Option<String>, truncation| {
        let verdict = names::compare(x.as_deref()?, y.as_deref()?, truncation);
        (verdict != NameMatch::NothingToCompare).then(|| Compared {
            claim,
            agrees: verdict.agrees(),
            certain: verdict == NameMatch::Different,
            confidence: verdict.confidence(),
        })
    };
    let family = Truncation { first: a.names_cut.first, second: b.names_cut.first };
    let given = Truncation { first: a.names_cut.second, second: b.names_cut.second };
    compared.extend(name(Claim::FamilyName, &a.family_name, &b.family_name, family));
    compared.extend(name(Claim::GivenNames, &a.given_names, &b.given_names, given));
    let mut exact = |claim, agrees: Option<bool>, confidence: Option<f32>| {
        compared.extend(agrees.map(|agrees| Compared { claim, agrees, certain: true, confidence: confidence.unwrap_or(0.5) }));
    };
    let lower = |x: Option<f32>, y: Option<f32>| x.zip(y).map(|(x, y)| x.min(y)).or(x).or(y);
    let dates = lower(a.dates_confidence, b.dates_confidence);
    exact(Claim::BirthDate, a.birth.zip(b.birth).map(|(x, y)| same_birth(x, y)), dates);
    exact(Claim::ExpiryDate, a.expiry.zip(b.expiry).map(|(x, y)| x.can_equal(y)), dates);
    // A document that leaves it open contradicts nobody; somebody who typed X said something.
    let sexes = a.sex.zip(b.sex).filter(|(x, y)| (*x != Sex::Unspecified && (typed || *y != Sex::Unspecified)) || (typed && x == y));
    exact(Claim::Sex, sexes.map(|(x, y)| x == y), None);
    if numbers {
        let pair = a.document_number.as_deref().zip(b.document_number.as_deref());
        exact(Claim::DocumentNumber, pair.map(|(x, y)| plain(x) == plain(y)), lower(a.number_confidence, b.number_confidence));
    }
    let states = |x: &Option<String>, y: &Option<String>| x.as_deref().zip(y.as_deref()).map(|(x, y)| states::same(x, y));
    exact(Claim::IssuingState, states(&a.issuing_state, &b.issuing_state), None);
    exact(Claim::Nationality, states(&a.nationality, &b.nationality), None);
    compared
}

/// Whether two birth dates can be the same day in one of their centuries.
fn same_birth(a: BirthDate, b: BirthDate) -> bool {
    let readings = |d: BirthDate| [Some(d.date), d.alternative].into_iter().flatten().collect::<Vec<_>>();
    readings(a).iter().any(|x| readings(b).iter().any(|y| x.can_equal(*y)))
}

/// A number without blanks, hyphens and other marks people leave out, in upper case. O and 0 stay apart.
pub(super) fn plain(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
