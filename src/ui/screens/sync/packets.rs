//! Delivery by hand: the dialogs that write packets to a folder and read them from one, their progress and what came of it.

use crate::ports::services::ServiceKind;
use crate::runtime::application::{PacketOrder, PacketsDone};
use crate::runtime::messages::{Command, Notice, PacketsView};
use crate::runtime::transfer::MachineKeys;
use crate::ui::dialogs::{Dialogs, Purpose};
use crate::ui::look::Look;
use crate::ui::strings::{Words, grouped};
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::dialog::{self, cancel_or, caption, field_margin, halves, heading, line_field, modal};
use crate::ui::widgets::text::{self, Style};
use egui::{TextEdit, Ui};
use lucide_icons::Icon;
use std::path::PathBuf;

/// A dialog being filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PacketsForm {
    /// Whether packets are read.
    pub importing: bool,
    /// Folder, as typed or chosen.
    pub folder: String,
    /// For this service only; for exports.
    pub service: Option<ServiceKind>,
    /// Keys of other machines, one a line; empty takes those of the configuration.
    pub keys: String,
}

impl PacketsForm {
    /// The command, once there is a folder.
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        let folder = PathBuf::from(self.folder.trim());
        if folder.as_os_str().is_empty() {
            return None;
        }
        let mut keys = self.keys.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        Some(Command::MovePackets(if self.importing {
            PacketOrder::Import { folder, trusted: keys.collect() }
        } else {
            PacketOrder::Export { folder, service: self.service, recipient: keys.next().unwrap_or_default() }
        }))
    }
}

/// Everything about packets that the screen knows.
#[derive(Debug, Clone, Default)]
pub struct PacketsModel {
    /// The dialog that is open.
    pub form: Option<PacketsForm>,
    /// This machine's keys, once they were asked for.
    pub keys: Option<MachineKeys>,
    /// What came of the last order.
    pub done: Option<PacketsDone>,
}

impl PacketsModel {
    /// Opens a dialog.
    pub fn open(&mut self, importing: bool, service: Option<ServiceKind>) -> Vec<Command> {
        self.form = Some(PacketsForm { importing, service, ..PacketsForm::default() });
        self.done = None;
        if self.keys.is_some() { Vec::new() } else { vec![Command::AskMachineKeys] }
    }

    /// Takes an answer.
    pub fn receive(&mut self, notice: &Notice) {
        match notice {
            Notice::PacketsMoved(done) => {
                self.form = None;
                self.done = Some(done.clone());
            }
            Notice::MachineKeys(keys) => self.keys = Some(keys.clone()),
            _ => {}
        }
    }

    /// Whether a dialog lies over the page.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.form.is_some() || self.done.is_some()
    }
}

/// What came of it: whether all is well, and lines.
#[must_use]
pub fn words_of(words: &Words, done: &PacketsDone) -> (bool, Vec<String>) {
    match done {
        PacketsDone::Exported(report) => {
            let texts = [("packets", grouped(report.packets)), ("written", grouped(report.written))];
            let mut lines = vec![words.with("packets-exported-line", &texts.each_ref().map(|(key, text)| (*key, text.as_str())))];
            if !report.unreadable.is_empty() {
                lines.push(words.n("packets-unreadable", report.unreadable.len() as u64));
            }
            lines.push(words.t(if report.cancelled { "packets-broken-off" } else { "packets-exported-next" }));
            (report.unreadable.is_empty() && !report.cancelled, lines)
        }
        PacketsDone::Imported(report) => {
            let texts = [
                ("packets", grouped(report.packets)),
                ("delivered", grouped(report.delivered)),
                ("before", grouped(report.settled_before)),
                ("attention", grouped(report.attention)),
                ("left", grouped(report.left)),
            ];
            let texts = texts.each_ref().map(|(key, text)| (*key, text.as_str()));
            let mut lines = vec![words.with("packets-imported-line", &texts)];
            if report.cancelled {
                lines.push(words.t("packets-broken-off"));
            }
            if report.receipts_taken > 0 {
                lines.push(words.n("packets-receipts-taken", report.receipts_taken));
            }
            if report.receipts_written > 0 {
                lines.push(words.n("packets-receipts-written", report.receipts_written));
            }
            if !report.missing.is_empty() {
                lines.push(words.n("packets-missing", report.missing.len() as u64));
            }
            for problem in report.problems.iter().take(4) {
                lines.push(words.with("packets-problem", &[("file", &problem.file), ("what", &problem.message), ("code", problem.code)]));
            }
            (report.is_complete(), lines)
        }
    }
}

/// Draws whatever is open: progress over the result over the form.
pub(super) fn packets_ui(
    ui: &mut Ui,
    look: &Look,
    model: &mut PacketsModel,
    dialogs: &mut Dialogs,
    running: Option<PacketsView>,
    send: &mut dyn FnMut(Command),
) {
    if let Some(running) = running {
        progress_ui(ui, look, running, send);
    } else if model.done.is_some() {
        done_ui(ui, look, model);
    } else if model.form.is_some() {
        form_ui(ui, look, model, dialogs, send);
    }
}

