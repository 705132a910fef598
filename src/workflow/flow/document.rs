//! The document step: a frame is taken or a scan opened, read, and in the end decided about together with the face.

use super::*;
use crate::biometrics::comparison::Comparison;
use crate::documents::checks::Overall;
use crate::units::UtcTime;
use crate::workflow::document::DocumentRead;
use crate::workflow::document::decision::{CheckLine, FaceEvidence, decide};
use crate::workflow::view::DocumentView;
use time::{Date, OffsetDateTime};

const WAITING: State = State::Document { taking: false, reading: None, refusal: None };

/// A document that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pending {
    request: RequestId,
    pub(super) since: Moment,
    /// The files of its chip, beside what was read before.
    chip: bool,
}

/// The day, UTC.
fn day(now: UtcTime) -> Date {
    OffsetDateTime::from_unix_timestamp(now.0.div_euclid(1000)).map_or(OffsetDateTime::UNIX_EPOCH.date(), OffsetDateTime::date)
}

impl Flow {
    /// Begins to wait for a document, with the live picture.
    pub(super) fn document(&mut self, step: &mut Stepping) {
        self.gathered.document = None;
        self.gathered.chip_refusal = None;
        self.gathered.document_captures = 0;
        self.wait_for_document(step);
    }

    fn wait_for_document(&mut self, step: &mut Stepping) {
        self.state = WAITING;
        step.effects.push(FlowEffect::UseCamera(true));
        step.effects.push(FlowEffect::ShowPreview(true));
    }

    /// The next frame is the document.
    pub(super) fn take_document(&mut self) {
        if let State::Document { taking, reading: None, refusal } = &mut self.state {
            (*taking, *refusal) = (true, None);
        }
    }

    pub(super) fn document_frame(&mut self, frame: &CapturedFrame, step: &mut Stepping) {
        self.read_document(DocumentSource::Frame(Arc::clone(&frame.frame)), step);
    }

    pub(super) fn read_document(&mut self, source: DocumentSource, step: &mut Stepping) {
        if matches!(self.state, State::Document { reading: Some(_), .. }) {
            return;
        }
        let request = RequestId(self.number());
        let chip = matches!(source, DocumentSource::Chip(_));
        let before = if chip {
            step.audit(AuditEvent::FlowStarted { flow: self.setup.name().to_owned(), claim: None });
            self.gathered.document.clone()
        } else {
            self.gathered.document_captures = self.gathered.document_captures.saturating_add(1);
            None
        };
        self.last_input = step.own;
        step.effects.push(FlowEffect::ReadDocument { request, source, before });
        self.state = State::Document { taking: false, reading: Some(Pending { request, since: step.own, chip }), refusal: None };
    }

    pub(super) fn document_read(&mut self, of: RequestId, result: Result<Box<DocumentRead>, DocumentRefusal>, step: &mut Stepping) {
        let State::Document { reading: Some(pending), .. } = self.state else { return };
        if pending.request != of {
            return;
        }
        self.last_input = step.own;
        self.gathered.chip_refusal = None;
        match result {
            Err(refusal) if pending.chip => {
                // The document itself was read: it is decided about without its chip.
                self.gathered.chip_refusal = Some(refusal);
                self.compare_portrait(step);
            }
            Ok(read) if pending.chip => {
                self.gathered.document = Some(read);
                self.compare_portrait(step);
            }
            Ok(read) => {
                self.gathered.document = Some(read);
                step.effects.push(FlowEffect::ShowPreview(false));
                if self.gathered.taken.is_some() {
                    // The face was taken before: only the document is new.
                    step.effects.push(FlowEffect::UseCamera(false));
                    self.at = self.setup.steps.len() - 1;
                    return self.compare_portrait(step);
                }
                self.enter(self.at + 1, step);
            }
            Err(refusal) => self.state = State::Document { taking: false, reading: None, refusal: Some(refusal) },
        }
    }

    pub(super) fn document_too_slow(&mut self, step: &mut Stepping) {
        let refusal = DocumentRefusal {
            message: "reading the document took too long".to_owned(),
            advice: crate::advice::Advice::environment("FLW-34", "Try again; if it stays so, restart the program."),
        };
        if let State::Document { reading: Some(Pending { request, chip: true, .. }), .. } = self.state {
            return self.document_read(request, Err(refusal), step);
        }
        self.last_input = step.own;
        self.state = State::Document { taking: false, reading: None, refusal: Some(refusal) };
    }

    /// Another capture of the document; the face stays.
    pub(super) fn document_again(&mut self, step: &mut Stepping) {
        if let Some(at) = self.setup.steps.iter().position(|s| *s == Step::Document) {
            step.audit(AuditEvent::FlowStarted { flow: self.setup.name().to_owned(), claim: None });
            self.at = at;
            self.last_input = step.own;
            self.wait_for_document(step);
        }
    }

    /// Asks for the comparison, or decides without one where there is nothing to compare.
    pub(super) fn compare_portrait(&mut self, step: &mut Stepping) {
        if self.gathered.references().is_some_and(|templates| !templates.is_empty()) {
            self.work(Work::ComparePortrait, step);
        } else {
            self.decide_document(None, step);
        }
    }

    pub(super) fn decide_document(&mut self, found: Option<Comparison>, step: &mut Stepping) {
        if found.is_some_and(|comparison| !gathered::consistent(&comparison)) {
            return self.refuse("refused-not-compared", "FLW-32", "failed", step);
        }
        let (Some(read), Some(taken)) = (&self.gathered.document, &self.gathered.taken) else {
            return self.refuse("refused-incomplete", "FLW-07", "failed", step);
        };
        let face = FaceEvidence { picture: Some(Arc::clone(&taken.portrait)), comparison: found, pad: self.gathered.last_pad.clone() };
        let today = day(self.setup.start.today);
        let mut decision = decide(read, &face, self.gathered.document_captures, &self.setup.documents, today);
        decision.lines.extend(self.gathered.chip_refusal.as_ref().map(CheckLine::chip_not_read));
        let audited = match decision.overall {
            Overall::Ok => "accepted",
            Overall::Refused => "refused",
            Overall::Undecided => "undecided",
        };
        self.show(Outcome::Document(Box::new(decision)), audited, None, None, step);
    }

    pub(super) fn document_view(&self, reading: bool, refusal: Option<&DocumentRefusal>) -> DocumentView {
        DocumentView { reading, refusal: refusal.cloned(), live: self.lost.is_none() }
    }
}
