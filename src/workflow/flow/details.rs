//! The details step: entry fields, checked when they are left.

use super::setup::{FieldKind, FieldRule};
use crate::documents::typed::{self, DateFault};
use crate::units::{SensitiveText, UtcTime};
use crate::workflow::registration_code::RegistrationCode;
use crate::workflow::view::{DetailsView, FieldView};
use zeroize::Zeroize as _;

/// Longest text of any field, characters.
const LONGEST: usize = 120;

/// The form as far as it was filled in.
#[derive(Debug, Clone)]
pub(super) struct Form {
    fields: Vec<Field>,
    today: UtcTime,
}

#[derive(Debug, Clone)]
struct Field {
    rule: FieldRule,
    value: SensitiveText,
    /// What to say about it; `None` until it was left.
    verdict: Option<Result<(), &'static str>>,
}

impl Form {
    /// An empty form. `today` bounds dates of birth.
    pub(super) fn new(rules: &[FieldRule], today: UtcTime) -> Self {
        let field = |rule: &FieldRule| Field { rule: rule.clone(), value: SensitiveText::default(), verdict: None };
        Self { fields: rules.iter().map(field).collect(), today }
    }

    /// Takes the whole text of a field. One that was left before is checked again at once; of any other only what more text cannot mend is said.
    pub(super) fn change(&mut self, key: &str, value: SensitiveText) {
        let today = self.today;
        if let Some(field) = self.fields.iter_mut().find(|f| f.rule.key == key) {
            field.value.zeroize();
            field.value = value;
            let found = field.check(today);
            field.verdict = if field.verdict.is_some() || found.is_err_and(is_certain) { Some(found) } else { None };
        }
    }

    /// Checks a field that the cursor left.
    pub(super) fn leave(&mut self, key: &str) {
        let today = self.today;
        if let Some(field) = self.fields.iter_mut().find(|f| f.rule.key == key) {
            field.verdict = Some(field.check(today));
        }
    }

    /// Checks every field; whether all are in order.
    pub(super) fn submit(&mut self) -> bool {
        let today = self.today;
        for field in &mut self.fields {
            field.verdict = Some(field.check(today));
        }
        self.complete()
    }

    /// Shows a problem that only the outside could find, for instance an unknown code.
    pub(super) fn object(&mut self, key: &str, problem: &'static str) {
        if let Some(field) = self.fields.iter_mut().find(|f| f.rule.key == key) {
            field.verdict = Some(Err(problem));
        }
    }

    fn complete(&self) -> bool {
        self.fields.iter().all(|f| f.check(self.today).is_ok())
    }

    /// The registration code, if the form asks for one and it is valid.
    pub(super) fn code(&self) -> Option<RegistrationCode> {
        let field = self.fields.iter().find(|f| f.rule.kind == FieldKind::RegistrationCode)?;
        RegistrationCode::parse(&field.value.0).ok()
    }

    /// Key and text of what was filled in, trimmed, in order.
    pub(super) fn entries(&self) -> Vec<(String, SensitiveText)> {
        let filled = self.fields.iter().filter(|f| !f.value.0.trim().is_empty());
        filled.map(|f| (f.rule.key.clone(), SensitiveText(f.value.0.trim().to_owned()))).collect()
    }

    /// Label key and text of what was filled in.
    pub(super) fn labelled_entries(&self) -> Vec<(String, SensitiveText)> {
        let filled = self.fields.iter().filter(|f| !f.value.0.trim().is_empty());
        filled.map(|f| (f.rule.label_key(), SensitiveText(f.value.0.trim().to_owned()))).collect()
    }

    pub(super) fn view(&self) -> DetailsView {
        let field = |f: &Field| FieldView {
            key: f.rule.key.clone(),
            label_key: f.rule.label_key(),
            value: f.value.clone(),
            required: f.rule.required,
            problem_key: f.verdict.and_then(Result::err),
        };
        let objected = self.fields.iter().any(|f| matches!(f.verdict, Some(Err(_))));
        DetailsView { fields: self.fields.iter().map(field).collect(), complete: self.complete() && !objected }
    }
}

impl Field {
    /// The locale key of what is wrong.
    fn check(&self, today: UtcTime) -> Result<(), &'static str> {
        let text = self.value.0.trim();
        if text.is_empty() {
            return if self.rule.required { Err("problem-required") } else { Ok(()) };
        }
        if text.chars().count() > LONGEST {
            return Err("problem-too-long");
        }
        if text.chars().any(char::is_control) {
            return Err("problem-characters");
        }
        match self.rule.kind {
            FieldKind::Text => Ok(()),
            FieldKind::Name if text.chars().any(char::is_alphabetic) => Ok(()),
            FieldKind::Name => Err("problem-name"),
            FieldKind::Date => date_of_birth(text, today),
            FieldKind::StatedDate => stated_date(text, today),
            FieldKind::Email => email(text),
            FieldKind::Phone => phone(text),
            FieldKind::Number => number(text),
            FieldKind::RegistrationCode => RegistrationCode::parse(text).map(|_| ()).map_err(|_| "problem-code"),
        }
    }
}

/// `YYYY-MM-DD`, a day of the calendar, not after today (a day's grace: kiosk clocks and time zones) and at most 130 years ago.
fn date_of_birth(text: &str, today: UtcTime) -> Result<(), &'static str> {
    let written =
        text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    let midnight = if written { UtcTime::from_rfc3339(&format!("{text}T00:00:00Z")) } else { None };
    let born = midnight.ok_or("problem-date")?;
    const DAY: i64 = 86_400_000;
    if born.0 > today.0.saturating_add(DAY) {
        Err("problem-date-future")
    } else if born.0 < today.0.saturating_sub(130 * 366 * DAY) {
        Err("problem-date-past")
    } else {
        Ok(())
    }
}

