//! Draws the devices page: cameras, the live picture, formats, rates and health.

use super::model::{self, DevicesModel};
use crate::ports::camera::CameraDescription;
use crate::runtime::messages::{Command, Snapshot};
use crate::ui::dialogs::Dialogs;
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::desk::model::DeskModel;
use crate::ui::screens::desk::view::Frame;
use crate::ui::screens::face;
use crate::ui::screens::today::view::{empty, panel};
use crate::ui::theme::{OVER_VIDEO, Type};
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::video::Placement;
use egui::{Align2, Layout, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, pos2, vec2};
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
        desk.dialogs.open_picture(&look.t("devices-open-title"), ui.ctx());
    }
    if let Some(path) = Dialogs::take(&mut desk.dialogs) {
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
    ScrollArea::vertical().id_salt("cameras").auto_shrink([false, false]).show(&mut child, |ui| {
        for camera in found {
            camera_card(ui, look, list.width(), camera, model::spelled(camera) == *in_use, send);
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

fn camera_card(ui: &mut Ui, look: &Look, width: f32, camera: &CameraDescription, in_use: bool, send: &mut dyn FnMut(Command)) {
    let p = look.palette;
    let row = look.px(24.0);
    let shown = camera.formats.len().min(5);
    let height = look.px(64.0) + row * (shown.max(1) as f32) + look.px(20.0);
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
    let mut y = head.bottom() + look.px(12.0);
    ui.painter().hline(inner.x_range(), y - look.px(4.0), Stroke::new(1.0, p.outline));
    if camera.formats.is_empty() {
        let at = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), row));
        text::line(ui, at, Align2::LEFT_CENTER, &muted, &look.t("devices-formats-none"));
    }
    for format in camera.formats.iter().take(shown) {
        let at = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), row));
        let [size, kind, rate] = model::format_words(&look.words, format);
        text::line(ui, at, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &size);
        text::line(ui, at, Align2::CENTER_CENTER, &muted, &kind);
        text::line(ui, at, Align2::RIGHT_CENTER, &muted, &rate);
        y += row;
    }
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
