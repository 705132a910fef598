//! The document step: taken, read, refused, taken again, decided about together with face and chip.

use super::*;
use crate::advice::Advice;
use crate::documents::checks::{Overall, Portrait, Status, Suspicion};
use crate::documents::mrz::{self, Line};
use crate::workflow::document::decision::{CheckGroup, DocumentDecision};
use crate::workflow::document::{DocumentPortrait, DocumentRead};
use proptest::prelude::*;
use time::macros::date;

const ZONE: [&str; 2] = ["P<FRADURAND<<AMELIE<<<<<<<<<<<<<<<<<<<<<<<<<", "18AB123451FRA9004230F3102112<<<<<<<<<<<<<<<4"];

fn read(zone: bool, templates: usize) -> Box<DocumentRead> {
    let lines: Vec<Line> = ZONE.iter().map(|l| Line::new(l)).collect();
    let picture = Arc::new(Frame::filled(Size::new(4, 4), [9; 3]));
    let template = assessment(AttemptId(0), PadOutcome::BonaFide).templates.remove(0).0;
    Box::new(DocumentRead {
        page: Arc::clone(&picture),
        zone: zone.then(|| mrz::read(&lines, date!(2026 - 11 - 21)).unwrap()),
        barcode: None,
        portrait: Portrait::Found { height_px: 200 },
        compared: Some(DocumentPortrait { picture, from_chip: false, templates: vec![template; templates] }),
        screen_replay: Suspicion::default(),
        photocopy: Suspicion::default(),
        chip: None,
    })
}

fn refusal() -> DocumentRefusal {
    DocumentRefusal { message: "nothing there".to_owned(), advice: Advice::input("DOC-58", "Lay it flat.") }
}

impl Bench {
    fn document(&mut self, result: Result<Box<DocumentRead>, DocumentRefusal>) -> &mut Self {
        let request = self.request;
        self.send(FlowEvent::DocumentRead { request, result })
    }

    fn decision(&self) -> Option<DocumentDecision> {
        match self.flow.outcome() {
            Some(Outcome::Document(decision)) => Some((**decision).clone()),
            _ => None,
        }
    }
}

fn begun() -> Bench {
    Bench::begun(FlowStart { attended: true, ..start(FlowKind::VerifyId) })
}

/// Up to the comparison of portrait and face.
fn compared_with(document: Box<DocumentRead>) -> Bench {
    let mut bench = begun();
    bench
        .input(FlowInput::TakeDocument)
        .show(&Scene { present: false, ..Scene::default() }, 1)
        .document(Ok(document))
        .face(PadOutcome::BonaFide);
    bench
}

#[test]
fn from_the_frame_to_the_decision() {
    let mut bench = compared_with(read(true, 1));
    bench.compared(Ok(Some(comparison(true))));
    assert_eq!(
        bench.log,
        [
            "  camera true",
            "  preview true",
            "= document, reading false, refused false",
            "  read DocumentSource::Frame(1280x720), known false",
            "= document, reading true, refused false",
            "  preview false",
            "  camera true",
            "  preview true",
            "= face Positioning",
            "= face Holding",
            "= face Capturing",
            "  assess 4 shots",
            "= face Assessing",
            "  preview false",
            "  camera false",
            "  compare the portrait",
            "= working-comparing",
            "= decided Ok",
        ]
    );
    let decision = bench.decision().unwrap();
    assert!(decision.because.is_empty() && decision.portrait.is_some() && decision.face.is_some());
    assert!(decision.fields.iter().any(|(name, value)| *name == "family-name" && value.0 == "DURAND"));
    let Some(AuditEvent::FlowEnded { outcome, subject, .. }) = bench.end() else { panic!("{:?}", bench.audit) };
    assert_eq!((outcome.as_str(), subject), ("accepted", &None));
}

#[test]
fn a_picture_without_a_document_is_taken_again() {
    let mut bench = begun();
    bench.input(FlowInput::OpenDocument("scan.png".into())).document(Err(refusal()));
    assert_eq!(bench.screen(), "= document, reading false, refused true");
    bench.next().show(&Scene::default(), 3);
    assert_eq!(bench.screen(), "= document, reading true, refused false");
    let reads = bench.log.iter().filter(|l| l.starts_with("  read")).count();
    assert_eq!(reads, 2, "one frame is taken, not every one that follows");
    bench.wait(60_000);
    assert_eq!(bench.screen(), "= document, reading false, refused true");
    // The answer that comes too late changes nothing.
    bench.document(Ok(read(true, 1)));
    assert_eq!(bench.screen(), "= document, reading false, refused true");
    bench.input(FlowInput::Cancel);
    assert!(bench.flow.is_over());
}

#[test]
fn faces_decide_with_the_document() {
    let decide = |document, found| {
        let mut bench = compared_with(document);
        bench.compared(Ok(found));
        bench.decision().map(|d| (d.overall, d.because.len()))
    };
    assert_eq!(decide(read(true, 1), Some(comparison(true))), Some((Overall::Ok, 0)));
    assert_eq!(decide(read(true, 1), Some(comparison(false))).map(|d| d.0), Some(Overall::Refused));
    assert_eq!(decide(read(true, 1), None).map(|d| d.0), Some(Overall::Undecided));
    assert_eq!(decide(read(false, 1), Some(comparison(true))).map(|d| d.0), Some(Overall::Undecided));
    // Without a portrait to compare nothing is asked for.
    let bench = compared_with(read(true, 0));
    assert_eq!(bench.decision().map(|d| d.overall), Some(Overall::Undecided));
    // Numbers that contradict their decision are no comparison.
    let mut bench = compared_with(read(true, 1));
    bench.compared(Ok(Some(Comparison { decision: VerificationDecision::Match, ..comparison(false) })));
    assert_eq!(bench.screen(), "= refused FLW-32 refused-not-compared");
}

