//! Draws the decision page: verdict above; document, faces and checks side by side.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::model::{self, GROUPS, VerifyIdModel};
use crate::documents::checks::Overall;
use crate::phrase::Speaker as _;
use crate::runtime::messages::Command;
use crate::ui::dialogs::{Dialogs, Purpose};
use crate::ui::look::Look;
use crate::ui::pictures::{Pictures, Shown};
use crate::ui::screens::identify::view::portrait;
use crate::ui::screens::today::view::panel;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis, focus_ring};
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::video::Placement;
use crate::ui::widgets::{score, shortcut};
use crate::workflow::document::decision::{CheckLine, DocumentDecision};
use crate::workflow::input::FlowInput;
use egui::{Align2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Draws the page in `area`, at desk size.
pub fn verify_id_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    decision: &DocumentDecision,
    model: &mut VerifyIdModel,
    dialogs: &mut Dialogs,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    ui.painter().rect_filled(area, 0.0, look.palette.surface);
    let margin = look.px(28.0);
    let inner = area.shrink(margin);
    let gap = look.px(18.0);
    let verdict = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(104.0)));
    verdict_ui(ui, look, verdict, decision);
    // In a narrow area the report has a row of its own.
    let rows = if is_narrow(area) { 2.0 } else { 1.0 };
    let foot = Rect::from_min_max(pos2(inner.left(), inner.bottom() - rows * look.px(44.0) - (rows - 1.0) * look.px(12.0)), inner.max);
    foot_ui(ui, look, foot, decision, model, dialogs, send);
    let body = Rect::from_min_max(pos2(inner.left(), verdict.bottom() + gap), pos2(inner.right(), foot.top() - gap));
    let (document, faces, checks) = columns(body, gap);
    document_ui(ui, look, document, decision, pictures);
    faces_ui(ui, look, faces, decision, pictures);
    checks_ui(ui, look, checks, decision, model);
}

fn is_narrow(area: Rect) -> bool {
    area.width() <= area.height() * 1.15
}

/// Three columns in a wide area; in a narrow one document and faces above the checks.
fn columns(body: Rect, gap: f32) -> (Rect, Rect, Rect) {
    if !is_narrow(body) {
        let width = (body.width() - 2.0 * gap) / 100.0;
        let column = |from: f32, to: f32, gaps: f32| {
            Rect::from_min_max(
                pos2(body.left() + from * width + gaps * gap, body.top()),
                pos2(body.left() + to * width + gaps * gap, body.bottom()),
            )
        };
        return (column(0.0, 30.0, 0.0), column(30.0, 58.0, 1.0), column(58.0, 100.0, 2.0));
    }
    let (above, below) = body.split_top_bottom_at_fraction(0.46);
    let (left, right) = above.split_left_right_at_fraction(0.5);
    let half = gap / 2.0;
    (
        Rect::from_min_max(left.min, left.max - Vec2::splat(half)),
        Rect::from_min_max(right.min + vec2(half, 0.0), right.max - vec2(0.0, half)),
        Rect::from_min_max(below.min + vec2(0.0, half), below.max),
    )
}

fn verdict_ui(ui: &mut Ui, look: &Look, rect: Rect, decision: &DocumentDecision) {
    let (tone, icon, headline, line) = model::verdict(&look.words, decision);
    let (ink, tint) = tone.colours(look);
    let radius = look.scale.radius();
    ui.painter().rect(rect, radius, tint, Stroke::new(look.px(2.0), ink), StrokeKind::Inside);
    let disc = Rect::from_center_size(pos2(rect.left() + look.px(60.0), rect.center().y), Vec2::splat(look.px(64.0)));
    ui.painter().circle_filled(disc.center(), disc.width() / 2.0, look.palette.surface_raised);
    text::icon(ui, disc, icon, look.scale.icon(38.0), ink);
    let words = Rect::from_min_max(pos2(disc.right() + look.px(24.0), rect.top() + look.px(14.0)), rect.max - Vec2::splat(look.px(14.0)));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.5);
    text::line(ui, upper, Align2::LEFT_CENTER, &Style::of(look, Type::DeskTitle).colour(ink), &headline);
    text::paragraph(ui, lower, &Style::of(look, Type::DeskBody).rows(2), &line);
}

