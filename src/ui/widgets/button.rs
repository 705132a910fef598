//! Buttons: one primary per screen, the rest quieter. Enter and Space press the one with the focus ring.

use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::{self, OVER_VIDEO, Type};
use egui::{Align2, Color32, CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};
use lucide_icons::Icon;

/// How loud a button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// The one action of the screen.
    Primary,
    /// An equal alternative: outlined.
    Secondary,
    /// Text only, until the pointer is there.
    Quiet,
    /// Destroys something.
    Danger,
    /// Stands on the scrim over video.
    OverVideo,
}

/// A button with a word, and an icon where it helps.
#[derive(Debug, Clone)]
pub struct Button<'a> {
    label: &'a str,
    name: Option<&'a str>,
    icon: Option<Icon>,
    trailing: Option<Icon>,
    emphasis: Emphasis,
    enabled: bool,
    role: Type,
    icon_only: bool,
    selected: bool,
    left: bool,
}

impl<'a> Button<'a> {
    /// A button; the label is also its accessible name.
    #[must_use]
    pub const fn new(label: &'a str, emphasis: Emphasis) -> Self {
        Self {
            label,
            name: None,
            icon: None,
            trailing: None,
            emphasis,
            enabled: true,
            role: Type::Body,
            icon_only: false,
            selected: false,
            left: false,
        }
    }

    /// A button at desk size.
    #[must_use]
    pub const fn desk(label: &'a str, emphasis: Emphasis) -> Self {
        let mut button = Self::new(label, emphasis);
        button.role = Type::DeskBody;
        button
    }

    /// Another accessible name than the label, where several buttons of a page say the same.
    #[must_use]
    pub const fn named(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// With an icon before the word.
    #[must_use]
    pub const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With an icon after the word.
    #[must_use]
    pub const fn trailing(mut self, icon: Icon) -> Self {
        self.trailing = Some(icon);
        self
    }

    /// The icon alone; the label stays its accessible name and its tooltip.
    #[must_use]
    pub const fn icon_only(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self.icon_only = true;
        self
    }

    /// Whether it can be pressed.
    #[must_use]
    pub const fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Shown as the chosen one of several.
    #[must_use]
    pub const fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// Words start at the left, as in menus.
    #[must_use]
    pub const fn left(mut self) -> Self {
        self.left = true;
        self
    }

    fn style(&self, look: &Look) -> Style {
        Style::bold(look, self.role)
    }

    /// Width that shows the whole label, points.
    #[must_use]
    pub fn width(&self, ui: &Ui, look: &Look) -> f32 {
        let height = self.height(look);
        if self.icon_only {
            return height;
        }
        let word = text::layout(ui, &self.style(look).rows(1), self.label, f32::INFINITY).size().x;
        let icons = usize::from(self.icon.is_some()) + usize::from(self.trailing.is_some());
        (word + icons as f32 * self.icon_box(look) + height * 0.8).ceil()
    }

    fn height(&self, look: &Look) -> f32 {
        if self.role == Type::DeskBody { look.px(38.0) } else { look.scale.touch() }
    }

    fn icon_box(&self, look: &Look) -> f32 {
        look.scale.font(self.role).size * 1.65
    }

    /// Draws it in the flow of a desk layout.
    pub fn show(self, ui: &mut Ui, look: &Look) -> Response {
        let size = Vec2::new(self.width(ui, look).min(ui.available_width().max(self.height(look))), self.height(look));
        let (_, rect) = ui.allocate_space(size);
        self.show_at(ui, look, rect)
    }

    /// Draws it in `rect`.
    pub fn show_at(self, ui: &mut Ui, look: &Look, rect: Rect) -> Response {
        let name = self.name.unwrap_or(self.label);
        let id = ui.scope_id().with(("button", name));
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let mut response = ui.interact(rect, id, sense);
        let (label, enabled) = (name.to_owned(), self.enabled);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &label));
        let hovered = ui.ctx().animate_bool_with_time(id, response.hovered() && self.enabled, look.transition_secs());
        let pressed = response.is_pointer_button_down_on() && self.enabled;

