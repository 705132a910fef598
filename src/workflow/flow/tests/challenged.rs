//! Flows that ask for a liveness challenge, on scripted faces and under any sequence of events.

use super::*;
use crate::biometrics::pad::{ACTIVE_GATES, CONTINUITY, PASSIVE_DURING};
use crate::config::Effective;
use crate::ports::gallery::{PictureKind, clip};
use crate::workflow::challenge::actor::Actor;
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::view::{ChallengePhase, ChallengeView};
use proptest::prelude::*;

fn setup(kind: FlowKind, attended: bool) -> FlowSetup {
    let mut setup = FlowSetup::standard(FlowStart { attended, claim: Some(person(4)), ..start(kind) }, profile("quick"));
    setup.steps.insert(0, Step::Liveness);
    setup.challenge.keep_clip = true;
    setup.checked()
}

/// What the networks say of the challenge's pictures.
fn heard(outcome: PadOutcome) -> Vec<PadLayer> {
    let layer = |name, outcome| PadLayer { name, method: "scripted/1".into(), value: Some(0.8), limit: 0.5, outcome };
    vec![layer(PASSIVE_DURING, PadOutcome::BonaFide), layer(CONTINUITY, outcome)]
}

impl Bench {
    fn challenge_view(&self) -> Option<ChallengeView> {
        match self.flow.view(ms(self.now)).view {
            StepView::Liveness(view) => Some(view),
            _ => None,
        }
    }

    /// Somebody does what the screen asks for at most so many frames at 20 frames/s.
    fn comply(&mut self, actor: Actor, frames: u32) -> &mut Self {
        let mut act: Option<(usize, Gesture, u64)> = None;
        for _ in 0..frames {
            let Some(view) = self.challenge_view() else { return self };
            match (view.phase, view.gesture) {
                (ChallengePhase::Settling | ChallengePhase::Asking | ChallengePhase::Acknowledged, gesture) => {
                    if let Some(gesture) = gesture
                        && act.is_none_or(|(step, g, _)| (step, g) != (view.step, gesture))
                    {
                        act = Some((view.step, gesture, self.now + 250));
                    }
                }
                _ => return self,
            }
            self.now += 50;
            self.frames += 1;
            let doing = act.map(|(_, gesture, from)| (gesture, (self.now as f32 - from as f32) / 1000.0));
            let (frame, observation) = actor.show(doing, self.frames, ms(self.now));
            self.send(FlowEvent::Observed { frame, observation });
        }
        self
    }

    fn challenge_heard(&mut self, outcome: PadOutcome) -> &mut Self {
        let attempt = self.attempt;
        self.send(FlowEvent::ChallengeAssessed { attempt, result: Ok(heard(outcome)) })
    }
}

fn at_the_challenge(kind: FlowKind, attended: bool) -> Bench {
    let mut bench = Bench::new(setup(kind, attended));
    bench.send(FlowEvent::Begin);
    if kind == FlowKind::Enrol {
        bench.next().fill("full_name", "Ada Lovelace").next();
    }
    bench.face(PadOutcome::BonaFide);
    bench
}

#[test]
fn the_challenge_follows_the_face_wherever_it_is_named() {
    for kind in [FlowKind::Enrol, FlowKind::Authenticate, FlowKind::ReEnrol, FlowKind::Identify] {
        let steps = setup(kind, false).steps;
        let face = steps.iter().position(|s| *s == Step::Face).unwrap();
        assert_eq!(steps[face + 1], Step::Liveness, "{kind:?}: {steps:?}");
        assert_eq!(steps.iter().filter(|s| **s == Step::Liveness).count(), 1);
    }
    let text = "[flows.enrol]\nsteps = [\"face\", \"liveness\", \"result\"]\n[pad]\npreset = \"security\"\n[liveness]\ngestures = [\"turn-left\", \"blink\", \"magnifeye\"]\n";
    let config = Effective::from_layers(Some(text), &[]).unwrap().config;
    let setup = FlowSetup::from_config(start(FlowKind::Enrol), &config, profile("quick"));
    assert!(setup.asks_for_a_challenge());
    assert_eq!(setup.challenge.gestures, [Gesture::TurnLeft, Gesture::Blink, Gesture::ComeCloser]);
    assert_eq!(setup.challenge.rules.values.level, 6);
}

