//! Draws the result: one large state, the code to be read aloud, the way back with a countdown.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::model::{self, ResultWords};
use super::opinions::{height, opinions_ui};
use crate::biometrics::comparison::VerificationDecision;
use crate::runtime::messages::Command;
use crate::runtime::opinions::OpinionView;
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::identify;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::stack::Stack;
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::{card, page, score, shortcut};
use crate::workflow::input::FlowInput;
use crate::workflow::view::{FlowView, Outcome};
use egui::{Align2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use lucide_icons::Icon;
use std::time::Duration;

/// Width of the lines at most.
const LINE_WIDTH: f32 = 1180.0;

/// Draws the screen in `area`.
pub fn result_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    flow: &FlowView,
    outcome: &Outcome,
    returns_in: Option<Duration>,
    override_reason: &mut String,
    opinions: Option<&OpinionView>,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let mut frame = page::kiosk(ui, look, area, Some(flow));
    // Beside the services' opinions the mark of the decision makes room for its words.
    let mark = match (look.officer(), opinions) {
        (true, Some(_)) => 40.0,
        (true, None) => 96.0,
        (false, _) => 150.0,
    };
    if let Some(view) = opinions.filter(|_| look.officer()) {
        let height = height(look, view).min(frame.body.height() * 0.5);
        let below = Rect::from_min_max(pos2(frame.body.left(), frame.body.bottom() - height), frame.body.max);
        opinions_ui(ui, look, page::column(below, look.px(LINE_WIDTH)), view);
        frame.body.max.y = below.top() - look.px(16.0);
    }
    let words = model::result(&look.words, outcome, look.officer()).of_gallery(&look.words, outcome, flow.gallery.as_deref());
    let candidates = match outcome {
        Outcome::Identified { candidates, .. } if look.officer() && !candidates.is_empty() => Some(candidates),
        _ => None,
    };
    if let Some(candidates) = candidates {
        let width = frame.body.width().min(look.px(LINE_WIDTH));
        let line = text::layout(ui, &Style::of(look, Type::Body).centred(), &words.line, width).size().y;
        let head_height = (look.px(176.0) + line).max(look.px(230.0)).min(frame.body.height() * 0.5);
        let (head, rest) = frame.body.split_top_bottom_at_y(frame.body.top() + head_height);
        statement(ui, look, head, &words, outcome, look.px(80.0), pictures, send);
        let caption_key = if words.tone == Tone::Positive { "identify-candidates" } else { "identify-nearest" };
        let any_match = candidates.iter().any(|c| c.comparison.decision == VerificationDecision::Match);
        let caption = Rect::from_min_size(rest.min, vec2(rest.width(), look.px(34.0)));
        let style = Style::bold(look, Type::DeskBody).colour(look.palette.ink_muted);
        text::line(ui, caption, Align2::CENTER_CENTER, &style, &look.t(if any_match { "identify-candidates" } else { caption_key }));
        let rest = Rect::from_min_max(rest.min + vec2(0.0, look.px(42.0)), rest.max);
        identify::view::candidates_ui(ui, look, rest, candidates, pictures, send);
    } else {
        statement(ui, look, frame.body, &words, outcome, look.px(mark), pictures, send);
    }
    if model::may_override(outcome, look.officer()) {
        override_ui(ui, look, frame.foot, override_reason, send);
        return;
    }
    foot(ui, look, frame.foot, &words, returns_in, send);
}

