//! Draws the dialog in which a person decides about a delivery: what happens, why.

use super::model::{Decision, LONGEST, SyncModel};
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::dialog::{cancel_or, caption, heading, line_field, modal};
use crate::ui::widgets::text::{self, Style};
use egui::Ui;
use lucide_icons::Icon;

/// Sign of a decision.
pub(super) const fn icon(decision: Decision) -> Icon {
    match decision {
        Decision::Retry => Icon::RefreshCw,
        Decision::SetAside => Icon::Archive,
        Decision::Arrived => Icon::CircleCheck,
        Decision::NotArrived => Icon::Undo2,
    }
}

/// Draws it while a decision is being prepared.
pub(super) fn decide_ui(ui: &mut Ui, look: &Look, model: &mut SyncModel, send: &mut dyn FnMut(Command)) {
    let Some(form) = &mut model.decide else { return };
    let key = form.decision.key(form.state);
    let mut close = false;
    let closed = modal(ui, look, "decide", |ui| {
        heading(ui, look, icon(form.decision), Tone::Accent, &look.t(key));
        let style = Style::of(look, Type::DeskBody).colour(look.palette.ink_muted);
        text::label(ui, &style, &look.t(&format!("{key}-line")));
        ui.add_space(look.px(6.0));
        line_field(ui, look, &look.t("decide-reason"), &look.t("decide-reason-hint"), &mut form.reason);
        caption(ui, look, &look.t("decide-reason-line"));
        if form.decision == Decision::Arrived && key == "decide-arrived" {
            line_field(ui, look, &look.t("decide-reference"), &look.t("decide-reference-hint"), &mut form.reference);
        }
        if form.reason.chars().count() > LONGEST {
            caption(ui, look, &look.t("decide-too-long"));
        }
        ui.add_space(look.px(8.0));
        let command = form.command();
        let words = look.t(key);
        let (cancelled, done) = cancel_or(ui, look, Button::desk(&words, Emphasis::Primary).enabled(command.is_some()));
        if done && let Some(command) = command {
            send(command);
        }
        close = cancelled;
    });
    if close || closed {
        model.decide = None;
    }
}
