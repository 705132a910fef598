//! What the window asks about people, galleries and cameras: each question goes to its thread, each answer comes back as a notice.

use super::Application;
use crate::advice::Advised as _;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::ports::audit::AuditEvent;
use crate::ports::gallery::{GalleryError, SubjectOrder, SubjectQuery};
use crate::runtime::enrolled::Enrolled;
use crate::runtime::gallery::Pending;
use crate::runtime::messages::{Command, Notice, Seat};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// Looks for an answer; `true` when it came and was dealt with.
pub(super) type InFlight = Box<dyn FnMut(&mut Application) -> bool + Send>;

impl Application {
    /// Sends a question about people to the gallery's thread.
    pub(super) fn ask_gallery(&mut self, command: Command) {
        let at = self.clock.utc();
        match command {
            Command::ListSubjects(query) => {
                let asked = query.clone();
                self.ask(move |e| e.store().subjects(&asked), move |_, page| Notice::Subjects(query.clone(), page));
            }
            Command::OpenSubject(subject) => {
                self.ask(move |e| e.store().subject(subject), |_, details| Notice::Subject(Box::new(details)));
            }
            Command::LoadPicture(subject, kind) => {
                let load = move |e: &mut Enrolled| {
                    let Some(encoded) = e.store().picture(subject, kind)? else { return Ok(None) };
                    // Decoded here and not on the window's thread.
                    let damaged = |_| GalleryError::Damaged { what: "a picture".to_owned() };
                    decode_picture(&encoded.0, &DecodeLimits::default()).map(|frame| Some(Arc::new(frame))).map_err(damaged)
                };
                self.ask(load, move |_, frame| Notice::Picture(subject, kind, frame));
            }
            Command::ListGalleries => self.ask(|e| e.store().galleries(), |_, galleries| Notice::Galleries(galleries)),
            Command::ListRecords { offset, limit } => self.ask(move |e| e.store().records(offset, limit), |_, page| Notice::Records(page)),
            Command::CreateGallery(name) => {
                let event = gallery_changed("create", &name, None);
                self.change(event, move |e| e.store().create_gallery(&name, at));
            }
            Command::DeleteGallery(name) => {
                let event = gallery_changed("delete", &name, None);
                self.change(event, move |e| e.store().delete_gallery(&name));
            }
            Command::AddMember(name, subject) => {
                let event = gallery_changed("add", &name, Some(subject));
                self.change(event, move |e| e.store().add_member(&name, subject, at));
            }
            Command::RemoveMember(name, subject) => {
                let event = gallery_changed("remove", &name, Some(subject));
                self.change(event, move |e| e.store().remove_member(&name, subject));
            }
            Command::Release(subject) => {
                self.change(AuditEvent::Released { subject }, move |e| e.store().set_held(subject, false, at));
            }
            Command::Erase(subject, reason) => {
                let kept = reason.clone();
                let erase = move |e: &mut Enrolled| Ok((e.erase(subject, &reason, at)?, e.count().ok()));
                self.ask(erase, move |application, (receipt, count)| {
                    application.write_audit(AuditEvent::Erased {
                        subject,
                        reason: kept.clone(),
                        templates: receipt.templates,
                        pictures: receipt.pictures,
                        records: receipt.records,
                    });
                    application.enrolled = count.unwrap_or(application.enrolled);
                    application.notify(Notice::Changed);
                    Notice::Erased(receipt)
                });
            }
            // Handled by the caller.
            Command::StartFlow { .. }
            | Command::SearchGallery(_)
            | Command::Flow(_)
            | Command::ListCameras
            | Command::UseCamera(_)
            | Command::Preview(_)
            | Command::UseCaptureProfile(_)
            | Command::ChangeSettings(_)
            | Command::Export(_)
            | Command::Import(_)
            | Command::CancelTransfer
            | Command::Guide(_)
            | Command::ListServices
            | Command::SaveService(_)
            | Command::TestService(..)
            | Command::CancelServiceTest
            | Command::ListDeliveries(_)
            | Command::DecideDelivery { .. }
            | Command::DeliverNow
            | Command::PauseDelivery(_)
            | Command::MovePackets(_)
            | Command::CancelPackets
            | Command::ExportReport { .. }
            | Command::AskMachineKeys => {}
        }
    }

