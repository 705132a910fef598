//! Searches and changes over a real store.

use super::*;
use crate::adapters::gallery::sqlite::SqliteGallery;
use crate::adapters::keys::MemoryKeyStore;
use crate::biometrics::comparison::OperatingPoint;
use crate::documents::checks::DuplicateSearch;
use crate::ports::camera::Origin;
use crate::ports::gallery::{PadRecord, RecordId};
use crate::units::SensitiveText;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

fn format() -> TemplateFormat {
    TemplateFormat { recogniser: "made-up@0123456789abcdef".into(), dimensions: 3 }
}

fn rules() -> DecisionRules {
    let points = [(1e-2, 0.3), (1e-3, 0.5), (1e-4, 0.7)].map(|(fmr, threshold)| OperatingPoint { fmr, threshold, low: fmr, high: fmr });
    DecisionRules {
        format: format(),
        calibration: Some(Calibration::new(&format().recogniser, "made up", 1_000_000, points.to_vec()).unwrap()),
        document_calibration: None,
        level: MatchLevel::Three,
        policy: IdentificationPolicy::default(),
        margin_percent: 3.0,
        threads: 1,
    }
}

struct Shelf {
    dir: tempfile::TempDir,
    keys: Arc<MemoryKeyStore>,
}

impl Shelf {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), keys: Arc::default() }
    }
    fn open(&self) -> Enrolled {
        let path: &Path = self.dir.path();
        Enrolled::load(Box::new(SqliteGallery::open(&path.join("gallery.db"), &*self.keys, true).unwrap()), rules()).unwrap()
    }
}

fn person(n: u128) -> SubjectId {
    SubjectId(Uuid::from_u128(0x7000_8000_0000_0000_0000 + n))
}

fn template(values: [f32; 3]) -> Template {
    Template::new(format(), values.to_vec()).unwrap()
}

fn enrolment(n: u128, record: u128, values: [f32; 3]) -> NewEnrolment {
    NewEnrolment {
        subject: person(n),
        record: RecordId(Uuid::from_u128(record)),
        registration_code: String::new(),
        details: vec![("full_name".into(), SensitiveText(format!("Person {n}")))],
        templates: vec![(template(values), 80.0)],
        pictures: vec![],
        galleries: vec![],
        origin: Origin::Practice,
        pad: PadRecord::NotAssessed { reason: "test".into() },
        flow: "enrol".into(),
        enrolled_at: UtcTime(0),
        held: false,
        deliver_to: Vec::new(),
        announce: None,
    }
}

fn codes(first: u64) -> Vec<RegistrationCode> {
    (first..first + 2).map(|n| RegistrationCode::from_entropy(n << 20)).collect()
}

