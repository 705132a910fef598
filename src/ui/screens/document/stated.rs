//! What the person states, typed beside the document: a button that opens the form, and the form in the place of the hints.

use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::strings::Words;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::entry::Entry;
use crate::ui::widgets::shortcut;
use crate::ui::widgets::text::{self, Style};
use crate::units::SensitiveText;
use crate::workflow::input::FlowInput;
use crate::workflow::view::{FieldView, StatedView};
use egui::{Align2, Context, Id, Rect, Ui, pos2, vec2};
use lucide_icons::Icon;
use std::collections::BTreeMap;

/// What stands in the form's fields as far as the flow has not answered; wiped with the step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedModel {
    drafts: BTreeMap<String, SensitiveText>,
    /// Whether the form was drawn in the last pass.
    shown: bool,
}

fn field_id(key: &str) -> Id {
    Id::unique(("stated-field", key))
}

impl StatedModel {
    /// Forgets every text, and what the fields would take back: once the form is closed, only what the flow holds counts.
    pub fn wipe(&mut self, ctx: &Context) {
        for key in std::mem::take(self).drafts.keys() {
            egui::text_edit::TextEditState::default().store(ctx, field_id(key));
        }
    }

    /// The text of a field: what was typed here, else what the flow holds.
    #[must_use]
    pub fn text(&self, field: &FieldView) -> String {
        self.drafts.get(&field.key).unwrap_or(&field.value).0.clone()
    }
}

/// Whether the form is shown: an officer sits here, and it is open.
pub(super) fn is_open(look: &Look, view: Option<&StatedView>) -> bool {
    look.officer() && view.is_some_and(|view| view.open)
}

/// How many details are typed, in words; the invitation where none is.
pub(super) fn invitation(words: &Words, view: &StatedView) -> String {
    match view.fields.iter().filter(|field| !field.value.0.trim().is_empty()).count() {
        0 => words.t("document-stated"),
        typed => words.n("document-stated-typed", typed as u64),
    }
}

/// The button that opens the form, at the top of `rect`; returns where it ends.
pub(super) fn button_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &StatedView, send: &mut dyn FnMut(Command)) -> f32 {
    let words = invitation(&look.words, view);
    let button = Button::new(&words, Emphasis::Secondary).icon(Icon::PenLine);
    let size = vec2(button.width(ui, look).min(rect.width()), look.scale.touch());
    if button.show_at(ui, look, Rect::from_min_size(rect.min, size)).clicked() {
        send(Command::Flow(FlowInput::StateDetails));
    }
    rect.top() + size.y
}

/// Draws the form in `rect`.
pub(super) fn form_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &StatedView, model: &mut StatedModel, send: &mut dyn FnMut(Command)) {
    let begins = !std::mem::replace(&mut model.shown, true);
    let title = Style::bold(look, Type::Heading);
    let mut y = rect.top() + text::paragraph(ui, rect, &title, &look.t("document-stated-title")) + look.px(6.0);
    let line = Rect::from_min_max(pos2(rect.left(), y), rect.max);
    y += text::paragraph(ui, line, &Style::of(look, Type::Caption).colour(look.palette.ink_muted), &look.t("document-stated-line"));
    y += look.px(12.0);
    // Enter in the last field is done; in another one it goes to the next. Before the fields are drawn: they let go of the focus by it.
    let entered =
        shortcut::enter(ui).then(|| view.fields.iter().position(|field| ui.memory(|m| m.has_focus(field_id(&field.key))))).flatten();
    let (gap, columns) = (look.px(24.0), if rect.width() > look.px(660.0) { 2 } else { 1 });
    let width = (rect.width() - gap * (columns - 1) as f32) / columns as f32;
    let height = field_height(look);
    for (i, field) in view.fields.iter().enumerate() {
        let min = pos2(rect.left() + (i % columns) as f32 * (width + gap), y + (i / columns) as f32 * height);
        let born = view.born.filter(|_| field.key == "birth_date").map(|day| look.words.date(day));
        field_ui(ui, look, Rect::from_min_size(min, vec2(width, height)), field, born.as_deref(), model, send);
    }
    y += view.fields.len().div_ceil(columns) as f32 * height;
    let first = view.fields.first().filter(|_| begins).map(|field| field_id(&field.key));
    let next = entered.and_then(|at| view.fields.get(at + 1)).map(|field| field_id(&field.key));
    if let Some(id) = first.or(next) {
        ui.memory_mut(|m| m.request_focus(id));
    }
    let entered_last = entered.is_some_and(|at| at + 1 == view.fields.len());
    let asked = entered_last || shortcut::back(ui) || (entered.is_none() && shortcut::primary(ui));
    buttons_ui(ui, look, Rect::from_min_max(pos2(rect.left(), y), rect.max), asked, model, send);
}

