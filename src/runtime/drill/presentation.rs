//! One presentation: a performer before the camera, three flows that see the same frames, in simulated time.

use super::eyes::Eyes;
use super::performer::{Performer, Studio};
use super::reaction::Shown;
use super::species::Species;
use super::{DrillError, DrillPlan};
use crate::biometrics::observation::Observation;
use crate::biometrics::pad::injection::DeviceFacts;
use crate::biometrics::pad::{PASSIVE_GATES, PadDecision, PadLayer, PadOutcome, passive};
use crate::ports::camera::{CapturedFrame, Origin};
use crate::units::{Moment, UtcTime};
use crate::workflow::capture::AttemptEnd;
use crate::workflow::capture::event::{AssessmentFailure, AttemptId, Shot};
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::challenge::sequence::{Draw, Nonce};
use crate::workflow::flow::Flow;
use crate::workflow::flow::event::{BurstAssessment, FlowEffect, FlowEvent};
use crate::workflow::flow::setup::{FlowSetup, FlowStart, PictureSource, SearchScope};
use crate::workflow::view::{FlowKind, Outcome, Step, StepView};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// Longest presentation, simulated seconds; no flow is that slow.
const LONGEST: f32 = 60.0;

/// What one layer said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerAnswer {
    /// Its name.
    pub name: String,
    /// Its outcome.
    pub outcome: PadOutcome,
    /// Its value; `None` without an answer.
    pub value: Option<f32>,
    /// What the value is held against.
    pub limit: f32,
}

/// How a presentation ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presented {
    /// Whether it got through with no layer in force.
    pub control: bool,
    /// The decision with every layer in force: bona fide is through.
    pub outcome: PadOutcome,
    /// Support code of the refusal; `None` when it got through.
    pub code: Option<String>,
    /// Every layer's own answer, from the flow in which none of the earlier ones stops the later ones; empty where that was not played.
    pub layers: Vec<LayerAnswer>,
    /// Simulated seconds from the first frame to the decision with every layer in force.
    pub seconds: f32,
    /// Those of them that the challenge took; `None` when it was not reached.
    pub challenge_seconds: Option<f32>,
    /// Locale key of the last instruction of a capture that came to nothing.
    pub not_captured: Option<String>,
    /// Gesture that was on the screen last before a challenge that was not passed came to its end, for the flow in which every layer is heard.
    pub stopped_at: Option<String>,
    /// Of the person shown: skin tone 0-1, age, glasses.
    pub person: (f32, f32, bool),
}

/// A flow with what became of it.
struct Arm {
    flow: Flow,
    /// Whether what the passive layer says of the burst counts.
    passive_in_force: bool,
    /// What it said.
    noted: Option<PadDecision>,
    admitted: bool,
    /// Exposure that it told the camera last, stops.
    exposure: f32,
    ended: Option<(Option<&'static str>, f32)>,
}

/// A nonce of one presentation, unlike any other's.
fn nonce(seed: u64, species: Species, number: usize) -> Nonce {
    let mut random = StdRng::seed_from_u64(seed ^ ((species as u64 + 1) << 48) ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    Nonce(bytes)
}

/// Gestures that a recording shows: those of another session, or, the best an attacker could have, the right ones the wrong way round.
fn recording(plan: &DrillPlan, species: Species, number: usize, own: Nonce) -> Vec<Gesture> {
    let allowed: Vec<Gesture> = plan.liveness.gestures.iter().filter_map(|n| Gesture::from_name(n)).collect();
    let count = plan.rules.values.gestures as usize;
    if species == Species::WrongOrderReplay && number.is_multiple_of(2) {
        // The capture before the challenge took the first number.
        let mut sequence = Draw::new(own, 1).sequence(&allowed, count);
        sequence.reverse();
        return sequence;
    }
    Draw::new(nonce(plan.seed ^ 0x5eed, species, number), 1).sequence(&allowed, count)
}

fn seed_of(nonce: &Nonce) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|i| nonce.0[i]))
}

/// The person of a number, who is genuine once and attacked in every species.
pub(super) fn studio(plan: &DrillPlan, number: usize) -> Studio {
    Studio::new(seed_of(&nonce(plan.seed ^ 0x0070_656f_706c_6500, Species::Genuine, number)), plan.size)
}

