//! Draws the settings: appearance, capture profiles with their region of interest, thresholds in words, keys.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::model::{self, ProfileCard};
use crate::geometry::Size;
use crate::ports::keys::KeyProtection;
use crate::runtime::messages::{Command, Snapshot};
use crate::ui::look::Look;
use crate::ui::pictures::{Pictures, Shown};
use crate::ui::screens::desk::status_bar;
use crate::ui::screens::desk::view::Frame;
use crate::ui::screens::today::view::panel;
use crate::ui::strings::Language;
use crate::ui::theme::{self, OVER_VIDEO, Theme, Type};
use crate::ui::widgets::button::{Button, Emphasis, focus_ring};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::video::Placement;
use crate::ui::widgets::{ring, segmented};
use crate::ui::window::Options;
use egui::{Align2, Layout, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Frame size regions are shown for while no frame is here.
const USUAL_FRAME: Size = Size::new(1280, 720);

/// Draws the page.
pub fn settings_ui(
    ui: &mut Ui,
    look: &Look,
    frame: Frame,
    snapshot: &Snapshot,
    options: &mut Options,
    previewing: &mut bool,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(frame.body));
    let gap = look.px(20.0);
    child.spacing_mut().item_spacing = Vec2::splat(gap);
    ScrollArea::vertical().id_salt("settings").auto_shrink([false, false]).show(&mut child, |ui| {
        let width = frame.body.width();
        let two = width > look.px(900.0);
        let (first, _) = ui.allocate_exact_size(vec2(width, if two { look.px(336.0) } else { look.px(336.0 + 236.0) }), Sense::hover());
        let appearance =
            Rect::from_min_size(first.min, if two { vec2((width - gap) * 0.42, first.height()) } else { vec2(width, look.px(216.0)) });
        let levels = if two {
            Rect::from_min_max(pos2(appearance.right() + gap, first.top()), first.max)
        } else {
            Rect::from_min_max(pos2(first.left(), appearance.bottom() + gap), first.max)
        };
        appearance_ui(ui, look, appearance, options, snapshot, two);
        levels_ui(ui, look, levels, snapshot);
        let live = snapshot.preview.as_ref().filter(|_| *previewing).map(|captured| pictures.live(ui.ctx(), captured));
        profiles_ui(ui, look, width, snapshot, live, previewing, send);
    });
}

fn setting(ui: &mut Ui, look: &Look, row: Rect, label_key: &str, names: &[&str], chosen: usize) -> Option<usize> {
    let label = look.t(label_key);
    text::line(ui, row, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &label);
    let width = segmented::width(ui, look, names, Type::DeskBody).min(row.width() * 0.68);
    let at = Rect::from_min_max(pos2(row.right() - width, row.top()), row.max);
    segmented::show_at(ui, look, at, &label, names, chosen, Type::DeskBody)
}

fn appearance_ui(ui: &mut Ui, look: &Look, rect: Rect, options: &mut Options, snapshot: &Snapshot, with_keys: bool) {
    let inner = panel(ui, look, rect, &look.t("settings-look"));
    let height = look.px(42.0);
    let row = |i: usize| Rect::from_min_size(inner.min + vec2(0.0, i as f32 * (height + look.px(12.0))), vec2(inner.width(), height));
    let themes = [look.t("settings-light"), look.t("settings-dark")];
    let at = usize::from(options.theme == Theme::Dark);
    if let Some(i) = setting(ui, look, row(0), "settings-theme", &[&themes[0], &themes[1]], at) {
        options.theme = if i == 0 { Theme::Light } else { Theme::Dark };
    }
    let names: Vec<&str> = Language::ALL.iter().map(|l| l.own_name()).collect();
    let at = Language::ALL.iter().position(|l| *l == options.language).unwrap_or(0);
    if let Some(i) = setting(ui, look, row(1), "settings-language", &names, at) {
        options.language = Language::ALL[i];
    }
    let motions = [look.t("settings-motion-full"), look.t("settings-motion-reduced")];
    if let Some(i) = setting(ui, look, row(2), "settings-motion", &[&motions[0], &motions[1]], usize::from(options.reduced_motion)) {
        options.reduced_motion = i == 1;
    }
    if with_keys {
        let (tone, icon, words) = status_bar::keys(&look.words, snapshot.status.keys);
        let top = row(2).bottom() + look.px(16.0);
        ui.painter().hline(inner.x_range(), top, Stroke::new(1.0, look.palette.outline));
        let mut child = ui.new_child(UiBuilder::new().max_rect(Rect::from_min_max(pos2(inner.left(), top + look.px(14.0)), inner.max)));
        card::chip(&mut child, look, tone, Some(icon), &words);
        if snapshot.status.keys == KeyProtection::File {
            text::label(&mut child, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &look.t("settings-keys-file-line"));
        }
    }
}

