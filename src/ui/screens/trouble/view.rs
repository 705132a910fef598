//! Draws the trouble screen: a picture, one sentence, one button, the support code small.

use super::model;
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::stack::Stack;
use crate::ui::widgets::text::Style;
use crate::ui::widgets::{page, ring, shortcut};
use crate::workflow::input::FlowInput;
use crate::workflow::view::TroubleView;
use egui::{Align2, Rect, Ui, Vec2, vec2};

/// Draws the screen in `area`.
pub fn trouble_ui(ui: &mut Ui, look: &Look, area: Rect, view: &TroubleView, send: &mut dyn FnMut(Command)) {
    let frame = page::kiosk(ui, look, area, None);
    let trouble = model::trouble(&look.words, view);
    let mut stack = Stack::new(frame.body.width().min(look.px(1000.0)));
    stack.space(look.px(200.0)).gap(look.px(40.0));
    stack.text(ui, &Style::of(look, Type::Title).centred(), &trouble.sentence).gap(look.px(16.0));
    stack.text(ui, &Style::of(look, Type::Body).colour(look.palette.ink_muted).centred(), &trouble.next).gap(look.px(48.0));
    stack.space(look.scale.touch()).gap(look.px(40.0));
    stack.text(ui, &Style::of(look, Type::Caption).colour(look.palette.ink_muted).centred(), &trouble.code);
    let body = Rect::from_min_max(frame.body.min, frame.foot.max);
    let spaces = stack.show(ui, look, body, Align2::CENTER_CENTER);
    let at = Rect::from_center_size(spaces[0].center(), Vec2::splat(spaces[0].height()));
    if view.recovering {
        card::disc(ui, look, at.shrink(look.px(18.0)), trouble.icon, Tone::Accent);
        ring::waiting(ui, at, look.px(8.0), look.palette.accent, look.palette.outline, look.reduced_motion);
    } else {
        card::disc(ui, look, at, trouble.icon, Tone::Caution);
    }
    let words = look.t("action-leave");
    let button = Button::new(&words, if view.recovering { Emphasis::Secondary } else { Emphasis::Primary });
    let width = button.width(ui, look).max(look.px(320.0));
    let at = Rect::from_center_size(spaces[1].center(), vec2(width, spaces[1].height()));
    let pressed = button.show_at(ui, look, at).clicked();
    if pressed || shortcut::back(ui) || (!view.recovering && shortcut::primary(ui)) {
        send(Command::Flow(FlowInput::Cancel));
    }
}
