//! Draws the gallery browser: search, filter and order above a table of which only the rows in view exist.

use super::model::{GalleryModel, ORDERS};
use super::transfer::Direction;
use super::{drawer, erase, transfer_view};
use crate::ports::camera::Origin;
use crate::ports::gallery::{DEFAULT_GALLERY, SubjectSummary};
use crate::runtime::messages::{Command, Status};
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::desk::model::DeskModel;
use crate::ui::screens::desk::view::Frame;
use crate::ui::screens::identify::view::portrait;
use crate::ui::screens::today::view::empty;
use crate::ui::strings::code_in_groups;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis, focus_ring};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::segmented;
use crate::ui::widgets::text::{self, Style};
use egui::{
    Align2, ComboBox, Id, Key, Layout, Margin, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};
use lucide_icons::Icon;

/// Draws the page.
pub fn gallery_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    frame: Frame,
    status: &Status,
    desk: &mut DeskModel,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let model = &mut desk.gallery;
    let palette_open = desk.palette.is_some();
    if !palette_open && model.erase.is_none() && !model.transfer.is_open() && status.transfer.is_none() {
        keys(ui, model, send);
    }
    if let Some(total) = model.total {
        let style = Style::of(look, Type::DeskBody).colour(look.palette.ink_muted);
        text::line(ui, frame.head, Align2::LEFT_CENTER, &style, &look.words.n("gallery-count", total));
    }
    new_gallery_ui(ui, look, frame.head, model, send);
    let tools = Rect::from_min_size(frame.body.min, vec2(frame.body.width(), look.px(42.0)));
    tools_ui(ui, look, tools, model, send);
    let mut table = Rect::from_min_max(pos2(frame.body.left(), tools.bottom() + look.px(16.0)), frame.body.max);
    if model.open.is_some() {
        let width = look.px(400.0).min(area.width() * 0.48);
        let side = Rect::from_min_max(pos2(frame.body.right() - width, table.top()), table.max);
        table.max.x = side.left() - look.px(20.0);
        drawer::drawer_ui(ui, look, side, model, pictures, send);
    }
    table_ui(ui, look, table, model, pictures, send);
    erase::erase_ui(ui, look, model, send);
    transfer_view::transfer_ui(ui, look, model, &mut desk.dialogs, status.transfer, send);
}

fn keys(ui: &Ui, model: &mut GalleryModel, send: &mut dyn FnMut(Command)) {
    let (down, up, enter, escape) =
        ui.input(|i| (i.key_pressed(Key::ArrowDown), i.key_pressed(Key::ArrowUp), i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
    let typing = ui.memory(|m| m.focused().is_some_and(|id| id != Id::unique("gallery-search")));
    if typing {
        return;
    }
    if down || up {
        model.move_cursor(if down { 1 } else { -1 });
    }
    if enter && let Some(subject) = model.cursor.and_then(|c| model.row(c)).map(|s| s.subject) {
        send(model.open(subject));
    }
    if escape {
        model.close();
    }
}

fn new_gallery_ui(ui: &mut Ui, look: &Look, head: Rect, model: &mut GalleryModel, send: &mut dyn FnMut(Command)) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(head).layout(Layout::right_to_left(egui::Align::Center)));
    let words = look.t("gallery-new");
    let Some(name) = &mut model.new_gallery else {
        if Button::desk(&words, Emphasis::Secondary).icon(Icon::Plus).show(&mut child, look).clicked() {
            model.new_gallery = Some(String::new());
        }
        for (key, icon, direction) in
            [("transfer-import", Icon::Download, Direction::In), ("transfer-export", Icon::Upload, Direction::Out)]
        {
            if Button::desk(&look.t(key), Emphasis::Secondary).icon(icon).show(&mut child, look).clicked() {
                let gallery = model.query.gallery.clone();
                model.transfer.open(direction, gallery).into_iter().for_each(&mut *send);
            }
        }
        return;
    };
    let (create, cancel) = (look.t("gallery-create"), look.t("action-cancel"));
    let cancelled = Button::desk(&cancel, Emphasis::Quiet).show(&mut child, look).clicked();
    let ready = !name.trim().is_empty();
    let pressed = Button::desk(&create, Emphasis::Primary).enabled(ready).show(&mut child, look).clicked();
    let hint = look.t("gallery-new-name");
    let edit = TextEdit::singleline(name).hint_text(hint.clone()).desired_width(look.px(240.0)).margin(Margin::symmetric(10, 8));
    let response = child.add(edit).accessible_name(hint);
    let entered = response.lost_focus() && child.input(|i| i.key_pressed(Key::Enter));
    if (pressed || entered) && ready {
        send(Command::CreateGallery(name.trim().to_owned()));
        model.new_gallery = None;
    } else if cancelled {
        model.new_gallery = None;
    }
}

