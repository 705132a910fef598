//! Flows under any sequence of events, with answers that come late, twice or never, and a clock that jumps both ways.

use super::*;
use proptest::prelude::*;
use std::collections::HashSet;

#[derive(Debug, Clone)]
enum Act {
    Frames(u8, u8),
    Input(u8),
    Assessed { outcome: u8, stale: bool },
    Answer { work: u8, result: u8, stale: bool },
    Lost,
    Recovered,
    Time(i64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => (prop_oneof![5 => Just(0u8), 1 => 1u8..6], 1u8..9).prop_map(|(kind, count)| Act::Frames(kind, count)),
        6 => prop_oneof![5 => Just(0u8), 3 => 1u8..12].prop_map(Act::Input),
        4 => (0u8..6, proptest::bool::weighted(0.1)).prop_map(|(outcome, stale)| Act::Assessed { outcome, stale }),
        6 => (0u8..5, 0u8..4, proptest::bool::weighted(0.1)).prop_map(|(work, result, stale)| Act::Answer { work, result, stale }),
        1 => Just(Act::Lost),
        1 => Just(Act::Recovered),
        1 => prop_oneof![0i64..50_000, -50_000i64..0].prop_map(Act::Time),
    ]
}

fn setup(kind: FlowKind, attended: bool, claimed: bool, files: u8) -> FlowSetup {
    let source = if files == 0 { PictureSource::Camera } else { PictureSource::File { reason: "picture file".into() } };
    let claim = claimed.then(|| person(4));
    let mut setup = FlowSetup::standard(FlowStart { attended, claim, source, ..start(kind) }, profile("quick"));
    setup.allow_files = files == 1;
    setup
}

fn scene(kind: u8, origin: Origin) -> Scene {
    let good = Scene { origin, ..Scene::default() };
    match kind {
        1 => Scene { present: false, ..good },
        2 => Scene { upside_down: true, ..good },
        3 => Scene { second_face: 0.9, ..good },
        4 => Scene { height: 0.05, ..good },
        5 => Scene { pose: None, ..good },
        _ => good,
    }
}

fn input(kind: u8) -> FlowInput {
    let (key, value) = ("full_name".to_owned(), SensitiveText("Ada".into()));
    match kind {
        1 => FlowInput::FieldChanged { key, value },
        2 => FlowInput::FieldLeft { key },
        3 => FlowInput::FieldChanged { key: "registration_code".into(), value: SensitiveText(RegistrationCode::from_entropy(9).compact()) },
        4 => FlowInput::Back,
        5 => FlowInput::Retake,
        6 => FlowInput::Retry,
        7 => FlowInput::Override { reason: "passport seen".into() },
        8 => FlowInput::Override { reason: " ".into() },
        9 => FlowInput::RefuseConsent,
        10 => FlowInput::Cancel,
        11 => FlowInput::FieldChanged { key, value: SensitiveText(String::new()) },
        _ => FlowInput::Next,
    }
}

/// What the sequence so far has justified.
#[derive(Default)]
struct Oracle {
    /// Attempts whose picture may be used, and how.
    admitted: HashSet<u64>,
    /// Attempts that presentation attack detection could not answer.
    unanswered: HashSet<u64>,
    duplicates_answered: bool,
    saves: usize,
    compares: usize,
}

