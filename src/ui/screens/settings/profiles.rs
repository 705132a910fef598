//! Draws the capture profiles: cards with their region of interest, and the numbers of the chosen one beside a live picture.

use super::draft::Draft;
use super::gates::{NUMBERS, Number, Side};
use super::model::{self, ProfileCard};
use crate::geometry::Size;
use crate::runtime::messages::{Command, Snapshot, Status};
use crate::ui::look::Look;
use crate::ui::pictures::Shown;
use crate::ui::screens::face;
use crate::ui::screens::today::view::panel;
use crate::ui::theme::{self, OVER_VIDEO, Type};
use crate::ui::widgets::button::{Button, Emphasis, focus_ring};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::ring;
use crate::ui::widgets::stepper::Stepper;
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::video::Placement;
use crate::workflow::capture_profile::{CaptureProfile, CaptureProfiles};
use crate::workflow::roi;
use egui::{Align2, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Frame size regions are shown for while no frame is here.
const USUAL_FRAME: Size = Size::new(1280, 720);

/// Draws the cards, `width` points wide, in the flow of the page.
pub(super) fn cards_ui(
    ui: &mut Ui,
    look: &Look,
    width: f32,
    status: &Status,
    known: &CaptureProfiles,
    live: Option<Shown>,
    draft: &mut Draft,
) {
    let frame = live.map_or(USUAL_FRAME, |shown| shown.size);
    let cards = model::profiles(&look.words, known, frame, draft.profile_name(status));
    let columns = if width > look.px(900.0) { cards.len().clamp(1, 4) } else { 2 };
    let gap = look.px(16.0);
    let inner_width = width - look.px(48.0);
    let card_width = (inner_width - gap * (columns - 1) as f32) / columns as f32;
    let picture_height = card_width * frame.height as f32 / frame.width as f32;
    let card_height = picture_height.min(card_width * 0.8) + look.px(92.0);
    let rows = cards.len().div_ceil(columns);
    let height = look.px(96.0) + rows as f32 * card_height + (rows - 1) as f32 * gap;
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let inner = panel(ui, look, rect, &look.t("settings-profile"));
    let style = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    text::paragraph(ui, inner, &style, &look.t("settings-profile-line"));
    let top = inner.top() + look.px(30.0);
    for (i, profile) in cards.iter().enumerate() {
        let at = pos2(inner.left() + (i % columns) as f32 * (card_width + gap), top + (i / columns) as f32 * (card_height + gap));
        if profile_card(ui, look, Rect::from_min_size(at, vec2(card_width, card_height)), profile, frame, live) {
            draft.use_profile(status, &profile.name);
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
    region(ui, look, picture, profile.roi_in_frame, frame, live);
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

/// The region of interest over the live picture, or over a head as a sign.
fn region(ui: &Ui, look: &Look, rect: Rect, roi_in_frame: Option<crate::geometry::PixelRect>, frame: Size, live: Option<Shown>) {
    let placed = Placement::inside(frame, rect);
    let visible = placed.on_screen.intersect(rect);
    let painter = ui.painter().with_clip_rect(visible);
    let oval = roi_in_frame.map(|roi| placed.screen_from_frame(roi.to_rect()));
    if let Some(shown) = live {
        placed.draw(&painter, shown.texture);
        if let Some(oval) = oval {
            ring::scrim_with_cutout(&painter, visible, oval, look.px(4.0), OVER_VIDEO.scrim);
            ring::arc(&painter, oval.shrink(look.px(1.5)), 0.0, 1.0, look.px(3.0), OVER_VIDEO.guide);
        }
    } else {
        painter.rect_filled(visible, look.scale.radius_small(), look.palette.accent_soft);
        if let Some(oval) = oval {
            pictogram(&painter, look, oval);
        }
    }
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

/// Draws the chosen profile's numbers beside the live picture, `width` points wide, in the flow of the page.
#[allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]
pub(super) fn numbers_ui(
    ui: &mut Ui,
    look: &Look,
    width: f32,
    snapshot: &Snapshot,
    profile: &CaptureProfile,
    live: Option<Shown>,
    previewing: &mut bool,
    draft: &mut Draft,
    send: &mut dyn FnMut(Command),
) {
    let row = look.px(44.0);
    let table_height = row * (NUMBERS.len() as f32 + 1.0);
    let side_by_side = width > look.px(900.0);
    let preview_width = if side_by_side { (width * 0.36).min(look.px(520.0)) } else { width - look.px(48.0) };
    let bars = snapshot.live.as_ref().filter(|_| live.is_some()).map_or(0, |l| l.quality.len());
    let preview_height = preview_width * 0.5625 + look.px(60.0) + bars as f32 * look.px(30.0);
    let height =
        look.px(80.0) + if side_by_side { table_height.max(preview_height) } else { table_height + preview_height + look.px(24.0) };
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let title = look.words.with("settings-limits", &[("profile", &profile_title(look, &profile.name))]);
    let inner = panel(ui, look, rect, &title);
    let preview = Rect::from_min_size(inner.min + vec2(0.0, look.px(8.0)), vec2(preview_width, preview_height));
    let table = if side_by_side {
        Rect::from_min_max(pos2(preview.right() + look.px(36.0), inner.top()), inner.max)
    } else {
        Rect::from_min_max(pos2(inner.left(), preview.bottom() + look.px(24.0)), inner.max)
    };
    preview_ui(ui, look, preview, snapshot, profile, live, previewing, send);
    if draft.is_overridden(&snapshot.status, &profile.name) && snapshot.status.settings.changeable {
        let words = look.t("settings-reset");
        let button = Button::desk(&words, Emphasis::Quiet).icon(Icon::RotateCcw);
        let size = vec2(button.width(ui, look), look.px(38.0));
        let at = Rect::from_min_size(pos2(inner.right() - size.x, rect.top() + look.px(14.0)), size);
        if button.show_at(ui, look, at).clicked() {
            draft.reset_profile(&snapshot.status, &profile.name);
        }
    }
    table_ui(ui, look, table, row, &snapshot.status, profile, draft);
}

fn profile_title(look: &Look, name: &str) -> String {
    let key = format!("profile-{name}");
    if look.words.has(&key) { look.t(&key) } else { name.to_owned() }
}

#[allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]
fn preview_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    snapshot: &Snapshot,
    profile: &CaptureProfile,
    live: Option<Shown>,
    previewing: &mut bool,
    send: &mut dyn FnMut(Command),
) {
    let frame = live.map_or(USUAL_FRAME, |shown| shown.size);
    let picture = Rect::from_min_size(rect.min, vec2(rect.width(), rect.width() * 0.5625));
    region(ui, look, picture, roi::roi(&profile.roi, frame).ok(), frame, live);
    if let Some(shown) = snapshot.live.as_ref().filter(|_| live.is_some()) {
        let prompt = face::model::instruction_prompt(&look.words, shown.instruction);
        let band = Rect::from_min_max(pos2(picture.left(), picture.bottom() - look.px(40.0)), picture.max);
        ui.painter().rect_filled(band, 0.0, OVER_VIDEO.scrim);
        text::line(ui, band, Align2::CENTER_CENTER, &Style::bold(look, Type::DeskBody).colour(OVER_VIDEO.ink), &prompt.words);
    }
    let words = look.t(if *previewing { "devices-preview-off" } else { "devices-preview-on" });
    let switch = Button::desk(&words, Emphasis::Secondary).icon(if *previewing { Icon::EyeOff } else { Icon::Eye });
    let at = Rect::from_min_size(pos2(picture.left(), picture.bottom() + look.px(12.0)), vec2(switch.width(ui, look), look.px(38.0)));
    if switch.show_at(ui, look, at).clicked() {
        *previewing = !*previewing;
        send(Command::Preview(*previewing));
    }
    let Some(shown) = snapshot.live.as_ref().filter(|_| live.is_some()) else { return };
    let row = look.px(30.0);
    for (i, bar) in shown.quality.iter().enumerate() {
        let at = Rect::from_min_size(pos2(rect.left(), at.bottom() + look.px(10.0) + i as f32 * row), vec2(rect.width(), row));
        let words = look.words.label(bar.label_key);
        text::line(ui, at, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption), &words);
        let tone = match (bar.score, bar.passed) {
            (None, _) => Tone::Neutral,
            (_, true) => Tone::Positive,
            (_, false) => Tone::Caution,
        };
        let value = bar.score.map_or_else(|| look.t("quality-none"), |score| score.to_string());
        let mut child = ui.new_child(UiBuilder::new().max_rect(at).layout(Layout::right_to_left(egui::Align::Center)));
        card::chip(&mut child, look, tone, Some(tone.icon()), &value);
    }
}

fn table_ui(ui: &mut Ui, look: &Look, rect: Rect, row: f32, status: &Status, profile: &CaptureProfile, draft: &mut Draft) {
    let stepper = Stepper::width(look);
    let gap = look.px(12.0);
    let columns = [rect.right() - 2.0 * stepper - gap, rect.right() - stepper];
    let muted = Style::bold(look, Type::DeskCaption).colour(look.palette.ink_muted);
    for (left, key) in columns.into_iter().zip(["settings-asked", "settings-stops"]) {
        let at = Rect::from_min_size(pos2(left, rect.top()), vec2(stepper, row));
        text::line(ui, at, Align2::CENTER_CENTER, &muted, &look.t(key));
    }
    let builtin = CaptureProfiles::builtin().get(&profile.name).ok();
    for (i, number) in NUMBERS.iter().enumerate() {
        let at = Rect::from_min_size(pos2(rect.left(), rect.top() + (i as f32 + 1.0) * row), vec2(rect.width(), row));
        ui.painter().hline(at.x_range(), at.top(), Stroke::new(1.0, look.palette.outline));
        let words = Rect::from_min_max(at.min, pos2(columns[0] - gap, at.bottom()));
        let label = look.t(number.label);
        text::line(ui, words, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &label);
        for side in number.sides(profile) {
            let left = if *side == Side::Block { columns[1] } else { columns[0] };
            let place = Rect::from_min_size(pos2(left, at.top() + look.px(5.0)), vec2(stepper, row - look.px(10.0)));
            let Some(value) = number.value(profile, *side) else {
                text::line(ui, place, Align2::CENTER_CENTER, &muted, &look.t("settings-never"));
                continue;
            };
            let usual = builtin.as_ref().and_then(|b| number.value(b, *side));
            let changed = usual.is_some_and(|usual| (usual - value).abs() > 1e-6);
            let (key, value) = step(ui, look, place, number, profile, *side, value, &label, changed, status.settings.changeable);
            if let Some(value) = value {
                draft.set_in_profile(&profile.name, &key, value);
            }
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]
fn step(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    number: &Number,
    profile: &CaptureProfile,
    side: Side,
    value: f64,
    label: &str,
    changed: bool,
    enabled: bool,
) -> (String, Option<toml::Value>) {
    let part = match side {
        Side::Hint => Some("settings-asked"),
        Side::Block => Some("settings-stops"),
        Side::Whole => None,
    };
    let label = part.map_or_else(|| label.to_owned(), |key| format!("{label}, {}", look.t(key)));
    let words = number.unit.words(&look.words, value);
    let (least, most) = number.bounds(profile, side);
    // A step that would pass the bound is not offered; single precision is forgiven.
    let (less, more) = (value - number.step >= least - 1e-4, value + number.step <= most + 1e-4);
    let steps = Stepper { label: &label, value: &words, less, more, changed, enabled }.show_at(ui, look, rect);
    let (key, stepped) = number.stepped(value, steps, side);
    (key, (steps != 0).then_some(stepped))
}
