//! The checks on their own and together.

use super::*;
use crate::documents::aamva::{self, AamvaReading};
use crate::documents::dates::{BirthDate, PartialDate};
use crate::documents::mrz::write::{MrzContent, write};
use crate::documents::mrz::{Format, Line, Reading, Sex, read};
use time::macros::date;

const TODAY: Date = date!(2026 - 01 - 01);

fn content() -> MrzContent {
    MrzContent {
        format: Format::Td3,
        document_code: "P".to_owned(),
        issuing_state: "NLD".to_owned(),
        document_number: "NX1234567".to_owned(),
        nationality: "NLD".to_owned(),
        primary: "Müller".to_owned(),
        secondary: "Anna Maria".to_owned(),
        birth: date!(1990 - 02 - 15).into(),
        sex: Sex::Female,
        expiry: date!(2030 - 05 - 20).into(),
        optional: Default::default(),
    }
}

fn zone(content: &MrzContent) -> Reading {
    let lines: Vec<Line> =
        write(content).expect("content that fits").iter().map(|l| Line::with_confidences(l, &vec![0.9; l.len()])).collect();
    read(&lines, TODAY).expect("a zone")
}

fn print() -> Details {
    Details {
        family_name: Some("MÜLLER".to_owned()),
        given_names: Some("Anna-Maria".to_owned()),
        birth: Some(BirthDate::certain(date!(1990 - 02 - 15).into())),
        expiry: Some(date!(2030 - 05 - 20).into()),
        sex: Some(Sex::Female),
        document_number: Some("NX 123 4567".to_owned()),
        ..Details::default()
    }
}

fn evidence(zone: &Reading) -> Evidence<'_> {
    Evidence {
        zone: Some(zone),
        portrait: Portrait::Found { height_px: 200 },
        duplicate: DuplicateSearch::Unused,
        captures: 1,
        ..Evidence::default()
    }
}

fn outcome(evidence: &Evidence<'_>, rules: &Rules, check: Check) -> Outcome {
    run(evidence, rules, TODAY).into_iter().find(|o| o.check == check).expect("every check runs")
}

fn status(evidence: &Evidence<'_>, check: Check) -> (Status, Consequence) {
    let outcome = outcome(evidence, &Rules::default(), check);
    (outcome.status, outcome.consequence)
}

fn licence(birth: &str, extra: &str) -> AamvaReading {
    named_licence("MUELLER", birth, extra)
}

fn named_licence(family: &str, birth: &str, extra: &str) -> AamvaReading {
    let elements = format!(
        "ENDAQT1\nDCS{family}\nDACANNA\nDADMARIA\nDBA05202030\nDBD01022020\nDBB{birth}\nDBC2\nDAYBRO\nDAU070 in\nDAG1 A ST\nDAIOLYMPIA\nDAJWA\nDAK985010000\n\
         DCFX1\nDCGUSA\nDCAD\nDCBNONE\nDCDNONE\nDDEN\nDDFN\nDDGN{extra}\r"
    );
    aamva::read(format!("@\n\u{1e}\rANSI 636045090001EN0031{:04}{elements}", elements.len()).as_bytes())
}

#[test]
fn a_good_document_is_accepted() {
    let zone = zone(&content());
    let print = print();
    let decision = decide(&Evidence { print: Some(&print), ..evidence(&zone) }, &Rules::default(), TODAY);
    assert_eq!((decision.overall, decision.retry_document_capture), (Overall::Ok, false), "{:?}", decision.because);
    assert_eq!(decision.overall.awareid(), "OK");
    let of = |check| decision.outcomes.iter().find(|o| o.check == check).map(|o| o.status);
    assert_eq!(of(Check::ZoneAgainstPrint), Some(Status::Passed));
    assert_eq!(of(Check::ZoneAgainstBarcode), Some(Status::NotChecked), "not checked is not passed");
    assert_eq!(of(Check::MinimumAge), Some(Status::NotChecked));
    assert_eq!(decision.outcomes.iter().map(|o| o.check).collect::<Vec<_>>(), Check::ALL);
}