#[test]
fn an_attack_never_reaches_a_decision() {
    let mut bench = begun();
    bench.input(FlowInput::TakeDocument).show(&Scene::default(), 1).document(Ok(read(true, 1)));
    for _ in 0..6 {
        bench.face(PadOutcome::Attack).input(FlowInput::Retry);
    }
    assert_eq!(bench.decision(), None);
}

#[test]
fn the_document_is_taken_again_and_the_face_stays() {
    let mut bench = compared_with(read(false, 1));
    bench.compared(Ok(Some(comparison(true))));
    let first = bench.decision().unwrap();
    assert_eq!((first.overall, first.retry), (Overall::Undecided, true));
    bench.input(FlowInput::RetakeDocument).input(FlowInput::TakeDocument).show(&Scene::default(), 1).document(Ok(read(true, 1)));
    assert_eq!(bench.screen(), "= working-comparing");
    bench.compared(Ok(Some(comparison(true))));
    assert_eq!(bench.decision().map(|d| d.overall), Some(Overall::Ok));
    let assessed = bench.log.iter().filter(|l| l.starts_with("  assess")).count();
    assert_eq!(assessed, 1, "nobody is asked for their face twice");
}

#[test]
fn the_files_of_a_chip_are_added_to_the_decision() {
    let mut bench = compared_with(read(true, 1));
    bench.compared(Ok(Some(comparison(true)))).input(FlowInput::OpenChip("chip".into()));
    assert!(bench.log.contains(&"  read DocumentSource::Chip, known true".to_owned()));
    bench.document(Err(refusal())).compared(Ok(Some(comparison(true))));
    let decision = bench.decision().unwrap();
    let line = decision.lines.iter().find(|l| l.group == CheckGroup::Chip).unwrap();
    assert_eq!((decision.overall, line.status), (Overall::Ok, Status::NotChecked));
    assert!(line.reason.contains("nothing there"));
    // Read without its chip's authority: as if it had not been read.
    let mut with_chip = read(true, 1);
    let files = crate::documents::chip::ChipFiles::new();
    let question = crate::documents::chip::Question {
        files: &files,
        trust: &crate::documents::chip::Trust::new(),
        printed: None,
        today: date!(2026 - 11 - 21),
        now: start(FlowKind::VerifyId).today,
        rules: Default::default(),
    };
    with_chip.chip = Some(crate::documents::chip::verify(&question));
    bench.input(FlowInput::OpenChip("chip".into())).document(Ok(with_chip)).compared(Ok(Some(comparison(true))));
    let decision = bench.decision().unwrap();
    assert_eq!(decision.lines.iter().filter(|l| l.group == CheckGroup::Chip).count(), 12);
    assert_eq!(decision.overall, Overall::Ok);
}

proptest! {
    /// Whatever happens in whatever order: accepted means that a zone was read, the faces match and the face is alive.
    #[test]
    fn nothing_is_accepted_without_its_reasons(acts in prop::collection::vec((0u8..14, 0u8..3), 1..40)) {
        let mut bench = begun();
        let (mut zone, mut alive, mut matched) = (false, false, false);
        for (act, way) in acts {
            match act {
                0 => _ = bench.input(FlowInput::TakeDocument),
                1 => _ = bench.input(FlowInput::OpenDocument("scan.png".into())),
                2 => _ = bench.input(FlowInput::OpenChip("chip".into())),
                3 => _ = bench.input(FlowInput::RetakeDocument),
                4 => _ = bench.show(&Scene::default(), 9),
                5 | 6 => {
                    let reading = matches!(bench.flow.view(ms(bench.now)).view, StepView::Document(view) if view.reading);
                    zone = if reading && way != 2 { way == 0 } else { zone };
                    _ = bench.document(if way == 2 { Err(refusal()) } else { Ok(read(way == 0, 1)) });
                }
                7 | 8 => {
                    let outcome = [PadOutcome::BonaFide, PadOutcome::Attack, PadOutcome::NonResponse][usize::from(way)];
                    alive |= outcome == PadOutcome::BonaFide;
                    _ = bench.assessed(outcome);
                }
                9 | 10 => {
                    // An answer that nobody waits for changes nothing.
                    matched = if bench.screen() == "= working-comparing" { way == 0 } else { matched };
                    _ = bench.compared(Ok([Some(comparison(true)), Some(comparison(false)), None][usize::from(way)]));
                }
                11 => _ = bench.input(FlowInput::Retake),
                12 => _ = bench.input(FlowInput::Back),
                _ => _ = bench.next(),
            }
            if let Some(decision) = bench.decision()
                && decision.overall == Overall::Ok
            {
                prop_assert!(zone && alive && matched, "{}", bench.log.join("\n"));
            }
        }
    }
}
