//! Changes single keys of a configuration text and leaves everything else as it is: comments, order, blank lines.

use super::ConfigError;
use toml::Value;
use toml_edit::{Decor, DocumentMut, Item, Table, TableLike};

/// One key that is to have another value.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Dotted key, for instance `matching.level`.
    pub key: String,
    /// The new value; `None` takes the key out, so that the default holds again.
    pub value: Option<Value>,
}

impl Change {
    /// `key` is to be `value`.
    #[must_use]
    pub fn set(key: &str, value: impl Into<Value>) -> Self {
        Self { key: key.to_owned(), value: Some(value.into()) }
    }

    /// `key` is to have its default.
    #[must_use]
    pub fn unset(key: &str) -> Self {
        Self { key: key.to_owned(), value: None }
    }
}

/// `text` with `changes` made, one after the other. Whether the result can be used is for [`super::Effective::from_layers`] to say.
///
/// # Errors
/// [`ConfigError::Syntax`] when `text` is not TOML, [`ConfigError::Shape`] when a key leads through something that is no table.
pub fn with_changes(text: &str, changes: &[Change]) -> Result<String, ConfigError> {
    let mut document: DocumentMut =
        text.parse().map_err(|e: toml_edit::TomlError| ConfigError::Syntax { reason: e.to_string().trim_end().to_owned() })?;
    for Change { key, value } in changes {
        let parts: Vec<&str> = key.split('.').collect();
        let plain = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !parts.iter().all(plain) {
            return Err(ConfigError::Shape { reason: format!("{key} is no key") });
        }
        match value {
            Some(value) => put(document.as_table_mut(), &parts, value, key)?,
            None => take(document.as_table_mut(), &parts),
        }
    }
    Ok(document.to_string())
}

fn put(table: &mut dyn TableLike, parts: &[&str], value: &Value, key: &str) -> Result<(), ConfigError> {
    let [part, rest @ ..] = parts else { return Ok(()) };
    if rest.is_empty() {
        let mut new = written(value);
        if let Some(old) = table.get(part).and_then(Item::as_value) {
            // A remark behind the value stays behind it.
            let decor: &Decor = old.decor();
            *new.decor_mut() = decor.clone();
        }
        table.insert(part, Item::Value(new));
        return Ok(());
    }
    if !table.contains_key(part) {
        let mut inner = Table::new();
        // No heading of its own where only tables stand in it.
        inner.set_implicit(true);
        table.insert(part, Item::Table(inner));
    }
    let inner = table.get_mut(part).and_then(Item::as_table_like_mut);
    let inner = inner.ok_or_else(|| ConfigError::Shape { reason: format!("{part} in {key} is no table") })?;
    put(inner, rest, value, key)
}

fn take(table: &mut dyn TableLike, parts: &[&str]) {
    match parts {
        [] => {}
        [part] => _ = table.remove(part),
        [part, rest @ ..] => {
            let Some(inner) = table.get_mut(part).and_then(Item::as_table_like_mut) else { return };
            take(inner, rest);
        }
    }
}

fn written(value: &Value) -> toml_edit::Value {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(yes) => (*yes).into(),
        Value::Array(entries) => entries.iter().map(written).collect::<toml_edit::Array>().into(),
        Value::Table(table) => {
            let mut inline = toml_edit::InlineTable::new();
            for (key, value) in table {
                inline.insert(key, written(value));
            }
            inline.into()
        }
        Value::Datetime(moment) => moment.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Effective;
    use proptest::prelude::*;

    const TEXT: &str = "# Branch 12, ask IT before changing this.\naccept_model_terms = true # since March\n\n[matching]\nlevel = 3 # usual\n\n[capture.profiles.quick]\npose = { yaw = { hint = 9.0 } } # stiff necks\n";

    #[test]
    fn remarks_order_and_everything_else_stay() {
        let changed = with_changes(TEXT, &[Change::set("matching.level", 4), Change::set("capture.profiles.quick.pose.yaw.block", 22.0)]);
        let expected = TEXT.replace("level = 3", "level = 4").replace("hint = 9.0 }", "hint = 9.0 , block = 22.0 }");
        let squeezed = |text: &str| text.replace(" ,", ",").split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(&changed.unwrap()), squeezed(&expected));
    }

    #[test]
    fn new_keys_get_their_tables_and_defaults_come_back() {
        let changes = [Change::set("capture.profiles.lobby.base", "knomi"), Change::set("identification.margin_percent", 5.0)];
        let text = with_changes("", &changes).unwrap();
        assert!(text.contains("[capture.profiles.lobby]\nbase = \"knomi\"") && !text.contains("[capture]\n"), "{text}");
        assert!(Effective::from_layers(Some(&text), &[]).is_ok(), "{text}");
        let back = with_changes(&text, &[Change::unset("identification.margin_percent"), Change::unset("matching.level")]).unwrap();
        assert!(!back.contains("margin_percent"), "{back}");
    }

    #[test]
    fn what_cannot_be_changed_is_refused() {
        for (text, key) in [("level = [", "a"), ("matching = 3", "matching.level"), ("", "a..b"), ("", "a b"), ("", "")] {
            assert!(with_changes(text, &[Change::set(key, 1)]).is_err(), "{text:?} {key:?}");
        }
    }

    proptest! {
        /// Whatever is set is read back, and nothing else changes.
        #[test]
        fn a_value_set_is_the_value_read(level in 1i64..=5, cutoff in 0.0f64..=100.0, candidates in 1i64..=1000) {
            let changes = [
                Change::set("matching.level", level),
                Change::set("identification.cutoff_percent", cutoff),
                Change::set("identification.candidates", candidates),
            ];
            let effective = Effective::from_layers(Some(&with_changes(TEXT, &changes).unwrap()), &[]).unwrap();
            prop_assert_eq!(i64::from(effective.config.matching.level), level);
            prop_assert_eq!(effective.config.identification.candidates as i64, candidates);
            prop_assert!((f64::from(effective.config.identification.cutoff_percent) - cutoff).abs() < 1e-4);
            prop_assert!(effective.config.accept_model_terms);
        }
    }
}