fn act_on(bench: &mut Bench, oracle: &mut Oracle, act: Act) -> Result<(), TestCaseError> {
    let file = bench.flow.setup().start.source != PictureSource::Camera;
    let attended = bench.flow.setup().start.attended;
    let before = bench.log.len();
    let asked_before = bench.attempt;
    match act {
        Act::Frames(kind, count) => _ = bench.show(&scene(kind, if file { Origin::File } else { Origin::Camera }), usize::from(count)),
        Act::Input(kind) => {
            let input = input(kind);
            if matches!(&input, FlowInput::Override { reason } if attended && !reason.trim().is_empty()) {
                oracle.admitted.extend(oracle.unanswered.iter());
            }
            bench.input(input);
        }
        Act::Assessed { outcome, stale } => {
            let attempt = if stale { AttemptId(bench.attempt.0.wrapping_sub(1)) } else { bench.attempt };
            let result = match outcome {
                0..=2 => Ok(assessment(attempt, [PadOutcome::BonaFide, PadOutcome::Attack, PadOutcome::NonResponse][usize::from(outcome)])),
                3 => Err(AssessmentFailure::NotUsable),
                4 => Err(AssessmentFailure::Fault(Fault::model("MOD-10"))),
                _ => Ok(BurstAssessment { templates: Vec::new(), ..assessment(attempt, PadOutcome::BonaFide) }),
            };
            if outcome == 0 || (file && outcome < 3) {
                oracle.admitted.insert(attempt.0);
            }
            if outcome == 2 {
                oracle.unanswered.insert(attempt.0);
            }
            bench.send(FlowEvent::BurstAssessed { attempt, result });
        }
        Act::Answer { work, result, stale } => {
            let request = if stale { RequestId(bench.request.0.wrapping_sub(1)) } else { bench.request };
            let fault = Fault::gallery("GAL-10");
            let failed = result == 3;
            let saved = SavedEnrolment { subject: person(1), registration_code: RegistrationCode::from_entropy(5) };
            let found = comparison(result == 0);
            if work == 1 && !failed && !stale {
                oracle.duplicates_answered = true;
            }
            bench.send(match work {
                0 => FlowEvent::CodeLookedUp { request, result: if failed { Err(fault) } else { Ok((result != 1).then(|| person(4))) } },
                1 => FlowEvent::DuplicatesFound {
                    request,
                    result: if failed { Err(fault) } else { Ok((result == 1).then(|| candidate(3, true)).into_iter().collect()) },
                },
                2 => FlowEvent::Compared { request, result: if failed { Err(fault) } else { Ok((result != 2).then_some(found)) } },
                3 => FlowEvent::Searched {
                    request,
                    result: if failed {
                        Err(fault)
                    } else {
                        Ok(SearchAnswer { candidates: vec![candidate(3, result == 0)], decided: result < 2, basis: ambiguous() })
                    },
                },
                _ => FlowEvent::Saved { request, result: if failed { Err(fault) } else { Ok(saved) } },
            });
        }
        Act::Lost => _ = bench.send(FlowEvent::Lost(Fault::camera("CAM-04"))),
        Act::Recovered => _ = bench.send(FlowEvent::Recovered),
        Act::Time(by) => {
            bench.now = bench.now.saturating_add_signed(by);
            bench.send(FlowEvent::Tick);
        }
    }
    if bench.attempt != asked_before {
        oracle.duplicates_answered = false;
    }
    check(bench, oracle, before)
}

fn check(bench: &Bench, oracle: &mut Oracle, from: usize) -> Result<(), TestCaseError> {
    for line in &bench.log[from..] {
        let used =
            line.starts_with("  save") || line.starts_with("  compare") || line.starts_with("  identify") || line.starts_with("  search");
        let taken = bench.flow.gathered.taken.as_ref();
        if used {
            let attempt = taken.map(|t| t.templates[0].1 as u64).expect("a picture is used");
            prop_assert!(oracle.admitted.iter().any(|a| *a as f32 as u64 == attempt), "{line} rests on an attempt that was not admitted");
        }
        if line.starts_with("  save") {
            oracle.saves += 1;
            prop_assert!(oracle.duplicates_answered, "saved without looking for duplicates");
            let draft = bench.draft.as_ref().expect("what to save");
            match &draft.pad {
                PadRecord::Assessed { outcome, .. } => prop_assert_eq!(*outcome, PadOutcome::BonaFide.into()),
                PadRecord::NotAssessed { reason } => prop_assert!(!reason.trim().is_empty()),
            }
        }
        oracle.compares += usize::from(line.starts_with("  compare"));
    }
    match bench.flow.outcome() {
        Some(Outcome::Enrolled { .. }) => prop_assert!(oracle.saves > 0),
        Some(Outcome::Verified { .. }) => prop_assert!(oracle.compares > 0),
        _ => {}
    }
    if let StepView::Review(review) = bench.flow.view(ms(bench.now)).view {
        prop_assert!(review.duplicates.is_empty() || bench.flow.setup().start.attended);
    }
    if let Some((due, _)) = bench.flow.next_deadline() {
        prop_assert!(due >= ms(bench.now) || bench.flow.timeline.at(ms(bench.now)) > Moment::default());
    }
    Ok(())
}

