//! Draws the document screen: the live picture as the camera sees it with the outline found in it, one instruction with the ring that fills,
//! and beside it the sides taken, hints, and what was wrong last time.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::model::{self, DocumentWords, Outline, Primary};
use super::overlay;
use super::stated::{self, StatedModel};
use crate::runtime::messages::Command;
use crate::ui::dialogs::{Dialogs, Purpose};
use crate::ui::look::Look;
use crate::ui::pictures::{Pictures, Shown};
use crate::ui::theme::{self, OVER_VIDEO, Type};
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::video::{self, Placement};
use crate::ui::widgets::{page, ring, shortcut};
use crate::workflow::input::FlowInput;
use crate::workflow::view::{DocumentView, FlowView};
use egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Draws the screen in `area`.
pub fn document_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    flow: &FlowView,
    view: &DocumentView,
    live: Option<Shown>,
    pictures: &mut Pictures,
    dialogs: &mut Dialogs,
    stated: &mut StatedModel,
    send: &mut dyn FnMut(Command),
) {
    let frame = page::kiosk(ui, look, area, Some(flow));
    let words = model::words(&look.words, view, live.is_some());
    let gap = look.px(32.0);
    let tall = frame.body.height() > frame.body.width();
    let (picture, side) = if tall {
        frame.body.split_top_bottom_at_y(frame.body.top() + (frame.body.width() * 0.72).min(frame.body.height() * 0.6))
    } else {
        frame.body.split_left_right_at_fraction(0.68)
    };
    let picture = if tall { picture } else { Rect::from_min_max(picture.min, picture.max - vec2(gap, 0.0)) };
    let side = if tall { Rect::from_min_max(side.min + vec2(0.0, gap), side.max) } else { side };
    picture_ui(ui, look, picture, view, &words, live, pictures);
    instruction_ui(ui, look, picture, &words);
    // Before the keys of the screen: while the form is open they are the form's.
    foot_ui(ui, look, frame.foot, &words, stated::is_open(look, view.stated.as_ref()), dialogs, send);
    match view.stated.as_ref().filter(|_| look.officer()) {
        Some(form) if form.open => stated::form_ui(ui, look, side, form, stated, send),
        form => {
            stated.wipe(ui.ctx());
            let end = side_ui(ui, look, side, view, &words, pictures, send);
            if let Some(form) = form {
                let below = Rect::from_min_max(pos2(side.left(), end + look.px(20.0)), side.max);
                stated::button_ui(ui, look, below, form, send);
            }
        }
    }
}

/// Height of the band with the instruction.
fn band(look: &Look) -> f32 {
    look.px(112.0)
}

/// The live picture, not mirrored: a document is moved by looking at it.
fn picture_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    view: &DocumentView,
    words: &DocumentWords,
    live: Option<Shown>,
    pictures: &mut Pictures,
) {
    let radius = look.scale.radius();
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, radius, OVER_VIDEO.backdrop);
    let below = Rect::from_min_max(rect.min + vec2(0.0, band(look)), rect.max);
    let waits = view.stated.as_ref().is_some_and(|stated| stated.waited_for);
    if let Some(taken) = view.pages.last().filter(|_| view.reading || waits) {
        let shown = pictures.kept(ui.ctx(), taken);
        let place = Placement::inside(shown.size, below.shrink(look.px(24.0))).on_screen;
        video::picture_filling(&painter, place, look.scale.radius_small(), shown.texture, shown.size);
        if waits {
            return;
        }
    }
    if view.reading {
        let spin = Rect::from_center_size(below.center(), Vec2::splat(look.px(112.0)));
        painter.circle_filled(spin.center(), look.px(76.0), OVER_VIDEO.scrim);
        let track = theme::faded(OVER_VIDEO.positive, 0.25);
        return ring::waiting(ui, spin, look.px(10.0), OVER_VIDEO.positive, track, look.reduced_motion);
    }
    let Some(shown) = live else {
        let disc = Rect::from_center_size(below.center(), Vec2::splat(look.px(112.0)));
        return card::disc(ui, look, disc, if view.live { Icon::Camera } else { Icon::CameraOff }, Tone::Neutral);
    };
    let placed = Placement::covering(shown.size, rect);
    video::picture_filling(&painter, rect, radius, shown.texture, shown.size);
    if words.turning {
        return overlay::turn_over(ui, look, rect, below);
    }
    match view.capture.as_ref().and_then(|c| c.outline) {
        Some(outline) => {
            let good = words.outline == Outline::Good;
            overlay::outline(&painter, look, &placed, &outline, good);
        }
        None => overlay::corners(&painter, look, below.shrink(look.px(28.0))),
    }
    if let Some(glare) = view.capture.as_ref().and_then(|c| c.glare) {
        overlay::glare(&painter, look, &placed, &glare);
    }
}

