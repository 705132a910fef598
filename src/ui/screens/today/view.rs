//! Draws the first page of the desk: three ways to begin, the latest registrations, who waits.

use super::model::TodayModel;
use crate::ports::gallery::{PadOutcomeText, PadRecord, RecordSummary};
use crate::runtime::messages::{Command, SyncView};
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::desk::model::{DeskModel, Page};
use crate::ui::screens::desk::view::Frame;
use crate::ui::screens::identify::view::portrait;
use crate::ui::screens::sync::view::banner_ui;
use crate::ui::service_words;
use crate::ui::strings::code_in_groups;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::button::focus_ring;
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

const TILES: [(Page, &str, &str); 3] = [
    (Page::Verify, "today-verify", "today-verify-line"),
    (Page::Enrol, "today-enrol", "today-enrol-line"),
    (Page::Identify, "today-identify", "today-identify-line"),
];

/// Draws the page.
pub fn today_ui(
    ui: &mut Ui,
    look: &Look,
    frame: Frame,
    sync: Option<&SyncView>,
    desk: &mut DeskModel,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    desk.today.needed().into_iter().for_each(&mut *send);
    let gap = look.px(20.0);
    let mut body = frame.body;
    if let Some((tone, icon, words)) = sync.and_then(|sync| service_words::banner(&look.words, sync)) {
        let (height, pressed) = banner_ui(ui, look, body, tone, icon, &words, Some(&look.t("today-to-sync")));
        body.min.y += height + look.px(18.0);
        if pressed {
            desk.go(Page::Sync).into_iter().for_each(&mut *send);
        }
    }
    let stacked = body.width() < look.px(860.0);
    let tile_height = look.px(112.0);
    let columns = if stacked { 1 } else { TILES.len() };
    let width = (body.width() - gap * (columns - 1) as f32) / columns as f32;
    for (i, (page, title, line)) in TILES.into_iter().enumerate() {
        let at = body.min + vec2((i % columns) as f32 * (width + gap), (i / columns) as f32 * (tile_height + gap));
        if tile(ui, look, Rect::from_min_size(at, vec2(width, tile_height)), page, &look.t(title), &look.t(line)) {
            desk.go(page).into_iter().for_each(&mut *send);
        }
    }
    let rows = TILES.len().div_ceil(columns) as f32;
    let top = body.top() + rows * (tile_height + gap);
    let rest = Rect::from_min_max(pos2(body.left(), top), body.max);
    let (recent, held) = if stacked {
        rest.split_top_bottom_at_y(rest.top() + rest.height() * 0.62)
    } else {
        let (left, right) = rest.split_left_right_at_x(rest.right() - width);
        (Rect::from_min_max(left.min, left.max - vec2(gap, 0.0)), right)
    };
    let held = if stacked { Rect::from_min_max(held.min + vec2(0.0, gap), held.max) } else { held };
    recent_ui(ui, look, recent, &desk.today, pictures, send);
    if let Some(subject) = held_ui(ui, look, held, &desk.today, pictures, send) {
        send(desk.gallery.open(subject));
        desk.go(Page::Gallery).into_iter().for_each(send);
    }
}

