//! A number between a button for less and one for more.

use super::button::focus_ring;
use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::Type;
use egui::{Align2, Key, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// A stepper before it is drawn.
pub struct Stepper<'a> {
    /// Its accessible name.
    pub label: &'a str,
    /// What it stands at, in words.
    pub value: &'a str,
    /// Whether there is less.
    pub less: bool,
    /// Whether there is more.
    pub more: bool,
    /// Whether the value differs from the usual one.
    pub changed: bool,
    /// Whether it can be changed at all.
    pub enabled: bool,
}

impl Stepper<'_> {
    /// Width at which every value of the settings fits.
    #[must_use]
    pub fn width(look: &Look) -> f32 {
        look.px(152.0)
    }

    /// Draws it in `rect`; returns how many steps were asked for: -1, 0 or 1.
    pub fn show_at(&self, ui: &mut Ui, look: &Look, rect: Rect) -> i32 {
        let p = look.palette;
        let radius = look.scale.radius_small();
        let side = rect.height();
        let fill = if self.changed { p.accent_soft } else { p.surface_raised };
        ui.painter().rect(rect, radius, fill, Stroke::new(1.0, p.outline_strong), StrokeKind::Inside);
        let middle = Rect::from_min_max(pos2(rect.left() + side, rect.top()), pos2(rect.right() - side, rect.bottom()));
        let name = format!("{}: {}", self.label, self.value);
        let response = ui.interact(middle, ui.scope_id().with(("stepper", self.label)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, self.enabled, &name));
        let ink = if self.enabled { p.ink } else { p.ink_muted };
        let galley = text::layout_fitted(ui, &Style::bold(look, Type::DeskBody).colour(ink), self.value, middle.width());
        let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), middle);
        ui.painter().galley(at.min, galley, ink);
        let mut steps = 0;
        if response.has_focus() {
            focus_ring(ui, look, rect, radius, p.focus);
            let pressed = |key| ui.input(|i| i.key_pressed(key));
            steps = i32::from(pressed(Key::ArrowUp) || pressed(Key::Plus)) - i32::from(pressed(Key::ArrowDown) || pressed(Key::Minus));
        }
        let left = Rect::from_min_size(rect.min, vec2(side, side));
        let right = Rect::from_min_size(pos2(rect.right() - side, rect.top()), vec2(side, side));
        for (at, icon, key, open, step) in
            [(left, Icon::Minus, "stepper-less", self.less, -1), (right, Icon::Plus, "stepper-more", self.more, 1)]
        {
            let enabled = self.enabled && open;
            let words = look.words.with(key, &[("what", self.label)]);
            let sense = if enabled { Sense::click() } else { Sense::hover() };
            let response = ui.interact(at, ui.scope_id().with((key, self.label)), sense);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &words));
            if enabled && response.hovered() {
                ui.painter().rect_filled(at.shrink(1.0), radius, p.surface_sunken);
            }
            text::icon(ui, at, icon, look.scale.icon(16.0), if enabled { p.accent } else { p.outline_strong });
            if response.has_focus() {
                focus_ring(ui, look, at, radius, p.focus);
            }
            if response.clicked() {
                steps = step;
            }
            if enabled {
                let _ = response.on_hover_cursor(egui::CursorIcon::PointingHand);
            }
        }
        match steps {
            -1 if !self.less || !self.enabled => 0,
            1 if !self.more || !self.enabled => 0,
            steps => steps,
        }
    }
}
