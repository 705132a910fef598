//! Draws the command palette.

use super::model::{Action, Palette, entries};
use crate::ui::look::Look;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::text::{self, Style};
use egui::{
    Align2, Area, Frame, Id, Key, Margin, Order, Rect, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, UiKind, WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

/// Lines shown at most.
const LINES: usize = 9;

/// Draws it over `screen`; returns what was chosen. `open` becomes `None` when it closes.
pub fn show(ui: &mut Ui, look: &Look, screen: Rect, open: &mut Option<Palette>) -> Option<Action> {
    let palette = open.as_mut()?;
    let mut result = None;
    let mut close = ui.input(|i| i.key_pressed(Key::Escape));
    let area = Area::new(Id::unique("palette")).kind(UiKind::Modal).order(Order::Middle).fixed_pos(screen.min);
    // What lies behind takes no key and is not read out.
    ui.ctx().memory_mut(|memory| memory.set_modal_layer(area.layer()));
    area.show(ui.ctx(), |ui| {
        let veil = ui.interact(screen, Id::unique("palette-veil"), Sense::CLICK);
        ui.painter().rect_filled(screen, 0.0, look.palette.veil);
        close |= veil.clicked();
        let found = entries(&look.words, &palette.text);
        let shown = found.len().min(LINES);
        let (field, line) = (look.px(60.0), look.px(46.0));
        let height = field + shown.max(1) as f32 * line + look.px(16.0);
        let width = look.px(640.0).min(screen.width() - look.px(48.0));
        let rect = Rect::from_min_size(pos2(screen.center().x - width / 2.0, screen.top() + screen.height() * 0.14), vec2(width, height));
        ui.interact(rect, Id::unique("palette-body"), Sense::CLICK);
        ui.painter().add(theme::shadow(look.palette, &look.scale).as_shape(rect, look.scale.radius()));
        ui.painter().rect(
            rect,
            look.scale.radius(),
            look.palette.surface_raised,
            Stroke::new(1.0, look.palette.outline),
            StrokeKind::Inside,
        );
        let icon = Rect::from_min_size(rect.min + vec2(look.px(16.0), 0.0), vec2(look.px(28.0), field));
        text::icon(ui, icon, Icon::Search, look.scale.icon(20.0), look.palette.ink_muted);
        let edit_rect =
            Rect::from_min_max(pos2(icon.right() + look.px(8.0), rect.top()), pos2(rect.right() - look.px(16.0), rect.top() + field));
        let id = Id::unique("palette-text");
        ui.input_mut(|i| {
            if i.consume_key(egui::Modifiers::NONE, Key::ArrowDown) {
                palette.chosen = (palette.chosen + 1).min(shown.saturating_sub(1));
            }
            if i.consume_key(egui::Modifiers::NONE, Key::ArrowUp) {
                palette.chosen = palette.chosen.saturating_sub(1);
            }
        });
        let hint = look.t("palette-hint");
        let edit = TextEdit::singleline(&mut palette.text)
            .id(id)
            .hint_text(hint.clone())
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .font(look.scale.font(Type::DeskHeading))
            .align(Align2::LEFT_CENTER)
            .desired_width(edit_rect.width());
        let response = ui.put(edit_rect, edit).accessible_name(hint);
        if response.changed() {
            palette.chosen = 0;
        }
        let entered = ui.input(|i| i.key_pressed(Key::Enter));
        if !response.has_focus() && !entered {
            response.request_focus();
        }
        ui.painter().hline(rect.x_range(), rect.top() + field, Stroke::new(1.0, look.palette.outline));
        for (i, entry) in found.iter().take(LINES).enumerate() {
            let at = Rect::from_min_size(
                pos2(rect.left() + look.px(8.0), rect.top() + field + look.px(8.0) + i as f32 * line),
                vec2(width - look.px(16.0), line),
            );
            let row = ui.interact(at, Id::unique(("palette-line", i)), Sense::CLICK);
            row.widget_info(|| WidgetInfo::selected(Role::MenuItem, true, i == palette.chosen, &entry.words));
            if row.hovered() && ui.input(|i| i.pointer.delta() != egui::Vec2::ZERO) {
                palette.chosen = i;
            }
            if i == palette.chosen {
                ui.painter().rect_filled(at, look.scale.radius_small(), look.palette.accent_soft);
            }
            let icon = Rect::from_min_size(at.min + vec2(look.px(8.0), 0.0), vec2(look.px(28.0), line));
            text::icon(ui, icon, entry.icon, look.scale.icon(18.0), look.palette.ink_muted);
            let words = Rect::from_min_max(pos2(icon.right() + look.px(10.0), at.top()), at.max);
            let galley = text::layout_fitted(ui, &Style::of(look, Type::DeskBody), &entry.words, words.width() - look.px(8.0));
            let place = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), words);
            ui.painter().galley(place.min, galley, look.palette.ink);
            if row.clicked() || (entered && i == palette.chosen) {
                result = Some(entry.action.clone());
            }
        }
    });
    if close || result.is_some() {
        *open = None;
    }
    result
}
