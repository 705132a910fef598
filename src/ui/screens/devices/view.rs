//! Draws the devices page: cameras, the live picture, formats, rates and health.

use super::model::{self, DevicesModel, FormatChoice};
use crate::ports::camera::CameraDescription;
use crate::runtime::messages::{Command, Snapshot, Status};
use crate::ui::dialogs::Purpose;
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::desk::model::DeskModel;
use crate::ui::screens::desk::view::Frame;
use crate::ui::screens::face;
use crate::ui::screens::today::view::{empty, panel};
use crate::ui::theme::{OVER_VIDEO, Type};
use crate::ui::widgets::button::{Button, Emphasis, focus_ring};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::video::Placement;
use egui::{Align2, Layout, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// The stand-in that needs no file.
const STAND_IN: &str = "synthetic:default";

/// Draws the page.
pub fn devices_ui(
    ui: &mut Ui,
    look: &Look,
    frame: Frame,
    snapshot: &Snapshot,
    desk: &mut DeskModel,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    desk.devices.needed().into_iter().for_each(&mut *send);
    head_ui(ui, look, frame.head, desk, send);
    let gap = look.px(20.0);
    let body = frame.body;
    let tall = body.height() > body.width();
    let (left, right) = if tall {
        let (top, bottom) = body.split_top_bottom_at_y(body.top() + body.height() * 0.5);
        (Rect::from_min_max(bottom.min + vec2(0.0, gap), bottom.max), top)
    } else {
        let (left, right) = body.split_left_right_at_x(body.left() + (body.width() * 0.4).min(look.px(520.0)));
        (left, Rect::from_min_max(right.min + vec2(gap, 0.0), right.max))
    };
    cameras_ui(ui, look, left, snapshot, &desk.devices, send);
    live_ui(ui, look, right, snapshot, &mut desk.previewing, pictures, send);
}

fn head_ui(ui: &mut Ui, look: &Look, head: Rect, desk: &mut DeskModel, send: &mut dyn FnMut(Command)) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(head).layout(Layout::right_to_left(egui::Align::Center)));
    if Button::desk(&look.t("devices-refresh"), Emphasis::Secondary).icon(Icon::RefreshCw).show(&mut child, look).clicked() {
        send(Command::ListCameras);
    }
    if Button::desk(&look.t("devices-open-picture"), Emphasis::Quiet).icon(Icon::FolderOpen).show(&mut child, look).clicked() {
        desk.dialogs.ask(Purpose::Picture, &look.t("devices-open-title"), ui.ctx());
    }
    if let Some(path) = desk.dialogs.take(Purpose::Picture) {
        send(Command::UseCamera(format!("replay:{}", path.display())));
    }
}

fn cameras_ui(ui: &mut Ui, look: &Look, rect: Rect, snapshot: &Snapshot, model: &DevicesModel, send: &mut dyn FnMut(Command)) {
    let inner = panel(ui, look, rect, &look.t("devices-cameras"));
    let in_use = &snapshot.status.camera;
    let stand_in_height = look.px(44.0);
    let list = Rect::from_min_max(inner.min, inner.max - vec2(0.0, stand_in_height + look.px(12.0)));
    let found = model.cameras.as_deref().unwrap_or_default();
    if found.is_empty() && model.cameras.is_some() {
        empty(ui, look, list, Icon::CameraOff, &format!("{}\n{}", look.t("devices-none"), look.t("devices-none-line")));
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(list));
    child.spacing_mut().item_spacing.y = look.px(12.0);
    ScrollArea::vertical().id_salt("cameras").auto_shrink([false, false]).show(&mut child, |ui| {
        for camera in found {
            // The same button of another camera is another button: with one name for both, Tab would never get past the first.
            ui.push_id(&camera.id, |ui| camera_card(ui, look, list.width(), camera, &snapshot.status, send));
        }
    });
    let at = Rect::from_min_max(pos2(inner.left(), inner.bottom() - stand_in_height), inner.max);
    let practising = in_use.starts_with("synthetic");
    let words = look.t(if practising { "devices-in-use" } else { "devices-standin" });
    let button = Button::desk(&words, Emphasis::Secondary).icon(Icon::UserRound).selected(practising).enabled(!practising);
    if button.show_at(ui, look, at).clicked() {
        send(Command::UseCamera(STAND_IN.to_owned()));
    }
}