fn statement(
    ui: &mut Ui,
    look: &Look,
    rect: Rect,
    words: &ResultWords,
    outcome: &Outcome,
    disc: f32,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let comparison = match outcome {
        Outcome::Verified { comparison, subject } if look.officer() => Some((comparison, *subject)),
        _ => None,
    };
    let below = if words.registration_code.is_some() {
        Some((look.px(40.0), code_height(look)))
    } else {
        comparison.is_some().then(|| (look.px(32.0), score::scale_height(look) + look.px(48.0)))
    };
    // Beside the services' opinions, or in a low window, it moves together; the mark goes last.
    let mut stack = column(ui, look, rect.width(), words, Some(disc), below, 1.0);
    for (mark, tight) in [(Some(disc), 0.5), (None, 0.5), (None, 0.2)] {
        if stack.height() > rect.height() {
            stack = column(ui, look, rect.width(), words, mark, below, tight);
        }
    }
    let spaces = stack.show(ui, look, rect, Align2::CENTER_CENTER);
    if let (Some(code), Some(at)) = (&words.registration_code, spaces.first()) {
        registration_code(ui, look, *at, code);
    } else if let (Some((comparison, subject)), Some(at)) = (comparison, spaces.first()) {
        let panel = page::column(*at, look.px(820.0));
        card::card(ui, look, panel);
        let inner = panel.shrink(look.px(24.0));
        let picture = Rect::from_min_size(inner.min, vec2(inner.height() * 0.8, inner.height()));
        let shown = pictures.portrait(ui.ctx(), subject, send);
        identify::view::portrait(ui, look, picture, shown);
        score::scale(ui, look, Rect::from_min_max(pos2(picture.right() + look.px(28.0), inner.top()), inner.max), comparison);
    }
}

/// The mark, the words, and room for what stands below them.
///
/// - `below`: the gap before it and its height.
/// - `tight`: share of the gaps, 0-1.
fn column(ui: &Ui, look: &Look, width: f32, words: &ResultWords, disc: Option<f32>, below: Option<(f32, f32)>, tight: f32) -> Stack {
    let role = if look.officer() { Type::Title } else { Type::Instruction };
    let mut stack = Stack::new(width.min(look.px(LINE_WIDTH)));
    if let Some(disc) = disc {
        stack.disc(words.icon, words.tone, disc).gap(look.px(if look.officer() { 18.0 } else { 36.0 }) * tight);
    }
    stack.text(ui, &Style::of(look, role).centred(), &words.headline).gap(look.px(10.0) * tight);
    stack.text(ui, &Style::of(look, Type::Body).colour(look.palette.ink_muted).centred(), &words.line);
    if let Some((gap, height)) = below {
        stack.gap(gap * tight).space(height);
    }
    if let Some(code) = &words.support_code {
        stack.gap(look.px(36.0) * tight).text(ui, &Style::of(look, Type::Caption).colour(look.palette.ink_muted).centred(), code);
    }
    stack
}

/// The officer's way on where presentation attack detection could not answer: with a reason, which stays in the record.
fn override_ui(ui: &mut Ui, look: &Look, foot: Rect, reason: &mut String, send: &mut dyn FnMut(Command)) {
    let row = page::column(foot, look.px(1100.0));
    let caption = row.translate(vec2(0.0, -row.height() * 0.55));
    let style = Style::of(look, Type::DeskBody).colour(look.palette.ink_muted);
    text::line(
        ui,
        Rect::from_min_size(caption.min, vec2(row.width(), row.height() * 0.5)),
        Align2::LEFT_CENTER,
        &style,
        &look.t("override-title"),
    );
    let width = look.px(220.0);
    let gap = look.px(16.0);
    let end = Rect::from_min_size(row.min, vec2(width, row.height()));
    if Button::new(&look.t("action-leave"), Emphasis::Secondary).show_at(ui, look, end).clicked() || shortcut::back(ui) {
        send(Command::Flow(FlowInput::Next));
    }
    let go = Rect::from_min_size(pos2(row.right() - width, row.top()), vec2(width, row.height()));
    let field = Rect::from_min_max(pos2(end.right() + gap, row.top()), pos2(go.left() - gap, row.bottom()));
    ui.painter().rect(
        field,
        look.scale.radius_small(),
        look.palette.surface_raised,
        Stroke::new(1.0, look.palette.outline_strong),
        StrokeKind::Inside,
    );
    let hint = look.t("override-reason");
    let edit = egui::TextEdit::singleline(reason)
        .hint_text(hint.clone())
        .frame(egui::Frame::NONE)
        .margin(egui::Margin::ZERO)
        .align(Align2::LEFT_CENTER)
        .desired_width(field.width() - look.px(32.0));
    ui.put(field.shrink2(vec2(look.px(16.0), 2.0)), edit).accessible_name(hint);
    let ready = !reason.trim().is_empty();
    if Button::new(&look.t("override-do"), Emphasis::Primary).enabled(ready).show_at(ui, look, go).clicked() {
        send(Command::Flow(FlowInput::Override { reason: reason.trim().to_owned() }));
    }
}

