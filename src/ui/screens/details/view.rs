//! Draws the details screen: one column of fields, the on-screen keyboard below where it is wanted.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::model::{DetailsModel, FIELDS_IN_VIEW};
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::field::{self, Field};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{keyboard, page, shortcut};
use crate::units::SensitiveText;
use crate::workflow::input::FlowInput;
use crate::workflow::view::{DetailsView, FlowKind, FlowView};
use egui::{Align2, Id, Rect, Ui, pos2, vec2};
use lucide_icons::Icon;

fn field_id(key: &str) -> Id {
    Id::unique(("details-field", key))
}

/// Draws the screen in `area`.
pub fn details_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    flow: &FlowView,
    view: &DetailsView,
    model: &mut DetailsModel,
    keyboard_shown: &mut bool,
    send: &mut dyn FnMut(Command),
) {
    let board_height = if *keyboard_shown { keyboard::height(look) } else { 0.0 };
    let above = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - board_height));
    let frame = page::kiosk(ui, look, above, Some(flow));
    let width = look.px(760.0);
    // In a wide window the buttons stand in the corners, beside the column, which then reaches down to their lower edge.
    let beside = frame.foot.width() > width + look.px(680.0);
    let body = if beside { Rect::from_min_max(frame.body.min, pos2(frame.body.right(), frame.foot.bottom())) } else { frame.body };
    let column = page::column(body, width);
    let title_key = if flow.flow == FlowKind::Enrol { "details-title" } else { "details-title-returning" };
    let title = Style::of(look, Type::Title);
    let title_words = look.t(title_key);
    let title_galley = text::layout(ui, &title, &title_words, column.width());
    let title_height = title_galley.size().y + look.px(24.0);
    let row = field::height(look);
    // The last field's room for a problem may reach into the margin below.
    let per_page = (((column.height() - title_height + look.px(40.0)) / row).floor() as usize).clamp(1, FIELDS_IN_VIEW);
    let used = title_height + per_page.min(view.fields.len()) as f32 * row;
    let spare = if *keyboard_shown { 0.0 } else { (column.height() - used).max(0.0) * 0.35 };
    let title_rect = Rect::from_min_max(pos2(column.left(), column.top() + spare), column.max);
    text::place(ui, title_rect, Align2::LEFT_TOP, &title, &title_words, title_galley);
    let first_y = title_rect.top() + title_height;
    let (page_at, fields) = model.in_view(view, per_page);
    model.page = page_at;
    if !fields.contains(&model.active) {
        model.active = fields.start;
    }
    // Enter in the last field in view presses the button; in another one it goes to the next.
    let entered =
        shortcut::enter(ui).then(|| fields.clone().find(|&i| ui.memory(|m| m.has_focus(field_id(&view.fields[i].key))))).flatten();
    for (slot, index) in fields.clone().enumerate() {
        let rect = Rect::from_min_size(pos2(column.left(), first_y + slot as f32 * row), vec2(column.width(), row));
        show_field(ui, look, rect, view, index, model, *keyboard_shown, send);
    }
    let last_page = page_at + 1 == DetailsModel::pages(view, per_page);
    let foot_row = if beside { frame.foot } else { page::column(frame.foot, width) };
    let mut onwards = foot(ui, look, foot_row, view, model, (page_at, per_page, last_page), keyboard_shown, send);
    if let Some(index) = entered {
        if index + 1 < fields.end {
            ui.memory_mut(|m| m.request_focus(field_id(&view.fields[index + 1].key)));
            model.active = index + 1;
        } else {
            onwards = true;
        }
    } else if shortcut::primary(ui) {
        onwards = true;
    }
    if onwards {
        go_on(view, model, fields, last_page, send);
    }
    if shortcut::back(ui) {
        go_back(model, send);
    }
    if *keyboard_shown {
        let board = Rect::from_min_max(pos2(area.left(), above.bottom()), area.max);
        if let Some(key) = keyboard::show(ui, look, board, model.capitals, model.signs)
            && let Some(text) = model.press(view, key)
        {
            change(view, model, model.active, &text, send);
        }
    }
}

fn change(view: &DetailsView, model: &mut DetailsModel, index: usize, text: &str, send: &mut dyn FnMut(Command)) {
    let key = view.fields[index].key.clone();
    model.typed(&key, text);
    send(Command::Flow(FlowInput::FieldChanged { key, value: SensitiveText(text.to_owned()) }));
}

