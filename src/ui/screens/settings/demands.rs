//! What is demanded of identity documents, drafted: what is typed, the values it stands for, and what is wrong with it.
//!
//! A field that is no number is drafted as its text. The configuration takes no text there, so that it could not be saved either way.

use super::draft::Draft;
use crate::config::{DocumentsConfig, DocumentsProblem};
use crate::documents::checks::Rules;
use crate::runtime::messages::Status;
use crate::ui::strings::Words;
use toml::Value;

const REFUSE: &str = "documents.refuse_expired";
const CAPTURES: &str = "documents.most_captures";
/// More than any limit of a number: what is larger stands for it.
const HUGE: i64 = 1_000_000;

/// A demand that is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Youngest age accepted.
    MinimumAge,
    /// Oldest age accepted.
    MaximumAge,
    /// Issuers accepted.
    Issuers,
    /// Days after its last one that a document is accepted all the same.
    ExpiredDays,
}

/// What is wrong with a demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemandProblem {
    /// Something else than digits.
    NoNumber,
    /// Nobody issues documents under this code.
    UnknownIssuer(String),
    /// Outside its range, or against another demand.
    OutOfRange(DocumentsProblem),
}

impl DemandProblem {
    /// In plain words.
    #[must_use]
    pub fn words(&self, words: &Words) -> String {
        match self {
            Self::NoNumber => words.t("settings-documents-no-number"),
            Self::UnknownIssuer(code) => words.with("settings-documents-no-issuer", &[("code", code)]),
            Self::OutOfRange(DocumentsProblem::MinimumAge | DocumentsProblem::MaximumAge) => words.t("settings-documents-no-age"),
            Self::OutOfRange(DocumentsProblem::AgesCross) => words.t("settings-documents-ages-cross"),
            Self::OutOfRange(DocumentsProblem::ExpiredDays) => words.t("settings-documents-no-days"),
            Self::OutOfRange(DocumentsProblem::IdleExpiredDays) => words.t("settings-documents-days-idle"),
            Self::OutOfRange(DocumentsProblem::MostCaptures) => words.t("settings-documents-no-captures"),
        }
    }
}

impl Demand {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::MinimumAge, Self::MaximumAge, Self::Issuers, Self::ExpiredDays];

    /// Its key in the configuration.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::MinimumAge => "documents.minimum_age",
            Self::MaximumAge => "documents.maximum_age",
            Self::Issuers => "documents.issuers",
            Self::ExpiredDays => "documents.expired_days",
        }
    }

    /// What the field says of a value; nothing where there is no limit.
    fn text(self, config: &DocumentsConfig) -> String {
        let limit = |years: i32| if years == 0 { String::new() } else { years.to_string() };
        match self {
            Self::MinimumAge => limit(config.minimum_age),
            Self::MaximumAge => limit(config.maximum_age),
            Self::Issuers => config.issuers.join(", "),
            Self::ExpiredDays => config.expired_days.to_string(),
        }
    }

    fn in_force(self, config: &DocumentsConfig) -> Value {
        match self {
            Self::MinimumAge => config.minimum_age.into(),
            Self::MaximumAge => config.maximum_age.into(),
            Self::Issuers => config.issuers.clone().into(),
            Self::ExpiredDays => config.expired_days.into(),
        }
    }

    /// The value that a text stands for.
    fn value(self, text: &str) -> Value {
        let text = text.trim();
        if self == Self::Issuers {
            let mut codes: Vec<String> = Vec::new();
            for code in text.split([',', ';', ' ']).map(|code| code.trim().to_uppercase()).filter(|code| !code.is_empty()) {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            return codes.into();
        }
        match text.bytes().all(|b| b.is_ascii_digit()) {
            true if text.is_empty() => 0.into(),
            true => text.parse().unwrap_or(HUGE).min(HUGE).into(),
            false => text.into(),
        }
    }
}

impl Draft {
    /// The demands that would be in force; where a field is no number, as before.
    #[must_use]
    pub fn documents(&self, status: &Status) -> DocumentsConfig {
        let before = &status.settings.documents;
        let drafted = |key: &str| self.values.get(key).and_then(Option::as_ref);
        let number = |demand: Demand| drafted(demand.key()).and_then(Value::as_integer);
        let codes = |value: &Value| -> Option<Vec<String>> {
            Some(value.as_array()?.iter().filter_map(|code| Some(code.as_str()?.to_owned())).collect())
        };
        DocumentsConfig {
            minimum_age: number(Demand::MinimumAge).map_or(before.minimum_age, |v| v as i32),
            maximum_age: number(Demand::MaximumAge).map_or(before.maximum_age, |v| v as i32),
            issuers: drafted(Demand::Issuers.key()).and_then(codes).unwrap_or_else(|| before.issuers.clone()),
            refuse_expired: drafted(REFUSE).and_then(Value::as_bool).unwrap_or(before.refuse_expired),
            expired_days: number(Demand::ExpiredDays).map_or(before.expired_days, |v| v as u32),
            most_captures: drafted(CAPTURES).and_then(Value::as_integer).map_or(before.most_captures, |v| v as u32),
        }
    }

