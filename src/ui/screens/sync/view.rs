//! Draws the sync screen: lamps of the services, the banner, the queue.

use super::decide::decide_ui;
use super::drawer::{drawer_ui, person};
use super::model::{PAGE_ROWS, Part, SyncModel};
use super::packets::packets_ui;
use crate::ports::outbox::{DeliveryState, Operation};
use crate::runtime::messages::{Command, DeliveryRow, SyncView};
use crate::runtime::sync::summary::ServiceSummary;
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::desk::model::{DeskModel, Page};
use crate::ui::screens::desk::view::Frame;
use crate::ui::screens::today::view::empty;
use crate::ui::service_words;
use crate::ui::strings::grouped;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis, focus_ring};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::segmented;
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Key, Layout, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Draws the page.
pub fn sync_ui(
    ui: &mut Ui,
    look: &Look,
    frame: Frame,
    sync: Option<&SyncView>,
    desk: &mut DeskModel,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let Some(view) = sync else {
        return empty(ui, look, frame.body, Icon::CloudOff, &look.t("sync-none"));
    };
    let model = &mut desk.sync;
    model.needed(view).into_iter().for_each(&mut *send);
    if desk.palette.is_none() && model.decide.is_none() && !model.packets.is_open() && view.packets.is_none() {
        keys(ui, model);
    }
    actions_ui(ui, look, frame.head, view, model, send);
    let mut top = frame.body.top();
    let mut wanted = None;
    if let Some((tone, icon, words)) = service_words::banner(&look.words, view) {
        let height = banner_ui(ui, look, Rect::from_min_max(pos2(frame.body.left(), top), frame.body.max), tone, icon, &words, None).0;
        top += height + look.px(14.0);
    }
    if view.summary.services.is_empty() {
        let rest = Rect::from_min_max(pos2(frame.body.left(), top), frame.body.max);
        card::card(ui, look, rest);
        empty(ui, look, rest, Icon::CloudUpload, &look.t("sync-no-service"));
        let words = look.t("sync-to-services");
        let button = Button::desk(&words, Emphasis::Primary).icon(Icon::Server);
        let size = vec2(button.width(ui, look), look.px(42.0));
        let at = Rect::from_center_size(rest.center() + vec2(0.0, look.px(110.0)), size);
        if button.show_at(ui, look, at).clicked() {
            wanted = Some(Page::Services);
        }
    } else {
        let rest = Rect::from_min_max(pos2(frame.body.left(), top), frame.body.max);
        if let Some(subject) = queue_ui(ui, look, rest, view, model, pictures, send) {
            send(desk.gallery.open(subject));
            wanted = Some(Page::Gallery);
        }
    }
    let model = &mut desk.sync;
    decide_ui(ui, look, model, send);
    packets_ui(ui, look, &mut model.packets, &mut desk.dialogs, view.packets, send);
    if let Some(page) = wanted {
        desk.go(page).into_iter().for_each(send);
    }
}

fn keys(ui: &Ui, model: &mut SyncModel) {
    if ui.memory(|m| m.focused().is_some()) {
        return;
    }
    let pressed = |key| ui.input(|i| i.key_pressed(key));
    if pressed(Key::ArrowDown) || pressed(Key::ArrowUp) {
        model.move_cursor(if pressed(Key::ArrowDown) { 1 } else { -1 });
    }
    if pressed(Key::Enter)
        && let Some(row) = model.cursor.and_then(|at| model.rows.as_ref()?.get(at))
    {
        model.open = Some(row.entry.key);
    }
    if pressed(Key::Escape) {
        model.open = None;
    }
    if pressed(Key::PageDown) || pressed(Key::PageUp) {
        model.turn(if pressed(Key::PageDown) { 1 } else { -1 });
    }
}