fn tile(ui: &mut Ui, look: &Look, rect: Rect, page: Page, title: &str, line: &str) -> bool {
    let id = ui.scope_id().with(("tile", title));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    let hovered = ui.ctx().animate_bool_with_time(id, response.hovered(), look.transition_secs());
    card::card(ui, look, rect);
    ui.painter().rect_filled(rect.shrink(1.0), look.scale.radius(), theme::faded(look.palette.accent_soft, hovered));
    let pad = look.px(24.0);
    let disc = look.px(56.0);
    let disc_rect = Rect::from_center_size(pos2(rect.left() + pad + disc / 2.0, rect.center().y), Vec2::splat(disc));
    card::disc(ui, look, disc_rect, page.words().1, Tone::Accent);
    let words = Rect::from_min_max(pos2(disc_rect.right() + look.px(18.0), rect.top()), pos2(rect.right() - look.px(16.0), rect.bottom()));
    let title = text::layout_fitted(ui, &Style::of(look, Type::DeskHeading), title, words.width());
    let line = text::layout(ui, &Style::of(look, Type::DeskCaption).rows(2), line, words.width());
    let top = words.center().y - (title.size().y + line.size().y + look.px(2.0)) / 2.0;
    let below = top + title.size().y + look.px(2.0);
    ui.painter().galley(pos2(words.left(), top), title, look.palette.ink);
    ui.painter().galley_with_override_text_color(pos2(words.left(), below), line, look.palette.ink_muted);
    if response.has_focus() {
        focus_ring(ui, look, rect, look.scale.radius(), look.palette.focus);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}

/// A card with a heading; returns the room below it.
pub fn panel(ui: &mut Ui, look: &Look, rect: Rect, title: &str) -> Rect {
    card::card(ui, look, rect);
    let inner = rect.shrink2(vec2(look.px(24.0), look.px(18.0)));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(28.0)));
    text::line(ui, head, Align2::LEFT_CENTER, &Style::of(look, Type::DeskHeading), title);
    Rect::from_min_max(pos2(inner.left(), head.bottom() + look.px(10.0)), inner.max)
}

/// Words in the middle of an empty list.
pub fn empty(ui: &mut Ui, look: &Look, rect: Rect, icon: Icon, words: &str) {
    let middle = Rect::from_center_size(rect.center() - vec2(0.0, look.px(20.0)), Vec2::splat(look.px(64.0)));
    if rect.height() > look.px(150.0) {
        card::disc(ui, look, middle, icon, Tone::Neutral);
    }
    let below = Rect::from_min_max(pos2(rect.left(), middle.bottom() + look.px(12.0)), rect.max);
    let at = if rect.height() > look.px(150.0) { below } else { rect };
    text::paragraph(ui, at, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted).centred(), words);
}

fn pad_chip(record: &RecordSummary) -> (Tone, Icon, &'static str) {
    match &record.pad {
        PadRecord::Assessed { outcome: PadOutcomeText::BonaFide, .. } => (Tone::Positive, Icon::CircleCheck, "record-pad-ok"),
        PadRecord::Assessed { .. } => (Tone::Caution, Icon::TriangleAlert, "record-pad-no"),
        PadRecord::NotAssessed { .. } => (Tone::Neutral, Icon::Minus, "record-pad-open"),
    }
}

fn recent_ui(ui: &mut Ui, look: &Look, rect: Rect, model: &TodayModel, pictures: &mut Pictures, send: &mut dyn FnMut(Command)) {
    let inner = panel(ui, look, rect, &look.t("today-recent"));
    let Some(records) = model.records.as_ref().filter(|r| !r.is_empty()) else {
        if model.records.is_some() {
            empty(ui, look, inner, Icon::FileText, &look.t("today-recent-empty"));
        }
        return;
    };
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner));
    ScrollArea::vertical().id_salt("recent").auto_shrink([false, false]).show(&mut child, |ui| {
        let height = look.px(60.0);
        for (i, record) in records.iter().enumerate() {
            let (row, _) = ui.allocate_exact_size(vec2(inner.width(), height), Sense::hover());
            if i > 0 {
                ui.painter().hline(row.x_range(), row.top() - ui.spacing().item_spacing.y / 2.0, Stroke::new(1.0, look.palette.outline));
            }
            if ui.is_rect_visible(row) {
                record_row(ui, look, row, record, model.name(record.subject), pictures, send);
            }
        }
    });
}

