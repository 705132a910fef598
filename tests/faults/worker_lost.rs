//! A worker thread dies of a bug: a named state, nothing accepted, the preview blank, the window alive.

use crate::stage::{Act, Stage, networks, nobody, stage, stage_with};
use std::sync::atomic::Ordering;
use visavis::biometrics::template::{Template, TemplateFormat};
use visavis::ports::audit::AuditEvent;
use visavis::ports::gallery::{
    ErasureReceipt, GalleryError, GalleryStore, GallerySummary, ImportReport, IndexedTemplate, Interrupted, NewEnrolment, NewPicture, Page,
    PictureKind, PortableSubject, RecordId, RecordSummary, SubjectDetails, SubjectId, SubjectQuery, SubjectSummary,
};
use visavis::ports::opinions::OpinionSet;
use visavis::runtime::messages::{Command, Notice};
use visavis::units::{SensitiveBytes, UtcTime};
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{CapturePhase, FlowKind, StepView};

#[track_caller]
fn nothing_was_saved(s: &mut Stage) {
    s.app.handle(Command::ListSubjects(SubjectQuery { limit: 5, ..SubjectQuery::default() }));
    s.until("the list", |s| s.notices.iter().any(|n| matches!(n, Notice::Subjects(..))));
    assert!(s.notices.iter().all(|n| !matches!(n, Notice::Subjects(_, page) if page.total > 0)));
}

#[test]
fn networks_that_panic_while_looking_fail_closed() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(4, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    s.script.mode.store(networks::PANIC, Ordering::SeqCst);
    s.show_until(4, "the trouble", |s| s.trouble() == Some("SYS-10"));
    assert!(s.is_blank());
    s.script.mode.store(networks::COMPLIANT, Ordering::SeqCst);
    for input in [FlowInput::Next, FlowInput::Retry, FlowInput::Retake] {
        s.input(input);
        assert_eq!(s.trouble(), Some("SYS-10"));
    }
    s.input(FlowInput::Cancel);
    assert_eq!(s.view(), None);
    // Every later flow says so as well.
    s.start_enrolment();
    assert_eq!(s.trouble(), Some("SYS-10"));
    nothing_was_saved(&mut s);
}

#[test]
fn networks_that_panic_over_a_burst_accept_nobody() {
    let mut s = stage();
    s.start_enrolment();
    s.script.mode.store(networks::PANIC_ON_BURST, Ordering::SeqCst);
    s.show_until(4, "the burst", |s| s.phase() == Some(CapturePhase::Assessing) || s.trouble().is_some());
    s.until("the trouble", |s| s.trouble() == Some("SYS-10"));
    assert!(s.is_blank());
    nothing_was_saved(&mut s);
}

#[test]
fn networks_that_fail_and_recover_let_the_capture_go_on() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(4, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    s.script.mode.store(networks::FAIL, Ordering::SeqCst);
    s.show_until(4, "the trouble", |s| s.trouble() == Some("MOD-10"));
    assert!(s.is_blank());
    s.script.mode.store(networks::COMPLIANT, Ordering::SeqCst);
    s.finish_enrolment(4);
}

#[test]
fn an_attack_is_never_enrolled() {
    let mut s = stage();
    s.start_enrolment();
    s.script.mode.store(networks::ATTACK, Ordering::SeqCst);
    s.show_until(4, "the end of the attempt", |s| s.phase() == Some(CapturePhase::AttemptOver));
    nothing_was_saved(&mut s);
}

#[test]
fn a_gallery_that_panics_while_saving_reports_nothing_saved() {
    let mut s = stage_with(|store| Box::new(PanicsOnEnrol(store)));
    s.start_enrolment();
    s.show_until(4, "the review", |s| matches!(s.view(), Some(StepView::Review(_))));
    s.input(FlowInput::Next);
    s.until("the trouble", |s| s.trouble() == Some("GAL-09"));
    assert!(s.is_blank());
    // Lists and searches say the same; the window lives on.
    s.app.handle(Command::OpenSubject(nobody()));
    s.until("the notice", |s| s.notices.iter().any(|n| matches!(n, Notice::Failed(_, advice) if advice.code == "GAL-09")));
    s.start(FlowKind::Identify);
    s.show_until(4, "the trouble", |s| s.trouble() == Some("GAL-09"));
}

#[test]
fn everything_ends_in_order() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(4, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    // The scripted camera waits for its next act; a real one delivers or is interrupted.
    s.act(Act::Unplug);
    let audit = s.audit.clone();
    assert!(s.end(), "every thread ended within the limit");
    let events = audit.0.lock().unwrap();
    assert!(matches!(events.first(), Some(AuditEvent::Started { practice: true, .. })));
    assert!(matches!(events.last(), Some(AuditEvent::FlowEnded { .. })), "{:?}", events.last());
}