fn code_height(look: &Look) -> f32 {
    look.px(190.0)
}

/// The code in tiles, two groups of four, so that it can be read aloud and copied by hand.
fn registration_code(ui: &mut Ui, look: &Look, rect: Rect, code: &str) {
    let letters: Vec<char> = code.chars().collect();
    let count = letters.iter().filter(|c| !c.is_whitespace()).count().max(1) as f32;
    let gaps = letters.iter().filter(|c| c.is_whitespace()).count() as f32;
    let gap = look.px(12.0);
    let tile = ((rect.width() - gap * (count - 1.0) - gaps * look.px(36.0)) / count).min(look.px(104.0));
    let label_style = Style::of(look, Type::Caption).colour(look.palette.ink_muted).centred();
    let label_rect = Rect::from_min_size(rect.min, vec2(rect.width(), look.px(36.0)));
    text::paragraph(ui, label_rect, &label_style, &look.t("result-code"));
    let total = count * tile + (count - 1.0 - gaps) * gap + gaps * look.px(48.0);
    let mut x = rect.center().x - total / 2.0;
    let height = look.px(136.0);
    let top = label_rect.bottom() + look.px(8.0);
    for letter in &letters {
        if letter.is_whitespace() {
            x += look.px(48.0) - gap;
            continue;
        }
        let at = Rect::from_min_size(pos2(x, top), vec2(tile, height));
        ui.painter().rect(
            at,
            look.scale.radius(),
            look.palette.surface_raised,
            Stroke::new(look.px(2.0), look.palette.outline),
            StrokeKind::Inside,
        );
        let style = Style::of(look, Type::Display).size((tile * 0.82).min(look.scale.font(Type::Display).size)).colour(look.palette.accent);
        let galley = text::layout_fitted(ui, &style, &letter.to_string(), at.width());
        let place = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), at);
        ui.painter().galley(place.min, galley, style.colour);
        x += tile + gap;
    }
    let spoken: String = letters.iter().map(|c| if c.is_whitespace() { ", ".to_owned() } else { format!("{c} ") }).collect();
    let name = look.words.with("result-aloud", &[("code", spoken.trim())]);
    let all = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), top + height));
    let response = ui.interact(all, ui.scope_id().with("tiles"), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &name));
}

fn foot(ui: &mut Ui, look: &Look, foot: Rect, words: &ResultWords, returns_in: Option<Duration>, send: &mut dyn FnMut(Command)) {
    let done = look.t("action-done");
    let button = Button::new(&done, if words.retry { Emphasis::Secondary } else { Emphasis::Primary }).icon(Icon::Check);
    let width = button.width(ui, look).max(look.px(280.0)).min(foot.width() * 0.46);
    let gap = look.px(24.0);
    let mut right = foot.right();
    let mut finish = false;
    let mut retry = false;
    if words.retry {
        let again = look.t("action-retry");
        let at = Rect::from_min_size(pos2(right - width, foot.top()), vec2(width, foot.height()));
        retry = Button::new(&again, Emphasis::Primary).icon(Icon::RefreshCw).show_at(ui, look, at).clicked();
        right = at.left() - gap;
    }
    let at = Rect::from_min_size(pos2(right - width, foot.top()), vec2(width, foot.height()));
    finish |= button.show_at(ui, look, at).clicked();
    if let Some(left) = returns_in {
        let style = Style::of(look, Type::Caption).colour(look.palette.ink_muted);
        let words = look.words.n("result-returns", model::seconds_left(left));
        let icon = Rect::from_min_size(foot.min, vec2(look.px(28.0), foot.height()));
        text::icon(ui, icon, Icon::Timer, look.scale.icon(24.0), look.palette.ink_muted);
        let room = Rect::from_min_max(pos2(icon.right() + look.px(10.0), foot.top()), pos2(at.left() - gap, foot.bottom()));
        text::line(ui, room, Align2::LEFT_CENTER, &style, &words);
        // The next second is drawn even when nothing else happens.
        ui.ctx().request_repaint_after(Duration::from_millis(200));
    }
    let entered = shortcut::primary(ui);
    if retry || (entered && words.retry) {
        send(Command::Flow(FlowInput::Retry));
    } else if finish || entered || shortcut::back(ui) {
        send(Command::Flow(FlowInput::Next));
    }
}