#[test]
fn who_passes_goes_on_with_every_layer_in_the_record() {
    let mut bench = at_the_challenge(FlowKind::Enrol, false);
    assert!(bench.screen().starts_with("= liveness Settling"), "{}", bench.screen());
    assert!(bench.flow.gathered.taken.is_none(), "no leave to use the picture yet");
    assert_eq!(bench.log.iter().filter(|l| *l == "  camera false").count(), 0, "the camera goes on");
    bench.comply(Actor::default(), 400);
    assert!(bench.screen().starts_with("= liveness Assessing"), "{} {:?}", bench.screen(), bench.flow.pad());
    bench.challenge_heard(PadOutcome::BonaFide).duplicates(Vec::new()).next();
    let draft = bench.draft.as_ref().expect("saved");
    let PadRecord::Assessed { layers, .. } = &draft.pad else { panic!("{:?}", draft.pad) };
    for gate in ACTIVE_GATES {
        assert!(layers.iter().any(|(name, ..)| name == gate), "{gate} is missing in {layers:?}");
    }
    assert!(bench.audit.iter().any(|e| matches!(e, AuditEvent::ChallengeIssued { gestures, .. } if gestures.len() == 3)));
    let clip = draft.pictures.iter().find(|p| p.kind == PictureKind::Clip).expect("the evidence is saved with the enrolment");
    assert!(clip::decode(&clip.encoded).is_some_and(|frames| frames.len() > 5));
    assert_eq!(bench.log.last().map(String::as_str), Some("= working-saving"));
}

#[test]
fn another_face_in_the_challenge_is_refused() {
    let mut bench = at_the_challenge(FlowKind::Identify, true);
    for _ in 0..3 {
        bench.comply(Actor::default(), 400).challenge_heard(PadOutcome::Attack).wait(3000);
    }
    assert!(bench.screen().starts_with("= refused FLW-44"), "{}", bench.screen());
    bench.input(FlowInput::Override { reason: "I know them".into() });
    assert!(bench.screen().starts_with("= refused"), "no officer overrules a refusal");
    assert!(bench.audit.contains(&AuditEvent::PresentationRefused { flow: "identify".into() }));
    bench.input(FlowInput::Retry);
    assert_eq!(bench.screen(), "= face Positioning");
}

#[test]
fn who_cannot_do_it_is_decided_on_by_an_officer_only() {
    for (attended, reason, goes_on) in [(true, "cannot move the head", true), (true, "  ", false), (false, "let me in", false)] {
        let mut bench = at_the_challenge(FlowKind::Identify, attended);
        bench.comply(Actor::default(), 12).input(FlowInput::AnotherGesture);
        bench.input(FlowInput::Override { reason: reason.into() });
        assert_eq!(bench.log.iter().any(|l| l == "  identify"), goes_on, "{reason}");
        assert!(bench.audit.iter().any(|e| matches!(e, AuditEvent::GestureReplaced { .. })));
        assert_eq!(bench.audit.iter().any(|e| matches!(e, AuditEvent::Overridden { .. })), goes_on);
    }
}

#[test]
fn the_officer_beside_somebody_who_cannot_move_decides_on_the_result_screen() {
    for (attended, refused_before, goes_on) in [(true, false, true), (true, true, false), (false, false, false)] {
        let mut bench = at_the_challenge(FlowKind::Identify, attended);
        if refused_before {
            bench.comply(Actor { depth: 0.0, ..Actor::default() }, 400).challenge_heard(PadOutcome::BonaFide).wait(3000);
        }
        bench.comply(Actor::default(), 6).input(FlowInput::CannotDo);
        assert_eq!(bench.screen().starts_with("= refused FLW-47"), attended, "{}", bench.screen());
        bench.input(FlowInput::Override { reason: "in a neck brace".into() });
        assert_eq!(bench.log.iter().any(|l| l == "  identify"), goes_on, "attended {attended}, refused before {refused_before}");
    }
}

