//! Draws the dialog that sets a service up.

use super::form::{Place, SecretDraft, ServiceForm};
use super::model::ServicesModel;
use super::view::{report_ui, testing_ui};
use crate::ports::services::ServiceKind;
use crate::runtime::messages::{Command, SyncView};
use crate::ui::look::Look;
use crate::ui::service_words;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::dialog::{cancel_or, caption, field_margin, heading, line_field, modal};
use crate::ui::widgets::segmented;
use crate::ui::widgets::text::{self, Style};
use egui::{Checkbox, TextEdit, Ui};
use lucide_icons::Icon;

/// Draws it while it is open.
pub(super) fn form_ui(ui: &mut Ui, look: &Look, model: &mut ServicesModel, sync: Option<&SyncView>, send: &mut dyn FnMut(Command)) {
    let delivering: Vec<ServiceKind> = model.services.iter().flat_map(|all| all.iter()).filter(|v| v.delivers).map(|v| v.service).collect();
    let ServicesModel { form, reports, saving, .. } = model;
    let Some(filled) = form else { return };
    let service = filled.service;
    let name = service_words::name(&look.words, service);
    let testing = sync.and_then(|sync| sync.testing);
    let mut close = false;
    let closed = modal(ui, look, "service-form", |ui| {
        heading(ui, look, Icon::Server, Tone::Accent, &look.words.with("services-form-title", &[("service", &name)]));
        settings_ui(ui, look, filled, false);
        for secret in &mut filled.secrets {
            secret_ui(ui, look, secret);
        }
        let more = look.t("services-more");
        ui.add(Checkbox::new(&mut filled.more, more));
        if filled.more {
            settings_ui(ui, look, filled, true);
        }
        ui.add_space(look.px(4.0));
        ui.add(Checkbox::new(&mut filled.delivers, look.t("services-deliver-here")));
        ui.add(Checkbox::new(&mut filled.practice, look.t("services-practice-only")));
        caption(ui, look, &look.t("services-practice-line"));
        let missing = filled.missing();
        match (testing.filter(|testing| testing.service == service), reports.get(&service)) {
            (Some(testing), _) => testing_ui(ui, look, testing, send),
            (None, Some(report)) => report_ui(ui, look, report),
            (None, None) => {}
        }
        ui.add_space(look.px(4.0));
        if let Some(missing) = missing {
            caption(ui, look, &look.t(missing));
        }
        let words = look.t("services-test");
        let test = Button::desk(&words, Emphasis::Secondary).icon(Icon::PlugZap);
        if test.enabled(missing.is_none() && testing.is_none()).show(ui, look).clicked() {
            reports.remove(&service);
            send(Command::TestService(service, Some(filled.order(&delivering))));
        }
        ui.add_space(look.px(4.0));
        let words = look.t("services-save");
        let save = Button::desk(&words, Emphasis::Primary).icon(Icon::Check).enabled(missing.is_none() && !*saving);
        let (cancelled, saved) = cancel_or(ui, look, save);
        if saved {
            *saving = true;
            send(Command::SaveService(filled.order(&delivering)));
        }
        close = cancelled;
    });
    if close || closed {
        if testing.is_some() {
            send(Command::CancelServiceTest);
        }
        reports.remove(&service);
        *form = None;
    }
}

fn settings_ui(ui: &mut Ui, look: &Look, form: &mut ServiceForm, seldom: bool) {
    for (spec, value) in form.values.iter_mut().filter(|(spec, _)| spec.required != seldom) {
        let hint = if spec.key == "endpoint.base_url" { look.t("services-address-hint") } else { String::new() };
        line_field(ui, look, &look.t(spec.label), &hint, value);
    }
}

fn secret_ui(ui: &mut Ui, look: &Look, secret: &mut SecretDraft) {
    let label = look.t(secret.spec.label);
    text::label(ui, &Style::bold(look, Type::DeskBody), &label);
    let offered = Place::offered(&secret.spec);
    let names: Vec<String> = offered.iter().map(|place| look.t(place.key())).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let at = offered.iter().position(|place| *place == secret.place).unwrap_or(0);
    if let Some(chosen) = segmented::show(ui, look, &label, &names, at) {
        secret.place = offered[chosen];
        secret.name.clear();
    }
    if secret.place == Place::KeyStore {
        let hint = look.t(if secret.kept_as.is_some() { "secret-kept" } else { "secret-type" });
        let edit = TextEdit::singleline(&mut secret.typed.0).password(true).desired_width(f32::INFINITY).margin(field_margin(look));
        ui.add(edit.hint_text(hint)).accessible_name(label);
        caption(ui, look, &look.t("secret-line"));
    } else {
        let (hint, line) = match secret.place {
            Place::Environment => ("secret-env-hint", "secret-env-line"),
            Place::File => ("secret-file-hint", "secret-file-line"),
            Place::KeyStore | Place::Broker => ("secret-broker-hint", "secret-broker-line"),
        };
        let edit = TextEdit::singleline(&mut secret.name).desired_width(f32::INFINITY).margin(field_margin(look));
        ui.add(edit.hint_text(look.t(hint))).accessible_name(label);
        caption(ui, look, &look.t(line));
    }
}
