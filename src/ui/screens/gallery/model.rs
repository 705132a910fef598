//! What the gallery browser knows: the question asked, the pages that arrived, the person opened, the erasure being prepared.

use super::transfer::TransferModel;
use crate::ports::gallery::{DEFAULT_GALLERY, GallerySummary, Page, SubjectDetails, SubjectId, SubjectOrder, SubjectQuery, SubjectSummary};
use crate::ports::outbox::EntryQuery;
use crate::runtime::messages::{Command, DeliveryRow, Notice};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Rows asked for at once.
pub const PAGE_ROWS: u32 = 100;
/// Deliveries shown with a person.
const RECEIPTS: u32 = 20;

/// Why a person is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The person asked for it.
    Request,
    /// Registered by mistake.
    Mistake,
    /// Kept long enough.
    Retention,
    /// In the officer's own words.
    Other,
}

impl Reason {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Request, Self::Mistake, Self::Retention, Self::Other];

    /// Locale key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Request => "erase-reason-request",
            Self::Mistake => "erase-reason-mistake",
            Self::Retention => "erase-reason-retention",
            Self::Other => "erase-reason-other",
        }
    }
}

/// An erasure being prepared: nothing happens before a reason is given and the code is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct EraseForm {
    /// Who.
    pub subject: SubjectId,
    /// The code that has to be typed.
    pub code: String,
    /// The reason chosen.
    pub reason: Option<Reason>,
    /// The officer's own words.
    pub words: String,
    /// What was typed to confirm.
    pub typed: String,
}

impl EraseForm {
    /// A form for a person.
    #[must_use]
    pub fn new(summary: &SubjectSummary) -> Self {
        let (subject, code) = (summary.subject, summary.registration_code.clone());
        Self { subject, code, reason: None, words: String::new(), typed: String::new() }
    }

    /// Whether a reason is given: one of the list, or own words.
    #[must_use]
    pub fn has_reason(&self) -> bool {
        match self.reason {
            None => false,
            Some(Reason::Other) => self.words.trim().chars().count() >= 3,
            Some(_) => true,
        }
    }

    /// Whether the code was typed, in any case and with or without spaces and hyphens.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
        !self.code.is_empty() && plain(&self.typed) == plain(&self.code)
    }

    /// The command, once everything is given. `reason_words` are the words of the chosen reason.
    #[must_use]
    pub fn command(&self, reason_words: &str) -> Option<Command> {
        if !self.has_reason() || !self.is_confirmed() {
            return None;
        }
        let reason = if self.reason == Some(Reason::Other) { self.words.trim() } else { reason_words };
        Some(Command::Erase(self.subject, reason.to_owned()))
    }
}

/// The browser's state.
#[derive(Debug, Clone, Default)]
pub struct GalleryModel {
    /// What is asked for; `offset` and `limit` are filled in per page.
    pub query: SubjectQuery,
    /// People that fit, once known.
    pub total: Option<u64>,
    /// All galleries, once known.
    pub galleries: Option<Vec<GallerySummary>>,
    /// The row the keyboard is on.
    pub cursor: Option<u64>,
    /// The person in the drawer.
    pub open: Option<SubjectDetails>,
    /// The person asked for, until they arrive.
    pub opening: Option<SubjectId>,
    /// The erasure being prepared.
    pub erase: Option<EraseForm>,
    /// Name typed for a new gallery; `None` while the field is hidden.
    pub new_gallery: Option<String>,
    /// What was delivered about the person in the drawer, newest first.
    pub deliveries: Vec<DeliveryRow>,
    /// People leaving and entering in sealed files.
    pub transfer: TransferModel,
    pages: BTreeMap<u64, Vec<SubjectSummary>>,
    asked: BTreeSet<u64>,
    galleries_asked: bool,
}

impl GalleryModel {
    /// The person in a row, once their page arrived.
    #[must_use]
    pub fn row(&self, index: u64) -> Option<&SubjectSummary> {
        self.pages.get(&(index / u64::from(PAGE_ROWS)))?.get((index % u64::from(PAGE_ROWS)) as usize)
    }

