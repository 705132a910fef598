//! The on-screen keyboard, for kiosks without a physical one.

use super::button::focus_ring;
use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::screens::details::model::{Key, keyboard_rows};
use crate::ui::theme::{self, Type};
use egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Height it takes.
#[must_use]
pub fn height(look: &Look) -> f32 {
    let key = look.px(80.0).max(64.0);
    5.0 * key + 4.0 * look.px(10.0) + 2.0 * look.px(16.0)
}

/// Draws it in `rect`; returns the key pressed.
pub fn show(ui: &mut Ui, look: &Look, rect: Rect, capitals: bool, signs: bool) -> Option<Key> {
    let p = look.palette;
    ui.painter().rect_filled(rect, 0.0, p.surface_sunken);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.outline));
    let pad = look.px(16.0);
    let gap = look.px(10.0);
    let inner = super::page::column(rect.shrink2(vec2(pad, pad)), look.px(1320.0));
    let rows = keyboard_rows(look.words.language(), capitals, signs);
    let row_height = (inner.height() - gap * (rows.len() - 1) as f32) / rows.len() as f32;
    let unit = (inner.width() - gap * 10.0) / 11.0;
    let mut pressed = None;
    for (i, row) in rows.iter().enumerate() {
        let total: f32 = row.iter().map(|key| key.units() * unit + (key.units() - 1.0) * gap).sum::<f32>() + gap * (row.len() - 1) as f32;
        let mut x = inner.center().x - total / 2.0;
        let y = inner.top() + i as f32 * (row_height + gap);
        for key in row {
            let width = key.units() * unit + (key.units() - 1.0) * gap;
            let at = Rect::from_min_size(pos2(x, y), vec2(width, row_height));
            x += width + gap;
            if show_key(ui, look, at, *key, capitals) {
                pressed = Some(*key);
            }
        }
    }
    pressed
}

fn show_key(ui: &mut Ui, look: &Look, rect: Rect, key: Key, capitals: bool) -> bool {
    let p = look.palette;
    let (word, name, icon) = match key {
        Key::Letter(letter) => (letter.to_string(), look.words.with("key-name", &[("key", &letter.to_string())]), None),
        Key::Space => (look.t("key-space"), look.t("key-space"), None),
        Key::Delete => (String::new(), look.t("key-delete"), Some(Icon::Delete)),
        Key::Capitals => (String::new(), look.t("key-shift"), Some(Icon::ArrowBigUp)),
        Key::Signs => ("@#:".to_owned(), look.t("key-symbols"), None),
        Key::Letters => ("abc".to_owned(), look.t("key-letters"), None),
    };
    // Keys are not in the tab order: whoever has a physical keyboard does not need them.
    let response = ui.interact(rect, ui.scope_id().with(("key", &name)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let special = icon.is_some() || matches!(key, Key::Signs | Key::Letters);
    let chosen = key == Key::Capitals && capitals;
    let ground = if chosen {
        p.accent_soft
    } else if special {
        p.surface
    } else {
        p.surface_raised
    };
    let fill = if response.is_pointer_button_down_on() { p.accent_soft } else { ground };
    ui.painter().add(theme::shadow(p, &look.scale).as_shape(rect, look.scale.radius_small()));
    ui.painter().rect(rect, look.scale.radius_small(), fill, Stroke::new(1.0, p.outline), StrokeKind::Inside);
    match icon {
        Some(icon) => text::icon(ui, rect, icon, look.scale.icon(28.0), p.ink),
        None => {
            let style = Style::of(look, Type::Body).colour(if key == Key::Space { p.ink_muted } else { p.ink });
            let galley = text::layout_fitted(ui, &style, &word, rect.width());
            let at = egui::Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
            ui.painter().galley(at.min, galley, style.colour);
        }
    }
    if response.has_focus() {
        focus_ring(ui, look, rect, look.scale.radius_small(), p.focus);
    }
    response.clicked()
}