fn record_row(
    ui: &mut Ui,
    look: &Look,
    row: Rect,
    record: &RecordSummary,
    name: Option<&str>,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let side = row.height() - look.px(8.0);
    let picture = Rect::from_min_size(row.min + vec2(0.0, look.px(4.0)), vec2(side * 0.84, side));
    let shown = pictures.portrait(ui.ctx(), record.subject, send);
    portrait(ui, look, picture, shown);
    let chips = look.px(170.0).min(row.width() * 0.3);
    let when = look.px(150.0).min(row.width() * 0.25);
    let words = Rect::from_min_max(pos2(picture.right() + look.px(16.0), row.top()), pos2(row.right() - chips - when, row.bottom()));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.52);
    let name = name.map_or_else(|| code_in_groups(&record.registration_code), str::to_owned);
    text::line(ui, upper.shrink2(vec2(0.0, look.px(2.0))), Align2::LEFT_BOTTOM, &Style::bold(look, Type::DeskBody), &name);
    let flow = look.t(flow_key(&record.flow));
    let line = format!("{flow} · {}", code_in_groups(&record.registration_code));
    let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    text::line(ui, lower, Align2::LEFT_TOP, &muted, &line);
    let at = Rect::from_min_size(pos2(words.right(), row.top()), vec2(when - look.px(12.0), row.height()));
    text::line(ui, at, Align2::LEFT_CENTER, &muted, &look.words.moment(record.enrolled_at));
    let (tone, icon, key) = pad_chip(record);
    let chip_rect = Rect::from_min_size(pos2(row.right() - chips, row.center().y - look.px(13.0)), vec2(chips, look.px(26.0)));
    let mut child = ui.new_child(UiBuilder::new().max_rect(chip_rect).layout(egui::Layout::right_to_left(egui::Align::Center)));
    card::chip(&mut child, look, tone, Some(icon), &look.t(key));
}

/// Locale key of a flow's name as records keep it.
#[must_use]
pub fn flow_key(flow: &str) -> &'static str {
    match flow {
        "re-enrol" | "re_enrol" => "flow-re-enrol",
        "authenticate" => "flow-authenticate",
        "identify" => "flow-identify",
        "verify-id" => "flow-verify-id",
        _ => "flow-enrol",
    }
}

fn held_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    model: &TodayModel,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) -> Option<crate::ports::gallery::SubjectId> {
    let inner = panel(ui, look, rect, &look.t("today-held"));
    let held = model.held();
    if held.is_empty() {
        empty(ui, look, inner, Icon::CircleCheck, &look.t("today-held-empty"));
        return None;
    }
    let mut opened = None;
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner));
    ScrollArea::vertical().id_salt("held").auto_shrink([false, false]).show(&mut child, |ui| {
        for person in held {
            let (row, _) = ui.allocate_exact_size(vec2(inner.width(), look.px(64.0)), Sense::hover());
            let response = ui.interact(row, ui.scope_id().with(("held", person.subject)), Sense::click());
            let name = if person.display_name.0.trim().is_empty() { look.t("gallery-unnamed") } else { person.display_name.0.clone() };
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, look.words.with("gallery-person", &[("name", &name)])));
            let fill = if response.hovered() { look.palette.accent_soft } else { look.palette.surface_sunken };
            ui.painter().rect_filled(row, look.scale.radius_small(), fill);
            let picture = Rect::from_min_size(row.min + Vec2::splat(look.px(6.0)), vec2(look.px(44.0), row.height() - look.px(12.0)));
            let shown = pictures.portrait(ui.ctx(), person.subject, send);
            portrait(ui, look, picture, shown);
            let words = Rect::from_min_max(pos2(picture.right() + look.px(12.0), row.top()), row.max - vec2(look.px(36.0), 0.0));
            let (upper, lower) = words.split_top_bottom_at_fraction(0.52);
            text::line(ui, upper, Align2::LEFT_BOTTOM, &Style::bold(look, Type::DeskBody), &name);
            let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
            text::line(ui, lower, Align2::LEFT_TOP, &muted, &look.words.moment(person.updated_at));
            let arrow = Rect::from_min_max(pos2(words.right(), row.top()), row.max);
            text::icon(ui, arrow, Icon::ChevronRight, look.scale.icon(18.0), look.palette.ink_muted);
            if response.has_focus() {
                focus_ring(ui, look, row, look.scale.radius_small(), look.palette.focus);
            }
            if response.clicked() {
                opened = Some(person.subject);
            }
        }
    });
    opened
}