fn form_ui(ui: &mut Ui, look: &Look, model: &mut PacketsModel, dialogs: &mut Dialogs, send: &mut dyn FnMut(Command)) {
    let PacketsModel { form, keys, .. } = model;
    let Some(filled) = form else { return };
    if let Some(folder) = dialogs.take(Purpose::Packets) {
        filled.folder = folder.display().to_string();
    }
    let mut close = false;
    let closed = modal(ui, look, "packets", |ui| {
        let (icon, title, line, key, key_line, own) = if filled.importing {
            (
                Icon::PackageOpen,
                "packets-import-title",
                "packets-import-line",
                "transfer-keys-from",
                "packets-trusted-line",
                "transfer-own-receives",
            )
        } else {
            (
                Icon::Package,
                "packets-export-title",
                "packets-export-line",
                "packets-branch-key",
                "packets-branch-line",
                "transfer-own-signs",
            )
        };
        heading(ui, look, icon, Tone::Accent, &look.t(title));
        text::label(ui, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted), &look.t(line));
        ui.add_space(look.px(6.0));
        let label = look.t("packets-folder");
        text::label(ui, &Style::bold(look, Type::DeskBody), &label);
        ui.horizontal(|ui| {
            let choose = look.t("transfer-choose");
            let button = Button::desk(&choose, Emphasis::Secondary).icon(Icon::FolderOpen);
            let width = ui.available_width() - button.width(ui, look) - look.px(8.0);
            ui.add(TextEdit::singleline(&mut filled.folder).desired_width(width).margin(field_margin(look))).accessible_name(label);
            if button.show(ui, look).clicked() {
                dialogs.ask(Purpose::Packets, &look.t("packets-folder-title"), ui.ctx());
            }
        });
        let label = look.t(key);
        if filled.importing {
            text::label(ui, &Style::bold(look, Type::DeskBody), &label);
            let edit = TextEdit::multiline(&mut filled.keys).desired_rows(2).desired_width(f32::INFINITY).margin(field_margin(look));
            ui.add(edit).accessible_name(label);
        } else {
            line_field(ui, look, &label, "", &mut filled.keys);
        }
        caption(ui, look, &look.t(key_line));
        if let Some(keys) = keys {
            let own_key = if filled.importing { &keys.receives_as } else { &keys.signs_as };
            caption(ui, look, &look.t(own));
            let mut shown = own_key.as_str();
            let edit = TextEdit::singleline(&mut shown).desired_width(f32::INFINITY).margin(field_margin(look));
            ui.add(edit).accessible_name(look.t(own));
        }
        ui.add_space(look.px(8.0));
        let command = filled.command();
        if command.is_none() {
            caption(ui, look, &look.t("packets-missing-folder"));
        }
        let words = look.t(if filled.importing { "packets-import-do" } else { "packets-export-do" });
        let (cancelled, go) = cancel_or(ui, look, Button::desk(&words, Emphasis::Primary).icon(icon).enabled(command.is_some()));
        if go && let Some(command) = command {
            send(command);
        }
        close = cancelled;
    });
    if close || closed {
        *form = None;
    }
}

fn progress_ui(ui: &mut Ui, look: &Look, running: PacketsView, send: &mut dyn FnMut(Command)) {
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
    modal(ui, look, "packets-progress", |ui| {
        let (icon, title) = if running.importing { (Icon::PackageOpen, "packets-importing") } else { (Icon::Package, "packets-exporting") };
        heading(ui, look, icon, Tone::Accent, &look.t(title));
        let words = look.words.with("transfer-progress-of", &[("people", &grouped(running.done)), ("of", &grouped(running.of))]);
        let words = if running.of == 0 { look.t("packets-preparing") } else { words };
        text::label(ui, &Style::of(look, Type::DeskBody), &words);
        let share = (running.of > 0).then(|| running.done as f32 / running.of as f32);
        dialog::progress(ui, look, "packets", share, &words);
        caption(ui, look, &look.t("packets-rest"));
        ui.add_space(look.px(12.0));
        if dialog::stop(ui, look, running.cancelled) {
            send(Command::CancelPackets);
        }
    });
}

fn done_ui(ui: &mut Ui, look: &Look, model: &mut PacketsModel) {
    let Some(done) = &model.done else { return };
    let (well, lines) = words_of(&look.words, done);
    let title = look.t(if matches!(done, PacketsDone::Exported(_)) { "packets-exported" } else { "packets-imported" });
    let mut close = false;
    let closed = modal(ui, look, "packets-done", |ui| {
        let (icon, tone) = if well { (Icon::CircleCheck, Tone::Positive) } else { (Icon::TriangleAlert, Tone::Caution) };
        heading(ui, look, icon, tone, &title);
        for line in &lines {
            text::label(ui, &Style::of(look, Type::DeskBody), line);
        }
        ui.add_space(look.px(12.0));
        let [_, right] = halves(ui, look);
        close = Button::desk(&look.t("action-close"), Emphasis::Primary).show_at(ui, look, right).clicked();
    });
    if close || closed {
        model.done = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::sync::packets::PacketsReport;
    use crate::ui::strings::Language;

    #[test]
    fn a_folder_is_all_that_is_needed_and_keys_come_from_the_configuration() {
        let mut form = PacketsForm::default();
        assert_eq!(form.command(), None);
        form.folder = " /media/stick ".into();
        let order = PacketOrder::Export { folder: "/media/stick".into(), service: None, recipient: String::new() };
        assert_eq!(form.command(), Some(Command::MovePackets(order)));
        form.importing = true;
        form.keys = " AAA\n\nBBB ".into();
        let order = PacketOrder::Import { folder: "/media/stick".into(), trusted: vec!["AAA".into(), "BBB".into()] };
        assert_eq!(form.command(), Some(Command::MovePackets(order)));
    }

    #[test]
    fn an_import_that_left_something_does_not_look_well() {
        let words = Words::new(Language::English);
        let report = PacketsReport { packets: 3, delivered: 2, left: 1, missing: vec!["x".into()], ..PacketsReport::default() };
        let (well, lines) = words_of(&words, &PacketsDone::Imported(report));
        assert!(!well && lines.len() == 2, "{lines:?}");
    }
}
