//! Draws the delivery that is opened: what became of it, the receipt, the history, and what a person can decide.

use super::decide::icon;
use super::model::{Decision, SyncModel};
use crate::ports::outbox::{Entry, Operation};
use crate::ports::services::Receipt;
use crate::runtime::messages::{Command, DeliveryRow};
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::desk::model::Page;
use crate::ui::screens::identify::view::portrait;
use crate::ui::screens::services::view::notice;
use crate::ui::service_words;
use crate::ui::strings::code_in_groups;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};
use lucide_icons::Icon;

/// Draws the drawer in `rect`; the answer is a person whose page is wanted.
pub(super) fn drawer_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    model: &mut SyncModel,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) -> Option<crate::ports::gallery::SubjectId> {
    let row = model.opened()?.clone();
    card::card(ui, look, rect);
    let inner = rect.shrink(look.px(22.0));
    let decisions = Decision::offered(row.entry.progress.state);
    let foot_height = decisions.len() as f32 * look.px(48.0);
    let body = Rect::from_min_max(inner.min, pos2(inner.right(), inner.bottom() - foot_height - look.px(10.0)));
    let mut opened = None;
    let mut child = ui.new_child(UiBuilder::new().max_rect(body));
    ScrollArea::vertical().id_salt(("delivery", row.entry.key)).auto_shrink([false, false]).show(&mut child, |ui| {
        ui.set_width(body.width());
        head_ui(ui, look, &row, pictures, send);
        if let Some(person) = &row.person {
            let words = look.t("sync-open-person");
            if Button::desk(&words, Emphasis::Quiet).icon(Page::Gallery.words().1).show(ui, look).clicked() {
                opened = Some(person.subject);
            }
        }
        what_ui(ui, look, &row.entry);
        receipt_ui(ui, look, row.entry.receipt.as_ref());
        history_ui(ui, look, &row.entry);
    });
    let close = look.t("action-close");
    let at = Rect::from_min_size(pos2(rect.right() - look.px(50.0), rect.top() + look.px(12.0)), vec2(look.px(38.0), look.px(38.0)));
    if Button::desk(&close, Emphasis::Quiet).icon_only(Icon::X).show_at(ui, look, at).clicked() {
        model.open = None;
    }
    for (i, decision) in decisions.iter().enumerate() {
        let top = inner.bottom() - foot_height + i as f32 * look.px(48.0) + look.px(6.0);
        let at = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), look.px(42.0)));
        let words = format!("{}…", look.t(decision.key(row.entry.progress.state)));
        let emphasis = if i == 0 && row.entry.progress.state.needs_attention() { Emphasis::Primary } else { Emphasis::Secondary };
        if Button::desk(&words, emphasis).icon(icon(*decision)).show_at(ui, look, at).clicked() {
            model.prepare(&row.entry, *decision);
        }
    }
    opened
}

/// Who it is about, in words: also where nobody is known any more.
pub(super) fn person(look: &Look, row: &DeliveryRow) -> String {
    match (&row.person, &row.entry.packet_of) {
        (Some(person), _) if !person.display_name.0.trim().is_empty() => person.display_name.0.clone(),
        (Some(_), _) => look.t("gallery-unnamed"),
        (None, Some(_)) => look.t("sync-other-machine"),
        (None, None) if row.entry.operation == Operation::Delete => look.t("sync-erased"),
        (None, None) => look.t("sync-nobody"),
    }
}

