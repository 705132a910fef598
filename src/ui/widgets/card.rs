//! Cards, chips, lamps and the disc behind an icon.

use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::{self, Type};
use egui::{Align2, Color32, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};
use lucide_icons::Icon;

/// What a colour says; always together with an icon and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Plain information.
    Neutral,
    /// Belongs to the main action.
    Accent,
    /// Good.
    Positive,
    /// Look at this.
    Caution,
    /// Bad, or destroys.
    Negative,
}

impl Tone {
    /// The colour and the tint behind it.
    #[must_use]
    pub const fn colours(self, look: &Look) -> (Color32, Color32) {
        let p = look.palette;
        match self {
            Self::Neutral => (p.ink_muted, p.surface_sunken),
            Self::Accent => (p.accent, p.accent_soft),
            Self::Positive => (p.positive, p.positive_soft),
            Self::Caution => (p.caution, p.caution_soft),
            Self::Negative => (p.negative, p.negative_soft),
        }
    }

    /// The icon that goes with it.
    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Accent => Icon::Info,
            Self::Positive => Icon::CircleCheck,
            Self::Caution => Icon::TriangleAlert,
            Self::Negative => Icon::CircleX,
        }
    }
}

/// A raised card with the one soft shadow.
pub fn card(ui: &Ui, look: &Look, rect: Rect) {
    let radius = look.scale.radius();
    ui.painter().add(theme::shadow(look.palette, &look.scale).as_shape(rect, radius));
    ui.painter().rect(rect, radius, look.palette.surface_raised, Stroke::new(1.0, look.palette.outline), StrokeKind::Inside);
}

/// A disc of a tone's tint with an icon in it.
pub fn disc(ui: &Ui, look: &Look, rect: Rect, icon: Icon, tone: Tone) {
    let (ink, tint) = tone.colours(look);
    let radius = rect.width().min(rect.height()) / 2.0;
    ui.painter().circle_filled(rect.center(), radius, tint);
    text::icon(ui, rect, icon, look.scale.icon(radius * 1.05 / look.scale.factor), ink);
}

/// A chip: icon and word on a tint. Returns the room it took.
pub fn chip(ui: &mut Ui, look: &Look, tone: Tone, icon: Option<Icon>, word: &str) -> Response {
    let (ink, tint) = tone.colours(look);
    let style = Style::bold(look, Type::DeskCaption).colour(ink).rows(1);
    let icon_room = if icon.is_some() { look.px(18.0) } else { 0.0 };
    let height = look.px(26.0);
    let galley = text::layout(ui, &style, word, (ui.available_width() - icon_room - look.px(20.0)).max(look.px(24.0)));
    let (rect, _) = ui.allocate_exact_size(Vec2::new(galley.size().x + icon_room + look.px(20.0), height), Sense::hover());
    ui.painter().rect_filled(rect, height / 2.0, tint);
    let mut inner = rect.shrink2(Vec2::new(look.px(10.0), 0.0));
    if let Some(icon) = icon {
        let at = Rect::from_min_size(inner.min, Vec2::new(look.px(14.0), height));
        text::icon(ui, at, icon, look.scale.icon(14.0), ink);
        inner.min.x += icon_room;
    }
    text::place(ui, inner, Align2::LEFT_CENTER, &style, word, galley)
}

/// A large choice of the attract screen: icon, name, one line, arrow.
pub struct Choice<'a> {
    /// Its icon.
    pub icon: Icon,
    /// Its name.
    pub title: &'a str,
    /// What happens.
    pub line: &'a str,
    /// Whether it is the one Enter presses.
    pub primary: bool,
}

impl Choice<'_> {
    /// Draws it in `rect`.
    pub fn show_at(&self, ui: &mut Ui, look: &Look, rect: Rect) -> Response {
        let id = ui.scope_id().with(("choice", self.title));
        let response = ui.interact(rect, id, Sense::click());
        let title = self.title.to_owned();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &title));
        let hovered = ui.ctx().animate_bool_with_time(id, response.hovered(), look.transition_secs());
        let p = look.palette;
        let (fill, ink, muted, disc_fill, disc_ink) = if self.primary {
            (theme::mixed(p.accent, p.accent_hover, hovered), p.on_accent, p.on_accent, theme::faded(p.on_accent, 0.16), p.on_accent)
        } else {
            (theme::mixed(p.surface_raised, p.accent_soft, hovered), p.ink, p.ink_muted, p.accent_soft, p.accent)
        };
        let radius = look.scale.radius();
        ui.painter().add(theme::shadow(p, &look.scale).as_shape(rect, radius));
        let line = if self.primary { theme::CLEAR } else { p.outline };
        ui.painter().rect(rect, radius, fill, Stroke::new(1.0, line), StrokeKind::Inside);

        let pad = look.px(40.0);
        let disc_size = look.px(96.0);
        let disc_rect = Rect::from_center_size(egui::pos2(rect.left() + pad + disc_size / 2.0, rect.center().y), Vec2::splat(disc_size));
        ui.painter().circle_filled(disc_rect.center(), disc_size / 2.0, disc_fill);
        text::icon(ui, disc_rect, self.icon, look.scale.icon(48.0), disc_ink);

        let arrow = Rect::from_center_size(egui::pos2(rect.right() - pad, rect.center().y), Vec2::splat(look.px(40.0)));
        text::icon(ui, arrow, Icon::ChevronRight, look.scale.icon(36.0), muted);

        let words = Rect::from_min_max(
            egui::pos2(disc_rect.right() + look.px(32.0), rect.top()),
            egui::pos2(arrow.left() - look.px(12.0), rect.bottom()),
        );
        let title_style = Style::of(look, Type::Title).size(look.scale.font(Type::Title).size * 0.9).colour(ink);
        let title = text::layout_fitted(ui, &title_style, self.title, words.width());
        let line_style = Style::of(look, Type::Body).colour(muted);
        let line = text::layout(ui, &line_style, self.line, words.width());
        let gap = look.px(4.0);
        let top = words.center().y - (title.size().y + gap + line.size().y) / 2.0;
        let line_top = top + title.size().y + gap;
        ui.painter().galley(egui::pos2(words.left(), top), title, ink);
        ui.painter().galley(egui::pos2(words.left(), line_top), line, muted);
        if response.has_focus() {
            super::button::focus_ring(ui, look, rect, radius, p.focus);
        }
        response.on_hover_cursor(egui::CursorIcon::PointingHand)
    }
}