fn document_ui(ui: &mut Ui, look: &Look, rect: Rect, decision: &DocumentDecision, pictures: &mut Pictures) {
    let inner = panel(ui, look, rect, &look.t("verify-id-document"));
    // Both sides of a card beside each other, a single page as large as it may be.
    let pages: Vec<Shown> = std::iter::once(&decision.page).chain(&decision.other_page).map(|p| pictures.kept(ui.ctx(), p)).collect();
    let gap = look.px(10.0);
    let width = (inner.width() - gap * (pages.len() - 1) as f32) / pages.len() as f32;
    let tallest = pages.iter().map(|p| width * p.size.height as f32 / p.size.width.max(1) as f32).fold(0.0, f32::max);
    let place = Rect::from_min_size(inner.min, vec2(inner.width(), tallest.min(inner.height() * 0.5)));
    for (i, shown) in pages.iter().enumerate() {
        let at = Rect::from_min_size(place.min + vec2(i as f32 * (width + gap), 0.0), vec2(width, place.height()));
        ui.painter().rect_filled(at, look.scale.radius_small(), look.palette.surface_sunken);
        let whole = Placement::inside(shown.size, at).on_screen;
        crate::ui::widgets::video::picture_filling(ui.painter(), whole, look.scale.radius_small(), shown.texture, shown.size);
    }
    let rows = Rect::from_min_max(pos2(inner.left(), place.bottom() + look.px(12.0)), inner.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rows));
    ScrollArea::vertical().id_salt("document-fields").auto_shrink([false, false]).show(&mut child, |ui| {
        let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
        let names: Vec<String> = decision.fields.iter().map(|(claim, _)| look.t(&format!("document-{}", claim.code()))).collect();
        // The longest name and air after it, in whatever language; values keep at least two fifths.
        let longest = names.iter().map(|name| text::layout(ui, &muted, name, f32::INFINITY).size().x).fold(0.0, f32::max);
        let share = ((longest + look.px(28.0)) / rows.width().max(1.0)).clamp(0.42, 0.6);
        for ((claim, value), name) in decision.fields.iter().zip(&names) {
            let (row, _) = ui.allocate_exact_size(vec2(rows.width(), look.px(30.0)), Sense::hover());
            let (label, said) = row.split_left_right_at_fraction(share);
            let label = label.with_max_x(label.right() - look.px(12.0));
            text::line(ui, label, Align2::LEFT_CENTER, &muted, name);
            text::line(ui, said, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody), &value.0);
            if let Some((_, otherwise)) = decision.stated_otherwise.iter().find(|(of, _)| of == claim) {
                stated_otherwise_ui(ui, look, rows.width(), share, &otherwise.0);
            }
            let row = row.with_max_y(ui.min_rect().bottom());
            ui.painter().hline(row.x_range(), row.bottom(), Stroke::new(1.0, look.palette.outline));
        }
        if decision.fields.is_empty() {
            text::label(ui, &Style::of(look, Type::DeskBody).colour(look.palette.ink_muted), &look.t("verify-id-nothing-read"));
        }
    });
}

/// What the person stated in place of what stands above it.
fn stated_otherwise_ui(ui: &mut Ui, look: &Look, width: f32, share: f32, value: &str) {
    let (row, _) = ui.allocate_exact_size(vec2(width, look.px(26.0)), Sense::hover());
    let ink = Tone::Caution.colours(look).0;
    let (label, said) = row.split_left_right_at_fraction(share);
    let icon = Rect::from_min_size(label.min, vec2(look.px(18.0), row.height()));
    text::icon(ui, icon, Icon::UserRound, look.scale.icon(15.0), ink);
    let room = Rect::from_min_max(pos2(icon.right() + look.px(4.0), row.top()), label.max - vec2(look.px(8.0), 0.0));
    text::line(ui, room, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption).colour(ink), &look.t("verify-id-stated"));
    text::line(ui, said, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody).colour(ink), value);
}