    /// What stands in the field of a demand.
    #[must_use]
    pub fn demand_text(&self, status: &Status, demand: Demand) -> String {
        self.texts.get(demand.key()).cloned().unwrap_or_else(|| demand.text(&self.documents(status)))
    }

    /// Takes the whole text of a field.
    pub fn type_demand(&mut self, status: &Status, demand: Demand, text: &str) {
        let value = demand.value(text);
        let same = value == demand.in_force(&status.settings.documents);
        self.texts.insert(demand.key(), text.to_owned());
        self.set(demand.key(), value, same);
    }

    /// The cursor left a field: from now on its value is written as it is kept, unless it is none.
    pub fn leave_demand(&mut self, demand: Demand) {
        if !self.is_no_number(demand) {
            self.texts.remove(demand.key());
        }
    }

    /// Drafts whether expired documents are refused. Where all are accepted, no days are counted.
    pub fn refuse_expired(&mut self, status: &Status, refused: bool) {
        let before = &status.settings.documents;
        self.set(REFUSE, refused, refused == before.refuse_expired);
        self.texts.remove(Demand::ExpiredDays.key());
        let days = if refused { before.expired_days } else { 0 };
        self.set(Demand::ExpiredDays.key(), i64::from(days), days == before.expired_days);
    }

    /// Drafts how often a document is captured.
    pub fn set_captures(&mut self, status: &Status, captures: u32) {
        self.set(CAPTURES, i64::from(captures), captures == status.settings.documents.most_captures);
    }

    /// What is wrong with the demands, each with the field to be mended; nothing can be saved before it is.
    #[must_use]
    pub fn demand_problems(&self, status: &Status) -> Vec<(Demand, DemandProblem)> {
        let config = self.documents(status);
        let mut found: Vec<(Demand, DemandProblem)> =
            Demand::ALL.into_iter().filter(|demand| self.is_no_number(*demand)).map(|demand| (demand, DemandProblem::NoNumber)).collect();
        for problem in config.problems() {
            let demand = Demand::ALL.into_iter().find(|demand| demand.key() == problem.key());
            found.extend(demand.map(|demand| (demand, DemandProblem::OutOfRange(problem))));
        }
        let unknown = Rules::unknown_issuer(&config.issuers);
        found.extend(unknown.map(|code| (Demand::Issuers, DemandProblem::UnknownIssuer(code.to_owned()))));
        found
    }

