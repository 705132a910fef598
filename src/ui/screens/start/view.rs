//! Draws the first page of a flow at the desk: what happens, and the button that begins it.

use super::model;
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::screens::desk::model::{DeskModel, Page};
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::shortcut;
use crate::ui::widgets::stack::Stack;
use crate::ui::widgets::text::Style;
use egui::{Align2, Rect, Ui, pos2, vec2};
use lucide_icons::Icon;

/// Draws the page in `area`.
pub fn start_ui(ui: &mut Ui, look: &Look, area: Rect, page: Page, desk: &mut DeskModel, send: &mut dyn FnMut(Command)) {
    let Some(start) = model::start(page) else { return };
    let width = look.px(720.0).min(area.width() - look.px(64.0));
    let inner_width = width - look.px(96.0);
    let mut stack = Stack::new(inner_width);
    stack.disc(model::icon(page), Tone::Accent, look.px(96.0)).gap(look.px(24.0));
    stack.text(ui, &Style::of(look, Type::DeskTitle).centred(), &look.t(start.title_key)).gap(look.px(10.0));
    stack.text(ui, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted).centred(), &look.t(start.line_key)).gap(look.px(32.0));
    stack.space(look.px(52.0));
    if start.offers_gallery {
        stack.gap(look.px(28.0)).text(
            ui,
            &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted).centred(),
            &look.t("verify-how"),
        );
    }
    let panel = Rect::from_center_size(area.center(), vec2(width, stack.height() + look.px(96.0)));
    card::card(ui, look, panel);
    let row = stack.show(ui, look, panel, Align2::CENTER_CENTER)[0];
    let begin = look.t(start.button_key);
    let choose = look.t("verify-choose");
    let primary = Button::desk(&begin, Emphasis::Primary).trailing(Icon::ArrowRight);
    let second = Button::desk(&choose, Emphasis::Secondary).icon(Icon::Images);
    let gap = look.px(16.0);
    let widths =
        [primary.width(ui, look).max(look.px(220.0)), if start.offers_gallery { second.width(ui, look).max(look.px(220.0)) } else { 0.0 }];
    let total = widths[0] + if start.offers_gallery { gap + widths[1] } else { 0.0 };
    let left = row.center().x - total / 2.0;
    let at = Rect::from_min_size(pos2(left, row.top()), vec2(widths[0], row.height()));
    if primary.show_at(ui, look, at).clicked() || (desk.palette.is_none() && shortcut::primary(ui)) {
        send(start.command);
    }
    if start.offers_gallery {
        let at = Rect::from_min_size(pos2(at.right() + gap, row.top()), vec2(widths[1], row.height()));
        if second.show_at(ui, look, at).clicked() {
            desk.go(Page::Gallery).into_iter().for_each(send);
        }
    }
}
