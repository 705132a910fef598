//! The short notice at the lower edge: what was saved, what could not be done and what to do about it.

use super::look::Look;
use super::strings::Words;
use super::theme::{self, Type};
use super::widgets::button::{Button, Emphasis};
use super::widgets::card::{self, Tone};
use super::widgets::text::{self, Style};
use crate::runtime::messages::Notice;
use egui::{Area, Id, Order, Rect, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// How long a notice of success stays, seconds. One of failure stays until it is dismissed.
const STAYS_SECS: f64 = 4.0;

/// A notice on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// Its colour.
    pub tone: Tone,
    /// Its words.
    pub words: String,
    since: Option<f64>,
}

impl Toast {
    /// The words for an answer of the application, where it deserves any.
    #[must_use]
    pub fn of(words: &Words, notice: &Notice) -> Option<Self> {
        let (tone, said) = match notice {
            Notice::Changed => (Tone::Positive, words.t("notice-changed")),
            Notice::DeliveryDecided(_) => (Tone::Positive, words.t("notice-decided")),
            Notice::ReportWritten(_) => (Tone::Positive, words.t("report-written")),
            Notice::SettingsKept => (Tone::Positive, words.t("notice-settings")),
            Notice::Erased(receipt) => {
                let [templates, pictures, records] = [receipt.templates, receipt.pictures, receipt.records].map(|n| n.to_string());
                let texts = [("templates", templates.as_str()), ("pictures", pictures.as_str()), ("records", records.as_str())];
                (Tone::Positive, words.with("erase-done", &texts))
            }
            Notice::Failed(what, advice) => {
                let mut letters = what.chars();
                let what = letters.next().map(|c| c.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default();
                (Tone::Caution, words.failure("notice-failed", &what, *advice))
            }
            _ => return None,
        };
        Some(Self { tone, words: said, since: None })
    }
}

/// Draws the notice over `screen`; returns whether it is over.
pub fn show(ui: &mut Ui, look: &Look, screen: Rect, toast: &mut Option<Toast>) -> bool {
    let Some(toast) = toast else { return false };
    let now = ui.input(|i| i.time);
    let since = *toast.since.get_or_insert(now);
    let passing = toast.tone == Tone::Positive;
    if passing && now - since > STAYS_SECS {
        return true;
    }
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(500));
    let p = look.palette;
    let role = if look.officer() { Type::DeskBody } else { Type::Body };
    let style = Style::of(look, role);
    let mut dismissed = false;
    Area::new(Id::unique("toast")).order(Order::Foreground).fixed_pos(screen.min).interactable(!passing).show(ui.ctx(), |ui| {
        let width = look.px(720.0).min(screen.width() - look.px(48.0));
        let icon_room = look.px(60.0);
        let close_room = if passing { look.px(20.0) } else { look.px(72.0) };
        let galley = text::layout(ui, &style, &toast.words, width - icon_room - close_room);
        let shown_width = if passing { galley.size().x + icon_room + close_room } else { width };
        let size = vec2(shown_width, galley.size().y.max(look.px(32.0)) + look.px(32.0));
        let at = Rect::from_min_size(pos2(screen.center().x - size.x / 2.0, screen.bottom() - size.y - look.px(64.0)), size);
        ui.painter().add(theme::shadow(p, &look.scale).as_shape(at, look.scale.radius()));
        ui.painter().rect(at, look.scale.radius(), p.surface_raised, Stroke::new(1.0, p.outline_strong), StrokeKind::Inside);
        let disc = Rect::from_center_size(pos2(at.left() + look.px(32.0), at.center().y), Vec2::splat(look.px(32.0)));
        card::disc(ui, look, disc, toast.tone.icon(), toast.tone);
        let words = Rect::from_min_max(pos2(at.left() + icon_room, at.top()), pos2(at.right() - close_room, at.bottom()));
        let placed = text::place(ui, words, egui::Align2::LEFT_CENTER, &style, &toast.words, galley);
        ui.ctx().accesskit_node_builder(placed.id, |node| node.set_live(egui::accesskit::Live::Polite));
        if !passing {
            let button = Rect::from_center_size(pos2(at.right() - close_room / 2.0, at.center().y), Vec2::splat(look.px(48.0)));
            dismissed = Button::desk(&look.t("notice-dismiss"), Emphasis::Quiet).icon_only(Icon::X).show_at(ui, look, button).clicked();
        }
    });
    dismissed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::Advice;
    use crate::ui::strings::Language;

    #[test]
    fn a_failure_says_what_to_do_and_carries_its_code() {
        let words = Words::new(Language::English);
        let notice = Notice::Failed("the disk is full".into(), Advice::environment("GAL-04", "Free some space"));
        let toast = Toast::of(&words, &notice).unwrap();
        assert_eq!(toast.words, "The disk is full. Free some space (GAL-04)");
        assert_eq!(Toast::of(&words, &Notice::Galleries(Vec::new())), None);
    }
}