/// Formats shown of a camera that is not in use; of the one in use all are.
const FEW: usize = 4;

fn camera_card(ui: &mut Ui, look: &Look, width: f32, camera: &CameraDescription, status: &Status, send: &mut dyn FnMut(Command)) {
    let p = look.palette;
    let in_use = model::spelled(camera) == status.camera;
    let row = look.px(34.0);
    let choices = model::choices(&look.words, camera, status);
    let shown = if in_use { choices.len() } else { choices.len().min(FEW) };
    let left_out = choices.len() - shown;
    let lines = shown.max(1) + usize::from(left_out > 0);
    let height = look.px(64.0) + row * lines as f32 + look.px(24.0);
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let line = if in_use { Stroke::new(look.px(2.0), p.accent) } else { Stroke::new(1.0, p.outline) };
    ui.painter().rect(rect, look.scale.radius_small(), p.surface, line, egui::StrokeKind::Inside);
    let inner = rect.shrink(look.px(14.0));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(40.0)));
    let action = Rect::from_min_max(pos2(head.right() - look.px(130.0), head.top()), head.max);
    let name = Rect::from_min_max(head.min, pos2(action.left() - look.px(8.0), head.center().y + look.px(4.0)));
    text::line(ui, name, Align2::LEFT_CENTER, &Style::of(look, Type::DeskHeading), &camera.name);
    let under = Rect::from_min_max(pos2(head.left(), name.bottom()), pos2(action.left() - look.px(8.0), head.bottom() + look.px(2.0)));
    let muted = Style::of(look, Type::DeskCaption).colour(p.ink_muted);
    let identity = if camera.virtual_device { format!("{} · {}", camera.id, look.t("devices-virtual")) } else { camera.id.clone() };
    text::line(ui, under, Align2::LEFT_CENTER, &muted, &identity);
    if in_use {
        let mut child = ui.new_child(UiBuilder::new().max_rect(action).layout(Layout::right_to_left(egui::Align::Center)));
        card::chip(&mut child, look, Tone::Positive, Some(Icon::CircleCheck), &look.t("devices-in-use"));
    } else {
        let words = look.t("devices-use");
        let at = Rect::from_min_max(pos2(action.right() - look.px(96.0), action.top()), action.max);
        if Button::desk(&words, Emphasis::Secondary).show_at(ui, look, at).clicked() {
            send(Command::UseCamera(model::spelled(camera)));
        }
    }
    let mut y = head.bottom() + look.px(14.0);
    ui.painter().hline(inner.x_range(), y - look.px(4.0), Stroke::new(1.0, p.outline));
    let mut next = || {
        let at = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), row));
        y += row;
        at
    };
    if choices.is_empty() {
        text::line(ui, next(), Align2::LEFT_CENTER, &muted, &look.t("devices-formats-none"));
    }
    for choice in choices.iter().take(shown) {
        let at = next();
        if format_row(ui, look, at, camera, choice, status.settings.changeable) {
            send(Command::ChangeSettings(choice.changes.clone()));
        }
    }
    if left_out > 0 {
        text::line(ui, next(), Align2::LEFT_CENTER, &muted, &look.words.n("devices-more-formats", left_out as u64));
    }
}

