//! What the operator demands of identity documents.

use serde::Deserialize;

/// Demands of identity documents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentsConfig {
    /// Youngest age accepted, years, 0-130; 0 sets no limit.
    pub minimum_age: i32,
    /// Oldest age accepted, years, 0-130; 0 sets no limit.
    pub maximum_age: i32,
    /// Issuers accepted, three letters each; empty: every known one. Whether they exist is checked by whoever knows states.
    pub issuers: Vec<String>,
    /// Whether expired documents are refused.
    pub refuse_expired: bool,
    /// Days after its last one that a document is accepted all the same, 0-3650.
    pub expired_days: u32,
    /// How often a document is captured before misread characters count as not readable, 1-10.
    pub most_captures: u32,
}

/// What is wrong with demands that each have the right type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentsProblem {
    /// The youngest age is none.
    MinimumAge,
    /// The oldest age is none.
    MaximumAge,
    /// The oldest age is below the youngest.
    AgesCross,
    /// Too many days.
    ExpiredDays,
    /// Days for documents that are accepted anyway.
    IdleExpiredDays,
    /// None, or too many captures.
    MostCaptures,
}

impl DocumentsProblem {
    /// The key whose value is to be mended.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::MinimumAge => "documents.minimum_age",
            Self::MaximumAge | Self::AgesCross => "documents.maximum_age",
            Self::ExpiredDays | Self::IdleExpiredDays => "documents.expired_days",
            Self::MostCaptures => "documents.most_captures",
        }
    }

    /// What the value must be.
    const fn rule(self) -> &'static str {
        match self {
            Self::MinimumAge | Self::MaximumAge => "must be 0 to 130 years; 0 sets no limit",
            Self::AgesCross => "must not be below documents.minimum_age: nobody would be accepted",
            Self::ExpiredDays => "must be 0 to 3650",
            Self::IdleExpiredDays => "must be 0 where documents.refuse_expired is false: every expired document is accepted",
            Self::MostCaptures => "must be 1 to 10",
        }
    }
}

impl DocumentsConfig {
    /// Captures that may be asked for.
    pub const CAPTURES: std::ops::RangeInclusive<u32> = 1..=10;

    /// Everything that types alone cannot say, in the order of the keys.
    #[must_use]
    pub fn problems(&self) -> Vec<DocumentsProblem> {
        let age = |years: i32| (0..=130).contains(&years);
        let (youngest, oldest) = (age(self.minimum_age), age(self.maximum_age));
        let cross = youngest && oldest && self.maximum_age != 0 && self.minimum_age > self.maximum_age;
        let found = [
            (!youngest, DocumentsProblem::MinimumAge),
            (!oldest, DocumentsProblem::MaximumAge),
            (cross, DocumentsProblem::AgesCross),
            (self.expired_days > 3650, DocumentsProblem::ExpiredDays),
            (!self.refuse_expired && self.expired_days != 0, DocumentsProblem::IdleExpiredDays),
            (!Self::CAPTURES.contains(&self.most_captures), DocumentsProblem::MostCaptures),
        ];
        found.into_iter().filter_map(|(wrong, problem)| wrong.then_some(problem)).collect()
    }

    /// The first of them, as the configuration names it.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        self.problems().first().map(|problem| (problem.key(), problem.rule().to_owned()))
    }
}
