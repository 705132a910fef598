//! Draws the person opened in the gallery: portrait, code, details, galleries, history, actions.

use super::model::{EraseForm, GalleryModel};
use super::view::state;
use crate::ports::gallery::{DEFAULT_GALLERY, SubjectDetails};
use crate::runtime::messages::{Command, DeliveryRow};
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::identify::view::portrait;
use crate::ui::screens::today::view::flow_key;
use crate::ui::service_words;
use crate::ui::strings::code_in_groups;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use crate::workflow::view::FlowKind;
use egui::{Align2, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, pos2, vec2};
use lucide_icons::Icon;

/// Draws the drawer in `rect`.
pub fn drawer_ui(ui: &mut Ui, look: &Look, rect: Rect, model: &mut GalleryModel, pictures: &mut Pictures, send: &mut dyn FnMut(Command)) {
    let Some(open) = model.open.clone() else { return };
    let joinable = model.joinable();
    card::card(ui, look, rect);
    let inner = rect.shrink(look.px(22.0));
    let foot_height = if open.summary.held { look.px(88.0) } else { look.px(42.0) };
    let foot = Rect::from_min_max(pos2(inner.left(), inner.bottom() - foot_height), inner.max);
    let body = Rect::from_min_max(inner.min, pos2(inner.right(), foot.top() - look.px(16.0)));
    let mut child = ui.new_child(UiBuilder::new().max_rect(body));
    ScrollArea::vertical().id_salt("drawer").auto_shrink([false, false]).show(&mut child, |ui| {
        ui.set_width(body.width());
        head(ui, look, &open, pictures, send);
        details(ui, look, &open);
        galleries(ui, look, &open, &joinable, send);
        history(ui, look, &open);
        receipts(ui, look, &model.deliveries);
    });
    let close = look.t("action-close");
    let at = Rect::from_min_size(pos2(rect.right() - look.px(50.0), rect.top() + look.px(12.0)), vec2(look.px(38.0), look.px(38.0)));
    if Button::desk(&close, Emphasis::Quiet).icon_only(Icon::X).show_at(ui, look, at).clicked() {
        model.close();
    }
    actions(ui, look, foot, &open, model, send);
}

fn name(look: &Look, open: &SubjectDetails) -> String {
    let name = open.summary.display_name.0.trim();
    if name.is_empty() { look.t("gallery-unnamed") } else { name.to_owned() }
}

fn head(ui: &mut Ui, look: &Look, open: &SubjectDetails, pictures: &mut Pictures, send: &mut dyn FnMut(Command)) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(150.0)), Sense::hover());
    let picture = Rect::from_min_size(row.min, vec2(row.height() * 0.8, row.height()));
    let shown = pictures.portrait(ui.ctx(), open.summary.subject, send);
    portrait(ui, look, picture, shown);
    let words = Rect::from_min_max(pos2(picture.right() + look.px(18.0), row.top()), row.max - vec2(look.px(34.0), 0.0));
    let title = Style::of(look, Type::DeskHeading).rows(2);
    let used = text::paragraph(ui, words, &title, &name(look, open));
    let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    let mut y = words.top() + used + look.px(8.0);
    let mut line = |ui: &mut Ui, style: &Style, said: &str, height: f32| {
        let at = Rect::from_min_size(pos2(words.left(), y), vec2(words.width() + look.px(34.0), height));
        text::line(ui, at, Align2::LEFT_CENTER, style, said);
        y += height;
    };
    line(ui, &muted, &look.t("drawer-code"), look.px(18.0));
    line(
        ui,
        &Style::bold(look, Type::DeskHeading).colour(look.palette.accent),
        &code_in_groups(&open.summary.registration_code),
        look.px(26.0),
    );
    let (tone, icon, key) = state(&open.summary);
    let chips = Rect::from_min_size(pos2(words.left(), row.bottom() - look.px(26.0)), vec2(words.width() + look.px(34.0), look.px(26.0)));
    let mut child = ui.new_child(UiBuilder::new().max_rect(chips).layout(egui::Layout::left_to_right(egui::Align::Center)));
    card::chip(&mut child, look, tone, Some(icon), &look.t(key));
    card::chip(&mut child, look, Tone::Neutral, None, &look.words.n("drawer-templates", u64::from(open.summary.templates)));
    ui.add_space(look.px(8.0));
}

fn heading(ui: &mut Ui, look: &Look, key: &str) {
    ui.add_space(look.px(10.0));
    text::label(ui, &Style::bold(look, Type::DeskCaption).colour(look.palette.ink_muted), &look.t(key));
}

fn details(ui: &mut Ui, look: &Look, open: &SubjectDetails) {
    let filled: Vec<_> = open.details.iter().filter(|(_, value)| !value.0.trim().is_empty()).collect();
    if filled.is_empty() {
        return;
    }
    heading(ui, look, "drawer-details");
    for (key, value) in filled {
        let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(24.0)), Sense::hover());
        let (left, right) = row.split_left_right_at_fraction(0.42);
        let label = look.words.label(&format!("field-{}", key.trim_start_matches("field-")));
        text::line(ui, left, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted), &label);
        text::line(ui, right, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &value.0);
    }
}

