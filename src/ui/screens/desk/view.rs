//! Draws the desk: the rail at the left, the page, the status bar, and the command palette over all of it.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::model::{Action, DeskModel, Page};
use super::{palette, status_bar};
use crate::runtime::messages::{Command, Snapshot};
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens;
use crate::ui::strings::grouped;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis, focus_ring};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{figure, ribbon};
use crate::ui::window::Options;
use egui::{Align2, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Rectangles of a desk page.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Title and actions.
    pub head: Rect,
    /// Everything else.
    pub body: Rect,
}

/// Draws rail and status bar in `screen`; returns the room for the page.
pub fn chrome_ui(ui: &mut Ui, look: &Look, screen: Rect, snapshot: &Snapshot, desk: &mut DeskModel, send: &mut dyn FnMut(Command)) -> Rect {
    // Counts, days offline and threads that end change without anybody pressing anything.
    ui.ctx().request_repaint_after(std::time::Duration::from_secs(1));
    let bar_height = look.px(38.0);
    let narrow = screen.width() < look.px(1240.0);
    let rail_width = if narrow { look.px(76.0) } else { look.px(224.0) };
    let bar = Rect::from_min_max(pos2(screen.left(), screen.bottom() - bar_height), screen.max);
    let rail = Rect::from_min_max(screen.min, pos2(screen.left() + rail_width, bar.top()));
    let attention = snapshot.status.sync.as_ref().map_or(0, |sync| sync.summary.attention());
    rail_ui(ui, look, rail, narrow, attention, desk, send);
    status_bar::show(ui, look, bar, &snapshot.status);
    if ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::K)) {
        desk.palette = if desk.palette.is_some() { None } else { Some(super::model::Palette::default()) };
    }
    Rect::from_min_max(pos2(rail.right(), screen.top()), pos2(screen.right(), bar.top()))
}

/// Draws the palette over `screen` and does what was chosen.
pub fn palette_ui(ui: &mut Ui, look: &Look, screen: Rect, desk: &mut DeskModel, options: &mut Options, send: &mut dyn FnMut(Command)) {
    let Some(action) = palette::show(ui, look, screen, &mut desk.palette) else { return };
    match action {
        Action::Go(page) => desk.go(page).into_iter().for_each(send),
        Action::Send(command) => send(command),
        Action::ToggleTheme => options.theme = options.theme.toggled(),
        Action::ToggleMotion => options.reduced_motion = !options.reduced_motion,
        Action::Speak(language) => options.language = language,
        Action::Find(wanted) => {
            desk.gallery.ask(|q| q.text = wanted);
            desk.go(Page::Gallery).into_iter().for_each(send);
        }
    }
}

/// Draws the page that is chosen, in `area`.
pub fn page_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    snapshot: &Snapshot,
    desk: &mut DeskModel,
    options: &mut Options,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let page = desk.page;
    let practice = snapshot.status.practice;
    match page {
        Page::Today => {
            let frame = frame(ui, look, area, practice, "today-title");
            screens::today::view::today_ui(ui, look, frame, snapshot.status.sync.as_ref(), desk, pictures, send);
        }
        Page::Verify | Page::Enrol | Page::Identify | Page::Documents => screens::start::view::start_ui(ui, look, area, page, desk, send),
        Page::Gallery => {
            let frame = frame(ui, look, area, practice, "gallery-title");
            screens::gallery::view::gallery_ui(ui, look, area, frame, &snapshot.status, desk, pictures, send);
        }
        Page::Sync => {
            let frame = frame(ui, look, area, practice, "sync-title");
            screens::sync::view::sync_ui(ui, look, frame, snapshot.status.sync.as_ref(), desk, pictures, send);
        }
        Page::Services => {
            let frame = frame(ui, look, area, practice, "services-title");
            let (status, model) = (&snapshot.status, &mut desk.services);
            screens::services::view::services_ui(ui, look, frame, model, status.sync.as_ref(), status.settings.changeable, send);
        }
        Page::Devices => {
            let frame = frame(ui, look, area, practice, "devices-title");
            screens::devices::view::devices_ui(ui, look, frame, snapshot, desk, pictures, send);
        }
        Page::Settings => {
            let frame = frame(ui, look, area, practice, "settings-title");
            let (previewing, draft) = (&mut desk.previewing, &mut desk.settings);
            screens::settings::view::settings_ui(ui, look, frame, snapshot, options, previewing, draft, pictures, send);
        }
    }
}