/// Dies of a bug when something is to be saved.
struct PanicsOnEnrol(Box<dyn GalleryStore>);

impl GalleryStore for PanicsOnEnrol {
    fn enrol(&mut self, _: &NewEnrolment) -> Result<(), GalleryError> {
        panic!("scripted")
    }
    fn revision(&self) -> Result<u64, GalleryError> {
        self.0.revision()
    }
    fn subject(&self, subject: SubjectId) -> Result<SubjectDetails, GalleryError> {
        self.0.subject(subject)
    }
    fn subject_by_code(&self, code: &str) -> Result<Option<SubjectId>, GalleryError> {
        self.0.subject_by_code(code)
    }
    fn holders_of_document(&self, number: &str) -> Result<Vec<SubjectId>, GalleryError> {
        self.0.holders_of_document(number)
    }
    fn subjects(&self, query: &SubjectQuery) -> Result<Page<SubjectSummary>, GalleryError> {
        self.0.subjects(query)
    }
    fn picture(&self, subject: SubjectId, kind: PictureKind) -> Result<Option<SensitiveBytes>, GalleryError> {
        self.0.picture(subject, kind)
    }
    fn forget_clips(&mut self, before: UtcTime) -> Result<u64, GalleryError> {
        self.0.forget_clips(before)
    }
    fn templates_of(&self, subject: SubjectId) -> Result<Vec<Template>, GalleryError> {
        self.0.templates_of(subject)
    }
    fn for_each_template(&self, format: &TemplateFormat, each: &mut dyn FnMut(IndexedTemplate)) -> Result<(), GalleryError> {
        self.0.for_each_template(format, each)
    }
    fn replace_templates(&mut self, subject: SubjectId, templates: &[(Template, f32)], at: UtcTime) -> Result<(), GalleryError> {
        self.0.replace_templates(subject, templates, at)
    }
    fn set_held(&mut self, subject: SubjectId, held: bool, at: UtcTime) -> Result<(), GalleryError> {
        self.0.set_held(subject, held, at)
    }
    fn erase(&mut self, subject: SubjectId, reason: &str, at: UtcTime) -> Result<ErasureReceipt, GalleryError> {
        self.0.erase(subject, reason, at)
    }
    fn create_gallery(&mut self, name: &str, at: UtcTime) -> Result<(), GalleryError> {
        self.0.create_gallery(name, at)
    }
    fn delete_gallery(&mut self, name: &str) -> Result<(), GalleryError> {
        self.0.delete_gallery(name)
    }
    fn galleries(&self) -> Result<Vec<GallerySummary>, GalleryError> {
        self.0.galleries()
    }
    fn add_member(&mut self, gallery: &str, subject: SubjectId, at: UtcTime) -> Result<(), GalleryError> {
        self.0.add_member(gallery, subject, at)
    }
    fn remove_member(&mut self, gallery: &str, subject: SubjectId) -> Result<(), GalleryError> {
        self.0.remove_member(gallery, subject)
    }
    fn contains(&self, gallery: &str, subject: SubjectId) -> Result<bool, GalleryError> {
        self.0.contains(gallery, subject)
    }
    fn member_ids(&self, gallery: &str) -> Result<Vec<SubjectId>, GalleryError> {
        self.0.member_ids(gallery)
    }
    fn records(&self, offset: u64, limit: u32) -> Result<Page<RecordSummary>, GalleryError> {
        self.0.records(offset, limit)
    }
    fn record(&self, record: RecordId) -> Result<RecordSummary, GalleryError> {
        self.0.record(record)
    }
    fn add_document(&mut self, record: RecordId, pictures: &[NewPicture]) -> Result<(), GalleryError> {
        self.0.add_document(record, pictures)
    }
    fn delete_record(&mut self, record: RecordId) -> Result<(), GalleryError> {
        self.0.delete_record(record)
    }
    fn keep_opinions(&mut self, set: &OpinionSet) -> Result<(), GalleryError> {
        self.0.keep_opinions(set)
    }
    fn opinions(&self, subject: Option<SubjectId>) -> Result<Vec<OpinionSet>, GalleryError> {
        self.0.opinions(subject)
    }
    fn export(&self, gallery: Option<&str>, each: &mut dyn FnMut(PortableSubject) -> Result<(), Interrupted>) -> Result<(), GalleryError> {
        self.0.export(gallery, each)
    }
    fn import(&mut self, people: &mut dyn Iterator<Item = Result<PortableSubject, Interrupted>>) -> Result<ImportReport, GalleryError> {
        self.0.import(people)
    }
}