fn tools_ui(ui: &mut Ui, look: &Look, rect: Rect, model: &mut GalleryModel, send: &mut dyn FnMut(Command)) {
    let p = look.palette;
    let names: Vec<String> = ORDERS.iter().map(|(_, key)| look.t(key)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let order_width = segmented::width(ui, look, &names, Type::DeskBody);
    let filter_width = look.px(170.0);
    let gap = look.px(14.0);
    let search_width = (rect.width() - order_width - filter_width - 2.0 * gap).clamp(look.px(160.0), look.px(440.0));
    let search = Rect::from_min_size(rect.min, vec2(search_width, rect.height()));
    ui.painter().rect(search, look.scale.radius_small(), p.surface_raised, Stroke::new(1.0, p.outline_strong), StrokeKind::Inside);
    let icon = Rect::from_min_size(search.min + vec2(look.px(10.0), 0.0), vec2(look.px(22.0), search.height()));
    text::icon(ui, icon, Icon::Search, look.scale.icon(17.0), p.ink_muted);
    let edit_rect = Rect::from_min_max(pos2(icon.right() + look.px(8.0), search.top()), search.max - vec2(look.px(8.0), 0.0));
    let mut wanted = model.query.text.clone();
    let hint = look.t("gallery-search");
    let id = Id::unique("gallery-search");
    let edit = TextEdit::singleline(&mut wanted)
        .id(id)
        .hint_text(hint.clone())
        .frame(egui::Frame::NONE)
        .margin(Margin::ZERO)
        .align(Align2::LEFT_CENTER)
        .desired_width(edit_rect.width());
    let response = ui.put(edit_rect, edit).accessible_name(hint);
    if response.has_focus() {
        focus_ring(ui, look, search, look.scale.radius_small(), p.focus);
    }
    if response.changed() {
        model.ask(|q| q.text = wanted);
    }
    let filter = Rect::from_min_size(pos2(search.right() + gap, rect.top()), vec2(filter_width, rect.height()));
    filter_ui(ui, look, filter, model, send);
    let at = ORDERS.iter().position(|(order, _)| *order == model.query.order).unwrap_or(0);
    let order = Rect::from_min_size(
        pos2(filter.right() + gap, rect.top()),
        vec2(order_width.min(rect.right() - filter.right() - gap), rect.height()),
    );
    if let Some(chosen) = segmented::show_at(ui, look, order, &look.t("gallery-sort"), &names, at, Type::DeskBody) {
        model.ask(|q| q.order = ORDERS[chosen].0);
    }
}

fn filter_ui(ui: &mut Ui, look: &Look, rect: Rect, model: &mut GalleryModel, send: &mut dyn FnMut(Command)) {
    let everybody = look.t("gallery-all");
    let shown = model.query.gallery.clone().unwrap_or_else(|| everybody.clone());
    let mut chosen = model.query.gallery.clone();
    let galleries = model.galleries.clone().unwrap_or_default();
    let mut deleted = None;
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(egui::Align::Center)));
    child.spacing_mut().interact_size.y = rect.height();
    child.spacing_mut().button_padding = vec2(look.px(12.0), look.px(8.0));
    let name = look.t("gallery-filter");
    let drawn = ComboBox::from_id_salt("gallery-filter").selected_text(shown).width(rect.width()).truncate().show_ui(&mut child, |ui| {
        let mut closes = ui.selectable_value(&mut chosen, None, everybody).clicked();
        for gallery in &galleries {
            if gallery.name == DEFAULT_GALLERY {
                continue;
            }
            ui.horizontal(|ui| {
                closes |= ui.selectable_value(&mut chosen, Some(gallery.name.clone()), &gallery.name).clicked();
                let words = format!("{}: {}", look.t("gallery-delete"), gallery.name);
                if Button::desk(&words, Emphasis::Quiet).icon_only(Icon::Trash2).show(ui, look).clicked() {
                    deleted = Some(gallery.name.clone());
                }
            });
        }
        if closes {
            ui.close();
        }
    });
    let _ = drawn.response.accessible_name(name);
    if let Some(name) = deleted {
        if chosen.as_ref() == Some(&name) {
            chosen = None;
        }
        send(Command::DeleteGallery(name));
    }
    if chosen != model.query.gallery {
        model.ask(|q| q.gallery = chosen);
    }
}

