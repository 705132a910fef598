//! What the person stated: typed by an officer, waited for, compared as the command line compares it, forgotten.

use super::document::{ZONE, begun, document_view, page, read};
use super::*;
use crate::documents::checks::{Check, Claim, Comparison as Compared, Details, LivingFace, Outcome as Found, Rules, Status, Suspicion};
use crate::documents::document_type::PageShape;
use crate::documents::mrz::{self, Line};
use crate::documents::zone::search;
use crate::geometry::Point;
use crate::phrase::Phrase;
use crate::runtime::document::answer::{Beside, answer};
use crate::runtime::document::reading::{DocumentPortrait, Side, SideTimes};
use crate::runtime::document::typed;
use crate::workflow::document::decision::{CheckLine, DocumentDecision};

fn state(bench: &mut Bench, fields: &[(&str, &str)]) {
    bench.input(FlowInput::StateDetails);
    for (key, text) in fields {
        bench.input(FlowInput::FieldChanged { key: (*key).to_owned(), value: SensitiveText((*text).to_owned()) });
    }
}

/// What the desk decides about a document in order with these details stated.
fn at_the_desk(fields: &[(&str, &str)]) -> DocumentDecision {
    let mut bench = begun();
    state(&mut bench, fields);
    bench.input(FlowInput::StatedDone);
    bench.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1))).face(PadOutcome::BonaFide);
    bench.portrait_compared(Ok(Some(comparison(true))));
    bench.decision().expect("a decision")
}

/// What the command line decides about the same document with the same details in a file.
fn on_the_command_line(file: Option<&str>) -> (crate::documents::checks::Overall, Found) {
    let typed: Option<Details> = file.map(|text| typed::read(text).expect("typed details"));
    let lines = ZONE.map(Line::new);
    let today = start(FlowKind::VerifyId).today;
    let corners = [(0.0, 80.0), (100.0, 80.0), (100.0, 95.0), (0.0, 95.0)].map(|(x, y)| Point::new(x, y));
    let reading = mrz::read(&lines, today).expect("a zone");
    let side = Side {
        size: Size::new(100, 100),
        zone: Some(search::Found { reading, corners, capitals: 20.0, weakest: 0.9, others: 0 }),
        symbol: None,
        portrait: Some(DocumentPortrait {
            corners,
            height_px: 200,
            capture_score: 60.0,
            crop: Frame::filled(Size::new(4, 4), [90; 3]),
            template: None,
        }),
        signature: None,
        ghosts: 0,
        ratio: None,
        page: None,
        signs: None,
        tampering: Suspicion::NotLooked,
        remarks: Vec::new(),
        times: SideTimes::default(),
    };
    let number = NumberSearch { found: DuplicateSearch::Unused, record: None };
    let beside = Beside {
        typed: typed.as_ref(),
        comparison: Compared::Made { matches: true, confidence: 0.95, for_documents: true },
        living: LivingFace::Alive,
        captures: 1,
        number: Some(&number),
        ..Beside::default()
    };
    let answered = answer(&[&side], beside, None, &Rules::default(), today);
    let outcome = answered.values.outcomes.into_iter().find(|o| o.check == Check::TypedAgainstDocument).expect("the check");
    (answered.values.overall, outcome)
}

fn compared(decision: &DocumentDecision) -> CheckLine {
    decision.lines.iter().find(|l| l.title == Phrase::from(Check::TypedAgainstDocument)).expect("the check").clone()
}

