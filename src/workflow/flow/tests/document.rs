//! The document step: taken, read, refused, taken again, decided about together with face and chip.

use super::*;
use crate::advice::Advice;
use crate::config::Effective;
use crate::documents::checks::{Check, Claim, Overall, Portrait, Status, Suspicions};
use crate::documents::document_type::PageShape;
use crate::documents::mrz::{self, Line};
use crate::documents::picture::measures::Strip;
use crate::documents::picture::{Found, Look, Measures, PageForm, Quad};
use crate::geometry::{Point, Rect};
use crate::imaging::luminance::Plane;
use crate::phrase::Phrase;
use crate::workflow::document::decision::{CheckGroup, DocumentDecision};
use crate::workflow::document::words::{self, Value};
use crate::workflow::document::{DocumentPortrait, DocumentRead, PortraitComparison};
use crate::workflow::document_capture::DocumentObservation;
use crate::workflow::document_capture::instruction::Instruction;
use crate::workflow::view::DocumentView;
use proptest::prelude::*;
use time::macros::date;

pub(super) const ZONE: [&str; 2] = ["P<FRADURAND<<AMELIE<<<<<<<<<<<<<<<<<<<<<<<<<", "18AB123451FRA9004230F3102112<<<<<<<<<<<<<<<4"];

pub(super) fn read(zone: bool, templates: usize) -> Box<DocumentRead> {
    let lines: Vec<Line> = ZONE.iter().map(|l| Line::new(l)).collect();
    let picture = Arc::new(Frame::filled(Size::new(4, 4), [9; 3]));
    let template = assessment(AttemptId(0), PadOutcome::BonaFide).templates.remove(0).0;
    Box::new(DocumentRead {
        page: Arc::clone(&picture),
        other_page: None,
        zone: zone.then(|| mrz::read(&lines, date!(2026 - 11 - 21)).unwrap()),
        barcode: None,
        symbol_zone: None,
        several: Some(false),
        portrait: Portrait::Found { height_px: 200 },
        signature: None,
        compared: Some(DocumentPortrait { picture, from_chip: false, templates: vec![template; templates] }),
        suspicions: Suspicions::default(),
        chip: None,
    })
}

fn refusal() -> DocumentRefusal {
    DocumentRefusal { message: "nothing there".to_owned(), advice: Advice::input("DOC-58", "Lay it flat.") }
}

impl Bench {
    /// Frames in which the capture sees what `measures` say, or nothing.
    pub(super) fn lay(&mut self, document: Option<(Found, Measures)>, frames: usize) -> &mut Self {
        for _ in 0..frames {
            self.now += 66;
            self.frames += 1;
            let frame = CapturedFrame {
                frame: Arc::new(Frame::filled(Size::new(1280, 720), [90; 3])),
                number: self.frames,
                captured_at: ms(self.now),
                origin: Origin::Camera,
            };
            let (found, measures) = (document.iter().map(|(f, _)| *f).collect(), document.map(|(_, m)| m));
            self.send(FlowEvent::DocumentSeen(Box::new(DocumentObservation { frame, found, measures })));
        }
        self
    }

    pub(super) fn document(&mut self, result: Result<Box<DocumentRead>, DocumentRefusal>) -> &mut Self {
        let request = self.request;
        self.send(FlowEvent::DocumentRead { request, result })
    }

    pub(super) fn portrait_compared(&mut self, result: Result<Option<Comparison>, Fault>) -> &mut Self {
        let request = self.request;
        let judged = |found| PortraitComparison { found, for_documents: true, measured_on: "printed people".to_owned() };
        self.send(FlowEvent::PortraitCompared { request, result: result.map(|found| found.map(judged)) })
    }

    pub(super) fn decision(&self) -> Option<DocumentDecision> {
        match self.flow.outcome() {
            Some(Outcome::Document(decision)) => Some((**decision).clone()),
            _ => None,
        }
    }
}

