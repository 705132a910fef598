//! Settings changed on the page and not saved yet: laid over what is in force, and saved together.

use crate::config::{Change, IdentificationConfig, put};
use crate::runtime::messages::{Command, Notice, Status};
use crate::workflow::capture_profile::{CaptureProfileError, CaptureProfiles};
use std::collections::BTreeMap;
use toml::Value;

/// Where overrides of capture profiles stand in the configuration.
const PROFILES: &str = "capture.profiles";

/// The draft. `None` stands for the default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub(super) values: BTreeMap<String, Option<Value>>,
    /// What stands in fields, by their keys, where it is not written as the value would be: somebody is typing.
    pub(super) texts: BTreeMap<&'static str, String>,
    saving: bool,
}

impl Draft {
    /// Changes not saved yet.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Drops every change.
    pub fn discard(&mut self) {
        self.values.clear();
        self.texts.clear();
    }

    /// Asks for everything to be saved.
    #[must_use]
    pub fn save(&mut self) -> Command {
        self.saving = true;
        let change = |(key, value): (&String, &Option<Value>)| Change { key: key.clone(), value: value.clone() };
        Command::ChangeSettings(self.values.iter().map(change).collect())
    }

    /// Takes an answer: what was saved is in force and no longer a draft; what was refused stays to be mended.
    pub fn receive(&mut self, notice: &Notice) {
        match notice {
            Notice::SettingsKept if std::mem::take(&mut self.saving) => self.discard(),
            Notice::Failed(..) => self.saving = false,
            _ => {}
        }
    }

    /// The match level that would be in force.
    #[must_use]
    pub fn level(&self, status: &Status) -> u8 {
        let drafted = self.values.get("matching.level").and_then(|v| v.as_ref()?.as_integer());
        drafted.and_then(|level| u8::try_from(level).ok()).unwrap_or(status.match_level)
    }

    /// Drafts a match level.
    pub fn set_level(&mut self, status: &Status, level: u8) {
        self.set("matching.level", i64::from(level), level == status.match_level);
    }

    /// The rules of a search that would be in force.
    #[must_use]
    pub fn identification(&self, status: &Status) -> IdentificationConfig {
        let mut rules = status.settings.identification.clone();
        let number = |key: &str| self.values.get(&format!("identification.{key}")).and_then(|v| v.as_ref().map(float));
        if let Some(candidates) = number("candidates") {
            rules.candidates = candidates as usize;
        }
        rules.cutoff_percent = number("cutoff_percent").map_or(rules.cutoff_percent, |v| v as f32);
        rules.margin_percent = number("margin_percent").map_or(rules.margin_percent, |v| v as f32);
        rules.false_positive_rate = number("false_positive_rate").unwrap_or(rules.false_positive_rate);
        rules
    }

    /// Drafts one rule of a search.
    pub fn set_identification(&mut self, status: &Status, key: &str, value: Value) {
        let in_force = &status.settings.identification;
        let before = match key {
            "candidates" => in_force.candidates as f64,
            "cutoff_percent" => f64::from(in_force.cutoff_percent),
            "margin_percent" => f64::from(in_force.margin_percent),
            _ => in_force.false_positive_rate,
        };
        let same = (float(&value) - before).abs() < 1e-9;
        self.set(&format!("identification.{key}"), value, same);
    }

    /// The capture profile that would be in use.
    #[must_use]
    pub fn profile_name<'a>(&'a self, status: &'a Status) -> &'a str {
        self.values.get("capture.profile").and_then(|v| v.as_ref()?.as_str()).unwrap_or(&status.capture_profile)
    }

    /// Drafts the use of another capture profile.
    pub fn use_profile(&mut self, status: &Status, name: &str) {
        self.set("capture.profile", name, name == status.capture_profile);
    }

    /// All capture profiles as they would be.
    ///
    /// # Errors
    /// [`CaptureProfileError`] when drafted limits contradict each other.
    pub fn profiles(&self, status: &Status) -> Result<CaptureProfiles, CaptureProfileError> {
        let mut overrides = status.settings.profile_overrides.clone();
        // Sorted keys: a profile that goes back to its built-in values comes before single keys of it.
        for (key, value) in &self.values {
            let Some(key) = key.strip_prefix(PROFILES).and_then(|k| k.strip_prefix('.')) else { continue };
            match value {
                Some(value) => put(&mut overrides, key, value.clone()),
                None => _ = overrides.remove(key),
            }
        }
        CaptureProfiles::with_overrides(&overrides)
    }

