//! What a flow shows: plain values for the screens.

use super::*;
use crate::workflow::view::{FlowView, ReviewView, StepView, TroubleView};

impl Flow {
    /// What a screen may show.
    #[must_use]
    pub fn view(&self, now: Moment) -> FlowView {
        let own = self.timeline.at(now);
        let trouble = |fault: &Fault| {
            StepView::Trouble(TroubleView { message_key: fault.message_key, code: fault.code, recovering: fault.recovering })
        };
        let view = match &self.state {
            State::Ready | State::Over => StepView::Working { what_key: "working-title" },
            State::Consent => StepView::Consent,
            State::Details => StepView::Details(self.gathered.form.view()),
            State::Document(document) => StepView::Document(self.document_view(document, now)),
            State::Face { capture, .. } => match capture.fault() {
                Some(fault) => trouble(&fault),
                None => StepView::Face(capture.view(now)),
            },
            State::Liveness { challenge } => match challenge.fault() {
                Some(fault) => trouble(&fault),
                None => StepView::Liveness(challenge.view(now)),
            },
            State::File { .. } => StepView::Working { what_key: "working-assessing" },
            State::Working { work, .. } => StepView::Working { what_key: work.what_key() },
            State::Trouble { fault, .. } => trouble(fault),
            State::Review => StepView::Review(self.review()),
            State::Shown { outcome, .. } => {
                let returns_in = self.own_deadline().map(|(deadline, _)| deadline.since(own));
                StepView::Outcome { outcome: outcome.clone(), returns_in }
            }
        };
        let current = match &self.state {
            State::Shown { .. } | State::Over => Step::Result,
            _ => self.setup.steps[self.at],
        };
        let stand_in = self.gathered.taken.as_ref().is_some_and(|taken| taken.admission.origin() == Origin::Practice);
        let practice = self.setup.start.practice || stand_in;
        let gallery = self.setup.start.scope.gallery.clone();
        FlowView { flow: self.setup.start.kind, steps: self.setup.steps.clone(), current, view, practice, gallery }
    }

    /// Duplicates are the officer's business: an unattended screen never learns of them.
    fn review(&self) -> ReviewView {
        let duplicates = self.gathered.duplicates.clone().filter(|_| self.setup.start.attended);
        ReviewView {
            portrait: self.gathered.taken.as_ref().map(|taken| Arc::clone(&taken.portrait)),
            details: if self.setup.start.kind == FlowKind::Enrol { self.gathered.form.labelled_entries() } else { Vec::new() },
            duplicates: duplicates.unwrap_or_default(),
        }
    }
}