/// A page that lies as it should. `dark_rows`: how much of its picture is dark from above, so that two sides differ.
pub(super) fn page(shape: PageShape, dark_rows: u32) -> (Found, Measures) {
    let size = Size::new(32, 22);
    let values = (0..size.height).flat_map(|y| (0..size.width).map(move |x| if y < dark_rows && x < 20 { 60 } else { 210 })).collect();
    let look = Look::of(&Plane { size, values });
    let corners = Quad([(250.0, 60.0), (1040.0, 60.0), (1040.0, 617.0), (250.0, 617.0)].map(|(x, y)| Point::new(x, y)));
    let form = PageForm { shape, ratio: shape.ratio(), skew: 0.0, long_side: 0 };
    let strip = Strip { area_mm: Rect::new(1.0, 65.0, 83.0, 22.0), density: 0.1, glare: 0.0, lines: 2 };
    let measures = Measures {
        fill: 0.48,
        margin_px: 60.0,
        resolution: 6.3,
        tilt_deg: 3.0,
        ratio_deviation: 0.01,
        brightness: 200.0,
        saturated: 0.0,
        glare_mm: None,
        strips: [strip; 2],
        rise_mm: Some(0.25),
        look,
    };
    (Found { corners, form, confidence: 0.9 }, measures)
}

pub(super) fn document_view(bench: &Bench) -> DocumentView {
    match bench.flow.view(ms(bench.now)).view {
        StepView::Document(view) => view,
        other => panic!("{other:?}"),
    }
}

pub(super) fn begun() -> Bench {
    Bench::begun(FlowStart { attended: true, ..start(FlowKind::VerifyId) })
}

/// Up to the comparison of portrait and face.
fn compared_with(document: Box<DocumentRead>) -> Bench {
    let mut bench = begun();
    bench.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(document)).face(PadOutcome::BonaFide);
    bench
}

#[test]
fn from_the_frame_to_the_decision() {
    let mut bench = compared_with(read(true, 1));
    bench.portrait_compared(Ok(Some(comparison(true))));
    assert_eq!(
        bench.log,
        [
            "  camera true",
            "  look for documents true",
            "  preview true",
            "= document, reading false, refused false",
            "  preview false",
            "  read DocumentSource::Shots(1), known false",
            "= document, reading true, refused false",
            "  look for documents false",
            "  camera true",
            "  preview true",
            "= face Positioning",
            "= face Holding",
            "= face Capturing",
            "  assess 4 shots",
            "= face Assessing",
            "  preview false",
            "  camera false",
            "  look up 1 numbers",
            "  compare the portrait",
            "= working-comparing",
            "= decided Ok",
        ]
    );
    let decision = bench.decision().unwrap();
    assert!(decision.because.is_empty() && decision.portrait.is_some() && decision.face.is_some());
    assert!(decision.fields.iter().any(|(name, value)| *name == Claim::FamilyName && value.0 == "DURAND"));
    let Some(AuditEvent::FlowEnded { outcome, subject, .. }) = bench.end() else { panic!("{:?}", bench.audit) };
    assert_eq!((outcome.as_str(), subject), ("accepted", &None));
}

#[test]
fn whoever_holds_the_number_already_is_named_to_an_officer_alone() {
    let taken = |found, attended| {
        let mut bench = Bench::begun(FlowStart { attended, ..start(FlowKind::VerifyId) });
        bench.number = Some(NumberSearch { found, record: Some("ABCD01X9".into()) });
        bench.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1))).face(PadOutcome::BonaFide);
        bench.portrait_compared(Ok(Some(comparison(true))));
        let decision = bench.decision().unwrap();
        let line = decision.lines.iter().find(|l| l.title == Phrase::from(Check::DuplicateNumber)).unwrap().clone();
        (decision.overall, line.status, line.values)
    };
    let record = vec![(Value::Record.into(), "ABCD01X9".into())];
    assert_eq!(taken(DuplicateSearch::SamePerson, true), (Overall::Ok, Status::Passed, record.clone()));
    assert_eq!(taken(DuplicateSearch::OtherPerson, true), (Overall::Undecided, Status::Failed, record.clone()));
    assert_eq!(taken(DuplicateSearch::NotCompared, true), (Overall::Undecided, Status::Failed, record));
    assert_eq!(taken(DuplicateSearch::OtherPerson, false), (Overall::Undecided, Status::Failed, Vec::new()));
}

