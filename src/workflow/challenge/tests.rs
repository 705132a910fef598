//! The challenge on scripted faces.

use super::actor::Actor;
use super::*;
use crate::biometrics::pad::PadOutcome;
use crate::biometrics::pad::{ACTIVE_GATES, dynamics, injection, parallax};

fn ms(millis: u64) -> Moment {
    Moment::from_millis(millis)
}

pub(crate) fn setup(nonce: u8) -> ChallengeSetup {
    ChallengeSetup {
        nonce: Nonce([nonce; 32]),
        gestures: Gesture::ALL.to_vec(),
        judge: JudgeRules::default(),
        rules: PadRules::default(),
        attempts: 3,
        replacements: 1,
        scene_light: false,
        commanded_exposure: false,
        keep_clip: true,
        device: DeviceFacts::default(),
        field_of_view_degrees: 62.0,
        delays: CaptureDelays::default(),
    }
}

/// A challenge with a clock, before which somebody acts.
struct Bench {
    challenge: Challenge,
    actor: Actor,
    now: u64,
    frames: u64,
    effects: Vec<ChallengeEffect>,
    /// When the gesture on screen was first seen.
    seen: Option<(usize, Gesture, u64)>,
    /// Whether the actor's camera follows commands.
    follows: bool,
}

impl Bench {
    fn begun(setup: ChallengeSetup, actor: Actor) -> Self {
        let challenge = Challenge::new(setup, 40, ms(0));
        let mut bench = Self { challenge, actor, now: 0, frames: 0, effects: Vec::new(), seen: None, follows: true };
        bench.send(ChallengeEvent::Start);
        bench
    }

    fn send(&mut self, event: ChallengeEvent) {
        let effects = self.challenge.handle(event, ms(self.now));
        for effect in &effects {
            if let ChallengeEffect::Expose(stops) = effect {
                self.actor.exposure = stops.filter(|_| self.follows).unwrap_or(0.0);
            }
        }
        self.effects.extend(effects);
    }

    fn show(&mut self, act: Option<(Gesture, f32)>) {
        self.now += 33;
        self.frames += 1;
        let (frame, observation) = self.actor.show(act, self.frames, ms(self.now));
        self.send(ChallengeEvent::Observed { frame, observation });
    }

    /// Does what is asked, 250 ms after it is shown, until something else happens than asking.
    fn comply(&mut self) {
        for _ in 0..600 {
            let view = self.challenge.view(ms(self.now));
            match view.phase {
                ChallengePhase::Settling => self.seen = None,
                ChallengePhase::Asking | ChallengePhase::Acknowledged => {}
                _ => return,
            }
            if let Some(gesture) = view.gesture
                && self.seen.is_none_or(|(step, g, _)| (step, g) != (view.step, gesture))
            {
                self.seen = Some((view.step, gesture, self.now + 250));
            }
            let act = self.seen.map(|(_, gesture, from)| (gesture, (self.now as f32 - from as f32) / 1000.0));
            self.show(act);
        }
    }

    fn asked(&self) -> AttemptId {
        let asked = self.effects.iter().rev().find_map(|e| match e {
            ChallengeEffect::Assess { attempt, .. } => Some(*attempt),
            _ => None,
        });
        asked.expect("an assessment was asked for")
    }

    fn phase(&self) -> ChallengePhase {
        self.challenge.view(ms(self.now)).phase
    }

    fn outcome(&self, layer: &str) -> PadOutcome {
        self.challenge.layers().iter().find(|l| l.name == layer).expect(layer).outcome
    }
}

#[test]
fn who_does_everything_passes_in_less_than_eight_seconds() {
    for nonce in 0..40 {
        let mut bench = Bench::begun(setup(nonce), Actor::default());
        bench.comply();
        assert_eq!(bench.phase(), ChallengePhase::Assessing, "{nonce}: {:?} {:?}", bench.challenge.attempt_end(), bench.challenge.layers());
        assert!(bench.now < 8000, "{} ms", bench.now);
        for layer in bench.challenge.layers() {
            assert_eq!(layer.outcome, PadOutcome::BonaFide, "{nonce}: {layer:?}");
            assert!(ACTIVE_GATES.contains(&layer.name));
        }
        let attempt = bench.asked();
        bench.send(ChallengeEvent::Assessed { attempt: AttemptId(attempt.0 + 1), answer: BurstAnswer::Accepted });
        assert_eq!(bench.phase(), ChallengePhase::Assessing, "another attempt's answer");
        bench.send(ChallengeEvent::Assessed { attempt, answer: BurstAnswer::Accepted });
        assert!(bench.challenge.is_passed());
    }
}