fn levels_ui(ui: &mut Ui, look: &Look, rect: Rect, snapshot: &Snapshot) {
    let inner = panel(ui, look, rect, &look.t("settings-threshold"));
    let style = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    let used = text::paragraph(ui, inner, &style, &look.t("settings-threshold-line"));
    let levels = model::levels(&look.words, snapshot.status.match_level);
    let top = inner.top() + used + look.px(10.0);
    let height = ((inner.bottom() - top) / levels.len() as f32).min(look.px(44.0));
    for (i, (number, name, rate, in_force)) in levels.into_iter().enumerate() {
        let row = Rect::from_min_size(pos2(inner.left(), top + i as f32 * height), vec2(inner.width(), height));
        if in_force {
            ui.painter().rect_filled(row.expand2(vec2(look.px(8.0), 0.0)), look.scale.radius_small(), look.palette.accent_soft);
        } else if i > 0 {
            ui.painter().hline(row.x_range(), row.top(), Stroke::new(1.0, look.palette.outline));
        }
        let (left, rest) = row.split_left_right_at_fraction(0.2);
        let (middle, right) = rest.split_left_right_at_fraction(0.36);
        let level = look.words.with("settings-level", &[("level", &number.to_string())]);
        text::line(ui, left, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody), &level);
        text::line(ui, middle, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &name);
        text::line(ui, right, Align2::RIGHT_CENTER, &Style::bold(look, Type::DeskBody), &rate);
        if in_force {
            let mut child = ui.new_child(UiBuilder::new().max_rect(right).layout(Layout::left_to_right(egui::Align::Center)));
            card::chip(&mut child, look, Tone::Accent, Some(Icon::Check), &look.t("settings-in-force"));
        }
    }
}

fn profiles_ui(
    ui: &mut Ui,
    look: &Look,
    width: f32,
    snapshot: &Snapshot,
    live: Option<Shown>,
    previewing: &mut bool,
    send: &mut dyn FnMut(Command),
) {
    let frame = live.map_or(USUAL_FRAME, |shown| shown.size);
    let cards = model::profiles(&look.words, frame, &snapshot.status.capture_profile);
    let columns = if width > look.px(900.0) { cards.len().min(4) } else { 2 };
    let gap = look.px(16.0);
    let inner_width = width - look.px(48.0);
    let card_width = (inner_width - gap * (columns - 1) as f32) / columns as f32;
    let picture_height = card_width * frame.height as f32 / frame.width as f32;
    let card_height = picture_height.min(card_width * 0.8) + look.px(92.0);
    let rows = cards.len().div_ceil(columns);
    let height = look.px(96.0) + rows as f32 * card_height + (rows - 1) as f32 * gap;
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let inner = panel(ui, look, rect, &look.t("settings-profile"));
    let words = look.t(if *previewing { "devices-preview-off" } else { "devices-preview-on" });
    let switch = Button::desk(&words, Emphasis::Secondary).icon(if *previewing { Icon::EyeOff } else { Icon::Eye });
    let switch_width = switch.width(ui, look);
    let at = Rect::from_min_size(pos2(inner.right() - switch_width, rect.top() + look.px(14.0)), vec2(switch_width, look.px(38.0)));
    if switch.show_at(ui, look, at).clicked() {
        *previewing = !*previewing;
        send(Command::Preview(*previewing));
    }
    let style = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    text::paragraph(ui, inner, &style, &look.t("settings-profile-line"));
    let top = inner.top() + look.px(30.0);
    for (i, profile) in cards.iter().enumerate() {
        let at = pos2(inner.left() + (i % columns) as f32 * (card_width + gap), top + (i / columns) as f32 * (card_height + gap));
        if profile_card(ui, look, Rect::from_min_size(at, vec2(card_width, card_height)), profile, frame, live) {
            send(Command::UseCaptureProfile(profile.name.clone()));
        }
    }
}