fn faces_ui(ui: &mut Ui, look: &Look, rect: Rect, decision: &DocumentDecision, pictures: &mut Pictures) {
    let inner = panel(ui, look, rect, &look.t("verify-id-faces"));
    let gap = look.px(16.0);
    let width = (inner.width() - gap) / 2.0;
    let strip = if decision.signature.is_some() { look.px(56.0) } else { 0.0 };
    let most = inner.height() * 0.56;
    // A low page keeps the room for what the score means.
    let most = if strip > 0.0 { most.min(inner.height() - strip - look.px(42.0) - score::scale_height(look)) } else { most };
    let height = (width * 1.25).min(most);
    let mut shown = |frame: &Option<std::sync::Arc<crate::imaging::Frame>>, ui: &Ui| frame.as_ref().map(|f| pictures.kept(ui.ctx(), f));
    let (left, right): (Option<Shown>, Option<Shown>) = (shown(&decision.portrait, ui), shown(&decision.face, ui));
    let signed = shown(&decision.signature, ui);
    let caption = if decision.portrait_from_chip { "verify-id-portrait-chip" } else { "verify-id-portrait-print" };
    for (i, (picture, key)) in [(left, caption), (right, "verify-id-living-face")].into_iter().enumerate() {
        let at = Rect::from_min_size(inner.min + vec2(i as f32 * (width + gap), 0.0), vec2(width, height));
        portrait(ui, look, at, picture);
        let below = Rect::from_min_size(at.left_bottom() + vec2(0.0, look.px(4.0)), vec2(width, look.px(22.0)));
        text::line(ui, below, Align2::CENTER_CENTER, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &look.t(key));
    }
    let mut rest = Rect::from_min_max(pos2(inner.left(), inner.top() + height + look.px(42.0)), inner.max);
    if let Some(signed) = signed {
        signature_ui(
            ui,
            look,
            Rect::from_min_size(rest.min - vec2(0.0, look.px(8.0)), vec2(inner.width(), strip - look.px(4.0))),
            width,
            signed,
        );
        rest.min.y += strip;
    }
    match &decision.comparison {
        Some(comparison) => score::scale(ui, look, rest, comparison),
        None => {
            let style = Style::of(look, Type::DeskBody).colour(look.palette.ink_muted);
            text::paragraph(ui, rest, &style, &look.t("verify-id-not-compared"));
        }
    }
}

/// The holder's signature below the portrait, at most as wide as that is, with its name beside it.
fn signature_ui(ui: &mut Ui, look: &Look, rect: Rect, width: f32, shown: Shown) {
    let room = Rect::from_min_size(rect.min, vec2(width, rect.height()));
    let name = look.t("verify-id-signature");
    let radius = look.scale.radius_small();
    let fitting = Placement::inside(shown.size, room).on_screen.size();
    let paper = Rect::from_min_size(pos2(room.left(), room.center().y - fitting.y / 2.0), fitting);
    crate::ui::widgets::video::picture_filling(ui.painter(), paper, radius, shown.texture, shown.size);
    ui.painter().rect_stroke(paper, radius, Stroke::new(1.0, look.palette.outline), StrokeKind::Inside);
    let response = ui.interact(paper, ui.scope_id().with("signature"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let beside = Rect::from_min_max(pos2(room.right() + look.px(16.0), rect.top()), rect.max);
    text::line(ui, beside, Align2::LEFT_CENTER, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &name);
}

fn checks_ui(ui: &mut Ui, look: &Look, rect: Rect, decision: &DocumentDecision, model: &mut VerifyIdModel) {
    let inner = panel(ui, look, rect, &look.t("verify-id-checks"));
    let open = model.begin(decision).clone();
    let mut toggled = None;
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner));
    ScrollArea::vertical().id_salt("checks").auto_shrink([false, false]).show(&mut child, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (group, key) in GROUPS {
            let lines = || decision.lines.iter().enumerate().filter(move |(_, l)| l.group == group);
            if lines().next().is_none() {
                continue;
            }
            group_head(ui, look, inner.width(), &look.t(key), model::passed(decision, group));
            for (place, line) in lines() {
                if check_row(ui, look, inner.width(), place, line, open.contains(&place)) {
                    toggled = Some(place);
                }
            }
            ui.add_space(look.px(14.0));
        }
    });
    if let Some(place) = toggled {
        model.toggle(place);
    }
}

