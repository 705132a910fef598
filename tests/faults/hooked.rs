//! A gallery that does as the test says where it matters, and hands everything else on.

use visavis::biometrics::template::{Template, TemplateFormat};
use visavis::ports::events::NewEvent;
use visavis::ports::gallery::{
    ErasureReceipt, GalleryError, GalleryStore, GallerySummary, ImportReport, IndexedTemplate, Interrupted, NewEnrolment, NewPicture, Page,
    PictureKind, PortableSubject, RecordId, RecordSummary, SubjectDetails, SubjectId, SubjectQuery, SubjectSummary,
};
use visavis::ports::opinions::OpinionSet;
use visavis::units::{SensitiveBytes, UtcTime};

/// The store and what happens before it is asked.
pub struct Hooked {
    pub store: Box<dyn GalleryStore>,
    /// Before an enrolment is saved.
    pub enrols: fn(),
    /// Before an event is kept; an error is the answer.
    pub keeps: fn(&NewEvent) -> Result<(), GalleryError>,
}

impl Hooked {
    pub fn over(store: Box<dyn GalleryStore>) -> Self {
        Self { store, enrols: || (), keeps: |_| Ok(()) }
    }
}

impl GalleryStore for Hooked {
    fn enrol(&mut self, enrolment: &NewEnrolment) -> Result<(), GalleryError> {
        (self.enrols)();
        self.store.enrol(enrolment)
    }
    fn revision(&self) -> Result<u64, GalleryError> {
        self.store.revision()
    }
    fn subject(&self, subject: SubjectId) -> Result<SubjectDetails, GalleryError> {
        self.store.subject(subject)
    }
    fn subject_by_code(&self, code: &str) -> Result<Option<SubjectId>, GalleryError> {
        self.store.subject_by_code(code)
    }
    fn holders_of_document(&self, number: &str) -> Result<Vec<SubjectId>, GalleryError> {
        self.store.holders_of_document(number)
    }
    fn subjects(&self, query: &SubjectQuery) -> Result<Page<SubjectSummary>, GalleryError> {
        self.store.subjects(query)
    }
    fn picture(&self, subject: SubjectId, kind: PictureKind) -> Result<Option<SensitiveBytes>, GalleryError> {
        self.store.picture(subject, kind)
    }
    fn forget_clips(&mut self, before: UtcTime) -> Result<u64, GalleryError> {
        self.store.forget_clips(before)
    }
    fn templates_of(&self, subject: SubjectId) -> Result<Vec<Template>, GalleryError> {
        self.store.templates_of(subject)
    }
    fn for_each_template(&self, format: &TemplateFormat, each: &mut dyn FnMut(IndexedTemplate)) -> Result<(), GalleryError> {
        self.store.for_each_template(format, each)
    }
    fn replace_templates(&mut self, subject: SubjectId, templates: &[(Template, f32)], at: UtcTime) -> Result<(), GalleryError> {
        self.store.replace_templates(subject, templates, at)
    }
    fn set_held(&mut self, subject: SubjectId, held: bool, at: UtcTime) -> Result<(), GalleryError> {
        self.store.set_held(subject, held, at)
    }
    fn erase(&mut self, subject: SubjectId, reason: &str, at: UtcTime) -> Result<ErasureReceipt, GalleryError> {
        self.store.erase(subject, reason, at)
    }
    fn create_gallery(&mut self, name: &str, at: UtcTime) -> Result<(), GalleryError> {
        self.store.create_gallery(name, at)
    }
    fn delete_gallery(&mut self, name: &str) -> Result<(), GalleryError> {
        self.store.delete_gallery(name)
    }
    fn galleries(&self) -> Result<Vec<GallerySummary>, GalleryError> {
        self.store.galleries()
    }
    fn add_member(&mut self, gallery: &str, subject: SubjectId, at: UtcTime) -> Result<(), GalleryError> {
        self.store.add_member(gallery, subject, at)
    }
    fn remove_member(&mut self, gallery: &str, subject: SubjectId) -> Result<(), GalleryError> {
        self.store.remove_member(gallery, subject)
    }
    fn contains(&self, gallery: &str, subject: SubjectId) -> Result<bool, GalleryError> {
        self.store.contains(gallery, subject)
    }
    fn member_ids(&self, gallery: &str) -> Result<Vec<SubjectId>, GalleryError> {
        self.store.member_ids(gallery)
    }
    fn records(&self, offset: u64, limit: u32) -> Result<Page<RecordSummary>, GalleryError> {
        self.store.records(offset, limit)
    }
    fn record(&self, record: RecordId) -> Result<RecordSummary, GalleryError> {
        self.store.record(record)
    }
    fn add_document(&mut self, record: RecordId, pictures: &[NewPicture]) -> Result<(), GalleryError> {
        self.store.add_document(record, pictures)
    }
    fn delete_record(&mut self, record: RecordId) -> Result<(), GalleryError> {
        self.store.delete_record(record)
    }
    fn keep_event(&mut self, event: &NewEvent) -> Result<u64, GalleryError> {
        (self.keeps)(event)?;
        self.store.keep_event(event)
    }
    fn keep_opinions(&mut self, set: &OpinionSet) -> Result<(), GalleryError> {
        self.store.keep_opinions(set)
    }
    fn opinions(&self, subject: Option<SubjectId>) -> Result<Vec<OpinionSet>, GalleryError> {
        self.store.opinions(subject)
    }
    fn export(&self, gallery: Option<&str>, each: &mut dyn FnMut(PortableSubject) -> Result<(), Interrupted>) -> Result<(), GalleryError> {
        self.store.export(gallery, each)
    }
    fn import(&mut self, people: &mut dyn Iterator<Item = Result<PortableSubject, Interrupted>>) -> Result<ImportReport, GalleryError> {
        self.store.import(people)
    }
}
