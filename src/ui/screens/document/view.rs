//! Draws the document screen: the live picture as the camera sees it, the outline of a page over it, hints, and what was wrong last time.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::model::{self, DocumentWords};
use crate::runtime::messages::Command;
use crate::ui::dialogs::{Dialogs, Purpose};
use crate::ui::look::Look;
use crate::ui::pictures::Shown;
use crate::ui::theme::{OVER_VIDEO, Type};
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{page, shortcut, video};
use crate::workflow::input::FlowInput;
use crate::workflow::view::{DocumentView, FlowView};
use egui::{Rect, Stroke, Ui, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Draws the screen in `area`.
pub fn document_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    flow: &FlowView,
    view: &DocumentView,
    live: Option<Shown>,
    dialogs: &mut Dialogs,
    send: &mut dyn FnMut(Command),
) {
    let frame = page::kiosk(ui, look, area, Some(flow));
    let words = model::words(&look.words, view, live.is_some());
    let gap = look.px(32.0);
    let tall = frame.body.height() > frame.body.width();
    let (picture, side) = if tall {
        frame.body.split_top_bottom_at_y(frame.body.top() + (frame.body.width() * 0.62).min(frame.body.height() * 0.6))
    } else {
        frame.body.split_left_right_at_fraction(0.64)
    };
    let picture = if tall { picture } else { Rect::from_min_max(picture.min, picture.max - vec2(gap, 0.0)) };
    let side = if tall { Rect::from_min_max(side.min + vec2(0.0, gap), side.max) } else { side };
    picture_ui(ui, look, picture, view, live);
    side_ui(ui, look, side, &words);
    foot_ui(ui, look, frame.foot, &words, dialogs, send);
}

/// The live picture, not mirrored: a document is moved by looking at it.
fn picture_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &DocumentView, live: Option<Shown>) {
    let radius = look.scale.radius();
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, radius, OVER_VIDEO.backdrop);
    match live {
        Some(shown) => video::picture_filling(&painter, rect, radius, shown.texture, shown.size),
        None => {
            let disc = Rect::from_center_size(rect.center(), Vec2::splat(look.px(112.0)));
            card::disc(ui, look, disc, if view.live { Icon::Camera } else { Icon::CameraOff }, Tone::Neutral);
        }
    }
    corners(&painter, look, rect);
    if view.reading {
        painter.rect_filled(rect, radius, OVER_VIDEO.scrim);
        let disc = Rect::from_center_size(rect.center(), Vec2::splat(look.px(112.0)));
        card::disc(ui, look, disc, Icon::ScanLine, Tone::Accent);
    }
}

/// Four corners of a page of passport shape, where it is easiest to read.
fn corners(painter: &egui::Painter, look: &Look, rect: Rect) {
    let width = (rect.width() * 0.78).min(rect.height() * 0.8 * 1.42);
    let page = Rect::from_center_size(rect.center(), vec2(width, width / 1.42));
    let stroke = Stroke::new(look.px(4.0), OVER_VIDEO.ink);
    let arm = look.px(44.0);
    for (corner, x, y) in
        [(page.left_top(), 1.0, 1.0), (page.right_top(), -1.0, 1.0), (page.right_bottom(), -1.0, -1.0), (page.left_bottom(), 1.0, -1.0)]
    {
        painter.line_segment([corner, corner + vec2(arm * x, 0.0)], stroke);
        painter.line_segment([corner, corner + vec2(0.0, arm * y)], stroke);
    }
}

fn side_ui(ui: &mut Ui, look: &Look, rect: Rect, words: &DocumentWords) {
    let title = Style::of(look, Type::Title).size(look.scale.font(Type::Title).size * 0.82);
    let mut y = rect.top();
    y += text::paragraph(ui, rect, &title, &words.instruction) + look.px(24.0);
    for key in model::HINTS {
        let row = Rect::from_min_max(pos2(rect.left(), y), rect.max);
        let icon = Rect::from_min_size(row.min, Vec2::splat(look.px(30.0)));
        text::icon(ui, icon, Icon::Check, look.scale.icon(22.0), look.palette.accent);
        let room = Rect::from_min_max(pos2(icon.right() + look.px(12.0), y), rect.max);
        let used = text::paragraph(ui, room, &Style::of(look, Type::Body).colour(look.palette.ink_muted), &look.t(key));
        y += used.max(look.px(30.0)) + look.px(12.0);
    }
    if let Some((next_step, code)) = &words.refusal {
        let (ink, tint) = Tone::Caution.colours(look);
        let inner_width = rect.width() - look.px(100.0);
        let style = Style::of(look, Type::Body);
        let height = text::layout(ui, &style, next_step, inner_width).size().y + look.px(70.0);
        let panel = Rect::from_min_size(pos2(rect.left(), y + look.px(12.0)), vec2(rect.width(), height));
        ui.painter().rect_filled(panel, look.scale.radius(), tint);
        let icon = Rect::from_min_size(panel.min + vec2(look.px(20.0), look.px(20.0)), Vec2::splat(look.px(34.0)));
        text::icon(ui, icon, Icon::TriangleAlert, look.scale.icon(30.0), ink);
        let room =
            Rect::from_min_max(pos2(icon.right() + look.px(16.0), panel.top() + look.px(20.0)), panel.max - Vec2::splat(look.px(16.0)));
        let used = text::paragraph(ui, room, &style, next_step);
        let below = Rect::from_min_max(room.min + vec2(0.0, used + look.px(4.0)), room.max);
        text::paragraph(ui, below, &Style::of(look, Type::Caption).colour(look.palette.ink_muted), code);
    }
}

fn foot_ui(ui: &mut Ui, look: &Look, foot: Rect, words: &DocumentWords, dialogs: &mut Dialogs, send: &mut dyn FnMut(Command)) {
    let gap = look.px(16.0);
    let cancel_words = look.t("action-cancel");
    let cancel = Button::new(&cancel_words, Emphasis::Quiet);
    let at = Rect::from_min_size(foot.min, vec2(cancel.width(ui, look), foot.height()));
    if cancel.show_at(ui, look, at).clicked() || shortcut::back(ui) {
        send(Command::Flow(FlowInput::Cancel));
    }
    let take_words = look.t("document-take");
    let take = Button::new(&take_words, Emphasis::Primary).icon(Icon::Camera).enabled(words.can_take);
    let width = take.width(ui, look).max(look.px(280.0)).min(foot.width() * 0.42);
    let at = Rect::from_min_size(pos2(foot.right() - width, foot.top()), vec2(width, foot.height()));
    if take.show_at(ui, look, at).clicked() || (words.can_take && shortcut::primary(ui)) {
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
