//! Draws the services screen: a card for every identity service.

use super::form::deliver_to;
use super::form_view::form_ui;
use super::model::{self, ServicesModel};
use crate::ports::services::{Capabilities, ServiceKind};
use crate::runtime::messages::{Command, SyncView};
use crate::runtime::services::{ServiceOrder, ServiceView, TestPhase, TestReport, TestView};
use crate::ui::look::Look;
use crate::ui::screens::desk::view::Frame;
use crate::ui::service_words;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::dialog;
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Layout, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Clocks further apart than this are said to differ, seconds.
const CLOCK_TOLERANCE: i64 = 30;

/// Draws the page.
pub fn services_ui(
    ui: &mut Ui,
    look: &Look,
    frame: Frame,
    model: &mut ServicesModel,
    sync: Option<&SyncView>,
    changeable: bool,
    send: &mut dyn FnMut(Command),
) {
    model.needed().into_iter().for_each(&mut *send);
    text::line(
        ui,
        frame.head,
        Align2::LEFT_CENTER,
        &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted),
        &look.t("services-line"),
    );
    let Some(services) = model.services.clone() else { return };
    let mut child = ui.new_child(UiBuilder::new().max_rect(frame.body));
    let gap = look.px(20.0);
    ScrollArea::vertical().id_salt("services").auto_shrink([false, false]).show(&mut child, |ui| {
        let width = frame.body.width();
        let columns = if width < look.px(860.0) { 1 } else { 2 };
        let card_width = (width - gap * (columns - 1) as f32) / columns as f32;
        let height = look.px(if columns == 1 { 410.0 } else { 480.0 });
        for row in services.chunks(columns) {
            let (line, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
            for (i, view) in row.iter().enumerate() {
                let at = Rect::from_min_size(pos2(line.left() + i as f32 * (card_width + gap), line.top()), vec2(card_width, height));
                card_ui(ui, look, at, view, &services, model, sync, changeable, send);
            }
            ui.add_space(gap - ui.spacing().item_spacing.y);
        }
    });
    form_ui(ui, look, model, sync, send);
}

#[allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]
fn card_ui(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    view: &ServiceView,
    all: &[ServiceView],
    model: &mut ServicesModel,
    sync: Option<&SyncView>,
    changeable: bool,
    send: &mut dyn FnMut(Command),
) {
    card::card(ui, look, rect);
    let inner = rect.shrink(look.px(22.0));
    let name = service_words::name(&look.words, view.service);
    head_ui(ui, look, Rect::from_min_size(inner.min, vec2(inner.width(), look.px(44.0))), view, &name);
    let foot = Rect::from_min_max(pos2(inner.left(), inner.bottom() - look.px(40.0)), inner.max);
    let body = Rect::from_min_max(pos2(inner.left(), inner.top() + look.px(58.0)), pos2(inner.right(), foot.top() - look.px(10.0)));
    let mut child = ui.new_child(UiBuilder::new().max_rect(body).id_salt(("service", view.service)));
    child.set_clip_rect(body.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing = vec2(look.px(6.0), look.px(7.0));
    let report = model.reports.get(&view.service).cloned();
    match &view.capabilities {
        None => {
            let style = Style::of(look, Type::DeskBody).colour(look.palette.ink_muted);
            text::label(&mut child, &style, &look.t(&format!("service-{}-line", view.service.name())));
        }
        Some(Err(error)) => notice(&mut child, look, Tone::Caution, &service_words::fault(&look.words, error)),
        Some(Ok(capabilities)) => facts_ui(&mut child, look, view, capabilities, sync, report.as_deref()),
    }
    let testing = sync.and_then(|sync| sync.testing);
    match (testing.filter(|testing| testing.service == view.service), &report) {
        (Some(testing), _) => testing_ui(&mut child, look, testing, send),
        (None, Some(report)) => report_ui(&mut child, look, report),
        (None, None) => {}
    }
    foot_ui(ui, look, foot, view, all, model, testing, changeable, send);
}

fn head_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &ServiceView, name: &str) {
    let disc = Rect::from_min_size(rect.min, Vec2::splat(rect.height()));
    let (tone, icon, key) = model::use_of(view);
    card::disc(ui, look, disc, Icon::Server, if view.is_configured() { Tone::Accent } else { Tone::Neutral });
    let chips = Rect::from_min_max(pos2(rect.right() - look.px(190.0), rect.top()), rect.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(chips).layout(Layout::right_to_left(egui::Align::Center)));
    let drawn = card::chip(&mut child, look, tone, Some(icon), &look.t(key));
    let words = Rect::from_min_max(pos2(disc.right() + look.px(14.0), rect.top()), pos2(drawn.rect.left() - look.px(34.0), rect.bottom()));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.54);
    text::line(ui, upper, Align2::LEFT_BOTTOM, &Style::of(look, Type::DeskHeading), name);
    let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    let address = if view.is_configured() { view.address.clone() } else { look.t("services-no-address") };
    text::line(ui, lower, Align2::LEFT_TOP, &muted, &address);
}

