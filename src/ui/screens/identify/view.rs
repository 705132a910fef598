//! Draws candidates as cards: portrait, name, code, score bar against the threshold.

use super::model::{self, Card};
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::pictures::{Pictures, Shown};
use crate::ui::theme::Type;
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{card, score, video};
use crate::workflow::view::CandidateView;
use egui::{Align2, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// A portrait in `rect`, or a figure while there is none.
pub fn portrait(ui: &Ui, look: &Look, rect: Rect, shown: Option<Shown>) {
    let radius = look.scale.radius_small();
    ui.painter().rect_filled(rect, radius, look.palette.surface_sunken);
    match shown {
        Some(shown) => video::picture_filling(ui.painter(), rect, radius, shown.texture, shown.size),
        None => {
            text::icon(ui, rect, Icon::UserRound, look.scale.icon(rect.height() * 0.5 / look.scale.factor), look.palette.outline_strong)
        }
    }
}

/// Small cards in one row; as many as fit.
pub fn candidate_row(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    candidates: &[CandidateView],
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let gap = look.px(12.0);
    let width = look.px(300.0);
    let fit = (((rect.width() + gap) / (width + gap)).floor() as usize).max(1);
    let cards = model::cards(&look.words, candidates);
    for (i, (shown, candidate)) in cards.iter().zip(candidates).take(fit).enumerate() {
        let at = Rect::from_min_size(rect.min + vec2(i as f32 * (width + gap), 0.0), vec2(width, rect.height()));
        candidate_card(ui, look, at, shown, candidate, pictures, send);
    }
}

/// All candidates, wrapped and scrolled.
pub fn candidates_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    candidates: &[CandidateView],
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let gap = look.px(16.0);
    let columns = (((rect.width() + gap) / (look.px(380.0) + gap)).floor() as usize).clamp(1, 3);
    let width = (rect.width() - gap * (columns - 1) as f32) / columns as f32;
    let height = look.px(150.0);
    let cards = model::cards(&look.words, candidates);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
    ScrollArea::vertical().id_salt("candidates").auto_shrink([false, false]).show(&mut child, |ui| {
        ui.set_width(rect.width());
        let rows = cards.len().div_ceil(columns);
        let used = cards.len().min(columns);
        // A short list stands in the middle, a long one fills the width.
        let inset = (rect.width() - used as f32 * width - (used - 1) as f32 * gap) / 2.0;
        let total = rows as f32 * (height + gap);
        let (area, _) = ui.allocate_exact_size(vec2(rect.width(), total), Sense::hover());
        for (i, (shown, candidate)) in cards.iter().zip(candidates).enumerate() {
            let at = area.min + vec2(inset + (i % columns) as f32 * (width + gap), (i / columns) as f32 * (height + gap));
            let at = Rect::from_min_size(at, vec2(width, height));
            if ui.is_rect_visible(at) {
                candidate_card(ui, look, at, shown, candidate, pictures, send);
            }
        }
    });
}

fn candidate_card(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    shown: &Card,
    candidate: &CandidateView,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    card::card(ui, look, rect);
    let inner = rect.shrink(look.px(14.0));
    let picture = Rect::from_min_size(inner.min, Vec2::new(inner.height() * 0.8, inner.height()));
    let texture = pictures.portrait(ui.ctx(), candidate.subject, send);
    portrait(ui, look, picture, texture);
    let words = Rect::from_min_max(pos2(picture.right() + look.px(16.0), inner.top()), inner.max);
    let p = look.palette;
    let (tone, icon, key) = score::tone(candidate.comparison.decision);
    let (ink, _) = tone.colours(look);
    let percent = look.words.with("score-percent", &[("percent", &shown.percent)]);
    let name_row = Rect::from_min_size(words.min, vec2(words.width(), look.px(24.0)));
    let percent_rect = text::line(ui, name_row, Align2::RIGHT_CENTER, &Style::bold(look, Type::DeskHeading).colour(ink), &percent);
    let name_room = Rect::from_min_max(name_row.min, pos2(percent_rect.left() - look.px(8.0), name_row.bottom()));
    text::line(ui, name_room, Align2::LEFT_CENTER, &Style::of(look, Type::DeskHeading), &shown.name);
    let code_row = Rect::from_min_size(name_row.left_bottom() + vec2(0.0, look.px(2.0)), vec2(words.width(), look.px(20.0)));
    text::line(ui, code_row, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption).colour(p.ink_muted), &shown.code);
    let bottom = Rect::from_min_max(pos2(words.left(), words.bottom() - look.px(22.0)), words.max);
    let bar = Rect::from_min_max(pos2(words.left(), code_row.bottom()), pos2(words.right(), bottom.top()));
    let bar = Rect::from_center_size(bar.center(), vec2(bar.width(), look.px(26.0).min(bar.height())));
    score::bar(ui, look, bar, &candidate.comparison);
    text::icon(ui, Rect::from_min_size(bottom.min, Vec2::splat(bottom.height())), icon, look.scale.icon(16.0), ink);
    let verdict = Rect::from_min_max(pos2(bottom.left() + look.px(26.0), bottom.top()), bottom.max);
    let said = shown.margin.as_ref().map_or_else(|| look.t(key), |margin| format!("{} · {margin}", look.t(key)));
    text::line(ui, verdict, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption).colour(p.ink), &said);
}