fn group_head(ui: &mut Ui, look: &Look, width: f32, name: &str, (passed, made): (usize, usize)) {
    let (row, _) = ui.allocate_exact_size(vec2(width, look.px(34.0)), Sense::hover());
    text::line(ui, row, Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody).colour(look.palette.ink_muted), name);
    let count = look.words.with("check-count", &[("passed", &passed.to_string()), ("made", &made.to_string())]);
    let room = row.shrink2(vec2(look.px(10.0), 0.0));
    text::line(ui, room, Align2::RIGHT_CENTER, &Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted), &count);
}

/// One check; returns whether it was pressed.
fn check_row(ui: &mut Ui, look: &Look, width: f32, place: usize, line: &CheckLine, open: bool) -> bool {
    let p = look.palette;
    let (tone, icon, state_key) = model::lamp(line);
    let (ink, _) = tone.colours(look);
    let (row, _) = ui.allocate_exact_size(vec2(width, look.px(42.0)), Sense::hover());
    let response = ui.interact(row, ui.scope_id().with(("check", place)), Sense::click());
    let state = look.t(state_key);
    let title = look.words.say(&line.title);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, format!("{title}: {state}")));
    if response.hovered() || open {
        ui.painter().rect_filled(row, look.scale.radius_small(), p.surface_sunken);
    }
    ui.painter().hline(row.x_range(), row.bottom(), Stroke::new(1.0, p.outline));
    let lamp = Rect::from_min_size(row.min, Vec2::splat(row.height()));
    text::icon(ui, lamp, icon, look.scale.icon(20.0), ink);
    let arrow = Rect::from_min_size(pos2(row.right() - look.px(30.0), row.top()), vec2(look.px(26.0), row.height()));
    text::icon(ui, arrow, if open { Icon::ChevronDown } else { Icon::ChevronRight }, look.scale.icon(18.0), p.ink_muted);
    let state_style = Style::bold(look, Type::DeskCaption).colour(ink);
    let state_width = text::layout(ui, &state_style, &state, f32::INFINITY).size().x + 1.0;
    let end = arrow.left() - look.px(6.0);
    let state_room = Rect::from_min_max(pos2(end - state_width, row.top()), pos2(end, row.bottom()));
    text::line(ui, state_room, Align2::RIGHT_CENTER, &state_style, &state);
    let name = Rect::from_min_max(pos2(lamp.right() + look.px(4.0), row.top()), pos2(state_room.left() - look.px(8.0), row.bottom()));
    text::line(ui, name, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &title);
    if response.has_focus() {
        focus_ring(ui, look, row, look.scale.radius_small(), p.focus);
    }
    if open {
        opened(ui, look, width, line);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}