/// Plays one presentation to its end.
pub(super) fn present(
    plan: &DrillPlan,
    species: Species,
    number: usize,
    studio: &mut Studio,
    eyes: &mut Eyes,
) -> Result<Presented, DrillError> {
    let nonce = nonce(plan.seed, species, number);
    let person = studio.person();
    let mut performer = Performer::new(species, seed_of(&nonce), studio, recording(plan, species, number, nonce));
    let mut stage = Stage::new(plan, nonce, &performer);
    // For people both flows are the same one; for attacks it takes long and tells no more of the decision.
    stage.heard = species == Species::Genuine || number.is_multiple_of(plan.heard_every.max(1));
    if !stage.heard {
        stage.open.ended = Some((None, 0.0));
    }
    let mut observed: HashMap<usize, Observation> = HashMap::new();
    let mut step = 0u64;
    while !stage.is_over() && step as f32 / plan.rate < LONGEST {
        let seconds = step as f32 / plan.rate;
        // Cameras do not deliver to the microsecond; a quarter of a millisecond is little and never nothing.
        let jitter = (number as u64 * 31 + step * 17) % 250;
        let now = Moment(std::time::Duration::from_micros((f64::from(seconds) * 1e6) as u64 + 1_000_000 + jitter));
        performer.expose(stage.lead().exposure);
        let sight = performer.frame(stage.shown(now), seconds, step);
        let captured = CapturedFrame { frame: Arc::clone(&sight.frame), number: step, captured_at: now, origin: Origin::Camera };
        // The same picture tells the networks the same.
        let observation = match sight.kept.and_then(|which| observed.get(&which)) {
            Some(known) => Observation { frame_number: step, ..known.clone() },
            None => eyes.observe(&captured, &sight, &plan.profile).map_err(|fault| DrillError::Networks { code: fault.code })?,
        };
        if let Some(which) = sight.kept {
            observed.entry(which).or_insert_with(|| observation.clone());
        }
        stage.see(captured, Arc::new(observation), now, seconds, eyes)?;
        step += 1;
    }
    Ok(stage.result(person, step as f32 / plan.rate))
}

/// The three flows.
struct Stage {
    /// Whether the flow in which every layer is heard is played.
    heard: bool,
    control: Arm,
    open: Arm,
    full: Arm,
    /// The assessment of the burst that begins with that frame: all three flows ask for the same one.
    assessed: Option<(u64, Result<BurstAssessment, AssessmentFailure>)>,
    challenged: Option<(u64, Result<Vec<PadLayer>, AssessmentFailure>)>,
    last_instruction: Option<&'static str>,
    last_gesture: Option<Gesture>,
}

impl Stage {
    fn new(plan: &DrillPlan, nonce: Nonce, performer: &Performer<'_>) -> Self {
        let arm = |challenge: bool, passive_in_force: bool| {
            let device = if challenge { performer.device() } else { DeviceFacts::default() };
            let start = FlowStart {
                kind: FlowKind::Identify,
                claim: None,
                source: PictureSource::Camera,
                scope: SearchScope::default(),
                attended: false,
                practice: false,
                serial: 1,
                begun_at: UtcTime(0),
                today: time::Date::MIN,
                nonce,
                device,
            };
            let mut setup = FlowSetup::standard(start, Arc::clone(&plan.profile));
            if challenge {
                setup.steps.insert(1, Step::Liveness);
            }
            setup.challenge = setup.challenge.configured(&plan.liveness);
            setup.challenge.rules = plan.rules;
            setup.watch_for_injection = passive_in_force;
            setup.challenge.attempts = 1;
            setup.challenge.keep_clip = false;
            // With retries left the reason of the refusal is said; nobody takes them.
            setup.retries = 1;
            let mut flow = Flow::new(setup, Moment::default());
            flow.handle(FlowEvent::Begin, Moment::default());
            Arm { flow, passive_in_force, noted: None, admitted: false, exposure: 0.0, ended: None }
        };
        Self {
            heard: true,
            control: arm(false, false),
            open: arm(true, false),
            full: arm(true, true),
            assessed: None,
            challenged: None,
            last_instruction: None,
            last_gesture: None,
        }
    }

    fn is_over(&self) -> bool {
        [&self.control, &self.open, &self.full].iter().all(|arm| arm.ended.is_some())
    }

    /// The flow that screen and camera listen to.
    const fn lead(&self) -> &Arm {
        if self.full.ended.is_none() { &self.full } else { &self.open }
    }

    /// What stands on the screen: that of the flow with everything in force, as long as it goes on.
    fn shown(&self, now: Moment) -> Shown {
        match self.lead().flow.view(now).view {
            StepView::Liveness(view) => Shown {
                challenge: true,
                gesture: view.gesture.map(|g| (view.step, g)),
                bright: view.light.is_some_and(|l| l > 0.5),
                feedback: None,
            },
            StepView::Face(view) => Shown { feedback: Some(view.instruction.feedback), ..Shown::default() },
            _ => Shown::default(),
        }
    }

