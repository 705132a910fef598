//! The caption of a guided demonstration: a bar below the screens that says what happens, with a way to go on and to take over.

use super::look::Look;
use super::theme::Type;
use super::widgets::button::{Button, Emphasis};
use super::widgets::card::{self, Tone};
use super::widgets::text::{self, Style};
use crate::runtime::messages::{Command, GuideAction, GuideView};
use egui::{Align2, Rect, Stroke, Ui, ViewportCommand, pos2, vec2};
use lucide_icons::Icon;

/// Height of the bar, points.
#[must_use]
pub fn height(look: &Look) -> f32 {
    let row = look.scale.touch() + look.px(32.0);
    // A tall window has no room for the words beside the buttons.
    if look.scale.portrait { row + look.px(96.0) } else { row }
}

/// Draws the bar in `rect`.
pub fn show(ui: &mut Ui, look: &Look, rect: Rect, guide: &GuideView, send: &mut dyn FnMut(Command)) {
    // The demonstration goes on by time, not only when something happens.
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
    let p = look.palette;
    ui.painter().rect_filled(rect, 0.0, p.surface_raised);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.outline_strong));
    let pad = look.px(32.0);
    let inner = rect.shrink2(vec2(pad, look.px(16.0)));
    let touch = look.scale.touch();
    let (caption, buttons) = if look.scale.portrait {
        (
            Rect::from_min_max(inner.min, pos2(inner.right(), inner.bottom() - touch - look.px(12.0))),
            Rect::from_min_max(pos2(inner.left(), inner.bottom() - touch), inner.max),
        )
    } else {
        (inner, inner)
    };
    let mut right = buttons.right();
    let mut button = |ui: &mut Ui, words: &str, icon: Icon, emphasis: Emphasis| {
        let button = Button::new(words, emphasis).icon(icon);
        let width = button.width(ui, look).min(buttons.width() * 0.45);
        let at = Rect::from_min_size(pos2(right - width, buttons.center().y - touch / 2.0), vec2(width, touch));
        right = at.left() - look.px(16.0);
        button.show_at(ui, look, at).clicked()
    };
    if guide.over {
        if button(ui, &look.t("guide-close"), Icon::Check, Emphasis::Primary) {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
    } else {
        if button(ui, &look.t("guide-next"), Icon::ChevronRight, Emphasis::Secondary) {
            send(Command::Guide(GuideAction::GoOn));
        }
        if button(ui, &look.t("guide-take-over"), Icon::Hand, Emphasis::Quiet) {
            send(Command::Guide(GuideAction::TakeOver));
        }
    }
    let disc = Rect::from_center_size(pos2(caption.left() + look.px(28.0), caption.center().y), vec2(look.px(56.0), look.px(56.0)));
    card::disc(ui, look, disc, if guide.over { Icon::CircleCheck } else { Icon::Sparkles }, Tone::Accent);
    let end = if look.scale.portrait { caption.right() } else { right };
    let words = Rect::from_min_max(pos2(disc.right() + look.px(20.0), caption.top()), pos2(end, caption.bottom()));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.4);
    let numbers = [guide.step.to_string(), guide.steps.to_string()];
    let place = look.words.with("guide-step", &[("step", &numbers[0]), ("steps", &numbers[1])]);
    text::line(ui, upper, Align2::LEFT_CENTER, &Style::of(look, Type::Caption).colour(p.ink_muted), &place);
    text::line(ui, lower, Align2::LEFT_CENTER, &Style::bold(look, Type::Body), &look.t(guide.caption_key));
}