#[test]
fn an_expired_document_is_refused_and_valid_on_its_last_day() {
    let on = |expiry: Date| {
        let zone = zone(&MrzContent { expiry: expiry.into(), ..content() });
        decide(&evidence(&zone), &Rules::default(), TODAY).overall
    };
    assert_eq!(on(TODAY), Overall::Ok);
    assert_eq!(on(date!(2025 - 12 - 31)), Overall::Refused);
    let zone = zone(&MrzContent { expiry: date!(2020 - 01 - 01).into(), ..content() });
    let rules = Rules { refuse_expired: false, ..Rules::default() };
    assert_eq!(decide(&evidence(&zone), &rules, TODAY).overall, Overall::Ok);
}

#[test]
fn an_expired_document_is_accepted_for_the_days_that_the_rules_give_it() {
    let zone = zone(&MrzContent { expiry: date!(2025 - 12 - 25).into(), ..content() });
    let given = |expired_days| outcome(&evidence(&zone), &Rules { expired_days, ..Rules::default() }, Check::Expiry);
    assert_eq!((given(7).status, given(7).reason), (Status::Passed, Reason::ExpiredLately));
    assert_eq!((given(6).status, given(6).consequence), (Status::Failed, Consequence::Refuse));
    assert_eq!(given(u32::MAX).status, Status::Passed, "as far back as days go");
}

#[test]
fn a_misread_zone_is_captured_again_before_anybody_is_refused() {
    let lines: Vec<Line> = write(&MrzContent { expiry: date!(2020 - 01 - 01).into(), ..content() })
        .expect("content")
        .iter()
        .map(|l| Line::new(&l.replace("NX12", "NX72")))
        .collect();
    let zone = read(&lines, TODAY).expect("a zone");
    let first = decide(&evidence(&zone), &Rules::default(), TODAY);
    assert_eq!((first.overall, first.retry_document_capture), (Overall::Undecided, true));
    assert_eq!(first.because[0], Check::Expiry);
    let third = outcome(&Evidence { captures: 3, ..evidence(&zone) }, &Rules::default(), Check::CheckDigits);
    assert_eq!((third.status, third.consequence), (Status::Failed, Consequence::Person));
    assert!(matches!(third.reason, Reason::ZoneUnreadable { .. }) && !third.reason.to_string().to_lowercase().contains("forge"));
}

#[test]
fn ages_are_decided_only_where_the_century_is_certain() {
    let rules = Rules { minimum_age: Some(18), maximum_age: Some(101), ..Rules::default() };
    let of = |birth: PartialDate| {
        let zone = zone(&MrzContent { birth, ..content() });
        let by = |check| outcome(&evidence(&zone), &rules, check);
        let pair = |o: Outcome| (o.status, o.consequence);
        (pair(by(Check::MinimumAge)), pair(by(Check::MaximumAge)))
    };
    let passed = (Status::Passed, Consequence::Hint);
    let person = (Status::Failed, Consequence::Person);
    assert_eq!(of(date!(1990 - 02 - 15).into()), (passed, passed));
    assert_eq!(of(date!(2008 - 01 - 01).into()), (passed, passed), "eighteen today");
    assert_eq!(of(date!(2008 - 01 - 02).into()), (person, person), "a day too young, or 117");
    assert_eq!(of(date!(2012 - 12 - 12).into()), (person, person), "13 or 113");
    assert_eq!(of(PartialDate::new(Some(1990), None, None).expect("a year")), (passed, passed));
    assert_eq!(of(PartialDate::new(None, None, None).expect("unknown")).0, (Status::NotChecked, Consequence::Hint));
    let zone = zone(&MrzContent { birth: date!(2012 - 12 - 12).into(), ..content() });
    let print = Details { birth: Some(BirthDate::certain(date!(2012 - 12 - 12).into())), ..Details::default() };
    let decided = outcome(&Evidence { print: Some(&print), ..evidence(&zone) }, &rules, Check::MinimumAge);
    assert_eq!((decided.status, decided.consequence), (Status::Failed, Consequence::Refuse), "four digits decide the century");
}