/// Draws a page's title; the ribbon's corner stays free of actions.
fn frame(ui: &mut Ui, look: &Look, area: Rect, practice: bool, title_key: &str) -> Frame {
    let margin = look.px(32.0);
    let head = Rect::from_min_size(area.min + vec2(margin, look.px(26.0)), vec2(area.width() - 2.0 * margin, look.px(44.0)));
    let title = text::line(ui, head, Align2::LEFT_CENTER, &Style::of(look, Type::DeskTitle), &look.t(title_key));
    let corner = if practice { ribbon::reach(look) - margin } else { 0.0 };
    let actions = Rect::from_min_max(pos2(title.right() + look.px(24.0), head.top()), pos2(head.right() - corner, head.bottom()));
    let body = Rect::from_min_max(pos2(head.left(), head.bottom() + look.px(18.0)), pos2(head.right(), area.bottom() - look.px(24.0)));
    Frame { head: actions, body }
}

fn rail_ui(ui: &mut Ui, look: &Look, rail: Rect, narrow: bool, attention: u64, desk: &mut DeskModel, send: &mut dyn FnMut(Command)) {
    let p = look.palette;
    ui.painter().rect_filled(rail, 0.0, p.surface_raised);
    ui.painter().vline(rail.right(), rail.y_range(), Stroke::new(1.0, p.outline));
    let pad = look.px(14.0);
    let brand = Rect::from_min_size(rail.min + vec2(look.px(22.0), look.px(28.0)), vec2(rail.width() - 2.0 * pad, look.px(34.0)));
    if narrow {
        figure::mark(
            ui.painter(),
            Rect::from_center_size(pos2(rail.center().x, brand.center().y), vec2(brand.height(), brand.height())),
            p.accent,
        );
    } else {
        figure::brand_line(ui, look, brand, p.accent, Type::Body);
    }
    let height = look.px(46.0);
    let mut y = brand.bottom() + look.px(28.0);
    for page in Page::ALL {
        let at = Rect::from_min_size(pos2(rail.left() + pad, y), vec2(rail.width() - 2.0 * pad, height));
        y += height + look.px(4.0);
        let badge = if page == Page::Sync { attention } else { 0 };
        if rail_item(ui, look, at, page, narrow, page == desk.page, badge) {
            desk.go(page).into_iter().for_each(&mut *send);
        }
    }
    let words = if narrow { look.t("palette-open") } else { format!("{}  {}", look.t("palette-open"), look.t("palette-keys")) };
    let at =
        Rect::from_min_size(pos2(rail.left() + pad, rail.bottom() - pad - look.px(40.0)), vec2(rail.width() - 2.0 * pad, look.px(40.0)));
    let button = Button::desk(&words, Emphasis::Secondary).icon(Icon::Search);
    let button = if narrow { button.icon_only(Icon::Search) } else { button };
    if button.show_at(ui, look, at).clicked() {
        desk.palette = Some(super::model::Palette::default());
    }
}

/// How many need a person, at the right end of `rect`; returns the width it took.
fn badge_ui(ui: &Ui, look: &Look, rect: Rect, count: u64) -> f32 {
    let (ink, tint) = (look.palette.on_negative, look.palette.negative);
    let style = Style::bold(look, Type::DeskCaption).colour(ink).rows(1);
    let galley = text::layout(ui, &style, &grouped(count), f32::INFINITY);
    let size = vec2((galley.size().x + look.px(14.0)).max(look.px(24.0)), look.px(22.0));
    let at = Rect::from_min_size(pos2(rect.right() - size.x, rect.center().y - size.y / 2.0), size);
    ui.painter().rect_filled(at, size.y / 2.0, tint);
    let place = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), at);
    ui.painter().galley(place.min, galley, ink);
    size.x + look.px(8.0)
}

fn rail_item(ui: &mut Ui, look: &Look, rect: Rect, page: Page, narrow: bool, chosen: bool, badge: u64) -> bool {
    let p = look.palette;
    let (key, icon) = page.words();
    let words = look.t(key);
    let response = ui.interact(rect, ui.scope_id().with(("rail", key)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, &words));
    let radius = look.scale.radius_small();
    if chosen {
        ui.painter().rect_filled(rect, radius, p.accent_soft);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, p.surface_sunken);
    }
    let ink = if chosen { p.accent } else { p.ink_muted };
    let icon_width = if narrow { rect.width() } else { look.px(46.0) };
    text::icon(ui, Rect::from_min_size(rect.min, vec2(icon_width, rect.height())), icon, look.scale.icon(20.0), ink);
    if narrow {
        response.clone().on_hover_text(&words);
    } else {
        let style = if chosen { Style::bold(look, Type::DeskBody) } else { Style::of(look, Type::DeskBody) };
        let mut at = Rect::from_min_max(rect.min + vec2(icon_width, 0.0), rect.max - vec2(look.px(8.0), 0.0));
        if badge > 0 {
            at.max.x -= badge_ui(ui, look, at, badge);
        }
        let galley = text::layout_fitted(ui, &style, &words, at.width());
        let place = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), at);
        ui.painter().galley(place.min, galley, p.ink);
    }
    if response.has_focus() {
        focus_ring(ui, look, rect, radius, p.focus);
    }
    response.clicked()
}
