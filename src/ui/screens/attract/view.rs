//! Draws the attract screen: the brand on one side, two big choices on the other.

use super::model::Choice;
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::strings::Language;
use crate::ui::theme::Type;
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{card, figure, ring, segmented};
use egui::{Align2, Key, Rect, Ui, pos2, vec2};
use lucide_icons::Icon;

/// Draws the screen; a press on a language chip changes `language`.
pub fn attract_ui(ui: &mut Ui, look: &Look, screen: Rect, language: &mut Language, send: &mut dyn FnMut(Command)) {
    let portrait = look.scale.portrait;
    let split = if portrait { screen.top() + screen.height() * 0.44 } else { screen.left() + screen.width() * 0.44 };
    let (brand, choices) = if portrait { screen.split_top_bottom_at_y(split) } else { screen.split_left_right_at_x(split) };
    brand_panel(ui, look, brand);
    choices_panel(ui, look, choices, language, send);
}

fn brand_panel(ui: &mut Ui, look: &Look, rect: Rect) {
    let p = look.palette;
    ring::fade(ui.painter(), rect, p.brand[0], p.brand[1]);
    let inner = rect.shrink(look.px(64.0));
    let line = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(48.0)));
    figure::brand_line(ui, look, line, p.on_brand, Type::Heading);

    let title = Style::of(look, Type::Instruction).colour(p.on_brand);
    let body = Style::of(look, Type::Body).colour(p.on_brand_muted);
    let title_words = look.t("attract-welcome");
    let body_words = look.t("attract-promise");
    let title_galley = text::layout(ui, &title, &title_words, inner.width());
    let body_galley = text::layout(ui, &body, &body_words, inner.width());
    let words_height = title_galley.size().y + look.px(12.0) + body_galley.size().y;
    let words = Rect::from_min_max(pos2(inner.left(), inner.bottom() - words_height), inner.max);
    text::place(ui, words, Align2::LEFT_TOP, &title, &title_words, title_galley.clone());
    let below = Rect::from_min_max(pos2(words.left(), words.top() + title_galley.size().y + look.px(12.0)), words.max);
    text::place(ui, below, Align2::LEFT_TOP, &body, &body_words, body_galley);

    let free = Rect::from_min_max(pos2(inner.left(), line.bottom()), pos2(inner.right(), words.top()));
    let side = free.height().min(free.width()) * 0.74;
    let figure_rect = Rect::from_center_size(free.center(), vec2(side, side));
    let progress = if look.reduced_motion { 0.68 } else { breathing(ui) };
    figure::welcome(&ui.painter().with_clip_rect(rect), look, figure_rect, progress);
}

/// The ring of the illustration fills slowly and empties again; nothing flashes.
fn breathing(ui: &Ui) -> f32 {
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(66));
    let phase = ui.input(|i| i.time) * 0.35;
    0.68 + 0.24 * (phase.sin() as f32)
}

fn choices_panel(ui: &mut Ui, look: &Look, rect: Rect, language: &mut Language, send: &mut dyn FnMut(Command)) {
    let p = look.palette;
    ui.painter().rect_filled(rect, 0.0, p.surface);
    let margin = look.px(if look.scale.portrait { 64.0 } else { 96.0 });
    let inner = rect.shrink2(vec2(margin, look.px(64.0)));

    let heading = Style::of(look, Type::Title);
    let words = look.t("attract-question");
    let galley = text::layout(ui, &heading, &words, inner.width());
    let card_height = look.px(196.0);
    let gap = look.px(32.0);
    let total = galley.size().y + gap + 2.0 * card_height + gap;
    let foot = look.scale.touch() + look.px(40.0);
    let free = Rect::from_min_max(inner.min, pos2(inner.right(), inner.bottom() - foot));
    let mut y = free.center().y - total / 2.0;
    let title_rect = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), galley.size().y));
    y += galley.size().y + gap;
    text::place(ui, title_rect, Align2::LEFT_TOP, &heading, &words, galley);

    for choice in Choice::ALL {
        let [title_key, line_key] = choice.keys();
        let (title, line) = (look.t(title_key), look.t(line_key));
        let icon = if choice == Choice::Enrol { Icon::UserRoundPlus } else { Icon::ScanFace };
        let at = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), card_height));
        let drawn = card::Choice { icon, title: &title, line: &line, primary: choice == Choice::Enrol };
        if drawn.show_at(ui, look, at).clicked() {
            send(choice.command());
        }
        y += card_height + gap;
    }
    let nothing_focused = ui.memory(|m| m.focused().is_none());
    if nothing_focused && ui.input(|i| i.key_pressed(Key::Enter)) {
        send(Choice::Enrol.command());
    }
    footer(ui, look, inner, language);
}

fn footer(ui: &mut Ui, look: &Look, inner: Rect, language: &mut Language) {
    let height = look.scale.touch().min(look.px(84.0)).max(64.0);
    let row = Rect::from_min_max(pos2(inner.left(), inner.bottom() - height), inner.max);
    let names: Vec<&str> = Language::ALL.iter().map(|l| l.own_name()).collect();
    let at = Language::ALL.iter().position(|l| l == language).unwrap_or(0);
    let width = segmented::width(ui, look, &names, Type::Body);
    let chips = Rect::from_min_size(row.min, vec2(width, height));
    if let Some(chosen) = segmented::show_at(ui, look, chips, &look.t("language-name"), &names, at, Type::Body) {
        *language = Language::ALL[chosen];
    }
    let privacy = Rect::from_min_max(pos2(chips.right() + look.px(32.0), row.top()), row.max);
    let icon = Rect::from_min_size(privacy.min, vec2(look.px(32.0), height));
    text::icon(ui, icon, Icon::ShieldCheck, look.scale.icon(28.0), look.palette.ink_muted);
    let style = Style::of(look, Type::Caption).colour(look.palette.ink_muted);
    let words = Rect::from_min_max(pos2(icon.right() + look.px(12.0), privacy.top()), privacy.max);
    let line = look.t("attract-privacy");
    let galley = text::layout(ui, &style, &line, words.width());
    text::place(ui, words, Align2::LEFT_CENTER, &style, &line, galley);
}
