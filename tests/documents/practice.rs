//! The capture before the practice camera, whose truth is known: what is said to a document that lies badly, what is taken, and that nothing
//! is taken from an empty desk. Time is the number of frames over the rate, so nothing depends on how fast the machine is.

use std::sync::Arc;
use std::time::Duration;
use visavis::adapters::barcode::encode_pdf417;
use visavis::adapters::camera::synthetic::document::{DeskTruth, PageKind, Part, Specimen, SpecimenSource};
use visavis::documents::picture::Measures;
use visavis::ports::camera::{CapturedFrame, FrameSource as _, Origin};
use visavis::runtime::document::pages::cut;
use visavis::runtime::document::watch::observe;
use visavis::units::Moment;
use visavis::workflow::capture::event::Fault;
use visavis::workflow::document_capture::instruction::Instruction;
use visavis::workflow::document_capture::{DocumentCapture, DocumentEffect, DocumentEvent, DocumentProfile, DocumentShot, Side};

/// A capture before a specimen.
struct Desk {
    source: SpecimenSource,
    capture: DocumentCapture,
    number: u64,
    rate: f64,
    /// Each side taken, with what truly lay there.
    taken: Vec<(DocumentShot, DeskTruth)>,
    finished: bool,
    /// What was asked for, once each time it changed, with what was done on the desk.
    asked: Vec<(Part, Instruction)>,
    /// Measures of the first frame in which something was found.
    last: Option<Measures>,
}

impl Desk {
    fn new(address: &str) -> Self {
        let specimen = Specimen::parse(address).expect("an address");
        let rate = f64::from(specimen.rate);
        let source = SpecimenSource::open(&specimen, |payload| encode_pdf417(payload).ok(), Box::new(|_| {})).expect("a specimen");
        let mut capture = DocumentCapture::new(DocumentProfile::default(), Moment::default());
        capture.handle(DocumentEvent::Start, Moment::default());
        Self { source, capture, number: 0, rate, taken: Vec::new(), finished: false, asked: Vec::new(), last: None }
    }

    fn now(&self) -> Moment {
        Moment(Duration::from_secs_f64(self.number as f64 / self.rate))
    }

    fn tell(&mut self, event: DocumentEvent, truth: &DeskTruth) {
        for effect in self.capture.handle(event, self.now()) {
            match effect {
                DocumentEffect::Taken(shot) => self.taken.push((*shot, truth.clone())),
                DocumentEffect::Finished => self.finished = true,
                DocumentEffect::ShowPreview(_) => {}
            }
        }
    }

    /// One frame after the other, at most so many, until the capture is over.
    fn play(&mut self, frames: usize) -> &mut Self {
        for _ in 0..frames {
            if self.finished {
                break;
            }
            let frame = Arc::new(self.source.next_frame().expect("it never ends"));
            let truth = self.source.truth().expect("there was a frame").clone();
            self.number += 1;
            let captured = CapturedFrame { frame, number: self.number, captured_at: self.now(), origin: Origin::Practice };
            let seen = observe(captured);
            self.last = self.last.or(seen.measures);
            self.tell(DocumentEvent::Observed(Box::new(seen)), &truth);
            let said = (truth.part, self.capture.view(self.now()).instruction);
            if self.asked.last() != Some(&said) {
                self.asked.push(said);
            }
        }
        self
    }

    fn said(&self) -> Vec<Instruction> {
        self.asked.iter().map(|(_, instruction)| *instruction).collect()
    }
}

#[test]
fn the_same_address_gives_the_same_frames() {
    let play = |address: &str| {
        let specimen = Specimen::parse(address).expect("an address");
        let mut source = SpecimenSource::open(&specimen, |payload| encode_pdf417(payload).ok(), Box::new(|_| {})).expect("a specimen");
        assert_eq!(source.origin(), Origin::Practice);
        (0..4).map(|_| (source.next_frame().expect("it never ends").into_bytes(), source.truth().cloned())).collect::<Vec<_>>()
    };
    let (first, again) = (play("dl?seed=3&act=still&width=320"), play("dl?seed=3&act=still&width=320"));
    assert!(first == again, "frames differ between two runs");
    assert!(first[0].0 != first[1].0, "the sensor's noise does not change from frame to frame");
    assert!(play("dl?seed=4&act=still&width=320")[0].0 != first[0].0, "another seed is another desk");
}