        let p = look.palette;
        let (fill, hover_fill, line, ink) = match self.emphasis {
            _ if !self.enabled => (p.surface_sunken, p.surface_sunken, p.outline, p.ink_muted),
            Emphasis::Primary => (p.accent, p.accent_hover, theme::CLEAR, p.on_accent),
            Emphasis::Secondary if self.selected => (p.accent_soft, p.accent_soft, p.accent, p.ink),
            Emphasis::Secondary => (p.surface_raised, p.accent_soft, p.outline_strong, p.ink),
            Emphasis::Quiet if self.selected => (p.accent_soft, p.accent_soft, theme::CLEAR, p.ink),
            Emphasis::Quiet => (theme::CLEAR, p.surface_sunken, theme::CLEAR, p.ink),
            Emphasis::Danger => (p.negative, theme::mixed(p.negative, p.ink, 0.12), theme::CLEAR, p.on_negative),
            Emphasis::OverVideo => (OVER_VIDEO.button, OVER_VIDEO.button_hover, OVER_VIDEO.track, OVER_VIDEO.ink),
        };
        let desk = self.role == Type::DeskBody;
        let radius = if desk { look.scale.radius_small() } else { look.scale.radius() };
        let body = if pressed { rect.shrink(look.px(1.5)) } else { rect };
        ui.painter().rect(
            body,
            radius,
            theme::mixed(fill, hover_fill, hovered),
            Stroke::new(if desk { 1.0 } else { look.px(2.0) }, line),
            StrokeKind::Inside,
        );
        self.words(ui, look, body, ink);
        if response.has_focus() {
            let ring = if self.emphasis == Emphasis::OverVideo { OVER_VIDEO.focus } else { p.focus };
            focus_ring(ui, look, rect, radius, ring);
        }
        if self.icon_only {
            response = response.on_hover_text(self.label);
        }
        if self.enabled { response.on_hover_cursor(egui::CursorIcon::PointingHand) } else { response }
    }

    fn words(&self, ui: &Ui, look: &Look, rect: Rect, ink: Color32) {
        let style = self.style(look).colour(ink);
        let icon_font = look.scale.icon(style.font.size / look.scale.factor * 1.15);
        if self.icon_only {
            if let Some(icon) = self.icon {
                text::icon(ui, rect, icon, icon_font, ink);
            }
            return;
        }
        let icon_box = self.icon_box(look);
        let icons = usize::from(self.icon.is_some()) + usize::from(self.trailing.is_some());
        let room = rect.width() - icons as f32 * icon_box - look.px(16.0);
        let galley = text::layout_fitted(ui, &style, self.label, room);
        let total = galley.size().x + icons as f32 * icon_box;
        let mut x = if self.left { rect.left() + look.px(12.0) } else { rect.center().x - total / 2.0 };
        if let Some(icon) = self.icon {
            let icon_rect = Rect::from_min_size(egui::pos2(x, rect.top()), Vec2::new(icon_box * 0.75, rect.height()));
            text::icon(ui, icon_rect, icon, icon_font.clone(), ink);
            x += icon_box;
        }
        let size = galley.size();
        let at = Align2::LEFT_CENTER
            .align_size_within_rect(size, Rect::from_min_size(egui::pos2(x, rect.top()), Vec2::new(size.x, rect.height())));
        ui.painter().galley(at.min, galley, ink);
        if let Some(icon) = self.trailing {
            let icon_rect =
                Rect::from_min_size(egui::pos2(x + size.x + icon_box * 0.25, rect.top()), Vec2::new(icon_box * 0.75, rect.height()));
            text::icon(ui, icon_rect, icon, icon_font, ink);
        }
    }
}

/// The ring around whatever the keyboard would press.
pub fn focus_ring(ui: &Ui, look: &Look, rect: Rect, radius: CornerRadius, colour: Color32) {
    let width = look.px(3.0).max(2.0);
    let grown = |r: u8| r.saturating_add((width * 1.5) as u8);
    let radius = CornerRadius { nw: grown(radius.nw), ne: grown(radius.ne), sw: grown(radius.sw), se: grown(radius.se) };
    ui.painter().rect_stroke(rect.expand(width * 1.5), radius, Stroke::new(width, colour), StrokeKind::Inside);
}