    fn is_no_number(&self, demand: Demand) -> bool {
        matches!(self.values.get(demand.key()), Some(Some(Value::String(_))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Change;
    use crate::runtime::messages::{Command, Notice};
    use crate::runtime::settings::{SettingsFile, SettingsView};
    use crate::ui::fixtures;
    use crate::ui::strings::Language;
    use crate::workflow::capture_profile::CaptureProfiles;
    use std::sync::Arc;

    fn with(text: &str) -> Status {
        let config = crate::config::Effective::from_layers(Some(&format!("[documents]\n{text}\n")), &[]).unwrap().config;
        let settings = Arc::new(SettingsView::new(&config, &CaptureProfiles::builtin(), None, true));
        Status { settings, ..fixtures::status(false) }
    }

    fn changes(draft: &mut Draft) -> Vec<Change> {
        match draft.save() {
            Command::ChangeSettings(changes) => changes,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_typed_is_drafted_kept_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("visavis.toml");
        let text = "# Branch 12\n[documents]\nmost_captures = 2 # slow camera\nissuers = [ \"USA\" ] # since May\n";
        std::fs::write(&path, text).unwrap();
        let status = with("most_captures = 2\nissuers = [\"USA\"]");
        let mut draft = Draft::default();
        draft.type_demand(&status, Demand::MinimumAge, " 18 ");
        draft.type_demand(&status, Demand::MaximumAge, "");
        draft.type_demand(&status, Demand::Issuers, "d, fra ;USA, d");
        draft.type_demand(&status, Demand::ExpiredDays, "30");
        draft.set_captures(&status, 5);
        assert_eq!((draft.len(), draft.demand_problems(&status)), (4, vec![]), "no limit is no change");
        let wanted = draft.documents(&status);
        let checked = SettingsFile::new(path.clone(), Vec::new()).change(&changes(&mut draft)).unwrap();
        assert_eq!(checked.config.documents, wanted);
        assert_eq!((wanted.minimum_age, wanted.maximum_age, wanted.expired_days, wanted.most_captures), (18, 0, 30, 5));
        assert_eq!(wanted.issuers, ["D", "FRA", "USA"]);
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(kept.starts_with("# Branch 12\n[documents]\nmost_captures = 5 # slow camera\n"), "{kept}");
        assert!(kept.contains("# since May"), "{kept}");
        let again = crate::config::Effective::from_layers(Some(&kept), &[]).unwrap().config;
        assert_eq!(again.documents, wanted, "the next start reads it");
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_field_and_cannot_be_saved() {
        let status = with("");
        let typed = |fields: &[(Demand, &str)]| {
            let mut draft = Draft::default();
            fields.iter().for_each(|(demand, text)| draft.type_demand(&status, *demand, text));
            draft
        };
        let range = DemandProblem::OutOfRange;
        for (fields, wrong) in [
            (vec![(Demand::MinimumAge, "eighteen")], (Demand::MinimumAge, DemandProblem::NoNumber)),
            (vec![(Demand::MinimumAge, "-1")], (Demand::MinimumAge, DemandProblem::NoNumber)),
            (vec![(Demand::MinimumAge, "131")], (Demand::MinimumAge, range(DocumentsProblem::MinimumAge))),
            (vec![(Demand::MaximumAge, "99999999999999999999")], (Demand::MaximumAge, range(DocumentsProblem::MaximumAge))),
            (vec![(Demand::MinimumAge, "30"), (Demand::MaximumAge, "20")], (Demand::MaximumAge, range(DocumentsProblem::AgesCross))),
            (vec![(Demand::ExpiredDays, "3651")], (Demand::ExpiredDays, range(DocumentsProblem::ExpiredDays))),
            (vec![(Demand::Issuers, "FRA, FRE")], (Demand::Issuers, DemandProblem::UnknownIssuer("FRE".to_owned()))),
            (vec![(Demand::Issuers, "France")], (Demand::Issuers, DemandProblem::UnknownIssuer("FRANCE".to_owned()))),
        ] {
            let mut draft = typed(&fields);
            for language in Language::ALL {
                let said = wrong.1.words(&Words::new(language));
                assert!(said.ends_with('.') && !said.starts_with("settings-"), "{said}");
            }
            assert_eq!(draft.demand_problems(&status), vec![wrong], "{fields:?}");
            // Even if it were asked for.
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("visavis.toml");
            assert!(SettingsFile::new(path.clone(), Vec::new()).change(&changes(&mut draft)).is_err(), "{fields:?}");
            assert!(!path.exists());
        }
        let mut two = typed(&[(Demand::MinimumAge, "x"), (Demand::Issuers, "QQQ")]);
        assert_eq!(two.demand_problems(&status).len(), 2, "each beside its field");
        two.discard();
        assert!(two.is_empty() && two.demand_problems(&status).is_empty() && two.demand_text(&status, Demand::MinimumAge).is_empty());
    }

    #[test]
    fn a_field_keeps_what_is_typed_until_it_is_left() {
        let status = with("issuers = [\"FRA\"]\nminimum_age = 18");
        let mut draft = Draft::default();
        assert_eq!(draft.demand_text(&status, Demand::MinimumAge), "18");
        draft.type_demand(&status, Demand::Issuers, "fra, ");
        assert_eq!((draft.demand_text(&status, Demand::Issuers).as_str(), draft.len()), ("fra, ", 0));
        draft.leave_demand(Demand::Issuers);
        assert_eq!(draft.demand_text(&status, Demand::Issuers), "FRA");
        draft.type_demand(&status, Demand::MinimumAge, "1o");
        draft.leave_demand(Demand::MinimumAge);
        assert_eq!(draft.demand_text(&status, Demand::MinimumAge), "1o", "what is to be mended stays");
        draft.type_demand(&status, Demand::MinimumAge, "016");
        draft.leave_demand(Demand::MinimumAge);
        assert_eq!((draft.demand_text(&status, Demand::MinimumAge).as_str(), draft.len()), ("16", 1));
        let _ = draft.save();
        draft.receive(&Notice::SettingsKept);
        assert!(draft.is_empty() && draft.texts.is_empty());
    }

    #[test]
    fn documents_that_are_accepted_anyway_have_no_days() {
        let status = with("expired_days = 30");
        let mut draft = Draft::default();
        draft.type_demand(&status, Demand::ExpiredDays, "x");
        draft.refuse_expired(&status, false);
        assert_eq!((draft.documents(&status).expired_days, draft.demand_problems(&status)), (0, vec![]));
        assert_eq!(changes(&mut draft), [Change::set("documents.expired_days", 0), Change::set("documents.refuse_expired", false)]);
        draft.refuse_expired(&status, true);
        assert!(draft.is_empty() && draft.documents(&status).expired_days == 30);
    }
}