#[test]
fn a_picture_that_is_waved_about_is_refused_by_parallax() {
    let mut refused = 0;
    for nonce in 0..20 {
        let mut bench = Bench::begun(setup(nonce), Actor { depth: 0.0, ..Actor::default() });
        bench.comply();
        assert_eq!(bench.phase(), ChallengePhase::Assessing, "the script tells the pose that was wished for");
        refused += u32::from(bench.outcome(parallax::NAME) == PadOutcome::Attack);
    }
    assert_eq!(refused, 20);
}

#[test]
fn frames_without_a_sensors_noise_are_refused_as_injected() {
    let mut bench = Bench::begun(setup(1), Actor { noise: false, ..Actor::default() });
    bench.comply();
    assert_eq!(bench.outcome(injection::NAME), PadOutcome::Attack);
    assert_eq!(bench.outcome(dynamics::NAME), PadOutcome::BonaFide);
    let device = DeviceFacts { virtual_device: true, ..DeviceFacts::default() };
    let mut bench = Bench::begun(ChallengeSetup { device, ..setup(1) }, Actor::default());
    bench.comply();
    assert_eq!(bench.outcome(injection::NAME), PadOutcome::Attack);
}

#[test]
fn a_camera_that_takes_commands_has_to_follow_them() {
    let takes = DeviceFacts { takes_exposure: true, ..DeviceFacts::default() };
    let commanded = |nonce, device| ChallengeSetup { commanded_exposure: true, device, ..setup(nonce) };
    let mut sequences = Vec::new();
    for nonce in 0..12 {
        let mut bench = Bench::begun(commanded(nonce, takes), Actor::default());
        bench.comply();
        assert_eq!(bench.outcome(exposure::NAME), PadOutcome::BonaFide, "{nonce}: {:?}", bench.challenge.layers());
        let told: Vec<_> = bench.effects.iter().filter_map(|e| if let ChallengeEffect::Expose(s) = e { Some(*s) } else { None }).collect();
        assert!(told.len() > 5 && told.iter().flatten().all(|stops| stops.abs() == exposure::STOPS), "{told:?}");
        assert_eq!(told.last(), Some(&None), "the camera is given back as soon as the gestures are done");
        sequences.push((told[0], told.len()));

        let mut bench = Bench::begun(commanded(nonce, takes), Actor::default());
        bench.follows = false;
        bench.comply();
        let refused: Vec<_> = bench.challenge.layers().iter().filter(|l| l.outcome != PadOutcome::BonaFide).map(|l| l.name).collect();
        assert_eq!(refused, [exposure::NAME], "nothing else tells a recording that does every gesture");
    }
    sequences.dedup();
    assert!(sequences.len() > 2, "the commands are the session's own");
}

#[test]
fn a_camera_that_takes_no_commands_is_told_none_and_misses_no_layer() {
    for (commanded_exposure, takes_exposure) in [(true, false), (false, true)] {
        let device = DeviceFacts { takes_exposure, ..DeviceFacts::default() };
        let mut bench = Bench::begun(ChallengeSetup { commanded_exposure, device, ..setup(4) }, Actor::default());
        bench.comply();
        assert_eq!(bench.phase(), ChallengePhase::Assessing);
        assert!(!bench.effects.iter().any(|e| matches!(e, ChallengeEffect::Expose(_))));
        assert!(bench.challenge.layers().iter().all(|l| l.name != exposure::NAME));
    }
}

#[test]
fn whatever_ends_an_attempt_gives_the_camera_back() {
    let device = DeviceFacts { takes_exposure: true, ..DeviceFacts::default() };
    for ending in [ChallengeEvent::Cancel, ChallengeEvent::Lost(Fault::camera("CAM-04"))] {
        let mut bench = Bench::begun(ChallengeSetup { commanded_exposure: true, device, ..setup(2) }, Actor::default());
        assert!(matches!(bench.effects.last(), Some(ChallengeEffect::Expose(Some(_)))));
        bench.show(None);
        bench.send(ending);
        assert!(matches!(bench.effects.last(), Some(ChallengeEffect::Expose(None))));
    }
}

#[test]
fn attempts_are_counted_and_each_has_its_own_sequence() {
    let mut bench = Bench::begun(setup(3), Actor::default());
    for left in [3, 2, 1] {
        assert_eq!(bench.challenge.view(ms(bench.now)).attempts_left, left);
        for _ in 0..180 {
            if bench.challenge.attempt_end().is_some() {
                break;
            }
            bench.show(None);
        }
        assert_eq!(bench.challenge.attempt_end(), Some(ChallengeEnd::TimedOut));
        assert_eq!(bench.outcome("challenge"), PadOutcome::NonResponse);
        bench.now += 3000;
        bench.send(ChallengeEvent::Tick);
    }
    assert_eq!(bench.challenge.refusal(), Some(ChallengeEnd::TimedOut));
    let issued: Vec<_> =
        bench.effects.iter().filter_map(|e| if let ChallengeEffect::Issued { gestures, .. } = e { Some(gestures) } else { None }).collect();
    assert_eq!(issued.len(), 3);
    assert!(issued[0] != issued[1] || issued[1] != issued[2]);
}

