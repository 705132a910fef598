//! The document step: captured side by side from live frames, or a scan opened; read; in the end decided about together with the face.

use super::*;
use crate::documents::checks::Overall;
use crate::documents::picture::{Turn, rectify};
use crate::imaging::Frame;
use crate::workflow::document::decision::{CheckLine, FaceEvidence, decide};
use crate::workflow::document::{DocumentRead, NumberSearch, PortraitComparison};
use crate::workflow::document_capture::{DocumentCapture, DocumentEffect, DocumentEvent, DocumentProfile, DocumentShot};
use crate::workflow::view::DocumentView;

/// Pixels a millimetre of the pages that the screen shows.
const SHOWN_RESOLUTION: f64 = 5.0;

/// The step with everything in it.
#[derive(Debug, Clone)]
pub(super) struct DocumentStep {
    capture: DocumentCapture,
    /// Sides taken, first side first.
    shots: Vec<DocumentShot>,
    /// The same, flattened and upright as far as that can be seen, for the screen.
    pages: Vec<Arc<Frame>>,
    pub(super) reading: Option<Pending>,
    /// What was read of it, while somebody still types what the person stated.
    read: Option<Box<DocumentRead>>,
    refusal: Option<DocumentRefusal>,
}

impl DocumentStep {
    /// - `reading`: what is being read.
    const fn new(capture: DocumentCapture, reading: Option<Pending>, refusal: Option<DocumentRefusal>) -> Self {
        Self { capture, shots: Vec::new(), pages: Vec::new(), reading, read: None, refusal }
    }

    /// Whether the document is read and waits for what is typed.
    pub(super) const fn is_read(&self) -> bool {
        self.read.is_some()
    }

    /// Whether only the files of its chip are being read.
    pub(super) fn reads_chip(&self) -> bool {
        self.reading.is_some_and(|pending| pending.chip)
    }

    /// Whether frames are looked at.
    pub(super) const fn is_capturing(&self) -> bool {
        self.reading.is_none() && self.capture.is_running()
    }

    pub(super) fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        self.capture.next_deadline()
    }
}

/// A document that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pending {
    request: RequestId,
    pub(super) since: Moment,
    /// The files of its chip, beside what was read before.
    chip: bool,
    /// A picture file: the live capture goes on if it is no use.
    file: bool,
}