#[test]
fn sources_that_differ_are_named_by_field() {
    let zone = zone(&content());
    let against =
        |print: &Details| outcome(&Evidence { print: Some(print), ..evidence(&zone) }, &Rules::default(), Check::ZoneAgainstPrint);
    let number = against(&Details { document_number: Some("NX1234568".to_owned()), ..print() });
    assert_eq!((number.status, number.consequence, number.claims), (Status::Failed, Consequence::Refuse, vec![Claim::DocumentNumber]));
    assert!(!number.reason.to_string().contains("NX1234568"), "values stay out of reasons");
    let name = against(&Details { family_name: Some("MILLER".to_owned()), ..print() });
    assert_eq!(name.claims, [Claim::FamilyName]);
    let fewer = against(&Details { given_names: Some("Anna".to_owned()), ..print() });
    assert_eq!((fewer.consequence, fewer.claims), (Consequence::Person, vec![Claim::GivenNames]));
    assert_eq!(Check::ZoneAgainstPrint.awareid_failure(), "COMPARE_FALSE");
    let typed = Details { birth: Some(BirthDate::certain(date!(1990 - 02 - 16).into())), ..Details::default() };
    let entered = outcome(&Evidence { typed: Some(&typed), ..evidence(&zone) }, &Rules::default(), Check::TypedAgainstDocument);
    assert_eq!((entered.consequence, entered.claims), (Consequence::Person, vec![Claim::BirthDate]), "a typing error refuses nobody");
}

#[test]
fn a_typed_x_is_compared_with_what_the_document_says() {
    let against = |printed: Sex, typed: Sex| {
        let zone = zone(&MrzContent { sex: printed, ..content() });
        let typed = Details { sex: Some(typed), ..Details::default() };
        let entered = outcome(&Evidence { typed: Some(&typed), ..evidence(&zone) }, &Rules::default(), Check::TypedAgainstDocument);
        (entered.status, entered.claims)
    };
    assert_eq!(against(Sex::Female, Sex::Unspecified), (Status::Failed, vec![Claim::Sex]));
    assert_eq!(against(Sex::Unspecified, Sex::Unspecified), (Status::Passed, Vec::new()));
    assert_eq!(against(Sex::Unspecified, Sex::Female).0, Status::NotChecked, "a document that leaves it open contradicts nobody");
    assert_eq!(against(Sex::Female, Sex::Male).0, Status::Failed);
    // Zone and print: what one leaves open the other may say.
    let zone = zone(&content());
    let print = Details { sex: Some(Sex::Unspecified), ..print() };
    assert_eq!(status(&Evidence { print: Some(&print), ..evidence(&zone) }, Check::ZoneAgainstPrint).0, Status::Passed);
}

#[test]
fn an_enhanced_licence_agrees_with_its_zone() {
    let card = MrzContent {
        format: Format::Td1,
        document_code: "I".to_owned(),
        issuing_state: "USA".to_owned(),
        nationality: "USA".to_owned(),
        ..content()
    };
    let zone = zone(&card);
    let barcode = licence("02151990", "");
    let both = Evidence { barcode: Some(&barcode), ..evidence(&zone) };
    assert_eq!(status(&both, Check::ZoneAgainstBarcode).0, Status::Passed);
    assert_eq!(decide(&both, &Rules::default(), TODAY).overall, Overall::Ok);
    let spelt = named_licence("MULLER", "02151990", "");
    assert_eq!(status(&Evidence { barcode: Some(&spelt), ..both }, Check::ZoneAgainstBarcode), (Status::Failed, Consequence::Person));
    let other = licence("02161990", "");
    assert_eq!(status(&Evidence { barcode: Some(&other), ..both }, Check::ZoneAgainstBarcode), (Status::Failed, Consequence::Refuse));
    let marked = licence("02151990", "\nDDH02152008\nDDI02152009\nDDJ02152012");
    let marks = outcome(&Evidence { barcode: Some(&marked), ..both }, &Rules::default(), Check::Consistency);
    assert_eq!(marks.claims, [Claim::AgeMarks]);
}