#[test]
fn a_gallery_that_does_not_answer_about_the_number_is_asked_again() {
    let mut bench = begun();
    bench.number = None;
    bench.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1))).face(PadOutcome::BonaFide);
    assert_eq!(bench.screen(), "= working-searching");
    let request = bench.request;
    bench.send(FlowEvent::NumberLookedUp { request, result: Err(Fault::gallery("GAL-09")) });
    assert_eq!(bench.screen(), "= trouble GAL-09 recovering false");
    bench.number = Some(NumberSearch { found: DuplicateSearch::Unused, record: None });
    bench.input(FlowInput::Retry).portrait_compared(Ok(Some(comparison(true))));
    assert_eq!(bench.decision().map(|d| d.overall), Some(Overall::Ok));
}

#[test]
fn a_picture_without_a_document_is_taken_again() {
    let mut bench = begun();
    bench.input(FlowInput::OpenDocument("scan.png".into())).document(Err(refusal()));
    assert_eq!(bench.screen(), "= document, reading false, refused true");
    // The live capture went on; a frame that does not comply is taken by hand.
    bench.next().lay(None, 3);
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
fn a_card_is_captured_on_both_sides_and_pages_taken_are_shown() {
    let mut bench = begun();
    bench.lay(Some(page(PageShape::Id1, 6)), 4);
    let view = document_view(&bench);
    assert_eq!(view.pages.len(), 1);
    assert_eq!(view.pages[0].size(), Size::new(428, 270), "flattened");
    assert!(view.capture.is_some_and(|c| c.turning && c.instruction == Instruction::TurnOver));
    bench.lay(Some(page(PageShape::Id1, 6)), 8);
    assert_eq!(document_view(&bench).pages.len(), 1, "the same side is not taken twice");
    bench.lay(None, 2).lay(Some(page(PageShape::Id1, 14)), 5);
    assert!(bench.log.contains(&"  read DocumentSource::Shots(2), known false".to_owned()), "{:#?}", bench.log);
    // Or without the other one, when somebody says so; and begun again, with nothing kept.
    for (input, sides) in [(FlowInput::OneSideOnly, 1), (FlowInput::RetakeDocument, 0)] {
        let mut bench = begun();
        bench.lay(Some(page(PageShape::Id1, 6)), 4).input(input);
        assert_eq!((document_view(&bench).reading, document_view(&bench).pages.len()), (sides == 1, sides));
    }
}

#[test]
fn a_lost_camera_and_time_that_is_up_have_names_and_a_way_on() {
    let mut bench = begun();
    bench.lay(Some(page(PageShape::Id2OrId3, 6)), 3).send(FlowEvent::Lost(Fault::camera("CAM-04")));
    let view = document_view(&bench);
    assert_eq!((view.live, view.capture.and_then(|c| c.code)), (false, Some("CAM-04")));
    bench.lay(Some(page(PageShape::Id2OrId3, 6)), 9);
    assert!(!document_view(&bench).reading, "nothing is taken during a fault");
    bench.send(FlowEvent::Recovered).lay(Some(page(PageShape::Id2OrId3, 6)), 3);
    assert!(!document_view(&bench).reading, "the run before the fault does not count");
    bench.wait(61_000);
    assert_eq!(document_view(&bench).capture.and_then(|c| c.code), Some("DOC-62"));
    bench.next().lay(Some(page(PageShape::Id2OrId3, 6)), 4);
    assert!(document_view(&bench).reading, "begun again");
    // What was captured by itself and is no use waits for a person.
    bench.document(Err(refusal())).lay(Some(page(PageShape::Id2OrId3, 6)), 20);
    let view = document_view(&bench);
    assert_eq!((view.reading, view.refusal.is_some()), (false, true));
}

#[test]
fn faces_decide_with_the_document() {
    let decide = |document, found| {
        let mut bench = compared_with(document);
        bench.portrait_compared(Ok(found));
        bench.decision().map(|d| (d.overall, d.because.len()))
    };
    assert_eq!(decide(read(true, 1), Some(comparison(true))), Some((Overall::Ok, 0)));
    assert_eq!(decide(read(true, 1), Some(comparison(false))).map(|d| d.0), Some(Overall::Refused));
    assert_eq!(decide(read(true, 1), None).map(|d| d.0), Some(Overall::Undecided));
    assert_eq!(decide(read(false, 1), Some(comparison(true))).map(|d| d.0), Some(Overall::Undecided));
    // Without a portrait to compare nothing is asked for.
    let bench = compared_with(read(true, 0));
    assert_eq!(bench.decision().map(|d| d.overall), Some(Overall::Undecided));
    // One too small to be compared shows nobody else.
    let mut small = read(true, 1);
    small.portrait = Portrait::Found { height_px: 40 };
    let bench = compared_with(small);
    assert_eq!(bench.decision().map(|d| (d.overall, d.retry)), Some((Overall::Undecided, true)));
    // Numbers that contradict their decision are no comparison.
    let mut bench = compared_with(read(true, 1));
    bench.portrait_compared(Ok(Some(Comparison { decision: VerificationDecision::Match, ..comparison(false) })));
    assert_eq!(bench.screen(), "= refused FLW-32 refused-not-compared");
}

/// What is decided about a document in order under a configuration, and why.
fn configured(text: &str, today: time::Date) -> (Overall, Vec<Phrase>) {
    let config = Effective::from_layers(Some(&format!("[documents]\n{text}\n")), &[]).unwrap().config;
    let start = FlowStart { attended: true, today, ..start(FlowKind::VerifyId) };
    let mut bench = Bench::new(FlowSetup::from_config(start, &config, profile("quick")));
    bench.send(FlowEvent::Begin);
    bench.lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1))).face(PadOutcome::BonaFide);
    bench.portrait_compared(Ok(Some(comparison(true))));
    bench.decision().map(|d| (d.overall, d.because)).unwrap()
}

