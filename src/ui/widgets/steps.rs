//! Where a flow stands: one dot per step, the current one named.

use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::Type;
use crate::workflow::view::Step;
use egui::{Align2, Rect, Stroke, Ui, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Locale key of a step's name.
#[must_use]
pub const fn name_key(step: Step) -> &'static str {
    match step {
        Step::Consent => "step-consent",
        Step::Details => "step-details",
        Step::Document => "step-document",
        Step::Face => "step-face",
        Step::Liveness => "step-liveness",
        Step::Review => "step-review",
        Step::Result => "step-result",
    }
}

/// Draws the steps centred in `rect`.
pub fn show(ui: &mut Ui, look: &Look, rect: Rect, steps: &[Step], current: Step) {
    if steps.len() < 2 {
        return;
    }
    let at = steps.iter().position(|&s| s == current).unwrap_or(0);
    let name = look.t(name_key(current));
    let style = Style::bold(look, Type::Caption);
    let room = rect.width() * 0.4;
    let galley = text::layout_fitted(ui, &style, &name, room);
    let dot = look.px(26.0);
    let gap = look.px(34.0);
    let name_room = galley.size().x + look.px(14.0);
    let total = steps.len() as f32 * dot + (steps.len() - 1) as f32 * gap + name_room;
    let mut x = rect.center().x - total / 2.0;
    let y = rect.center().y;
    let p = look.palette;
    for (i, _) in steps.iter().enumerate() {
        let centre = pos2(x + dot / 2.0, y);
        let here = Rect::from_center_size(centre, Vec2::splat(dot));
        if i < at {
            ui.painter().circle_filled(centre, dot / 2.0, p.accent_soft);
            text::icon(ui, here, Icon::Check, look.scale.icon(16.0), p.accent);
        } else if i == at {
            ui.painter().circle_filled(centre, dot / 2.0, p.accent);
            ui.painter().circle_filled(centre, dot * 0.16, p.on_accent);
        } else {
            ui.painter().circle_stroke(centre, dot / 2.0 - 1.0, Stroke::new(look.px(2.0), p.outline_strong));
        }
        x += dot;
        if i == at {
            let words = Rect::from_min_size(pos2(x + look.px(10.0), rect.top()), vec2(room, rect.height()));
            text::place(ui, words, Align2::LEFT_CENTER, &style, &name, galley.clone());
            x += name_room;
        }
        if i + 1 < steps.len() {
            let line = [pos2(x + look.px(6.0), y), pos2(x + gap - look.px(6.0), y)];
            ui.painter().line_segment(line, Stroke::new(look.px(2.0), if i < at { p.accent } else { p.outline }));
            x += gap;
        }
    }
}
