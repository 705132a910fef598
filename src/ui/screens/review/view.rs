//! Draws the review screen: the portrait card, what was entered, and for an officer who is alike.

use super::model;
use crate::runtime::messages::Command;
use crate::ui::flight::Flight;
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::identify;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{page, shortcut, video};
use crate::workflow::input::FlowInput;
use crate::workflow::view::{FlowView, ReviewView};
use egui::{Align2, Id, LayerId, Order, Rect, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Draws the screen in `area`.
pub fn review_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    flow: &FlowView,
    view: &ReviewView,
    pictures: &mut Pictures,
    flight: &mut Flight,
    send: &mut dyn FnMut(Command),
) {
    let frame = page::kiosk(ui, look, area, Some(flow));
    let column = page::column(frame.body, look.px(1280.0));
    let title = Style::of(look, Type::Title).centred();
    let mut y = column.top();
    y += text::paragraph(ui, column, &title, &look.t("review-title")) + look.px(6.0);
    let line = Style::of(look, Type::Body).colour(look.palette.ink_muted).centred();
    y += text::paragraph(ui, Rect::from_min_max(pos2(column.left(), y), column.max), &line, &look.t("review-line")) + look.px(32.0);
    let duplicates = model::duplicates(view, look.officer());
    let rest = Rect::from_min_max(pos2(column.left(), y), column.max);
    let strip = if look.officer() { look.px(206.0) } else { 0.0 };
    let main = Rect::from_min_max(rest.min, pos2(rest.right(), rest.bottom() - strip));
    picture_and_details(ui, look, main, view, pictures, flight);
    if look.officer() {
        let strip = Rect::from_min_max(pos2(rest.left(), main.bottom() + look.px(20.0)), rest.max);
        duplicates_strip(ui, look, strip, duplicates, pictures, send);
    }
    foot(ui, look, frame.foot, send);
}

fn picture_and_details(ui: &mut Ui, look: &Look, rect: Rect, view: &ReviewView, pictures: &mut Pictures, flight: &mut Flight) {
    let tall = look.scale.portrait && !look.officer();
    let gap = look.px(48.0);
    let rows = model::rows(&look.words, view);
    let row_height = look.px(86.0);
    let details_height = rows.len().max(1) as f32 * row_height + look.px(24.0);
    let picture_height =
        if tall { (rect.height() - details_height - gap).min(rect.width() * 1.1) } else { rect.height().min(look.px(640.0)) };
    let picture_size = vec2(picture_height * 0.8, picture_height);
    let (picture, details) = if tall {
        let total = picture_height + gap + details_height;
        let top = rect.center().y - total / 2.0;
        let picture = Rect::from_min_size(pos2(rect.center().x - picture_size.x / 2.0, top), picture_size);
        (picture, Rect::from_min_size(pos2(rect.left(), picture.bottom() + gap), vec2(rect.width(), details_height)))
    } else {
        let width = (rect.width() - picture_size.x - gap).min(look.px(700.0));
        let left = rect.center().x - (picture_size.x + gap + width) / 2.0;
        let picture = Rect::from_min_size(pos2(left, rect.center().y - picture_height / 2.0), picture_size);
        let height = details_height.min(rect.height());
        (picture, Rect::from_min_size(pos2(picture.right() + gap, rect.center().y - height / 2.0), vec2(width, height)))
    };
    card::card(ui, look, picture);
    let inside = picture.shrink(look.px(10.0));
    if let Some(frame) = &view.portrait {
        let shown = pictures.still(ui.ctx(), frame);
        match flight.on_the_way(ui, look, inside) {
            None => video::picture_filling(ui.painter(), inside, look.scale.radius_small(), shown.texture, shown.size),
            Some(now) => {
                // Over everything it passes.
                let layer = LayerId::new(Order::Foreground, Id::unique("flight"));
                video::picture_filling(&ui.ctx().layer_painter(layer), now, look.scale.radius(), shown.texture, shown.size);
            }
        }
    } else {
        text::icon(ui, inside, Icon::UserRound, look.scale.icon(96.0), look.palette.outline_strong);
    }
    card::card(ui, look, details);
    let inner = details.shrink2(vec2(look.px(32.0), look.px(12.0)));
    if rows.is_empty() {
        text::line(
            ui,
            inner,
            Align2::LEFT_CENTER,
            &Style::of(look, Type::Body).colour(look.palette.ink_muted),
            &look.t("review-no-details"),
        );
    }
    for (i, (label, value)) in rows.iter().enumerate() {
        let row = Rect::from_min_size(inner.min + vec2(0.0, i as f32 * row_height), vec2(inner.width(), row_height));
        if i > 0 {
            ui.painter().hline(row.x_range(), row.top(), Stroke::new(1.0, look.palette.outline));
        }
        let upper = Rect::from_min_size(row.min + vec2(0.0, look.px(12.0)), vec2(row.width(), look.px(24.0)));
        text::line(ui, upper, Align2::LEFT_TOP, &Style::of(look, Type::Caption).colour(look.palette.ink_muted), label);
        let lower = Rect::from_min_max(pos2(row.left(), upper.bottom()), row.max - vec2(0.0, look.px(8.0)));
        text::line(ui, lower, Align2::LEFT_CENTER, &Style::bold(look, Type::Body), value);
    }
}

fn duplicates_strip(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    duplicates: &[crate::workflow::view::CandidateView],
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let (tone, icon, key) = if duplicates.is_empty() {
        (Tone::Positive, Icon::UserRoundCheck, "review-no-duplicates")
    } else {
        (Tone::Caution, Icon::TriangleAlert, "review-duplicates")
    };
    let (ink, tint) = tone.colours(look);
    ui.painter().rect(rect, look.scale.radius(), tint, Stroke::new(1.0, ink), StrokeKind::Inside);
    let inner = rect.shrink(look.px(16.0));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(24.0)));
    text::icon(ui, Rect::from_min_size(head.min, Vec2::splat(head.height())), icon, look.scale.icon(20.0), ink);
    let words = Rect::from_min_max(pos2(head.left() + look.px(32.0), head.top()), head.max);
    let used = text::line(ui, words, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody).colour(ink), &look.t(key));
    if !duplicates.is_empty() {
        let note = Rect::from_min_max(pos2(used.right() + look.px(16.0), head.top()), head.max);
        text::line(
            ui,
            note,
            Align2::LEFT_CENTER,
            &Style::of(look, Type::DeskCaption).colour(look.palette.ink),
            &look.t("review-duplicates-line"),
        );
        let cards = Rect::from_min_max(pos2(inner.left(), head.bottom() + look.px(10.0)), inner.max);
        identify::view::candidate_row(ui, look, cards, duplicates, pictures, send);
    }
}

fn foot(ui: &mut Ui, look: &Look, foot: Rect, send: &mut dyn FnMut(Command)) {
    let [left, right] = page::halves(foot, look.px(1000.0), look.px(24.0));
    let retake = look.t("action-retake");
    if Button::new(&retake, Emphasis::Secondary).icon(Icon::Camera).show_at(ui, look, left).clicked() {
        send(Command::Flow(FlowInput::Retake));
    }
    let save = look.t("action-save");
    let saved = Button::new(&save, Emphasis::Primary).icon(Icon::Check).show_at(ui, look, right).clicked();
    if saved || shortcut::primary(ui) {
        send(Command::Flow(FlowInput::Next));
    }
    if shortcut::back(ui) {
        send(Command::Flow(FlowInput::Back));
    }
}