fn actions_ui(ui: &mut Ui, look: &Look, head: Rect, view: &SyncView, model: &mut SyncModel, send: &mut dyn FnMut(Command)) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(head).layout(Layout::right_to_left(egui::Align::Center)));
    child.spacing_mut().item_spacing.x = look.px(8.0);
    let rests = view.packets.is_none() && !view.summary.services.is_empty();
    let narrow = head.width() < look.px(640.0);
    let press = |ui: &mut Ui, key: &str, icon: Icon, emphasis: Emphasis, enabled: bool| {
        let words = look.t(key);
        let button = Button::desk(&words, emphasis).icon(icon).enabled(enabled);
        let button = if narrow { button.icon_only(icon) } else { button };
        button.show(ui, look).clicked()
    };
    if press(&mut child, "sync-now", Icon::CloudUpload, Emphasis::Primary, rests) {
        send(Command::DeliverNow);
    }
    let (key, icon) = if view.paused { ("sync-resume", Icon::Play) } else { ("sync-pause", Icon::Pause) };
    if press(&mut child, key, icon, Emphasis::Secondary, rests) {
        send(Command::PauseDelivery(!view.paused));
    }
    if press(&mut child, "sync-import", Icon::PackageOpen, Emphasis::Secondary, view.packets.is_none()) {
        model.packets.open(true, None).into_iter().for_each(&mut *send);
    }
    if press(&mut child, "sync-export", Icon::Package, Emphasis::Secondary, rests) {
        model.packets.open(false, model.service).into_iter().for_each(&mut *send);
    }
}

/// Draws a banner at the top of `rect`, with a button at its end where one is named; returns its height and whether that was pressed.
pub(in crate::ui::screens) fn banner_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    tone: Tone,
    icon: Icon,
    words: &str,
    action: Option<&str>,
) -> (f32, bool) {
    let (ink, tint) = tone.colours(look);
    let pad = look.px(16.0);
    let button = action.map(|action| Button::desk(action, Emphasis::Secondary));
    let room = button.as_ref().map_or(0.0, |button| button.width(ui, look) + pad);
    let style = Style::of(look, Type::DeskBody);
    let left = pad * 2.0 + look.px(24.0);
    let galley = text::layout(ui, &style, words, rect.width() - left - pad - room);
    let height = (galley.size().y + look.px(22.0)).max(look.px(54.0));
    let at = Rect::from_min_size(rect.min, vec2(rect.width(), height));
    ui.painter().rect(at, look.scale.radius_small(), tint, Stroke::new(1.0, ink), StrokeKind::Inside);
    let sign = Rect::from_min_size(at.min + vec2(pad, 0.0), vec2(look.px(24.0), height));
    text::icon(ui, sign, icon, look.scale.icon(20.0), ink);
    let said = Rect::from_min_max(pos2(at.left() + left, at.top()), pos2(at.right() - pad - room, at.bottom()));
    let placed = text::place(ui, said, Align2::LEFT_CENTER, &style, words, galley);
    ui.ctx().accesskit_node_builder(placed.id, |node| node.set_live(egui::accesskit::Live::Polite));
    let mut pressed = false;
    if let Some(button) = button {
        let place = Rect::from_center_size(
            pos2(at.right() - pad - (room - pad) / 2.0, at.center().y),
            vec2(room - pad, look.px(38.0).min(height - look.px(8.0))),
        );
        pressed = button.show_at(ui, look, place).clicked();
    }
    (height, pressed)
}

