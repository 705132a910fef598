//! What the details screen shows: which fields are in view, which one the on-screen keyboard writes to, what was typed so far.

use crate::ui::strings::Language;
use crate::workflow::view::DetailsView;
use std::collections::BTreeMap;

/// Fields in view at most.
pub const FIELDS_IN_VIEW: usize = 4;

/// A key of the on-screen keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Writes this.
    Letter(char),
    /// Writes a space.
    Space,
    /// Takes the last letter away.
    Delete,
    /// The next letter is a capital.
    Capitals,
    /// Shows figures and signs.
    Signs,
    /// Shows letters.
    Letters,
}

impl Key {
    /// Width in keys.
    #[must_use]
    pub const fn units(self) -> f32 {
        match self {
            Self::Letter(_) => 1.0,
            Self::Space => 4.0,
            Self::Delete | Self::Capitals | Self::Signs | Self::Letters => 1.5,
        }
    }
}

/// Rows of keys.
#[must_use]
pub fn keyboard_rows(language: Language, capitals: bool, signs: bool) -> Vec<Vec<Key>> {
    let rows: [&str; 3] = match (signs, language) {
        (true, _) => ["@#&%*()=?!", "+-_/\\:;\"'", ",.<>[]{}"],
        (false, Language::English) => ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
        (false, Language::German) => ["qwertzuiopü", "asdfghjklöä", "yxcvbnmß"],
    };
    let letters = |row: &str| {
        row.chars()
            .map(|c| {
                let upper = c.to_uppercase().next().unwrap_or(c);
                // A letter without a single capital stays as it is.
                Key::Letter(if capitals && c.to_uppercase().count() == 1 { upper } else { c })
            })
            .collect::<Vec<_>>()
    };
    let mut third = vec![if signs { Key::Letters } else { Key::Capitals }];
    third.extend(letters(rows[2]));
    third.push(Key::Delete);
    let switch = if signs { Key::Letters } else { Key::Signs };
    vec![
        letters("1234567890"),
        letters(rows[0]),
        letters(rows[1]),
        third,
        vec![switch, Key::Letter('@'), Key::Space, Key::Letter('.'), Key::Letter('-')],
    ]
}

/// The screen's own state; the flow holds what counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DetailsModel {
    /// First field in view is `page * per_page`.
    pub page: usize,
    /// Index of the field that the on-screen keyboard writes to.
    pub active: usize,
    /// Whether the next letter is a capital.
    pub capitals: bool,
    /// Whether figures and signs are shown.
    pub signs: bool,
    drafts: BTreeMap<String, String>,
}

impl DetailsModel {
    /// Nothing typed yet; a name begins with a capital.
    #[must_use]
    pub fn fresh() -> Self {
        Self { capitals: true, ..Self::default() }
    }

    /// The text of a field: what was typed here, else what the flow holds.
    #[must_use]
    pub fn text(&self, view: &DetailsView, index: usize) -> String {
        let Some(field) = view.fields.get(index) else { return String::new() };
        self.drafts.get(&field.key).cloned().unwrap_or_else(|| field.value.0.clone())
    }

    /// Keeps what was typed, so that a flow that answers later does not take it back.
    pub fn typed(&mut self, key: &str, text: &str) {
        self.drafts.insert(key.to_owned(), text.to_owned());
    }

    /// Presses a key of the on-screen keyboard; returns the new text of the active field when it changed.
    pub fn press(&mut self, view: &DetailsView, key: Key) -> Option<String> {
        let mut text = self.text(view, self.active);
        match key {
            Key::Letter(letter) => {
                text.push(letter);
                self.capitals = false;
            }
            Key::Space => {
                text.push(' ');
                // A new word of a name begins with a capital.
                self.capitals = true;
            }
            Key::Delete => {
                text.pop()?;
            }
            Key::Capitals => {
                self.capitals = !self.capitals;
                return None;
            }
            Key::Signs | Key::Letters => {
                self.signs = key == Key::Signs;
                return None;
            }
        }
        Some(text)
    }

    /// Number of pages when `per_page` fields are in view.
    #[must_use]
    pub fn pages(view: &DetailsView, per_page: usize) -> usize {
        view.fields.len().div_ceil(per_page.max(1)).max(1)
    }

    /// Fields in view, and the page they are on, kept inside its limits.
    #[must_use]
    pub fn in_view(&self, view: &DetailsView, per_page: usize) -> (usize, std::ops::Range<usize>) {
        let page = self.page.min(Self::pages(view, per_page) - 1);
        let first = page * per_page;
        (page, first..(first + per_page).min(view.fields.len()))
    }

    /// Whether everything required on a page is filled in.
    #[must_use]
    pub fn page_filled(&self, view: &DetailsView, fields: std::ops::Range<usize>) -> bool {
        fields.into_iter().all(|i| {
            let field = &view.fields[i];
            field.problem_key.is_none() && (!field.required || !self.text(view, i).trim().is_empty())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SensitiveText;
    use crate::workflow::view::FieldView;

    fn view(count: usize) -> DetailsView {
        let fields = (0..count)
            .map(|i| FieldView {
                key: format!("f{i}"),
                label_key: "field-full-name".into(),
                value: SensitiveText(String::new()),
                required: i == 0,
                problem_key: None,
            })
            .collect();
        DetailsView { fields, complete: false }
    }

    #[test]
    fn the_on_screen_keyboard_writes_names() {
        let (mut model, view) = (DetailsModel::fresh(), view(1));
        for key in [Key::Letter('A'), Key::Letter('d'), Key::Letter('x'), Key::Delete, Key::Letter('a'), Key::Space] {
            if let Some(text) = model.press(&view, key) {
                model.typed("f0", &text);
            }
        }
        assert_eq!(model.text(&view, 0), "Ada ");
        assert!(model.capitals);
        model.typed("f0", "");
        assert_eq!(model.press(&view, Key::Delete), None);
    }

    #[test]
    fn fields_come_in_pages_and_required_ones_hold_the_page() {
        let (mut model, view) = (DetailsModel::default(), view(6));
        assert_eq!(DetailsModel::pages(&view, 4), 2);
        model.page = 9;
        assert_eq!(model.in_view(&view, 4), (1, 4..6));
        assert!(!model.page_filled(&view, 0..4));
        model.typed("f0", "Ada");
        assert!(model.page_filled(&view, 0..4));
    }

    #[test]
    fn every_language_has_its_letters_and_no_row_is_too_wide() {
        for language in Language::ALL {
            for signs in [false, true] {
                for row in keyboard_rows(language, true, signs) {
                    assert!(row.iter().map(|k| k.units()).sum::<f32>() <= 11.5, "{row:?}");
                }
            }
        }
    }
}