    /// Lists cameras on a thread of its own: drivers take their time.
    pub(super) fn ask_cameras(&mut self) {
        let (answer, answered) = sync_channel(1);
        let (list, waker) = (Arc::clone(&self.list_cameras), Arc::clone(&self.waker));
        let started = std::thread::Builder::new().name("camera-list".to_owned()).spawn(move || {
            let _ = answer.try_send(list());
            waker();
        });
        if started.is_err() {
            self.notify(Notice::Cameras(Vec::new()));
            return;
        }
        self.await_answer(move |application| match answered.try_recv() {
            Ok(cameras) => {
                application.notify(Notice::Cameras(cameras));
                true
            }
            Err(std::sync::mpsc::TryRecvError::Empty) => false,
            // The driver's binding panicked over a device it does not understand.
            Err(std::sync::mpsc::TryRecvError::Disconnected) => {
                application.notify(Notice::Cameras(Vec::new()));
                true
            }
        });
    }

    /// Opens the practice gallery or the real one.
    pub(super) fn reopen_gallery(&mut self, practice: bool) {
        self.enrolled = 0;
        let reopened = self.gallery.reopen(practice);
        self.await_answer(move |application| {
            let Some(answer) = reopened.try_get() else { return false };
            match answer {
                Ok(()) => application.notify(Notice::Changed),
                Err(error) => application.fail_gallery(&error),
            }
            true
        });
        self.count_enrolled();
        self.warm_gallery();
    }

    /// Has the directory of names read before somebody searches: in a large gallery the first search would wait a second for it. What goes
    /// wrong is left for that search to say.
    pub(super) fn warm_gallery(&mut self) {
        // A kiosk's subjects search nobody; there the names stay sealed.
        if self.seat == Seat::Desk {
            let warmed =
                self.gallery.ask(|e| e.store().subjects(&SubjectQuery { order: SubjectOrder::Name, limit: 1, ..SubjectQuery::default() }));
            self.await_answer(move |_| warmed.try_get().is_some());
        }
    }

    /// Asks how many people are enrolled. A gallery that cannot be opened is said so by this, at start-up.
    pub(super) fn count_enrolled(&mut self) {
        let pending = self.gallery.ask(|e| e.count());
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            match answer {
                Ok(count) => application.enrolled = count,
                Err(error) => application.fail_gallery(&error),
            }
            true
        });
    }

    /// Looks whether anything asked has been answered.
    pub(super) fn poll_gallery(&mut self) {
        for mut question in std::mem::take(&mut self.in_flight) {
            if !question(self) {
                self.in_flight.push(question);
            }
        }
    }

    pub(super) fn await_answer(&mut self, look: impl FnMut(&mut Self) -> bool + Send + 'static) {
        self.in_flight.push(Box::new(look));
    }

    fn ask<T: Send + 'static>(
        &mut self,
        question: impl FnOnce(&mut Enrolled) -> Result<T, GalleryError> + Send + 'static,
        mut notice: impl FnMut(&mut Self, T) -> Notice + Send + 'static,
    ) {
        let pending: Pending<T> = self.gallery.ask(question);
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            match answer {
                Ok(found) => {
                    let notice = notice(application, found);
                    application.notify(notice);
                }
                Err(error) => application.fail_gallery(&error),
            }
            true
        });
    }

    /// A change that the audit trail keeps once it is durable.
    fn change(&mut self, event: AuditEvent, work: impl FnOnce(&mut Enrolled) -> Result<(), GalleryError> + Send + 'static) {
        self.ask(work, move |application, ()| {
            application.write_audit(event.clone());
            Notice::Changed
        });
    }

    fn fail_gallery(&mut self, error: &GalleryError) {
        tracing::warn!(code = error.advice().code, %error, "gallery");
        if *error == GalleryError::WorkerLost {
            self.write_audit(AuditEvent::Trouble { part: "gallery".to_owned(), code: error.advice().code.to_owned() });
        }
        self.fail(error);
    }
}

fn gallery_changed(change: &str, gallery: &str, subject: Option<crate::ports::gallery::SubjectId>) -> AuditEvent {
    AuditEvent::GalleryChanged { change: change.to_owned(), gallery: gallery.to_owned(), subject }
}
