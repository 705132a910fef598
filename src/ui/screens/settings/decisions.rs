//! Draws the match levels with what was measured at each, and the rules of a search.

use super::draft::Draft;
use super::model::{self, LevelRow};
use crate::runtime::messages::Status;
use crate::ui::look::Look;
use crate::ui::screens::today::view::panel;
use crate::ui::strings::grouped;
use crate::ui::theme::Type;
use crate::ui::widgets::button::focus_ring;
use crate::ui::widgets::segmented;
use crate::ui::widgets::stepper::Stepper;
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};
use toml::Value;

/// Draws the levels in `rect`.
pub(super) fn levels_ui(ui: &mut Ui, look: &Look, rect: Rect, status: &Status, draft: &mut Draft) {
    let inner = panel(ui, look, rect, &look.t("settings-threshold"));
    let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    let used = text::paragraph(ui, inner, &muted, &look.t("settings-threshold-line"));
    let rows = model::levels(&look.words, &status.settings, draft.level(status));
    let foot = look.px(34.0);
    let top = inner.top() + used + look.px(12.0);
    let gap = look.px(8.0);
    let height = ((inner.bottom() - foot - top) / rows.len() as f32 - gap).min(look.px(88.0));
    for (i, row) in rows.iter().enumerate() {
        let at = Rect::from_min_size(pos2(inner.left(), top + i as f32 * (height + gap)), vec2(inner.width(), height));
        if level_row(ui, look, at, row, status.settings.changeable) {
            draft.set_level(status, row.number);
        }
    }
    let from = match &status.settings.calibration {
        Some((comparisons, _)) => look.words.with("settings-calibration", &[("comparisons", &grouped(*comparisons))]),
        None => look.t("settings-calibration-none"),
    };
    let last = Rect::from_min_max(pos2(inner.left(), inner.bottom() - foot + look.px(8.0)), inner.max);
    text::line(ui, last, Align2::LEFT_CENTER, &muted, &from);
}

fn level_row(ui: &mut Ui, look: &Look, at: Rect, row: &LevelRow, changeable: bool) -> bool {
    let p = look.palette;
    let enabled = row.supported && changeable;
    let response = ui.interact(at, ui.scope_id().with(("level", row.number)), if enabled { Sense::click() } else { Sense::hover() });
    let spoken = format!("{}, {}", row.name, row.rate);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, row.chosen, &spoken));
    let (fill, line) = if row.chosen {
        (p.accent_soft, Stroke::new(look.px(2.0), p.accent))
    } else if enabled && response.hovered() {
        (p.surface_sunken, Stroke::new(1.0, p.outline_strong))
    } else {
        (p.surface, Stroke::new(1.0, p.outline))
    };
    ui.painter().rect(at, look.scale.radius_small(), fill, line, StrokeKind::Inside);
    let dot = Rect::from_center_size(pos2(at.left() + look.px(26.0), at.center().y), Vec2::splat(look.px(20.0)));
    let ring = if row.chosen { p.accent } else { p.outline_strong };
    ui.painter().circle_stroke(dot.center(), dot.width() / 2.0, Stroke::new(look.px(2.0), ring));
    if row.chosen {
        ui.painter().circle_filled(dot.center(), dot.width() * 0.25, p.accent);
    }
    let ink = if row.supported { p.ink } else { p.ink_muted };
    let rate = Style::of(look, Type::DeskHeading).colour(ink);
    let rate_rect = Rect::from_min_max(pos2(at.right() - look.px(170.0), at.top()), pos2(at.right() - look.px(16.0), at.bottom()));
    text::line(ui, rate_rect, Align2::RIGHT_CENTER, &rate, &row.rate);
    let words = Rect::from_min_max(pos2(dot.right() + look.px(14.0), at.top()), pos2(rate_rect.left() - look.px(8.0), at.bottom()));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.52);
    text::line(ui, upper, Align2::LEFT_BOTTOM, &Style::bold(look, Type::DeskBody).colour(ink), &row.name);
    text::line(ui, lower, Align2::LEFT_TOP, &Style::of(look, Type::DeskCaption).colour(p.ink_muted), &row.measured);
    if response.has_focus() {
        focus_ring(ui, look, at, look.scale.radius_small(), p.focus);
    }
    response.clicked() && !row.chosen
}

/// False positive identification rates offered.
const RATES: [f64; 3] = [0.05, 0.01, 0.001];

/// Draws the rules of a search in `rect`.
pub(super) fn search_ui(ui: &mut Ui, look: &Look, rect: Rect, status: &Status, draft: &mut Draft) {
    let inner = panel(ui, look, rect, &look.t("settings-search"));
    let muted = Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted);
    let used = text::paragraph(ui, inner, &muted, &look.t("settings-search-line"));
    let rules = draft.identification(status);
    let changeable = status.settings.changeable;
    let (height, gap) = (look.px(38.0), look.px(12.0));
    let top = inner.top() + used + look.px(14.0);
    let row = |i: usize| Rect::from_min_size(pos2(inner.left(), top + i as f32 * (height + gap)), vec2(inner.width(), height));

    let label = look.t("settings-search-wrong");
    let names = RATES.map(|rate| look.words.one_in(rate));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // A rate of one's own in the file is none of those offered.
    let chosen = RATES.iter().position(|rate| (rate - rules.false_positive_rate).abs() < 1e-9).unwrap_or(usize::MAX);
    text::line(ui, row(0), Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &label);
    let width = segmented::width(ui, look, &names, Type::DeskBody).min(inner.width() * 0.64);
    let at = Rect::from_min_max(pos2(inner.right() - width, row(0).top()), row(0).max);
    if let Some(i) = segmented::show_at(ui, look, at, &label, &names, chosen, Type::DeskBody).filter(|_| changeable) {
        draft.set_identification(status, "false_positive_rate", Value::from(RATES[i]));
    }

    let percent = |value: f32| look.words.with("unit-percent", &[("value", &look.words.decimal(&short(value)))]);
    let points = |value: f32| look.words.with("settings-points", &[("value", &look.words.decimal(&short(value)))]);
    let steppers = [
        ("settings-search-margin", "margin_percent", points(rules.margin_percent), f64::from(rules.margin_percent), 1.0, (0.0, 25.0)),
        ("settings-search-cutoff", "cutoff_percent", percent(rules.cutoff_percent), f64::from(rules.cutoff_percent), 5.0, (0.0, 95.0)),
        ("settings-search-list", "candidates", rules.candidates.to_string(), rules.candidates as f64, 10.0, (10.0, 1000.0)),
    ];
    for (i, (label, key, value, number, step, (least, most))) in steppers.into_iter().enumerate() {
        let row = row(i + 1);
        let label = look.t(label);
        let at = Rect::from_min_max(pos2(row.right() - Stepper::width(look), row.top()), row.max);
        let words = Rect::from_min_max(row.min, pos2(at.left() - look.px(12.0), row.bottom()));
        text::line(ui, words, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &label);
        let (less, more) = (number > least, number < most);
        let stepper = Stepper { label: &label, value: &value, less, more, changed: false, enabled: changeable };
        let steps = stepper.show_at(ui, look, at);
        if steps != 0 {
            let wanted = (((number / step).round() + f64::from(steps)) * step).clamp(least, most);
            let value = if key == "candidates" { Value::from(wanted as i64) } else { Value::from(wanted) };
            draft.set_identification(status, key, value);
        }
    }
}

fn short(value: f32) -> String {
    format!("{value:.1}").trim_end_matches(".0").to_owned()
}
