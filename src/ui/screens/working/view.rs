//! Draws the working screen: a ring that goes round the mark, and what is being done.

use super::model;
use crate::ui::look::Look;
use crate::ui::theme::Type;
use crate::ui::widgets::stack::Stack;
use crate::ui::widgets::text::Style;
use crate::ui::widgets::{figure, page, ring};
use crate::workflow::view::FlowView;
use egui::{Align2, Rect, Ui, vec2};

/// Draws the screen in `area`.
pub fn working_ui(ui: &mut Ui, look: &Look, area: Rect, flow: &FlowView, what_key: &str) {
    let frame = page::kiosk(ui, look, area, Some(flow));
    let (headline, line) = model::words(&look.words, what_key);
    let body = Rect::from_min_max(frame.body.min, frame.foot.max);
    let mut stack = Stack::new(body.width().min(look.px(1100.0)));
    stack.space(look.px(240.0)).gap(look.px(48.0));
    stack.text(ui, &Style::of(look, Type::Title).centred(), &headline).gap(look.px(12.0));
    stack.text(ui, &Style::of(look, Type::Body).colour(look.palette.ink_muted).centred(), &line);
    let spaces = stack.show(ui, look, body, Align2::CENTER_CENTER);
    let oval = Rect::from_center_size(spaces[0].center(), vec2(spaces[0].height() * 0.78, spaces[0].height()));
    ring::waiting(ui, oval, look.px(10.0), look.palette.accent, look.palette.outline, look.reduced_motion);
    figure::mark(ui.painter(), oval.shrink(oval.width() * 0.24), look.palette.accent);
}