/// The one instruction over the picture: ring with icon, then words; spoken by a screen reader whenever it changes.
fn instruction_ui(ui: &mut Ui, look: &Look, picture: Rect, words: &DocumentWords) {
    let mut radius = look.scale.radius();
    (radius.sw, radius.se) = (0, 0);
    let rect = Rect::from_min_size(picture.min, vec2(picture.width(), band(look)));
    ui.painter().rect_filled(rect, radius, OVER_VIDEO.scrim);
    let good = words.outline == Outline::Good;
    let ink = if good { OVER_VIDEO.positive } else { OVER_VIDEO.ink };
    let disc = Rect::from_center_size(pos2(rect.left() + look.px(68.0), rect.center().y), Vec2::splat(look.px(72.0)));
    ring::arc(ui.painter(), disc, 0.0, 1.0, look.px(7.0), OVER_VIDEO.track);
    let filled =
        ui.ctx().animate_value_with_time(egui::Id::unique("document-ring"), words.progress.clamp(0.0, 1.0), look.transition_secs());
    ring::arc(ui.painter(), disc, 0.0, filled, look.px(7.0), OVER_VIDEO.positive);
    text::icon(ui, disc, words.icon, look.scale.icon(34.0), ink);
    let room = Rect::from_min_max(pos2(disc.right() + look.px(24.0), rect.top()), rect.max - vec2(look.px(24.0), 0.0));
    let size = look.scale.font(Type::Instruction).size * 0.66;
    let style = Style::of(look, Type::Instruction).size(size).colour(OVER_VIDEO.ink).rows(2);
    let galley = text::layout_fitted(ui, &style, &words.instruction, room.width());
    let at = pos2(room.left(), room.center().y - galley.size().y / 2.0);
    let response = ui.interact(rect, egui::Id::unique("document-instruction"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words.instruction));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
    ui.painter().galley(at, galley, style.colour);
}

/// Hints or sides, and what was wrong last time; returns where they end.
fn side_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    view: &DocumentView,
    words: &DocumentWords,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) -> f32 {
    let mut y = rect.top();
    if words.sides.is_empty() {
        // What to do about a refusal stands in place of the hints: there is no room for both in a low window.
        if words.refusal.is_none() {
            y = hints_ui(ui, look, rect);
        }
    } else {
        y = sides_ui(ui, look, Rect::from_min_max(pos2(rect.left(), y), rect.max), view, words, pictures);
        y = choices_ui(ui, look, Rect::from_min_max(pos2(rect.left(), y + look.px(20.0)), rect.max), words, send);
    }
    if let Some((next_step, code)) = &words.refusal {
        y = refusal_ui(ui, look, Rect::from_min_max(pos2(rect.left(), y + look.px(12.0)), rect.max), next_step, code);
    }
    y
}

fn hints_ui(ui: &mut Ui, look: &Look, rect: Rect) -> f32 {
    let title = Style::bold(look, Type::Heading);
    let mut y = rect.top() + text::paragraph(ui, rect, &title, &look.t("document-captured-line")) + look.px(20.0);
    for key in model::HINTS {
        let row = Rect::from_min_max(pos2(rect.left(), y), rect.max);
        let icon = Rect::from_min_size(row.min, Vec2::splat(look.px(30.0)));
        text::icon(ui, icon, Icon::Check, look.scale.icon(22.0), look.palette.accent);
        let room = Rect::from_min_max(pos2(icon.right() + look.px(12.0), y), rect.max);
        let used = text::paragraph(ui, room, &Style::of(look, Type::Body).colour(look.palette.ink_muted), &look.t(key));
        y += used.max(look.px(30.0)) + look.px(12.0);
    }
    y
}

