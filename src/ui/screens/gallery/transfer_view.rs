//! Draws the export and import dialogs, their progress and what came of them.

use super::model::GalleryModel;
use super::transfer::{Direction, TransferForm, TransferModel};
use crate::runtime::messages::{Command, TransferView};
use crate::ui::dialogs::{Dialogs, Purpose};
use crate::ui::look::Look;
use crate::ui::strings::grouped;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::choice::choice;
use crate::ui::widgets::dialog::{self, caption, field_margin, halves, heading, modal};
use crate::ui::widgets::text::{self, Style};
use egui::{Checkbox, Sense, TextEdit, Ui, vec2};
use lucide_icons::Icon;

/// Draws whatever is open: progress over the result over the form.
pub(super) fn transfer_ui(
    ui: &mut Ui,
    look: &Look,
    model: &mut GalleryModel,
    dialogs: &mut Dialogs,
    running: Option<TransferView>,
    send: &mut dyn FnMut(Command),
) {
    if let Some(running) = running {
        progress_ui(ui, look, running, send);
    } else if model.transfer.result.is_some() {
        result_ui(ui, look, &mut model.transfer);
    } else if model.transfer.form.is_some() {
        form_ui(ui, look, model, dialogs, send);
    }
}

fn form_ui(ui: &mut Ui, look: &Look, model: &mut GalleryModel, dialogs: &mut Dialogs, send: &mut dyn FnMut(Command)) {
    let galleries: Vec<String> = model.named().map(|gallery| gallery.name.clone()).collect();
    let TransferModel { form, keys, .. } = &mut model.transfer;
    let Some(filled) = form else { return };
    let out = filled.direction == Direction::Out;
    let purpose = if out { Purpose::Export } else { Purpose::Import };
    if let Some(path) = dialogs.take(purpose) {
        filled.file = path.display().to_string();
    }
    let mut cancel = false;
    let closed = modal(ui, look, "transfer", |ui| {
        let (icon, title, line) = if out {
            (Icon::Upload, "transfer-export-title", "transfer-export-line")
        } else {
            (Icon::Download, "transfer-import-title", "transfer-import-line")
        };
        heading(ui, look, icon, Tone::Accent, &look.t(title));
        text::label(ui, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted), &look.t(line));
        ui.add_space(look.px(8.0));
        file_ui(ui, look, filled, dialogs, purpose);
        if out {
            who_ui(ui, look, filled, &galleries);
        }
        let key_words = look.t(if out { "transfer-keys-to" } else { "transfer-keys-from" });
        text::label(ui, &Style::bold(look, Type::DeskBody), &key_words);
        let edit = TextEdit::multiline(&mut filled.keys).desired_rows(2).desired_width(f32::INFINITY).margin(field_margin(look));
        ui.add_enabled(!filled.anyone, edit).accessible_name(key_words);
        caption(ui, look, &look.t("transfer-keys-line"));
        if !out {
            let anyone = look.t("transfer-anyone");
            ui.add(Checkbox::new(&mut filled.anyone, anyone));
        }
        passphrase_ui(ui, look, filled);
        if let Some(keys) = keys {
            ui.add_space(look.px(4.0));
            let (label, key) = if out { ("transfer-own-signs", &keys.signs_as) } else { ("transfer-own-receives", &keys.receives_as) };
            own_key_ui(ui, look, &look.t(label), key);
        }
        ui.add_space(look.px(8.0));
        if let Some(missing) = filled.missing() {
            caption(ui, look, &look.t(missing));
        }
        let go = look.t(if out { "transfer-export-do" } else { "transfer-import-do" });
        let command = filled.command();
        let [left, right] = halves(ui, look);
        cancel = Button::desk(&look.t("action-cancel"), Emphasis::Secondary).show_at(ui, look, left).clicked();
        let button = Button::desk(&go, Emphasis::Primary).icon(icon).enabled(command.is_some());
        if button.show_at(ui, look, right).clicked()
            && let Some(command) = command
        {
            send(command);
        }
    });
    if cancel || closed {
        *form = None;
    }
}