/// Reason and values of an open check.
fn opened(ui: &mut Ui, look: &Look, width: f32, line: &CheckLine) {
    let p = look.palette;
    let left = look.px(46.0);
    let room = width - left - look.px(20.0);
    let reason_style = Style::of(look, Type::DeskBody);
    let said_reason = look.words.say(&line.reason);
    let reason = text::layout(ui, &reason_style, &said_reason, room);
    let values = model::values(&look.words, line);
    let label_style = Style::of(look, Type::DeskCaption).colour(p.ink_muted);
    let value_style = Style::of(look, Type::DeskCaption);
    let label_width = room * 0.34;
    let galleys: Vec<_> = values
        .iter()
        .map(|(name, value)| {
            (text::layout(ui, &label_style, name, label_width), text::layout(ui, &value_style, value, room - label_width - 8.0))
        })
        .collect();
    let pad = look.px(10.0);
    let line_gap = look.px(4.0);
    let rows: f32 = galleys.iter().map(|(n, v)| n.size().y.max(v.size().y) + line_gap).sum();
    let height = pad + reason.size().y + if galleys.is_empty() { 0.0 } else { look.px(8.0) } + rows + pad;
    let (area, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let mut at = area.min + vec2(left, pad);
    let said = Rect::from_min_size(at, vec2(room, reason.size().y));
    at.y += reason.size().y + look.px(8.0);
    text::place(ui, said, Align2::LEFT_TOP, &reason_style, &said_reason, reason);
    for ((name, value), (label, said)) in values.iter().zip(galleys) {
        let tall = label.size().y.max(said.size().y);
        text::place(ui, Rect::from_min_size(at, vec2(label_width, tall)), Align2::LEFT_TOP, &label_style, name, label);
        let place = Rect::from_min_size(at + vec2(label_width + 8.0, 0.0), vec2(room - label_width - 8.0, tall));
        text::place(ui, place, Align2::LEFT_TOP, &value_style, value, said);
        at.y += tall + line_gap;
    }
}

fn foot_ui(
    ui: &mut Ui,
    look: &Look,
    foot: Rect,
    decision: &DocumentDecision,
    model: &mut VerifyIdModel,
    dialogs: &mut Dialogs,
    send: &mut dyn FnMut(Command),
) {
    let gap = look.px(12.0);
    let row = vec2(foot.width(), look.px(44.0));
    let report = Rect::from_min_size(foot.min, row);
    let foot = Rect::from_min_size(pos2(foot.left(), foot.bottom() - row.y), row);
    let mut right = foot.right();
    let mut place = |ui: &Ui, button: &Button<'_>, least: f32| {
        let width = button.width(ui, look).max(look.px(least));
        let at = Rect::from_min_size(pos2(right - width, foot.top()), vec2(width, foot.height()));
        right = at.left() - gap;
        at
    };
    let done_words = look.t("action-done");
    let emphasis = if decision.retry { Emphasis::Secondary } else { Emphasis::Primary };
    let done = Button::desk(&done_words, emphasis).icon(Icon::Check);
    let at = place(ui, &done, 140.0);
    if done.show_at(ui, look, at).clicked() || shortcut::back(ui) {
        send(Command::Flow(FlowInput::Next));
    }
    if decision.overall != Overall::Ok {
        let again_words = look.t("verify-id-again");
        let emphasis = if decision.retry { Emphasis::Primary } else { Emphasis::Secondary };
        let again = Button::desk(&again_words, emphasis).icon(Icon::RefreshCw);
        let at = place(ui, &again, 0.0);
        if again.show_at(ui, look, at).clicked() {
            send(Command::Flow(FlowInput::RetakeDocument));
        }
    }
    let chip_words = look.t("verify-id-chip");
    let chip = Button::desk(&chip_words, Emphasis::Secondary).icon(Icon::Nfc);
    let at = place(ui, &chip, 0.0);
    if chip.show_at(ui, look, at).clicked() {
        dialogs.ask(Purpose::ChipFolder, &look.t("verify-id-chip-title"), ui.ctx());
    }
    if let Some(folder) = dialogs.take(Purpose::ChipFolder) {
        send(Command::Flow(FlowInput::OpenChip(folder)));
    }
    let export_words = look.t("verify-id-export");
    let export = Button::desk(&export_words, Emphasis::Secondary).icon(Icon::FileDown);
    let at = Rect::from_min_size(report.min, vec2(export.width(ui, look), report.height()));
    if export.show_at(ui, look, at).clicked() {
        dialogs.ask(Purpose::Report, &look.t("verify-id-export-title"), ui.ctx());
    }
    if let Some(path) = dialogs.take(Purpose::Report) {
        send(Command::ExportReport { path, pictures: model.with_pictures, wording: look.words.language().wording() });
    }
    let end = if report.top() < foot.top() { report.right() } else { right };
    let room = Rect::from_min_max(pos2(at.right() + gap, report.top()), pos2(end, report.bottom()));
    let mut child = ui.new_child(UiBuilder::new().max_rect(room).layout(egui::Layout::left_to_right(egui::Align::Center)));
    child.add(egui::Checkbox::new(&mut model.with_pictures, look.t("verify-id-with-pictures")));
}