#[test]
fn issuers_numbers_and_specimens() {
    let with = |content: MrzContent| zone(&content);
    let unknown = with(MrzContent { issuing_state: "QQZ".to_owned(), ..content() });
    assert_eq!(status(&evidence(&unknown), Check::IssuingState), (Status::Failed, Consequence::Person));
    let rules = Rules { issuers: vec!["DEU".to_owned()], ..Rules::default() };
    let german = with(MrzContent { issuing_state: "D".to_owned(), ..content() });
    assert_eq!(outcome(&evidence(&german), &rules, Check::IssuingState).status, Status::Passed);
    assert_eq!(outcome(&evidence(&with(content())), &rules, Check::IssuingState).consequence, Consequence::Refuse);
    let british = with(MrzContent { issuing_state: "GBR".to_owned(), document_number: "A12345678".to_owned(), ..content() });
    assert_eq!(status(&evidence(&british), Check::NumberFormat), (Status::Failed, Consequence::Person));
    assert_eq!(status(&evidence(&with(content())), Check::NumberFormat).0, Status::NotChecked, "how the Dutch number is not known here");
    let right = with(MrzContent { issuing_state: "GBR".to_owned(), document_number: "123456789".to_owned(), ..content() });
    assert_eq!(status(&evidence(&right), Check::NumberFormat).0, Status::Passed);
    let zeros = with(MrzContent { document_number: "000000000".to_owned(), ..content() });
    assert_eq!(status(&evidence(&zeros), Check::NumberFormat).0, Status::Failed);
    let utopia = with(MrzContent { issuing_state: "UTO".to_owned(), ..content() });
    assert_eq!(decide(&evidence(&utopia), &Rules::default(), TODAY).overall, Overall::Refused);
    let tests = Rules { allow_specimens: true, ..Rules::default() };
    assert_eq!(decide(&evidence(&utopia), &tests, TODAY).overall, Overall::Ok);
}

#[test]
fn portraits_and_duplicates() {
    let zone = zone(&content());
    let with = |portrait, duplicate| decide(&Evidence { portrait, duplicate, ..evidence(&zone) }, &Rules::default(), TODAY);
    let good = Portrait::Found { height_px: 90 };
    assert_eq!(with(good, DuplicateSearch::SamePerson).overall, Overall::Ok);
    let other = with(good, DuplicateSearch::OtherPerson);
    assert_eq!((other.overall, other.retry_document_capture, other.because), (Overall::Undecided, false, vec![Check::DuplicateNumber]));
    for portrait in [Portrait::Missing, Portrait::GhostOnly, Portrait::Found { height_px: 89 }] {
        let decision = with(portrait, DuplicateSearch::Unused);
        assert_eq!((decision.overall, decision.retry_document_capture), (Overall::Undecided, true), "{portrait:?}");
    }
}

