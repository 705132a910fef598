//! Models whose terms somebody has to accept before real people are enrolled with them.

use super::Application;
use crate::advice::{Advice, Advised};

/// Nobody real is enrolled with models whose terms were not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the terms of these models were not accepted: {}", .models.join(", "))]
pub struct TermsNotAccepted {
    /// The models, each with its licence.
    pub models: Vec<String>,
}

impl Advised for TermsNotAccepted {
    fn advice(&self) -> Advice {
        Advice::input(
            "MOD-21",
            "Read `visavis models card`; if the terms fit your use, set `accept_model_terms = true` in the settings file that `visavis doctor` names.",
        )
    }
}

impl Application {
    /// Why nobody may be enrolled here now; practice, comparisons and searches need no leave.
    pub(super) fn unaccepted_terms(&self) -> Option<TermsNotAccepted> {
        let asked_for = !self.practice && !self.config.accept_model_terms && !self.restricted.is_empty();
        asked_for.then(|| TermsNotAccepted { models: self.restricted.clone() })
    }
}