/// Cards of the sides, beside each other: a picture where it is taken, an empty place where it is wanted. Returns where they end.
fn sides_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &DocumentView, words: &DocumentWords, pictures: &mut Pictures) -> f32 {
    let gap = look.px(16.0);
    // Side by side, for two even where one is there, so that nothing jumps.
    let width = ((rect.width() - gap) / 2.0).min(look.px(330.0));
    let picture_height = width / 1.42;
    let caption = look.px(40.0);
    for (i, side) in words.sides.iter().enumerate() {
        let min = rect.min + vec2(i as f32 * (width + gap), 0.0);
        let place = Rect::from_min_size(min, vec2(width, picture_height));
        let radius = look.scale.radius_small();
        ui.painter().rect(place, radius, look.palette.surface_sunken, Stroke::new(1.0, look.palette.outline_strong), StrokeKind::Inside);
        match view.pages.get(i) {
            Some(taken) => {
                let shown = pictures.kept(ui.ctx(), taken);
                let inside = Placement::inside(shown.size, place.shrink(look.px(6.0))).on_screen;
                video::picture_filling(ui.painter(), inside, radius, shown.texture, shown.size);
            }
            None => text::icon(ui, place, Icon::ScanLine, look.scale.icon(40.0), look.palette.ink_muted),
        }
        let row = Rect::from_min_size(pos2(place.left(), place.bottom()), vec2(width, caption));
        let (icon, ink) = if side.taken { (Icon::CircleCheck, look.palette.positive) } else { (Icon::Circle, look.palette.ink_muted) };
        let at = Rect::from_min_size(row.min, vec2(look.px(24.0), caption));
        text::icon(ui, at, icon, look.scale.icon(20.0), ink);
        let room = Rect::from_min_max(pos2(at.right() + look.px(8.0), row.top()), row.max);
        text::line(ui, room, egui::Align2::LEFT_CENTER, &Style::of(look, Type::Caption), &side.label);
        let key = if side.taken { "document-page-taken" } else { "document-page-wanted" };
        let spoken = look.words.with(key, &[("side", side.label.as_str())]);
        let response = ui.interact(place, egui::Id::unique(("document-side", i)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    }
    rect.top() + picture_height + caption
}

/// What can be done about the sides: begin again, go on without the other one. Returns where the buttons end.
fn choices_ui(ui: &mut Ui, look: &Look, rect: Rect, words: &DocumentWords, send: &mut dyn FnMut(Command)) -> f32 {
    let choices = [
        (words.can_skip, "document-one-side", Icon::ArrowRight, FlowInput::OneSideOnly),
        (words.can_restart, "document-again", Icon::RotateCcw, FlowInput::RetakeDocument),
    ];
    let (mut x, mut y, height) = (rect.left(), rect.top(), look.scale.touch());
    let gap = look.px(12.0);
    for (_, key, icon, input) in choices.into_iter().filter(|(shown, ..)| *shown) {
        let label = look.t(key);
        let button = Button::new(&label, Emphasis::Secondary).icon(icon);
        let width = button.width(ui, look).min(rect.width());
        if x > rect.left() && x + width > rect.right() {
            (x, y) = (rect.left(), y + height + gap);
        }
        if button.show_at(ui, look, Rect::from_min_size(pos2(x, y), vec2(width, height))).clicked() {
            send(Command::Flow(input));
        }
        x += width + gap;
    }
    if x > rect.left() { y + height } else { y }
}

/// Returns where it ends.
fn refusal_ui(ui: &mut Ui, look: &Look, rect: Rect, next_step: &str, code: &str) -> f32 {
    let (ink, tint) = Tone::Caution.colours(look);
    let inner_width = rect.width() - look.px(100.0);
    let style = Style::of(look, Type::Body);
    let height = text::layout(ui, &style, next_step, inner_width).size().y + look.px(70.0);
    let panel = Rect::from_min_size(rect.min, vec2(rect.width(), height));
    ui.painter().rect_filled(panel, look.scale.radius(), tint);
    let icon = Rect::from_min_size(panel.min + vec2(look.px(20.0), look.px(20.0)), Vec2::splat(look.px(34.0)));
    text::icon(ui, icon, Icon::TriangleAlert, look.scale.icon(30.0), ink);
    let room = Rect::from_min_max(pos2(icon.right() + look.px(16.0), panel.top() + look.px(20.0)), panel.max - Vec2::splat(look.px(16.0)));
    let used = text::paragraph(ui, room, &style, next_step);
    let below = Rect::from_min_max(room.min + vec2(0.0, used + look.px(4.0)), room.max);
    text::paragraph(ui, below, &Style::of(look, Type::Caption).colour(look.palette.ink_muted), code);
    panel.bottom()
}

/// - `typing`: whether the keys belong to the form of what the person states.
fn foot_ui(
    ui: &mut Ui,
    look: &Look,
    foot: Rect,
    words: &DocumentWords,
    typing: bool,
    dialogs: &mut Dialogs,
    send: &mut dyn FnMut(Command),
) {
    let gap = look.px(16.0);
    let cancel_words = look.t("action-cancel");
    let cancel = Button::new(&cancel_words, Emphasis::Quiet);
    let at = Rect::from_min_size(foot.min, vec2(cancel.width(ui, look), foot.height()));
    if cancel.show_at(ui, look, at).clicked() || (!typing && shortcut::back(ui)) {
        send(Command::Flow(FlowInput::Cancel));
    }
    // Begun again, or taken as it is: the capture takes good pictures by itself.
    let (key, icon) = match words.primary {
        Primary::Take => ("document-take", Icon::Camera),
        Primary::Again => ("document-again", Icon::RotateCcw),
    };
    let emphasis = if typing { Emphasis::Secondary } else { Emphasis::Primary };
    let take_words = look.t(key);
    let take = Button::new(&take_words, emphasis).icon(icon).enabled(words.can_take);
    let width = take.width(ui, look).max(look.px(280.0)).min(foot.width() * 0.42);
    let at = Rect::from_min_size(pos2(foot.right() - width, foot.top()), vec2(width, foot.height()));
    if take.show_at(ui, look, at).clicked() || (words.can_take && !typing && shortcut::primary(ui)) {
        send(Command::Flow(FlowInput::TakeDocument));
    }
    let open_words = look.t("document-open");
    let open = Button::new(&open_words, Emphasis::Secondary).icon(Icon::FolderOpen).enabled(words.can_open);
    let width = open.width(ui, look).min(foot.width() * 0.34);
    let at = Rect::from_min_size(pos2(at.left() - gap - width, foot.top()), vec2(width, foot.height()));
    if open.show_at(ui, look, at).clicked() {
        dialogs.ask(Purpose::Scan, &look.t("document-open-title"), ui.ctx());
    }
    if let Some(path) = dialogs.take(Purpose::Scan) {
        send(Command::Flow(FlowInput::OpenDocument(path)));
    }
}
