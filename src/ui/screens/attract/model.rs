//! What the attract screen offers.

use crate::runtime::messages::Command;
use crate::workflow::view::FlowKind;

/// One of the two big choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Somebody new.
    Enrol,
    /// Somebody who was here before.
    Returning,
}

impl Choice {
    /// Both, the one Enter presses first.
    pub const ALL: [Self; 2] = [Self::Enrol, Self::Returning];

    /// Locale keys of its name and its line.
    #[must_use]
    pub const fn keys(self) -> [&'static str; 2] {
        match self {
            Self::Enrol => ["attract-enrol", "attract-enrol-line"],
            Self::Returning => ["attract-returning", "attract-returning-line"],
        }
    }

    /// What it starts.
    #[must_use]
    pub const fn command(self) -> Command {
        let flow = match self {
            Self::Enrol => FlowKind::Enrol,
            Self::Returning => FlowKind::Authenticate,
        };
        Command::StartFlow { flow, claim: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::{Language, Words};

    #[test]
    fn every_choice_has_words() {
        for language in Language::ALL {
            let words = Words::new(language);
            assert!(Choice::ALL.into_iter().flat_map(Choice::keys).all(|k| words.has(k)));
        }
    }
}