/// One format, to be chosen; the one that is delivered carries a mark.
fn format_row(ui: &mut Ui, look: &Look, at: Rect, camera: &CameraDescription, choice: &FormatChoice, changeable: bool) -> bool {
    let p = look.palette;
    let sense = if changeable { Sense::click() } else { Sense::hover() };
    let response = ui.interact(at, ui.scope_id().with(("format", &camera.id, &choice.words)), sense);
    let spoken = format!("{}: {}", camera.name, choice.words.join(", "));
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, changeable, choice.chosen, &spoken));
    if choice.chosen {
        ui.painter().rect_filled(at, look.scale.radius_small(), p.accent_soft);
    } else if changeable && response.hovered() {
        ui.painter().rect_filled(at, look.scale.radius_small(), p.surface_sunken);
    }
    let dot = pos2(at.left() + look.px(14.0), at.center().y);
    ui.painter().circle_stroke(dot, look.px(7.0), Stroke::new(look.px(1.6), if choice.chosen { p.accent } else { p.outline_strong }));
    if choice.chosen {
        ui.painter().circle_filled(dot, look.px(3.5), p.accent);
    }
    let words = Rect::from_min_max(pos2(at.left() + look.px(32.0), at.top()), pos2(at.right() - look.px(8.0), at.bottom()));
    let muted = Style::of(look, Type::DeskCaption).colour(p.ink_muted);
    let style = if choice.delivered { Style::bold(look, Type::DeskBody) } else { Style::of(look, Type::DeskBody) };
    if let [all] = &choice.words[..] {
        text::line(ui, words, Align2::LEFT_CENTER, &style, all);
    } else if let [size, kind, rate] = &choice.words[..] {
        let (first, rest) = words.split_left_right_at_fraction(0.4);
        let (second, third) = rest.split_left_right_at_fraction(0.36);
        text::line(ui, first, Align2::LEFT_CENTER, &style, size);
        text::line(ui, second, Align2::LEFT_CENTER, &muted, kind);
        text::line(ui, third, Align2::RIGHT_CENTER, &muted, rate);
    }
    if response.has_focus() {
        focus_ring(ui, look, at, look.scale.radius_small(), p.focus);
    }
    response.clicked() && !choice.chosen
}

fn live_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    snapshot: &Snapshot,
    previewing: &mut bool,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let inner = panel(ui, look, rect, &look.t("devices-live"));
    let facts = model::facts(&look.words, &snapshot.status);
    let row = look.px(30.0);
    let facts_height = facts.len() as f32 * row;
    let switch = Rect::from_min_max(
        pos2(inner.right() - look.px(220.0), rect.top() + look.px(12.0)),
        pos2(inner.right(), rect.top() + look.px(50.0)),
    );
    let words = look.t(if *previewing { "devices-preview-off" } else { "devices-preview-on" });
    let icon = if *previewing { Icon::EyeOff } else { Icon::Eye };
    if Button::desk(&words, Emphasis::Secondary).icon(icon).show_at(ui, look, switch).clicked() {
        *previewing = !*previewing;
        send(Command::Preview(*previewing));
    }
    let picture = Rect::from_min_max(inner.min + vec2(0.0, look.px(8.0)), inner.max - vec2(0.0, facts_height + look.px(16.0)));
    ui.painter().rect_filled(picture, look.scale.radius_small(), OVER_VIDEO.backdrop);
    match (&snapshot.preview, *previewing) {
        (Some(captured), true) => {
            let shown = pictures.live(ui.ctx(), captured);
            Placement::inside(shown.size, picture).draw(&ui.painter().with_clip_rect(picture), shown.texture);
            if let Some(live) = &snapshot.live {
                let prompt = face::model::instruction_prompt(&look.words, live.instruction);
                let band = Rect::from_min_max(pos2(picture.left(), picture.bottom() - look.px(48.0)), picture.max);
                ui.painter().rect_filled(band, 0.0, OVER_VIDEO.scrim);
                text::line(ui, band, Align2::CENTER_CENTER, &Style::bold(look, Type::DeskHeading).colour(OVER_VIDEO.ink), &prompt.words);
            }
        }
        _ => {
            let middle = Rect::from_center_size(picture.center() - vec2(0.0, look.px(18.0)), vec2(look.px(64.0), look.px(48.0)));
            text::icon(ui, middle, Icon::CameraOff, look.scale.icon(44.0), OVER_VIDEO.ink_muted);
            let below = Rect::from_min_size(pos2(picture.left(), middle.bottom() + look.px(6.0)), vec2(picture.width(), look.px(28.0)));
            text::line(
                ui,
                below,
                Align2::CENTER_CENTER,
                &Style::of(look, Type::DeskBody).colour(OVER_VIDEO.ink_muted),
                &look.t("devices-off"),
            );
        }
    }
    for (i, (label, value)) in facts.iter().enumerate() {
        let at = Rect::from_min_size(pos2(inner.left(), picture.bottom() + look.px(16.0) + i as f32 * row), vec2(inner.width(), row));
        if i > 0 {
            ui.painter().hline(at.x_range(), at.top(), Stroke::new(1.0, look.palette.outline));
        }
        text::line(ui, at, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted), label);
        text::line(ui, at, Align2::RIGHT_CENTER, &Style::bold(look, Type::DeskBody), value);
    }
}