/// Left edges of the columns after the portrait, as shares of the row; columns that do not fit are left out.
struct Columns {
    name: (f32, f32),
    code: Option<(f32, f32)>,
    enrolled: Option<(f32, f32)>,
    changed: Option<(f32, f32)>,
    state: (f32, f32),
}

fn columns(look: &Look, row: Rect) -> Columns {
    let width = row.width();
    // Spare room goes to every column, so that a wide window leaves no gulf after the name.
    let state = look.px(150.0).max(width * 0.15);
    let (code, date) = (look.px(126.0).max(width * 0.16), look.px(126.0).max(width * 0.15));
    let fixed = look.px(76.0) + state;
    let show_code = width > fixed + look.px(180.0) + code;
    let show_enrolled = width > fixed + look.px(180.0) + code + date;
    let show_changed = width > fixed + look.px(220.0) + code + 2.0 * date;
    let mut right = row.right() - state;
    let state = (right, row.right() - look.px(12.0));
    let mut take = |shown: bool, room: f32| {
        shown.then(|| {
            right -= room;
            (right, right + room - look.px(12.0))
        })
    };
    let changed = take(show_changed, date);
    let enrolled = take(show_enrolled, date);
    let code = take(show_code, code);
    Columns { name: (row.left() + look.px(76.0), right - look.px(16.0)), code, enrolled, changed, state }
}

fn cell(row: Rect, (left, right): (f32, f32)) -> Rect {
    Rect::from_min_max(pos2(left, row.top()), pos2(right.max(left + 1.0), row.bottom()))
}

fn table_ui(ui: &mut Ui, look: &Look, rect: Rect, model: &mut GalleryModel, pictures: &mut Pictures, send: &mut dyn FnMut(Command)) {
    card::card(ui, look, rect);
    let inner = rect.shrink2(vec2(look.px(8.0), look.px(8.0)));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(38.0)));
    let at = columns(look, head);
    let style = Style::bold(look, Type::DeskCaption).colour(look.palette.ink_muted);
    text::line(ui, cell(head, at.name), Align2::LEFT_CENTER, &style, &look.t("gallery-name"));
    for (place, key) in
        [(at.code, "gallery-code"), (at.enrolled, "gallery-enrolled"), (at.changed, "gallery-changed"), (Some(at.state), "gallery-state")]
    {
        if let Some(place) = place {
            text::line(ui, cell(head, place), Align2::LEFT_CENTER, &style, &look.t(key));
        }
    }
    ui.painter().hline(head.x_range(), head.bottom(), Stroke::new(1.0, look.palette.outline));
    let list = Rect::from_min_max(pos2(inner.left(), head.bottom() + 1.0), inner.max);
    if model.total == Some(0) {
        let searching = !model.query.text.trim().is_empty() || model.query.gallery.is_some();
        let keys =
            if searching { ("gallery-nothing-found", "gallery-nothing-found-line") } else { ("gallery-empty", "gallery-empty-line") };
        empty(ui, look, list, Icon::UserRound, &format!("{}\n{}", look.t(keys.0), look.t(keys.1)));
    }
    let row_height = look.px(60.0);
    let mut child = ui.new_child(UiBuilder::new().max_rect(list));
    child.spacing_mut().item_spacing.y = 0.0;
    let total = model.total.unwrap_or(0) as usize;
    let mut in_view = 0..20u64;
    let mut opened = None;
    ScrollArea::vertical().id_salt("gallery-rows").auto_shrink([false, false]).show_rows(&mut child, row_height, total, |ui, rows| {
        in_view = rows.start as u64..rows.end as u64;
        for index in rows {
            let (row, _) = ui.allocate_exact_size(vec2(list.width(), row_height), Sense::hover());
            let index = index as u64;
            let moved = ui.input(|i| i.key_pressed(Key::ArrowDown) || i.key_pressed(Key::ArrowUp));
            if model.cursor == Some(index) && moved {
                ui.scroll_to_rect(row, None);
            }
            let Some(person) = model.row(index) else {
                placeholder_row(ui, look, row);
                continue;
            };
            let chosen = model.opening == Some(person.subject) || model.cursor == Some(index);
            if person_row(ui, look, row, person, chosen, pictures, send) {
                opened = Some((index, person.subject));
            }
        }
    });
    model.needed(in_view).into_iter().for_each(&mut *send);
    if let Some((index, subject)) = opened {
        model.cursor = Some(index);
        send(model.open(subject));
    }
}

