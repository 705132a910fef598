//! The liveness step of a flow: the challenge put to the face that was taken, and what becomes of the picture after it.

use super::*;
use crate::biometrics::pad::{PadLayer, PadOutcome};
use crate::ports::gallery::{NewPicture, PictureKind};
use crate::workflow::capture::event::{AssessmentFailure, BurstAnswer};
use crate::workflow::challenge::ChallengeEnd;
use crate::workflow::challenge::event::ChallengeEffect;
use event::BurstAssessment;

impl Flow {
    /// Begins the challenge.
    pub(super) fn liveness(&mut self, step: &mut Stepping) {
        if matches!(self.setup.start.source, PictureSource::File { .. }) {
            return self.refuse("refused-liveness-needs-camera", "FLW-46", "refused", step);
        }
        // Entered without a picture: steps in an order that no flow has.
        if self.gathered.candidate.is_none() {
            return self.refuse("refused-incomplete", "FLW-07", "failed", step);
        }
        let mut setup = self.setup.challenge.clone();
        setup.delays = self.setup.delays.capture;
        let mut challenge = Challenge::new(setup, self.next_number, step.now);
        if let Some(fault) = self.lost {
            challenge.handle(ChallengeEvent::Lost(fault), step.now);
        }
        step.effects.push(FlowEffect::UseCamera(true));
        self.state = State::Liveness { challenge: Box::new(challenge) };
        self.challenge(ChallengeEvent::Start, step);
    }

    /// Hands an event to the challenge, if there is one, and follows where that leads.
    pub(super) fn challenge(&mut self, event: ChallengeEvent, step: &mut Stepping) {
        let State::Liveness { challenge } = &mut self.state else { return };
        let worked = challenge.fault().is_none();
        let flow = self.setup.name();
        for effect in challenge.handle(event, step.now) {
            match effect {
                ChallengeEffect::ShowPreview(shown) => step.effects.push(FlowEffect::ShowPreview(shown)),
                ChallengeEffect::Expose(stops) => step.effects.push(FlowEffect::Expose(stops)),
                ChallengeEffect::Assess { attempt, shots, clip } => {
                    self.gathered.clip = clip;
                    let taken = self.gathered.candidate.iter().flat_map(|(assessment, _)| &assessment.templates);
                    let templates = taken.map(|(template, _)| template.clone()).collect();
                    step.effects.push(FlowEffect::AssessChallenge { attempt, shots, templates });
                }
                ChallengeEffect::Issued { nonce, gestures } => {
                    let gestures = gestures.iter().map(|g| g.name().to_owned()).collect();
                    step.audit(AuditEvent::ChallengeIssued { flow: flow.to_owned(), nonce, gestures });
                }
                ChallengeEffect::Replaced { gesture, by } => {
                    let (gesture, by) = (gesture.name().to_owned(), by.name().to_owned());
                    step.audit(AuditEvent::GestureReplaced { flow: flow.to_owned(), gesture, by });
                }
                ChallengeEffect::Failed => {
                    let heard = self.gathered.candidate.iter().flat_map(|(a, _)| &a.pad.layers).chain(challenge.layers());
                    // What the networks said of the challenge's pictures is in the decision already, if they were asked.
                    let asked = matches!(challenge.attempt_end(), Some(ChallengeEnd::Refused | ChallengeEnd::NoAnswer));
                    let assessed = self.gathered.last_pad.iter().flat_map(|d| &d.layers).filter(|l| asked && from_networks(l.name));
                    let mut decision = PadDecision::fuse(heard.chain(assessed).cloned().collect());
                    if decision.outcome == PadOutcome::Attack {
                        self.gathered.challenge_refused = true;
                        step.audit(AuditEvent::PresentationRefused { flow: flow.to_owned() });
                    }
                    // A refusal stands, whatever a later attempt comes to nothing for.
                    if self.gathered.challenge_refused {
                        decision.outcome = PadOutcome::Attack;
                    }
                    self.gathered.last_pad = Some(decision);
                }
            }
        }
        if worked && challenge.fault().is_some() {
            self.last_input = step.own;
        }
        if let Some(reason) = challenge.refusal() {
            let last = self.retries_left == 0;
            let (key, code) = if last { ("refused-attempts", "FLW-24") } else { (reason.reason_key(), reason.code()) };
            self.refuse(key, code, "refused", step);
        }
    }

    pub(super) fn challenge_assessed(&mut self, of: AttemptId, result: Result<Vec<PadLayer>, AssessmentFailure>, step: &mut Stepping) {
        let State::Liveness { challenge } = &self.state else { return };
        if !challenge.is_assessing(of) {
            return;
        }
        let answer = match (result, self.gathered.candidate.take()) {
            (Err(AssessmentFailure::Fault(fault)), candidate) => {
                self.gathered.candidate = candidate;
                BurstAnswer::Fault(fault)
            }
            (Err(AssessmentFailure::NotUsable), candidate) => {
                self.gathered.candidate = candidate;
                BurstAnswer::NotUsable
            }
            (Ok(_), None) => BurstAnswer::NoAnswer,
            (Ok(assessed), Some((mut assessment, origin))) => {
                let clip = self.gathered.clip.take();
                let layers = assessment.pad.layers.iter().chain(challenge.layers()).cloned().chain(assessed);
                let decision = PadDecision::fuse(layers.collect());
                self.gathered.last_pad = Some(decision.clone());
                match Admission::of_live_capture(&decision, origin, self.setup.gates(), &self.setup.challenge.rules) {
                    Ok(admission) => {
                        assessment.pictures.extend(clip.map(|encoded| NewPicture { kind: PictureKind::Clip, encoded }));
                        self.gathered.taken = Some(Taken::new(admission, assessment));
                        BurstAnswer::Accepted
                    }
                    Err(outcome) => {
                        self.gathered.candidate = Some((assessment, origin));
                        if outcome == PadOutcome::Attack { BurstAnswer::Refused } else { BurstAnswer::NoAnswer }
                    }
                }
            }
        };
        self.challenge(ChallengeEvent::Assessed { attempt: of, answer }, step);
        if matches!(&self.state, State::Liveness { challenge } if challenge.is_passed()) {
            self.enter(self.at + 1, step);
        }
    }

    /// The officer stops the challenge for somebody who cannot do it. What was refused before stays refused.
    pub(super) fn cannot_do(&mut self, step: &mut Stepping) {
        let Some((assessment, _)) = &self.gathered.candidate else { return };
        let outcome = if self.gathered.challenge_refused { PadOutcome::Attack } else { PadOutcome::NonResponse };
        self.gathered.last_pad = Some(PadDecision { outcome, ..assessment.pad.clone() });
        self.refuse("refused-cannot-do", "FLW-47", "refused", step);
    }

    /// A picture that nobody and nothing has decided on, for an officer: with all that was said about it so far.
    pub(super) fn undecided(&self) -> Option<(BurstAssessment, Origin, PadDecision)> {
        if let Some((assessment, origin)) = &self.gathered.unanswered {
            return Some((assessment.clone(), *origin, assessment.pad.clone()));
        }
        let (assessment, origin) = self.gathered.candidate.as_ref().filter(|_| !self.gathered.challenge_refused)?;
        // A challenge that was not passed is a gate without an answer.
        let silent = PadDecision { outcome: PadOutcome::NonResponse, ..assessment.pad.clone() };
        Some((assessment.clone(), *origin, silent))
    }
}

fn from_networks(layer: &str) -> bool {
    layer == crate::biometrics::pad::CONTINUITY || layer == crate::biometrics::pad::PASSIVE_DURING
}