fn facts_ui(ui: &mut Ui, look: &Look, view: &ServiceView, found: &Capabilities, sync: Option<&SyncView>, report: Option<&TestReport>) {
    ui.horizontal_wrapped(|ui| {
        for (key, offered) in service_words::abilities(found) {
            let (tone, icon) = if offered { (Tone::Positive, Icon::Check) } else { (Tone::Neutral, Icon::Minus) };
            let words = look.t(key);
            let words = if offered { words } else { look.words.with("ability-not", &[("what", &words)]) };
            // A chip that does not fit goes to the next line whole.
            let style = Style::bold(look, Type::DeskCaption).rows(1);
            let wide = text::layout(ui, &style, &words, f32::INFINITY).size().x + look.px(40.0);
            if wide > ui.available_size_before_wrap().x {
                ui.end_row();
            }
            card::chip(ui, look, tone, Some(icon), &words);
        }
    });
    ui.add_space(look.px(4.0));
    fact(ui, look, Icon::Shield, "services-promise", &look.t(service_words::guarantee(found.enrol_guarantee)));
    let erases = if !found.delete {
        "services-erases-never"
    } else if found.delete_erases {
        "services-erases"
    } else {
        "services-erases-partly"
    };
    fact(ui, look, Icon::Eraser, "services-deletion", &look.t(erases));
    for (_, source) in &view.credentials {
        let (tone, icon, words) = model::credential(&look.words, source);
        if tone == Tone::Caution {
            notice(ui, look, tone, &words);
        } else {
            fact(ui, look, icon, "services-credential", &words);
        }
    }
    let contact = model::last_contact(view, sync, report);
    let words = contact.map_or_else(|| look.t("services-contact-none"), |at| look.words.moment(at));
    fact(ui, look, Icon::Clock, "services-contact", &words);
}

/// A line of a card: sign, what it is about, what is so, on two lines where it must be.
fn fact(ui: &mut Ui, look: &Look, icon: Icon, key: &str, words: &str) {
    let (name, value, gap) = (look.px(132.0), look.px(28.0), look.px(8.0));
    let style = Style::of(look, Type::DeskCaption).rows(2);
    let galley = text::layout(ui, &style, words, ui.available_width() - value - name - gap);
    let height = (galley.size().y + look.px(4.0)).max(look.px(22.0));
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let at = Rect::from_min_size(row.min, vec2(look.px(20.0), row.height()));
    text::icon(ui, at, icon, look.scale.icon(15.0), look.palette.ink_muted);
    let label = Rect::from_min_size(row.min + vec2(value, 0.0), vec2(name, row.height()));
    text::line(ui, label, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &look.t(key));
    let said = Rect::from_min_max(pos2(label.right() + gap, row.top()), row.max);
    text::place(ui, said, Align2::LEFT_CENTER, &style, words, galley);
}

/// A remark on a tint, as wide as there is room.
pub(in crate::ui::screens) fn notice(ui: &mut Ui, look: &Look, tone: Tone, words: &str) {
    let (ink, tint) = tone.colours(look);
    let pad = look.px(12.0);
    let style = Style::of(look, Type::DeskCaption);
    let width = ui.available_width();
    let galley = text::layout(ui, &style, words, width - pad * 2.0 - look.px(26.0));
    let (rect, _) = ui.allocate_exact_size(vec2(width, galley.size().y + look.px(16.0)), Sense::hover());
    ui.painter().rect_filled(rect, look.scale.radius_small(), tint);
    let at = Rect::from_min_size(rect.min + vec2(pad, 0.0), vec2(look.px(18.0), rect.height()));
    text::icon(ui, at, tone.icon(), look.scale.icon(16.0), ink);
    let said = Rect::from_min_max(pos2(at.right() + look.px(8.0), rect.top()), rect.max - vec2(pad, 0.0));
    text::place(ui, said, Align2::LEFT_CENTER, &style, words, galley);
}