    /// Drafts one key of a capture profile. Whole numbers are written as such.
    pub fn set_in_profile(&mut self, name: &str, key: &str, value: impl Into<Value>) {
        self.values.insert(format!("{PROFILES}.{name}.{key}"), Some(value.into()));
    }

    /// Drafts the built-in values of a profile.
    pub fn reset_profile(&mut self, status: &Status, name: &str) {
        let whole = format!("{PROFILES}.{name}");
        self.values.retain(|key, _| *key != whole && !key.starts_with(&format!("{whole}.")));
        if status.settings.profile_overrides.contains_key(name) {
            self.values.insert(whole, None);
        }
    }

    /// Whether the configuration or the draft lays anything over a profile.
    #[must_use]
    pub fn is_overridden(&self, status: &Status, name: &str) -> bool {
        let whole = format!("{PROFILES}.{name}");
        let drafted = self.values.iter().any(|(key, value)| value.is_some() && key.starts_with(&format!("{whole}.")));
        drafted || (status.settings.profile_overrides.contains_key(name) && !self.values.contains_key(&whole))
    }

    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>, as_in_force: bool) {
        if as_in_force {
            self.values.remove(key);
        } else {
            self.values.insert(key.to_owned(), Some(value.into()));
        }
    }
}

fn float(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|v| v as f64)).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;

    #[test]
    fn going_back_to_what_is_in_force_is_no_change() {
        let status = fixtures::status(false);
        let mut draft = Draft::default();
        draft.set_level(&status, 4);
        draft.use_profile(&status, "portrait");
        draft.set_identification(&status, "candidates", Value::from(50));
        assert_eq!((draft.len(), draft.level(&status), draft.profile_name(&status)), (3, 4, "portrait"));
        draft.set_level(&status, 3);
        draft.use_profile(&status, "liveness");
        draft.set_identification(&status, "candidates", Value::from(100));
        assert!(draft.is_empty());
    }

    #[test]
    fn a_draft_is_kept_until_it_is_saved() {
        let status = fixtures::status(false);
        let mut draft = Draft::default();
        draft.set_level(&status, 4);
        draft.receive(&Notice::SettingsKept);
        assert_eq!(draft.len(), 1, "somebody else's change was kept");
        assert_eq!(draft.save(), Command::ChangeSettings(vec![Change::set("matching.level", 4)]));
        draft.receive(&Notice::Failed("no".into(), crate::advice::Advice::input("CFG-05", "Ask.")));
        draft.receive(&Notice::SettingsKept);
        assert_eq!(draft.len(), 1, "a refused draft stays");
        let _ = draft.save();
        draft.receive(&Notice::SettingsKept);
        assert!(draft.is_empty());
    }

    #[test]
    fn profiles_follow_the_draft_and_contradictions_are_known_before_saving() {
        let mut status = fixtures::status(false);
        let mut draft = Draft::default();
        draft.set_in_profile("quick", "pose.yaw.hint", 12.0);
        assert_eq!(draft.profiles(&status).unwrap().get("quick").unwrap().pose.yaw.hint, 12.0);
        assert!(draft.is_overridden(&status, "quick") && !draft.is_overridden(&status, "portrait"));
        draft.set_in_profile("quick", "pose.yaw.hint", 45.0);
        assert!(draft.profiles(&status).is_err());
        draft.reset_profile(&status, "quick");
        assert!(draft.is_empty());

        let mut settings = (*status.settings).clone();
        settings.profile_overrides = toml::from_str("[quick]\nattempts = 7").unwrap();
        status.settings = std::sync::Arc::new(settings);
        assert_eq!(draft.profiles(&status).unwrap().get("quick").unwrap().attempts, 7);
        draft.reset_profile(&status, "quick");
        assert!(!draft.is_overridden(&status, "quick"));
        assert_eq!(draft.profiles(&status).unwrap().get("quick").unwrap().attempts, 3);
        draft.set_in_profile("quick", "attempts", 4);
        assert_eq!(draft.profiles(&status).unwrap().get("quick").unwrap().attempts, 4);
        let Command::ChangeSettings(changes) = draft.save() else { panic!("not a change") };
        assert_eq!(changes, [Change::unset("capture.profiles.quick"), Change::set("capture.profiles.quick.attempts", 4)]);
    }
}
