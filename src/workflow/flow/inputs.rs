//! What people do to a flow.

use super::*;

impl Flow {
    pub(super) fn input(&mut self, input: FlowInput, step: &mut Stepping) {
        match (input, &self.state) {
            (FlowInput::Cancel, State::Ready) => self.end(FlowEnd::Cancelled, step),
            (_, State::Ready | State::Over) => {}
            // What is being saved is saved: its answer is shown, then the flow can be left.
            (_, State::Working { work: Work::Save, .. }) => {}
            (FlowInput::Cancel, State::Shown { .. }) => self.end(FlowEnd::Completed, step),
            (FlowInput::Cancel, _) => self.end(FlowEnd::Cancelled, step),
            (FlowInput::RefuseConsent, State::Consent) => self.refuse("refused-consent", "FLW-01", "refused", step),
            (FlowInput::RefuseConsent, _) => {}
            (FlowInput::FieldChanged { key, value }, State::Details) => self.gathered.form.change(&key, value),
            (FlowInput::FieldLeft { key }, State::Details) => self.gathered.form.leave(&key),
            (FlowInput::FieldChanged { key, value }, State::Document(_)) => self.stated(&key, Some(value)),
            (FlowInput::FieldLeft { key }, State::Document(_)) => self.stated(&key, None),
            (FlowInput::FieldChanged { .. } | FlowInput::FieldLeft { .. }, _) => {}
            (FlowInput::StateDetails, _) => self.state_details(),
            (FlowInput::StatedDone, _) => self.stated_done(false, step),
            (FlowInput::ForgetStated, _) => self.stated_done(true, step),
            (FlowInput::Next, _) => self.next(step),
            (FlowInput::Back, _) => self.back(step),
            (FlowInput::TakeDocument, State::Document(_)) => self.take_document(step),
            (FlowInput::OneSideOnly, State::Document(_)) => self.document_event(DocumentEvent::OneSideOnly, step),
            (FlowInput::RetakeDocument, State::Document(_)) => self.recapture_document(step),
            (FlowInput::OpenDocument(path), State::Document(_)) => self.read_document(DocumentSource::File(path), step),
            (FlowInput::OpenChip(path), State::Shown { outcome: Outcome::Document(_), .. }) => {
                self.read_document(DocumentSource::Chip(path), step);
            }
            (FlowInput::RetakeDocument, State::Shown { outcome: Outcome::Document(_), .. }) => self.document_again(step),
            (
                FlowInput::TakeDocument
                | FlowInput::OneSideOnly
                | FlowInput::OpenDocument(_)
                | FlowInput::OpenChip(_)
                | FlowInput::RetakeDocument,
                _,
            ) => {}
            (FlowInput::Retake, State::Review) => self.retake(step),
            (FlowInput::Retake, State::Face { .. }) => self.capture(CaptureEvent::Continue, step),
            (FlowInput::Retake, State::Liveness { .. }) => self.retake(step),
            (FlowInput::AnotherGesture, State::Liveness { .. }) => self.challenge(ChallengeEvent::Another, step),
            (FlowInput::CannotDo, State::Liveness { .. }) if self.setup.start.attended => self.cannot_do(step),
            (FlowInput::Retake | FlowInput::AnotherGesture | FlowInput::CannotDo, _) => {}
            (FlowInput::Retry, _) => self.retry(step),
            (FlowInput::Override { reason }, _) => self.overrule(&reason, step),
        }
    }

    fn next(&mut self, step: &mut Stepping) {
        match &self.state {
            State::Consent | State::Review => self.enter(self.at + 1, step),
            State::Details => {
                if self.gathered.form.submit() {
                    match self.setup.start.kind {
                        FlowKind::Authenticate | FlowKind::ReEnrol => self.work(Work::LookUp, step),
                        FlowKind::Enrol | FlowKind::Identify | FlowKind::VerifyId => self.enter(self.at + 1, step),
                    }
                }
            }
            State::Face { .. } => self.capture(CaptureEvent::Continue, step),
            State::Liveness { .. } => self.challenge(ChallengeEvent::Continue, step),
            State::Shown { .. } => self.end(FlowEnd::Completed, step),
            State::Document(_) => self.take_document(step),
            State::Ready | State::File { .. } | State::Working { .. } | State::Trouble { .. } | State::Over => {}
        }
    }

    fn back(&mut self, step: &mut Stepping) {
        match &self.state {
            State::Shown { .. } => self.end(FlowEnd::Completed, step),
            State::Working { .. } => {}
            State::Trouble { work: Work::LookUp, .. } => self.enter(self.at, step),
            State::Trouble { .. } => self.end(FlowEnd::Cancelled, step),
            _ if self.at == 0 => self.end(FlowEnd::Cancelled, step),
            _ => self.enter(self.at - 1, step),
        }
    }

    fn retake(&mut self, step: &mut Stepping) {
        if let Some(at) = self.setup.steps.iter().position(|s| *s == Step::Face) {
            self.enter(at, step);
        }
    }

    fn retry(&mut self, step: &mut Stepping) {
        match &self.state {
            State::Face { .. } => self.capture(CaptureEvent::Continue, step),
            State::Liveness { .. } => self.challenge(ChallengeEvent::Continue, step),
            State::Shown { outcome, .. } if outcome.offers_retry() && self.retries_left > 0 => {
                self.retries_left -= 1;
                step.audit(AuditEvent::FlowStarted { flow: self.setup.name().to_owned(), claim: self.gathered.claim });
                self.retake(step);
            }
            // A save that was given up may still come through: asking again could save twice.
            State::Trouble { work: Work::Save, open: Some(_), .. } => {}
            State::Trouble { work, .. } => self.work(*work, step),
            _ => {}
        }
    }

    /// An officer goes on with a picture that presentation attack detection could not answer, or with a person who cannot do the challenge.
    fn overrule(&mut self, reason: &str, step: &mut Stepping) {
        let waiting = match &self.state {
            State::Face { capture, .. } => capture.attempt_end() == Some(AttemptEnd::NoAnswer),
            State::Liveness { .. } => true,
            State::Shown { outcome: Outcome::Refused { .. }, .. } => true,
            _ => false,
        };
        if !waiting || !self.setup.start.attended {
            return;
        }
        let Some((assessment, origin, decision)) = self.undecided() else { return };
        let Some(last) = self.setup.steps.iter().rposition(|s| matches!(s, Step::Face | Step::Liveness)) else { return };
        if let Ok(admission) = Admission::by_officer(&decision, origin, self.setup.gates(), &self.setup.challenge.rules, reason) {
            step.audit(AuditEvent::Overridden { flow: self.setup.name().to_owned(), reason: reason.trim().to_owned() });
            self.gathered.unanswered = None;
            self.gathered.candidate = None;
            self.gathered.taken = Some(Taken::new(admission, assessment));
            self.enter(last + 1, step);
        }
    }
}