#[test]
fn a_profile_that_asks_for_the_challenge_adds_it_to_flows_with_a_camera() {
    let config = Effective::from_layers(None, &[]).unwrap().config;
    let with = |name: &str, source: PictureSource| {
        FlowSetup::from_config(FlowStart { source, ..start(FlowKind::Identify) }, &config, profile(name)).asks_for_a_challenge()
    };
    assert!(with("liveness", PictureSource::Camera));
    assert!(!with("quick", PictureSource::Camera));
    assert!(
        !with("liveness", PictureSource::File { reason: "picture file".into() }),
        "a file is allowed or refused by the flow's own rule"
    );
}

#[test]
fn frames_that_are_not_the_cameras_size_are_refused() {
    let mut bench = at_the_challenge(FlowKind::Identify, false);
    let device = DeviceFacts { size: Some(crate::geometry::Size::new(1920, 1080)), ..DeviceFacts::default() };
    bench.send(FlowEvent::Device(device));
    bench.comply(Actor::default(), 400).challenge_heard(PadOutcome::BonaFide);
    assert_eq!(bench.flow.pad().map(|d| d.outcome), Some(PadOutcome::Attack));
}

#[test]
fn a_picture_file_does_no_challenge() {
    let mut setup = setup(FlowKind::Enrol, true);
    setup.start.source = PictureSource::File { reason: "picture file".into() };
    setup.allow_files = true;
    let mut bench = Bench::new(setup);
    bench.send(FlowEvent::Begin);
    bench.next().fill("full_name", "Ada Lovelace").next();
    bench.show(&Scene { origin: Origin::File, ..Scene::default() }, 1).assessed(PadOutcome::BonaFide);
    assert_eq!(bench.screen(), "= refused FLW-46 refused-liveness-needs-camera");
}

#[test]
fn a_lost_camera_blanks_the_challenge_and_it_begins_afresh() {
    let mut bench = at_the_challenge(FlowKind::Identify, false);
    bench.comply(Actor::default(), 30);
    bench.send(FlowEvent::Lost(Fault::camera("CAM-04")));
    assert_eq!(bench.screen(), "= trouble CAM-04 recovering true");
    bench.send(FlowEvent::Recovered);
    assert!(bench.screen().starts_with("= liveness Settling"));
    bench.comply(Actor::default(), 400).challenge_heard(PadOutcome::BonaFide);
    assert!(bench.log.iter().any(|l| l == "  identify"));
}

#[derive(Debug, Clone)]
enum Act {
    Comply {
        frames: u8,
        flat: bool,
    },
    Face(u8),
    Heard {
        outcome: u8,
        stale: bool,
    },
    Input(u8),
    /// Answers whatever question is open: nobody else is there, it is the person, it is saved.
    Answer,
    /// A frame that was taken a while ago.
    Late(u64),
    /// The camera is found to deliver frames of the actor's size, or of another one.
    Device(bool),
    Lost,
    Recovered,
    Time(i64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (prop_oneof![1u8..40, Just(255u8)], proptest::bool::weighted(0.15)).prop_map(|(frames, flat)| Act::Comply { frames, flat }),
        4 => (0u8..3).prop_map(Act::Face),
        5 => (0u8..5, proptest::bool::weighted(0.15)).prop_map(|(outcome, stale)| Act::Heard { outcome, stale }),
        3 => (0u8..9).prop_map(Act::Input),
        3 => Just(Act::Answer),
        2 => (1u64..40).prop_map(Act::Late),
        1 => any::<bool>().prop_map(Act::Device),
        1 => Just(Act::Lost),
        2 => Just(Act::Recovered),
        1 => prop_oneof![0i64..30_000, -30_000i64..0].prop_map(Act::Time),
    ]
}