fn file_ui(ui: &mut Ui, look: &Look, form: &mut TransferForm, dialogs: &mut Dialogs, purpose: Purpose) {
    let label = look.t("transfer-file");
    text::label(ui, &Style::bold(look, Type::DeskBody), &label);
    ui.horizontal(|ui| {
        let choose = look.t("transfer-choose");
        let button = Button::desk(&choose, Emphasis::Secondary).icon(Icon::FolderOpen);
        let width = ui.available_width() - button.width(ui, look) - look.px(8.0);
        ui.add(TextEdit::singleline(&mut form.file).desired_width(width).margin(field_margin(look))).accessible_name(label);
        if button.show(ui, look).clicked() {
            dialogs.ask(purpose, &look.t("transfer-file-title"), ui.ctx());
        }
    });
}

fn who_ui(ui: &mut Ui, look: &Look, form: &mut TransferForm, galleries: &[String]) {
    let label = look.t("transfer-who");
    text::label(ui, &Style::bold(look, Type::DeskBody), &label);
    let size = vec2(ui.available_width(), look.px(40.0));
    let entries: Vec<(String, String)> = galleries.iter().map(|name| (name.clone(), name.clone())).collect();
    choice(ui, look, size, &label, &mut form.gallery, look.t("gallery-all"), &entries);
}

fn passphrase_ui(ui: &mut Ui, look: &Look, form: &mut TransferForm) {
    let out = form.direction == Direction::Out;
    let label = look.t("transfer-passphrase");
    text::label(ui, &Style::bold(look, Type::DeskBody), &label);
    let width = if out { (ui.available_width() - look.px(8.0)) / 2.0 } else { f32::INFINITY };
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut form.passphrase.0).password(true).desired_width(width).margin(field_margin(look));
        ui.add(edit.hint_text(look.t("transfer-passphrase-hint"))).accessible_name(label);
        if out {
            let again = look.t("transfer-passphrase-again");
            let edit = TextEdit::singleline(&mut form.again.0).password(true).desired_width(width).margin(field_margin(look));
            ui.add(edit.hint_text(again.clone())).accessible_name(again);
        }
    });
}

/// A key of this machine, to be sent to others.
fn own_key_ui(ui: &mut Ui, look: &Look, label: &str, key: &str) {
    caption(ui, look, label);
    ui.horizontal(|ui| {
        let copy = look.t("transfer-copy");
        let button = Button::desk(&copy, Emphasis::Quiet).icon(Icon::Copy);
        let width = ui.available_width() - button.width(ui, look) - look.px(8.0);
        let style = Style::of(look, Type::DeskCaption).rows(1);
        let (at, _) = ui.allocate_exact_size(vec2(width, look.px(38.0)), Sense::hover());
        ui.painter().rect_filled(at, look.scale.radius_small(), look.palette.surface_sunken);
        text::line(ui, at.shrink2(vec2(look.px(12.0), 0.0)), egui::Align2::LEFT_CENTER, &style, key);
        if button.show(ui, look).clicked() {
            ui.ctx().copy_text(key.to_owned());
        }
    });
}

fn progress_ui(ui: &mut Ui, look: &Look, running: TransferView, send: &mut dyn FnMut(Command)) {
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
    modal(ui, look, "transfer-progress", |ui| {
        let (icon, title) = if running.importing { (Icon::Download, "transfer-importing") } else { (Icon::Upload, "transfer-exporting") };
        heading(ui, look, icon, Tone::Accent, &look.t(title));
        let people = grouped(running.people);
        let words = match running.of {
            Some(of) => look.words.with("transfer-progress-of", &[("people", &people), ("of", &grouped(of))]),
            None => look.words.with("transfer-progress", &[("people", &people)]),
        };
        text::label(ui, &Style::of(look, Type::DeskBody), &words);
        let share = running.of.filter(|of| *of > 0).map(|of| running.people as f32 / of as f32);
        dialog::progress(ui, look, "transfer", share, &words);
        ui.add_space(look.px(12.0));
        if dialog::stop(ui, look, running.cancelled) {
            send(Command::CancelTransfer);
        }
    });
}

fn result_ui(ui: &mut Ui, look: &Look, model: &mut TransferModel) {
    let Some(result) = &model.result else { return };
    let (title, lines) = result.words(&look.words);
    let mut done = false;
    let closed = modal(ui, look, "transfer-result", |ui| {
        heading(ui, look, Icon::CircleCheck, Tone::Positive, &look.t(title));
        for line in &lines {
            text::label(ui, &Style::of(look, Type::DeskBody), line);
        }
        ui.add_space(look.px(12.0));
        let [_, right] = halves(ui, look);
        done = Button::desk(&look.t("action-close"), Emphasis::Primary).show_at(ui, look, right).clicked();
    });
    if done || closed {
        model.result = None;
    }
}