#[test]
fn a_demanded_check_that_could_not_be_made_is_not_passed() {
    let zone = zone(&content());
    let unseen = Evidence { portrait: Portrait::NotLooked, ..evidence(&zone) };
    let decision = decide(&unseen, &Rules::default(), TODAY);
    assert_eq!((decision.overall, decision.because), (Overall::Undecided, vec![Check::PortraitPresent]));
    assert_eq!(decide(&unseen, &Rules { portrait_required: false, ..Rules::default() }, TODAY).overall, Overall::Ok);
    let lines: Vec<Line> = ["IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "9409923102854CORINNE<<<<<<<6512068F4"].map(Line::new).to_vec();
    let french = read(&lines, TODAY).expect("a zone");
    let decision = decide(&evidence(&french), &Rules::default(), TODAY);
    assert_eq!((decision.overall, decision.because), (Overall::Undecided, vec![Check::Expiry]), "this card prints no expiry in its zone");
}

#[test]
fn a_blank_expiry_date_goes_to_a_person() {
    let written = write(&content()).expect("content that fits");
    let mut data: Vec<char> = written[1].chars().collect();
    data[21..28].fill('<');
    let over: Vec<char> = [&data[0..10], &data[13..20], &data[21..43]].concat();
    data[43] = crate::documents::mrz::check_digit::check_digit(over).expect("allowed characters");
    let zone = read(&[Line::new(&written[0]), Line::new(&String::from_iter(data))], TODAY).expect("a zone");
    let decision = decide(&evidence(&zone), &Rules::default(), TODAY);
    assert_eq!((decision.overall, decision.retry_document_capture, decision.because), (Overall::Undecided, false, vec![Check::Expiry]));
}

#[test]
fn nothing_read_is_undecided_and_captured_again() {
    let decision = decide(&Evidence::default(), &Rules::default(), TODAY);
    assert_eq!((decision.overall, decision.retry_document_capture), (Overall::Undecided, true));
    assert!(decision.outcomes.iter().all(|o| o.status == Status::NotChecked));
    let print = print();
    let alone = decide(&Evidence { print: Some(&print), ..Evidence::default() }, &Rules::default(), TODAY);
    assert_eq!(alone.overall, Overall::Undecided, "print alone is never enough");
    let future = Details { issue: Some(date!(2026 - 01 - 02)), ..print.clone() };
    assert_eq!(
        status(&Evidence { print: Some(&future), ..Evidence::default() }, Check::NotYetValid),
        (Status::Failed, Consequence::Refuse)
    );
}

#[test]
fn services_see_every_check_under_a_name_of_its_own() {
    let outcomes = run(&Evidence::default(), &Rules::default(), TODAY);
    let names: std::collections::BTreeSet<&str> = outcomes.iter().map(|o| o.baf_entry().name).collect();
    assert_eq!(names.len(), outcomes.len());
    let entry = outcomes[0].baf_entry();
    assert_eq!((entry.status, entry.status_string, entry.display_name), (2, "Skipped", "MRZ"));
}

#[test]
fn characters_without_a_check_digit_must_be_sure() {
    let with = |place: usize, confidence: f32| {
        let lines: Vec<Line> = write(&content())
            .expect("content that fits")
            .iter()
            .enumerate()
            .map(|(i, l)| {
                let mut confidences = vec![0.9; l.len()];
                if i == 0 {
                    confidences[place] = confidence;
                }
                Line::with_confidences(l, &confidences)
            })
            .collect();
        let zone = read(&lines, TODAY).expect("a zone");
        let decision = decide(&evidence(&zone), &Rules::default(), TODAY);
        (decision.overall, decision.retry_document_capture)
    };
    assert_eq!(with(6, 0.9), (Overall::Ok, false));
    assert_eq!(with(6, 0.5), (Overall::Undecided, true), "a letter of the name");
    assert_eq!(with(40, 0.1), (Overall::Ok, false), "filler behind the name says nothing");
}

#[test]
fn the_living_face_the_chip_and_hints() {
    let zone = zone(&content());
    let with = |change: fn(&mut Evidence<'_>)| {
        let mut evidence = evidence(&zone);
        change(&mut evidence);
        decide(&evidence, &Rules::default(), TODAY).overall
    };
    assert_eq!(with(|e| e.comparison = Comparison::Made { matches: true, confidence: 0.9, for_documents: true }), Overall::Ok);
    assert_eq!(with(|e| e.comparison = Comparison::Made { matches: false, confidence: 0.1, for_documents: true }), Overall::Refused);
    assert_eq!(with(|e| e.comparison = Comparison::NotComparable), Overall::Undecided);
    assert_eq!(with(|e| e.chip = ChipAnswer::Refused), Overall::Refused);
    assert_eq!(with(|e| e.chip = ChipAnswer::Undecided), Overall::Ok, "an unknown issuer refuses nobody");
    assert_eq!(with(|e| e.chip = ChipAnswer::Genuine), Overall::Ok);
    assert_eq!(with(|e| e.chip = ChipAnswer::NotCompared), Overall::Undecided, "it may be the chip of another document");
    assert_eq!(with(|e| e.chip = ChipAnswer::ForAPerson), Overall::Undecided);
    // The portrait has to be captured again for other reasons: the chip is refused all the same.
    let unfit = |e: &mut Evidence<'_>| (e.chip, e.portrait) = (ChipAnswer::Refused, Portrait::Missing);
    assert_eq!(with(unfit), Overall::Refused);
    assert_eq!(
        with(|e| e.suspicions.screen_replay = Suspicion::Suspected { confidence: 0.9, sign: Sign::ScreenPixels }),
        Overall::Undecided
    );
    assert_eq!(with(|e| e.suspicions.photocopy = Suspicion::Suspected { confidence: 0.5, sign: Sign::NoColour }), Overall::Ok, "a hint");
    assert_eq!(
        with(|e| e.suspicions.tampering = Suspicion::Suspected { confidence: 0.9, sign: Sign::PortraitAskew }),
        Overall::Ok,
        "only ever a hint"
    );
}

#[test]
fn a_zone_in_a_symbol_never_stands_in_for_the_printed_one() {
    let printed = zone(&content());
    let same =
        read(&write(&content()).expect("content that fits").iter().map(|l| Line::new(l)).collect::<Vec<_>>(), TODAY).expect("a zone");
    let alone = Evidence { zone: None, symbol_zone: Some(&same), ..evidence(&printed) };
    let decision = decide(&alone, &Rules::default(), TODAY);
    assert_eq!((decision.overall, decision.because[0]), (Overall::Undecided, Check::CheckDigits));
    let digits = decision.outcomes.iter().find(|o| o.check == Check::CheckDigits).expect("made");
    assert_eq!((digits.status, digits.consequence), (Status::Failed, Consequence::Person));
    for check in [Check::Consistency, Check::Expiry, Check::IssuingState, Check::NumberFormat] {
        assert_eq!(status(&alone, check).0, Status::NotChecked, "{check:?} rests on what anybody can print");
    }
    assert_eq!(alone.document_numbers().len(), 1, "whose number it is can be asked all the same");
    let both = Evidence { symbol_zone: Some(&same), ..evidence(&printed) };
    assert_eq!(status(&both, Check::ZoneAgainstBarcode).0, Status::Passed);
    assert_eq!(decide(&both, &Rules::default(), TODAY).overall, Overall::Ok);
    let other = zone(&MrzContent { document_number: "XK7654321".to_owned(), primary: "Jansen".to_owned(), ..content() });
    let differs = outcome(&Evidence { symbol_zone: Some(&other), ..both }, &Rules::default(), Check::ZoneAgainstBarcode);
    assert_eq!((differs.status, differs.consequence), (Status::Failed, Consequence::Refuse));
    assert_eq!(differs.claims, [Claim::FamilyName, Claim::DocumentNumber]);
}

#[test]
fn two_documents_in_a_picture_are_captured_again() {
    let zone = zone(&content());
    let beside = |several_documents| decide(&Evidence { several_documents, ..evidence(&zone) }, &Rules::default(), TODAY);
    assert_eq!(beside(Some(false)).overall, Overall::Ok);
    let two = beside(Some(true));
    assert_eq!((two.overall, two.retry_document_capture, two.because), (Overall::Undecided, true, vec![Check::OneDocument]));
}

#[test]
fn a_picture_of_a_face_is_compared_and_never_accepted() {
    let zone = zone(&content());
    let matches = Comparison::Made { matches: true, confidence: 0.9, for_documents: true };
    let with = |living| decide(&Evidence { comparison: matches, living, ..evidence(&zone) }, &Rules::default(), TODAY);
    for living in [LivingFace::Picture, LivingFace::Open] {
        let decision = with(living);
        let answer = (decision.overall, decision.retry_document_capture, decision.because);
        assert_eq!(answer, (Overall::Undecided, false, vec![Check::LivingFace]), "{living:?}");
    }
    assert_eq!(with(LivingFace::Alive).overall, Overall::Ok);
    assert_eq!(with(LivingFace::Attack).overall, Overall::Refused);
}

#[test]
fn a_gallery_that_gives_no_answer_leaves_it_to_a_person() {
    let zone = zone(&content());
    let with = |duplicate| decide(&Evidence { duplicate, ..evidence(&zone) }, &Rules::default(), TODAY);
    let silent = with(DuplicateSearch::NoAnswer);
    assert_eq!((silent.overall, silent.because), (Overall::Undecided, vec![Check::DuplicateNumber]));
    assert_eq!(with(DuplicateSearch::NotLooked).overall, Overall::Ok, "nobody asked for it");
}