    /// Commands for what is in view and not here yet.
    pub fn needed(&mut self, rows: Range<u64>) -> Vec<Command> {
        let mut commands = Vec::new();
        commands.extend(self.galleries_needed());
        let size = u64::from(PAGE_ROWS);
        let last = rows.end.max(rows.start + 1).min(self.total.unwrap_or(1).max(1)) - 1;
        for page in rows.start / size..=last / size {
            if self.asked.insert(page) {
                commands.push(Command::ListSubjects(SubjectQuery { offset: page * size, limit: PAGE_ROWS, ..self.query.clone() }));
            }
        }
        commands
    }

    /// Asks for the galleries, unless they were asked for.
    pub fn galleries_needed(&mut self) -> Option<Command> {
        (!std::mem::replace(&mut self.galleries_asked, true)).then_some(Command::ListGalleries)
    }

    /// The galleries that somebody named.
    pub fn named(&self) -> impl Iterator<Item = &GallerySummary> {
        self.galleries.iter().flatten().filter(|gallery| gallery.name != DEFAULT_GALLERY)
    }

    /// Changes the question; what arrived for the one before is forgotten.
    pub fn ask(&mut self, change: impl FnOnce(&mut SubjectQuery)) {
        let before = self.query.clone();
        change(&mut self.query);
        if self.query != before {
            self.forget_pages();
            self.cursor = None;
        }
    }

    /// Forgets the pages, because something changed.
    pub fn forget_pages(&mut self) {
        self.pages.clear();
        self.asked.clear();
        self.galleries_asked = false;
    }

    /// Opens a person in the drawer.
    pub fn open(&mut self, subject: SubjectId) -> Command {
        self.deliveries.clear();
        self.opening = Some(subject);
        Command::OpenSubject(subject)
    }

    /// Closes what is on top: the erasure, else the drawer. Returns whether there was anything.
    pub fn close(&mut self) -> bool {
        if self.erase.take().is_some() {
            return true;
        }
        self.opening = None;
        self.open.take().is_some()
    }

    /// Moves the keyboard's row by `rows`.
    pub fn move_cursor(&mut self, rows: i64) {
        let Some(total) = self.total.filter(|t| *t > 0) else { return };
        let at = self.cursor.map_or(if rows > 0 { -1 } else { 0 }, |c| c as i64);
        self.cursor = Some((at + rows).clamp(0, total as i64 - 1) as u64);
    }

    /// Takes an answer. Returns commands that follow from it.
    pub fn receive(&mut self, notice: &Notice) -> Vec<Command> {
        self.transfer.receive(notice);
        match notice {
            Notice::Subjects(query, page) => self.arrived(query, page),
            Notice::Subject(details) if self.opening == Some(details.summary.subject) => {
                self.open = Some((**details).clone());
                return vec![Command::ListDeliveries(receipts_of(details.summary.subject))];
            }
            Notice::Deliveries(query, page) if self.opening.is_some_and(|subject| *query == receipts_of(subject)) => {
                self.deliveries = page.entries.clone();
            }
            Notice::DeliveryDecided(_) | Notice::PacketsMoved(_) => {
                return self.opening.map(|subject| Command::ListDeliveries(receipts_of(subject))).into_iter().collect();
            }
            Notice::Galleries(galleries) => self.galleries = Some(galleries.clone()),
            Notice::Erased(receipt) => {
                self.erase = None;
                if self.opening == Some(receipt.subject) {
                    self.opening = None;
                    self.open = None;
                }
                self.forget_pages();
            }
            Notice::Changed => {
                self.forget_pages();
                return self.opening.map(Command::OpenSubject).into_iter().collect();
            }
            _ => {}
        }
        Vec::new()
    }