const KINDS: [FlowKind; 4] = [FlowKind::Enrol, FlowKind::Authenticate, FlowKind::ReEnrol, FlowKind::Identify];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Nothing is saved, compared or searched for without an admitted picture, nothing is saved without a search for duplicates, and from
    /// wherever the sequence leads, Cancel ends the flow without a save.
    #[test]
    fn nothing_is_decided_without_an_admitted_picture(
        kind in 0usize..4, attended: bool, claimed: bool, files in prop_oneof![4 => Just(0u8), 1 => 1u8..3],
        acts in proptest::collection::vec(act(), 0..120)
    ) {
        let mut bench = Bench::new(setup(KINDS[kind], attended, claimed, files));
        let mut oracle = Oracle::default();
        bench.send(FlowEvent::Begin);
        for act in acts {
            act_on(&mut bench, &mut oracle, act)?;
        }
        let saves = oracle.saves;
        let from = bench.log.len();
        bench.input(FlowInput::Cancel);
        if matches!(bench.flow.state, State::Working { work: Work::Save, .. }) {
            bench.saved(Ok(())).input(FlowInput::Cancel);
        }
        prop_assert!(bench.flow.is_over());
        prop_assert_eq!(bench.flow.next_deadline(), None);
        check(&bench, &mut oracle, from)?;
        prop_assert_eq!(oracle.saves, saves);
        let ended = bench.log.iter().filter(|l| l.starts_with("  finished")).count();
        prop_assert_eq!(ended, 1);
        bench.next().face(PadOutcome::BonaFide);
        prop_assert!(bench.flow.is_over(), "nothing comes after the end");
        prop_assert!(bench.log.iter().rposition(|l| l == "  camera true") <= bench.log.iter().rposition(|l| l == "  camera false"), "the camera rests");
    }
}

/// The sequences above do reach the outcomes they must not reach wrongly.
#[test]
fn random_sequences_reach_every_outcome() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached = HashSet::new();
    let wanted = [
        "enrolled false Enrol",
        "enrolled true Enrol",
        "enrolled false ReEnrol",
        "Match",
        "NonMatch",
        "identified true",
        "identified false",
    ];
    for i in 0..4_000_usize {
        if wanted.iter().all(|w| reached.contains(*w)) {
            return;
        }
        let acts = proptest::collection::vec(act(), 60..120).new_tree(&mut runner).unwrap().current();
        let mut bench = Bench::new(setup(KINDS[i % 4], i % 8 < 4, i % 3 > 0, 0));
        let mut oracle = Oracle::default();
        bench.send(FlowEvent::Begin);
        for act in acts {
            act_on(&mut bench, &mut oracle, act).unwrap();
            match bench.flow.outcome() {
                Some(Outcome::Enrolled { held, .. }) => _ = reached.insert(format!("enrolled {held} {:?}", bench.flow.setup().start.kind)),
                Some(Outcome::Verified { comparison, .. }) => _ = reached.insert(format!("{:?}", comparison.decision)),
                Some(Outcome::Identified { decided, .. }) => _ = reached.insert(format!("identified {decided}")),
                _ => {}
            }
        }
    }
    panic!("not everything was reached: {reached:?}");
}