/// Name, text, and a line for what is wrong or what was understood.
fn field_height(look: &Look) -> f32 {
    look.px(28.0) + entry_height(look) + look.px(36.0)
}

fn entry_height(look: &Look) -> f32 {
    look.px(48.0)
}

fn field_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    field: &FieldView,
    born: Option<&str>,
    model: &mut StatedModel,
    send: &mut dyn FnMut(Command),
) {
    let label = look.words.label(&field.label_key);
    let name = Rect::from_min_size(rect.min, vec2(rect.width(), look.px(24.0)));
    text::line(ui, name, Align2::LEFT_CENTER, &Style::bold(look, Type::Caption), &label);
    let at = Rect::from_min_size(pos2(rect.left(), name.bottom() + look.px(4.0)), vec2(rect.width(), entry_height(look)));
    let hint = if field.key == "birth_date" { look.t("document-stated-birth-hint") } else { String::new() };
    let mut value = model.text(field);
    let entry = Entry { label: &label, hint: &hint, role: Type::Body, wrong: field.problem_key.is_some(), enabled: true };
    let response = entry.show_at(ui, look, at, field_id(&field.key), &mut value);
    if response.changed() {
        model.drafts.insert(field.key.clone(), SensitiveText(value.clone()));
        send(Command::Flow(FlowInput::FieldChanged { key: field.key.clone(), value: SensitiveText(value) }));
    }
    if response.lost_focus() {
        send(Command::Flow(FlowInput::FieldLeft { key: field.key.clone() }));
    }
    let said = match (field.problem_key, born) {
        (Some(problem), _) => Some((Icon::CircleAlert, look.palette.negative, look.t(problem))),
        (None, Some(born)) => Some((Icon::Check, look.palette.positive, look.words.with("document-stated-born", &[("date", born)]))),
        (None, None) => None,
    };
    let Some((icon, ink, words)) = said else { return };
    let row = Rect::from_min_size(pos2(rect.left(), at.bottom() + look.px(4.0)), vec2(rect.width(), look.px(22.0)));
    let sign = Rect::from_min_size(row.min, vec2(look.px(22.0), row.height()));
    text::icon(ui, sign, icon, look.scale.icon(17.0), ink);
    let room = Rect::from_min_max(pos2(sign.right() + look.px(4.0), row.top()), row.max);
    text::line(ui, room, Align2::LEFT_CENTER, &Style::of(look, Type::Caption).colour(ink), &words);
}

/// - `asked`: whether a key asked for the end.
fn buttons_ui(ui: &mut Ui, look: &Look, rect: Rect, asked: bool, model: &mut StatedModel, send: &mut dyn FnMut(Command)) {
    // An officer's buttons: below a form there is no room for those of a kiosk.
    let height = look.px(56.0);
    let (done, clear) = (look.t("document-stated-done"), look.t("document-stated-clear"));
    let button = Button::new(&done, Emphasis::Primary).icon(Icon::Check);
    let width = button.width(ui, look).max(look.px(170.0)).min(rect.width() * 0.6);
    let at = Rect::from_min_size(rect.min, vec2(width, height));
    if button.show_at(ui, look, at).clicked() || asked {
        send(Command::Flow(FlowInput::StatedDone));
    }
    let button = Button::new(&clear, Emphasis::Quiet);
    let width = button.width(ui, look).min(rect.width() - at.width() - look.px(12.0));
    let at = Rect::from_min_size(pos2(at.right() + look.px(12.0), at.top()), vec2(width, height));
    if button.show_at(ui, look, at).clicked() {
        model.wipe(ui.ctx());
        send(Command::Flow(FlowInput::ForgetStated));
    }
}