fn head_ui(ui: &mut Ui, look: &Look, row: &DeliveryRow, pictures: &mut Pictures, send: &mut dyn FnMut(Command)) {
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(100.0)), Sense::hover());
    let mut left = place.left();
    if let Some(person) = &row.person {
        let picture = Rect::from_min_size(place.min, vec2(place.height() * 0.8, place.height()));
        let shown = pictures.portrait(ui.ctx(), person.subject, send);
        portrait(ui, look, picture, shown);
        left = picture.right() + look.px(16.0);
    }
    let words = Rect::from_min_max(pos2(left, place.top()), place.max - vec2(look.px(34.0), 0.0));
    let used = text::paragraph(ui, words, &Style::of(look, Type::DeskHeading).rows(2), &person(look, row));
    let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    let service = service_words::name(&look.words, row.entry.service);
    let what = look.t(if row.entry.operation == Operation::Delete { "sync-deletion" } else { "sync-enrolment" });
    let code = row.person.as_ref().map(|person| format!(" · {}", code_in_groups(&person.registration_code))).unwrap_or_default();
    let at = Rect::from_min_size(pos2(left, words.top() + used + look.px(4.0)), vec2(words.width() + look.px(30.0), look.px(20.0)));
    text::line(ui, at, Align2::LEFT_CENTER, &muted, &format!("{service} · {what}{code}"));
    let (tone, icon, key) = service_words::state(row.entry.progress.state);
    let chips = Rect::from_min_max(pos2(left, place.bottom() - look.px(28.0)), place.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(chips).layout(Layout::left_to_right(egui::Align::Center)));
    card::chip(&mut child, look, tone, Some(icon), &look.t(key));
    ui.add_space(look.px(4.0));
}

fn what_ui(ui: &mut Ui, look: &Look, entry: &Entry) {
    let state = entry.progress.state;
    text::label(ui, &Style::of(look, Type::DeskBody), &service_words::state_line(&look.words, state));
    if let Some(guarantee) = entry.progress.guarantee {
        text::label(
            ui,
            &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted),
            &look.t(&format!("{}-line", service_words::guarantee(guarantee))),
        );
    }
    if let Some(error) = &entry.fault {
        let tone = if state.needs_attention() { Tone::Negative } else { Tone::Caution };
        notice(ui, look, tone, &service_words::fault(&look.words, error));
    }
}

/// A title within a drawer.
pub(in crate::ui::screens) fn title(ui: &mut Ui, look: &Look, key: &str) {
    ui.add_space(look.px(8.0));
    text::label(ui, &Style::bold(look, Type::DeskCaption).colour(look.palette.ink_muted), &look.t(key));
}

/// What the service said when it took the delivery, for its support.
pub(in crate::ui::screens) fn receipt_ui(ui: &mut Ui, look: &Look, receipt: Option<&Receipt>) {
    let Some(receipt) = receipt else { return };
    title(ui, look, "sync-receipt");
    let reference = receipt.remote_reference.iter().map(|reference| (look.t("sync-reference"), reference.clone()));
    let others = receipt.identifiers.iter().map(|(name, value)| (name.clone(), value.clone()));
    for (name, value) in reference.chain(others) {
        let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(22.0)), Sense::hover());
        let (left, right) = row.split_left_right_at_fraction(0.38);
        text::line(ui, left, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &name);
        text::line(ui, right, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption), &value);
    }
    if receipt.repeated {
        text::label(ui, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &look.t("sync-repeated"));
    }
}

fn history_ui(ui: &mut Ui, look: &Look, entry: &Entry) {
    title(ui, look, "sync-history");
    let line = |ui: &mut Ui, at: crate::units::UtcTime, what: &str, words: &str| {
        let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), look.px(22.0)), Sense::hover());
        let when = look.px(150.0);
        let left = Rect::from_min_size(row.min, vec2(when, row.height()));
        text::line(
            ui,
            left,
            Align2::LEFT_CENTER,
            &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted),
            &look.words.moment(at),
        );
        let right = Rect::from_min_max(pos2(left.right() + look.px(8.0), row.top()), row.max);
        text::line(ui, right, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption), what);
        if !words.is_empty() {
            ui.horizontal(|ui| {
                ui.add_space(when + look.px(2.0));
                text::label(ui, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), words);
            });
        }
    };
    line(ui, entry.queued_at, &look.t("history-queued"), "");
    for note in &entry.history {
        let key = format!("history-{}", note.what.replace('_', "-"));
        let what = if look.words.has(&key) { look.t(&key) } else { note.what.replace('_', " ") };
        line(ui, note.at, &what, &note.text);
    }
}