const OUTCOMES: [PadOutcome; 3] = [PadOutcome::BonaFide, PadOutcome::Attack, PadOutcome::NonResponse];

/// Carries an act out. Returns whether it was an answer that may lead on: a bona fide one to an open question.
fn carry_out(bench: &mut Bench, act: &Act) -> bool {
    match act {
        Act::Comply { frames, flat } => {
            let depth = if *flat { 0.0 } else { 1.0 };
            bench.comply(Actor { depth, ..Actor::default() }, u32::from(*frames));
        }
        Act::Face(outcome) => _ = bench.face(OUTCOMES[usize::from(*outcome)]),
        Act::Heard { outcome, stale } => {
            let attempt = if *stale { AttemptId(bench.attempt.0.wrapping_sub(1)) } else { bench.attempt };
            let result = match outcome {
                0..=2 => Ok(heard(OUTCOMES[usize::from(*outcome)])),
                3 => Ok(Vec::new()),
                _ => Err(AssessmentFailure::NotUsable),
            };
            bench.send(FlowEvent::ChallengeAssessed { attempt, result });
            return *outcome == 0 && !stale;
        }
        Act::Input(kind) => {
            let input = match kind {
                0 => FlowInput::AnotherGesture,
                1 => FlowInput::Retake,
                2 => FlowInput::Retry,
                3 => FlowInput::Back,
                4 => FlowInput::Override { reason: "passport seen".into() },
                5 => FlowInput::Override { reason: " ".into() },
                6 => FlowInput::CannotDo,
                _ => FlowInput::Next,
            };
            let overridden = bench.audit.iter().filter(|e| matches!(e, AuditEvent::Overridden { .. })).count();
            bench.input(input);
            return bench.audit.iter().filter(|e| matches!(e, AuditEvent::Overridden { .. })).count() > overridden;
        }
        Act::Answer => {
            let taken = bench.flow.gathered.taken.is_some();
            bench.duplicates(Vec::new()).compared(Ok(Some(comparison(true)))).saved(Ok(()));
            return taken;
        }
        Act::Late(by) => {
            let at = ms(bench.now.saturating_sub(by * 50));
            let (frame, observation) = Actor::default().show(None, bench.frames.saturating_sub(*by), at);
            bench.send(FlowEvent::Observed { frame, observation });
        }
        Act::Device(fits) => {
            let size = if *fits { crate::geometry::Size::new(160, 120) } else { crate::geometry::Size::new(1920, 1080) };
            bench.send(FlowEvent::Device(DeviceFacts { size: Some(size), ..DeviceFacts::default() }));
        }
        Act::Lost => _ = bench.send(FlowEvent::Lost(Fault::camera("CAM-04"))),
        Act::Recovered => _ = bench.send(FlowEvent::Recovered),
        Act::Time(by) => {
            bench.now = bench.now.saturating_add_signed(*by);
            bench.send(FlowEvent::Tick);
        }
    }
    false
}

/// A flow at its face step.
fn at_the_face(kind: FlowKind, attended: bool) -> Bench {
    let mut bench = Bench::new(setup(kind, attended));
    bench.send(FlowEvent::Begin);
    match kind {
        FlowKind::Enrol => _ = bench.next().fill("full_name", "Ada Lovelace").next(),
        FlowKind::Authenticate => {
            let code = RegistrationCode::from_entropy(9).compact();
            bench.fill("registration_code", &code).next().looked_up(Some(person(4)));
        }
        _ => {}
    }
    bench
}

/// Whether the flow stands where nobody may come without having been judged.
fn is_through(bench: &Bench) -> bool {
    match bench.flow.outcome() {
        Some(Outcome::Enrolled { .. } | Outcome::Identified { .. }) => true,
        Some(Outcome::Verified { comparison, .. }) => comparison.decision == VerificationDecision::Match,
        _ => false,
    }
}