fn left(view: &DetailsView, index: usize, send: &mut dyn FnMut(Command)) {
    send(Command::Flow(FlowInput::FieldLeft { key: view.fields[index].key.clone() }));
}

fn show_field(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    view: &DetailsView,
    index: usize,
    model: &mut DetailsModel,
    keyboard_shown: bool,
    send: &mut dyn FnMut(Command),
) {
    let value = &view.fields[index];
    let label = look.words.label(&value.label_key);
    let problem = value.problem_key.map(|key| look.t(key));
    let note = look.t("details-optional");
    let drawn = Field {
        label: &label,
        note: (!value.required).then_some(note.as_str()),
        problem: problem.as_deref(),
        active: keyboard_shown && model.active == index,
    };
    let mut text = model.text(view, index);
    let response = drawn.show_at(ui, look, rect, field_id(&value.key), &mut text);
    if response.changed() {
        change(view, model, index, &text, send);
    }
    if response.gained_focus() && model.active != index {
        if keyboard_shown && !model.text(view, model.active).is_empty() {
            left(view, model.active, send);
        }
        model.active = index;
    }
    // Pressing a key of the on-screen keyboard takes the focus but does not leave the field.
    let typing_on_screen = keyboard_shown && ui.input(|i| i.pointer.any_pressed() || i.pointer.any_released());
    if response.lost_focus() && !typing_on_screen {
        left(view, index, send);
    }
}

fn go_on(view: &DetailsView, model: &mut DetailsModel, fields: std::ops::Range<usize>, last_page: bool, send: &mut dyn FnMut(Command)) {
    let filled = model.page_filled(view, fields.clone());
    for index in fields {
        left(view, index, send);
    }
    if filled && last_page {
        send(Command::Flow(FlowInput::Next));
    } else if filled {
        model.page += 1;
    }
}

fn go_back(model: &mut DetailsModel, send: &mut dyn FnMut(Command)) {
    if model.page > 0 {
        model.page -= 1;
    } else {
        send(Command::Flow(FlowInput::Back));
    }
}

/// Back, page, keyboard, onwards. Returns whether onwards was pressed.
fn foot(
    ui: &mut Ui,
    look: &Look,
    row: Rect,
    view: &DetailsView,
    model: &mut DetailsModel,
    (page_at, per_page, last_page): (usize, usize, bool),
    keyboard_shown: &mut bool,
    send: &mut dyn FnMut(Command),
) -> bool {
    let back = look.t("action-back");
    let button = Button::new(&back, Emphasis::Secondary).icon(Icon::ArrowLeft);
    let width = button.width(ui, look).max(look.px(180.0));
    let back_rect = Rect::from_min_size(row.min, vec2(width, row.height()));
    if button.show_at(ui, look, back_rect).clicked() {
        go_back(model, send);
    }
    let next = look.t("action-next");
    let ready = if last_page { view.complete } else { true };
    let button = Button::new(&next, Emphasis::Primary).trailing(Icon::ArrowRight).enabled(ready);
    let width = button.width(ui, look).max(look.px(240.0));
    let next_rect = Rect::from_min_size(pos2(row.right() - width, row.top()), vec2(width, row.height()));
    let pressed = button.show_at(ui, look, next_rect).clicked();

    let words = look.t(if *keyboard_shown { "details-keyboard-hide" } else { "details-keyboard-show" });
    let button = Button::new(&words, Emphasis::Quiet).icon_only(Icon::Keyboard);
    let key_rect = Rect::from_min_size(pos2(back_rect.right() + look.px(12.0), row.top()), vec2(row.height(), row.height()));
    if button.show_at(ui, look, key_rect).clicked() {
        *keyboard_shown = !*keyboard_shown;
    }
    let pages = DetailsModel::pages(view, per_page);
    if pages > 1 {
        let style = Style::of(look, Type::Caption).colour(look.palette.ink_muted);
        let words = look.words.with("details-page", &[("page", &(page_at + 1).to_string()), ("pages", &pages.to_string())]);
        let at =
            Rect::from_min_max(pos2(next_rect.left() - look.px(120.0), row.top()), pos2(next_rect.left() - look.px(20.0), row.bottom()));
        text::line(ui, at, Align2::RIGHT_CENTER, &style, &words);
    }
    pressed
}
