//! The autocapture on scripted faces, and under any sequence of events.

use super::*;
use crate::workflow::scripted::{Scene, profile};
use proptest::prelude::*;

fn ms(millis: u64) -> Moment {
    Moment::from_millis(millis)
}

const FAULT: Fault = Fault::camera("CAM-04");

/// A capture with a clock and frames every 40 ms; writes down every phase and effect.
struct Bench {
    capture: Capture,
    now: u64,
    frames: u64,
    log: Vec<String>,
    shots: Vec<Shot>,
    attempt: AttemptId,
}

impl Bench {
    fn new() -> Self {
        let capture = Capture::new(profile("quick"), Optics::default(), CaptureDelays::default(), 100, ms(0));
        Self { capture, now: 0, frames: 0, log: Vec::new(), shots: Vec::new(), attempt: AttemptId(0) }
    }

    fn started() -> Self {
        let mut bench = Self::new();
        bench.send(CaptureEvent::Start);
        bench
    }

    fn send(&mut self, event: CaptureEvent) -> &mut Self {
        for effect in self.capture.handle(event, ms(self.now)) {
            self.log.push(match &effect {
                CaptureEffect::ShowPreview(on) => format!("{} preview {on}", self.now),
                CaptureEffect::AssessBurst { attempt, shots } => format!("{} assess {} with {}", self.now, attempt.0, shots.len()),
            });
            if let CaptureEffect::AssessBurst { attempt, shots } = effect {
                (self.attempt, self.shots) = (attempt, shots);
            }
        }
        let phase = format!("{:?}", self.capture.view(ms(self.now)).phase);
        if self.log.iter().rev().find(|line| line.starts_with('=')).is_none_or(|last| last[2..] != phase) {
            self.log.push(format!("= {phase}"));
        }
        self
    }

    fn show(&mut self, scene: &Scene, frames: usize) -> &mut Self {
        for _ in 0..frames {
            self.now += 40;
            self.frames += 1;
            let (frame, observation) = scene.captured(self.frames, ms(self.now));
            self.send(CaptureEvent::Observed { frame, observation });
        }
        self
    }

    fn wait(&mut self, millis: u64) -> &mut Self {
        self.now += millis;
        self.send(CaptureEvent::Tick)
    }

    fn answer(&mut self, answer: BurstAnswer) -> &mut Self {
        let attempt = self.attempt;
        self.send(CaptureEvent::Assessed { attempt, answer })
    }

    fn phase(&self) -> CapturePhase {
        self.capture.view(ms(self.now)).phase
    }
}

