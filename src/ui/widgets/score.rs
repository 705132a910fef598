//! Scores drawn against their threshold: a naked number says nothing.

use super::card::Tone;
use super::text::{self, Style};
use crate::biometrics::comparison::{Comparison, VerificationDecision};
use crate::ui::look::Look;
use crate::ui::theme::Type;
use egui::{Align2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Share of the bar that a similarity takes: 0 and below is empty, 1 is full.
#[must_use]
pub fn share(similarity: f32) -> f32 {
    if similarity.is_finite() { similarity.clamp(0.0, 1.0) } else { 0.0 }
}

/// How a comparison is coloured and named.
#[must_use]
pub const fn tone(decision: VerificationDecision) -> (Tone, Icon, &'static str) {
    match decision {
        VerificationDecision::Match => (Tone::Positive, Icon::CircleCheck, "decision-match"),
        VerificationDecision::NonMatch => (Tone::Caution, Icon::CircleX, "decision-no-match"),
    }
}

/// A bar with the threshold as a notch, in `rect`.
pub fn bar(ui: &mut Ui, look: &Look, rect: Rect, comparison: &Comparison) {
    let p = look.palette;
    let (ink, _) = tone(comparison.decision).0.colours(look);
    let track = Rect::from_center_size(rect.center(), vec2(rect.width(), look.px(10.0).min(rect.height())));
    let round = track.height() / 2.0;
    ui.painter().rect_filled(track, round, p.surface_sunken);
    ui.painter().rect_stroke(track, round, Stroke::new(1.0, p.outline), egui::StrokeKind::Inside);
    let filled = Rect::from_min_size(track.min, vec2((track.width() * share(comparison.score.0)).max(track.height()), track.height()));
    ui.painter().rect_filled(filled, round, ink);
    let notch = track.left() + track.width() * share(comparison.threshold.0);
    let reach = look.px(7.0);
    ui.painter()
        .line_segment([pos2(notch, track.top() - reach), pos2(notch, track.bottom() + reach)], Stroke::new(look.px(4.0), p.surface_raised));
    ui.painter().line_segment([pos2(notch, track.top() - reach), pos2(notch, track.bottom() + reach)], Stroke::new(look.px(2.0), p.ink));
    let name = format!("{}: {}", look.t(tone(comparison.decision).2), numbers(look, comparison));
    let response = ui.interact(rect, ui.next_auto_id(), Sense::hover());
    ui.skip_ahead_auto_ids(1);
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &name));
}

/// Similarity and threshold in figures.
#[must_use]
pub fn numbers(look: &Look, comparison: &Comparison) -> String {
    let (score, threshold) = (format!("{:.3}", comparison.score.0), format!("{:.3}", comparison.threshold.0));
    look.words.with("score-value", &[("score", &look.words.decimal(&score)), ("threshold", &look.words.decimal(&threshold))])
}

/// What the threshold stands for.
#[must_use]
pub fn meaning(look: &Look, comparison: &Comparison) -> String {
    look.words.with("score-meaning", &[("one-in", &look.words.one_in(comparison.false_match_rate))])
}

/// Score, scale, threshold and what it means, for an officer. Height [`scale_height`].
pub fn scale(ui: &mut Ui, look: &Look, rect: Rect, comparison: &Comparison) {
    let p = look.palette;
    let percent = look.words.with("score-percent", &[("percent", &format!("{:.0}", comparison.score_percent))]);
    let level = comparison
        .match_level
        .map_or_else(|| look.t("score-level-none"), |level| look.words.with("score-level", &[("level", &level.to_string())]));
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), look.px(44.0)));
    text::line(ui, head, Align2::LEFT_CENTER, &Style::of(look, Type::Heading), &percent);
    text::line(ui, head, Align2::RIGHT_CENTER, &Style::bold(look, Type::DeskBody), &level);
    let middle = Rect::from_min_size(head.left_bottom() + vec2(0.0, look.px(8.0)), vec2(rect.width(), look.px(28.0)));
    bar(ui, look, middle, comparison);
    let style = Style::of(look, Type::DeskCaption).colour(p.ink_muted);
    let label = look.t("score-threshold");
    let notch = middle.left() + middle.width() * share(comparison.threshold.0);
    let width = text::layout(ui, &style, &label, f32::INFINITY).size().x;
    let left = (notch - width / 2.0).clamp(rect.left(), rect.right() - width);
    let under = Rect::from_min_size(pos2(left, middle.bottom() + look.px(2.0)), Vec2::new(width + 1.0, look.px(20.0)));
    text::line(ui, under, Align2::LEFT_TOP, &style, &label);
    let words = Rect::from_min_max(pos2(rect.left(), under.bottom() + look.px(8.0)), rect.max);
    let used = text::paragraph(ui, words, &Style::of(look, Type::DeskBody), &meaning(look, comparison));
    let below = Rect::from_min_max(words.min + vec2(0.0, used + look.px(2.0)), rect.max);
    text::paragraph(ui, below, &style, &numbers(look, comparison));
}

/// Height of [`scale`].
#[must_use]
pub fn scale_height(look: &Look) -> f32 {
    look.px(44.0 + 8.0 + 28.0 + 22.0 + 8.0 + 26.0 + 24.0)
}
