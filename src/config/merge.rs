//! Lays the file and the command line over the defaults and remembers where each value came from.

use super::values::Config;
use crate::advice::{Advice, Advised};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The built-in default.
    Default,
    /// The configuration file.
    File,
    /// An option on the command line.
    CommandLine,
}

/// One effective setting.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Setting {
    /// Dotted key.
    pub key: String,
    /// Value as TOML writes it.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Why a configuration was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It is not TOML.
    #[error("the configuration is not valid TOML: {reason}")]
    Syntax {
        /// Parser's words with line and column.
        reason: String,
    },
    /// A key is unknown, missing or has the wrong type.
    #[error("the configuration cannot be used: {reason}")]
    Shape {
        /// What and where.
        reason: String,
    },
    /// A value is outside its range.
    #[error("{key} {rule}")]
    Value {
        /// Dotted key.
        key: &'static str,
        /// The rule it breaks.
        rule: String,
    },
    /// The file cannot be read.
    #[error("the configuration file cannot be read: {reason}")]
    Unreadable {
        /// Why.
        reason: String,
    },
}

impl Advised for ConfigError {
    fn advice(&self) -> Advice {
        match self {
            Self::Syntax { .. } => Advice::input("CFG-01", "Mend the line named, then run `visavis config check`."),
            Self::Shape { .. } => Advice::input("CFG-02", "Compare with `visavis config show`, which lists every key."),
            Self::Value { .. } => Advice::input("CFG-03", "Choose a value in the range named."),
            Self::Unreadable { .. } => Advice::input("CFG-04", "Check that the file exists and may be read."),
        }
    }
}

/// The parser's words in one line, with the place.
fn where_and_what(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
    let (line, start) = (before.matches('\n').count() + 1, before.rfind('\n').map_or(0, |at| at + 1));
    let what = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    format!("line {line}, column {}: {what}", before[start..].chars().count() + 1)
}

/// The configuration in force, with origins.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// Checked values.
    pub config: Config,
    settings: Vec<Setting>,
}

impl Effective {
    /// Lays `file` (TOML text) and `overrides` (dotted key and value) over the defaults and checks the whole.
    ///
    /// # Errors
    /// [`ConfigError`]; nothing is taken over from a configuration that is partly wrong.
    pub fn from_layers(file: Option<&str>, overrides: &[(&str, Value)]) -> Result<Self, ConfigError> {
        let parse = |text: &str| text.parse::<Table>().map_err(|e| ConfigError::Syntax { reason: where_and_what(text, &e) });
        let mut merged = parse(super::DEFAULTS)?;
        let mut origins = BTreeMap::new();
        flatten("", &merged, &mut |key, _| {
            origins.insert(key, Origin::Default);
        });
        if let Some(text) = file {
            let layer = parse(text)?;
            flatten("", &layer, &mut |key, _| {
                origins.insert(key, Origin::File);
            });
            overlay(&mut merged, layer);
        }
        for (key, value) in overrides {
            put(&mut merged, key, value.clone());
            origins.insert((*key).to_owned(), Origin::CommandLine);
        }
        let config = Config::deserialize_from(&merged)?;
        let mut settings = Vec::new();
        flatten("", &merged, &mut |key, value| {
            let origin = origins.get(&key).copied().unwrap_or(Origin::Default);
            settings.push(Setting { key, value: value.to_string(), origin });
        });
        Ok(Self { config, settings })
    }

    /// Every setting, by key.
    #[must_use]
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }
}

impl Config {
    fn deserialize_from(merged: &Table) -> Result<Self, ConfigError> {
        let config: Self = merged.clone().try_into().map_err(|e: toml::de::Error| ConfigError::Shape { reason: e.message().to_owned() })?;
        match config.problem() {
            Some((key, rule)) => Err(ConfigError::Value { key, rule }),
            None => Ok(config),
        }
    }
}

/// Calls `each` with the dotted key of every value that is not a table.
fn flatten(prefix: &str, table: &Table, each: &mut dyn FnMut(String, &Value)) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => flatten(&key, inner, each),
            other => each(key, other),
        }
    }
}

/// Tables are merged, everything else is replaced.
fn overlay(base: &mut Table, layer: Table) {
    for (key, value) in layer {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(new)) => overlay(inner, new),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Puts `value` under a dotted key, making the tables it leads through.
pub fn put(base: &mut Table, dotted: &str, value: Value) {
    match dotted.split_once('.') {
        None => {
            base.insert(dotted.to_owned(), value);
        }
        Some((head, rest)) => {
            if let Value::Table(inner) = base.entry(head).or_insert_with(|| Value::Table(Table::new())) {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Effective, ConfigError> {
        Effective::from_layers(Some(text), &[])
    }

    #[test]
    fn defaults_are_valid_and_say_so() {
        let effective = Effective::from_layers(None, &[]).expect("the defaults are part of the program");
        assert_eq!(effective.config.matching.level, 3);
        assert!(effective.settings().iter().all(|s| s.origin == Origin::Default));
    }

    #[test]
    fn layers_win_in_order_and_are_named() {
        let overrides = [("camera.device", Value::from("synthetic"))];
        let text = "[matching]\nlevel = 4\n[camera]\ndevice = \"webcam:x\"\n";
        let effective = Effective::from_layers(Some(text), &overrides).expect("valid");
        assert_eq!(effective.config.matching.level, 4);
        assert_eq!(effective.config.camera.device, "synthetic");
        let origin = |key: &str| effective.settings().iter().find(|s| s.key == key).map(|s| s.origin);
        assert_eq!(origin("matching.level"), Some(Origin::File));
        assert_eq!(origin("camera.device"), Some(Origin::CommandLine));
        assert_eq!(origin("camera.horizontal_fov"), Some(Origin::Default));
    }

    #[test]
    fn what_is_wrong_is_refused() {
        let cases = [
            ("[matching]\nlevel = 9\n", "CFG-03"),
            ("[matching]\nlevle = 3\n", "CFG-02"),
            ("[matching]\nlevel = \"three\"\n", "CFG-02"),
            ("matching = 3\n", "CFG-02"),
            ("[matching\n", "CFG-01"),
            ("[flows.enrol]\nsteps = [\"result\", \"face\"]\n", "CFG-03"),
            ("[flows.enrol]\nsteps = [\"face\", \"dance\", \"result\"]\n", "CFG-03"),
            ("[details]\nfields = [{ key = \"Full Name\", required = true }]\n", "CFG-03"),
            ("[details]\nfields = [{ key = \"a\", required = true }, { key = \"a\", required = true }]\n", "CFG-03"),
            ("[identification]\nfalse_positive_rate = 0.0\n", "CFG-03"),
            ("[camera]\nhorizontal_fov = nan\n", "CFG-03"),
            ("[sync]\nservices = [\"bf\"]\n", "CFG-03"),
            ("[sync]\nservices = [\"baf\", \"baf\"]\n", "CFG-03"),
            ("[sync]\ndeliver_files = [\"identify\"]\n", "CFG-03"),
            ("[sync]\nper_second = nan\n", "CFG-03"),
            ("[sync]\nat_once = 0\n", "CFG-03"),
            ("[camera]\nwidth = 9\n", "CFG-03"),
            ("[camera]\nwidth = \"large\"\n", "CFG-02"),
            ("[capture]\nprofiles = 3\n", "CFG-02"),
        ];
        for (text, code) in cases {
            let error = load(text).expect_err(text);
            assert_eq!(error.advice().code, code, "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_an_answer(text in ".{0,200}") {
            let _ = load(&text);
        }
    }
}