/// Lamps, tools, table and drawer; the answer is a person whose page is wanted.
fn queue_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    view: &SyncView,
    model: &mut SyncModel,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) -> Option<crate::ports::gallery::SubjectId> {
    let gap = look.px(16.0);
    let services = &view.summary.services;
    let columns = if rect.width() < look.px(860.0) { 2 } else { services.len().clamp(1, 5) };
    let width = (rect.width() - gap * (columns - 1) as f32) / columns as f32;
    let width = width.min(look.px(420.0));
    let height = look.px(128.0);
    for (i, service) in services.iter().enumerate() {
        let at = rect.min + vec2((i % columns) as f32 * (width + gap), (i / columns) as f32 * (height + gap));
        lamp_ui(ui, look, Rect::from_min_size(at, vec2(width, height)), view, service, model);
    }
    let below = rect.top() + services.len().div_ceil(columns) as f32 * (height + gap);
    let tools = Rect::from_min_size(pos2(rect.left(), below), vec2(rect.width(), look.px(42.0)));
    tools_ui(ui, look, tools, view, model);
    let mut table = Rect::from_min_max(pos2(rect.left(), tools.bottom() + look.px(14.0)), rect.max);
    let mut wanted = None;
    if model.opened().is_some() {
        let wide = look.px(430.0).min(rect.width() * 0.5);
        let side = Rect::from_min_max(pos2(rect.right() - wide, table.top()), table.max);
        table.max.x = side.left() - gap;
        wanted = drawer_ui(ui, look, side, model, pictures, send);
    }
    table_ui(ui, look, table, model);
    wanted
}

fn lamp_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &SyncView, service: &ServiceSummary, model: &mut SyncModel) {
    let p = look.palette;
    let Some(kind) = service.service else { return };
    let (tone, icon, key) = service_words::lane(view, service);
    let (name, state) = (service_words::name(&look.words, kind), look.t(key));
    let sum = |part: Part| part.states().iter().map(|state| service.count(*state)).sum::<u64>();
    let (waiting, attention) = (sum(Part::Waiting), sum(Part::Attention));
    let counts = [look.words.n("sync-count-waiting", waiting), look.words.n("sync-count-attention", attention)];
    let response = ui.interact(rect, ui.scope_id().with(("lamp", kind)), Sense::click());
    let chosen = model.service == Some(kind);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, format!("{name}: {state}. {}. {}", counts[0], counts[1])));
    card::card(ui, look, rect);
    if chosen || response.hovered() {
        let line = Stroke::new(look.px(if chosen { 2.0 } else { 1.0 }), p.accent);
        ui.painter().rect_stroke(rect, look.scale.radius(), line, StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(look.px(18.0), look.px(14.0)));
    let disc = Rect::from_min_size(inner.min, Vec2::splat(look.px(36.0)));
    card::disc(ui, look, disc, icon, tone);
    let words = Rect::from_min_max(pos2(disc.right() + look.px(12.0), disc.top()), pos2(inner.right(), disc.bottom()));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.52);
    text::line(ui, upper, Align2::LEFT_BOTTOM, &Style::bold(look, Type::DeskBody), &name);
    let ink = tone.colours(look).0;
    text::line(ui, lower, Align2::LEFT_TOP, &Style::of(look, Type::DeskCaption).colour(ink), &state);
    let muted = Style::of(look, Type::DeskCaption).colour(p.ink_muted);
    let contact = service
        .last_contact
        .map_or_else(|| look.t("sync-contact-none"), |at| look.words.with("sync-contact", &[("when", &look.words.moment(at))]));
    let lines = [
        (counts.join(" · "), if attention > 0 { Style::bold(look, Type::DeskCaption) } else { Style::of(look, Type::DeskCaption) }),
        (service.guarantee.map_or_else(String::new, |g| look.t(service_words::guarantee(g))), muted.clone()),
        (contact, muted),
    ];
    let row = look.px(20.0);
    let start = disc.bottom() + look.px(6.0);
    for (i, (said, style)) in lines.iter().filter(|(said, _)| !said.is_empty()).enumerate() {
        let at = Rect::from_min_size(pos2(inner.left(), start + i as f32 * row), vec2(inner.width(), row));
        text::line(ui, at, Align2::LEFT_CENTER, style, said);
    }
    if response.has_focus() {
        focus_ring(ui, look, rect, look.scale.radius(), p.focus);
    }
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
        model.show(model.part, if chosen { None } else { Some(kind) });
    }
}

