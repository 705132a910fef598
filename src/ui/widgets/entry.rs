//! A line to be typed at a place of a dense page: a field without its name, which stands beside or above it.

use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::Type;
use egui::{Align2, Frame, Id, Margin, Rect, Response, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, vec2};

/// An entry before it is drawn.
pub struct Entry<'a> {
    /// Its accessible name.
    pub label: &'a str,
    /// What stands in it while it is empty.
    pub hint: &'a str,
    /// Its type.
    pub role: Type,
    /// Whether something is wrong with it.
    pub wrong: bool,
    /// Whether it can be changed.
    pub enabled: bool,
}

impl Entry<'_> {
    /// Draws it in `rect`; returns the response of the text itself.
    pub fn show_at(&self, ui: &mut Ui, look: &Look, rect: Rect, id: Id, value: &mut String) -> Response {
        let p = look.palette;
        let focused = ui.memory(|m| m.has_focus(id));
        let (line, width) = match (self.wrong, focused) {
            (true, _) => (p.negative, look.px(2.0)),
            (false, true) => (p.accent, look.px(2.5)),
            (false, false) => (p.outline_strong, 1.0),
        };
        let fill = if self.enabled { p.surface_raised } else { p.surface_sunken };
        ui.painter().rect(rect, look.scale.radius_small(), fill, Stroke::new(width.max(1.0), line), StrokeKind::Inside);
        let pad = vec2(look.px(12.0), look.px(3.0));
        if !self.enabled {
            let shown = if value.is_empty() { self.hint } else { value.as_str() };
            text::line(ui, rect.shrink2(pad), Align2::LEFT_CENTER, &Style::of(look, self.role).colour(p.ink_muted), shown);
            let response = ui.interact(rect, id, Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::TextInput, false, self.label));
            return response;
        }
        let edit = TextEdit::singleline(value)
            .id(id)
            .font(look.scale.font(self.role))
            .text_color(p.ink)
            .hint_text(self.hint)
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .desired_width(rect.width() - 2.0 * pad.x)
            .min_size(vec2(0.0, rect.height() - 2.0 * pad.y))
            .align(Align2::LEFT_CENTER);
        // In a region of its own: the layout around it goes on as if nothing stood here.
        let mut place = ui.new_child(UiBuilder::new().max_rect(rect));
        let response = place.put(rect.shrink2(pad), edit).accessible_name(self.label);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            if self.wrong {
                node.set_invalid(egui::accesskit::Invalid::True);
            }
        });
        response
    }
}
