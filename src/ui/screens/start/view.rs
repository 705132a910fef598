//! Draws the first page of a flow at the desk: what happens, and the button that begins it.

use super::model;
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::screens::desk::model::{DeskModel, Page};
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::choice::choice;
use crate::ui::widgets::shortcut;
use crate::ui::widgets::stack::Stack;
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use lucide_icons::Icon;

/// Height of the label and the choice below it.
const CHOICE_HEIGHT: f32 = 68.0;

/// Draws the page in `area`.
pub fn start_ui(ui: &mut Ui, look: &Look, area: Rect, page: Page, desk: &mut DeskModel, send: &mut dyn FnMut(Command)) {
    let Some(start) = model::start(page) else { return };
    if start.searches {
        desk.gallery.galleries_needed().into_iter().for_each(&mut *send);
    }
    let width = look.px(720.0).min(area.width() - look.px(64.0));
    let inner_width = width - look.px(96.0);
    let mut stack = Stack::new(inner_width);
    stack.disc(model::icon(page), Tone::Accent, look.px(96.0)).gap(look.px(24.0));
    stack.text(ui, &Style::of(look, Type::DeskTitle).centred(), &look.t(start.title_key)).gap(look.px(10.0));
    stack.text(ui, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted).centred(), &look.t(start.line_key)).gap(look.px(32.0));
    let chooses = start.searches && desk.gallery.named().next().is_some();
    if chooses {
        stack.space(look.px(CHOICE_HEIGHT)).gap(look.px(24.0));
    }
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
    let spaces = stack.show(ui, look, panel, Align2::CENTER_CENTER);
    if chooses {
        let at = Rect::from_center_size(spaces[0].center(), vec2(look.px(420.0).min(inner_width), spaces[0].height()));
        search_in_ui(ui, look, at, desk);
    }
    let row = spaces[usize::from(chooses)];
    let begin = look.t(start.button_key);
    let choose = look.t("verify-choose");
    let primary = Button::desk(&begin, Emphasis::Primary).trailing(Icon::ArrowRight);
    let second = Button::desk(&choose, Emphasis::Secondary).icon(Icon::Images);
    let gap = look.px(16.0);
    let offers_gallery = start.offers_gallery;
    let widths =
        [primary.width(ui, look).max(look.px(220.0)), if offers_gallery { second.width(ui, look).max(look.px(220.0)) } else { 0.0 }];
    let total = widths[0] + if offers_gallery { gap + widths[1] } else { 0.0 };
    let left = row.center().x - total / 2.0;
    let at = Rect::from_min_size(pos2(left, row.top()), vec2(widths[0], row.height()));
    if primary.show_at(ui, look, at).clicked() || (desk.palette.is_none() && shortcut::primary(ui)) {
        send(model::begin(start, desk.search_in.as_deref()));
    }
    if offers_gallery {
        let at = Rect::from_min_size(pos2(at.right() + gap, row.top()), vec2(widths[1], row.height()));
        if second.show_at(ui, look, at).clicked() {
            desk.go(Page::Gallery).into_iter().for_each(send);
        }
    }
}

/// Whom the search looks at: everybody, or the members of a gallery.
fn search_in_ui(ui: &mut Ui, look: &Look, rect: Rect, desk: &mut DeskModel) {
    let galleries: Vec<(String, String)> =
        desk.gallery.named().map(|gallery| (gallery.name.clone(), model::gallery_line(&look.words, gallery))).collect();
    // Deleted since it was chosen: everybody is searched, and the choice says so.
    desk.search_in.take_if(|chosen| !galleries.iter().any(|(name, _)| name == chosen));
    let label = look.t("identify-where");
    let (head, field) = rect.split_top_bottom_at_y(rect.top() + look.px(24.0));
    text::line(ui, head, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskCaption).colour(look.palette.ink_muted), &label);
    let mut child = ui.new_child(UiBuilder::new().max_rect(field).layout(Layout::left_to_right(egui::Align::Center)));
    choice(&mut child, look, field.size(), &label, &mut desk.search_in, look.t("gallery-all"), &galleries);
}
