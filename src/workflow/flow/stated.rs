//! What the person stated, as an officer types it beside the document: nothing of it is required, it is compared with the document and
//! forgotten with the flow. Whoever is typing is waited for, and what is typed is in order before the flow goes on.

use super::details::Form;
use super::document::DocumentStep;
use super::setup::{FieldKind, FieldRule};
use super::*;
use crate::documents::checks::Details;
use crate::documents::dates::BirthDate;
use crate::documents::typed;
use crate::units::{SensitiveText, UtcTime};
use crate::workflow::view::{FieldView, StatedView};

const FAMILY_NAME: &str = "family_name";
const GIVEN_NAMES: &str = "given_names";
const BIRTH_DATE: &str = "birth_date";
const DOCUMENT_NUMBER: &str = "document_number";

/// The form as far as it was filled in.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    form: Form,
    /// Whether somebody is typing.
    pub(super) open: bool,
}

impl Stated {
    /// Nothing stated. `today` bounds the date of birth.
    pub(super) fn new(today: UtcTime) -> Self {
        let kinds = [
            (FAMILY_NAME, FieldKind::Name),
            (GIVEN_NAMES, FieldKind::Name),
            (BIRTH_DATE, FieldKind::StatedDate),
            (DOCUMENT_NUMBER, FieldKind::Number),
        ];
        let rules = kinds.map(|(key, kind)| FieldRule { key: key.to_owned(), kind, required: false });
        Self { form: Form::new(&rules, today), open: false }
    }

    /// For the checks; `None` where nothing was stated.
    pub(super) fn details(&self) -> Option<Details> {
        let entries = self.form.entries();
        let text = |key: &str| entries.iter().find(|(k, _)| k == key).map_or("", |(_, value)| value.0.as_str());
        (!entries.is_empty()).then(|| Details {
            family_name: typed::filled(text(FAMILY_NAME)),
            given_names: typed::filled(text(GIVEN_NAMES)),
            birth: typed::date(text(BIRTH_DATE)).ok().map(|day| BirthDate::certain(day.into())),
            document_number: typed::capitals(text(DOCUMENT_NUMBER)),
            ..Details::default()
        })
    }

    fn view(&self, waited_for: bool) -> StatedView {
        let named = |field: FieldView| FieldView {
            label_key: format!("document-{}", field.key.replace('_', "-")),
            // Whoever types is not who is named.
            problem_key: field.problem_key.map(|key| if key == "problem-name" { "problem-stated-name" } else { key }),
            ..field
        };
        let fields: Vec<FieldView> = self.form.view().fields.into_iter().map(named).collect();
        let written = fields.iter().find(|field| field.key == BIRTH_DATE && field.problem_key.is_none());
        let born = written.and_then(|field| typed::date(&field.value.0).ok());
        let born = born.and_then(|day| UtcTime::from_rfc3339(&format!("{day}T00:00:00Z")));
        StatedView { open: self.open, fields, born, waited_for }
    }
}

impl Flow {
    /// Whether somebody may type what the person stated: an officer, while the document itself is captured or read.
    fn takes_stated(&self) -> bool {
        self.setup.start.attended && matches!(&self.state, State::Document(document) if !document.reads_chip())
    }

    pub(super) fn stated_view(&self, document: &DocumentStep) -> Option<StatedView> {
        self.takes_stated().then(|| self.gathered.stated.view(document.is_read()))
    }

    /// Begins to type.
    pub(super) fn state_details(&mut self) {
        self.gathered.stated.open = self.takes_stated();
    }

    /// Takes the whole text of a field, or checks one that the cursor left.
    pub(super) fn stated(&mut self, key: &str, value: Option<SensitiveText>) {
        let takes = self.takes_stated();
        let stated = &mut self.gathered.stated;
        match value {
            _ if !takes || !stated.open => {}
            Some(value) => stated.form.change(key, value),
            None => stated.form.leave(key),
        }
    }

    /// Typing is done, if everything typed is in order; `forget`: nothing was stated after all.
    pub(super) fn stated_done(&mut self, forget: bool, step: &mut Stepping) {
        if !self.takes_stated() {
            return;
        }
        if forget {
            self.gathered.stated = Stated::new(self.setup.start.begun_at);
        }
        if self.gathered.stated.form.submit() {
            self.gathered.stated.open = false;
            self.document_in_hand(step);
        }
    }
}
