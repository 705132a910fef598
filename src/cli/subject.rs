//! People on the command line: by identifier or by registration code.

use super::Failure;
use crate::advice::Advice;
use crate::ports::gallery::{GalleryStore, SubjectId};
use crate::workflow::registration_code::RegistrationCode;
use std::str::FromStr;

/// A registration code as people read it, wherever it is printed; what is none stays as it is.
pub(super) fn code_shown(code: &str) -> String {
    RegistrationCode::parse(code).map_or_else(|_| code.to_owned(), |code| code.to_string())
}

/// A person as typed: a UUID, or a registration code in any case, with or without spaces and hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectArgument(String);

impl FromStr for SubjectArgument {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

impl SubjectArgument {
    /// Finds the person.
    ///
    /// # Errors
    /// `GAL-20` when nobody answers to it, or the gallery's own error.
    pub(super) fn resolve(&self, store: &dyn GalleryStore) -> Result<SubjectId, Failure> {
        if let Ok(id) = uuid::Uuid::parse_str(&self.0) {
            return Ok(store.subject(SubjectId(id))?.summary.subject);
        }
        let advice = Advice::input("GAL-20", "List who is enrolled with `visavis gallery people`.");
        store.subject_by_code(&self.0)?.ok_or_else(|| Failure::new("nobody answers to that identifier or code", advice))
    }
}