const CHALLENGED: [FlowKind; 3] = [FlowKind::Enrol, FlowKind::Authenticate, FlowKind::Identify];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// A picture is searched with, compared and saved only after the act in which every layer was heard bona fide, or an officer's override
    /// was written down; and the flow always stands in a named state, from which it finds its own end if everybody goes away.
    #[test]
    fn nothing_leads_past_the_challenge(kind in 0usize..3, attended: bool, acts in proptest::collection::vec(act(), 0..24)) {
        let mut bench = at_the_face(CHALLENGED[kind], attended);
        prop_assert!(bench.screen().starts_with("= face"), "{}", bench.screen());
        let mut judged = false;
        for act in acts {
            let from = bench.log.len();
            let may_lead_on = carry_out(&mut bench, &act);
            judged |= may_lead_on;
            let led_on = bench.log[from..].iter().any(|l| ["  identify", "  search", "  compare"].iter().any(|used| l.starts_with(used)));
            // Trouble with a search that was allowed may be asked again.
            let again = matches!(act, Act::Input(2)) && bench.flow.gathered.taken.is_some();
            prop_assert!(!led_on || may_lead_on || again, "{act:?} led on");
            let saves = bench.log[from..].iter().any(|l| l.starts_with("  save"));
            prop_assert!(!saves || (judged && bench.flow.gathered.taken.is_some()), "{act:?} saved");
            prop_assert!(judged || !is_through(&bench), "{act:?} came through: {}", bench.screen());
            if let Some(taken) = &bench.flow.gathered.taken {
                match taken.admission.pad() {
                    PadRecord::Assessed { layers, outcome, .. } => {
                        prop_assert_eq!(*outcome, PadOutcome::BonaFide.into());
                        prop_assert!(ACTIVE_GATES.iter().all(|gate| layers.iter().any(|(name, ..)| name == gate)));
                    }
                    PadRecord::NotAssessed { reason } => {
                        prop_assert!(attended && !reason.trim().is_empty());
                        let written = bench.audit.iter().any(|e| matches!(e, AuditEvent::Overridden { .. }));
                        prop_assert!(written, "an override is written down");
                    }
                }
            }
            prop_assert!(bench.screen().starts_with("= "));
        }
        let mut alone = bench.flow.clone();
        for _ in 0..100 {
            let Some((due, _)) = alone.next_deadline() else { break };
            alone.handle(FlowEvent::Tick, due + std::time::Duration::from_millis(1));
        }
        prop_assert!(alone.is_over(), "left alone it stays: {}", bench.screen());
        bench.input(FlowInput::Cancel);
        if matches!(bench.flow.state, State::Working { work: Work::Save, .. }) {
            bench.saved(Ok(())).input(FlowInput::Cancel);
        }
        prop_assert!(bench.flow.is_over());
        prop_assert_eq!(bench.flow.next_deadline(), None);
        prop_assert!(bench.log.iter().rposition(|l| l == "  camera true") <= bench.log.iter().rposition(|l| l == "  camera false"), "the camera rests");
    }
}

/// The sequences above do come through, with the challenge passed and by an officer's word, so that the property is about something.
#[test]
fn random_challenges_come_through_both_ways() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached = std::collections::BTreeSet::new();
    for i in 0..3_000_usize {
        let mut bench = at_the_face(CHALLENGED[i % 3], true);
        for act in proptest::collection::vec(act(), 12..24).new_tree(&mut runner).unwrap().current() {
            carry_out(&mut bench, &act);
            if is_through(&bench) {
                let assessed = matches!(bench.flow.gathered.taken.as_ref().map(|t| t.admission.pad()), Some(PadRecord::Assessed { .. }));
                reached.insert((format!("{:?}", CHALLENGED[i % 3]), assessed));
            }
        }
        if reached.iter().any(|(_, assessed)| *assessed) && reached.iter().any(|(_, assessed)| !assessed) {
            return;
        }
    }
    panic!("the sequences reach too little: {reached:?}");
}
