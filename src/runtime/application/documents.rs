//! Identity documents in the application: looked for in live frames, the report about them written.

use super::Application;
use super::seeing::source_factory;
use crate::adapters::camera::CameraChoice;
use crate::advice::Advice;
use crate::phrase::Wording;
use crate::ports::audit::AuditEvent;
use crate::runtime::document::private_file;
use crate::runtime::document::report::{self, Shown};
use crate::runtime::document::session::WATCHER_LOST;
use crate::runtime::document::watch::DocumentWatcher;
use crate::runtime::messages::{Notice, Seat};
use crate::workflow::capture::event::Fault;
use crate::workflow::document::report::{About, Report, html};
use crate::workflow::flow::event::FlowEvent;
use crate::workflow::view::Outcome;
use std::path::PathBuf;
use std::sync::Arc;

impl Application {
    /// Has documents looked for in the frames in place of faces, or faces again.
    pub(super) fn look_for_documents(&mut self, looking: bool) {
        if let Some(running) = &mut self.running {
            running.looking = looking;
        }
        self.analysis.rest(looking);
        self.documents.begin();
        self.show_holder(!looking && self.running.is_some());
    }

    /// Before the practice camera with specimens: when faces are looked for, the specimen's holder stands there.
    fn show_holder(&mut self, shown: bool) {
        let CameraChoice::Document(specimen) = &self.choice else { return };
        if std::mem::replace(&mut self.holder_shown, shown) == shown {
            return;
        }
        let holder = CameraChoice::Synthetic { scenario: format!("identity={}", specimen.seed) };
        let source = if shown { &holder } else { &self.choice };
        self.camera.use_source(source_factory(&self.open_camera, source, &self.clock));
    }

    /// A thread that looks for documents and has failed is replaced before the next flow.
    pub(super) fn mend_documents(&mut self) {
        if self.documents.is_lost()
            && let Ok(fresh) = DocumentWatcher::start(Arc::clone(&self.waker))
        {
            self.documents = fresh;
            self.analysis_fault = self.analysis_fault.filter(|fault| fault.code != WATCHER_LOST);
        }
    }

    /// Hands the newest frame to the thread that looks for documents, and what it saw to the flow.
    pub(super) fn poll_documents(&mut self) {
        if !self.running.as_ref().is_some_and(|r| r.looking) {
            return;
        }
        if self.documents.is_lost() && self.analysis_fault.map(|f| f.code) != Some(WATCHER_LOST) {
            return self.lose_analysis(Fault::worker(WATCHER_LOST));
        }
        if self.fault().is_some() {
            return;
        }
        if let Some(frame) = self.slots.preview.peek().filter(|f| self.belongs(f) && f.number != self.document_frame) {
            self.document_frame = frame.number;
            self.documents.look(frame);
        }
        if let Some(seen) = self.documents.take_seen() {
            self.tell_flow(FlowEvent::DocumentSeen(Box::new(seen)));
        }
    }

    /// Writes the report about the decision on screen. Only at a desk; pictures of people only if asked for.
    pub(super) fn export_report(&mut self, path: PathBuf, pictures: bool, wording: Wording) {
        let no_decision = Advice::input("FLW-35", "Verify a document first; its report can be exported from the decision.");
        if self.seat != Seat::Desk {
            return self.notify(Notice::Failed("reports are written only at the desk".to_owned(), no_decision));
        }
        let Some(Outcome::Document(decision)) = self.flow().and_then(|f| f.outcome()).cloned() else {
            return self.notify(Notice::Failed("there is no decision to report on".to_owned(), no_decision));
        };
        let (at, practice) = (self.clock.utc(), self.practice);
        // On the gallery's thread: a disk may take its time, and the window never waits.
        let target = path.clone();
        let pending = self.gallery.ask(move |_| {
            let about = About { at, program: report::PROGRAM, practice, wording };
            let (page, portrait) = (Some(&*decision.page), decision.portrait.as_deref());
            let shown = Shown { page, portrait, signature: decision.signature.as_deref(), face: decision.face.as_deref() };
            let written = report::pictures(if pictures { shown } else { Shown::default() }).map_err(std::io::Error::other);
            Ok(written.and_then(|pictures| private_file::write(&target, html(&Report::from(&*decision), &about, &pictures).as_bytes())))
        });
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            match answer {
                Ok(Ok(())) => {
                    application.write_audit(AuditEvent::ReportExported { pictures });
                    application.notify(Notice::ReportWritten(path.clone()));
                }
                Ok(Err(error)) => application.notify(Notice::Failed(
                    format!("the report cannot be written to {}: {error}", path.display()),
                    Advice::environment("FLW-36", "Choose another folder, or free space on the disk."),
                )),
                Err(error) => application.fail(&error),
            }
            true
        });
    }
}
