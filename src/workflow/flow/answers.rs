//! Answers to what a flow asked: the assessment of a picture, look-ups, searches, comparisons, saves.

use super::event::{SavedEnrolment, SearchAnswer};
use super::gathered::consistent;
use super::*;
use crate::biometrics::comparison::{Comparison, VerificationDecision};
use crate::biometrics::identification::decision::{IdentificationDecision, UnknownReason};
use crate::biometrics::pad::{PASSIVE_GATES, PadOutcome};
use crate::workflow::capture::event::{AssessmentFailure, BurstAnswer};
use crate::workflow::view::SearchBasis;

impl Flow {
    /// Whether an answer is the one that is waited for and no fault; a fault leads to `Trouble`.
    pub(super) fn take_answer<T>(&mut self, works: &[Work], of: RequestId, result: &Result<T, Fault>, step: &mut Stepping) -> bool {
        let work = match self.state {
            State::Working { work, request, .. } if request == of => work,
            State::Trouble { work, open: Some(request), .. } if request == of => work,
            _ => return false,
        };
        if !works.contains(&work) {
            return false;
        }
        if let Err(fault) = result {
            self.trouble(*fault, work, None, step);
        }
        result.is_ok()
    }

    pub(super) fn trouble(&mut self, fault: Fault, work: Work, open: Option<RequestId>, step: &mut Stepping) {
        self.last_input = step.own;
        self.state = State::Trouble { fault, work, open };
    }

    pub(super) fn looked_up(&mut self, found: Option<SubjectId>, step: &mut Stepping) {
        match found {
            Some(subject) => {
                self.gathered.claim = Some(subject);
                self.enter(self.at + 1, step);
            }
            None => {
                self.code_tries_left = self.code_tries_left.saturating_sub(1);
                if self.code_tries_left == 0 {
                    return self.refuse("refused-unknown-code", "FLW-04", "refused", step);
                }
                self.gathered.form.object(CODE_FIELD, "problem-code-unknown");
                self.arrive(step);
            }
        }
    }

    pub(super) fn compared(&mut self, found: Option<Comparison>, own_record: bool, step: &mut Stepping) {
        if found.is_some_and(|comparison| !consistent(&comparison)) {
            return self.refuse("refused-not-compared", "FLW-32", "failed", step);
        }
        let matched = found.is_some_and(|comparison| comparison.decision == VerificationDecision::Match);
        match (own_record, found, self.gathered.claim) {
            (true, ..) if !matched && !self.setup.start.attended => self.refuse("refused-not-the-same", "FLW-26", "refused", step),
            (true, ..) => {
                self.gathered.own_record = Some(matched);
                self.arrive(step);
            }
            (false, Some(comparison), Some(subject)) => {
                let outcome = if matched { "match" } else { "no_match" };
                self.show(Outcome::Verified { comparison, subject }, outcome, Some(subject), None, step);
            }
            (false, ..) => self.refuse("refused-no-template", "FLW-27", "refused", step),
        }
    }

    pub(super) fn searched(&mut self, found: SearchAnswer, step: &mut Stepping) {
        let SearchAnswer { mut candidates, decided, basis } = found;
        let named = candidates
            .first()
            .filter(|first| decided && first.comparison.decision == VerificationDecision::Match && consistent(&first.comparison));
        let subject = named.map(|first| first.subject);
        if !self.setup.start.attended {
            // Who else it might have been is nobody's business but an officer's.
            candidates.truncate(usize::from(subject.is_some()));
        }
        // An answer that names somebody whom its own numbers do not bear out names nobody.
        let decision = match (subject, basis.decision) {
            (Some(subject), _) => IdentificationDecision::Identified(subject),
            (None, IdentificationDecision::Identified(_)) => IdentificationDecision::Unknown(UnknownReason::BelowThreshold),
            (None, other) => other,
        };
        let outcome = match decision {
            IdentificationDecision::Identified(_) => "identified",
            IdentificationDecision::Ambiguous => "undecided",
            IdentificationDecision::Unknown(_) => "unknown",
        };
        let basis = SearchBasis { decision, ..basis };
        self.show(Outcome::Identified { candidates, decided: subject.is_some(), basis }, outcome, subject, None, step);
    }

    pub(super) fn saved(&mut self, saved: SavedEnrolment, step: &mut Stepping) {
        let held = self.gathered.held(&self.setup);
        let SavedEnrolment { subject, registration_code } = saved;
        let outcome = Outcome::Enrolled { subject, registration_code: registration_code.to_string(), held };
        self.show(outcome, if held { "held" } else { "enrolled" }, Some(subject), None, step);
    }

    pub(super) fn burst_assessed(&mut self, of: AttemptId, result: Result<BurstAssessment, AssessmentFailure>, step: &mut Stepping) {
        let result = result.and_then(|a| if a.templates.is_empty() { Err(AssessmentFailure::NotUsable) } else { Ok(a) });
        match (&self.state, result) {
            (State::File { assessing: Some(attempt) }, result) if *attempt == of => self.file_assessed(result, step),
            (State::Face { capture, burst: Some(burst) }, result) if capture.is_assessing(of) => {
                let Burst { origin, injection } = burst.clone();
                let answer = match result {
                    Ok(mut assessment) => {
                        assessment.pad = injection.into_iter().fold(assessment.pad, PadDecision::with);
                        self.admit(assessment, origin, step)
                    }
                    Err(AssessmentFailure::NotUsable) => BurstAnswer::NotUsable,
                    Err(AssessmentFailure::Fault(fault)) => BurstAnswer::Fault(fault),
                };
                self.capture(CaptureEvent::Assessed { attempt: of, answer }, step);
                if matches!(&self.state, State::Face { capture, .. } if capture.is_captured()) {
                    self.enter(self.at + 1, step);
                }
            }
            _ => {}
        }
    }

    fn admit(&mut self, assessment: BurstAssessment, origin: Origin, step: &mut Stepping) -> BurstAnswer {
        self.gathered.last_pad = Some(assessment.pad.clone());
        self.gathered.unanswered = None;
        match Admission::of_live_capture(&assessment.pad, origin, &PASSIVE_GATES, &self.setup.challenge.rules) {
            // Leave to use it comes with the challenge.
            Ok(_) if self.setup.asks_for_a_challenge() => {
                self.gathered.candidate = Some((assessment, origin));
                BurstAnswer::Accepted
            }
            Ok(admission) => {
                self.gathered.taken = Some(Taken::new(admission, assessment));
                BurstAnswer::Accepted
            }
            Err(PadOutcome::Attack) => {
                step.audit(AuditEvent::PresentationRefused { flow: self.setup.name().to_owned() });
                BurstAnswer::Refused
            }
            Err(_) => {
                self.gathered.unanswered = Some((assessment, origin));
                BurstAnswer::NoAnswer
            }
        }
    }
}