#[test]
fn what_the_configuration_demands_of_documents_is_demanded() {
    let today = date!(2026 - 11 - 21);
    let refused = |check: Check| (Overall::Refused, vec![check.into()]);
    let accepted = (Overall::Ok, Vec::new());
    assert_eq!(configured("", today), accepted);
    assert_eq!(configured("minimum_age = 18\nmaximum_age = 36\nissuers = [\"D\", \"FRA\"]", today), accepted);
    assert_eq!(configured("minimum_age = 37", today), refused(Check::MinimumAge));
    assert_eq!(configured("maximum_age = 35", today), refused(Check::MaximumAge));
    assert_eq!(configured("issuers = [\"D\"]", today), refused(Check::IssuingState));
    // A code that nobody checked lets no other issuer in.
    assert_eq!(configured("issuers = [\"FRE\"]", today), refused(Check::IssuingState));
    let ten_days_late = date!(2031 - 02 - 21);
    assert_eq!(configured("", ten_days_late), refused(Check::Expiry));
    assert_eq!(configured("expired_days = 9", ten_days_late), refused(Check::Expiry));
    assert_eq!(configured("expired_days = 10", ten_days_late), accepted);
    assert_eq!(configured("refuse_expired = false", ten_days_late), accepted);
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
    bench.portrait_compared(Ok(Some(comparison(true))));
    let first = bench.decision().unwrap();
    assert_eq!((first.overall, first.retry), (Overall::Undecided, true));
    bench.input(FlowInput::RetakeDocument).lay(Some(page(PageShape::Id2OrId3, 6)), 4).document(Ok(read(true, 1)));
    assert_eq!(bench.screen(), "= working-comparing");
    bench.portrait_compared(Ok(Some(comparison(true))));
    assert_eq!(bench.decision().map(|d| d.overall), Some(Overall::Ok));
    let assessed = bench.log.iter().filter(|l| l.starts_with("  assess")).count();
    assert_eq!(assessed, 1, "nobody is asked for their face twice");
}

