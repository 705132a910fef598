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

impl DocumentsConfig {
    /// Ranges that types alone cannot say.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let within = |ok: bool, key: &'static str, rule: &str| (!ok).then(|| (key, rule.to_owned()));
        let ages = self.maximum_age == 0 || self.minimum_age <= self.maximum_age;
        within((0..=130).contains(&self.minimum_age), "documents.minimum_age", "must be 0 to 130 years; 0 sets no limit")
            .or_else(|| within((0..=130).contains(&self.maximum_age), "documents.maximum_age", "must be 0 to 130 years; 0 sets no limit"))
            .or_else(|| within(ages, "documents.maximum_age", "must not be below documents.minimum_age: nobody would be accepted"))
            .or_else(|| within(self.expired_days <= 3650, "documents.expired_days", "must be 0 to 3650"))
            .or_else(|| {
                let idle = self.refuse_expired || self.expired_days == 0;
                within(
                    idle,
                    "documents.expired_days",
                    "must be 0 where documents.refuse_expired is false: every expired document is accepted",
                )
            })
            .or_else(|| within((1..=10).contains(&self.most_captures), "documents.most_captures", "must be 1 to 10"))
    }
}
