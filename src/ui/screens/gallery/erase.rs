//! Draws the erase dialog: what is destroyed, the reason, the code typed to confirm.

use super::model::{GalleryModel, Reason};
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::strings::code_in_groups;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use egui::{Frame, Id, Margin, Modal, Rect, Sense, TextEdit, Ui, Vec2, vec2};
use lucide_icons::Icon;

/// Draws the dialog while an erasure is being prepared.
pub fn erase_ui(ui: &mut Ui, look: &Look, model: &mut GalleryModel, send: &mut dyn FnMut(Command)) {
    let Some(open) = model.open.clone() else { return };
    let Some(form) = &mut model.erase else { return };
    let p = look.palette;
    let mut cancel = false;
    let frame = Frame::new().fill(p.surface_raised).corner_radius(look.scale.radius()).inner_margin(Margin::same(look.px(28.0) as i8));
    let modal = Modal::new(Id::unique("erase")).backdrop_color(p.veil).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(look.px(520.0));
        ui.spacing_mut().item_spacing = vec2(look.px(8.0), look.px(8.0));
        let name =
            if open.summary.display_name.0.trim().is_empty() { look.t("gallery-unnamed") } else { open.summary.display_name.0.clone() };
        text::label(ui, &Style::of(look, Type::DeskTitle), &look.words.with("erase-title", &[("name", &name)]));
        text::label(ui, &Style::of(look, Type::DeskBody).colour(p.ink_muted), &look.t("erase-line"));
        for (icon, words) in [
            (Icon::Fingerprint, look.words.n("erase-templates", u64::from(open.summary.templates))),
            (Icon::Images, look.t("erase-pictures")),
            (Icon::FileText, look.words.n("erase-records", open.records.len() as u64)),
            (Icon::KeyRound, look.t("erase-key")),
        ] {
            ui.horizontal(|ui| {
                let (at, _) = ui.allocate_exact_size(Vec2::splat(look.px(28.0)), Sense::hover());
                card::disc(ui, look, at, icon, Tone::Negative);
                text::label(ui, &Style::of(look, Type::DeskBody), &words);
            });
        }
        ui.add_space(look.px(8.0));
        text::label(ui, &Style::bold(look, Type::DeskBody), &look.t("erase-reason"));
        for reason in Reason::ALL {
            let words = look.t(reason.key());
            if ui.radio(form.reason == Some(reason), words).clicked() {
                form.reason = Some(reason);
            }
        }
        let margin = Margin::symmetric(look.px(12.0) as i8, look.px(9.0) as i8);
        if form.reason == Some(Reason::Other) {
            let hint = look.t("erase-reason-words");
            let edit = TextEdit::singleline(&mut form.words).hint_text(hint.clone()).desired_width(f32::INFINITY).margin(margin);
            ui.add(edit).accessible_name(hint);
        }
        ui.add_space(look.px(8.0));
        let code = code_in_groups(&form.code);
        let ask = look.words.with("erase-confirm", &[("code", &code)]);
        text::label(ui, &Style::bold(look, Type::DeskBody), &ask);
        ui.add(TextEdit::singleline(&mut form.typed).desired_width(f32::INFINITY).margin(margin)).accessible_name(ask);
        ui.add_space(look.px(12.0));
        let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(44.0)), Sense::hover());
        let half = vec2((row.width() - look.px(12.0)) / 2.0, row.height());
        let left = Rect::from_min_size(row.min, half);
        let right = Rect::from_min_size(row.min + vec2(half.x + look.px(12.0), 0.0), half);
        cancel = Button::desk(&look.t("action-cancel"), Emphasis::Secondary).show_at(ui, look, left).clicked();
        let reason = form.reason.map(|r| look.t(r.key())).unwrap_or_default();
        let command = form.command(&reason);
        let words = look.t("erase-do");
        let button = Button::desk(&words, Emphasis::Danger).icon(Icon::Trash2).enabled(command.is_some());
        if button.show_at(ui, look, right).clicked()
            && let Some(command) = command
        {
            send(command);
        }
    });
    if cancel || modal.should_close() {
        model.erase = None;
    }
}