/// A test in progress: what it does, and the way out.
pub(super) fn testing_ui(ui: &mut Ui, look: &Look, testing: TestView, send: &mut dyn FnMut(Command)) {
    let words = look.t(match testing.phase {
        TestPhase::Preparing => "services-test-preparing",
        TestPhase::Contacting => "services-test-contacting",
    });
    ui.add_space(look.px(4.0));
    ui.horizontal(|ui| {
        let label = look.t("services-test-cancel");
        let button = Button::desk(&label, Emphasis::Quiet).icon(Icon::X);
        let width = ui.available_width() - button.width(ui, look) - look.px(8.0);
        let (at, _) = ui.allocate_exact_size(vec2(width, look.px(38.0)), Sense::hover());
        text::line(ui, at, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption), &words);
        if button.show(ui, look).clicked() {
            send(Command::CancelServiceTest);
        }
    });
    dialog::progress(ui, look, "service-test", None, &words);
}

/// What a test found.
pub(super) fn report_ui(ui: &mut Ui, look: &Look, report: &TestReport) {
    ui.add_space(look.px(4.0));
    match &report.found {
        Ok(_) => {
            let millis = report.millis.to_string();
            let mut words = look.words.with("services-test-good", &[("millis", &millis)]);
            if let Some(offset) = report.clock_offset.filter(|offset| offset.abs() > CLOCK_TOLERANCE) {
                let seconds = offset.unsigned_abs().to_string();
                let key = if offset > 0 { "services-clock-ahead" } else { "services-clock-behind" };
                words = format!("{words} {}", look.words.with(key, &[("seconds", &seconds)]));
            }
            notice(ui, look, Tone::Positive, &words);
        }
        Err(error) => notice(ui, look, Tone::Caution, &service_words::fault(&look.words, error)),
    }
}

#[allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]
fn foot_ui(
    ui: &mut Ui,
    look: &Look,
    foot: Rect,
    view: &ServiceView,
    all: &[ServiceView],
    model: &mut ServicesModel,
    testing: Option<TestView>,
    changeable: bool,
    send: &mut dyn FnMut(Command),
) {
    ui.painter().hline(foot.x_range(), foot.top() - look.px(6.0), Stroke::new(1.0, look.palette.outline));
    let mut child = ui.new_child(
        UiBuilder::new().max_rect(foot).layout(Layout::left_to_right(egui::Align::Center)).id_salt(("service-foot", view.service)),
    );
    child.spacing_mut().item_spacing.x = look.px(8.0);
    let name = service_words::name(&look.words, view.service);
    let (key, emphasis) =
        if view.is_configured() { ("services-edit", Emphasis::Secondary) } else { ("services-set-up", Emphasis::Primary) };
    let (short, words) = (look.t(&format!("{key}-short")), look.words.with(key, &[("service", &name)]));
    if Button::desk(&short, emphasis).named(&words).icon(Icon::Pencil).enabled(changeable).show(&mut child, look).clicked() {
        model.edit(view.service);
    }
    if !view.is_configured() {
        return;
    }
    let (short, words) = (look.t("services-test"), look.words.with("services-test-one", &[("service", &name)]));
    let button = Button::desk(&short, Emphasis::Secondary).named(&words).icon(Icon::PlugZap).enabled(changeable && testing.is_none());
    if button.show(&mut child, look).clicked() {
        model.reports.remove(&view.service);
        send(Command::TestService(view.service, None));
    }
    let (key, icon) = if view.delivers { ("services-deliver-stop", Icon::Pause) } else { ("services-deliver-start", Icon::CloudUpload) };
    let (short, words) = (look.t(&format!("{key}-short")), look.words.with(key, &[("service", &name)]));
    if Button::desk(&short, Emphasis::Quiet).named(&words).icon(icon).enabled(changeable).show(&mut child, look).clicked() {
        send(Command::SaveService(toggled(view, all)));
    }
}

/// Has enrolments delivered to a service, or no longer.
fn toggled(view: &ServiceView, all: &[ServiceView]) -> ServiceOrder {
    let kept = all.iter().filter(|other| other.service != view.service && other.delivers).map(|other| other.service);
    let added: Option<ServiceKind> = (!view.delivers).then_some(view.service);
    ServiceOrder { changes: vec![deliver_to(kept.chain(added))], secrets: Vec::new() }
}