#[test]
fn the_files_of_a_chip_are_added_to_the_decision() {
    let mut bench = compared_with(read(true, 1));
    bench.portrait_compared(Ok(Some(comparison(true)))).input(FlowInput::OpenChip("chip".into()));
    assert!(bench.log.contains(&"  read DocumentSource::Chip, known true".to_owned()));
    bench.document(Err(refusal())).portrait_compared(Ok(Some(comparison(true))));
    let decision = bench.decision().unwrap();
    let line = decision.lines.iter().find(|l| l.title == words::Title::ChipFiles.into()).unwrap();
    assert_eq!((decision.overall, line.status), (Overall::Ok, Status::NotChecked));
    assert!(line.reason.english.contains("nothing there"));
    // Read without its chip's authority: as if it had not been read.
    let mut with_chip = read(true, 1);
    let files = crate::documents::chip::ChipFiles::new();
    let question = crate::documents::chip::Question {
        files: &files,
        trust: &crate::documents::chip::Trust::new(),
        printed: None,
        today: date!(2026 - 11 - 21),
        now: start(FlowKind::VerifyId).begun_at,
        rules: Default::default(),
    };
    with_chip.chip = Some(crate::documents::chip::verify(&question));
    bench.input(FlowInput::OpenChip("chip".into())).document(Ok(with_chip)).portrait_compared(Ok(Some(comparison(true))));
    let decision = bench.decision().unwrap();
    assert_eq!(decision.lines.iter().filter(|l| l.group == CheckGroup::Chip).count(), 13, "the chip as a whole and its twelve checks");
    assert_eq!(decision.overall, Overall::Ok);
}

proptest! {
    /// Whatever happens in whatever order: accepted means that a zone was read, the faces match and the face is alive.
    #[test]
    fn nothing_is_accepted_without_its_reasons(acts in prop::collection::vec((0u8..14, 0u8..3), 1..40)) {
        let mut bench = begun();
        let (mut zone, mut alive, mut matched) = (false, false, false);
        let known = words::known();
        for (act, way) in acts {
            match act {
                0 => _ = bench.input(FlowInput::TakeDocument),
                1 => _ = bench.input(FlowInput::OpenDocument("scan.png".into())),
                2 => _ = bench.input(FlowInput::OpenChip("chip".into())),
                3 => _ = bench.input(FlowInput::RetakeDocument),
                4 => _ = bench.show(&Scene::default(), 9).lay((way > 0).then(|| page(PageShape::Id1, u32::from(way) * 6)), 5),
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
                    _ = bench.portrait_compared(Ok([Some(comparison(true)), Some(comparison(false)), None][usize::from(way)]));
                }
                11 => _ = bench.input(FlowInput::Retake),
                12 => _ = bench.input(FlowInput::Back),
                _ => _ = bench.next(),
            }
            let Some(decision) = bench.decision() else { continue };
            for phrase in decision.lines.iter().flat_map(|l| [&l.title, &l.reason].into_iter().chain(l.values.iter().map(|(name, _)| name))) {
                let advice = phrase.key.starts_with("advice-");
                prop_assert!(advice || known.contains(&phrase.known()), "{phrase:?} is said and no language knows it");
            }
            if decision.overall == Overall::Ok {
                prop_assert!(zone && alive && matched, "{}", bench.log.join("\n"));
            }
        }
    }
}