/// The page of a shot for the screen, or the whole frame where its corners were not found.
fn shown(shot: &DocumentShot) -> Arc<Frame> {
    let flat = shot.found.and_then(|f| rectify::rectify(&shot.frame.frame, &f.corners, f.form.shape, SHOWN_RESOLUTION));
    let over = shot.measures.and_then(|m| m.is_upside_down()) == Some(true);
    match flat {
        Some(page) if over => Arc::new(Turn::Over.of(&page)),
        Some(page) => Arc::new(page),
        None => Arc::clone(&shot.frame.frame),
    }
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
        step.effects.push(FlowEffect::UseCamera(true));
        step.effects.push(FlowEffect::LookForDocument(true));
        self.capture_document(None, step);
    }

    /// Captures from the first side on; `refusal` says why the last picture was no use.
    fn capture_document(&mut self, refusal: Option<DocumentRefusal>, step: &mut Stepping) {
        let mut capture = DocumentCapture::new(self.setup.document_capture, step.now);
        if let Some(fault) = self.lost {
            capture.handle(DocumentEvent::Lost(fault), step.now);
        }
        self.state = State::Document(Box::new(DocumentStep::new(capture, None, refusal)));
        self.document_event(DocumentEvent::Start, step);
    }

    /// Hands an event to the capture, if there is one, and follows where that leads.
    pub(super) fn document_event(&mut self, event: DocumentEvent, step: &mut Stepping) {
        let State::Document(document) = &mut self.state else { return };
        if document.reading.is_some() && !matches!(event, DocumentEvent::Lost(_) | DocumentEvent::Recovered | DocumentEvent::Cancel) {
            return;
        }
        let mut finished = false;
        let was_running = document.capture.is_running();
        let effects = document.capture.handle(event, step.now);
        if was_running && !document.capture.is_running() {
            // Whoever was busy with the document has as long as anybody to go on.
            self.last_input = step.own;
        }
        for effect in effects {
            match effect {
                DocumentEffect::ShowPreview(shown) => step.effects.push(FlowEffect::ShowPreview(shown)),
                DocumentEffect::Taken(shot) => {
                    self.last_input = step.own;
                    document.refusal = None;
                    document.pages.push(shown(&shot));
                    document.shots.push(*shot);
                }
                DocumentEffect::Finished => finished = true,
            }
        }
        if finished && !document.shots.is_empty() {
            let shots = document.shots.clone();
            self.read_document(DocumentSource::Shots(shots), step);
        }
    }

    /// Takes the next frame as it is; where the capture has ended, begins it again.
    pub(super) fn take_document(&mut self, step: &mut Stepping) {
        match &self.state {
            State::Document(document) if document.is_read() => self.stated_done(false, step),
            State::Document(document) if document.is_capturing() => self.document_event(DocumentEvent::TakeNow, step),
            State::Document(_) => self.recapture_document(step),
            _ => {}
        }
    }

    /// Captures again from the first side on.
    pub(super) fn recapture_document(&mut self, step: &mut Stepping) {
        if matches!(&self.state, State::Document(document) if document.reading.is_none()) {
            self.capture_document(None, step);
        }
    }

    pub(super) fn read_document(&mut self, source: DocumentSource, step: &mut Stepping) {
        if matches!(&self.state, State::Document(document) if document.reading.is_some()) {
            return;
        }
        let request = RequestId(self.number());
        let (chip, file) = (matches!(source, DocumentSource::Chip(_)), matches!(source, DocumentSource::File(_)));
        let before = if chip {
            step.audit(AuditEvent::FlowStarted { flow: self.setup.name().to_owned(), claim: None });
            self.gathered.document.clone()
        } else {
            self.gathered.document_captures = self.gathered.document_captures.saturating_add(1);
            None
        };
        if file {
            self.document_event(DocumentEvent::Cancel, step);
        }
        self.last_input = step.own;
        step.effects.push(FlowEffect::ReadDocument { request, source, before });
        let pending = Pending { request, since: step.own, chip, file };
        match &mut self.state {
            State::Document(document) => (document.reading, document.read, document.refusal) = (Some(pending), None, None),
            state => {
                let capture = DocumentCapture::new(DocumentProfile::default(), step.now);
                *state = State::Document(Box::new(DocumentStep::new(capture, Some(pending), None)));
            }
        }
    }

    pub(super) fn document_read(&mut self, of: RequestId, result: Result<Box<DocumentRead>, DocumentRefusal>, step: &mut Stepping) {
        let State::Document(document) = &mut self.state else { return };
        let Some(pending) = document.reading.filter(|pending| pending.request == of) else { return };
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
                (document.reading, document.read) = (None, Some(read));
                self.document_in_hand(step);
            }
            Err(refusal) => self.document_refused(pending, refusal, step),
        }
    }

    /// Goes on with a document that is read, unless somebody still types what the person stated.
    pub(super) fn document_in_hand(&mut self, step: &mut Stepping) {
        let State::Document(document) = &mut self.state else { return };
        if self.gathered.stated.open {
            return;
        }
        let Some(read) = document.read.take() else { return };
        self.last_input = step.own;
        (self.gathered.document, self.gathered.number) = (Some(read), None);
        if self.gathered.taken.is_some() {
            // The face was taken before: only the document is new.
            step.effects.push(FlowEffect::LookForDocument(false));
            step.effects.push(FlowEffect::UseCamera(false));
            self.at = self.setup.steps.len() - 1;
            return self.compare_portrait(step);
        }
        self.enter(self.at + 1, step);
    }

    /// After a file the live capture goes on. What was captured by itself waits for a person: it would only be captured and refused again.
    fn document_refused(&mut self, pending: Pending, refusal: DocumentRefusal, step: &mut Stepping) {
        self.last_input = step.own;
        if pending.file {
            return self.capture_document(Some(refusal), step);
        }
        if let State::Document(document) = &mut self.state {
            (document.reading, document.refusal) = (None, Some(refusal));
        }
    }

    pub(super) fn document_too_slow(&mut self, step: &mut Stepping) {
        let refusal = DocumentRefusal {
            message: "reading the document took too long".to_owned(),
            advice: crate::advice::Advice::environment("FLW-34", "Try again; if it stays so, restart the program."),
        };
        let pending = if let State::Document(document) = &self.state { document.reading } else { None };
        match pending {
            Some(pending) if pending.chip => self.document_read(pending.request, Err(refusal), step),
            Some(pending) => self.document_refused(pending, refusal, step),
            None => {}
        }
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

    /// Asks who is enrolled with the document's number and for the comparison, each where there is something to ask, and then decides.
    pub(super) fn compare_portrait(&mut self, step: &mut Stepping) {
        if self.gathered.number.is_none() && self.gathered.taken.is_some() && !self.gathered.numbers().is_empty() {
            self.work(Work::LookUpNumber, step);
        } else if self.gathered.references(&self.setup.documents).is_some() {
            self.work(Work::ComparePortrait, step);
        } else {
            self.decide_document(None, step);
        }
    }

    /// Whose number it is was found out. A subject who is alone with the machine is not told whose record it is.
    pub(super) fn number_looked_up(&mut self, found: NumberSearch, step: &mut Stepping) {
        let record = found.record.filter(|_| self.setup.start.attended);
        self.gathered.number = Some(NumberSearch { record, ..found });
        self.compare_portrait(step);
    }

    pub(super) fn decide_document(&mut self, found: Option<PortraitComparison>, step: &mut Stepping) {
        if found.as_ref().is_some_and(|c| !gathered::consistent(&c.found)) {
            return self.refuse("refused-not-compared", "FLW-32", "failed", step);
        }
        let (Some(read), Some(taken)) = (&self.gathered.document, &self.gathered.taken) else {
            return self.refuse("refused-incomplete", "FLW-07", "failed", step);
        };
        let face = FaceEvidence {
            picture: Some(Arc::clone(&taken.portrait)),
            comparison: found,
            pad: self.gathered.last_pad.clone(),
            from_file: taken.admission.origin() == Origin::File,
        };
        let number = self.gathered.number.clone().unwrap_or_default();
        let captures = self.gathered.document_captures;
        let stated = self.gathered.stated.details();
        let mut decision = decide(read, &face, &number, stated.as_ref(), captures, &self.setup.documents, self.setup.start.today);
        decision.lines.extend(self.gathered.chip_refusal.as_ref().map(CheckLine::chip_not_read));
        let audited = match decision.overall {
            Overall::Ok => "accepted",
            Overall::Refused => "refused",
            Overall::Undecided => "undecided",
        };
        self.show(Outcome::Document(Box::new(decision)), audited, None, None, step);
    }

    pub(super) fn document_view(&self, document: &DocumentStep, now: Moment) -> DocumentView {
        DocumentView {
            reading: document.reading.is_some(),
            refusal: document.refusal.clone(),
            live: self.lost.is_none(),
            capture: Some(document.capture.view(now)),
            pages: document.pages.clone(),
            stated: self.stated_view(document),
        }
    }
}
