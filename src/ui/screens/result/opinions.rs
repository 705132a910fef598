//! Second opinions beside the decision: what was decided here, then each service, what it was asked, what it said, whether that agrees.

use crate::ports::opinions::{Agreement, LocalWord, Question, Reply, SecondOpinion};
use crate::runtime::opinions::OpinionView;
use crate::ui::look::Look;
use crate::ui::service_words;
use crate::ui::strings::Words;
use crate::ui::theme::Type;
use crate::ui::widgets::card::{self, Tone};
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Layout, Rect, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Lines above and beside the services': the heading, and what was decided here.
const OWN_LINES: usize = 1;

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Line {
    /// Who says it.
    pub who: String,
    /// What was asked.
    pub question: String,
    /// What was said.
    pub said: String,
    /// Chip at the end.
    pub chip: Option<(Tone, Icon, String)>,
}

/// The lines, this machine's own decision first.
#[must_use]
pub fn lines(words: &Words, view: &OpinionView) -> Vec<Line> {
    let own = match view.set.local {
        LocalWord::Match => "opinion-own-match",
        LocalWord::NoMatch => "opinion-own-no-match",
        LocalWord::Unknown => "opinion-own-unknown",
        LocalWord::New => "opinion-own-new",
    };
    let own = Line { who: words.t("opinion-here"), question: String::new(), said: words.t(own), chip: None };
    let waiting = view.waiting.iter().map(|service| Line {
        who: service_words::name(words, *service),
        question: String::new(),
        said: words.t("opinion-waiting"),
        chip: None,
    });
    std::iter::once(own).chain(view.set.opinions.iter().map(|opinion| line(words, opinion))).chain(waiting).collect()
}

fn line(words: &Words, opinion: &SecondOpinion) -> Line {
    let question = match opinion.question {
        Some(Question::Authenticate) => words.t("opinion-authenticate"),
        Some(Question::Verify) => words.t("opinion-verify"),
        Some(Question::Search) => words.t("opinion-search"),
        None => String::new(),
    };
    let said = match &opinion.reply {
        Reply::Said(said) => {
            let search = opinion.question == Some(Question::Search);
            let key = match (search, said.matched) {
                (true, Some(true)) => "opinion-found",
                (true, Some(false)) => "opinion-not-found",
                (true, None) if !said.candidates.is_empty() => "opinion-found",
                (false, Some(true)) => "opinion-same",
                (false, Some(false)) => "opinion-other",
                (_, None) => "opinion-open",
            };
            let best = said.score_percent.or_else(|| said.candidates.first().and_then(|(_, score)| *score));
            let score = best.map(|score| format!(" · {score:.0} %")).unwrap_or_default();
            format!("{}{score}", words.t(key))
        }
        Reply::Failed(error) => service_words::fault(words, error),
        Reply::TooLate => words.t("opinion-late"),
        Reply::NotAsked => words.t("opinion-not-asked"),
    };
    let chip = match opinion.agreement {
        Agreement::Agrees => Some((Tone::Positive, Icon::CircleCheck, words.t("opinion-agrees"))),
        Agreement::Disagrees => Some((Tone::Caution, Icon::TriangleAlert, words.t("opinion-disagrees"))),
        Agreement::Open => None,
    };
    Line { who: service_words::name(words, opinion.service), question, said, chip }
}

/// Height the table takes.
#[must_use]
pub fn height(look: &Look, view: &OpinionView) -> f32 {
    let rows = OWN_LINES + view.set.opinions.len() + view.waiting.len();
    look.px(84.0) + rows as f32 * look.px(46.0)
}

/// Draws it in `rect`.
pub(super) fn opinions_ui(ui: &mut Ui, look: &Look, rect: Rect, view: &OpinionView) {
    card::card(ui, look, rect);
    let inner = rect.shrink2(vec2(look.px(26.0), look.px(16.0)));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), look.px(40.0)));
    let (tone, icon) = if view.set.disagrees() { (Tone::Caution, Icon::TriangleAlert) } else { (Tone::Accent, Icon::Landmark) };
    let disc = Rect::from_min_size(head.min, Vec2::splat(look.px(34.0)));
    card::disc(ui, look, disc, icon, tone);
    let title = Rect::from_min_max(pos2(disc.right() + look.px(12.0), head.top()), pos2(head.right(), disc.bottom()));
    let key = if view.set.disagrees() { "opinion-title-disagree" } else { "opinion-title" };
    text::line(ui, title, Align2::LEFT_CENTER, &Style::of(look, Type::DeskHeading), &look.t(key));
    let row_height = look.px(46.0);
    for (i, line) in lines(&look.words, view).iter().enumerate() {
        let row =
            Rect::from_min_size(pos2(inner.left(), head.bottom() + look.px(6.0) + i as f32 * row_height), vec2(inner.width(), row_height));
        if row.bottom() > inner.bottom() + look.px(10.0) {
            break;
        }
        ui.painter().hline(row.x_range(), row.top(), Stroke::new(1.0, look.palette.outline));
        row_ui(ui, look, row, line);
    }
}

fn row_ui(ui: &mut Ui, look: &Look, row: Rect, line: &Line) {
    let response = ui.interact(row, ui.scope_id().with(("opinion", &line.who)), Sense::hover());
    let chip_words = line.chip.as_ref().map(|(.., words)| format!(". {words}")).unwrap_or_default();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Row, true, format!("{}: {}{chip_words}", line.who, line.said)));
    let at = |from: f32, to: f32| {
        Rect::from_min_max(
            pos2(row.left() + row.width() * from, row.top()),
            pos2(row.left() + row.width() * to - look.px(10.0), row.bottom()),
        )
    };
    let muted = Style::of(look, Type::DeskBody).colour(look.palette.ink_muted);
    text::line(ui, at(0.0, 0.2), Align2::LEFT_CENTER, &Style::bold(look, Type::DeskBody), &line.who);
    if !line.question.is_empty() {
        text::line(ui, at(0.2, 0.42), Align2::LEFT_CENTER, &muted, &line.question);
    }
    let style = Style::of(look, Type::DeskBody).rows(2);
    let said = at(0.42, 0.8);
    let galley = text::layout(ui, &style, &line.said, said.width());
    text::place(ui, said, Align2::LEFT_CENTER, &style, &line.said, galley);
    if let Some((tone, icon, words)) = &line.chip {
        let place = at(0.8, 1.0);
        let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::right_to_left(egui::Align::Center)));
        card::chip(&mut child, look, *tone, Some(*icon), words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;
    use crate::ui::sync_fixtures;

    #[test]
    fn a_service_that_says_otherwise_stands_out_and_one_that_is_silent_does_not_count() {
        let words = Words::new(Language::English);
        let view = sync_fixtures::opinions();
        let found = lines(&words, &view);
        assert_eq!(found.len(), 4);
        assert_eq!(found[0].who, words.t("opinion-here"));
        let chips: Vec<Option<Tone>> = found.iter().map(|line| line.chip.as_ref().map(|(tone, ..)| *tone)).collect();
        assert_eq!(chips, [None, Some(Tone::Positive), Some(Tone::Caution), None]);
        assert!(view.set.disagrees());
    }
}