/// A day that people write, as far from today as a date of birth may be.
fn stated_date(text: &str, today: UtcTime) -> Result<(), &'static str> {
    match typed::date(text) {
        Ok(day) => date_of_birth(&day.to_string(), today),
        Err(DateFault::Unclear) => Err("problem-stated-date"),
        Err(DateFault::NoSuchDay) => Err("problem-stated-day"),
    }
}

/// Whether a text that is still being typed cannot become right by more of it.
fn is_certain(problem: &str) -> bool {
    ["problem-too-long", "problem-characters", "problem-stated-day", "problem-date-future", "problem-date-past"].contains(&problem)
}

/// One `@` with something before it and a domain with a dot after it. More would refuse addresses that exist.
fn email(text: &str) -> Result<(), &'static str> {
    let (name, domain) = text.split_once('@').ok_or("problem-email")?;
    let labels = || domain.split('.');
    let sound = !name.is_empty() && labels().count() >= 2 && labels().all(|l| !l.is_empty());
    let plain = !domain.contains('@') && !text.chars().any(char::is_whitespace);
    if sound && plain { Ok(()) } else { Err("problem-email") }
}

/// Five to fifteen digits (ITU E.164 allows fifteen), maybe a plus sign, and the usual separators.
fn phone(text: &str) -> Result<(), &'static str> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let usual = text.chars().enumerate().all(|(i, c)| c.is_ascii_digit() || " -./()".contains(c) || (c == '+' && i == 0));
    if usual && (5..=15).contains(&digits) { Ok(()) } else { Err("problem-phone") }
}

/// Letters, digits and the separators that document numbers have.
fn number(text: &str) -> Result<(), &'static str> {
    let usual = text.chars().all(|c| c.is_alphanumeric() || " -/.<".contains(c));
    if usual && text.chars().any(char::is_alphanumeric) { Ok(()) } else { Err("problem-number") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> SensitiveText {
        SensitiveText(value.to_owned())
    }

    #[test]
    fn fields_are_checked_by_their_kind() {
        let today = UtcTime::from_rfc3339("2026-11-21T08:00:00Z").unwrap();
        for (key, value, expected) in [
            ("full_name", "", Err("problem-required")),
            ("full_name", "   ", Err("problem-required")),
            ("full_name", "Ada Lovelace", Ok(())),
            ("full_name", "李小龙", Ok(())),
            ("full_name", "123", Err("problem-name")),
            ("full_name", "A\u{7}da", Err("problem-characters")),
            ("date_of_birth", "1990-02-28", Ok(())),
            ("date_of_birth", "1990-02-30", Err("problem-date")),
            ("date_of_birth", "28.02.1990", Err("problem-date")),
            ("date_of_birth", "2026-11-22", Ok(())),
            ("date_of_birth", "2026-11-23", Err("problem-date-future")),
            ("date_of_birth", "1850-01-01", Err("problem-date-past")),
            ("email", "ada@example.org", Ok(())),
            ("email", "ada@example", Err("problem-email")),
            ("email", "a b@example.org", Err("problem-email")),
            ("email", "a@b@example.org", Err("problem-email")),
            ("phone", "+49 (30) 901820", Ok(())),
            ("phone", "12+34567", Err("problem-phone")),
            ("document_number", "C01X00T47", Ok(())),
            ("document_number", "<<<", Err("problem-number")),
            ("registration_code", "ABC", Err("problem-code")),
            ("shoe_size", "43 wide", Ok(())),
            ("stated", "28.02.1990", Ok(())),
            ("stated", "28/2/1990", Ok(())),
            ("stated", "28.02.90", Err("problem-stated-date")),
            ("stated", "30.02.1990", Err("problem-stated-day")),
            ("stated", "23.11.2026", Err("problem-date-future")),
            ("stated", "01.01.1850", Err("problem-date-past")),
        ] {
            let mut rule = FieldRule::named(key, matches!(key, "full_name" | "registration_code"));
            if key == "stated" {
                rule.kind = FieldKind::StatedDate;
            }
            let field = Field { rule, value: text(value), verdict: None };
            assert_eq!(field.check(today), expected, "{key} {value:?}");
        }
    }

    #[test]
    fn problems_show_once_a_field_was_left() {
        let mut form = Form::new(&[FieldRule::named("full_name", true), FieldRule::named("email", false)], UtcTime(0));
        form.change("email", text("ada@"));
        assert!(form.view().fields.iter().all(|f| f.problem_key.is_none()), "still typing");
        form.leave("email");
        assert_eq!(form.view().fields[1].problem_key, Some("problem-email"));
        form.change("email", text("ada@example.org"));
        assert_eq!(form.view().fields[1].problem_key, None, "a mended field is checked at once");
        assert!(!form.view().complete);
        assert!(!form.submit());
        assert_eq!(form.view().fields[0].problem_key, Some("problem-required"));
        form.change("full_name", text(" Ada "));
        assert!(form.submit() && form.view().complete);
        assert_eq!(form.entries()[0], ("full_name".to_owned(), text("Ada")));
    }

    #[test]
    fn unknown_fields_are_ignored() {
        let mut form = Form::new(&[FieldRule::named("full_name", true)], UtcTime(0));
        form.change("card_number", text("4111"));
        form.leave("card_number");
        assert_eq!(form.view().fields.len(), 1);
    }
}