    fn see(
        &mut self,
        frame: CapturedFrame,
        observation: Arc<Observation>,
        now: Moment,
        seconds: f32,
        eyes: &mut Eyes,
    ) -> Result<(), DrillError> {
        if let StepView::Face(view) = self.control.flow.view(now).view {
            self.last_instruction = Some(view.instruction.feedback.locale_key());
        }
        if let StepView::Liveness(view) = self.open.flow.view(now).view {
            self.last_gesture = view.gesture.or(self.last_gesture);
        }
        for which in 0..3 {
            let arm = [&mut self.control, &mut self.open, &mut self.full][which].ended.is_none();
            if !arm {
                continue;
            }
            let mut events = vec![FlowEvent::Observed { frame: frame.clone(), observation: Arc::clone(&observation) }];
            while let Some(event) = events.pop() {
                let arm = match which {
                    0 => &mut self.control,
                    1 => &mut self.open,
                    _ => &mut self.full,
                };
                for effect in arm.flow.handle(event, now) {
                    match effect {
                        FlowEffect::AssessBurst { attempt, shots } => {
                            let answer = cached(&mut self.assessed, &shots, || eyes.assess(&shots));
                            events.push(arm.burst(attempt, answer)?);
                        }
                        FlowEffect::AssessChallenge { attempt, shots, templates } => {
                            let result = cached(&mut self.challenged, &shots, || eyes.assess_challenge(&shots, &templates));
                            failed(&result)?;
                            events.push(FlowEvent::ChallengeAssessed { attempt, result });
                        }
                        FlowEffect::Expose(stops) => arm.exposure = stops.unwrap_or(0.0),
                        // Somebody is searched for only with leave to use the picture.
                        FlowEffect::Identify { .. } => {
                            arm.admitted = true;
                            arm.ended = Some((None, seconds));
                        }
                        _ => {}
                    }
                }
                if arm.ended.is_none()
                    && let Some(Outcome::Refused { code, .. }) = arm.flow.outcome()
                {
                    arm.ended = Some((Some(code), seconds));
                }
            }
        }
        Ok(())
    }

    fn result(self, person: (f32, f32, bool), seconds: f32) -> Presented {
        let (code, took) = self.full.ended.unwrap_or((Some(AttemptEnd::TimedOut.code()), seconds));
        let refused = self.full.flow.pad().is_some_and(|d| d.outcome == PadOutcome::Attack);
        let outcome = match (self.full.admitted, refused) {
            (true, _) => PadOutcome::BonaFide,
            (false, true) => PadOutcome::Attack,
            (false, false) => PadOutcome::NonResponse,
        };
        // The passive layer as it answered, the others from the flow that heard them all.
        let noted = self.open.noted.iter().flat_map(|d| &d.layers);
        let heard = self.open.flow.pad().into_iter().flat_map(|d| &d.layers).filter(|l| l.name != passive::NAME);
        let layers = noted.chain(heard).filter(|_| self.heard);
        let layers = layers.map(|l| LayerAnswer { name: l.name.to_owned(), outcome: l.outcome, value: l.value, limit: l.limit }).collect();
        let captured = self.control.ended.filter(|_| self.control.admitted).map(|(_, at)| at);
        let challenge_seconds = captured.map(|at| took - at).filter(|s| *s > 0.0);
        let not_captured = self.last_instruction.filter(|_| !self.control.admitted);
        let stopped_at = self.last_gesture.filter(|_| !self.open.admitted).map(Gesture::name);
        Presented {
            control: self.control.admitted,
            outcome,
            code: code.map(str::to_owned),
            layers,
            seconds: took,
            challenge_seconds,
            stopped_at: stopped_at.map(str::to_owned),
            person,
            not_captured: not_captured.map(str::to_owned),
        }
    }
}

/// The answer for shots that begin with the same frame, made once.
fn cached<T: Clone>(
    kept: &mut Option<(u64, Result<T, AssessmentFailure>)>,
    shots: &[Shot],
    make: impl FnOnce() -> Result<T, AssessmentFailure>,
) -> Result<T, AssessmentFailure> {
    let key = shots.iter().map(|s| s.frame.number).max().unwrap_or_default();
    if let Some((number, answer)) = kept
        && *number == key
    {
        return answer.clone();
    }
    let answer = make();
    *kept = Some((key, answer.clone()));
    answer
}

fn failed<T>(result: &Result<T, AssessmentFailure>) -> Result<(), DrillError> {
    match result {
        Err(AssessmentFailure::Fault(fault)) => Err(DrillError::Networks { code: fault.code }),
        _ => Ok(()),
    }
}

impl Arm {
    /// The answer to the burst; where the passive layer is not in force, its refusal is noted and taken out.
    fn burst(&mut self, attempt: AttemptId, answer: Result<BurstAssessment, AssessmentFailure>) -> Result<FlowEvent, DrillError> {
        failed(&answer)?;
        let result = answer.map(|mut assessment| {
            if !self.passive_in_force {
                let off = |layer: &PadLayer| PadLayer { outcome: PadOutcome::BonaFide, ..layer.clone() };
                let mut layers: Vec<PadLayer> = assessment.pad.layers.iter().map(off).collect();
                if layers.is_empty() {
                    let method = "off".to_owned();
                    layers = PASSIVE_GATES
                        .map(|name| PadLayer { name, method: method.clone(), value: None, limit: 0.0, outcome: PadOutcome::BonaFide })
                        .to_vec();
                }
                self.noted = Some(std::mem::replace(&mut assessment.pad, PadDecision::fuse(layers)));
            }
            assessment
        });
        Ok(FlowEvent::BurstAssessed { attempt, result })
    }
}