fn tools_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &SyncView, model: &mut SyncModel) {
    let counted = |part: Part| {
        let of = view.summary.services.iter().filter(|service| model.service.is_none() || service.service == model.service);
        let states = if part == Part::All { DeliveryState::ALL.to_vec() } else { part.states() };
        of.map(|service| states.iter().map(|state| service.count(*state)).sum::<u64>()).sum::<u64>()
    };
    let names: Vec<String> = Part::ALL.iter().map(|part| format!("{} {}", look.t(part.key()), grouped(counted(*part)))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let at = Part::ALL.iter().position(|part| *part == model.part).unwrap_or(0);
    let pages = look.px(250.0).min(rect.width() * 0.36);
    let width = segmented::width(ui, look, &names, Type::DeskBody).min(rect.width() - pages - look.px(12.0));
    let place = Rect::from_min_size(rect.min, vec2(width, rect.height()));
    if let Some(chosen) = segmented::show_at(ui, look, place, &look.t("sync-part"), &names, at, Type::DeskBody) {
        model.show(Part::ALL[chosen], model.service);
    }
    pages_ui(ui, look, Rect::from_min_max(pos2(rect.right() - pages, rect.top()), rect.max), model);
}

/// `1–50 of 1 204`, and the buttons that turn.
fn pages_ui(ui: &mut Ui, look: &Look, rect: Rect, model: &mut SyncModel) {
    if model.total <= u64::from(PAGE_ROWS) {
        return;
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(egui::Align::Center)));
    let last = (model.offset + u64::from(PAGE_ROWS)).min(model.total);
    for (key, icon, pages, enabled) in
        [("sync-next-page", Icon::ChevronRight, 1, last < model.total), ("sync-previous-page", Icon::ChevronLeft, -1, model.offset > 0)]
    {
        let words = look.t(key);
        if Button::desk(&words, Emphasis::Quiet).icon_only(icon).enabled(enabled).show(&mut child, look).clicked() {
            model.turn(pages);
        }
    }
    let texts = [("from", grouped(model.offset + 1)), ("to", grouped(last)), ("of", grouped(model.total))];
    let words = look.words.with("sync-page", &texts.each_ref().map(|(key, text)| (*key, text.as_str())));
    let at = Rect::from_min_max(rect.min, pos2(rect.right() - look.px(94.0), rect.bottom()));
    text::line(ui, at, Align2::RIGHT_CENTER, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &words);
}

/// Columns of a row, as shares of its width.
struct Columns {
    state: Rect,
    person: Rect,
    service: Option<Rect>,
    when: Option<Rect>,
    what: Option<Rect>,
}

fn columns(look: &Look, row: Rect) -> Columns {
    let state_width = look.px(206.0);
    let mut right = row.right() - look.px(12.0);
    let mut take = |shown: bool, width: f32| {
        shown.then(|| {
            let at = Rect::from_min_max(pos2(right - width, row.top()), pos2(right - look.px(12.0), row.bottom()));
            right -= width;
            at
        })
    };
    let wide = row.width();
    let what = take(wide > look.px(980.0), (wide * 0.3).min(look.px(460.0)));
    let when = take(wide > look.px(560.0), look.px(160.0));
    let service = take(wide > look.px(700.0), look.px(130.0));
    let state = Rect::from_min_size(row.min + vec2(look.px(10.0), 0.0), vec2(state_width - look.px(10.0), row.height()));
    let person = Rect::from_min_max(pos2(state.right() + look.px(12.0), row.top()), pos2(right - look.px(8.0), row.bottom()));
    Columns { state, person, service, when, what }
}