#[test]
fn what_is_stated_counts_as_it_does_on_the_command_line() {
    use crate::documents::checks::Overall::{Ok, Undecided};
    for (fields, file, overall, differing) in [
        (vec![("family_name", "Durand")], r#"{"family_name":"Durand"}"#, Ok, vec![]),
        (vec![("family_name", "DUPONT")], r#"{"family_name":"DUPONT"}"#, Undecided, vec![Claim::FamilyName]),
        (vec![("given_names", " Amélie ")], r#"{"given_names":"Amélie"}"#, Ok, vec![]),
        (vec![("given_names", "Agathe")], r#"{"given_names":"Agathe"}"#, Undecided, vec![Claim::GivenNames]),
        (vec![("birth_date", "23.4.1990")], r#"{"birth_date":"1990-04-23"}"#, Ok, vec![]),
        (vec![("birth_date", "24/04/1990")], r#"{"birth_date":"1990-04-24"}"#, Undecided, vec![Claim::BirthDate]),
        (vec![("document_number", "18 ab 12345")], r#"{"document_number":"18AB12345"}"#, Ok, vec![]),
        (
            vec![("family_name", "Dupont"), ("document_number", "18AB12346")],
            r#"{"family_name":"Dupont","document_number":"18AB12346"}"#,
            Undecided,
            vec![Claim::FamilyName, Claim::DocumentNumber],
        ),
    ] {
        let desk = at_the_desk(&fields);
        let (said, outcome) = on_the_command_line(Some(file));
        assert_eq!((desk.overall, said), (overall, overall), "{fields:?}");
        assert_eq!(compared(&desk), CheckLine::from(&outcome), "{fields:?}");
        let otherwise: Vec<Claim> = desk.stated_otherwise.iter().map(|(claim, _)| *claim).collect();
        assert_eq!((&outcome.claims, otherwise), (&differing, differing.clone()), "{fields:?}");
        let because = desk.because.contains(&Check::TypedAgainstDocument.into());
        assert_eq!(because, !differing.is_empty(), "{fields:?}");
    }
}

#[test]
fn nothing_stated_changes_nothing() {
    let without = {
        let mut bench = begun();
        bench.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1))).face(PadOutcome::BonaFide);
        bench.portrait_compared(Ok(Some(comparison(true))));
        bench.decision().unwrap()
    };
    let (overall, outcome) = on_the_command_line(None);
    assert_eq!((without.overall, compared(&without)), (overall, CheckLine::from(&outcome)));
    assert_eq!(outcome.status, Status::NotChecked);
    for fields in [vec![], vec![("family_name", "  "), ("birth_date", "")]] {
        let opened = at_the_desk(&fields);
        assert_eq!((opened.overall, opened.because, opened.lines), (without.overall, without.because.clone(), without.lines.clone()));
    }
}

#[test]
fn whoever_types_is_waited_for_and_what_is_wrong_is_mended_first() {
    let mut bench = begun();
    state(&mut bench, &[("family_name", "Dupont"), ("birth_date", "31.04.1990")]);
    bench.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1)));
    let stated = |bench: &Bench| document_view(bench).stated.expect("an officer types");
    assert!(stated(&bench).open && stated(&bench).waited_for && !document_view(&bench).reading);
    let problem = |bench: &Bench| stated(bench).fields[2].problem_key;
    assert_eq!(problem(&bench), Some("problem-stated-day"), "said while it is typed");
    // By its button, and by whatever else leads on.
    for input in [FlowInput::StatedDone, FlowInput::Next, FlowInput::TakeDocument] {
        bench.input(input);
        assert!(stated(&bench).open, "the date is wrong");
    }
    bench.input(FlowInput::FieldChanged { key: "birth_date".into(), value: SensitiveText("23.04.19".into()) });
    bench.input(FlowInput::FieldLeft { key: "birth_date".into() });
    assert_eq!((problem(&bench), stated(&bench).born), (Some("problem-stated-date"), None));
    bench.input(FlowInput::FieldChanged { key: "birth_date".into(), value: SensitiveText("23.04.1990".into()) });
    assert_eq!((problem(&bench), stated(&bench).born), (None, UtcTime::from_rfc3339("1990-04-23T00:00:00Z")));
    bench.input(FlowInput::StatedDone).face(PadOutcome::BonaFide).portrait_compared(Ok(Some(comparison(true))));
    let decision = bench.decision().unwrap();
    assert_eq!(compared(&decision).values.len(), 1, "only the name differs");
    // Taken again, what was stated stays; cleared, it is gone.
    bench.input(FlowInput::RetakeDocument);
    assert_eq!(stated(&bench).fields[0].value.0, "Dupont");
    bench.input(FlowInput::StateDetails).lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1)));
    bench.input(FlowInput::ForgetStated).portrait_compared(Ok(Some(comparison(true))));
    assert_eq!(compared(&bench.decision().unwrap()).status, Status::NotChecked);
}

#[test]
fn what_was_stated_ends_with_the_flow_and_no_subject_alone_is_asked() {
    let mut bench = begun();
    state(&mut bench, &[("family_name", "Dupont")]);
    assert!(bench.flow.gathered.stated.details().is_some());
    assert!(!format!("{:?}", bench.flow).contains("Dupont"), "no log can say it");
    bench.input(FlowInput::Cancel);
    assert!(bench.flow.is_over() && bench.flow.gathered.stated.details().is_none() && !bench.flow.gathered.stated.open);
    let mut alone = Bench::begun(start(FlowKind::VerifyId));
    state(&mut alone, &[("family_name", "Dupont")]);
    assert_eq!(document_view(&alone).stated, None);
    assert!(alone.flow.gathered.stated.details().is_none());
    // Nor while only the files of the chip are read.
    let mut chip = begun();
    chip.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1))).face(PadOutcome::BonaFide);
    chip.portrait_compared(Ok(Some(comparison(true)))).input(FlowInput::OpenChip("chip".into()));
    state(&mut chip, &[("family_name", "Dupont")]);
    assert_eq!(document_view(&chip).stated, None);
}