#[test]
fn who_was_enrolled_is_found_compared_and_looked_up() {
    let shelf = Shelf::new();
    let mut enrolled = shelf.open();
    let saved = enrolled.enrol(enrolment(1, 11, [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    enrolled.enrol(enrolment(2, 12, [0.0, 1.0, 0.0]), &codes(5)).unwrap();
    assert_eq!(enrolled.count(), Ok(2));
    assert_eq!(enrolled.look_up(&saved.registration_code), Ok(Some(person(1))));
    let near_one = template([0.95, 0.1, 0.1]);
    let found = enrolled.identify(std::slice::from_ref(&near_one), &SearchScope::default()).unwrap();
    assert!(found.decided);
    assert_eq!((found.candidates.len(), found.candidates[0].subject), (1, person(1)));
    let own = enrolled.compare(person(1), std::slice::from_ref(&near_one)).unwrap().expect("a template compares");
    let other = enrolled.compare(person(2), &[near_one]).unwrap().expect("a template compares");
    assert_eq!((own.decision, other.decision), (VerificationDecision::Match, VerificationDecision::NonMatch));
    assert!(!enrolled.identify(&[template([0.0, 0.0, 1.0])], &SearchScope::default()).unwrap().decided, "a stranger stays unknown");
}

#[test]
fn a_code_that_is_taken_is_passed_over() {
    let mut enrolled = Shelf::new().open();
    let first = enrolled.enrol(enrolment(1, 11, [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    let second = enrolled.enrol(enrolment(2, 12, [0.0, 1.0, 0.0]), &codes(1)).unwrap();
    assert_ne!(first.registration_code, second.registration_code);
    let none_left = enrolled.enrol(enrolment(3, 13, [0.0, 0.0, 1.0]), &codes(1));
    assert!(matches!(none_left, Err(GalleryError::Conflict { .. })));
    assert_eq!(enrolled.count(), Ok(2), "nothing was saved");
}

#[test]
fn a_document_number_leads_to_the_record_that_has_it_and_to_nothing_else() {
    let mut enrolled = Shelf::new().open();
    let with = |n: u128, number: &str, values| NewEnrolment {
        details: vec![("full_name".into(), SensitiveText(format!("Person {n}"))), ("document_number".into(), SensitiveText(number.into()))],
        ..enrolment(n, 10 + n, values)
    };
    let first = enrolled.enrol(with(1, "nx 12-345", [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    enrolled.enrol(enrolment(2, 12, [0.0, 1.0, 0.0]), &codes(5)).unwrap();
    let (own, other) = (template([0.95, 0.1, 0.1]), template([0.0, 0.0, 1.0]));
    let mut ask = |number: &str, probes: &[Template]| enrolled.document_holder(&[SensitiveText(number.into())], probes).unwrap();
    let code = Some(first.registration_code.compact());
    assert_eq!(ask("NX12345", std::slice::from_ref(&own)), NumberSearch { found: DuplicateSearch::SamePerson, record: code.clone() });
    assert_eq!(ask("NX12345", std::slice::from_ref(&other)), NumberSearch { found: DuplicateSearch::OtherPerson, record: code.clone() });
    assert_eq!(ask("NX12345", &[]), NumberSearch { found: DuplicateSearch::NotCompared, record: code });
    for number in ["NX1234", "NX123456", "Person 1", "", "<<<"] {
        assert_eq!(ask(number, std::slice::from_ref(&own)), NumberSearch { found: DuplicateSearch::Unused, record: None }, "{number}");
    }
    // The same number with two people: the one who is somebody else counts.
    let second = enrolled.enrol(with(3, "NX12345", [0.0, 0.0, 1.0]), &codes(9)).unwrap();
    let found = enrolled.document_holder(&[SensitiveText("NX12345".into())], &[own]).unwrap();
    assert_eq!(found, NumberSearch { found: DuplicateSearch::OtherPerson, record: Some(second.registration_code.compact()) });
    // Who is erased leaves no number behind.
    for n in [1, 3] {
        enrolled.erase(person(n), "test", UtcTime(1)).unwrap();
    }
    assert_eq!(enrolled.document_holder(&[SensitiveText("NX12345".into())], &[other]).unwrap().found, DuplicateSearch::Unused);
}

#[test]
fn duplicates_are_others_only() {
    let mut enrolled = Shelf::new().open();
    enrolled.enrol(enrolment(1, 11, [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    enrolled.enrol(enrolment(2, 12, [0.0, 1.0, 0.0]), &codes(5)).unwrap();
    let probe = [template([1.0, 0.05, 0.0])];
    let found = enrolled.duplicates(&probe, None).unwrap();
    assert_eq!(found.iter().map(|c| c.subject).collect::<Vec<_>>(), [person(1)]);
    assert!(enrolled.duplicates(&probe, Some(person(1))).unwrap().is_empty());
}

#[test]
fn what_another_program_enrols_or_erases_is_seen_by_the_next_search() {
    let shelf = Shelf::new();
    let (mut here, mut there) = (shelf.open(), shelf.open());
    there.enrol(enrolment(1, 11, [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    let probe = [template([1.0, 0.0, 0.0])];
    assert!(here.identify(&probe, &SearchScope::default()).unwrap().decided);
    there.erase(person(1), "asked", UtcTime(1)).unwrap();
    assert!(here.identify(&probe, &SearchScope::default()).unwrap().candidates.is_empty());
    assert!(there.identify(&probe, &SearchScope::default()).unwrap().candidates.is_empty());
}

#[test]
fn who_enrols_again_is_found_by_the_new_template_only() {
    let mut enrolled = Shelf::new().open();
    enrolled.enrol(enrolment(1, 11, [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    enrolled.enrol(enrolment(1, 12, [0.0, 1.0, 0.0]), &codes(5)).unwrap();
    assert!(enrolled.identify(&[template([1.0, 0.0, 0.0])], &SearchScope::default()).unwrap().candidates.is_empty());
    assert!(enrolled.identify(&[template([0.0, 1.0, 0.0])], &SearchScope::default()).unwrap().decided);
}

#[test]
fn without_a_calibration_nothing_is_decided() {
    let shelf = Shelf::new();
    let mut enrolled = shelf.open();
    enrolled.enrol(enrolment(1, 11, [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    enrolled.rules.calibration = None;
    let probe = [template([1.0, 0.0, 0.0])];
    assert!(
        enrolled.identify(&probe, &SearchScope::default()).is_err()
            && enrolled.compare(person(1), &probe).is_err()
            && enrolled.duplicates(&probe, None).is_err()
    );
}

#[test]
fn people_enrolled_with_another_recogniser_are_no_strangers() {
    let shelf = Shelf::new();
    let mut enrolled = shelf.open();
    let probe = [template([1.0, 0.0, 0.0])];
    assert!(enrolled.identify(&probe, &SearchScope::default()).is_ok(), "an empty gallery is no fault");
    let other = TemplateFormat { recogniser: "another@0123456789abcdef".into(), dimensions: 3 };
    let mut theirs = enrolment(1, 11, [1.0, 0.0, 0.0]);
    theirs.templates = vec![(Template::new(other, vec![1.0, 0.0, 0.0]).unwrap(), 80.0)];
    enrolled.store().enrol(&NewEnrolment { registration_code: codes(1)[0].compact(), ..theirs }).unwrap();
    let fault = enrolled.identify(&probe, &SearchScope::default()).expect_err("nobody can be compared with");
    assert_eq!((fault.code, fault.message_key), (NOT_COMPARABLE.code, "trouble-other-models"));
    enrolled.enrol(enrolment(2, 12, [0.0, 1.0, 0.0]), &codes(5)).unwrap();
    assert!(enrolled.identify(&probe, &SearchScope::default()).is_ok(), "somebody can");
}

/// A threshold that is left out because so many would need a stricter one must not fall back to a laxer one.
#[test]
fn candidates_of_a_gallery_too_large_are_judged_at_the_strictest_threshold() {
    let shelf = Shelf::new();
    let mut enrolled = shelf.open();
    enrolled.enrol(enrolment(1, 1, [1.0, 0.0, 0.0]), &codes(1)).unwrap();
    // Like enough for level 3, at 0.5, and not for FMR 1e-4, at 0.7.
    let probe = [template([0.6, 0.8, 0.0])];
    let strict = IdentificationPolicy { false_positive_identification_rate: 1e-9, ..IdentificationPolicy::default() };
    enrolled.use_rules(MatchLevel::Three, strict, 3.0);
    let answer = enrolled.identify(&probe, &SearchScope::default()).unwrap();
    assert!(matches!(answer.basis.decision, IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize { .. })));
    let shown = answer.candidates[0].comparison;
    assert_eq!((shown.threshold, shown.false_match_rate, shown.decision), (SimilarityScore(0.7), 1e-4, VerificationDecision::NonMatch));
    assert!(enrolled.duplicates(&probe, None).unwrap().is_empty());
    assert_eq!(enrolled.duplicates(&[template([0.8, 0.6, 0.0])], None).unwrap().len(), 1);
}

#[test]
fn a_search_is_limited_to_a_gallery_to_some_people_and_in_its_list() {
    let mut enrolled = Shelf::new().open();
    for (n, values) in [(1, [1.0, 0.0, 0.0]), (2, [0.8, 0.6, 0.0]), (3, [0.3, 0.0, 0.95])] {
        enrolled.enrol(enrolment(n, 10 + n, values), &codes(n as u64 * 4)).unwrap();
    }
    enrolled.store().create_gallery("visitors", UtcTime(0)).unwrap();
    [2, 3].into_iter().for_each(|n| enrolled.store().add_member("visitors", person(n), UtcTime(0)).unwrap());
    let probe = [template([1.0, 0.0, 0.0])];
    let mut found = |scope: SearchScope| {
        let answer = enrolled.identify(&probe, &SearchScope { cut_off_percent: scope.cut_off_percent.or(Some(0.0)), ..scope }).unwrap();
        (answer.candidates.iter().map(|c| c.subject).collect::<Vec<_>>(), answer.basis.searched)
    };
    let visitors = SearchScope { gallery: Some("visitors".into()), ..SearchScope::default() };
    let among = |people: &[u128]| SearchScope { among: Some(people.iter().copied().map(person).collect()), ..SearchScope::default() };
    assert_eq!(found(SearchScope::default()).1, 3);
    assert_eq!(found(visitors.clone()), (vec![person(2), person(3)], 2));
    assert_eq!(found(among(&[3, 1])), (vec![person(1), person(3)], 2));
    assert_eq!(found(SearchScope { gallery: Some("visitors".into()), ..among(&[1, 2]) }), (vec![person(2)], 1));
    assert_eq!(found(among(&[])), (vec![], 0), "nobody is nobody, not everybody");
    assert_eq!(found(SearchScope { list_size: Some(1), ..SearchScope::default() }).0, [person(1)]);
    assert_eq!(found(SearchScope { cut_off_percent: Some(100.0), ..SearchScope::default() }).0, []);
    let nowhere = SearchScope { gallery: Some("nowhere".into()), ..SearchScope::default() };
    assert_eq!(enrolled.identify(&probe, &nowhere).expect_err("no such gallery").code, "GAL-06");
}

/// A template that looks like `template([1.0, 0.0, 0.0])` with this similarity.
fn similar(score: f32) -> Template {
    template([score, (1.0 - score * score).sqrt(), 0.0])
}

#[test]
fn a_portrait_is_decided_about_by_the_calibration_for_documents() {
    let points = [(1e-2, 0.5), (1e-3, 0.6)].map(|(fmr, threshold)| OperatingPoint { fmr, threshold, low: fmr, high: fmr });
    let for_documents = Calibration::new(&format().recogniser, "printed people", 1_000_000, points.to_vec()).unwrap();
    let shelf = Shelf::new();
    let mut enrolled = shelf.open();
    enrolled.rules.document_calibration = Some(for_documents);
    let (portrait, other) = (template([1.0, 0.0, 0.0]), template([0.0, 0.0, 1.0]));
    let mut decide = |level, score| {
        enrolled.rules.level = level;
        let judged = enrolled.compare_portrait(&[other.clone(), portrait.clone()], &[similar(score)]).unwrap().unwrap();
        (judged.found.decision, judged.for_documents, judged.measured_on)
    };
    let printed = |decision| (decision, true, "printed people".to_owned());
    // Between 0.5, where live pictures match, and 0.6.
    assert_eq!(decide(MatchLevel::Three, 0.55), printed(VerificationDecision::NonMatch));
    assert_eq!(decide(MatchLevel::Three, 0.65), printed(VerificationDecision::Match));
    // A level that the calibration for documents does not reach is judged by the other one, which says so.
    assert_eq!(decide(MatchLevel::Four, 0.65), (VerificationDecision::NonMatch, false, "made up".to_owned()));
}

#[test]
fn a_portrait_is_never_decided_about_without_a_calibration() {
    let shelf = Shelf::new();
    let mut enrolled = shelf.open();
    let (portrait, probes) = ([template([1.0, 0.0, 0.0])], [similar(0.9)]);
    let foreign = TemplateFormat { recogniser: "another@0123456789abcdef".into(), dimensions: 3 };
    let stranger = Template::new(foreign, vec![1.0, 0.0, 0.0]).unwrap();
    assert_eq!(enrolled.compare_portrait(&portrait, &[stranger]), Ok(None), "templates of another recogniser");
    assert_eq!(enrolled.compare_portrait(&[], &probes), Ok(None));
    enrolled.rules.level = MatchLevel::Five;
    assert_eq!(enrolled.compare_portrait(&portrait, &probes).unwrap_err().code, "BIO-22");
    enrolled.rules.calibration = None;
    assert!(enrolled.compare_portrait(&portrait, &probes).is_err());
}