#[test]
fn a_good_face_is_captured() {
    let mut bench = Bench::started();
    bench.show(&Scene::empty(), 3).show(&Scene::default(), 8).answer(BurstAnswer::Accepted);
    insta::assert_snapshot!(bench.log.join("\n"), @r"
    0 preview true
    = Positioning
    = Holding
    = Capturing
    440 assess 100 with 4
    = Assessing
    440 preview false
    = Captured
    ");
    assert!(bench.capture.is_captured());
    assert_eq!(bench.capture.next_deadline(), None);
}

#[test]
fn the_best_shot_comes_first() {
    let mut bench = Bench::started();
    bench.show(&Scene::default(), 4);
    for score in [50.0, 90.0, f32::NAN, 70.0] {
        bench.show(&Scene { capture_score: score, ..Scene::default() }, 1);
    }
    let scores: Vec<f32> = bench.shots.iter().map(Shot::capture_score).collect();
    assert_eq!(scores, [90.0, 70.0, 50.0, 0.0]);
}

#[test]
fn a_blink_costs_a_frame_and_another_face_the_burst() {
    let mut bench = Bench::started();
    let blink = Scene { eyes_open: Some(0.0), ..Scene::default() };
    bench.show(&Scene::default(), 6).show(&blink, 2).show(&Scene::default(), 2);
    assert_eq!((bench.phase(), bench.shots.len()), (CapturePhase::Assessing, 4));
    assert!(
        bench
            .shots
            .iter()
            .all(|s| s.observation.face.as_ref().unwrap().quality.native(crate::biometrics::quality::Component::EyesOpen) > Some(0.0))
    );

    for intruder in [
        Scene::empty(),
        Scene { second_face: 0.9, ..Scene::default() },
        Scene { origin: crate::ports::camera::Origin::Practice, ..Scene::default() },
    ] {
        let mut bench = Bench::started();
        bench.show(&Scene::default(), 6).show(&intruder, 1);
        assert_eq!(bench.phase(), CapturePhase::Positioning, "{intruder:?}");
        assert!(bench.shots.is_empty());
    }
}

#[test]
fn a_jump_to_another_place_starts_the_count_again() {
    let mut bench = Bench::started();
    bench.show(&Scene { height: 0.46, offset: (-0.1, -0.12), ..Scene::default() }, 1);
    // Patience is not needed for this: both places are within the hint limits and overlap too little only if the size jumps as well.
    let before = bench.capture.view(ms(bench.now)).progress;
    bench.show(&Scene { height: 0.84, offset: (0.1, 0.12), ..Scene::default() }, 1);
    assert!(bench.capture.view(ms(bench.now)).progress <= before.max(0.2), "one frame of the new face counts at most");
}

#[test]
fn repeated_and_mismatched_frames_do_not_count() {
    let mut bench = Bench::started();
    let (frame, observation) = Scene::default().captured(1, ms(0));
    for _ in 0..20 {
        bench.send(CaptureEvent::Observed { frame: frame.clone(), observation: Arc::clone(&observation) });
    }
    assert_eq!(bench.capture.view(ms(0)).progress, 0.2);
    let (frame, _) = Scene::default().captured(2, ms(0));
    bench.send(CaptureEvent::Observed { frame, observation });
    assert_eq!(bench.capture.view(ms(0)).progress, 0.2);
}

#[test]
fn attempts_are_used_up() {
    let mut bench = Bench::started();
    assert_eq!(bench.capture.view(ms(0)).attempts_left, 3);
    bench.wait(20_000).wait(2_500);
    assert_eq!(bench.capture.view(ms(bench.now)).attempts_left, 2);
    bench.show(&Scene::default(), 8).answer(BurstAnswer::Refused).send(CaptureEvent::Continue);
    assert_eq!(bench.capture.view(ms(bench.now)).attempts_left, 1);
    bench.show(&Scene::default(), 8).answer(BurstAnswer::NotUsable);
    insta::assert_snapshot!(bench.log.join("\n"), @r"
    0 preview true
    = Positioning
    = AttemptOver
    = Positioning
    = Holding
    = Capturing
    22820 assess 101 with 4
    = Assessing
    = AttemptOver
    = Positioning
    = Holding
    = Capturing
    23140 assess 102 with 4
    = Assessing
    23140 preview false
    = Refused
    ");
    assert_eq!(bench.capture.refusal(), Some(AttemptEnd::NotUsable));
    assert_eq!(bench.capture.view(ms(bench.now)).attempts_left, 0);
    bench.show(&Scene::default(), 20);
    assert_eq!(bench.phase(), CapturePhase::Refused);
}

#[test]
fn late_answers_are_dropped() {
    let mut bench = Bench::started();
    bench.show(&Scene::default(), 8);
    let late = bench.attempt;
    bench.send(CaptureEvent::Cancel).send(CaptureEvent::Start).show(&Scene::default(), 8);
    assert_ne!(bench.attempt, late);
    bench.send(CaptureEvent::Assessed { attempt: late, answer: BurstAnswer::Accepted });
    assert_eq!(bench.phase(), CapturePhase::Assessing);
}

#[test]
fn a_lost_camera_fails_closed_and_the_attempt_begins_afresh() {
    for frames in [0, 2, 6] {
        let mut bench = Bench::started();
        bench.show(&Scene::default(), frames).send(CaptureEvent::Lost(FAULT));
        assert_eq!(bench.phase(), CapturePhase::Faulted);
        assert_eq!(bench.log[bench.log.len() - 2], format!("{} preview false", bench.now));
        bench.show(&Scene::default(), 20);
        assert_eq!(bench.phase(), CapturePhase::Faulted, "frames of a lost camera do not count");
        bench.wait(3_600_000).send(CaptureEvent::Recovered);
        let view = bench.capture.view(ms(bench.now));
        assert_eq!((view.phase, view.attempts_left), (CapturePhase::Positioning, 3), "a fault costs no attempt");
        assert_eq!(view.time_left, Some(profile("quick").attempt_limit()));
    }
}

#[test]
fn a_camera_lost_while_assessing_matters_only_afterwards() {
    let mut bench = Bench::started();
    bench.show(&Scene::default(), 8).send(CaptureEvent::Lost(FAULT)).answer(BurstAnswer::Refused);
    assert_eq!(bench.phase(), CapturePhase::AttemptOver);
    bench.wait(2_500);
    assert_eq!(bench.phase(), CapturePhase::Faulted);
    bench.send(CaptureEvent::Continue);
    assert_eq!(bench.phase(), CapturePhase::Faulted);
    bench.send(CaptureEvent::Recovered);
    assert_eq!(bench.phase(), CapturePhase::Positioning);
}

#[test]
fn an_assessment_that_never_comes_is_a_fault() {
    let mut bench = Bench::started();
    bench.show(&Scene::default(), 8).wait(20_000);
    assert_eq!(bench.capture.fault().map(|f| f.code), Some("FLW-30"));
    bench.send(CaptureEvent::Continue);
    assert_eq!(bench.capture.view(ms(bench.now)).attempts_left, 3);
}

#[test]
fn a_clock_that_jumps_back_does_not_stretch_an_attempt() {
    let mut bench = Bench::started();
    bench.wait(1_000_000);
    assert_eq!(bench.phase(), CapturePhase::AttemptOver);
    let mut bench = Bench::started();
    bench.now = 900_000;
    bench.capture = Capture::new(profile("quick"), Optics::default(), CaptureDelays::default(), 0, ms(900_000));
    bench.send(CaptureEvent::Start);
    bench.now = 5_000;
    bench.send(CaptureEvent::Tick);
    assert_eq!(bench.phase(), CapturePhase::Positioning);
    assert_eq!(bench.capture.next_deadline().unwrap().0, ms(25_000));
    bench.wait(20_000);
    assert_eq!(bench.phase(), CapturePhase::AttemptOver);
}

#[derive(Debug, Clone)]
enum Step {
    Frame(u8),
    Start,
    Cancel,
    Continue,
    Lost,
    Recovered,
    Answer(u8, bool),
    Time(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => prop_oneof![8 => Just(0u8), 3 => 1u8..9].prop_map(Step::Frame),
        1 => Just(Step::Start),
        1 => Just(Step::Cancel),
        1 => Just(Step::Continue),
        1 => Just(Step::Lost),
        1 => Just(Step::Recovered),
        3 => (0u8..5, any::<bool>()).prop_map(|(a, stale)| Step::Answer(a, stale)),
        3 => prop_oneof![0i64..30_000, -30_000i64..0].prop_map(Step::Time),
    ];
    proptest::collection::vec(step, 0..200)
}

fn scene(kind: u8) -> Scene {
    match kind {
        1 => Scene::empty(),
        2 => Scene { score: 0.2, ..Scene::default() },
        3 => Scene { upside_down: true, ..Scene::default() },
        4 => Scene { presence: None, ..Scene::default() },
        5 => Scene { second_face: 0.8, ..Scene::default() },
        6 => Scene { pose: None, ..Scene::default() },
        7 => Scene { height: 0.2, ..Scene::default() },
        8 => Scene { eyes_open: Some(0.0), ..Scene::default() },
        _ => Scene::default(),
    }
}

proptest! {
    /// Whatever happens, in any order and at any time: only compliant faces enter a burst, nothing is captured without an accepting answer to
    /// the burst in question, attempts never exceed the profile's, and cancelling ends it.
    #[test]
    fn nothing_but_an_accepted_face_is_captured(steps in steps()) {
        let mut bench = Bench::new();
        let mut captured_before = false;
        for step in steps {
            let mut accepting = false;
            match step {
                Step::Frame(kind) => { bench.show(&scene(kind), 1); }
                Step::Start => { bench.send(CaptureEvent::Start); }
                Step::Cancel => {
                    bench.send(CaptureEvent::Cancel);
                    prop_assert!(matches!(bench.capture.state, State::Idle));
                    prop_assert_eq!(bench.capture.next_deadline(), None);
                }
                Step::Continue => { bench.send(CaptureEvent::Continue); }
                Step::Lost => { bench.send(CaptureEvent::Lost(FAULT)); }
                Step::Recovered => { bench.send(CaptureEvent::Recovered); }
                Step::Answer(kind, stale) => {
                    let answer = [BurstAnswer::Accepted, BurstAnswer::Refused, BurstAnswer::NotUsable, BurstAnswer::NoAnswer, BurstAnswer::Fault(FAULT)][usize::from(kind)];
                    let attempt = if stale { AttemptId(bench.attempt.0.wrapping_sub(1)) } else { bench.attempt };
                    accepting = answer == BurstAnswer::Accepted && bench.capture.is_assessing(attempt);
                    bench.send(CaptureEvent::Assessed { attempt, answer });
                }
                Step::Time(by) => {
                    bench.now = bench.now.saturating_add_signed(by);
                    bench.send(CaptureEvent::Tick);
                }
            }
            let view = bench.capture.view(ms(bench.now));
            prop_assert!((0.0..=1.0).contains(&view.progress));
            prop_assert!(view.attempts_left <= 3);
            let captured = bench.capture.is_captured();
            prop_assert!(!captured || captured_before || accepting, "captured without an accepting answer");
            captured_before = captured;
            for shot in &bench.shots {
                let unmet = super::super::guidance::findings(&profile("quick"), Optics::default(), &shot.observation);
                prop_assert!(unmet.is_empty(), "{:?}", unmet);
            }
        }
    }
}