fn table_ui(ui: &mut Ui, look: &Look, rect: Rect, model: &mut SyncModel) {
    card::card(ui, look, rect);
    let inner = rect.shrink(look.px(8.0));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(36.0)));
    let at = columns(look, head);
    let style = Style::bold(look, Type::DeskCaption).colour(look.palette.ink_muted);
    let titles = [
        (Some(at.state), "sync-column-state"),
        (Some(at.person), "sync-column-person"),
        (at.service, "sync-column-service"),
        (at.when, "sync-column-when"),
        (at.what, "sync-column-what"),
    ];
    for (place, key) in titles {
        if let Some(place) = place {
            text::line(ui, place, Align2::LEFT_CENTER, &style, &look.t(key));
        }
    }
    ui.painter().hline(head.x_range(), head.bottom(), Stroke::new(1.0, look.palette.outline));
    let list = Rect::from_min_max(pos2(inner.left(), head.bottom() + 1.0), inner.max);
    let Some(rows) = model.rows.clone() else { return };
    if rows.is_empty() {
        let key = if model.part == Part::Attention { "sync-empty-attention" } else { "sync-empty" };
        return empty(ui, look, list, Icon::CircleCheck, &look.t(key));
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(list));
    child.spacing_mut().item_spacing.y = 0.0;
    let height = look.px(48.0);
    ScrollArea::vertical().id_salt("deliveries").auto_shrink([false, false]).show_rows(&mut child, height, rows.len(), |ui, shown| {
        for index in shown {
            let (row, _) = ui.allocate_exact_size(vec2(list.width(), height), Sense::hover());
            let chosen = model.open == Some(rows[index].entry.key) || model.cursor == Some(index);
            if model.cursor == Some(index) && ui.input(|i| i.key_pressed(Key::ArrowDown) || i.key_pressed(Key::ArrowUp)) {
                ui.scroll_to_rect(row, None);
            }
            if row_ui(ui, look, row, &rows[index], chosen) {
                model.cursor = Some(index);
                model.open = Some(rows[index].entry.key);
            }
        }
    });
}

fn row_ui(ui: &mut Ui, look: &Look, row: Rect, delivery: &DeliveryRow, chosen: bool) -> bool {
    let p = look.palette;
    let entry = &delivery.entry;
    let (tone, icon, key) = service_words::state(entry.progress.state);
    let (who, state, service) = (person(look, delivery), look.t(key), service_words::name(&look.words, entry.service));
    let response = ui.interact(row, ui.scope_id().with(("delivery", entry.key)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, chosen, format!("{who}, {service}: {state}")));
    let ground = row.shrink2(vec2(0.0, look.px(2.0)));
    if chosen {
        ui.painter().rect_filled(ground, look.scale.radius_small(), p.accent_soft);
    } else if response.hovered() {
        ui.painter().rect_filled(ground, look.scale.radius_small(), p.surface_sunken);
    }
    let at = columns(look, row);
    let chip = Rect::from_center_size(at.state.center(), vec2(at.state.width(), look.px(26.0)));
    let mut child = ui.new_child(UiBuilder::new().max_rect(chip).layout(Layout::left_to_right(egui::Align::Center)));
    card::chip(&mut child, look, tone, Some(icon), &state);
    text::line(ui, at.person, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody), &who);
    let muted = Style::of(look, Type::DeskBody).colour(p.ink_muted);
    if let Some(place) = at.service {
        text::line(ui, place, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &service);
    }
    if let Some(place) = at.when {
        text::line(ui, place, Align2::LEFT_CENTER, &muted, &look.words.moment(entry.changed_at));
    }
    if let Some(place) = at.what {
        let said = match &entry.fault {
            Some(error) => service_words::fault(&look.words, error),
            None if entry.operation == Operation::Delete => look.t("sync-deletion"),
            None => look.t("sync-enrolment"),
        };
        let galley = text::layout(ui, &Style::of(look, Type::DeskCaption).colour(p.ink_muted).rows(2), &said, place.width());
        text::place(ui, place, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption).colour(p.ink_muted), &said, galley);
    }
    if response.has_focus() {
        focus_ring(ui, look, ground.shrink(look.px(4.0)), look.scale.radius_small(), p.focus);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}
