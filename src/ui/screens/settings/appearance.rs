//! Draws what the window looks like and where the keys are; a change of looks is kept at once.

use crate::config::Change;
use crate::ports::keys::KeyProtection;
use crate::runtime::messages::{Command, Status};
use crate::ui::look::Look;
use crate::ui::screens::desk::status_bar;
use crate::ui::screens::today::view::panel;
use crate::ui::strings::Language;
use crate::ui::theme::{Theme, Type};
use crate::ui::widgets::card;
use crate::ui::widgets::segmented;
use crate::ui::widgets::text::{self, Style};
use crate::ui::window::Options;
use egui::{Align2, Rect, Stroke, Ui, UiBuilder, pos2, vec2};

fn setting(ui: &mut Ui, look: &Look, row: Rect, label_key: &str, names: &[&str], chosen: usize) -> Option<usize> {
    let label = look.t(label_key);
    text::line(ui, row, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &label);
    let width = segmented::width(ui, look, names, Type::DeskBody).min(row.width() * 0.68);
    let at = Rect::from_min_max(pos2(row.right() - width, row.top()), row.max);
    segmented::show_at(ui, look, at, &label, names, chosen, Type::DeskBody)
}

/// Draws the panel in `rect`.
pub(super) fn appearance_ui(ui: &mut Ui, look: &Look, rect: Rect, options: &mut Options, status: &Status, send: &mut dyn FnMut(Command)) {
    let inner = panel(ui, look, rect, &look.t("settings-look"));
    let height = look.px(42.0);
    let row = |i: usize| Rect::from_min_size(inner.min + vec2(0.0, i as f32 * (height + look.px(12.0))), vec2(inner.width(), height));
    let mut kept = None;
    let themes = [look.t("settings-light"), look.t("settings-dark")];
    let at = usize::from(options.theme == Theme::Dark);
    if let Some(i) = setting(ui, look, row(0), "settings-theme", &[&themes[0], &themes[1]], at) {
        options.theme = if i == 0 { Theme::Light } else { Theme::Dark };
        kept = Some(Change::set("window.theme", if i == 0 { "light" } else { "dark" }));
    }
    let names: Vec<&str> = Language::ALL.iter().map(|l| l.own_name()).collect();
    let at = Language::ALL.iter().position(|l| *l == options.language).unwrap_or(0);
    if let Some(i) = setting(ui, look, row(1), "settings-language", &names, at) {
        options.language = Language::ALL[i];
        kept = Some(Change::set("window.language", options.language.tag()));
    }
    let motions = [look.t("settings-motion-full"), look.t("settings-motion-reduced")];
    if let Some(i) = setting(ui, look, row(2), "settings-motion", &[&motions[0], &motions[1]], usize::from(options.reduced_motion)) {
        options.reduced_motion = i == 1;
        kept = Some(Change::set("window.reduced_motion", options.reduced_motion));
    }
    if let Some(change) = kept.filter(|_| status.settings.changeable) {
        send(Command::ChangeSettings(vec![change]));
    }
    let (tone, icon, words) = status_bar::keys(&look.words, status.keys);
    let top = row(2).bottom() + look.px(16.0);
    ui.painter().hline(inner.x_range(), top, Stroke::new(1.0, look.palette.outline));
    let mut child = ui.new_child(UiBuilder::new().max_rect(Rect::from_min_max(pos2(inner.left(), top + look.px(14.0)), inner.max)));
    card::chip(&mut child, look, tone, Some(icon), &words);
    if status.keys == KeyProtection::File {
        text::label(&mut child, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &look.t("settings-keys-file-line"));
    }
}
