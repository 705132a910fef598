//! A choice of a few, side by side: languages, themes, orders.

use super::button::focus_ring;
use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::{self, Type};
use egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

fn part_width(ui: &Ui, look: &Look, name: &str, role: Type) -> f32 {
    let style = Style::bold(look, role).rows(1);
    (text::layout(ui, &style, name, f32::INFINITY).size().x + look.scale.font(role).size * 2.0).max(look.px(64.0)).ceil()
}

/// Width that shows every name whole.
#[must_use]
pub fn width(ui: &Ui, look: &Look, names: &[&str], role: Type) -> f32 {
    names.iter().map(|name| part_width(ui, look, name, role)).sum::<f32>() + look.px(12.0)
}

/// Draws the parts in `rect`; returns the one pressed, if it is another one. `group` names the choice for the screen reader.
pub fn show_at(ui: &mut Ui, look: &Look, rect: Rect, group: &str, names: &[&str], chosen: usize, role: Type) -> Option<usize> {
    let p = look.palette;
    let radius = if role == Type::DeskBody { look.scale.radius_small() } else { look.scale.radius() };
    ui.painter().rect(rect, radius, p.surface_sunken, Stroke::new(1.0, p.outline), StrokeKind::Inside);
    let pad = look.px(6.0).min(rect.height() * 0.1);
    let mut x = rect.left() + pad;
    let mut pressed = None;
    for (i, name) in names.iter().enumerate() {
        let share = part_width(ui, look, name, role) / (width(ui, look, names, role) - look.px(12.0));
        let part =
            Rect::from_min_size(egui::pos2(x, rect.top() + pad), vec2((rect.width() - 2.0 * pad) * share, rect.height() - 2.0 * pad));
        x = part.right();
        // The target reaches over the padding, so that it is as tall as the row.
        let target = part.expand2(Vec2::new(0.0, pad));
        let response = ui.interact(target, ui.scope_id().with(("segment", group, i)), Sense::click());
        let label = format!("{group}: {name}");
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, i == chosen, &label));
        if i == chosen {
            ui.painter().add(theme::shadow(p, &look.scale).as_shape(part, look.scale.radius_small()));
            ui.painter().rect_filled(part, look.scale.radius_small(), p.surface_raised);
        }
        let style = Style::bold(look, role).colour(if i == chosen { p.ink } else { p.ink_muted });
        let galley = text::layout_fitted(ui, &style, name, part.width());
        let at = egui::Align2::CENTER_CENTER.align_size_within_rect(galley.size(), part);
        ui.painter().galley(at.min, galley, style.colour);
        if response.has_focus() {
            focus_ring(ui, look, part, look.scale.radius_small(), p.focus);
        }
        if response.clicked() && i != chosen {
            pressed = Some(i);
        }
    }
    pressed
}

/// Draws it in the flow of a desk layout.
pub fn show(ui: &mut Ui, look: &Look, group: &str, names: &[&str], chosen: usize) -> Option<usize> {
    let size = vec2(width(ui, look, names, Type::DeskBody).min(ui.available_width()), look.px(40.0));
    let (_, rect) = ui.allocate_space(size);
    show_at(ui, look, rect, group, names, chosen, Type::DeskBody)
}
