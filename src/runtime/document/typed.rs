//! Details that somebody typed in, as JSON: `{"family_name", "given_names", "birth_date", "expiry_date", "sex", "document_number",
//! "issuing_state", "nationality"}`, each optional, dates as `2001-02-03`, sex as F, M or X.

use crate::advice::{Advice, Advised};
use crate::documents::checks::Details;
use crate::documents::dates::BirthDate;
use crate::documents::mrz::Sex;
use crate::documents::typed;
use serde::Deserialize;
use time::Date;

/// Most bytes that typed details may have.
pub const LONGEST: usize = 1 << 16;

/// Typed details that cannot be used. Says which field, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypedError {
    /// No JSON object with these fields.
    #[error("the typed details cannot be read: {reason}")]
    Unreadable {
        /// Why; never what was typed.
        reason: &'static str,
    },
    /// A field's value is none.
    #[error("the typed field {field} is not {wanted}")]
    Value {
        /// The field.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
}

impl Advised for TypedError {
    fn advice(&self) -> Advice {
        Advice::input(
            "DOC-35",
            "Give a JSON object with family_name, given_names, birth_date, expiry_date, sex, document_number, issuing_state, nationality; dates as 2001-02-03.",
        )
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    family_name: Option<String>,
    given_names: Option<String>,
    birth_date: Option<String>,
    expiry_date: Option<String>,
    sex: Option<String>,
    document_number: Option<String>,
    issuing_state: Option<String>,
    nationality: Option<String>,
}

/// Reads typed details.
///
/// # Errors
/// [`TypedError`].
pub fn read(text: &str) -> Result<Details, TypedError> {
    if text.len() > LONGEST {
        return Err(TypedError::Unreadable { reason: "they are longer than 64 KiB" });
    }
    let given: Typed = serde_json::from_str(text)
        .map_err(|_| TypedError::Unreadable { reason: "they are no JSON object of text fields with known names" })?;
    let filled = |text: Option<String>| text.and_then(|t| typed::filled(&t));
    let upper = |text: Option<String>| text.and_then(|t| typed::capitals(&t));
    let sex = match upper(given.sex).as_deref() {
        None => None,
        Some("F") => Some(Sex::Female),
        Some("M") => Some(Sex::Male),
        Some("X") => Some(Sex::Unspecified),
        Some(_) => return Err(TypedError::Value { field: "sex", wanted: "F, M or X" }),
    };
    Ok(Details {
        family_name: filled(given.family_name),
        given_names: filled(given.given_names),
        birth: date("birth_date", filled(given.birth_date))?.map(|d| BirthDate::certain(d.into())),
        expiry: date("expiry_date", filled(given.expiry_date))?.map(Into::into),
        sex,
        document_number: upper(given.document_number),
        issuing_state: upper(given.issuing_state),
        nationality: upper(given.nationality),
        ..Details::default()
    })
}

fn date(field: &'static str, text: Option<String>) -> Result<Option<Date>, TypedError> {
    let read = |text: String| typed::file_date(&text).ok_or(TypedError::Value { field, wanted: "a date like 2001-02-03" });
    text.map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_details_are_read_and_faults_named_without_values() {
        let details = read(r#"{"family_name":" Müller ","birth_date":"1990-02-15","sex":"f","document_number":"nx 1"}"#).expect("details");
        assert_eq!(
            (details.family_name.as_deref(), details.sex, details.document_number.as_deref()),
            (Some("Müller"), Some(Sex::Female), Some("NX 1"))
        );
        assert_eq!(read("{}"), Ok(Details::default()));
        for (text, words) in [
            (r#"{"birth_date":"15.2.1990"}"#, "birth_date"),
            (r#"{"sex":"secret"}"#, "sex"),
            (r#"{"shoe_size":"43"}"#, "known names"),
            ("[]", "known names"),
            ("", "known names"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(words) && !error.contains("secret") && !error.contains("15.2"), "{error}");
        }
    }
}