    fn arrived(&mut self, query: &SubjectQuery, page: &Page<SubjectSummary>) {
        let same = query.text == self.query.text && query.gallery == self.query.gallery && query.order == self.query.order;
        // An answer to an older question, or to another screen's, is not ours.
        if same && query.limit == PAGE_ROWS {
            self.total = Some(page.total);
            self.pages.insert(query.offset / u64::from(PAGE_ROWS), page.entries.clone());
        }
    }

    /// Named galleries the person in the drawer is not in yet.
    #[must_use]
    pub fn joinable(&self) -> Vec<String> {
        let (Some(galleries), Some(open)) = (&self.galleries, &self.open) else { return Vec::new() };
        galleries.iter().map(|g| g.name.clone()).filter(|name| !open.galleries.contains(name)).collect()
    }
}

/// The question for what was delivered about a person.
#[must_use]
pub fn receipts_of(subject: SubjectId) -> EntryQuery {
    EntryQuery { subject: Some(subject), limit: RECEIPTS, ..EntryQuery::default() }
}

/// The orders offered, with their locale keys.
pub const ORDERS: [(SubjectOrder, &str); 3] = [
    (SubjectOrder::Newest, "gallery-sort-newest"),
    (SubjectOrder::Oldest, "gallery-sort-oldest"),
    (SubjectOrder::Name, "gallery-sort-name"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;

    fn filled(total: u64) -> GalleryModel {
        let mut model = GalleryModel::default();
        for command in model.needed(0..20) {
            if let Command::ListSubjects(query) = command {
                let entries = (0..100).map(fixtures::person).collect();
                model.receive(&Notice::Subjects(query, Page { entries, total }));
            }
        }
        model
    }

    #[test]
    fn pages_are_asked_for_once_and_only_where_they_are_looked_at() {
        let mut model = filled(100_000);
        assert_eq!(model.needed(10..40), vec![]);
        let commands = model.needed(50_195..50_215);
        let offsets: Vec<u64> =
            commands.iter().filter_map(|c| if let Command::ListSubjects(q) = c { Some(q.offset) } else { None }).collect();
        assert_eq!(offsets, vec![50_100, 50_200]);
        assert!(model.row(5).is_some() && model.row(50_195).is_none());
    }

    #[test]
    fn answers_to_an_older_question_are_dropped() {
        let mut model = filled(100);
        model.ask(|q| q.text = "ama".into());
        assert!(model.row(0).is_none());
        let old = SubjectQuery { limit: PAGE_ROWS, ..SubjectQuery::default() };
        model.receive(&Notice::Subjects(old, Page { entries: vec![fixtures::person(3)], total: 1 }));
        assert!(model.row(0).is_none());
    }

    #[test]
    fn nothing_is_erased_without_a_reason_and_the_typed_code() {
        let summary = fixtures::person(1);
        let mut form = EraseForm::new(&summary);
        form.typed = summary.registration_code.to_lowercase();
        assert_eq!(form.command("words"), None);
        form.reason = Some(Reason::Other);
        form.words = "  ".into();
        assert_eq!(form.command("words"), None);
        form.words = "court order".into();
        assert_eq!(form.command("words"), Some(Command::Erase(summary.subject, "court order".into())));
        form.typed.pop();
        assert_eq!(form.command("words"), None);
    }

    #[test]
    fn the_keyboard_walks_the_rows() {
        let mut model = filled(3);
        model.move_cursor(1);
        assert_eq!(model.cursor, Some(0));
        model.move_cursor(10);
        assert_eq!(model.cursor, Some(2));
        model.move_cursor(-1);
        assert_eq!(model.cursor, Some(1));
    }

    #[test]
    fn an_erased_person_leaves_the_drawer() {
        let mut model = filled(3);
        let details = fixtures::person_details(1);
        let subject = details.summary.subject;
        model.open(subject);
        model.receive(&Notice::Subject(Box::new(details)));
        assert!(model.open.is_some());
        let receipt = crate::ports::gallery::ErasureReceipt { subject, templates: 1, pictures: 2, records: 1 };
        model.receive(&Notice::Erased(receipt));
        assert!(model.open.is_none() && model.row(0).is_none());
    }
}