fn profile_card(ui: &mut Ui, look: &Look, rect: Rect, profile: &ProfileCard, frame: Size, live: Option<Shown>) -> bool {
    let p = look.palette;
    let response = ui.interact(rect, ui.scope_id().with(("profile", &profile.name)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, profile.in_use, &profile.title));
    let line = if profile.in_use { Stroke::new(look.px(2.5), p.accent) } else { Stroke::new(1.0, p.outline) };
    let fill = if response.hovered() && !profile.in_use { p.accent_soft } else { p.surface };
    ui.painter().rect(rect, look.scale.radius_small(), fill, line, StrokeKind::Inside);
    let picture = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - look.px(88.0))).shrink(look.px(6.0));
    let placed = Placement::inside(frame, picture);
    let visible = placed.on_screen.intersect(picture);
    let painter = ui.painter().with_clip_rect(visible);
    let oval = profile.roi_in_frame.map(|roi| placed.screen_from_frame(roi.to_rect()));
    if let Some(shown) = live {
        placed.draw(&painter, shown.texture);
        if let Some(oval) = oval {
            ring::scrim_with_cutout(&painter, visible, oval, look.px(4.0), OVER_VIDEO.scrim);
            ring::arc(&painter, oval.shrink(look.px(1.5)), 0.0, 1.0, look.px(3.0), OVER_VIDEO.guide);
        }
    } else {
        painter.rect_filled(visible, look.scale.radius_small(), p.accent_soft);
        if let Some(oval) = oval {
            pictogram(&painter, look, oval);
        }
    }
    let words = Rect::from_min_max(
        pos2(rect.left() + look.px(14.0), picture.bottom() + look.px(12.0)),
        rect.max - vec2(look.px(12.0), look.px(8.0)),
    );
    let head = Rect::from_min_size(words.min, vec2(words.width(), look.px(24.0)));
    let icon = Rect::from_min_max(pos2(head.right() - look.px(24.0), head.top()), head.max);
    if profile.in_use {
        text::icon(ui, icon, Icon::CircleCheck, look.scale.icon(20.0), p.accent);
    }
    let name = Rect::from_min_max(head.min, pos2(icon.left(), head.bottom()));
    text::line(ui, name, Align2::LEFT_CENTER, &Style::of(look, Type::DeskHeading), &profile.title);
    let below = Rect::from_min_max(pos2(words.left(), head.bottom() + look.px(2.0)), words.max);
    text::paragraph(ui, below, &Style::of(look, Type::DeskCaption).colour(p.ink_muted).rows(2), &profile.line);
    if response.has_focus() {
        focus_ring(ui, look, rect, look.scale.radius_small(), p.focus);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() && !profile.in_use
}

/// A head in the region of interest, as a sign.
fn pictogram(painter: &egui::Painter, look: &Look, oval: Rect) {
    let p = look.palette;
    painter.add(egui::Shape::ellipse_filled(oval.center(), oval.size() / 2.0, p.surface_raised));
    let tint = theme::faded(p.accent, 0.28);
    let head = Rect::from_center_size(oval.center() - vec2(0.0, oval.height() * 0.06), oval.size() * 0.5);
    painter.add(egui::Shape::ellipse_filled(head.center(), head.size() / 2.0, tint));
    ring::arc(painter, oval.shrink(look.px(1.5)), 0.0, 1.0, look.px(3.0), p.accent);
}
