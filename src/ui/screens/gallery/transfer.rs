//! What the export and import dialogs know: where the file is, who may open it, what came of it.

use crate::ports::gallery::ImportReport;
use crate::runtime::messages::{Command, Notice};
use crate::runtime::transfer::{ExportOrder, ExportReport, ImportOrder, MachineKeys};
use crate::ui::strings::{Words, grouped};
use crate::units::SensitiveText;
use std::path::PathBuf;

/// Whether people leave or enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Export.
    Out,
    /// Import.
    In,
}

/// A dialog being filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferForm {
    /// Whether people leave or enter.
    pub direction: Direction,
    /// Path of the file, as typed or chosen.
    pub file: String,
    /// Members of this gallery only; for exports.
    pub gallery: Option<String>,
    /// Keys of other machines, one a line.
    pub keys: String,
    /// Whether the file is taken whoever sealed it; for imports.
    pub anyone: bool,
    /// Passphrase; empty for none.
    pub passphrase: SensitiveText,
    /// Passphrase typed again; for exports.
    pub again: SensitiveText,
}

impl TransferForm {
    /// An empty form; an export is of the gallery that is looked at.
    #[must_use]
    pub fn new(direction: Direction, gallery: Option<String>) -> Self {
        let (file, keys, anyone) = (String::new(), String::new(), false);
        let (passphrase, again) = (SensitiveText::default(), SensitiveText::default());
        Self { direction, file, gallery, keys, anyone, passphrase, again }
    }

    fn listed_keys(&self) -> Vec<String> {
        self.keys.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// Locale key of what is still missing.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        let sealed = !self.listed_keys().is_empty() || !self.passphrase.0.is_empty();
        if self.file.trim().is_empty() {
            return Some("transfer-missing-file");
        }
        match self.direction {
            Direction::Out if !sealed => Some("transfer-missing-recipient"),
            Direction::Out if self.passphrase != self.again => Some("transfer-missing-again"),
            Direction::In if !self.anyone && self.listed_keys().is_empty() => Some("transfer-missing-trust"),
            _ => None,
        }
    }

    /// The command, once everything is given.
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        if self.missing().is_some() {
            return None;
        }
        let file = PathBuf::from(self.file.trim());
        let passphrase = (!self.passphrase.0.is_empty()).then(|| self.passphrase.clone());
        Some(match self.direction {
            Direction::Out => {
                Command::Export(ExportOrder { to: file, gallery: self.gallery.clone(), recipients: self.listed_keys(), passphrase })
            }
            Direction::In => Command::Import(ImportOrder { from: file, trusted: (!self.anyone).then(|| self.listed_keys()), passphrase }),
        })
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferResult {
    /// People were written.
    Exported(ExportReport),
    /// People were taken in, from whom.
    Imported(ImportReport, String),
}

impl TransferResult {
    /// Title key and lines.
    #[must_use]
    pub fn words(&self, words: &Words) -> (&'static str, Vec<String>) {
        match self {
            Self::Exported(report) => {
                let [people, records, pictures] = [report.people, report.records, report.pictures].map(grouped);
                let texts = [("people", people.as_str()), ("records", &records), ("pictures", &pictures)];
                ("transfer-exported", vec![words.with("transfer-exported-line", &texts)])
            }
            Self::Imported(report, signer) => {
                let counts = [report.people_added, report.people_updated, report.people_unchanged].map(grouped);
                let texts = [("added", counts[0].as_str()), ("updated", &counts[1]), ("unchanged", &counts[2])];
                let mut lines = vec![words.with("transfer-imported-line", &texts)];
                if report.people_erased_before > 0 {
                    lines.push(words.n("transfer-erased-before", report.people_erased_before));
                }
                if !report.conflicts.is_empty() {
                    lines.push(words.n("transfer-conflicts", report.conflicts.len() as u64));
                }
                lines.push(words.with("transfer-signer", &[("signer", signer)]));
                ("transfer-imported", lines)
            }
        }
    }
}

/// Everything about sealed files that the gallery browser knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferModel {
    /// The dialog that is open.
    pub form: Option<TransferForm>,
    /// What came of the last one, until it was read.
    pub result: Option<TransferResult>,
    /// This machine's keys, once they arrived.
    pub keys: Option<MachineKeys>,
}

impl TransferModel {
    /// Opens a dialog; returns what has to be asked for it.
    pub fn open(&mut self, direction: Direction, gallery: Option<String>) -> Vec<Command> {
        self.form = Some(TransferForm::new(direction, gallery));
        self.result = None;
        if self.keys.is_some() { Vec::new() } else { vec![Command::AskMachineKeys] }
    }

    /// Takes an answer. What was refused leaves the form as it was filled in.
    pub fn receive(&mut self, notice: &Notice) {
        let result = match notice {
            Notice::Exported(report) => TransferResult::Exported(report.clone()),
            Notice::Imported(report, signer) => TransferResult::Imported(report.clone(), signer.clone()),
            Notice::MachineKeys(keys) => {
                self.keys = Some(keys.clone());
                return;
            }
            _ => return,
        };
        self.form = None;
        self.result = Some(result);
    }

    /// Whether a dialog lies over the page.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.form.is_some() || self.result.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;

    #[test]
    fn nothing_leaves_without_a_recipient_and_nothing_enters_without_trust() {
        let mut form = TransferForm::new(Direction::Out, Some("Staff".into()));
        assert_eq!(form.missing(), Some("transfer-missing-file"));
        form.file = " /media/stick/people.visavis ".into();
        assert_eq!(form.missing(), Some("transfer-missing-recipient"));
        form.passphrase = SensitiveText("correct horse".into());
        assert_eq!(form.missing(), Some("transfer-missing-again"));
        form.again = form.passphrase.clone();
        form.keys = " AAA \n\n BBB".into();
        let order = ExportOrder {
            to: "/media/stick/people.visavis".into(),
            gallery: Some("Staff".into()),
            recipients: vec!["AAA".into(), "BBB".into()],
            passphrase: Some(SensitiveText("correct horse".into())),
        };
        assert_eq!(form.command(), Some(Command::Export(order)));

        let mut form = TransferForm { file: "x".into(), ..TransferForm::new(Direction::In, None) };
        assert_eq!(form.missing(), Some("transfer-missing-trust"));
        form.anyone = true;
        assert_eq!(form.command(), Some(Command::Import(ImportOrder { from: "x".into(), trusted: None, passphrase: None })));
        form.anyone = false;
        form.keys = "AAA".into();
        let order = ImportOrder { from: "x".into(), trusted: Some(vec!["AAA".into()]), passphrase: None };
        assert_eq!(form.command(), Some(Command::Import(order)));
    }

    #[test]
    fn an_answer_closes_the_dialog_and_says_what_came_of_it() {
        let mut model = TransferModel::default();
        assert_eq!(model.open(Direction::In, None), [Command::AskMachineKeys]);
        model.receive(&Notice::Failed("no".into(), crate::advice::Advice::input("GAL-40", "Ask.")));
        assert!(model.form.is_some(), "a refusal leaves what was typed");
        let report = ImportReport { people_added: 2, people_erased_before: 1, ..ImportReport::default() };
        model.receive(&Notice::Imported(report, "1234-5678".into()));
        assert!(model.form.is_none());
        let (_, lines) = model.result.unwrap().words(&Words::new(Language::English));
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains("2 new") && lines[2].contains("1234-5678"), "{lines:?}");
    }
}