fn placeholder_row(ui: &Ui, look: &Look, row: Rect) {
    let bar = Rect::from_center_size(row.center(), vec2(row.width() - look.px(32.0), look.px(12.0)));
    ui.painter().rect_filled(bar, bar.height() / 2.0, look.palette.surface_sunken);
}

/// What a person's state is called, in the order of importance.
#[must_use]
pub const fn state(person: &SubjectSummary) -> (Tone, Icon, &'static str) {
    match (person.held, person.origin) {
        (true, _) => (Tone::Caution, Icon::Hourglass, "state-held"),
        (false, Origin::Practice) => (Tone::Caution, Icon::TriangleAlert, "state-practice"),
        (false, Origin::File) => (Tone::Neutral, Icon::FileText, "state-file"),
        (false, Origin::Camera) => (Tone::Positive, Icon::CircleCheck, "state-active"),
    }
}

fn person_row(
    ui: &mut Ui,
    look: &Look,
    row: Rect,
    person: &SubjectSummary,
    chosen: bool,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) -> bool {
    let p = look.palette;
    let response = ui.interact(row, ui.scope_id().with(person.subject), Sense::click());
    let name = if person.display_name.0.trim().is_empty() { look.t("gallery-unnamed") } else { person.display_name.0.clone() };
    let label = look.words.with("gallery-person", &[("name", &name)]);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, chosen, &label));
    let ground = row.shrink2(vec2(0.0, look.px(2.0)));
    if chosen {
        ui.painter().rect_filled(ground, look.scale.radius_small(), p.accent_soft);
    } else if response.hovered() {
        ui.painter().rect_filled(ground, look.scale.radius_small(), p.surface_sunken);
    }
    let side = look.px(48.0);
    let picture = Rect::from_center_size(pos2(row.left() + look.px(38.0), row.center().y), vec2(side * 0.86, side));
    let shown = pictures.portrait(ui.ctx(), person.subject, send);
    portrait(ui, look, picture, shown);
    let at = columns(look, row);
    text::line(ui, cell(row, at.name), Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody), &name);
    let muted = Style::of(look, Type::DeskBody).colour(p.ink_muted);
    if let Some(place) = at.code {
        text::line(ui, cell(row, place), Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &code_in_groups(&person.registration_code));
    }
    for (place, moment) in [(at.enrolled, person.enrolled_at), (at.changed, person.updated_at)] {
        if let Some(place) = place {
            text::line(ui, cell(row, place), Align2::LEFT_CENTER, &muted, &look.words.date(moment));
        }
    }
    let (tone, icon, key) = state(person);
    let chip_rect = Rect::from_center_size(cell(row, at.state).center(), vec2(at.state.1 - at.state.0, look.px(26.0)));
    let mut child = ui.new_child(UiBuilder::new().max_rect(chip_rect).layout(Layout::left_to_right(egui::Align::Center)));
    card::chip(&mut child, look, tone, Some(icon), &look.t(key));
    if response.has_focus() {
        focus_ring(ui, look, ground.shrink(look.px(4.0)), look.scale.radius_small(), p.focus);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}
