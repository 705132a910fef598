//! The operator's demands as the configuration has them, and the ones where somebody practises.

use super::Rules;
use crate::config::{ConfigError, DocumentsConfig};
use crate::documents::states;

/// The state of specimens.
const UTOPIA: &str = "UTO";

/// The configuration's demands; the others are as the program has them. An issuer that is no state is kept: no document is of it.
impl From<&DocumentsConfig> for Rules {
    fn from(config: &DocumentsConfig) -> Self {
        let limit = |years: i32| (years != 0).then_some(years);
        Self {
            minimum_age: limit(config.minimum_age),
            maximum_age: limit(config.maximum_age),
            refuse_expired: config.refuse_expired,
            expired_days: config.expired_days,
            issuers: config.issuers.iter().map(|code| code.trim().to_uppercase()).collect(),
            most_captures: config.most_captures,
            ..Self::default()
        }
    }
}

impl Rules {
    /// Whether every issuer in the configuration is one. States are known on a higher floor than the configuration.
    ///
    /// # Errors
    /// [`ConfigError::Value`] that names the first code that is none.
    pub fn check(config: &DocumentsConfig) -> Result<(), ConfigError> {
        Self::unknown_issuer(&config.issuers).map_or(Ok(()), |code| {
            let rule = format!(
                "names {code:?}, which no state or organisation issues documents under; write its code as documents have it, such as \"FRA\", \
                 \"D\" or \"DEU\""
            );
            Err(ConfigError::Value { key: "documents.issuers", rule })
        })
    }

    /// The first code under which nobody issues documents.
    #[must_use]
    pub fn unknown_issuer(codes: &[String]) -> Option<&str> {
        codes.iter().map(String::as_str).find(|code| states::issuer(&code.trim().to_uppercase()).is_none())
    }

    /// The same where somebody practises: specimens and the state that they are of are accepted.
    #[must_use]
    pub fn for_practice(mut self) -> Self {
        self.allow_specimens = true;
        if !self.issuers.is_empty() {
            self.issuers.push(UTOPIA.to_owned());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Effective;

    fn documents(text: &str) -> Result<DocumentsConfig, ConfigError> {
        let config = Effective::from_layers(Some(&format!("[documents]\n{text}\n")), &[])?.config.documents;
        Rules::check(&config).map(|()| config)
    }

    #[test]
    fn the_defaults_are_the_programs_own() {
        assert_eq!(Rules::from(&documents("").unwrap()), Rules::default());
    }

    #[test]
    fn what_is_configured_is_demanded() {
        let text = "minimum_age = 18\nmaximum_age = 99\nissuers = [\"fra\", \"DEU\", \"D\", \"UNO\"]\nexpired_days = 30\nmost_captures = 5";
        let rules = Rules::from(&documents(text).unwrap());
        assert_eq!((rules.minimum_age, rules.maximum_age, rules.expired_days, rules.most_captures), (Some(18), Some(99), 30, 5));
        assert_eq!(rules.issuers, ["FRA", "DEU", "D", "UNO"]);
        assert!(rules.refuse_expired && !rules.allow_specimens);
        assert!(!Rules::from(&documents("refuse_expired = false").unwrap()).refuse_expired);
    }

    #[test]
    fn what_is_wrong_is_refused_by_name() {
        for (text, key) in [
            ("minimum_age = -1", "documents.minimum_age"),
            ("minimum_age = 131", "documents.minimum_age"),
            ("maximum_age = 200", "documents.maximum_age"),
            ("minimum_age = 30\nmaximum_age = 20", "documents.maximum_age"),
            ("expired_days = 3651", "documents.expired_days"),
            ("refuse_expired = false\nexpired_days = 3", "documents.expired_days"),
            ("most_captures = 0", "documents.most_captures"),
            // No state, a nationality only, and words.
            ("issuers = [\"FRA\", \"FRE\"]", "documents.issuers"),
            ("issuers = [\"XXA\"]", "documents.issuers"),
            ("issuers = [\"France\"]", "documents.issuers"),
            ("issuers = [\"\"]", "documents.issuers"),
        ] {
            match documents(text) {
                Err(ConfigError::Value { key: named, .. }) => assert_eq!(named, key, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(matches!(documents("minimum_age = \"18\""), Err(ConfigError::Shape { .. })));
        assert!(matches!(documents("least_age = 18"), Err(ConfigError::Shape { .. })));
    }

    #[test]
    fn practice_accepts_specimens_beside_the_issuers_demanded() {
        let rules = Rules { issuers: vec!["FRA".to_owned()], ..Rules::default() }.for_practice();
        assert!(rules.allow_specimens && rules.issuers == ["FRA", "UTO"]);
        assert!(Rules::default().for_practice().issuers.is_empty(), "every known one");
    }
}