#[test]
fn a_document_that_lies_badly_is_told_what_is_wrong_and_never_taken() {
    let cases = [
        ("td3?seed=2&act=far", Instruction::Closer),
        ("td3?seed=2&act=glare", Instruction::AvoidGlare),
        ("td3?seed=2&act=blurred", Instruction::Focus),
        ("td3?seed=2&act=dark", Instruction::MoreLight),
        ("td3?seed=2&act=moving", Instruction::HoldSteady),
        ("td3?seed=2&act=tilted", Instruction::Flatten),
        ("td1-back?seed=5&act=glare", Instruction::AvoidGlare),
        ("td1-back?seed=5&act=blurred", Instruction::Focus),
        ("empty?seed=2", Instruction::ShowDocument),
    ];
    let mut problems = Vec::new();
    for (address, due) in cases {
        let mut desk = Desk::new(address);
        desk.play(18);
        let said = desk.said();
        // What moves stands still for a moment where it turns back.
        let heard = if due == Instruction::HoldSteady { said.contains(&due) } else { said.last() == Some(&due) };
        if !desk.taken.is_empty() || !heard {
            problems.push(format!("{address}: {said:?}, {} taken", desk.taken.len()));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn nothing_is_taken_from_an_empty_desk() {
    let mut problems = Vec::new();
    for seed in 1..=12 {
        let mut desk = Desk::new(&format!("empty?seed={seed}&rate=30"));
        desk.play(6);
        // A printed sheet lies there in the proportions of a card: only reading can tell that it is none.
        let like_a_card = seed == 12;
        if !desk.taken.is_empty() || (!like_a_card && desk.said().contains(&Instruction::HoldStill)) {
            problems.push(format!("seed {seed}: {:?}, {:?}", desk.said(), desk.taken.first().map(|(shot, _)| (shot.found, shot.measures))));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// The corners of what was taken are where the page truly lay, counted from its own first corner or its third.
#[track_caller]
fn check_corners(shot: &DocumentShot, truth: &DeskTruth) {
    let found = shot.found.expect("it was not taken by hand");
    let error = found.corners.corner_error(&truth.corners.expect("a page lies there"));
    assert!(error < 0.01, "{error}");
}

#[test]
fn a_passport_that_is_brought_is_taken_when_it_lies_still() {
    let mut desk = Desk::new("td3?seed=4");
    desk.play(150);
    let [(shot, truth)] = &desk.taken[..] else { panic!("{} sides taken; asked for {:?}", desk.taken.len(), desk.asked) };
    assert!(desk.finished && shot.side == Side::First && truth.side == Some(PageKind::Passport));
    assert_eq!(truth.part, Part::Still, "{:?}", desk.asked);
    check_corners(shot, truth);
    // Asked for on the way there.
    for due in [Instruction::ShowDocument, Instruction::Focus, Instruction::AvoidGlare] {
        assert!(desk.said().contains(&due), "{due:?} in {:?}", desk.asked);
    }
}

#[test]
fn a_card_is_taken_on_both_sides() {
    for (address, kinds) in [
        ("td1?seed=2&act=still", [PageKind::CardFront, PageKind::CardBack]),
        ("dl?seed=7&act=still", [PageKind::LicenceFront, PageKind::LicenceBack]),
    ] {
        let mut desk = Desk::new(address);
        desk.play(150);
        let sides: Vec<_> = desk.taken.iter().map(|(shot, truth)| (shot.side, truth.side)).collect();
        assert_eq!(sides, [(Side::First, Some(kinds[0])), (Side::Second, Some(kinds[1]))], "{address}: {:?}, {:?}", desk.asked, desk.last);
        assert!(desk.said().contains(&Instruction::TurnOver));
        desk.taken.iter().for_each(|(shot, truth)| check_corners(shot, truth));
        for (shot, _) in &desk.taken {
            let page = cut(shot);
            // The camera has less than 300 dpi on a card that fills its picture; the page is cut out at what reading wants all the same.
            assert!(
                page.dpi.is_some_and(|d| d > 300.0) && page.camera_dpi.is_some_and(|d| (150.0..400.0).contains(&d)),
                "{:?}",
                page.camera_dpi
            );
        }
    }
}

#[test]
fn sides_of_a_document_are_told_apart_from_afar() {
    use visavis::adapters::camera::synthetic::document::SpecimenKind;
    let look = |kind: SpecimenKind, seed: u64, act: &str| {
        let mut desk = Desk::new(&format!("{}?seed={seed}&act={act}", kind.word()));
        let frame = Arc::new(desk.source.next_frame().expect("a frame"));
        let captured = CapturedFrame { frame, number: 1, captured_at: Moment::default(), origin: Origin::Practice };
        observe(captured).measures.map(|m| m.look)
    };
    let mut compared = 0;
    for seed in 1..=6 {
        for (front, back) in [(SpecimenKind::Td1Front, SpecimenKind::Td1Back), (SpecimenKind::LicenceFront, SpecimenKind::LicenceBack)] {
            let (Some(a), Some(b)) = (look(front, seed, "still"), look(back, seed, "still")) else { continue };
            let (Some(over), Some(dark)) = (look(front, seed, "upside-down"), look(front, seed, "blurred")) else { continue };
            assert!(!a.is_same_side(&b), "{front:?} {seed}: two sides look the same");
            assert!(a.is_same_side(&over) && a.is_same_side(&dark), "{front:?} {seed}: one side does not look the same");
            compared += 1;
        }
    }
    assert!(compared >= 10, "{compared}");
}

#[test]
fn a_camera_that_is_lost_on_the_way_ends_the_run() {
    let mut desk = Desk::new("td3?seed=4&act=still");
    desk.play(3);
    let truth = desk.source.truth().expect("there was a frame").clone();
    assert!(desk.capture.view(desk.now()).progress > 0.0, "{:?}", desk.asked);
    desk.tell(DocumentEvent::Lost(Fault::camera("CAM-04")), &truth);
    let view = desk.capture.view(desk.now());
    assert_eq!((view.code, view.progress, view.outline), (Some("CAM-04"), 0.0, None));
    desk.play(8);
    assert!(desk.taken.is_empty(), "nothing is taken during a fault");
    desk.tell(DocumentEvent::Recovered, &truth);
    desk.play(12);
    assert_eq!(desk.taken.len(), 1);
}
