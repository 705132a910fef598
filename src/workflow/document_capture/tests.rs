//! The autocapture of documents: from showing to taking, what stops it, and what no sequence of events may do.

use super::*;
use crate::documents::document_type::PageShape;
use crate::documents::picture::PageForm;
use crate::documents::picture::measures::Strip;
use crate::geometry::{Point, Rect, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::Plane;
use crate::ports::camera::Origin;
use proptest::prelude::*;
use std::sync::Arc;

const STEP: u64 = 66;

fn quad(shift: f32) -> Quad {
    Quad([(250.0, 60.0), (1040.0, 60.0), (1040.0, 617.0), (250.0, 617.0)].map(|(x, y)| Point::new(x + shift, y)))
}

fn good() -> Measures {
    let strip = |y| Strip { area_mm: Rect::new(1.0, y, 123.0, 22.0), density: 0.1, glare: 0.0, lines: usize::from(y > 40.0) * 2 };
    Measures {
        fill: 0.48,
        margin_px: 60.0,
        resolution: 6.3,
        tilt_deg: 3.0,
        ratio_deviation: 0.01,
        brightness: 200.0,
        saturated: 0.0,
        glare_mm: None,
        strips: [strip(1.0), strip(65.0)],
        rise_mm: Some(0.25),
        look: look(0),
    }
}

/// A page whose upper part, or lower part, is dark.
fn look(side: u8) -> Look {
    let size = Size::new(32, 22);
    let dark = |y: u32| (y < 6) == (side == 0);
    let values = (0..size.height).flat_map(|y| (0..size.width).map(move |x| if dark(y) && x < 20 { 60 } else { 210 })).collect();
    Look::of(&Plane { size, values })
}

/// The other side, as good.
fn back() -> Measures {
    Measures { look: look(1), ..good() }
}

fn seen(number: u64, shift: f32, measures: Option<Measures>) -> DocumentEvent {
    let frame = CapturedFrame {
        frame: Arc::new(Frame::filled(Size::new(16, 9), [9; 3])),
        number,
        captured_at: Moment::default(),
        origin: Origin::Practice,
    };
    let form = PageForm { shape: PageShape::Id2OrId3, ratio: 1.42, skew: 0.0, long_side: 0 };
    let found = measures.map(|_| Found { corners: quad(shift), form, confidence: 0.9 });
    DocumentEvent::Observed(Box::new(DocumentObservation { frame, found: found.into_iter().collect(), measures }))
}

fn at(number: u64) -> Moment {
    Moment::from_millis(number * STEP)
}

fn begun(sides: Sides) -> DocumentCapture {
    let mut capture = DocumentCapture::new(DocumentProfile { sides, ..DocumentProfile::default() }, at(0));
    capture.handle(DocumentEvent::Start, at(0));
    capture
}

fn taken(effects: &[DocumentEffect]) -> Option<&DocumentShot> {
    effects.iter().find_map(|e| if let DocumentEffect::Taken(shot) = e { Some(&**shot) } else { None })
}

#[test]
fn a_run_of_good_frames_is_taken_and_the_sharpest_wins() {
    let mut capture = begun(Sides::One);
    for n in 1..4 {
        let rise = if n == 2 { 0.18 } else { 0.3 };
        let effects = capture.handle(seen(n, 0.0, Some(Measures { rise_mm: Some(rise), ..good() })), at(n));
        assert!(effects.is_empty(), "frame {n}");
    }
    let effects = capture.handle(seen(4, 0.0, Some(good())), at(4));
    assert_eq!(taken(&effects).expect("a shot").frame.number, 2);
    assert!(matches!(effects.last(), Some(DocumentEffect::Finished)));
    assert!(capture.view(at(4)).finished && capture.next_deadline().is_none());
}

#[test]
fn one_bad_frame_starts_the_run_again() {
    let bad = [
        Measures { resolution: 2.4, ..good() },
        Measures { brightness: 40.0, ..good() },
        Measures { rise_mm: None, ..good() },
        Measures { margin_px: -3.0, ..good() },
        Measures { tilt_deg: 50.0, ..good() },
    ];
    for measures in bad {
        let mut capture = begun(Sides::One);
        for n in 1..12 {
            let frame = if n % 4 == 0 { measures } else { good() };
            assert!(taken(&capture.handle(seen(n, 0.0, Some(frame)), at(n))).is_none(), "{measures:?}");
        }
    }
}

#[test]
fn a_moving_document_is_not_taken() {
    let mut capture = begun(Sides::One);
    for n in 1..40 {
        assert!(taken(&capture.handle(seen(n, n as f32 * 25.0, Some(good())), at(n))).is_none());
    }
    assert_eq!(capture.view(at(40)).instruction, Instruction::HoldSteady);
}

#[test]
fn the_other_side_is_asked_for_and_the_first_is_not_taken_twice() {
    let mut capture = begun(Sides::Both);
    let mut number = 0;
    let mut next = |capture: &mut DocumentCapture, measures| {
        number += 1;
        capture.handle(seen(number, 0.0, measures), at(number))
    };
    let first = (0..4).map(|_| next(&mut capture, Some(good()))).last().expect("four frames");
    assert_eq!(taken(&first).expect("the first side").side, Side::First);
    for _ in 0..20 {
        assert!(next(&mut capture, Some(good())).is_empty(), "the same side lies there still");
    }
    assert_eq!(capture.view(at(24)).instruction, Instruction::TurnOver);
    next(&mut capture, None);
    for _ in 0..12 {
        assert!(next(&mut capture, Some(good())).is_empty(), "lifted and put back the same side up");
    }
    assert!(capture.view(at(37)).turning);
    let all: Vec<_> = (0..6).flat_map(|_| next(&mut capture, Some(back()))).collect();
    assert_eq!(taken(&all).expect("the second side").side, Side::Second);
    assert!(matches!(all.last(), Some(DocumentEffect::Finished)));
}

#[test]
fn a_card_has_two_sides_and_a_passport_page_one() {
    for (shape, other) in [(PageShape::Id1, true), (PageShape::Id2OrId3, false), (PageShape::VisaA, false)] {
        let mut capture = begun(Sides::ByShape);
        for n in 1..5 {
            let DocumentEvent::Observed(mut observation) = seen(n, 0.0, Some(good())) else { unreachable!("it is one") };
            observation.found[0].form.shape = shape;
            capture.handle(DocumentEvent::Observed(observation), at(n));
        }
        let view = capture.view(at(5));
        assert_eq!((view.turning, view.finished), (other, !other), "{shape:?}");
        if other {
            let effects = capture.handle(DocumentEvent::OneSideOnly, at(6));
            assert!(matches!(effects.last(), Some(DocumentEffect::Finished)), "the person says that there is no other side");
        }
    }
}

#[test]
fn somebody_may_take_a_frame_that_does_not_comply_but_only_one() {
    let mut capture = begun(Sides::Both);
    capture.handle(DocumentEvent::TakeNow, at(1));
    let effects = capture.handle(seen(2, 0.0, None), at(2));
    let shot = taken(&effects).expect("a frame as it is");
    assert!(shot.by_hand && shot.found.is_none() && shot.side == Side::First);
    assert!(taken(&capture.handle(seen(3, 0.0, None), at(3))).is_none());
    capture.handle(DocumentEvent::Lost(Fault::camera("CAM-04")), at(4));
    capture.handle(DocumentEvent::TakeNow, at(5));
    capture.handle(DocumentEvent::Recovered, at(6));
    assert!(taken(&capture.handle(seen(7, 0.0, None), at(7))).is_none(), "a press during a fault takes nothing later");
}

#[test]
fn time_runs_out_and_an_instruction_stays_readable() {
    let mut capture = begun(Sides::One);
    let (deadline, _) = capture.next_deadline().expect("the side has a limit");
    capture.handle(seen(1, 0.0, Some(Measures { resolution: 2.0, ..good() })), at(1));
    assert_eq!(capture.view(at(1)).instruction, Instruction::Closer);
    capture.handle(seen(2, 0.0, Some(Measures { tilt_deg: 50.0, ..good() })), at(2));
    assert_eq!(capture.view(at(2)).instruction, Instruction::Closer, "shown for less than 400 ms");
    capture.handle(seen(9, 0.0, Some(Measures { tilt_deg: 50.0, ..good() })), at(9));
    assert_eq!(capture.view(at(9)).instruction, Instruction::Flatten);
    capture.handle(DocumentEvent::Tick, deadline);
    assert_eq!(capture.view(deadline).code, Some("DOC-62"));
}

#[test]
fn a_fault_blanks_and_what_follows_begins_afresh() {
    let mut capture = begun(Sides::One);
    (1..4).for_each(|n| drop(capture.handle(seen(n, 0.0, Some(good())), at(n))));
    let effects = capture.handle(DocumentEvent::Lost(Fault::camera("CAM-04")), at(4));
    assert!(matches!(effects[..], [DocumentEffect::ShowPreview(false)]));
    assert_eq!((capture.view(at(4)).code, capture.view(at(4)).outline), (Some("CAM-04"), None));
    assert!(capture.handle(seen(5, 0.0, Some(good())), at(5)).is_empty());
    capture.handle(DocumentEvent::Recovered, at(6));
    assert!(taken(&capture.handle(seen(7, 0.0, Some(good())), at(7))).is_none(), "the run before the fault does not count");
}

#[test]
fn every_instruction_has_its_sentence() {
    for text in [include_str!("../../../assets/locales/en.ftl"), include_str!("../../../assets/locales/de.ftl")] {
        for instruction in Instruction::ALL {
            let key = format!("\n{} =", instruction.locale_key());
            assert!(text.contains(&key), "{instruction:?}");
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Start,
    Good,
    Back,
    Bad,
    Nothing,
    Lost,
    Recovered,
    Cancel,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::Start),
        8 => Just(Step::Good),
        6 => Just(Step::Back),
        2 => Just(Step::Bad),
        1 => Just(Step::Nothing),
        1 => Just(Step::Lost),
        1 => Just(Step::Recovered),
        1 => Just(Step::Cancel),
        1 => (0_u64..70_000).prop_map(Step::Wait),
    ]
}

/// The same frame with outlines of these confidences.
fn with_confidences(confidences: &[f32]) -> DocumentObservation {
    let DocumentEvent::Observed(mut seen) = seen(1, 0.0, Some(good())) else { unreachable!("an observation") };
    let found = seen.found[0];
    seen.found = confidences.iter().map(|confidence| Found { confidence: *confidence, ..found }).collect();
    *seen
}

#[test]
fn an_unlikely_outline_is_neither_taken_nor_a_second_document() {
    let said = |confidences: &[f32]| gates::findings(&gates::DocumentGates::default(), &with_confidences(confidences), None);
    assert_eq!(said(&[0.9]), []);
    assert_eq!(said(&[0.4]), [Instruction::WholeDocument]);
    assert_eq!(said(&[0.9, 0.4]), []);
    assert_eq!(said(&[0.9, 0.8]), [Instruction::OneDocument]);
}

proptest! {
    #[test]
    fn nothing_is_taken_without_a_full_run(steps in prop::collection::vec(step(), 0..120), both: bool) {
        let sides = if both { Sides::Both } else { Sides::One };
        let mut capture = DocumentCapture::new(DocumentProfile { sides, ..DocumentProfile::default() }, at(0));
        let (mut now, mut run, mut shots, mut finished) = (0_u64, 0_u32, Vec::new(), 0);
        for (number, step) in steps.into_iter().enumerate() {
            now += STEP;
            let number = number as u64 + 1;
            let event = match &step {
                Step::Start => DocumentEvent::Start,
                Step::Good => seen(number, 0.0, Some(good())),
                Step::Back => seen(number, 0.0, Some(back())),
                Step::Bad => seen(number, 0.0, Some(Measures { rise_mm: Some(2.0), ..good() })),
                Step::Nothing => seen(number, 0.0, None),
                Step::Lost => DocumentEvent::Lost(Fault::camera("CAM-04")),
                Step::Recovered => DocumentEvent::Recovered,
                Step::Cancel => DocumentEvent::Cancel,
                Step::Wait(ms) => { now += ms; DocumentEvent::Tick }
            };
            if matches!(step, Step::Start | Step::Cancel) { shots.clear(); }
            run = match step {
                Step::Good | Step::Back => run + 1,
                // Neither is a frame.
                Step::Recovered | Step::Wait(_) => run,
                _ => 0,
            };
            for effect in capture.handle(event, Moment::from_millis(now)) {
                match effect {
                    DocumentEffect::Taken(shot) => { prop_assert!(run >= 4); shots.push(shot.side); }
                    DocumentEffect::Finished => { finished += 1; prop_assert_eq!(shots.len(), if both { 2 } else { 1 }); }
                    DocumentEffect::ShowPreview(_) => {}
                }
            }
            prop_assert!(shots.len() <= 2 && shots.first().is_none_or(|s| *s == Side::First));
            let view = capture.view(Moment::from_millis(now));
            prop_assert!((0.0..=1.0).contains(&view.progress));
            if matches!(step, Step::Cancel) { prop_assert!(view.side.is_none() && view.outline.is_none()); }
            if matches!(step, Step::Lost) { prop_assert!(view.outline.is_none()); }
        }
        prop_assert!(finished <= 120);
    }
}
