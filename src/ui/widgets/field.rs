//! A kiosk entry field: label above, problem below, a border that shows focus.

use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::Type;
use egui::{Align2, Frame, Id, Margin, Rect, Response, Stroke, StrokeKind, TextEdit, Ui, pos2, vec2};
use lucide_icons::Icon;

/// What a field shows.
pub struct Field<'a> {
    /// Its name.
    pub label: &'a str,
    /// Behind the name, for instance "optional".
    pub note: Option<&'a str>,
    /// What is wrong with it.
    pub problem: Option<&'a str>,
    /// Whether the on-screen keyboard writes here.
    pub active: bool,
}

/// Height of a field with its label and room for a problem.
#[must_use]
pub fn height(look: &Look) -> f32 {
    look.px(36.0) + look.px(72.0).max(56.0) + look.px(48.0)
}

impl Field<'_> {
    /// Draws it at the top of `rect`; returns the response of the text itself.
    pub fn show_at(&self, ui: &mut Ui, look: &Look, rect: Rect, id: Id, value: &mut String) -> Response {
        let p = look.palette;
        let label_style = Style::bold(look, Type::Caption);
        let label_rect = Rect::from_min_size(rect.min, vec2(rect.width(), look.px(32.0)));
        let used = text::line(ui, label_rect, Align2::LEFT_TOP, &label_style, self.label);
        if let Some(note) = self.note {
            let style = Style::of(look, Type::Caption).colour(p.ink_muted);
            let at = Rect::from_min_max(pos2(used.right() + look.px(10.0), label_rect.top()), label_rect.max);
            text::line(ui, at, Align2::LEFT_TOP, &style, note);
        }
        let height = look.px(72.0).max(56.0);
        let body = Rect::from_min_size(pos2(rect.left(), rect.top() + look.px(36.0)), vec2(rect.width(), height));
        let focused = ui.memory(|m| m.has_focus(id)) || self.active;
        let (line, width) = match (self.problem, focused) {
            (Some(_), _) => (p.negative, look.px(2.5)),
            (None, true) => (p.accent, look.px(3.0)),
            (None, false) => (p.outline_strong, 1.0),
        };
        ui.painter().rect(body, look.scale.radius_small(), p.surface_raised, Stroke::new(width.max(1.0), line), StrokeKind::Inside);
        let font = look.scale.font(Type::Body);
        let pad = (height - font.size * 1.4) / 2.0;
        let edit = TextEdit::singleline(value)
            .id(id)
            .font(font)
            .text_color(p.ink)
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .desired_width(body.width() - look.px(40.0))
            .min_size(vec2(0.0, height - look.px(6.0)))
            .align(Align2::LEFT_CENTER);
        let response = ui.put(body.shrink2(vec2(look.px(20.0), look.px(3.0))), edit).accessible_name(self.label);
        if self.active && !response.has_focus() {
            // The on-screen keyboard writes at the end: a still caret shows where.
            let shown = text::layout(ui, &Style::of(look, Type::Body).rows(1), value, body.width()).size().x;
            let x = (body.left() + look.px(22.0) + shown).min(body.right() - look.px(8.0));
            let caret = [pos2(x, body.top() + pad), pos2(x, body.bottom() - pad)];
            ui.painter().line_segment(caret, Stroke::new(look.px(2.0), p.accent));
        }
        if let Some(problem) = self.problem {
            let at = Rect::from_min_size(pos2(rect.left(), body.bottom() + look.px(6.0)), vec2(rect.width(), look.px(28.0)));
            let icon = Rect::from_min_size(at.min, vec2(look.px(24.0), at.height()));
            text::icon(ui, icon, Icon::CircleAlert, look.scale.icon(20.0), p.negative);
            let words = Rect::from_min_max(pos2(icon.right() + look.px(8.0), at.top()), at.max);
            text::line(ui, words, Align2::LEFT_CENTER, &Style::of(look, Type::Caption).colour(p.negative), problem);
        }
        response
    }
}
