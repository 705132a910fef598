//! Dialogs over a desk page: the frame, a heading with its icon, fields with their names, and a row of two buttons.

use super::button::{Button, Emphasis};
use super::card::{self, Tone};
use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::Type;
use egui::{Frame, Id, Margin, Modal, Rect, ScrollArea, Sense, TextEdit, Ui, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Draws `content` in a dialog; returns whether it should close: Esc, or a press beside it.
pub fn modal(ui: &Ui, look: &Look, id: &str, content: impl FnOnce(&mut Ui)) -> bool {
    let p = look.palette;
    let frame = Frame::new().fill(p.surface_raised).corner_radius(look.scale.radius()).inner_margin(Margin::same(look.px(28.0) as i8));
    let highest = ui.ctx().content_rect().height() - look.px(120.0);
    let shown = Modal::new(Id::unique(id)).backdrop_color(p.veil).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(look.px(560.0));
        ui.spacing_mut().item_spacing = vec2(look.px(8.0), look.px(8.0));
        // A dialog grows with what it holds; only what is higher than the window scrolls.
        ScrollArea::vertical().id_salt((id, "scroll")).max_height(highest).min_scrolled_height(highest).show(ui, content);
    });
    shown.should_close()
}

/// A title with its icon.
pub fn heading(ui: &mut Ui, look: &Look, icon: Icon, tone: Tone, title: &str) {
    ui.horizontal(|ui| {
        let (at, _) = ui.allocate_exact_size(Vec2::splat(look.px(40.0)), Sense::hover());
        card::disc(ui, look, at, icon, tone);
        text::label(ui, &Style::of(look, Type::DeskTitle), title);
    });
}

/// Small print.
pub fn caption(ui: &mut Ui, look: &Look, words: &str) {
    text::label(ui, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), words);
}

/// Room around the text of a field.
#[must_use]
pub fn field_margin(look: &Look) -> Margin {
    Margin::symmetric(look.px(12.0) as i8, look.px(9.0) as i8)
}

/// One line to be typed, with its name above it.
pub fn line_field(ui: &mut Ui, look: &Look, label: &str, hint: &str, value: &mut String) {
    text::label(ui, &Style::bold(look, Type::DeskBody), label);
    let edit = TextEdit::singleline(value).hint_text(hint).desired_width(f32::INFINITY).margin(field_margin(look));
    ui.add(edit).accessible_name(label);
}

/// Two equal places side by side for the buttons of a dialog.
pub fn halves(ui: &mut Ui, look: &Look) -> [Rect; 2] {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(44.0)), Sense::hover());
    let half = vec2((row.width() - look.px(12.0)) / 2.0, row.height());
    [Rect::from_min_size(row.min, half), Rect::from_min_size(pos2(row.right() - half.x, row.top()), half)]
}

/// Cancel at the left, the action at the right; returns whether either was pressed.
pub fn cancel_or(ui: &mut Ui, look: &Look, action: Button<'_>) -> (bool, bool) {
    let [left, right] = halves(ui, look);
    let cancelled = Button::desk(&look.t("action-cancel"), Emphasis::Secondary).show_at(ui, look, left).clicked();
    (cancelled, action.show_at(ui, look, right).clicked())
}

/// The button at the right that breaks off what is in progress; returns whether it was pressed.
///
/// - `stopping`: whether it was pressed before, and the end is awaited.
pub fn stop(ui: &mut Ui, look: &Look, stopping: bool) -> bool {
    let [_, right] = halves(ui, look);
    let words = look.t(if stopping { "transfer-stopping" } else { "transfer-cancel" });
    Button::desk(&words, Emphasis::Secondary).icon(Icon::X).enabled(!stopping).show_at(ui, look, right).clicked()
}

/// A bar that fills; `share` is `None` while nobody knows how much there is.
pub fn progress(ui: &mut Ui, look: &Look, id: &str, share: Option<f32>, words: &str) {
    let (track, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(10.0)), Sense::hover());
    ui.painter().rect_filled(track, track.height() / 2.0, look.palette.surface_sunken);
    let filled = match share {
        Some(share) => Rect::from_min_size(track.min, vec2(track.width() * share.clamp(0.0, 1.0), track.height())),
        None if look.reduced_motion => Rect::from_center_size(track.center(), vec2(track.width() / 3.0, track.height())),
        None => {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
            let turn = (ui.input(|i| i.time) * 0.5).fract() as f32;
            let left = track.left() + track.width() * (1.3 * turn - 0.3);
            Rect::from_min_size(pos2(left, track.top()), vec2(track.width() * 0.3, track.height())).intersect(track)
        }
    };
    if filled.is_positive() {
        ui.painter().rect_filled(filled, track.height() / 2.0, look.palette.accent);
    }
    let meter = ui.interact(track, ui.scope_id().with((id, "meter")), Sense::hover());
    meter.widget_info(|| WidgetInfo::labeled(egui::Role::ProgressIndicator, true, words));
}
