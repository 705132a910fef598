//! Draws the consent screen: four answers at once, two equal buttons.

use super::model::ANSWERS;
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{page, shortcut};
use crate::workflow::input::FlowInput;
use crate::workflow::view::FlowView;
use egui::{Align2, Rect, Ui, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Draws the screen in `area`.
pub fn consent_ui(ui: &mut Ui, look: &Look, area: Rect, flow: &FlowView, send: &mut dyn FnMut(Command)) {
    let frame = page::kiosk(ui, look, area, Some(flow));
    let column = page::column(frame.body, look.px(1360.0));
    let columns = if look.scale.portrait { 1 } else { 2 };
    let gap = look.px(24.0);
    let card_width = (column.width() - gap * (columns - 1) as f32) / columns as f32;

    let title = Style::of(look, Type::Title).centred();
    let title_galley = text::layout(ui, &title, &look.t("consent-title"), column.width());
    let free = Style::of(look, Type::Body).colour(look.palette.ink_muted).centred();
    let free_galley = text::layout(ui, &free, &look.t("consent-free"), column.width());
    let card_height = ANSWERS.iter().map(|(_, _, line)| answer_height(ui, look, card_width, &look.t(line))).fold(0.0, f32::max);
    let rows = ANSWERS.len().div_ceil(columns);
    let cards_height = rows as f32 * card_height + (rows - 1) as f32 * gap;
    let total = title_galley.size().y + look.px(40.0) + cards_height + look.px(32.0) + free_galley.size().y;
    let mut y = column.center().y - total / 2.0;

    let title_rect = Rect::from_min_size(pos2(column.left(), y), vec2(column.width(), title_galley.size().y));
    y = title_rect.bottom() + look.px(40.0);
    text::place(ui, title_rect, Align2::CENTER_TOP, &title, &look.t("consent-title"), title_galley);
    for (i, (icon, heading, line)) in ANSWERS.into_iter().enumerate() {
        let at = pos2(column.left() + (i % columns) as f32 * (card_width + gap), y + (i / columns) as f32 * (card_height + gap));
        answer(ui, look, Rect::from_min_size(at, vec2(card_width, card_height)), icon, &look.t(heading), &look.t(line));
    }
    y += cards_height + look.px(32.0);
    let free_rect = Rect::from_min_size(pos2(column.left(), y), vec2(column.width(), free_galley.size().y));
    text::place(ui, free_rect, Align2::CENTER_TOP, &free, &look.t("consent-free"), free_galley);

    let [refuse, agree] = page::halves(frame.foot, look.px(1000.0), gap);
    let refuse_words = look.t("consent-refuse");
    if Button::new(&refuse_words, Emphasis::Secondary).icon(Icon::X).show_at(ui, look, refuse).clicked() {
        send(Command::Flow(FlowInput::RefuseConsent));
    }
    let agree_words = look.t("consent-agree");
    let agreed = Button::new(&agree_words, Emphasis::Secondary).icon(Icon::Check).show_at(ui, look, agree).clicked();
    if agreed || shortcut::primary(ui) {
        send(Command::Flow(FlowInput::Next));
    }
    if shortcut::back(ui) {
        send(Command::Flow(FlowInput::Back));
    }
}

fn pads(look: &Look) -> (f32, f32, f32) {
    (look.px(32.0), look.px(64.0), look.px(24.0))
}

fn answer_height(ui: &Ui, look: &Look, width: f32, line: &str) -> f32 {
    let (pad, disc, gap) = pads(look);
    let words = width - 2.0 * pad - disc - gap;
    let heading = look.scale.font(Type::Heading).size * 0.9 * 1.4;
    let line = text::layout(ui, &Style::of(look, Type::Body), line, words).size().y;
    (heading + look.px(6.0) + line).max(disc) + 2.0 * pad
}

fn answer(ui: &mut Ui, look: &Look, rect: Rect, icon: Icon, heading: &str, line: &str) {
    let (pad, disc, gap) = pads(look);
    card::card(ui, look, rect);
    card::disc(ui, look, Rect::from_min_size(rect.min + Vec2::splat(pad), Vec2::splat(disc)), icon, Tone::Accent);
    let words = Rect::from_min_max(rect.min + vec2(pad + disc + gap, pad), rect.max - Vec2::splat(pad));
    let style = Style::of(look, Type::Heading).size(look.scale.font(Type::Heading).size * 0.9);
    let height = text::paragraph(ui, words, &style, heading);
    let below = Rect::from_min_max(words.min + vec2(0.0, height + look.px(6.0)), words.max);
    text::paragraph(ui, below, &Style::of(look, Type::Body).colour(look.palette.ink_muted), line);
}