#[test]
fn a_replay_of_another_sequence_fails() {
    let (mut wrong, mut late) = (0, 0);
    for nonce in 0..30 {
        let mut bench = Bench::begun(ChallengeSetup { attempts: 1, ..setup(nonce) }, Actor::default());
        let recorded = Draw::new(Nonce([nonce; 32]), 999).sequence(&Gesture::ALL, 3);
        // A recording that happens to hold the right gestures in the right order is the chance level, not a failure.
        let asked =
            bench.effects.iter().find_map(|e| if let ChallengeEffect::Issued { gestures, .. } = e { Some(gestures.clone()) } else { None });
        let asked = asked.expect("a sequence was drawn");
        if (0..3).any(|k| (0..3).all(|i| recorded[(i + k) % 3] == asked[i])) {
            continue;
        }
        for i in 0..900 {
            if bench.challenge.refusal().is_some() {
                break;
            }
            let t = (i as f32 * 0.033) % 6.0;
            let (at, within) = ((t / 2.0) as usize, t % 2.0);
            bench.show(Some((recorded[at.min(2)], within)));
        }
        match bench.challenge.refusal() {
            Some(ChallengeEnd::WrongGesture | ChallengeEnd::TooEarly) => wrong += 1,
            Some(ChallengeEnd::TimedOut) => late += 1,
            other => panic!("{nonce}: {other:?} {:?} for {recorded:?}", bench.phase()),
        }
    }
    assert!(wrong > 10, "{wrong} wrong, {late} too late");
}

#[test]
fn a_gesture_can_be_exchanged_once() {
    let mut bench = Bench::begun(setup(5), Actor::default());
    while bench.challenge.view(ms(bench.now)).gesture.is_none() {
        bench.show(None);
    }
    let before = bench.challenge.view(ms(bench.now));
    assert!(before.can_replace);
    bench.send(ChallengeEvent::Another);
    let after = bench.challenge.view(ms(bench.now));
    assert_ne!(after.gesture, before.gesture);
    assert!(!after.can_replace);
    assert!(bench.effects.iter().any(|e| matches!(e, ChallengeEffect::Replaced { by, .. } if Some(*by) == after.gesture)));
    bench.send(ChallengeEvent::Another);
    assert_eq!(bench.challenge.view(ms(bench.now)).gesture, after.gesture);
    bench.comply();
    assert_eq!(bench.phase(), ChallengePhase::Assessing);
}

#[test]
fn a_lost_camera_blanks_and_costs_the_attempt_once_a_gesture_was_seen() {
    let mut bench = Bench::begun(setup(6), Actor::default());
    bench.send(ChallengeEvent::Lost(Fault::camera("CAM-04")));
    assert_eq!((bench.phase(), bench.challenge.view(ms(bench.now)).attempts_left), (ChallengePhase::Faulted, 3));
    bench.send(ChallengeEvent::Recovered);
    for left in [2, 1] {
        while bench.challenge.view(ms(bench.now)).gesture.is_none() {
            bench.show(None);
        }
        bench.send(ChallengeEvent::Lost(Fault::camera("CAM-04")));
        assert!(matches!(bench.effects.last(), Some(ChallengeEffect::ShowPreview(false))));
        bench.send(ChallengeEvent::Recovered);
        assert_eq!(bench.challenge.view(ms(bench.now)).attempts_left, left);
    }
    while bench.challenge.view(ms(bench.now)).gesture.is_none() {
        bench.show(None);
    }
    bench.send(ChallengeEvent::Lost(Fault::camera("CAM-04")));
    bench.send(ChallengeEvent::Recovered);
    assert_eq!(bench.challenge.refusal(), Some(ChallengeEnd::FaceLost), "no attempt is left to buy");
}

#[test]
fn an_assessment_that_never_comes_is_a_fault() {
    let mut bench = Bench::begun(setup(7), Actor::default());
    bench.comply();
    bench.now += 21_000;
    bench.send(ChallengeEvent::Tick);
    assert_eq!(bench.challenge.fault(), Some(Fault::worker("FLW-30")));
    bench.send(ChallengeEvent::Continue);
    assert_eq!(bench.phase(), ChallengePhase::Settling);
    bench.send(ChallengeEvent::Cancel);
    assert_eq!(bench.challenge.next_deadline(), None);
}