fn galleries(ui: &mut Ui, look: &Look, open: &SubjectDetails, joinable: &[String], send: &mut dyn FnMut(Command)) {
    heading(ui, look, "drawer-galleries");
    ui.horizontal_wrapped(|ui| {
        for gallery in &open.galleries {
            if gallery == DEFAULT_GALLERY {
                card::chip(ui, look, Tone::Neutral, Some(Icon::Users), &look.t("gallery-all"));
                continue;
            }
            card::chip(ui, look, Tone::Accent, Some(Icon::Tag), gallery);
            let words = look.words.with("drawer-galleries-remove", &[("gallery", gallery)]);
            let (_, at) = ui.allocate_space(vec2(look.px(26.0), look.px(26.0)));
            if Button::desk(&words, Emphasis::Quiet).icon_only(Icon::X).show_at(ui, look, at).clicked() {
                send(Command::RemoveMember(gallery.clone(), open.summary.subject));
            }
        }
        if !joinable.is_empty() {
            ui.menu_button(look.t("drawer-galleries-add"), |ui| {
                for gallery in joinable {
                    if ui.button(gallery).clicked() {
                        send(Command::AddMember(gallery.clone(), open.summary.subject));
                        ui.close();
                    }
                }
            });
        }
    });
}

fn history(ui: &mut Ui, look: &Look, open: &SubjectDetails) {
    if open.records.is_empty() {
        return;
    }
    heading(ui, look, "drawer-records");
    for record in &open.records {
        let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(44.0)), Sense::hover());
        ui.painter().hline(row.x_range(), row.top(), Stroke::new(1.0, look.palette.outline));
        let (upper, lower) = row.split_top_bottom_at_fraction(0.52);
        let state = look.t(if record.active { "record-active" } else { "record-retired" });
        text::line(ui, upper, Align2::LEFT_BOTTOM, &Style::bold(look, Type::DeskBody), &look.t(flow_key(&record.flow)));
        text::line(ui, upper, Align2::RIGHT_BOTTOM, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &state);
        let line = format!("{} · {}", look.words.moment(record.enrolled_at), code_in_groups(&record.registration_code));
        text::line(ui, lower, Align2::LEFT_TOP, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &line);
    }
}

/// What each service said, and how what is not there yet stands.
fn receipts(ui: &mut Ui, look: &Look, deliveries: &[DeliveryRow]) {
    if deliveries.is_empty() {
        return;
    }
    heading(ui, look, "drawer-deliveries");
    for DeliveryRow { entry, .. } in deliveries {
        let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(46.0)), Sense::hover());
        ui.painter().hline(row.x_range(), row.top(), Stroke::new(1.0, look.palette.outline));
        let (upper, lower) = row.split_top_bottom_at_fraction(0.56);
        text::line(ui, upper, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody), &service_words::name(&look.words, entry.service));
        let (tone, icon, key) = service_words::state(entry.progress.state);
        let chips = Rect::from_min_max(pos2(upper.center().x - look.px(20.0), upper.top()), upper.max);
        let mut child = ui.new_child(UiBuilder::new().max_rect(chips).layout(egui::Layout::right_to_left(egui::Align::Center)));
        card::chip(&mut child, look, tone, Some(icon), &look.t(key));
        let reference = entry.receipt.as_ref().and_then(|receipt| receipt.remote_reference.as_deref());
        let said = reference
            .map_or_else(String::new, |reference| format!(" · {}", look.words.with("drawer-receipt", &[("reference", reference)])));
        let line = format!("{}{said}", look.words.moment(entry.changed_at));
        text::line(ui, lower, Align2::LEFT_TOP, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &line);
    }
}

fn actions(ui: &mut Ui, look: &Look, foot: Rect, open: &SubjectDetails, model: &mut GalleryModel, send: &mut dyn FnMut(Command)) {
    let subject = open.summary.subject;
    let row = Rect::from_min_max(pos2(foot.left(), foot.bottom() - look.px(42.0)), foot.max);
    if open.summary.held {
        let words = look.t("drawer-release");
        let at = Rect::from_min_size(foot.min, vec2(foot.width(), look.px(40.0)));
        if Button::desk(&words, Emphasis::Primary).icon(Icon::LockOpen).show_at(ui, look, at).clicked() {
            send(Command::Release(subject));
        }
    }
    let gap = look.px(8.0);
    let width = (row.width() - 2.0 * gap) / 3.0;
    let slot = |i: usize| Rect::from_min_size(row.min + vec2(i as f32 * (width + gap), 0.0), vec2(width, row.height()));
    let emphasis = if open.summary.held { Emphasis::Secondary } else { Emphasis::Primary };
    if Button::desk(&look.t("drawer-verify"), emphasis).show_at(ui, look, slot(0)).clicked() {
        send(Command::StartFlow { flow: FlowKind::Authenticate, claim: Some(subject) });
    }
    if Button::desk(&look.t("drawer-reenrol"), Emphasis::Secondary).show_at(ui, look, slot(1)).clicked() {
        send(Command::StartFlow { flow: FlowKind::ReEnrol, claim: Some(subject) });
    }
    if Button::desk(&look.t("drawer-erase"), Emphasis::Secondary).icon(Icon::Trash2).show_at(ui, look, slot(2)).clicked() {
        model.erase = Some(EraseForm::new(&open.summary));
    }
}
